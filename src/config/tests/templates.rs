//! Claims about templates and kinds of a workspace.

use super::*;

#[test]
fn a_file_of_the_workspace_wins_over_the_built_in_one() {
    let (folder, workspace) = newsroom();
    write(&folder, "templates/article/kind.toml", "description = \"ours\"\n");
    write(&folder, "templates/partials/logo.html.hbs", "LOGO");
    write(&folder, "templates/README.txt", "notes");
    let templates = workspace.templates().unwrap();
    assert_eq!(templates.kinds["article"].description, "ours");
    assert_eq!(templates.kinds["event"].description, "an invitation to an event");
    let logo = &templates.set.files["partials/logo.html.hbs"];
    assert_eq!((&*logo.name, &*logo.text), ("templates/partials/logo.html.hbs", "LOGO"));
    assert!(!templates.set.files.contains_key("README.txt"));
    assert!(!templates.set.files.contains_key("article/kind.toml"));
}

#[test]
fn a_kind_of_ones_own_is_a_folder() {
    let (folder, workspace) = newsroom();
    write(&folder, "templates/briefing/html.hbs", "");
    let shown = shown(&workspace.templates().unwrap_err());
    assert!(shown[0].starts_with("templates/briefing: kind `briefing` has no `kind.toml` (add it"));
    assert!(shown[1].starts_with("templates/briefing: kind `briefing` has no `draft.md` (add it"));
    write(&folder, "templates/briefing/kind.toml", "description = \"a briefing\"\n");
    write(&folder, "templates/briefing/draft.md", "---\nkind: briefing\n---\n");
    assert!(workspace.templates().unwrap().kinds.contains_key("briefing"));
}

#[test]
fn a_template_that_is_a_link_out_is_refused() {
    let (folder, workspace) = newsroom();
    let outside = tempfile::tempdir().unwrap();
    write(&outside, "x.hbs", "");
    fs::create_dir_all(folder.path().join("templates")).unwrap();
    symlink(outside.path(), folder.path().join("templates/partials")).unwrap();
    let faults = workspace.templates().unwrap_err();
    assert_eq!(faults[0].to_string(), "`templates/partials` is not in the workspace");
}

//! Claims about finding drafts.

use super::*;

fn read(workspace: &Workspace, named: &str, here: &Path) -> Result<Draft, String> {
    let kinds = workspace.templates().unwrap().kinds;
    workspace.draft(named, here, &kinds).map_err(|faults| shown(&faults).join("; "))
}

#[test]
fn a_draft_answers_to_slug_and_path() {
    let (folder, workspace) = newsroom();
    let root = folder.path();
    let absolute = root.join("drafts/welcome.md");
    for (named, here) in [
        ("welcome", root),
        ("drafts/welcome.md", root),
        ("drafts/welcome", root),
        ("welcome.md", &root.join("drafts")),
        ("../drafts/welcome.md", &root.join("lists")),
        ("drafts/welcome.md", &root.join("lists")),
        (absolute.to_str().unwrap(), Path::new("/")),
    ] {
        let draft = read(&workspace, named, here).unwrap();
        assert_eq!((draft.slug.as_str(), &*draft.source.name), ("welcome", "drafts/welcome.md"));
    }
    assert_eq!(workspace.slugs().unwrap(), ["welcome"]);
}

#[test]
fn a_misspelt_draft_suggests_its_neighbour() {
    let (folder, workspace) = newsroom();
    let fault = read(&workspace, "drafts/welcmoe.md", folder.path()).unwrap_err();
    assert_eq!(fault, "no draft `drafts/welcmoe.md` (did you mean `drafts/welcome.md`?)");
}

#[test]
fn a_draft_outside_the_workspace_is_refused() {
    let (folder, workspace) = newsroom();
    let outside = tempfile::tempdir().unwrap();
    write(&outside, "x.md", "---\n---\n");
    let fault = read(&workspace, "x.md", outside.path()).unwrap_err();
    assert!(fault.starts_with("`x.md` is not in the workspace"), "{fault}");
    symlink(outside.path().join("x.md"), folder.path().join("drafts/y.md")).unwrap();
    let fault = read(&workspace, "y", folder.path()).unwrap_err();
    assert!(fault.starts_with("`y` is not in the workspace"), "{fault}");
}

#[test]
fn the_name_of_a_draft_must_do_as_an_id() {
    let (folder, workspace) = newsroom();
    write(&folder, "drafts/a b.md", "---\n---\n");
    let fault = read(&workspace, "a b", folder.path()).unwrap_err();
    assert!(fault.starts_with("drafts/a b.md: the name of a draft is the id"), "{fault}");
}

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

#[test]
fn a_rewritten_draft_keeps_its_permissions_and_the_link_that_leads_to_it() {
    let (folder, workspace) = newsroom();
    write(&folder, "texts/letter.md", "before");
    let (real, link) =
        (folder.path().join("texts/letter.md"), folder.path().join("drafts/letter.md"));
    symlink(&real, &link).unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    let draft = workspace.draft_text("letter", folder.path()).unwrap();
    workspace.rewrite(&draft, "after").unwrap();
    assert_eq!(fs::read_to_string(&real).unwrap(), "after");
    assert!(link.is_symlink() && !real.is_symlink());
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o7777, 0o640);
    assert_eq!(fs::read_dir(folder.path().join("texts")).unwrap().count(), 1);
}

#[test]
fn a_draft_that_somebody_has_changed_is_not_rewritten() {
    let (folder, workspace) = newsroom();
    let draft = workspace.draft_text("welcome", folder.path()).unwrap();
    write(&folder, "drafts/welcome.md", "changed");
    let fault = workspace.rewrite(&draft, "after").unwrap_err();
    assert_eq!(fault.to_string(), "`drafts/welcome.md` has changed since it was read");
    assert_eq!(fs::read_to_string(&draft.path).unwrap(), "changed");
}

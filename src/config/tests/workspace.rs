//! Claims about finding a workspace and its lists.

use super::*;

#[test]
fn a_new_newsroom_passes_every_check_of_its_files() {
    let (folder, workspace) = newsroom();
    let kinds = workspace.templates().unwrap().kinds;
    let draft = workspace.draft("welcome", folder.path(), &kinds).unwrap();
    assert_eq!(draft.slug, "welcome");
    for list in &draft.front.lists {
        let list = workspace.list(&list.value).unwrap();
        let text = std::io::read_to_string(list.open().unwrap()).unwrap();
        assert_eq!(text.lines().count(), 4, "a header and three people");
    }
    let ignored = fs::read_to_string(folder.path().join(".gitignore")).unwrap();
    assert_eq!(ignored, ".announce/\n");
}

#[test]
fn a_workspace_is_found_from_below() {
    let (folder, workspace) = newsroom();
    let below = folder.path().join("drafts/files");
    fs::create_dir_all(&below).unwrap();
    assert_eq!(Workspace::find(&below).unwrap().root(), workspace.root());
}

#[test]
fn without_a_workspace_init_is_suggested() {
    let folder = tempfile::tempdir().unwrap();
    let faults = Workspace::find(folder.path()).unwrap_err();
    let wanted = "there is no `announce.toml` in this folder or above it";
    assert_eq!(faults[0].to_string(), wanted);
    assert!(faults[0].hint.as_deref().unwrap().contains("`announce init`"));
    assert!(Workspace::open(folder.path()).is_err());
}

#[test]
fn a_missing_list_suggests_its_neighbour() {
    let (folder, workspace) = newsroom();
    let fault = workspace.list("membres").unwrap_err();
    assert_eq!(fault.to_string(), "no list `membres`");
    assert_eq!(fault.hint.as_deref(), Some("did you mean `members`?"));
    fs::remove_file(folder.path().join("lists/members.csv")).unwrap();
    let fault = workspace.list("members").unwrap().open().unwrap_err();
    assert_eq!(fault.to_string(), "`lists/members.csv` cannot be read: no such file");
}

/// The repository is a newsroom itself.
#[test]
fn the_newsroom_of_this_repository_is_sound() {
    let workspace = Workspace::open(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let kinds = workspace.templates().unwrap().kinds;
    for name in workspace.settings().lists.keys() {
        workspace.list(name).unwrap().open().unwrap();
    }
    for slug in workspace.slugs().unwrap() {
        let draft = workspace.draft(&slug, workspace.root(), &kinds).unwrap();
        draft.front.lists.iter().for_each(|list| drop(workspace.list(&list.value).unwrap()));
        workspace.attachments(&draft).unwrap();
    }
}

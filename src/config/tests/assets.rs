//! Claims about attachments and pictures.

use super::*;

fn draft(workspace: &Workspace) -> Draft {
    let kinds = workspace.templates().unwrap().kinds;
    workspace.draft("welcome", workspace.root(), &kinds).unwrap()
}

fn refused(workspace: &Workspace, written: &str) -> String {
    let fault = workspace.asset(&draft(workspace), written).unwrap_err();
    assert!(fault.hint.is_some());
    fault.to_string()
}

#[test]
fn a_file_beside_the_draft_travels_along() {
    let (folder, workspace) = newsroom();
    write(&folder, "drafts/files/프로그램.pdf", "PDF");
    write(&folder, "shared/map.png", "PNG");
    let draft = draft(&workspace);
    let asset = workspace.asset(&draft, "files/프로그램.pdf").unwrap();
    assert_eq!((asset.name.as_str(), asset.bytes.as_slice()), ("프로그램.pdf", &b"PDF"[..]));
    assert_eq!(asset.shown, "drafts/files/프로그램.pdf");
    assert_eq!(workspace.asset(&draft, "../shared/map.png").unwrap().shown, "shared/map.png");
}

#[test]
fn a_path_out_of_the_workspace_is_refused() {
    let (folder, workspace) = newsroom();
    let outside = tempfile::tempdir_in(folder.path().parent().unwrap()).unwrap();
    write(&outside, "x.pdf", "secret");
    let name = outside.path().file_name().unwrap().to_str().unwrap();
    let traversal = format!("../../{name}/x.pdf");
    let wanted = format!("`{traversal}` is not in the workspace");
    assert_eq!(refused(&workspace, &traversal), wanted);
    assert_eq!(refused(&workspace, "/etc/passwd"), "`/etc/passwd` is not a relative path");
    assert_eq!(refused(&workspace, "a\0b"), "`a\\0b` is not a relative path");
    assert_eq!(refused(&workspace, "..\\x"), "`..\\\\x` is not a relative path");
    let wanted = "`..%2fx.pdf` cannot be read: no such file";
    assert_eq!(refused(&workspace, "..%2fx.pdf"), wanted);
}

#[test]
fn a_link_out_of_the_workspace_is_refused() {
    let (folder, workspace) = newsroom();
    let outside = tempfile::tempdir().unwrap();
    write(&outside, "x.pdf", "secret");
    symlink(outside.path().join("x.pdf"), folder.path().join("drafts/x.pdf")).unwrap();
    symlink(outside.path(), folder.path().join("drafts/files")).unwrap();
    assert_eq!(refused(&workspace, "x.pdf"), "`x.pdf` is not in the workspace");
    assert_eq!(refused(&workspace, "files/x.pdf"), "`files/x.pdf` is not in the workspace");
}

#[test]
fn state_settings_and_lists_never_travel() {
    let (folder, workspace) = newsroom();
    write(&folder, "lists/old-members.csv", "email\n");
    write(&folder, ".announce/secret", "x");
    let private = ["../lists/members.csv", "../lists/old-members.csv", "../announce.toml"];
    for written in private {
        let wanted = format!("`{written}` lies with lists or secrets");
        assert_eq!(refused(&workspace, written), wanted);
    }
    let wanted = "`../.announce/secret` is not in the workspace";
    assert_eq!(refused(&workspace, "../.announce/secret"), wanted);
}

#[test]
fn only_regular_files_up_to_ten_megabytes_travel() {
    let (folder, workspace) = newsroom();
    fs::create_dir_all(folder.path().join("drafts/files")).unwrap();
    assert_eq!(refused(&workspace, "files"), "`files` is not a regular file");
    write(&folder, "drafts/big.pdf", vec![0; 10 * 1024 * 1024 + 1]);
    assert_eq!(refused(&workspace, "big.pdf"), "`big.pdf` is larger than 10 MB");
}

#[test]
fn every_missing_attachment_is_reported_where_it_is_named() {
    let (folder, workspace) = newsroom();
    let text = "---\nkind: letter\nsubject: S\nlists: [members]\n\
                attachments: [a.pdf, { file: b.pdf, title: B }]\n---\n";
    write(&folder, "drafts/x.md", text);
    let kinds = workspace.templates().unwrap().kinds;
    let draft = workspace.draft("x", folder.path(), &kinds).unwrap();
    let faults = workspace.attachments(&draft).unwrap_err();
    let shown: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "drafts/x.md:5:15: `a.pdf` cannot be read: no such file",
            "drafts/x.md:5:30: `b.pdf` cannot be read: no such file",
        ]
    );
}

//! Names that lead out of the workspace, or to what is no file (T8).

use std::{os::unix::fs::symlink, process::Command};

use crate::{reliability::found, workspace::Workspace};

/// A newsroom in a folder beside a file that is nobody's business.
fn newsroom() -> (tempfile::TempDir, Workspace) {
    let outside = tempfile::tempdir().expect("a folder");
    std::fs::write(outside.path().join("secret.txt"), "canary-outside").expect("a file");
    let workspace = Workspace::new();
    workspace.file("drafts/files/a.txt", "x");
    let link = |to: std::path::PathBuf, name: &str| {
        symlink(to, workspace.path(name)).expect("a link");
    };
    link(outside.path().join("secret.txt"), "drafts/files/link.txt");
    link(outside.path().to_owned(), "drafts/files/folder");
    link("/dev/zero".into(), "drafts/files/device.png");
    link(workspace.path("lists/members.csv"), "drafts/files/list.csv");
    let fifo = workspace.path("drafts/files/pipe.png");
    assert!(Command::new("mkfifo").arg(fifo).status().expect("mkfifo").success());
    (outside, workspace)
}

#[track_caller]
fn refused(workspace: &Workspace, arguments: &[&str], statuses: &[i32]) {
    let ran = workspace.run(arguments);
    assert!(statuses.contains(&ran.status), "{ran:#?}");
    assert!(ran.stderr.contains("hint"), "{ran:#?}");
    assert!(!format!("{}{}", ran.stdout, ran.stderr).contains("canary-outside"), "{ran:#?}");
    assert!(workspace.caught().is_empty());
}

#[test]
fn no_name_leads_out_of_the_workspace() {
    let (outside, workspace) = newsroom();
    let secret = outside.path().join("secret.txt").display().to_string();
    let climbing = format!("../../..{secret}");
    let encoded = climbing.replace("../", "..%2f");
    let files = [
        secret.as_str(),
        &climbing,
        &encoded,
        "files/../../../../../../../../etc/passwd",
        "files/link.txt",
        "files/folder/secret.txt",
        "files/device.png",
        "files/list.csv",
        "files/pipe.png",
        "files",
        "../announce.toml",
        "../lists/members.csv",
        "../.announce/secret",
        "..\\..\\etc\\passwd",
        "files/a.txt\0.png",
        "file:///etc/passwd",
        "~/.ssh/id_ed25519",
        "/dev/stdin",
        "/proc/self/environ",
        "",
    ];
    let original = std::fs::read_to_string(workspace.path("drafts/letter.md")).expect("a draft");
    for file in files {
        let quoted = serde_json::json!(file);
        let attached = original.replace("lists:", &format!("attachments: [{quoted}]\nlists:"));
        workspace.file("drafts/letter.md", attached);
        refused(&workspace, &["send", "letter", "--yes"], &[1]);
        let shown = file.replace('\\', "\\\\").replace('\0', "\u{1}");
        workspace.file("drafts/letter.md", format!("{original}\n![x](<{shown}>)\n"));
        refused(&workspace, &["send", "letter", "--yes"], &[1]);
    }
    workspace.file("drafts/letter.md", &original);

    for partial in ["../../x", "../layout", "/etc/passwd", "..%2fx", "folder/x", "link"] {
        workspace.file("templates/letter/html.hbs", format!("{{{{> {partial}}}}}{{{{{{body}}}}}}"));
        refused(&workspace, &["send", "letter", "--yes"], &[1]);
    }
    std::fs::remove_dir_all(workspace.path("templates")).expect("a folder");
    symlink(outside.path(), workspace.path("templates")).expect("a link");
    std::fs::write(outside.path().join("layout.html.hbs"), "canary-outside").expect("a file");
    let ran = workspace.run(&["send", "letter", "--yes"]);
    assert!(workspace.caught().iter().all(|mail| !mail.contains("canary-outside")), "{ran:#?}");
    std::fs::remove_file(workspace.path("templates")).expect("a link");

    std::fs::write(outside.path().join("evil.md"), &original).expect("a draft");
    symlink(outside.path().join("evil.md"), workspace.path("drafts/evil.md")).expect("a link");
    let evil = outside.path().join("evil.md").display().to_string();
    for draft in
        [&evil, &format!("../../..{evil}"), "evil", "drafts/evil.md", "..", "", "/dev/stdin"]
    {
        refused(&workspace, &["send", draft, "--yes"], &[1, 2]);
    }
    for name in ["../x", "..", "/tmp/x", "a/b", "a\nb", "x\u{202e}", ".hidden", "a b", ""] {
        let name = format!("--as={name}");
        refused(&workspace, &["send", "letter", "--yes", &name], &[2]);
    }
    for folder in ["/dev", "/proc/self", "nowhere", "announce.toml"] {
        refused(&workspace, &["-C", folder, "send", "letter", "--yes"], &[2, 78]);
    }
    found(
        "T8",
        "`..`, absolute, encoded, NUL, links, device, pipe, folder, lists and secrets: as \
         attachment, picture, partial, templates, draft, `--as`, `-C`",
        "all refused with a hint; nothing read outside the workspace, nobody waits for a pipe",
    );
}

//! Rendering reaches for nothing outside (T9).

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, TcpListener},
    process::{Command, ExitStatus},
};

use crate::{reliability::found, workspace::Workspace};

#[test]
fn nothing_is_fetched() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.set_nonblocking(true).expect("a listener");
    let there = format!("http://127.0.0.1:{}", listener.local_addr().expect("an address").port());

    let workspace = Workspace::new();
    workspace.edit("drafts/letter.md", "Thank you", &format!("![x]({there}/pixel.png)\n\nx"));
    workspace.run(&["send", "letter", "--yes"]).fails(1, &["pixel.png", "hint"]);
    workspace.edit("drafts/letter.md", "![x]", "[x]");
    let kind = format!(
        "<style>@import url({there}/a.css); p {{ background: url({there}/b.png) }}</style>\
         <link rel=\"stylesheet\" href=\"{there}/c.css\">\
         <table background=\"{there}/d.png\"><tr><td>{{{{{{body}}}}}}</td></tr></table>"
    );
    workspace.file("templates/letter/html.hbs", kind);
    let sent = workspace.run(&["send", "letter", "--yes"]);
    assert!(matches!(sent.status, 0 | 1), "{sent:#?}");
    let asked = listener.accept().map(|_| ()).map_err(|error| error.kind());
    assert_eq!(asked, Err(ErrorKind::WouldBlock), "something was fetched");

    let planned = workspace.command("", &["send", "letter", "--dry-run"], &[]).output();
    if let Some(status) = without_network(&workspace) {
        assert_eq!(status, planned.expect("to run").status);
    }
    found(
        "T9",
        "a remote picture in a draft; remote styles and pictures in a template",
        "the draft is refused; nothing is fetched, and the plan is the same without a network",
    );
}

/// How a dry run, which renders every copy, ends where there is no network; none if this machine
/// does not let us go there.
fn without_network(workspace: &Workspace) -> Option<ExitStatus> {
    let plan = workspace.command("", &["send", "letter", "--dry-run"], &[]);
    let mut unshare = Command::new("unshare");
    unshare.args(["--net", "--map-root-user"]).arg(plan.get_program()).args(plan.get_args());
    unshare.env_clear().envs(plan.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = unshare.current_dir(workspace.path("")).output().ok()?;
    let is_refused = String::from_utf8_lossy(&output.stderr).contains("unshare");
    (!is_refused).then_some(output.status)
}

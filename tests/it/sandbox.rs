//! The built-in server on its own.

use crate::{
    serving::Serving,
    workspace::{Ran, Workspace, emails},
};

/// `announce sandbox`, listening on a free port.
struct Running {
    server: Serving,
    url: String,
}

impl Running {
    fn start(workspace: &Workspace, arguments: &[&str]) -> Self {
        let arguments = [&["sandbox", "--listen", "127.0.0.1:0"], arguments].concat();
        let server = Serving::start(workspace.command("", &arguments, &[]));
        let address = server.first_line.strip_prefix("listening on ").expect("an address");
        Self { url: format!("smtp://{address}"), server }
    }

    /// Sends SIGTERM; returns the rest of stdout, all of stderr, and the exit code.
    fn stop(self) -> (String, String, Option<i32>) {
        self.server.stop()
    }
}

/// Sends the letter to the three members at this server.
fn send_to(url: &str) -> Ran {
    Workspace::with_server(url, "").run(&["send", "letter", "--yes"])
}

#[test]
fn a_sandbox_of_its_own_takes_mail_until_it_is_stopped() {
    let workspace = Workspace::new();
    let sandbox = Running::start(&workspace, &[]);
    assert_eq!(send_to(&sandbox.url).status, 0);
    let url = sandbox.url.clone();
    let (told, said, code) = sandbox.stop();
    assert_eq!((told.as_str(), code), ("took 3 messages\n", Some(0)));
    assert_eq!(
        said,
        format!(
            "mail goes to .announce/sandbox/; nothing leaves this machine\n\
             next: `url = \"{url}\"` in announce.toml; Ctrl-C ends it\n"
        )
    );
    assert_eq!(workspace.caught().len(), 3);
}

#[test]
fn a_sandbox_can_keep_mail_elsewhere_or_nowhere() {
    let workspace = Workspace::new();
    let sandbox = Running::start(&workspace, &["--folder", "caught"]);
    assert_eq!(send_to(&sandbox.url).status, 0);
    assert_eq!(sandbox.stop().0, "took 3 messages\n");
    assert_eq!(emails(&workspace.path("caught")).len(), 3);

    let sandbox = Running::start(&workspace, &["--discard"]);
    assert_eq!(send_to(&sandbox.url).status, 0);
    let (told, said, _) = sandbox.stop();
    assert_eq!(told, "took 3 messages\n");
    assert!(said.starts_with("mail is counted and thrown away;"), "{said}");
    assert_eq!(workspace.caught().len(), 0);
}

#[test]
fn a_sandbox_plays_the_faults_that_addresses_ask_for() {
    let sandbox = Running::start(&Workspace::new(), &["--discard", "--without", "pipelining"]);
    let workspace = Workspace::with_server(&sandbox.url, "");
    workspace.members(&[("ann@one.example", "Ann"), ("550-5.1.1@x.fault.test", "Bob")]);
    let sent = workspace.run(&["send", "letter", "--yes"]);
    assert_eq!(sent.status, 3, "{sent:#?}");
    assert_eq!(sandbox.stop().0, "took 1 message\n");
}

#[test]
fn a_sandbox_without_a_place_for_mail_says_what_to_do() {
    let workspace = Workspace::new();
    std::fs::remove_file(workspace.path("announce.toml")).expect("a file");
    workspace.run(&["sandbox"]).fails(78, &["no `announce.toml`", "--folder DIR", "--discard"]);
}

#[test]
fn a_sandbox_is_reached_from_this_machine_only() {
    let workspace = Workspace::new();
    let elsewhere = workspace.run(&["sandbox", "--discard", "--listen", "0.0.0.0:2525"]);
    elsewhere.fails(2, &["only this machine may reach it"]);
    let nothing = workspace.run(&["sandbox", "--discard", "--without", "CHUNKING"]);
    nothing.fails(2, &["write one of PIPELINING, SIZE, 8BITMIME"]);
}

#[test]
fn a_port_that_is_taken_is_named() {
    let workspace = Workspace::new();
    let sandbox = Running::start(&workspace, &["--discard"]);
    let address = sandbox.url.trim_start_matches("smtp://");
    let again = workspace.run(&["sandbox", "--discard", "--listen", address]);
    again.fails(75, &[&format!("another program listens on {address}"), "takes any free port"]);
    assert_eq!(sandbox.stop().0, "took 0 messages\n");
}

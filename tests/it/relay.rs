//! Relays that are down, silent, strangers or refusing: the run says which, and nobody is marked.

use std::{
    net::{Ipv4Addr, TcpListener},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
};

use announce::{
    clock::SystemClock,
    deliver::Stage,
    sandbox::{Act, Auth, Caught, Journal, Mechanism, Options, Rule, Sandbox, Script, Store, Tls},
};
use rcgen::{CertificateParams, KeyPair};
use rustls::{ServerConfig, pki_types::PrivateKeyDer};
use tokio::runtime::Runtime;

use crate::{reliability::found, workspace::Workspace};

/// A server of our own in this process.
pub(crate) struct Relay {
    runtime: Runtime,
    sandbox: Sandbox,
    pub(crate) journal: Journal,
    pub(crate) caught: Arc<Mutex<Vec<Caught>>>,
}

impl Relay {
    pub(crate) fn start(set: impl FnOnce(&mut Options)) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let caught = Arc::default();
        let journal = Journal::new();
        let mut options = Options::new(Store::Memory(Arc::clone(&caught)));
        options.journal = Some(journal.clone());
        set(&mut options);
        let sandbox = runtime
            .block_on(async { Sandbox::start(options, SystemClock::new()).await })
            .expect("a free port");
        Self { runtime, sandbox, journal, caught }
    }

    /// Its address in `announce.toml`.
    pub(crate) fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port())
    }

    pub(crate) fn port(&self) -> u16 {
        self.sandbox.addr().port()
    }

    /// Messages taken, and commands of this verb seen.
    pub(crate) fn seen(self, verb: &str) -> (usize, usize) {
        self.runtime.block_on(self.sandbox.stop());
        let caught = self.caught.lock().expect("no panic").len();
        (caught, self.journal.count(verb))
    }
}

/// A certificate for `host`, and its PEM.
fn certificate(host: &str) -> (Arc<ServerConfig>, String) {
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec![host.to_owned()]).expect("a name");
    let certificate = params.self_signed(&key).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("a server");
    (Arc::new(config), certificate.pem())
}

/// The office's account with a password that only the test knows.
fn account() -> Auth {
    Auth {
        user: "office".to_owned(),
        password: "canary-right".to_owned(),
        mechanisms: vec![Mechanism::Plain, Mechanism::Login],
    }
}

/// Nobody is marked: everybody is still to be sent to, and nobody was tried.
#[track_caller]
fn nobody_is_marked(workspace: &Workspace) {
    let books = workspace.run(&["status", "letter", "--json"]).json();
    assert_eq!((&books["pending"], &books["planned"]), (&3.into(), &3.into()), "{books}");
    assert_eq!(workspace.run(&["log", "letter", "--format", "jsonl"]).stdout, "");
}

#[track_caller]
fn send_fails(workspace: &Workspace, status: i32, texts: &[&str]) {
    let environment = [("ANNOUNCE_SMTP_PASSWORD", "canary-wrong")];
    let sent = workspace.run_in("", &["send", "letter", "--yes"], &environment);
    assert_eq!(sent.status, status, "{sent:#?}");
    for text in texts {
        assert!(sent.stderr.contains(text), "no `{text}` in {sent:#?}");
    }
    let all = format!("{}{}", sent.stdout, sent.stderr);
    for secret in ["canary", "ann@one", "Y2FuYXJ5"] {
        assert!(!all.contains(secret), "`{secret}` in {sent:#?}");
    }
    nobody_is_marked(workspace);
}

#[test]
fn a_server_that_is_down_is_named_and_the_run_can_be_repeated() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let workspace = Workspace::with_server(&format!("smtp://127.0.0.1:{port}"), "");
    send_fails(&workspace, 75, &["nothing listens at `127.0.0.1", "announce resume letter"]);
}

#[test]
fn a_server_that_never_greets_is_given_up() {
    // The system completes the connection; nobody ever accepts it.
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let url = format!("smtp://127.0.0.1:{port}");
    let workspace = Workspace::with_server(&url, "timeout = \"500ms\"");
    send_fails(&workspace, 75, &["127.0.0.1", "did not answer", "announce resume letter"]);
}

#[test]
fn a_server_that_hangs_up_unasked_is_no_reason_to_lose_anybody() {
    let relay = Relay::start(|options| {
        options.script = Script::new().rule(Rule::at(Stage::Greeting, vec![Act::Drop]));
    });
    let url = format!("smtp://127.0.0.1:{}", relay.port());
    let workspace = Workspace::with_server(&url, "");
    send_fails(&workspace, 75, &["127.0.0.1", "hint"]);
    assert_eq!(relay.seen("RCPT").1, 0);
}

#[test]
fn a_wrong_password_stops_the_run_after_one_try() {
    let (config, pem) = certificate("localhost");
    let relay = Relay::start(|options| {
        options.tls = Tls::Implicit(config);
        options.auth = Some(account());
    });
    let url = format!("smtps://office@localhost:{}", relay.port());
    let workspace = Workspace::with_server(&url, "ca_file = \"ca.pem\"");
    workspace.file("ca.pem", pem);
    send_fails(&workspace, 78, &["password", "535"]);
    assert_eq!(relay.seen("AUTH"), (0, 1), "one try, and no mail");
}

#[test]
fn tls_from_the_start_on_a_starttls_port_is_explained() {
    let (config, pem) = certificate("localhost");
    let relay = Relay::start(|options| {
        options.tls = Tls::StartTls(config);
        options.auth = Some(account());
    });
    let url = format!("smtps://office@localhost:{}", relay.port());
    let workspace = Workspace::with_server(&url, "ca_file = \"ca.pem\"");
    workspace.file("ca.pem", pem);
    send_fails(&workspace, 78, &["does not speak TLS", "smtp://", "STARTTLS"]);
    assert_eq!(relay.seen("AUTH"), (0, 0));
}

#[test]
fn the_right_password_over_tls_delivers_and_leaves_a_receipt() {
    let (config, pem) = certificate("localhost");
    let relay = Relay::start(|options| {
        options.tls = Tls::Implicit(config);
        options.auth = Some(account());
    });
    let url = format!("smtps://office@localhost:{}", relay.port());
    let more = "ca_file = \"ca.pem\"\npassword_command = [\"cat\", \"password\"]";
    let workspace = Workspace::with_server(&url, more);
    workspace.file("ca.pem", pem).file("password", "canary-right\n");
    let sent = workspace.run(&["send", "letter", "--yes", "--json"]);
    assert_eq!((sent.status, &sent.json()["accepted"]), (0, &3.into()), "{sent:#?}");
    assert!(!sent.stderr.contains("nothing left"), "it did: {sent:#?}");
    assert_eq!(relay.seen("MAIL").0, 3);
    let receipt = std::fs::read_to_string(workspace.path("drafts/letter.sent.toml"));
    let receipt = receipt.expect("a receipt");
    assert!(receipt.contains("accepted = 3") && !receipt.contains('@'), "{receipt}");

    // A clone on another desk has the receipt and an empty ledger.
    std::fs::remove_dir_all(workspace.path(".announce")).expect("to remove");
    workspace
        .run(&["send", "letter", "--yes"])
        .fails(1, &["drafts/letter.sent.toml", "another desk", "--as"]);
}

#[test]
fn a_certificate_for_another_host_is_refused_before_anything_is_said() {
    let (config, pem) = certificate("other.example");
    let relay = Relay::start(|options| {
        options.tls = Tls::Implicit(config);
        options.auth = Some(account());
    });
    let url = format!("smtps://office@localhost:{}", relay.port());
    let workspace = Workspace::with_server(&url, "ca_file = \"ca.pem\"");
    workspace.file("ca.pem", pem);
    send_fails(&workspace, 78, &["certificate", "localhost"]);
    assert_eq!(relay.seen("AUTH"), (0, 0));
}

#[test]
fn a_refused_sender_stops_the_run_with_nobody_marked() {
    let relay = Relay::start(|options| {
        let refusal = Rule::reply(Stage::Mail, "553 5.7.1 sender not allowed");
        options.script = Script::new().rule(refusal);
    });
    let url = format!("smtp://127.0.0.1:{}", relay.port());
    let workspace = Workspace::with_server(&url, "");
    send_fails(&workspace, 78, &["553", "sender"]);
}

#[test]
fn a_lost_reply_is_uncertain_and_resume_does_not_send_it_again() {
    let relay = Relay::start(|options| {
        let lose = Rule::at(Stage::Dot, vec![Act::Keep, Act::Drop]).message(2).times(1);
        options.script = Script::new().rule(lose);
    });
    let url = format!("smtp://127.0.0.1:{}", relay.port());
    let workspace = Workspace::with_server(&url, "connections = 1");
    let sent = workspace.run(&["send", "letter", "--yes", "--json"]);
    let books = sent.json();
    assert_eq!((sent.status, &books["uncertain"]), (3, &1.into()), "{sent:#?}");
    assert_eq!(workspace.run(&["resume", "letter"]).status, 0);
    assert_eq!(workspace.run(&["send", "letter", "--yes"]).status, 0);
    assert_eq!(relay.seen("DATA"), (3, 3), "three messages, each handed over once");
}

#[test]
fn each_person_gets_one_transaction_and_only_their_own_mail() {
    let relay = Relay::start(|_| {});
    let url = format!("smtp://127.0.0.1:{}", relay.port());
    let workspace = Workspace::with_server(&url, "");
    assert_eq!(workspace.run(&["send", "letter", "--yes"]).status, 0);
    let caught: Vec<Caught> = relay.caught.lock().expect("no panic").clone();
    assert_eq!(caught.len(), 3);
    for mail in &caught {
        assert_eq!(mail.recipients.len(), 1);
        let text = String::from_utf8_lossy(&mail.message);
        for other in ["ann@one.example", "bob@two.example", "cho@three.example"] {
            assert_eq!(text.contains(other), mail.recipients[0] == other, "{text}");
        }
    }
    assert!(relay.journal.faults().is_empty(), "{:?}", relay.journal.faults());
}

#[test]
fn a_lost_or_another_secret_mails_nobody_again() {
    let relay = Relay::start(|_| {});
    let url = format!("smtp://127.0.0.1:{}", relay.port());
    let workspace = Workspace::with_server(&url, "");
    assert_eq!(workspace.run(&["send", "letter", "--yes"]).status, 0);
    let secret = workspace.path(".announce/secret");
    std::fs::rename(&secret, workspace.path("kept")).expect("to lose it");
    workspace.run(&["send", "letter", "--yes"]).fails(78, &["secret", "backup"]);
    workspace.run(&["send", "letter", "--dry-run"]).fails(78, &["secret", "backup"]);
    // A rehearsal must not make a new one either.
    workspace.edit("announce.toml", &url, "sandbox:");
    workspace.run(&["send", "letter", "--yes"]).fails(78, &["secret", "backup"]);
    workspace.edit("announce.toml", "sandbox:", &url);

    let other = Workspace::new();
    other.run(&["send", "letter", "--yes"]);
    std::fs::copy(other.path(".announce/secret"), &secret).expect("another secret");
    workspace.run(&["send", "letter", "--yes"]).fails(78, &["another secret", "backup"]);
    assert_eq!(relay.seen("DATA"), (3, 3));
}

#[test]
fn an_address_that_ends_every_connection_does_not_starve_the_others() {
    let relay = Relay::start(|options| {
        let rule = Rule::at(Stage::Rcpt, vec![Act::Drop]).recipient("ann@one.example");
        options.script = Script::new().rule(rule);
    });
    let url = format!("smtp://127.0.0.1:{}", relay.port());
    let workspace = Workspace::with_server(&url, "connections = 1");
    let sent = workspace.run(&["send", "letter", "--yes", "--json"]);
    let books = sent.json();
    assert_eq!((&books["accepted"], &books["deferred"]), (&2.into(), &1.into()), "{sent:#?}");
    assert_eq!(sent.status, 75);
}

/// Begins a slow send of 20 people, waits until some have got it, and signals the process.
fn interrupted(signal: &str) -> (Workspace, Relay, i32) {
    let relay = Relay::start(|_| {});
    let url = format!("smtp://127.0.0.1:{}", relay.port());
    let workspace = Workspace::with_server(&url, "");
    workspace.edit("announce.toml", "1000/s", "10/s");
    let people: Vec<(String, String)> =
        (0..20).map(|n| (format!("p{n}@one.example"), format!("P{n}"))).collect();
    let people: Vec<(&str, &str)> =
        people.iter().map(|(email, name)| (email.as_str(), name.as_str())).collect();
    workspace.members(&people);
    let mut sending = workspace
        .command("", &["send", "letter", "--yes"], &[])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("to run");
    while relay.caught.lock().expect("no panic").len() < 3 {
        assert!(sending.try_wait().expect("a child").is_none(), "it ended too early");
        std::thread::yield_now();
    }
    let pid = sending.id().to_string();
    assert!(Command::new("kill").args([signal, &pid]).status().expect("kill").success());
    let ended = sending.wait().expect("an end");
    (workspace, relay, ended.code().unwrap_or(128))
}

/// Goes on, and looks at what the server has of everybody.
#[track_caller]
fn resumes_to_everybody(workspace: &Workspace, relay: &Relay, lost: u64) {
    let status = workspace.run(&["resume", "letter", "--json"]);
    let books = workspace.run(&["status", "letter", "--json"]).json();
    assert_eq!(books["planned"], 20, "{status:#?}");
    let uncertain = books["uncertain"].as_u64().expect("a number");
    assert!(uncertain <= lost, "{books}");
    assert_eq!(books["accepted"].as_u64().expect("a number") + uncertain, 20, "{books}");
    let mut got: Vec<String> = relay
        .caught
        .lock()
        .expect("no panic")
        .iter()
        .flat_map(|mail| mail.recipients.clone())
        .collect();
    got.sort();
    let all = got.len();
    got.dedup();
    assert_eq!(got.len(), all, "somebody got it twice");
    assert!(all as u64 >= 20 - uncertain, "somebody was lost");
}

#[test]
fn ctrl_c_stops_in_order_and_resume_goes_on() {
    let (workspace, relay, status) = interrupted("-INT");
    assert_eq!(status, 130);
    let books = workspace.run(&["status", "letter"]);
    assert!(books.stdout.contains("paused") && books.stdout.contains("interrupted"), "{books:#?}");
    resumes_to_everybody(&workspace, &relay, 0);
    let happened = "exit 130, paused; resume completes, everybody once";
    found("F29a", "Ctrl-C in mid-run", happened);
}

#[test]
fn a_kill_leaves_at_most_one_uncertain_delivery_a_connection() {
    let (workspace, relay, _) = interrupted("-KILL");
    resumes_to_everybody(&workspace, &relay, 4);
}

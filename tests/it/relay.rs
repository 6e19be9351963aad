//! Relays that are down, silent, strangers or refusing: the run says which, and nobody is marked.

use std::{
    net::{Ipv4Addr, TcpListener},
    sync::Arc,
};

use announce::{
    deliver::Stage,
    sandbox::{Act, Auth, Caught, Mechanism, Rule, Script, Tls},
};
use rcgen::{CertificateParams, KeyPair};
use rustls::{ServerConfig, pki_types::PrivateKeyDer};

pub(crate) use crate::server::Relay;
use crate::workspace::Workspace;

/// A certificate for `host`, and its PEM.
pub(crate) fn certificate(host: &str) -> (Arc<ServerConfig>, String) {
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
pub(crate) fn account() -> Auth {
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
    let url = relay.url();
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
    let url = relay.url();
    let workspace = Workspace::with_server(&url, "");
    send_fails(&workspace, 78, &["553", "sender"]);
}

#[test]
fn a_lost_reply_is_uncertain_and_resume_does_not_send_it_again() {
    let relay = Relay::start(|options| {
        let lose = Rule::at(Stage::Dot, vec![Act::Keep, Act::Drop]).message(2).times(1);
        options.script = Script::new().rule(lose);
    });
    let url = relay.url();
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
    let url = relay.url();
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
    let url = relay.url();
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
    let url = relay.url();
    let workspace = Workspace::with_server(&url, "connections = 1");
    let sent = workspace.run(&["send", "letter", "--yes", "--json"]);
    let books = sent.json();
    assert_eq!((&books["accepted"], &books["deferred"]), (&2.into(), &1.into()), "{sent:#?}");
    assert_eq!(sent.status, 75);
}

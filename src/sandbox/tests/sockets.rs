use std::{fs, path::Path};

use tokio::{net::TcpStream, task::JoinSet};

use super::client::Client;
use crate::{
    clock::SystemClock,
    sandbox::{Journal, Options, Sandbox, Store},
};

async fn start(options: Options) -> Sandbox {
    Sandbox::start(options, SystemClock::new()).await.expect("loopback has a free port")
}

async fn connect(sandbox: &Sandbox) -> Client<TcpStream> {
    Client::new(TcpStream::connect(sandbox.addr()).await.expect("the server listens"))
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn only_loopback_is_served() {
    let options = Options { bind: ([0, 0, 0, 0], 0).into(), ..Options::new(Store::Discard) };
    let refused = Sandbox::start(options, SystemClock::new()).await;
    assert_eq!(refused.expect_err("refused").to_string(), "`0.0.0.0` is not a loopback address");
}

#[tokio::test]
async fn a_hundred_connections_in_turn() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sandbox = start(Options::new(Store::Folder(folder.path().into()))).await;
    for number in 1..=100 {
        let mut client = connect(&sandbox).await;
        client.greet().await;
        let reply = client.mail("ann@example.org").await;
        assert_eq!(reply, format!("250 2.0.0 queued as {number:06}\r\n"));
        client.ask("QUIT").await;
    }
    sandbox.stop().await;
    let expected: Vec<_> = (1..=100).map(|number| format!("{number:06}.eml")).collect();
    assert_eq!(names(folder.path()), expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_connections_at_once() {
    let (folder, journal) = (tempfile::tempdir().expect("a temporary folder"), Journal::new());
    let store = Store::Folder(folder.path().into());
    let sandbox = start(Options { journal: Some(journal.clone()), ..Options::new(store) }).await;
    let mut clients = JoinSet::new();
    for number in 0..64 {
        let mut client = connect(&sandbox).await;
        clients.spawn(async move {
            client.greet().await;
            for message in 0..4 {
                let reply = client.mail(&format!("p{number}-{message}@example.org")).await;
                assert!(reply.starts_with("250"), "{reply}");
            }
        });
    }
    while let Some(client) = clients.join_next().await {
        client.expect("no client panics");
    }
    sandbox.stop().await;
    assert_eq!(names(folder.path()).len(), 256);
    let mut people: Vec<_> = journal.accepted().into_iter().map(|(_, person)| person).collect();
    people.sort();
    people.dedup();
    assert_eq!(people.len(), 256);
    assert_eq!(journal.connections(), 64);
}

#[tokio::test]
async fn one_connection_too_many_is_told_so() {
    let sandbox = start(Options { connections: 1, ..Options::new(Store::Discard) }).await;
    let mut first = connect(&sandbox).await;
    first.greet().await;
    let mut second = connect(&sandbox).await;
    assert_eq!(second.reply().await, "421 4.3.2 too many connections\r\n");
    assert_eq!(second.reply().await, "");
    assert!(first.mail("ann@example.org").await.starts_with("250"));
}

#[tokio::test]
async fn a_stop_leaves_no_half_message() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sandbox = start(Options::new(Store::Folder(folder.path().into()))).await;
    let mut done = connect(&sandbox).await;
    done.greet().await;
    done.mail("ann@example.org").await;
    let mut halfway = connect(&sandbox).await;
    halfway.greet().await;
    halfway.open("bob@example.org").await;
    halfway.send("Subject: half\r\n").await;
    let mut waiting = connect(&sandbox).await;
    waiting.greet().await;
    waiting.open("delay-5min@fault.test").await;
    waiting.send("Subject: slow\r\n\r\n.\r\n").await;
    let address = sandbox.addr();
    let clients = async {
        for client in [&mut done, &mut halfway, &mut waiting] {
            assert_eq!(client.reply().await, "421 4.3.2 the sandbox is being closed\r\n");
            assert_eq!(client.reply().await, "");
        }
        drop((done, halfway, waiting));
    };
    tokio::join!(sandbox.stop(), clients);
    assert_eq!(names(folder.path()), ["000001.eml"]);
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
}

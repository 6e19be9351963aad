//! Texts that want to end the message, before a server that takes any end for one (T3).

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    thread::{self, JoinHandle},
};

use super::{cell, ends::ENDS};
use crate::{reliability::found, workspace::Workspace};

/// A server that says yes to everything and keeps what it was told, byte by byte. Ends with its
/// first connection.
fn lenient() -> (u16, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut told = Vec::new();
        converse(&mut stream, &mut told);
        told
    });
    (port, server)
}

fn converse(stream: &mut TcpStream, told: &mut Vec<u8>) {
    let answer = |stream: &mut TcpStream, line: &str| {
        let _ = stream.write_all(format!("{line}\r\n").as_bytes());
    };
    answer(stream, "220 yes");
    let (mut begin, mut in_body) = (0, false);
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        told.extend_from_slice(&buffer[..count]);
        loop {
            let end: &[u8] = if in_body { b"\r\n.\r\n" } else { b"\r\n" };
            let rest = &told[begin..];
            let Some(at) = rest.windows(end.len()).position(|window| window == end) else { break };
            let line = String::from_utf8_lossy(&rest[..at]).to_uppercase();
            begin += at + end.len();
            if !in_body && line == "DATA" {
                in_body = true;
                answer(stream, "354 yes");
            } else if line == "QUIT" {
                return answer(stream, "221 yes");
            } else {
                in_body = false;
                answer(stream, "250 yes");
            }
        }
    }
}

/// How many messages a server sees that takes any of CR, LF, CRLF, NEL, LS for a line end, and
/// lets NULs pass.
fn messages(told: &[u8]) -> usize {
    let text = String::from_utf8_lossy(told).replace('\0', "").replace("\r\n", "\n");
    text.replace(['\r', '\u{85}', '\u{2028}'], "\n").matches("\n.\n").count()
}

/// Where an end of data is put.
const PLACES: [&str; 6] = ["body", "attachment", "subject", "cell", "file name", "settings"];

fn put(workspace: &Workspace, place: &str, end: &str) {
    let smuggled = format!("a{end}MAIL FROM:<spy@evil.example>{end}b");
    let quoted = serde_json::json!(smuggled).to_string();
    match place {
        "body" => workspace.edit("drafts/letter.md", "Thank you", &smuggled),
        "attachment" => workspace.file("drafts/files/a.txt", &smuggled),
        "subject" => {
            let subject = format!("subject: {quoted}");
            workspace.edit("drafts/letter.md", "subject: A letter for {{first_name}}", &subject)
        }
        "cell" => {
            let rows = format!("email,first_name\r\nann@one.example,{}\r\n", cell(&smuggled));
            workspace.file("lists/members.csv", rows)
        }
        "file name" => workspace.edit(
            "drafts/letter.md",
            "[files/a.txt]",
            &format!("[{}]", serde_json::json!({ "file": "files/a.txt", "title": smuggled })),
        ),
        _ => workspace.edit(
            "announce.toml",
            "postal_address = \"1 Example Street, London\"",
            &format!("postal_address = {quoted}"),
        ),
    };
}

/// What the server was told, with the end in these places; none when the input was refused.
fn sent(end: &str, places: &[&str]) -> Option<Vec<u8>> {
    let (port, server) = lenient();
    let workspace = Workspace::with_server(&format!("smtp://127.0.0.1:{port}"), "connections = 1");
    workspace.members(&[("ann@one.example", "Ann")]).file("drafts/files/a.txt", "x").edit(
        "drafts/letter.md",
        "lists:",
        "attachments: [files/a.txt]\nlists:",
    );
    for place in places {
        put(&workspace, place, end);
    }
    let ran = workspace.run(&["send", "letter", "--yes"]);
    if ran.status == 0 {
        return Some(server.join().expect("no panic"));
    }
    assert!(matches!(ran.status, 1 | 78), "{places:?} {end:?}: {ran:#?}");
    // Nobody came: the server waits for a connection.
    drop(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("a listener"));
    let told = server.join().expect("no panic");
    assert!(told.is_empty(), "{places:?} {end:?}: it was refused after it was sent");
    None
}

#[test]
fn no_input_ends_the_message() {
    assert_eq!(messages(b"DATA\r\nx\n.\nMAIL\r\n.\r\n"), 2, "the reader is lenient");
    let mut taken = 0;
    for end in ENDS {
        // All places at once, or else each that takes it.
        let all = sent(end, &PLACES);
        let told = all.map_or_else(
            || PLACES.iter().filter_map(|place| sent(end, &[place])).collect(),
            |told| vec![told],
        );
        assert!(!told.is_empty(), "an attachment may hold anything: {end:?}");
        for told in told {
            assert_eq!(messages(&told), 1, "{end:?}: {}", String::from_utf8_lossy(&told));
            assert!(told.is_ascii(), "{end:?}");
            taken += 1;
        }
    }
    assert!(taken >= ENDS.len(), "{taken}");
    found(
        "T3",
        "12 ends of data in body, attachment, subject, cell, title, settings, before a server \
         that takes each of them for one",
        "one message seen each time, or the input refused",
    );
}

//! The preview: its files, and its server as a stranger on the same machine meets it. What the page
//! does in a browser is told by `tests/browser`.

mod changes;

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    os::unix::fs::PermissionsExt as _,
    process::Command,
    time::Duration,
};

use serde_json::Value;

use crate::{
    serving::Serving,
    workspace::{LETTER, Workspace, emails},
};

/// `announce preview`, on a free port.
struct Page {
    server: Serving,
    port: String,
    token: String,
    /// What the address says behind the path.
    place: String,
}

impl Page {
    fn open(workspace: &Workspace, arguments: &[&str]) -> Self {
        let arguments = [&["preview", "--no-open"], arguments].concat();
        let server = Serving::start(workspace.command("", &arguments, &[]));
        let address = server.first_line.strip_prefix("http://127.0.0.1:").expect("an address");
        let (port, path) = address.split_once('/').expect("a path");
        let (token, place) = path.split_once('/').expect("a token");
        let (port, token, place) = (port.to_owned(), token.to_owned(), place.to_owned());
        Self { server, port, token, place }
    }

    /// A connection that gives up before a reader of the test's output does.
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(format!("127.0.0.1:{}", self.port)).expect("a server");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        stream
    }

    /// The answer to a request for `path`, asked for under the name `host`.
    fn ask(&self, method: &str, path: &str, host: &str) -> Answer {
        let mut stream = self.connect();
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("to ask");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        let text = String::from_utf8_lossy(&answer);
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        Answer { head: head.to_lowercase(), body: body.to_owned() }
    }

    /// The answer to whoever knows the token.
    fn get(&self, path: &str) -> Answer {
        let host = format!("127.0.0.1:{}", self.port);
        self.ask("GET", &format!("/{}/{path}", self.token), &host)
    }

    fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
    }

    /// What it tells of changes, from now on.
    fn events(&self) -> impl Iterator<Item = String> + use<> {
        let mut stream = self.connect();
        let Self { token, port, .. } = self;
        write!(stream, "GET /{token}/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n")
            .expect("to ask");
        let lines = BufReader::new(stream).lines().map(|line| line.expect("a line"));
        lines.filter(|line| {
            // It says so every 15 seconds.
            assert!(!line.starts_with(':'), "nothing changes any more");
            line.starts_with("data:")
        })
    }

    /// Sends SIGTERM; what it said, and the exit code.
    fn stop(self) -> (String, Option<i32>) {
        let (_, said, code) = self.server.stop();
        (said, code)
    }
}

#[derive(Debug)]
struct Answer {
    /// In lower case.
    head: String,
    body: String,
}

impl Answer {
    fn is_nothing(&self) -> bool {
        self.head.starts_with("http/1.1 404 ") && self.body.is_empty()
    }
}

/// A mail without what changes from one moment to the next.
fn undated(mail: &str) -> String {
    mail.lines().filter(|line| !line.starts_with("Date: ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_previewed_is_what_is_sent_to_the_byte() {
    let workspace = Workspace::new();
    workspace.run(&["preview", "letter", "--out", "proofs", "--all"]).ends(
        0,
        "9 files in proofs: the copies of 3 people\n",
        "they hold addresses: keep them to yourself\nnext: announce check letter\n",
    );
    workspace.run(&["send", "letter", "--yes"]);
    let sort = |mails: Vec<String>| {
        let mut mails: Vec<String> = mails.iter().map(|mail| undated(mail)).collect();
        mails.sort();
        mails
    };
    let (previewed, sent) = (sort(emails(&workspace.path("proofs"))), sort(workspace.caught()));
    assert_eq!(previewed.len(), 3);
    assert_eq!(previewed, sent);
}

#[test]
fn a_page_shows_the_bytes_that_are_sent() {
    let workspace = Workspace::new();
    let page = Page::open(&workspace, &["letter"]);
    let path = page.json("api/drafts/letter")["copy"]["path"].as_str().expect("a path").to_owned();
    let shown = page.get(&format!("{path}/raw")).body;
    workspace.run(&["send", "letter", "--yes"]);
    let sent = workspace.caught().into_iter().find(|mail| mail.contains("To: ann@one.example"));
    assert_eq!(undated(&shown), undated(&sent.expect("Ann's mail")));
}

#[test]
fn files_of_a_preview_are_for_their_owner_alone_and_stand_alone() {
    let workspace = Workspace::new();
    workspace.file("drafts/files/dot.png", PIXEL);
    workspace.edit("drafts/letter.md", "Dear", "![A dot](files/dot.png \"A dot\")\n\nDear");
    let ran = workspace.run(&["preview", "letter", "--out", "proofs", "--for", "bob@two.example"]);
    assert_eq!(
        (ran.status, &*ran.stdout),
        (0, "3 files in proofs: one person's copy\n"),
        "{ran:?}"
    );
    let mode =
        |name: &str| fs::metadata(workspace.path(name)).expect(name).permissions().mode() & 0o777;
    assert_eq!(mode("proofs"), 0o700);
    for ending in ["html", "txt", "eml"] {
        assert_eq!(mode(&format!("proofs/letter.{ending}")), 0o600);
    }
    let html = fs::read_to_string(workspace.path("proofs/letter.html")).expect("HTML");
    assert!(html.contains("src=\"data:image/png;base64,"), "{html}");
    let text = fs::read_to_string(workspace.path("proofs/letter.txt")).expect("text");
    assert!(text.contains("Dear Bob,"), "{text}");
}

/// A picture of one dot.
const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 13, b'I', b'D', b'A', b'T',
    0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0, 0x1f, 0, 5, 0, 1, 0xff, 0x56, 0xc7, 0x2f, 0x0d, 0, 0,
    0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

#[test]
fn files_of_people_who_get_nothing_any_more_go_and_other_files_stay() {
    let workspace = Workspace::new();
    workspace.run(&["preview", "letter", "--out", "proofs", "--all"]);
    workspace.file("proofs/letter-notes.txt", "mine").file("proofs/letter-1.eml", "mine");
    // The copy of another draft, whose name happens to be like a number of ours.
    workspace.file("drafts/letter-2026.md", LETTER).file("proofs/letter-2026.eml", "another");
    workspace.members(&[("ann@one.example", "Ann")]);
    workspace.run(&["preview", "letter", "--out", "proofs", "--all"]);
    let names = fs::read_dir(workspace.path("proofs")).expect("a folder").flatten();
    let mut names: Vec<String> =
        names.map(|entry| entry.file_name().into_string().expect("a name")).collect();
    names.sort();
    assert_eq!(
        names,
        [
            "letter-0001.eml",
            "letter-0001.html",
            "letter-0001.txt",
            "letter-1.eml",
            "letter-2026.eml",
            "letter-notes.txt"
        ]
    );
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let workspace = Workspace::new();
    workspace.file("proofs/letter.txt/mine", "mine");
    workspace
        .run(&["preview", "letter", "--out", "proofs"])
        .fails(75, &["`letter.txt` cannot be written: Is a directory"]);
}

#[test]
fn copies_that_cannot_be_made_are_named_and_the_others_are_written() {
    let workspace = Workspace::new();
    workspace.members(&[("ann@one.example", "Ann"), ("bob@two.example", "")]);
    let ran = workspace.run(&["preview", "letter", "--out", "proofs", "--all"]);
    assert_eq!((ran.status, &*ran.stdout), (1, "3 files in proofs: one person's copy\n"));
    assert!(ran.stderr.contains("`first_name` is empty for 1 row"), "{ran:?}");
    assert!(!ran.stderr.contains("bob@"), "{ran:?}");
}

#[test]
fn nobody_who_gets_nothing_can_be_previewed() {
    let workspace = Workspace::new();
    for arguments in [
        &["preview", "letter", "--for", "eve@one.example", "--no-open"][..],
        &["preview", "letter", "--for", "eve@one.example", "--out", "proofs"],
    ] {
        workspace.run(arguments).fails(2, &["nobody with that address would get this draft"]);
    }
    workspace.members(&[]);
    workspace
        .run(&["preview", "letter", "--out", "proofs"])
        .fails(1, &["nobody would get it", "announce lists"]);
}

#[test]
fn the_address_leads_to_the_draft_the_person_or_the_sandbox_and_names_nobody() {
    let workspace = Workspace::new();
    assert_eq!(Page::open(&workspace, &[]).place, "");
    assert_eq!(Page::open(&workspace, &["--sandbox"]).place, "#/sandbox");
    assert_eq!(Page::open(&workspace, &["drafts/letter.md"]).place, "#/drafts/letter");
    let page = Page::open(&workspace, &["letter", "--for", "Cho@Three.example"]);
    let key = page.place.strip_prefix("#/drafts/letter?person=").expect("a person");
    let view = page.json(&format!("api/drafts/letter?person={key}"));
    assert_eq!(view["person"]["address"], "cho@three.example");
    assert!(!page.place.contains("three"), "{}", page.place);
}

#[test]
fn who_does_not_know_the_path_finds_nothing() {
    let workspace = Workspace::new();
    let page = Page::open(&workspace, &["letter"]);
    let ours = format!("127.0.0.1:{}", page.port);
    let root = format!("/{}/", page.token);
    let other = root.replace(&page.token[..1], if root.starts_with("/a") { "b" } else { "a" });
    for path in ["/", "/index.html", "/api/drafts", &other, &root.to_uppercase(), "/../", "//"] {
        assert!(page.ask("GET", path, &ours).is_nothing(), "{path}");
    }
    for path in ["nothing", "page/none.js", "page/..%2Fmod.rs", "api", "mail/draft/letter"] {
        assert!(page.get(path).is_nothing(), "{path}");
    }
    // Another name for this machine, as a page from elsewhere would have it.
    for host in ["rebound.example", "127.0.0.1", "127.0.0.1:1", "localhost"] {
        assert!(page.ask("GET", &root, host).is_nothing(), "{host}");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        assert!(page.ask(method, &root, &ours).is_nothing(), "{method}");
    }
    assert!(page.ask("GET", &root, &ours).head.starts_with("http/1.1 200 "));
    assert!(page.ask("GET", &root, &format!("localhost:{}", page.port)).head.contains(" 200 "));
}

#[test]
fn every_answer_is_kept_by_nobody_and_loads_nothing_from_elsewhere() {
    let workspace = Workspace::new();
    let page = Page::open(&workspace, &["letter"]);
    let path = page.json("api/drafts/letter")["copy"]["path"].as_str().expect("a path").to_owned();
    let mail = format!("{path}/page");
    for path in ["", "page/main.js", "api/drafts", &mail, &format!("{path}/raw"), "nothing"] {
        let head = page.get(path).head;
        for header in [
            "cache-control: no-store",
            "referrer-policy: no-referrer",
            "x-content-type-options: nosniff",
        ] {
            assert!(head.contains(header), "{path}: {head}");
        }
    }
    let policy = |path: &str| {
        let head = page.get(path).head;
        let line = head.lines().find_map(|line| line.strip_prefix("content-security-policy: "));
        line.expect("a policy").to_owned()
    };
    let page_policy = policy("");
    assert!(page_policy.starts_with("default-src 'none'; script-src 'self';"), "{page_policy}");
    assert!(policy(&mail).contains("sandbox allow-same-origin"));
    assert!(!policy(&mail).contains("script-src"));
    assert!(policy(&format!("{mail}?images=off")).contains("img-src 'none'"));
}

#[test]
fn a_draft_that_never_was_good_is_shown_as_broken() {
    let workspace = Workspace::new();
    workspace.file("drafts/letter.md", "---\nkind: lettre\n---\n");
    let page = Page::open(&workspace, &["letter"]);
    let view = page.json("api/drafts/letter");
    assert_eq!((&view["copy"], &view["is_stale"]), (&Value::Null, &false.into()));
    assert!(!view["trouble"].as_array().expect("troubles").is_empty(), "{view}");
    let report = page.json("api/drafts/letter/report");
    assert_eq!((&report["plan"], &report["trouble"]), (&Value::Null, &view["trouble"]));
}

#[test]
fn everybody_can_be_found_and_the_rest_is_told_with_its_reason() {
    let workspace = Workspace::new();
    workspace.members(&[
        ("ann@one.example", "Ann"),
        ("bob@two.example", "Bartholomew-Christopher"),
        ("ann@one.example", "Ann"),
        ("no address", "Eve"),
    ]);
    let page = Page::open(&workspace, &["letter"]);
    let found = page.json("api/drafts/letter/people?find=BARTH");
    assert_eq!((&found["total"], &found["people"][0]["line"]), (&1.into(), &3.into()));
    let skipped = page.json("api/drafts/letter/skipped");
    let reasons: Vec<&str> = skipped["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["reason"].as_str().expect("a reason"))
        .collect();
    assert_eq!(reasons, ["duplicate", "invalid"]);
    let longest = page.json("api/drafts/letter/pick?which=longest");
    assert_eq!(longest["key"], found["people"][0]["key"]);
    assert_eq!(longest["why"], "the longest name: 23 characters");
    let first = page.json("api/drafts/letter/pick?which=first")["key"].clone();
    let key = longest["key"].as_str().expect("a key");
    let next = page.json(&format!("api/drafts/letter/pick?which=next&from={key}"));
    assert_eq!(next["key"], first, "one after the last is the first");
}

#[test]
fn only_files_of_the_mail_can_be_read() {
    let workspace = Workspace::new();
    workspace.file("secret.txt", "secret").file("lists/other.csv", "email\nz@z.example\n");
    let page = Page::open(&workspace, &["letter"]);
    let source = |file: &str| page.get(&format!("api/drafts/letter/source?file={file}"));
    assert!(source("drafts/letter.md").body.contains("Dear {{first_name}}"));
    assert!(source("lists/members.csv&line=3").body.contains("bob@two.example"));
    for file in ["secret.txt", "lists/other.csv", "../x", ".announce/secret", "/etc/passwd"] {
        assert!(source(file).is_nothing(), "{file}");
    }
}

#[test]
fn no_draft_outside_the_newsroom_can_be_read() {
    let workspace = Workspace::new();
    let other = Workspace::new();
    let page = Page::open(&workspace, &["letter"]);
    let path = other.path("drafts/letter").display().to_string();
    let slug = path.replace('/', "%2F");
    assert!(page.get(&format!("api/drafts/{slug}/source?file={path}.md")).is_nothing());
    assert_eq!(page.json(&format!("api/drafts/{slug}"))["copy"], Value::Null);
}

#[test]
fn a_preview_does_not_wait_for_what_it_still_reads() {
    let workspace = Workspace::new();
    let page = Page::open(&workspace, &["letter"]);
    let mail = workspace.path(".announce/sandbox/000001.eml");
    assert!(Command::new("mkfifo").arg(&mail).status().expect("mkfifo").success());
    let mut stream = page.connect();
    let (token, port) = (&page.token, &page.port);
    write!(stream, "GET /{token}/mail/sandbox/1/raw HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n")
        .expect("to ask");
    // A pipe is open for writing once somebody reads it, and is read until it is closed.
    let pipe = fs::OpenOptions::new().write(true).open(mail).expect("a reader");
    assert_eq!(page.stop().1, Some(0));
    drop(pipe);
}

#[test]
fn a_preview_ends_when_it_is_told_to_and_that_is_no_failure() {
    let workspace = Workspace::new();
    let page = Page::open(&workspace, &["letter"]);
    let (said, code) = page.stop();
    assert_eq!(said, "for this machine alone, as long as this runs; Ctrl-C ends it\n");
    assert_eq!(code, Some(0));
}

#[test]
fn a_preview_has_no_way_to_send() {
    let workspace = Workspace::new();
    let page = Page::open(&workspace, &["letter"]);
    page.json("api/drafts/letter/report");
    page.stop();
    assert_eq!(workspace.caught(), Vec::<String>::new());
    assert!(!workspace.path(".announce/ledger.db").exists());
    assert!(!workspace.path(".announce/sandbox/ledger.db").exists());
}

#[test]
fn the_document_names_every_key_of_the_page() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    let keys = include_str!("../../src/preview/page/keyboard.js");
    let document = fs::read_to_string(format!("{root}docs/previewing.md")).expect("a document");
    let named = keys.lines().filter_map(|line| line.trim().strip_prefix("[[\""));
    let named = named.filter_map(|line| line.split_once('"')).map(|(key, _)| key);
    let named: Vec<&str> = named.collect();
    assert!(named.len() > 15, "{named:?}");
    for key in named {
        assert!(document.contains(&format!("`{key}`")), "docs/previewing.md has no `{key}`");
    }
}

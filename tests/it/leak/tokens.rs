//! Ids that say nothing about whom they are for, and cannot be guessed or put together.

use std::{
    collections::{BTreeSet, HashSet},
    fs,
    io::Write as _,
    process::{Command, Stdio},
};

use announce::{
    audience::Address,
    keys::{Keys, Secret},
    sandbox::Caught,
};

use crate::{mail::Mail, relay::Relay, reliability::found, workspace::Workspace};

const ANN: &str = "ann@one.example";

/// Every run of at least 16 characters of base32: all the tokens that a message shows.
fn tokens(mail: &Caught) -> BTreeSet<String> {
    let raw = String::from_utf8(mail.message.clone()).expect("messages are ASCII");
    let text = format!("{}\n{}", mail.sender, raw.replace("=\r\n", "").replace("\r\n ", " "));
    // One in two hundred has no digit in it, and no word of the text is so long.
    let is_token = |word: &&str| word.len() == 26;
    text.split(|c: char| !matches!(c, 'a'..='z' | '2'..='7'))
        .filter(is_token)
        .map(str::to_owned)
        .collect()
}

/// Digests of an address that need no secret, as anybody would compute them.
fn digests(address: &str) -> Vec<Vec<u8>> {
    let run = |program: &str, arguments: &[&str]| {
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect(program);
        let mut stdin = child.stdin.take().expect("stdin is piped");
        stdin.write_all(address.as_bytes()).expect("it reads");
        drop(stdin);
        let output = child.wait_with_output().expect("an end").stdout;
        let text = String::from_utf8(output).expect("hexadecimal");
        let digits = text.split(' ').next().unwrap_or_default();
        let pairs = digits.as_bytes().chunks(2);
        let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).expect("ASCII"), 16);
        pairs.map(|pair| byte(pair).expect("hexadecimal")).collect::<Vec<u8>>()
    };
    let keyless = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"");
    vec![
        run("sha256sum", &[]),
        run("sha1sum", &[]),
        run("md5sum", &[]),
        ring::hmac::sign(&keyless, address.as_bytes()).as_ref().to_vec(),
    ]
}

/// The first ten bytes of a digest: raw, in hexadecimal, in base32.
fn shapes(digest: &[u8]) -> [Vec<u8>; 3] {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let head = &digest[..10];
    let hexadecimal: String = head.iter().map(|byte| format!("{byte:02x}")).collect();
    let bits: String = head.iter().map(|byte| format!("{byte:08b}")).collect();
    let digits = bits
        .as_bytes()
        .chunks(5)
        .map(|five| five.iter().fold(0_usize, |value, bit| value << 1 | usize::from(bit - b'0')));
    [head.to_vec(), hexadecimal.into_bytes(), digits.map(|digit| ALPHABET[digit]).collect()]
}

#[test]
fn ids_cannot_be_guessed_or_put_together() {
    let relay = Relay::start(|_| {});
    let workspace = Workspace::with_server(&format!("smtp://127.0.0.1:{}", relay.port()), "");
    let bounces = "[bounces]\naddress = \"bounces@group.example\"\n\n[unsubscribe]";
    workspace.edit("announce.toml", "[unsubscribe]", bounces);
    assert_eq!(workspace.run(&["send", "letter", "--yes"]).status, 0);
    let again = ["send", "letter", "--yes", "--as", "again", "--allow", "S5/repeat"];
    assert_eq!(workspace.run(&again).status, 0);
    assert_eq!(workspace.run(&["test", "letter", "--to", ANN]).status, 0);

    let caught: Vec<Caught> = relay.caught.lock().expect("no panic").clone();
    assert_eq!(caught.len(), 7);
    let mut all = HashSet::new();
    for mail in &caught {
        let own = tokens(mail);
        assert_eq!(own.len(), 4, "Message-ID, boundary, return path, unsubscribing: {own:?}");
        for token in own {
            assert!(all.insert(token.clone()), "{token} stands in two messages");
        }
        let id = Mail::read(&mail.message).shown("Message-ID");
        assert!(id.ends_with("@group.example>"), "{id}");
    }

    let mut left: Vec<Vec<u8>> = caught.into_iter().map(|mail| mail.message).collect();
    for name in ["ledger.db", "ledger.db-wal", "lock"] {
        left.extend(fs::read(workspace.path(&format!(".announce/{name}"))));
    }
    for digest in [ANN, "ANN@ONE.EXAMPLE", "ann"].iter().flat_map(|name| digests(name)) {
        for shape in shapes(&digest) {
            for place in &left {
                let is_here = place.windows(shape.len()).any(|window| *window == *shape);
                assert!(!is_here, "a digest of an address: {shape:?}");
            }
        }
    }

    let keys = Keys::from(&Secret::from_bytes([7; 32]));
    let mut computed = HashSet::new();
    for person in 0..5_000 {
        let address = Address::parse(&format!("p{person}@one.example")).expect("an address");
        let person = keys.person(&address);
        for campaign in ["letter", "letter~2", "lette", "r", "again"] {
            computed.extend([
                keys.message_id(campaign, &person),
                keys.boundary(campaign, &person),
                keys.return_path(campaign, &person),
                keys.unsubscribe(campaign, &person),
            ]);
        }
    }
    assert_eq!(computed.len(), 100_000, "no two are alike");
    found(
        "T19",
        "one person's ids in two campaigns and a test; digests of a known address; 100,000 ids",
        "4 ids a message, none twice; no digest found in mail or ledger; no two ids alike",
    );
}

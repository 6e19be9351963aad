//! Addresses that want to be commands (T2), and those that look like others (T30).

use announce::{
    audience::{Address, BadAddress},
    keys::{Keys, Secret},
};

use super::cell;
use crate::{relay::Relay, reliability::found, workspace::Workspace};

const COMMANDS: [&str; 22] = [
    "ann@one.example>\r\nRCPT TO:<spy@evil.example",
    "ann@one.example\r\nRCPT TO:<spy@evil.example>",
    "ann@one.example\nDATA",
    "ann@one.example> SIZE=1",
    "<ann@one.example>",
    "<ann@one.example>,<spy@evil.example>",
    "ann@one.example,spy@evil.example",
    "ann@one.example spy@evil.example",
    "ann@one.example;spy@evil.example",
    "@relay.example:ann@one.example",
    "ann@one.example@evil.example",
    "ann%one.example@",
    "one.example!ann",
    "\"ann\r\nRCPT TO:\"@one.example",
    "\"ann@one\"@evil.example",
    "ann(comment)@one.example",
    "ann@[127.0.0.1]",
    "ann@127.0.0.1",
    "ann@one.example.",
    "ann@one..example",
    "Ann <ann@one.example>",
    "mailto:ann@one.example",
];

/// Odd, and good (RFC 5321 §4.1.2).
const ODD: [&str; 7] = [
    "o'brien@one.example",
    "!#$%&'*+-/=?^_`{|}~@one.example",
    "--@one.example",
    "=cmd|calc@one.example",
    "ann+spy=evil.example@one.example",
    "postmaster%evil.example@one.example",
    "MAIL@one.example",
];

#[test]
fn no_address_says_more_than_one_recipient() {
    let relay = Relay::start(|_| {});
    let workspace = Workspace::with_server(&format!("smtp://127.0.0.1:{}", relay.port()), "");
    let rows = |addresses: &[&str]| {
        let rows: String =
            addresses.iter().map(|address| format!("{},x\r\n", cell(address))).collect();
        format!("email,first_name\r\n{rows}")
    };
    workspace.file("lists/members.csv", rows(&COMMANDS));
    let refused = workspace.run(&["send", "letter", "--yes"]);
    assert_eq!(refused.status, 1, "{refused:#?}");
    // One bad row stops nobody else, and is left out.
    for address in &COMMANDS[..3] {
        workspace.file("lists/members.csv", rows(&[address, "good@one.example"]));
        let sent = workspace.run(&["send", "letter", "--yes", "--json"]);
        assert_eq!(sent.json()["skipped"]["invalid"], 1, "{sent:#?}");
        std::fs::remove_dir_all(workspace.path(".announce")).expect("a fresh start");
        std::fs::remove_file(workspace.path("drafts/letter.sent.toml")).expect("a fresh start");
    }
    workspace.file("lists/members.csv", rows(&ODD));
    assert_eq!(workspace.run(&["send", "letter", "--yes"]).status, 0);

    let mut contacted = relay.journal.contacted();
    contacted.sort();
    let mut expected: Vec<&str> = [&ODD[..], &["good@one.example"; 3]].concat();
    expected.sort_unstable();
    assert_eq!(contacted, expected);
    assert!(relay.journal.faults().is_empty(), "{:?}", relay.journal.faults());
    let counts = ["MAIL", "RCPT", "DATA"].map(|verb| relay.journal.count(verb));
    assert_eq!(counts, [10, 10, 10]);
    found(
        "T2",
        "SMTP in the address cell: 22 that no mail goes to, 7 that are odd and good",
        "the 22 are left out by line; one MAIL, RCPT and DATA for each of the others",
    );
}

#[test]
fn what_looks_like_an_address_is_one_person_or_refused() {
    use BadAddress as B;
    for (address, reason) in [
        ("an\u{200B}n@one.example", B::Invisible),
        ("an\u{200D}n@one.example", B::Invisible),
        ("an\u{2060}n@one.example", B::Invisible),
        ("\u{FEFF}ann@one.example", B::Invisible),
        ("ann\u{202E}@one.example", B::Invisible),
        ("ann@\u{2066}one.example\u{2069}", B::Invisible),
        ("ann@one.exa\u{AD}mple", B::Invisible),
        ("an\u{FE0F}n@one.example", B::Invisible),
        ("an\u{E0061}n@one.example", B::Invisible),
        ("an\u{3164}n@one.example", B::Invisible),
        ("ann＠one.example", B::FullWidth),
        ("ann﹫one.example", B::FullWidth),
        ("ann@one．example", B::FullWidth),
        ("ann@one。example", B::FullWidth),
        ("ａnn@one.example", B::FullWidth),
        ("an\u{A0}n@one.example", B::Space),
        ("an\u{2003}n@one.example", B::Space),
        ("an\u{3000}n@one.example", B::Space),
        ("ann\u{FFFD}@one.example", B::Damaged),
        ("ann\u{7}@one.example", B::Control),
        ("ann@one.example\u{85}x", B::Control),
    ] {
        assert_eq!(Address::parse(address).map(|_| ()), Err(reason), "{address:?}");
    }
    let keys = Keys::from(&Secret::from_bytes([7; 32]));
    let person = |address: &str| keys.person(&Address::parse(address).expect(address));
    for (one, same) in [
        ("ann@münchen.example", "ann@xn--mnchen-3ya.example"),
        ("ann@MÜNCHEN.example", "ann@mu\u{308}nchen.example"),
        ("andr\u{E9}@one.example", "andre\u{301}@one.example"),
        ("ANN@ONE.EXAMPLE", "ann@one.example"),
        ("\u{A0}ann@one.example\u{2003}", "ann@one.example"),
        ("박지현@one.example", "박지현@one.example"),
        ("ΝΙΚΟΣ@one.example", "νικος@one.example"),
    ] {
        assert_eq!(person(one), person(same), "{one} {same}");
    }
    for (one, other) in [
        ("ann@one.example", "\u{430}nn@one.example"),
        ("a.nn@one.example", "ann@one.example"),
        ("ann+x@one.example", "ann@one.example"),
        ("strasse@one.example", "straße@one.example"),
        ("ann@strasse.example", "ann@straße.example"),
    ] {
        assert_ne!(person(one), person(other), "{one} {other}");
    }
    let workspace = Workspace::new();
    workspace.members(&[("ann@one.example", "Ann"), ("an\u{200B}n@one.example", "Ann")]);
    let sent = workspace.run(&["send", "letter", "--yes"]);
    assert!(sent.stderr.contains("lists/members.csv:3: "), "{sent:#?}");
    let lists = workspace.run(&["lists"]);
    let told = format!("{}{}", lists.stdout, lists.stderr);
    assert!(told.contains("an\\u{200b}n@one.example"), "made visible: {lists:#?}");
    assert_eq!(workspace.caught().len(), 1);
    found(
        "T30",
        "21 addresses with what cannot be seen or only looks like ASCII; 7 spelt in two ways",
        "the 21 refused, each with its reason, the character made visible; the 7 are one person each",
    );
}

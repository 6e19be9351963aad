//! Texts that want to be headers (T1).

use super::{cell, ends::ENDS, naughty::CELLS};
use crate::{mail::Mail, reliability::found, workspace::Workspace};

/// Every place of the settings and of a draft that ends up in a header, as the line to be replaced
/// and how it begins.
const PLACES: [(&str, &str, &str); 9] = [
    ("announce.toml", "name = \"Example Group\"", "name = "),
    ("announce.toml", "address = \"news@group.example\"", "address = "),
    ("announce.toml", "reply_to = \"office@group.example\"", "reply_to = "),
    ("announce.toml", "language = \"en-GB\"", "language = "),
    ("announce.toml", "mailto = \"unsubscribe@group.example\"", "mailto = "),
    ("announce.toml", "address = \"bounces@group.example\"", "address = "),
    ("drafts/letter.md", "subject: A letter for {{first_name}}", "subject: "),
    ("drafts/letter.md", PREHEADER, "preheader: "),
    ("drafts/letter.md", "language: en-GB", "language: "),
];

const PREHEADER: &str = "preheader: What happened this month, and what comes next in our work";

fn newsroom() -> Workspace {
    let workspace = Workspace::new();
    let bounces = "[bounces]\naddress = \"bounces@group.example\"\n\n[unsubscribe]";
    workspace
        .edit("announce.toml", "[unsubscribe]", bounces)
        .edit("drafts/letter.md", "lists:", "language: en-GB\nattachments: [files/a.pdf]\nlists:")
        .file("drafts/files/a.pdf", "%PDF-1.7\n")
        .members(&[("ann@one.example", "Ann")]);
    workspace
}

/// The one mail, after a send that may also have been refused.
fn sent(workspace: &Workspace) -> Option<Mail> {
    let ran = workspace.run(&["send", "letter", "--yes"]);
    let mails = workspace.caught();
    assert_eq!(mails.len(), usize::from(ran.status == 0), "{ran:#?}");
    mails.first().map(|mail| Mail::read(mail.as_bytes()))
}

#[test]
fn no_input_adds_a_header_field() {
    let plain = sent(&newsroom()).expect("a mail");
    let expected = plain.field_names();
    assert!(expected.len() > 15, "{expected:?}");

    // List cells: one row each.
    let workspace = newsroom();
    let rows = CELLS.iter().enumerate();
    let rows = rows.map(|(row, text)| format!("p{row}@one.example,{}\r\n", cell(text)));
    workspace
        .file("lists/members.csv", format!("email,first_name\r\n{}", rows.collect::<String>()));
    let allowed = ["--allow", "M2/leftover", "--allow", "M3/greeting"];
    let send = [&["send", "letter", "--yes"], &allowed[..]].concat();
    let ran = workspace.run(&send);
    assert_eq!(ran.status, 0, "{ran:#?}");
    let mails = workspace.caught();
    assert_eq!(mails.len(), CELLS.len());
    for mail in &mails {
        assert_eq!(Mail::read(mail.as_bytes()).field_names(), expected, "{mail}");
        only_whole_lines(mail);
    }

    // Settings and front matter: JSON's strings are also those of TOML and YAML.
    let (mut taken, mut refused) = (0, 0);
    for (file, line, key) in PLACES {
        for text in ["x\r\nBcc: spy@evil.example", "x\nBcc: spy@evil.example\n\n", CELLS[6], "x\0y"]
        {
            let workspace = newsroom();
            workspace.edit(file, line, &format!("{key}{}", serde_json::json!(text)));
            match sent(&workspace) {
                Some(mail) => {
                    assert_eq!(mail.field_names(), expected, "{file} {key}{text:?}");
                    taken += 1;
                }
                None => refused += 1,
            }
        }
    }
    assert!(taken > 0 && refused > 20, "{taken} taken, {refused} refused");

    // File names.
    for name in
        ["a\"; filename=\"b.exe", "a;b=c.pdf", "é\u{202e}fdp.exe", "=?utf-8?q?a=0D=0A?=.pdf"]
    {
        let workspace = newsroom();
        let written = serde_json::json!(format!("files/{name}")).to_string();
        workspace.file(&format!("drafts/files/{name}"), "x").edit(
            "drafts/letter.md",
            "files/a.pdf",
            &written,
        );
        let mail = sent(&workspace).expect("a mail");
        assert_eq!(mail.field_names(), expected, "{name:?}");
    }
    found(
        "T1",
        "header injection: 44 texts as a list cell, 4 in each of 9 places of settings and front \
         matter, 4 file names",
        "as many header fields as without, or refused",
    );
}

/// No CR or LF stands alone, and no control character stands in a header.
#[track_caller]
fn only_whole_lines(mail: &str) {
    let lines: Vec<&str> = mail.split("\r\n").collect();
    assert!(lines.iter().all(|line| !line.contains(['\r', '\n', '\0']) && line.len() <= 998));
    let head = lines.iter().take_while(|line| !line.is_empty());
    assert!(head.copied().all(|line| !line.contains(|c: char| c.is_control())), "{mail}");
}

#[test]
fn no_end_of_data_stands_in_a_header() {
    for end in ENDS {
        let workspace = newsroom();
        let subject = serde_json::json!(format!("x{end}y"));
        workspace.edit("drafts/letter.md", PLACES[6].1, &format!("subject: {subject}"));
        if let Some(mail) = sent(&workspace) {
            let subject = mail.shown("Subject");
            assert!(!subject.contains(|c: char| c.is_control()), "{subject:?}");
        }
    }
}

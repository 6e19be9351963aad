//! Cells that want to be tags, links, entities or templates (T4 to T7).

use std::sync::LazyLock;

use super::{
    cell,
    naughty::{CELLS, SCHEMES},
};
use crate::{mail::Mail, reliability::found, workspace::Workspace};

/// Prints a cell in every kind of place: subject, text, emphasis, table, quote, link.
const LETTER: &str = "---\nkind: letter\nsubject: A letter for {{first_name}}\n\
    preheader: For {{first_name}}\nlists: [members]\n---\n\
    A {{first_name}} Z\n\n*{{first_name}}*\n\n> {{first_name}}\n\n\
    | a | b |\n|---|---|\n| {{first_name}} | c |\n\n\
    [page](https://group.example/{{first_name}}?c={{first_name}}#x)\n\n{{#if first_name}}yes{{/if}}\n";

/// A mail to a plain person, and one to each of the naughty.
static MAILS: LazyLock<(Mail, Vec<(&str, Mail)>)> = LazyLock::new(|| {
    let rows = CELLS
        .iter()
        .enumerate()
        .map(|(row, text)| format!("p{row}@one.example,{}\r\n", cell(text)));
    let workspace = Workspace::new();
    let list = format!("email,first_name\r\nplain@one.example,x\r\n{}", rows.collect::<String>());
    workspace.file("drafts/letter.md", LETTER).file("lists/members.csv", list);
    let sent = workspace.run(&["send", "letter", "--yes", "--allow", "M2/leftover"]);
    assert_eq!(sent.status, 0, "{sent:#?}");
    let mails = workspace.caught();
    let of = |to: &str| {
        let own = mails.iter().map(|mail| Mail::read(mail.as_bytes()));
        let mut own = own.filter(|mail| mail.field("To").is_some_and(|field| field.contains(to)));
        own.next().unwrap_or_else(|| panic!("{to} got no mail"))
    };
    let naughty =
        CELLS.iter().enumerate().map(|(row, text)| (*text, of(&format!("p{row}@one.example"))));
    (of("plain@one.example"), naughty.collect())
});

/// The elements of a page with the names of their attributes, and its comments: what is left when
/// texts and values are taken out.
fn skeleton(html: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once('<') {
        if tag.starts_with("!--") {
            tags.push("<!--".to_owned());
            rest = tag.split_once("-->").expect("a comment ends").1;
            continue;
        }
        let mut quote = None;
        let end = tag.find(|c| {
            match (quote, c) {
                (None, '"' | '\'') => quote = Some(c),
                (Some(open), c) if open == c => quote = None,
                _ => {}
            }
            quote.is_none() && c == '>'
        });
        let (inside, after) = tag.split_at(end.expect("a tag ends"));
        let pieces: Vec<&str> = inside.split('"').step_by(2).collect();
        tags.push(pieces.join("\"\""));
        rest = after;
    }
    tags
}

/// Text of a page, entities resolved (HTML §13.5, the few that a page of ours has).
fn text_of(html: &str) -> String {
    let text = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'")];
    let text = text.iter().fold(html.to_owned(), |html, (from, to)| html.replace(from, to));
    text.replace("&#x60;", "`").replace("&#x3D;", "=").replace("&amp;", "&")
}

/// White space in a mail's text may be broken anew.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn no_cell_adds_an_element_or_an_attribute() {
    let (plain, naughty) = &*MAILS;
    let expected = skeleton(&plain.text_of("text/html"));
    assert!(expected.len() > 30, "{expected:?}");
    for (text, mail) in naughty {
        assert_eq!(skeleton(&mail.text_of("text/html")), expected, "{text:?}");
    }
    found(
        "T4",
        "44 hostile texts as a cell, printed in seven places of a page",
        "the same elements and attributes as for a plain word",
    );
}

#[test]
fn no_cell_makes_a_link_lead_elsewhere() {
    for (text, mail) in &MAILS.1 {
        let html = mail.text_of("text/html");
        for link in html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let ours =
                ["https://group.example/", "mailto:unsubscribe@group", "mailto:office@group"];
            assert!(ours.iter().any(|ours| link.starts_with(ours)), "{text:?}: {link}");
        }
        assert!(!html.contains("<img"), "{text:?}");
    }
    for (row, scheme) in SCHEMES.iter().enumerate() {
        let workspace = Workspace::new();
        let rows = format!("email,first_name\nann@one.example,{}\n", cell(scheme));
        workspace
            .file("lists/members.csv", rows)
            .edit("drafts/letter.md", "subject: A letter for {{first_name}}", "subject: A letter")
            .edit("drafts/letter.md", "Thank you", "[Thank you]({{first_name}})");
        let ran = workspace.run(&["send", "letter", "--yes"]);
        assert_eq!((ran.status, workspace.caught().len()), (1, 0), "{row} {scheme:?}: {ran:#?}");
        assert!(!ran.stderr.contains("evil"), "{ran:#?}");
    }
    found(
        "T5",
        "44 hostile texts inside a link, 14 schemes as the whole of one",
        "links lead where the author said; another scheme than https, http, mailto is refused",
    );
}

#[test]
fn text_is_text_in_the_text_part_and_on_the_page() {
    for (text, mail) in &MAILS.1 {
        let shown = format!("A {} Z", words(text));
        let plain = words(&mail.text_of("text/plain"));
        assert!(plain.contains(&shown), "{text:?} in {plain}");
        let html = words(&text_of(&mail.text_of("text/html")));
        assert!(html.contains(&shown), "{text:?} in {html}");
        assert_eq!(mail.shown("Subject"), format!("A letter for {}", words(text)), "{text:?}");
    }
    found(
        "T6",
        "`&amp;`, `<`, quotes and other scripts as a cell",
        "reads as typed in the subject, the text part and the page",
    );
}

#[test]
fn data_is_never_a_template() {
    for (text, mail) in MAILS.1.iter().filter(|(text, _)| text.contains("{{")) {
        let shown = format!("A {} Z", words(text));
        assert!(words(&mail.text_of("text/plain")).contains(&shown), "{text:?}");
        assert!(words(&text_of(&mail.text_of("text/html"))).contains(&shown), "{text:?}");
    }
    for asked in ["smtp.password", "smtp.url", "env.HOME", "config", "settings.smtp", "@root"] {
        let workspace = Workspace::new();
        workspace.edit("drafts/letter.md", "Thank you", &format!("{{{{{asked}}}}}"));
        let ran = workspace.run(&["send", "letter", "--yes"]);
        assert_eq!((ran.status, workspace.caught().len()), (1, 0), "{asked}: {ran:#?}");
    }
    found(
        "T7",
        "`{{…}}` in data; a draft that asks for settings",
        "data is printed as it is; templates know no settings",
    );
}

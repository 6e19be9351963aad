use std::convert::Infallible;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    compose::{
        Attachment, Composer, Message as Composed, Parts, Picture, Recipient, Sender, Stamp,
        Unsubscribe,
    },
    render::{Person, Rendered, Renderer, expand, tests::with_samples},
};

const HTML: &str = "<!doctype html>\n<html>\n<head><title>The title</title></head>\n<body>\n\
    <div style=\"display:none\">Doors open at half past five &ndash; bring a friend. \
    &#847;&zwnj;&nbsp;&#847;&zwnj;&nbsp;&#847;&zwnj;&nbsp;&#847;&zwnj;&nbsp;&#847;&zwnj;&nbsp;\
    </div>\n<h1>Masthead</h1><p>Dear Ana,</p>\n<img src=\"cid:hall@appg.example\" alt=\"\">\n\
    </body>\n</html>\n";

const TEXT: &str = "Dear Ana,\n\nA long line of 북한, with an equals sign = and a dot below.\n.\n";

fn composed() -> Composed {
    let parts = Parts {
        sender: Sender {
            name: "APPG on North Korea, “news”".to_owned(),
            address: "news@appg.example".to_owned(),
            reply_to: None,
            domain: "appg.example".to_owned(),
        },
        unsubscribe: Unsubscribe { mailto: Some("unsubscribe@appg.example".to_owned()), url: None },
        bounces: None,
        language: "en-GB".to_owned(),
        calendar: None,
        attachments: vec![
            Attachment {
                file_name: "회의 프로그램.pdf".to_owned(),
                media_type: "application/pdf".to_owned(),
                bytes: b"%PDF-1.7\r\n\0\xff.\r\n%%EOF\n".to_vec(),
            },
            Attachment {
                file_name: "list.csv".to_owned(),
                media_type: "text/csv".to_owned(),
                bytes: b"caf\xe9;1\r\n".to_vec(),
            },
        ],
        pictures: vec![Picture {
            cid: "hall@appg.example".to_owned(),
            file_name: "hall.png".to_owned(),
            media_type: "image/png".to_owned(),
            bytes: b"\x89PNG\r\n\x1a\n\0".to_vec(),
        }],
    };
    let rendered = Rendered {
        subject: "Event: North Korea’s Hidden Revolution, and a subject longer than one line has"
            .to_owned(),
        html: HTML.to_owned().into(),
        text: TEXT.to_owned().into(),
    };
    let to = Recipient { address: "ana@example.org", name: Some("Ana O’Brien") };
    let stamp = Stamp {
        message_id: "mmmmmmmmmmmmmmmmmmmmmmmmmm",
        boundary: "bbbbbbbbbbbbbbbbbbbbbbbbbb",
        return_path: "rrrrrrrrrrrrrrrrrrrrrrrrrr",
        unsubscribe: "uuuuuuuuuuuuuuuuuuuuuuuuuu",
        answers: None,
        date: "2026-12-10T08:00:00Z".parse().unwrap(),
        test: false,
    };
    Composer::new(parts).unwrap().compose(&rendered, &to, &stamp).unwrap()
}

#[test]
fn what_was_composed_is_read_back() {
    let message = composed();
    let reading = Reading::of(&message.bytes);
    assert_eq!(
        reading.subject,
        "Event: North Korea’s Hidden Revolution, and a subject longer than one line has"
    );
    assert_eq!(reading.sender.name, "APPG on North Korea, “news”");
    assert_eq!(reading.sender.address, "news@appg.example");
    assert_eq!(reading.to, "Ana O’Brien <ana@example.org>");
    assert_eq!(reading.date, "Thursday 10 December 2026, 08:00");
    assert_eq!(reading.html.as_deref(), Some(HTML));
    assert_eq!(reading.text, TEXT);
    assert_eq!(reading.preheader, "Doors open at half past five – bring a friend.");
    assert_eq!(reading.bytes, message.bytes.len());
    assert_eq!(reading.html_bytes, message.html);
}

#[test]
fn headers_keep_their_order_and_their_spelling() {
    let reading = Reading::of(&composed().bytes);
    let names: Vec<&str> = reading.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "List-Id",
            "List-Unsubscribe",
            "Auto-Submitted",
            "Precedence",
            "Content-Language",
            "MIME-Version",
            "Content-Type",
        ]
    );
    assert_eq!(reading.headers[2].1, reading.subject);
    assert!(reading.headers[6].1.starts_with("<mailto:unsubscribe@appg.example?"));
}

#[test]
fn files_keep_every_byte() {
    let reading = Reading::of(&composed().bytes);
    let [picture] = &reading.pictures[..] else { panic!("{:?}", reading.pictures) };
    assert_eq!((picture.number, picture.name.as_str()), (1, "hall.png"));
    assert_eq!(picture.content, b"\x89PNG\r\n\x1a\n\0");
    assert_eq!(reading.part_of_cid("hall@appg.example"), Some(picture));
    let [programme, list] = &reading.attachments[..] else { panic!("{:?}", reading.attachments) };
    assert_eq!((programme.number, programme.name.as_str()), (2, "회의 프로그램.pdf"));
    assert_eq!(programme.content, b"%PDF-1.7\r\n\0\xff.\r\n%%EOF\n");
    assert_eq!((list.media_type.as_str(), list.bytes), ("text/csv", 8));
    assert_eq!(list.content, b"caf\xe9;1\r\n");
    assert_eq!(reading.part(3), Some(list));
    assert_eq!(reading.part(0), None);
}

#[test]
fn a_calendar_entry_is_one_paper() {
    let part = |name: &str, entry: &str| {
        let end = if name.is_empty() { String::new() } else { format!("; name={name}") };
        format!("--b\r\nContent-Type: text/calendar{end}\r\n\r\nUID:{entry}\r\n")
    };
    let names = |parts: &[String]| {
        let head = "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
        let reading = Reading::of(format!("{head}{}--b--\r\n", parts.concat()).as_bytes());
        reading.attachments.into_iter().map(|part| part.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&[part("", "1"), part("talk.ics", "1")]), ["talk.ics"]);
    assert_eq!(names(&[part("", "1"), part("talk.ics", "2")]), ["part 1", "talk.ics"]);
    assert_eq!(names(&[part("", "1")]), ["part 1"]);
}

#[test]
fn the_page_is_told_all_but_the_bodies() {
    let told = serde_json::to_value(Reading::of(&composed().bytes)).unwrap();
    assert_eq!(told["headers"][0][0], "From");
    assert_eq!(told["html"], serde_json::Value::Null);
    let picture = json!({ "number": 1, "name": "hall.png", "media_type": "image/png",
                          "bytes": 9, "cid": "hall@appg.example" });
    assert_eq!(told["pictures"], json!([picture]));
    let list = json!({ "number": 3, "name": "list.csv", "media_type": "text/csv", "bytes": 8 });
    assert_eq!(told["attachments"][1], list);
}

#[test]
fn the_samples_begin_in_an_inbox_with_what_their_drafts_say() {
    let mut said = 0;
    with_samples(|slug, input| {
        let expanded = expand(input).unwrap();
        let Ok(renderer) = Renderer::new(&expanded, |lines| Ok::<_, Infallible>(lines.to_owned()));
        let values = vec!["Ana".to_owned(); expanded.columns.len()];
        let unsubscribe = "mailto:unsubscribe@appg.example";
        let person = Person { values: &values, list_title: "you are a member", unsubscribe };
        let html = renderer.render(&person).unwrap().html.to_string();
        let shown = preheader::of_html(&html, html_to_text);
        match &input.draft.front.preheader {
            Some(preheader) => {
                assert_eq!(shown, preheader.value.replace("{{first_name}}", "Ana"), "{slug}");
                said += 1;
            }
            None => assert!(shown.starts_with("APPG on North Korea "), "{slug}: {shown}"),
        }
    });
    assert!(said > 0);
}

#[test]
fn a_mail_without_mime_is_text() {
    let reading =
        Reading::of(b"From: Jo Doe <jo@example.org>\nDate: soon\nX-Odd:\n\nHello,\nyou.\n");
    assert_eq!(
        reading.sender,
        Mailbox { name: "Jo Doe".to_owned(), address: "jo@example.org".to_owned() }
    );
    assert_eq!((reading.subject.as_str(), reading.date.as_str()), ("", "soon"));
    assert_eq!(reading.headers[2], ("X-Odd".to_owned(), String::new()));
    assert_eq!(reading.text, "Hello,\nyou.\n");
    assert_eq!((reading.html, reading.html_bytes), (None, 0));
    assert_eq!(reading.preheader, "Hello, you.");
}

#[test]
fn other_character_sets_are_decoded() {
    let reading = Reading::of(
        b"Subject: =?iso-8859-1?Q?caf=E9?=\r\nContent-Type: text/html; charset=iso-8859-1\r\n\
          Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>Caf=E9=\r\n</p>\r\n",
    );
    assert_eq!(reading.subject, "café");
    assert_eq!(reading.html.as_deref(), Some("<p>Café</p>\n"));
    assert_eq!(reading.html_bytes, 18);
    assert_eq!((reading.text.as_str(), reading.preheader.as_str()), ("", "Café"));
}

#[test]
fn broken_mails_are_read_as_far_as_they_go() {
    assert_eq!(Reading::of(b"").text, "");
    let cut_short = Reading::of(
        b"Subject: a\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\
          Content-Type: text/plain\r\n\r\nHello",
    );
    assert_eq!(cut_short.subject, "a");
    assert_eq!(cut_short.attachments[0].content, b"Hello");
    let headers_only = Reading::of(b"Subject: a\r\nTo: b@example.org\r\n");
    assert_eq!((headers_only.subject.as_str(), headers_only.to.as_str()), ("a", "b@example.org"));
    // Shown as it travels.
    let no_base64 = Reading::of(
        b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n<p>!\xff</p>\r\n",
    );
    assert_eq!(no_base64.html.as_deref(), Some("<p>!\u{FFFD}</p>\n"));
}

#[test]
fn names_and_types_of_files_are_made_harmless() {
    let reading = Reading::of(
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nHello\r\n--x\r\n\
          Content-Type: IMAGE/PNG; name=\"..\\\\..\\\\etc/pass\x01wd\"\r\n\r\nabc\r\n--x\r\n\
          Content-Type: \"a b/c\"; x\r\n\r\nabc\r\n--x\r\n\
          Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nHi\r\n--x--\r\n",
    );
    let told: Vec<(&str, &str)> =
        reading.attachments.iter().map(|p| (p.name.as_str(), p.media_type.as_str())).collect();
    assert_eq!(
        told,
        [
            ("passwd", "image/png"),
            ("part 2", "application/octet-stream"),
            ("part 3", "message/rfc822"),
        ]
    );
    assert_eq!(reading.attachments[2].content, b"Subject: inner\r\n\r\nHi");
}

#[test]
fn a_mail_of_mails_of_mails_ends() {
    let mut deep = "Content-Type: message/rfc822\r\n\r\n".repeat(200_000);
    assert_eq!(Reading::of(deep.as_bytes()).bytes, deep.len());
    deep.insert_str(0, "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    assert_eq!(Reading::of(deep.as_bytes()).bytes, deep.len());
}

proptest! {
    #[test]
    fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(Reading::of(&bytes).bytes, bytes.len());
    }

    #[test]
    fn anything_like_a_mail_can_be_read(
        lines in prop::collection::vec(prop_oneof![
            Just("Content-Type: multipart/mixed; boundary=x"),
            Just("Content-Type: multipart/alternative; boundary=\"y\""),
            Just("Content-Type: multipart/digest; boundary=x"),
            Just("Content-Type: text/html; charset=utf-16"),
            Just("Content-Type: text/plain; charset=utf-7; name*0*=utf-8''%e9; name*1=x"),
            Just("Content-Type: message/rfc822"),
            Just("Content-Type: image/png"),
            Just("Content-Disposition: attachment; filename=\"=?utf-8?b?w6k=?=\""),
            Just("Content-Transfer-Encoding: base64"),
            Just("Content-Transfer-Encoding: quoted-printable"),
            Just("Content-ID: <a@example.org>"),
            Just("From: =?utf-8?q?=c3=a9?= <a@example.org>, \"b"),
            Just("Date: Thu, 99 Dec 0000 25:61:00 +9999"),
            Just("Received: from x (y [::1]) by z; ("),
            Just("--x"), Just("--x--"), Just("--y"), Just("--y--"), Just(""), Just(" folded"),
            Just("Z29vZA=="), Just("=C3=A9=\r\n=="), Just("<p>&amp;&#x110000;&#0;&é;<"), Just(":"),
        ], 0..24),
        end in prop_oneof![Just("\r\n"), Just("\n")],
    ) {
        let mail = lines.join(end);
        let reading = Reading::of(mail.as_bytes());
        prop_assert_eq!(reading.bytes, mail.len());
        prop_assert!(reading.html_bytes <= mail.len());
    }
}

//! Input that wants to be more than text: headers of its own, a second message, a second person.

use super::{
    super::{Attachment, Composer, Error, Message, Picture, Recipient, wire},
    ends::ENDS,
    samples::{self, Sample},
};

/// Text that has become a header or a command somewhere.
const INJECTIONS: [&str; 16] = [
    "x\r\nBcc: eve@example.org",
    "x\nBcc: eve@example.org",
    "x\rBcc: eve@example.org",
    "x\r\n\r\n<p>body</p>",
    "x\r\n Bcc: eve@example.org",
    "x\0y",
    "x\ty",
    "x\u{b}y",
    "x\u{c}y",
    "x\u{7f}y",
    "x\u{85}Bcc: eve@example.org",
    "x>\r\nRCPT TO:<eve@example.org",
    "=?utf-8?q?x=0D=0ABcc:_eve@example.org?=",
    "x\" <eve@example.org>, \"y",
    "x, eve@example.org",
    "\u{2028}Bcc: eve@example.org",
];

/// Where text from drafts, lists and settings comes in, by name.
type Place = (&'static str, fn(&mut Sample, &'static str));

const HEADER_PLACES: [Place; 19] = [
    ("subject", |sample, text| sample.rendered.subject = text.to_owned()),
    ("name", |sample, text| sample.to.name = Some(text)),
    ("address", |sample, text| sample.to.address = text),
    ("sender name", |sample, text| sample.parts.sender.name = text.to_owned()),
    ("sender address", |sample, text| sample.parts.sender.address = text.to_owned()),
    ("reply-to", |sample, text| sample.parts.sender.reply_to = Some(text.to_owned())),
    ("domain", |sample, text| sample.parts.sender.domain = text.to_owned()),
    ("language", |sample, text| sample.parts.language = text.to_owned()),
    ("bounces", |sample, text| sample.parts.bounces = Some(text.to_owned())),
    ("mailto", |sample, text| sample.parts.unsubscribe.mailto = Some(text.to_owned())),
    ("url", |sample, text| {
        sample.parts.unsubscribe.url = Some(format!("https://appg.example/{text}"));
    }),
    ("file name", |sample, text| sample.parts.attachments[0].file_name = text.to_owned()),
    ("media type", |sample, text| sample.parts.attachments[0].media_type = text.to_owned()),
    ("content id", |sample, text| sample.parts.pictures[0].cid = text.to_owned()),
    ("message id", |sample, text| sample.stamp.message_id = text),
    ("boundary", |sample, text| sample.stamp.boundary = text),
    ("return path", |sample, text| sample.stamp.return_path = text),
    ("unsubscribe token", |sample, text| sample.stamp.unsubscribe = text),
    ("picture's name", |sample, text| sample.parts.pictures[0].file_name = text.to_owned()),
];

fn try_compose(sample: &Sample) -> Result<Message, Error> {
    Composer::new(sample.parts.clone())?.compose(&sample.rendered, &sample.to, &sample.stamp)
}

/// Names of all header fields, those of the parts included.
fn field_names(message: &Message) -> Vec<String> {
    let text = String::from_utf8(message.bytes.clone()).expect("messages are ASCII");
    let blocks = text.split("\r\n--=_").map(|part| match part.split_once("\r\n") {
        Some((delimiter, rest)) if !delimiter.contains(": ") => rest,
        _ => part,
    });
    blocks
        .filter_map(|block| block.split("\r\n\r\n").next())
        .flat_map(|header| header.split("\r\n"))
        .filter(|line| !line.starts_with([' ', '\t']))
        .filter_map(|line| line.split_once(':').map(|(name, _)| name.to_owned()))
        .collect()
}

/// How many messages a server sees that takes any of CR, LF and CRLF for a line end.
fn messages_seen(bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\r', "\n");
    1 + text.matches("\n.\n").count()
}

#[test]
fn no_input_adds_a_header() {
    for (place, put) in HEADER_PLACES {
        let mut expected = samples::attachments();
        if place == "url" {
            expected.parts.unsubscribe.url = Some("https://appg.example/u/".to_owned());
        }
        let expected = field_names(&expected.message());
        for text in INJECTIONS.into_iter().chain(ENDS) {
            let mut sample = samples::attachments();
            put(&mut sample, text);
            if let Ok(message) = try_compose(&sample) {
                assert_eq!(field_names(&message), expected, "{place}: {text:?}");
                assert_eq!(messages_seen(&message.bytes), 1, "{place}: {text:?}");
            }
        }
    }
}

#[test]
fn control_characters_never_pass_into_a_header() {
    for (place, put) in HEADER_PLACES {
        for text in ["a\r\nb", "a\nb", "a\rb", "a\0b", "a\u{1}b", "a\u{1f}b", "a\u{7f}b", "\n"] {
            let mut sample = samples::attachments();
            put(&mut sample, text);
            let error = try_compose(&sample).expect_err(place).to_string();
            assert!(!error.contains(text), "{place}: {error:?}");
        }
    }
}

#[test]
fn no_body_can_end_the_message() {
    let places: [Place; 4] = [
        ("text", |sample, text| sample.rendered.text = text.to_owned().into()),
        ("html", |sample, text| sample.rendered.html = text.to_owned().into()),
        ("attachment", |sample, text| sample.parts.attachments[0].bytes = text.into()),
        ("picture", |sample, text| sample.parts.pictures[0].bytes = text.into()),
    ];
    for (place, put) in places {
        for sequence in ENDS {
            let smuggled = format!("a{sequence}MAIL FROM:<eve@example.org>{sequence}");
            let mut sample = samples::attachments();
            put(&mut sample, smuggled.leak());
            let bytes = sample.message().bytes;
            assert_eq!(wire::check(&bytes), Ok(()), "{place}: {sequence:?}");
            assert_eq!(messages_seen(&bytes), 1, "{place}: {sequence:?}");
            let text = String::from_utf8(bytes).expect("messages are ASCII");
            assert!(!text.contains("\r\n."), "{place}: {sequence:?}");
        }
    }
}

#[test]
fn a_body_cannot_speak_for_the_structure() {
    let delimiter = format!("\n--=_alternative_{0}--\n\n--=_mixed_{0}\n", "b".repeat(26));
    let mut sample = samples::attachments();
    let expected = field_names(&sample.message());
    sample.rendered.text = format!("a{delimiter}X-Eve: yes\n\nb").into();
    sample.rendered.html.clone_from(&sample.rendered.text);
    assert_eq!(field_names(&sample.message()), expected);
}

#[test]
fn who_cannot_be_mailed_is_told_apart_from_what_is_no_address() {
    let mut sample = samples::plain();
    sample.to.address = "민준@example.org";
    assert_eq!(try_compose(&sample), Err(Error::NeedsSmtputf8 { header: "To" }));
    sample.to.address = "minjun";
    assert_eq!(try_compose(&sample), Err(Error::Address { header: "To" }));
}

#[test]
fn a_bounce_address_must_leave_room_for_its_token() {
    let mut sample = samples::plain();
    sample.parts.bounces = Some(format!("{}@appg.example", "b".repeat(37)));
    let local_part = sample.message().envelope.from.find('@');
    assert_eq!(local_part, Some(64));
    sample.parts.bounces = Some(format!("{}@appg.example", "b".repeat(38)));
    assert!(matches!(try_compose(&sample), Err(Error::Invalid { header: "Return-Path", .. })));
}

#[test]
fn a_name_too_long_for_a_line_is_folded_and_an_address_is_refused() {
    let mut sample = samples::plain();
    let name = "n".repeat(5_000);
    sample.to = Recipient { address: "ana@example.org", name: Some(name.leak()) };
    assert_eq!(wire::check(&sample.message().bytes), Ok(()));
    let address = format!("ana@{}.example", "a".repeat(5_000));
    sample.to.address = address.leak();
    assert_eq!(try_compose(&sample), Err(Error::Address { header: "To" }));
}

#[test]
fn a_file_name_too_long_for_a_line_is_refused() {
    let mut sample = samples::pictures();
    sample
        .parts
        .pictures
        .push(Picture { file_name: "p".repeat(999), ..sample.parts.pictures[0].clone() });
    assert_eq!(try_compose(&sample), Err(Error::Line));
    let file =
        Attachment { file_name: "a".repeat(999), media_type: "a/b".to_owned(), bytes: vec![] };
    sample.parts.pictures.clear();
    sample.parts.attachments.push(file);
    assert_eq!(try_compose(&sample), Err(Error::Line));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Any texts at all: refused, or in whole lines of ASCII, with the same fields as ever.
    #[test]
    fn any_texts_make_a_sound_message_or_none(
        subject in "([ -~]{0,300}|\\PC{0,90}|(?s:.{0,40}))",
        name in "([ -~]{1,300}|\\PC{1,90}|(?s:.{1,40}))",
        text in "(?s:.{0,200})",
        file_name in "([ -~]{1,80}|\\PC{1,60})",
    ) {
        let plain = samples::attachments();
        let mut sample = plain.clone();
        sample.rendered.subject.clone_from(&subject);
        sample.rendered.html = text.clone().into();
        sample.rendered.text = text.into();
        sample.to.name = Some(name.leak());
        sample.parts.attachments[0].file_name = file_name;
        let composer = Composer::new(sample.parts.clone());
        let composed = composer.and_then(|composer| {
            composer.compose(&sample.rendered, &sample.to, &sample.stamp)
        });
        let Ok(message) = composed else { return Ok(()) };
        proptest::prop_assert_eq!(field_names(&message), field_names(&plain.message()));
        let text = String::from_utf8(message.bytes).expect("messages are ASCII");
        for line in text.split("\r\n") {
            proptest::prop_assert!(line.len() <= 998 && !line.contains(['\r', '\n', '\0']));
            proptest::prop_assert!(!line.starts_with('.'), "{line}");
        }
        let head = text.split_once("\r\n\r\n").expect("a header").0;
        let head = head.replace("\r\n ", " ");
        let shown = head.split("\r\n").find(|field| field.starts_with("Subject:"));
        proptest::prop_assert_eq!(super::decode::header(shown.expect("a subject")), subject);
    }
}

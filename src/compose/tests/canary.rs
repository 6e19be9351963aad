//! One composer, a thousand people: each message knows one of them.

use std::collections::BTreeSet;

use super::{
    super::{Composer, Recipient, Stamp, Unsubscribe},
    decode, samples,
};
use crate::render::Rendered;

/// Marks everything that is one person's: `canary` and four letters.
fn canary(person: usize) -> String {
    let number = format!("{person:04}");
    let letters: String = number.bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
    format!("canary{letters}")
}

fn canaries_in(text: &str) -> BTreeSet<&str> {
    text.match_indices("canary").filter_map(|(at, _)| text.get(at..at + 10)).collect()
}

#[test]
fn each_of_a_thousand_messages_holds_only_its_own_person() {
    let mut parts = samples::attachments().parts;
    parts.bounces = Some("bounces@appg.example".to_owned());
    parts.unsubscribe =
        Unsubscribe { url: Some("https://x.test/u/".to_owned()), ..parts.unsubscribe };
    let composer = Composer::new(parts).expect("sound parts");
    let date = samples::plain().stamp.date;
    for person in 0..1_000 {
        let own = canary(person);
        let token = |purpose: &str| format!("{own}{purpose:x<16}");
        let tokens = ["message", "boundary", "path", "leave"].map(token);
        let [message_id, boundary, return_path, unsubscribe] = &tokens;
        let rendered = Rendered {
            subject: format!("{own} 님께 – 안녕"),
            html: format!("<p>{} {own} ÷ {own}</p>", "é".repeat(person % 80)).into(),
            text: format!("{} {own}\n{own}\n", "long ".repeat(person % 80)).into(),
        };
        let address = format!("{own}@{own}.example");
        let name = format!("김 {own}");
        let stamp = Stamp {
            message_id,
            boundary,
            return_path,
            unsubscribe,
            answers: None,
            date,
            test: false,
        };
        let to = Recipient { address: &address, name: Some(&name) };
        let message = composer.compose(&rendered, &to, &stamp).expect("a sound message");

        let raw = String::from_utf8(message.bytes).expect("messages are ASCII");
        let (header, body) = raw.split_once("\r\n\r\n").expect("a header and a body");
        let header = header.replace("\r\n ", " ");
        let shown: Vec<String> = header.split("\r\n").map(decode::header).collect();
        let (texts, _) = body.split_once("Content-Type: image/png").expect("a picture");
        let texts = String::from_utf8(decode_parts(texts)).expect("UTF-8");
        let envelope = [message.envelope.from, message.envelope.to].join(" ");
        let raw = raw.replace("=\r\n", "");
        let only = BTreeSet::from([own.as_str()]);
        for seen in [raw.as_str(), &shown.join("\n"), &texts, &envelope] {
            assert_eq!(canaries_in(seen), only);
        }
        assert!(shown.contains(&format!("{own} 님께 – 안녕")));
        assert!(tokens.iter().all(|token| raw.contains(token) || envelope.contains(token)));
    }
}

/// The quoted-printable parts decoded, their headers dropped.
fn decode_parts(body: &str) -> Vec<u8> {
    let contents = body.split("Content-Transfer-Encoding: quoted-printable\r\n\r\n").skip(1);
    let contents = contents.filter_map(|part| part.split("\r\n--=_").next());
    contents.flat_map(decode::quoted_printable).collect()
}

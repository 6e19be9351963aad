//! Whole messages as text, in `tests/golden/`; LF there, CRLF on the wire. After a wanted change
//! `INSTA_UPDATE=always cargo test` writes them anew, for the diff to be read.

use super::samples::{self, Sample};

fn assert_golden(sample: &Sample) {
    let bytes = sample.message().bytes;
    let text = String::from_utf8(bytes).expect("messages are ASCII").replace("\r\n", "\n");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../tests/golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(sample.name, text));
}

#[test]
fn a_plain_event_is_text_and_html() {
    assert_golden(&samples::plain());
}

#[test]
fn korean_names_and_subjects_are_encoded() {
    assert_golden(&samples::korean());
}

#[test]
fn pictures_travel_with_the_html() {
    assert_golden(&samples::pictures());
}

#[test]
fn attachments_stand_around_it_all() {
    assert_golden(&samples::attachments());
}

#[test]
fn an_event_is_the_last_alternative_and_the_last_file() {
    assert_golden(&samples::calendar());
}

#[test]
fn one_click_stands_before_mail() {
    assert_golden(&samples::https_and_bounces());
}

#[test]
fn a_test_mail_says_so_and_unsubscribes_nobody() {
    assert_golden(&samples::test());
}

#[test]
fn the_envelope_returns_to_the_token_or_to_the_sender() {
    let envelope = samples::https_and_bounces().message().envelope;
    assert_eq!(envelope.from, "bounces+rrrrrrrrrrrrrrrrrrrrrrrrrr@appg.example");
    assert_eq!(envelope.to, "ana@example.org");
    assert_eq!(samples::plain().message().envelope.from, "news@appg.example");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for sample in samples::all() {
        assert_eq!(sample.message(), sample.message());
        assert_eq!(sample.message().id, "mmmmmmmmmmmmmmmmmmmmmmmmmm@appg.example");
    }
}

#[test]
fn lines_are_short_unless_they_must_not_be_folded() {
    for sample in samples::all() {
        for line in String::from_utf8_lossy(&sample.message().bytes).split("\r\n") {
            let is_one_word = !line.trim_start().contains(' ') || line.starts_with("List-");
            assert!(line.len() <= 76 || line.contains("name=\"") || is_one_word, "{line}");
        }
    }
}

#[test]
fn debug_output_shows_no_address() {
    for sample in samples::all() {
        let composer = super::super::Composer::new(sample.parts.clone());
        let shown = format!("{:?} {composer:?} {:?}", sample.message(), sample.stamp);
        assert!(!shown.contains("ana@") && !shown.contains("news@"), "{shown}");
    }
}

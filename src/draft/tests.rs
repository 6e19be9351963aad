//! Whole drafts and kinds, read as the commands read them.

use std::sync::LazyLock;

use jiff::{SignedDuration, civil};
use serde_json::json;

use super::*;
use crate::diagnostic::Place;

/// The kinds that come with the program.
pub(crate) fn kinds() -> Kinds {
    macro_rules! kinds {
        ($($name:literal),*) => {
            [$((
                $name,
                include_str!(concat!("../../templates/", $name, "/kind.toml")),
                include_str!(concat!("../../templates/", $name, "/draft.md")),
            )),*]
        };
    }
    kinds!("event", "letter", "statement", "article", "roundup", "programme", "notice")
        .map(|(name, schema, starter)| {
            let schema = Source::new(format!("templates/{name}/kind.toml"), schema);
            let starter = Source::new(format!("templates/{name}/draft.md"), starter);
            (name.to_owned(), Kind::parse(name, schema, starter).unwrap())
        })
        .into()
}

fn draft(text: &str) -> Result<Draft, Vec<Diagnostic>> {
    static KINDS: LazyLock<Kinds> = LazyLock::new(kinds);
    Draft::parse("x", Source::new("drafts/x.md", text), &KINDS)
}

/// What is wrong with a draft, one line a fault: `line:column: message (hint)`.
fn faults(text: &str) -> Vec<String> {
    draft(text).unwrap_err().iter().map(shown).collect()
}

fn shown(fault: &Diagnostic) -> String {
    let hint = fault.hint.as_ref().expect("every fault says what to do");
    format!("{fault} ({hint})").trim_start_matches("drafts/x.md:").to_owned()
}

/// An article with more front matter.
fn article(more: &str) -> String {
    format!("---\nkind: article\nsubject: S\nlists: [members]\n{more}---\nText\n")
}

/// The one thing that is wrong with an article.
fn fault(more: &str) -> String {
    let faults = faults(&article(more));
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults.into_iter().next().unwrap()
}

#[test]
fn a_full_draft_is_read() {
    let text = "\u{feff}---\r
kind: event\r
subject: \"Event: North Korea's Hidden Revolution\"\r
preheader: How smuggled films change a closed society\r
lists: [members, press]\r
where: { City: London, language: [en, ko] }\r
exclude: [board, \"campaign:first-notice\"]\r
language: en-GB\r
send_at: 2016-10-26 09:00\r
status: ready\r
late_after: 90min\r
author: { name: James Burt, role: Secretary }\r
calendar: false\r
event:\r
  starts: 2016-11-02 17:00\r
  ends: 2016-11-02 18:30\r
  place: Committee Room 20\r
  timezone: Europe/London\r
  partners: [No Chain]\r
  speakers: [{ name: Jieun Baek, role: \"PhD candidate, Oxford\" }, { name: Ann }]\r
  register: rsvp@appg.example\r
attachments: [files/programme.pdf, { file: files/map.pdf, title: How to get in }]\r
---\r
Dear {{first_name}},\r
";
    let draft = draft(text).unwrap();
    let front = &draft.front;
    assert_eq!(draft.body(), "Dear {{first_name}},\r\n");
    assert_eq!(front.subject.value, "Event: North Korea's Hidden Revolution");
    assert_eq!(&draft.source.text[front.send_at.clone().unwrap().span], "2016-10-26 09:00");
    assert_eq!(front.send_at.as_ref().unwrap().value, civil::date(2016, 10, 26).at(9, 0, 0, 0));
    assert_eq!(front.status, Publication::Ready);
    assert_eq!(front.late_after, Some(SignedDuration::from_mins(90)));
    assert!(!front.calendar);
    let filter: Vec<_> =
        front.filter.iter().map(|c| (c.column.value.as_str(), c.any_of.join("|"))).collect();
    assert_eq!(filter, [("City", "London".to_owned()), ("language", "en|ko".to_owned())]);
    let files: Vec<_> =
        front.attachments.iter().map(|a| (a.file.value.as_str(), a.title.as_deref())).collect();
    assert_eq!(files, [("files/programme.pdf", None), ("files/map.pdf", Some("How to get in"))]);
    assert_eq!(&draft.source.text[front.attachments[1].file.span.clone()], "files/map.pdf");
    assert_eq!(
        serde_json::Value::from(front.fields.clone()),
        json!({ "event": {
            "starts": "2016-11-02T17:00:00",
            "ends": "2016-11-02T18:30:00",
            "timezone": "Europe/London",
            "place": "Committee Room 20",
            "partners": ["No Chain"],
            "speakers": [
                { "name": "Jieun Baek", "role": "PhD candidate, Oxford" },
                { "name": "Ann" },
            ],
            "register": "mailto:rsvp@appg.example",
        } })
    );
}

#[test]
fn a_short_draft_has_safe_defaults() {
    let front = draft(&article("")).unwrap().front;
    assert_eq!(front.status, Publication::Draft);
    assert!(front.calendar);
    assert!(front.send_at.is_none() && front.late_after.is_none() && front.fields.is_empty());
}

#[test]
fn every_fault_is_reported_at_once_in_the_order_of_the_file() {
    let text = "---\nkind: event\nsubjekt: S\nlists: []\nsend_at: tomorrow\nstatus: done\nevent:\n  \
                starts: 2 November\n  plaice: Room 20\n---\n";
    assert_eq!(
        faults(text),
        [
            "1:1: `subject` is missing (write the line that inboxes show: `subject: \"…\"`)",
            "3:1: unknown key `subjekt` (did you mean `subject`?)",
            "4:8: `lists` is empty (name the lists it goes to, as in `announce.toml`: \
             `lists: [members]`)",
            "5:10: `send_at` is not a date and time (write it as `2016-10-26 09:00`)",
            "6:9: `status` is not `draft` or `ready` (write `draft` while you work on it, `ready` \
             when it may be sent)",
            "7:1: `event.place` is missing (room and building)",
            "8:11: `event.starts` is not a date, or a date and time (write it as \
             `2016-11-02 17:00`, or as `2016-11-02` for whole days)",
            "9:3: unknown key `event.plaice` (did you mean `place`?)",
        ]
    );
}

/// An event with these times.
fn event(times: &str) -> String {
    format!("---\nkind: event\nsubject: S\nlists: [m]\nevent:\n{times}  place: P\n---\n")
}

#[test]
fn an_event_is_on_whole_days_or_from_a_time_to_a_time() {
    let days = draft(&event("  starts: 2016-11-02\n  ends: 2016-11-03\n")).unwrap();
    let expected = json!({ "starts": "2016-11-02", "ends": "2016-11-03", "place": "P" });
    assert_eq!(days.front.fields["event"], expected);
    assert_eq!(
        faults(&event("  starts: 2016-11-02\n  ends: 2016-11-03 12:00\n")),
        ["7:9: `ends` has a time, and `starts` has none (give `starts` a time, or leave the time \
          out of both for whole days)"]
    );
    assert_eq!(
        faults(&event("  ends: 2016-11-03\n  starts: 2016-11-02 17:00\n")),
        ["6:9: `starts` has a time, and `ends` has none (give `ends` a time, as in `2016-11-02 \
          18:30`)"]
    );
}

#[test]
fn a_kind_says_whether_it_announces() {
    assert!(draft(&event("  starts: 2016-11-02\n")).unwrap().front.announces);
    assert!(!draft(&article("")).unwrap().front.announces);
    let kinds = kinds();
    let announcing: Vec<&str> =
        kinds.values().filter(|kind| kind.calendar).map(|kind| kind.name.as_str()).collect();
    assert_eq!(announcing, ["event", "notice", "programme"]);
}

#[test]
fn a_draft_without_front_matter_is_told_how_to_begin() {
    assert!(faults("Dear all,\n")[0].starts_with("1:1: there is no front matter (begin the file"));
    assert!(faults("---\nkind: letter\n")[0].starts_with("1:1: the front matter has no end"));
    let text = "---\n---\nText\n";
    assert_eq!(faults(text).len(), 3, "kind, subject and lists are missing");
}

#[test]
fn broken_yaml_is_placed_and_explained() {
    let fault = fault("author: name: Ann\n");
    assert!(fault.starts_with("5:13: not YAML: mapping values are not allowed"), "{fault}");
}

#[test]
fn front_matter_that_is_no_table_is_refused() {
    assert!(
        faults("---\n- kind\n---\n")[0].starts_with("2:1: this is a list, not a table of keys")
    );
}

#[test]
fn an_unknown_kind_suggests_its_neighbour_and_hides_its_keys() {
    let text = "---\nkind: evnt\nsubject: S\nlists: [m]\nevent: { starts: never }\n---\n";
    assert_eq!(faults(text), ["2:7: no kind `evnt` (did you mean `event`?)"]);
}

#[test]
fn a_key_of_another_kind_is_unknown() {
    assert!(fault("sponsors: [A]\n").starts_with("5:1: unknown key `sponsors` (known here: "));
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    assert_eq!(fault("subject: T\n"), "5:1: `subject` stands twice (keep one of them)");
}

#[test]
fn a_subject_with_a_line_break_is_refused() {
    let text = "---\nkind: article\nlists: [m]\nsubject: \"a\\r\\nBcc: b\"\n---\n";
    let wanted = "4:10: `subject` holds a line break or another control character (write it on one \
                  line)";
    assert_eq!(faults(text), [wanted]);
}

#[test]
fn wrong_types_say_what_they_are_and_what_is_wanted() {
    assert!(fault("exclude: press\n").starts_with("5:10: `exclude` is text, not a list (write"));
    assert!(fault("author: Ann\n").starts_with("5:9: `author` is text, not a table of keys"));
    assert!(fault("author: { role: Chair }\n").starts_with("5:1: `author.name` is missing"));
    assert!(fault("calendar: no\n").starts_with("5:11: `calendar` is text, not `true` or `false`"));
    assert!(fault("preheader: [a]\n").starts_with("5:12: `preheader` is a list, not text"));
    assert!(
        fault("language: English language\n").starts_with("5:11: `language` is not a language")
    );
    assert!(fault("late_after: 2\n").starts_with("5:13: `late_after` is not a length of time"));
    assert!(fault("attachments: [{ title: T }]\n").contains("`attachments[1].file` is missing"));
    assert!(fault("where: { city: [] }\n").contains("`where.city` accepts nothing"));
    assert!(fault("where: { city: }\n").contains("`where.city` is empty"));
}

#[test]
fn numbers_and_words_of_conditions_stay_as_they_are_written() {
    let front =
        draft(&article("where: { room: 007, vip: true, since: 2016-01-02 }\n")).unwrap().front;
    let values: Vec<_> = front.filter.iter().map(|c| c.any_of.join("|")).collect();
    assert_eq!(values, ["007", "true", "2016-01-02"]);
}

#[test]
fn an_unknown_time_zone_suggests_its_neighbour() {
    let text = "---\nkind: event\nsubject: S\nlists: [m]\nevent:\n  starts: 2016-02-08 09:30\n  \
                place: P\n  timezone: Asia/Soeul\n---\n";
    assert_eq!(faults(text), ["8:13: no time zone `Asia/Soeul` (did you mean `Asia/Seoul`?)"]);
}

#[test]
fn a_bad_address_is_refused_without_being_repeated() {
    let text = "---\nkind: programme\nsubject: S\nlists: [m]\nwaiting_list: ann@@example.org\nevent: \
                { starts: 2016-02-08 09:30, place: P }\n---\n";
    let wanted = "5:15: `waiting_list` is not an e-mail address (write it as `name@example.org`)";
    assert_eq!(faults(text), [wanted]);
}

#[test]
fn every_starter_makes_a_draft_of_its_kind() {
    let kinds = kinds();
    assert_eq!(kinds.len(), 7);
    let answers = Answers {
        title: "The \"Hidden\" Revolution: a talk #1".into(),
        all_day: false,
        at: Some(civil::date(2026, 12, 3).at(18, 30, 0, 0)),
        place: Some("Room 20: first floor".into()),
        lists: vec!["members".into()],
    };
    for kind in kinds.values() {
        let draft = draft(&kind.starter(&answers)).unwrap_or_else(|faults| panic!("{faults:?}"));
        assert_eq!(draft.front.kind.value, kind.name);
        assert_eq!(draft.front.subject.value, answers.title);
        assert_eq!(draft.front.status, Publication::Draft);
        assert!(!draft.body().trim().is_empty());
    }
    let whole = Answers { all_day: true, ..answers };
    let draft = draft(&kinds["event"].starter(&whole)).unwrap();
    assert_eq!(draft.front.fields["event"]["starts"], "2026-12-03");
}

#[test]
fn a_starter_without_answers_names_what_is_missing() {
    let answers = Answers { title: "T".into(), lists: vec!["m".into()], ..Answers::default() };
    let faults = faults(&kinds()["event"].starter(&answers));
    assert_eq!(faults.len(), 2);
    assert!(faults[0].contains("`event.starts` is empty"), "{faults:?}");
    assert!(faults[1].contains("`event.place` is empty"), "{faults:?}");
}

#[test]
fn optional_keys_are_named_with_their_paths() {
    let keys = kinds()["event"].optional_keys();
    assert!(keys.contains(&"event.speakers.role".to_owned()));
    assert!(!keys.contains(&"event.speakers.name".to_owned()));
    assert!(!keys.contains(&"event.starts".to_owned()));
    let keys = kinds()["letter"].optional_keys();
    assert!(keys.contains(&"first_published.in".to_owned()), "its table may be left out");
}

/// What is wrong with a `kind.toml`.
fn kind_faults(schema: &str) -> Vec<String> {
    let starter = Source::new("draft.md", "---\nkind: notice\n---\n");
    let kind = Kind::parse("notice", Source::new("kind.toml", schema), starter);
    kind.unwrap_err().iter().map(shown).collect()
}

#[test]
fn a_kind_of_ones_own_is_checked() {
    let schema = "descripton = \"d\"\n[fields.Bad]\ntype = \"text\"\n[fields.subject]\ntype = \"text\"\n\
                  [fields.due]\ntype = \"dat\"\ndescription = \"d\"\n[fields.t]\ntype = \"table\"\n\
                  description = \"d\"\n[fields.u]\ntype = \"text\"\ndescription = \"d\"\n\
                  requierd = true\n";
    assert_eq!(
        kind_faults(schema),
        [
            "kind.toml:1:1: `description` is missing (say in a few words what it is, for people who \
             write drafts)",
            "kind.toml:1:1: unknown key `descripton` (did you mean `description`?)",
            "kind.toml:2:9: `fields.Bad` cannot be a key (write small letters, digits and `_`: \
             `first_name`)",
            "kind.toml:4:9: `subject` already means something else (give the key another name)",
            "kind.toml:7:8: no type `dat` (did you mean `date`?)",
            "kind.toml:9:9: table `t` has no keys (add them as `[fields.….fields.name]`)",
            "kind.toml:15:1: unknown key `fields.u.requierd` (did you mean `required`?)",
        ]
    );
}

#[test]
fn broken_toml_is_placed() {
    let source = Source::new("kind.toml", "description = \"d\"\n[fields\n");
    let kind = Kind::parse("notice", source, Source::new("draft.md", "---\n---\n"));
    let faults = kind.unwrap_err();
    assert!(faults[0].to_string().starts_with("kind.toml:2:"), "{}", faults[0]);
}

#[test]
fn a_key_of_a_kind_of_ones_own_is_read() {
    let schema = "description = \"a notice\"\n[fields.due]\ntype = \"date\"\nrequired = true\n\
                  description = \"the last day\"\n";
    let starter = Source::new("draft.md", "---\nkind: notice\n---\n");
    let kind = Kind::parse("notice", Source::new("kind.toml", schema), starter).unwrap();
    let kinds = Kinds::from([("notice".to_owned(), kind)]);
    let text = "---\nkind: notice\nsubject: S\nlists: [m]\ndue: 2026-12-31\n---\n";
    let draft = Draft::parse("x", Source::new("drafts/x.md", text), &kinds).unwrap();
    assert_eq!(draft.front.fields["due"], "2026-12-31");
}

proptest::proptest! {
    /// Whatever stands between the lines: no panic, and places that can be shown.
    #[test]
    fn no_front_matter_breaks_the_reader(
        yaml in "(kind: article|subject: é|lists: |where: |attachments: |event: |author: |[a-z]{1,3}|\
                 \\[|\\]|\\{|\\}|\"|'|#|&a|\\*a|!|\t|\r|\n|- |: |, |\\||>|\\\\|\u{0}|\u{feff}|é|2016-11-02){0,30}",
    ) {
        let Err(faults) = draft(&format!("---\n{yaml}\n---\n")) else { return Ok(()) };
        for fault in faults {
            let Some(Place::Span { source, span }) = fault.place else { panic!("no place") };
            proptest::prop_assert!(source.text.get(span).is_some());
            proptest::prop_assert!(fault.hint.is_some());
        }
    }

    /// A value in quotes comes back as it was, or its line and key are refused.
    #[test]
    fn a_quoted_value_comes_back(value in "(\\PC{1,60}|[ -~]{1,60}|(?s:.{1,20}))") {
        let quoted = serde_json::Value::from(value.as_str());
        let text = article(&format!("preheader: {quoted}\noccasion: {quoted}\n"));
        let Ok(draft) = draft(&text) else {
            // Only what cannot be printed is a syntax error in quotes (YAML 1.2.2 §5.1).
            let is_printable = !value.contains(|c: char| c.is_control() || c >= '\u{fefe}');
            let faults = faults(&text);
            let is_read = faults.iter().all(|fault| !fault.contains("not YAML"));
            proptest::prop_assert!(is_read || !is_printable, "{faults:?}");
            return Ok(());
        };
        let preheader = draft.front.preheader.map(|text| text.value);
        proptest::prop_assert_eq!(preheader.as_deref(), Some(value.trim()));
        proptest::prop_assert_eq!(draft.front.fields["occasion"].as_str(), Some(value.as_str()));
    }
}

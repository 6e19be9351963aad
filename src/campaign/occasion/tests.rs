use super::*;
use crate::{diagnostic::Source, draft::tests::kinds};

fn draft(front: &str) -> Draft {
    let text = format!("---\nlists: [members]\n{front}---\nText\n");
    let source = Source::new("drafts/x.md", text);
    Draft::parse("2016-11-02-hidden-revolution", source, &kinds()).unwrap()
}

fn london() -> TimeZone {
    local_time::zone("Europe/London").unwrap()
}

fn read(front: &str) -> Result<Option<Entry>, Diagnostic> {
    let sender = Sender {
        name: "APPG on North Korea".to_owned(),
        address: "news@appg.example".to_owned(),
        reply_to: Some("secretariat@appg.example".to_owned()),
        ..Sender::default()
    };
    let draft = draft(front);
    Occasion::of(&draft, &london()).map_or(Ok(None), |event| event.entry(&sender, &london()))
}

fn entry(front: &str) -> Entry {
    read(front).unwrap().unwrap()
}

const TALK: &str = "kind: event\nsubject: \"Event: North Korea’s Hidden Revolution\"\n\
    preheader: Films that change a society\nsend_at: 2016-10-26 09:00\n\
    event:\n  starts: 2016-11-02 17:00\n  place: Committee Room 20\n";

#[test]
fn an_entry_says_what_the_front_matter_says() {
    let talk = entry(&format!(
        "{TALK}  ends: 2016-11-02 18:30\n  admission: Free\n  access: Cromwell Green\n  \
         partners: [HART]\n  register: https://events.example/r\n  \
         speakers: [{{ name: Jieun Baek, role: University of Oxford }}, {{ name: A B }}]\n"
    ));
    assert_eq!(talk.title, "North Korea’s Hidden Revolution");
    assert_eq!(
        talk.description,
        "Jieun Baek, University of Oxford\nA B\nHeld with: HART\nAdmission: Free\n\
         Getting in: Cromwell Green\nReserve a place: https://events.example/r"
    );
    assert_eq!(talk.place.as_deref(), Some("Committee Room 20"));
    assert_eq!(talk.url.as_deref(), Some("https://events.example/r"));
    assert_eq!(talk.organizer.address, "secretariat@appg.example");
    assert_eq!(talk.since.to_string(), "2016-10-26T08:00:00Z");
    assert_eq!(talk.file_name, "hidden-revolution.ics");
    assert_eq!(talk.method, Method::Publish);
    let times = Span::times(
        civil::date(2016, 11, 2).at(17, 0, 0, 0),
        Some(civil::date(2016, 11, 2).at(18, 30, 0, 0)),
        &london(),
    );
    assert_eq!(Some(talk.span), times);
}

#[test]
fn what_is_left_out_is_made_up_for() {
    let talk = entry(&TALK.replace("send_at: 2016-10-26 09:00\n", ""));
    assert_eq!(talk.description, "Films that change a society");
    assert_eq!(talk.since.to_string(), "2016-11-02T17:00:00Z");
    assert_eq!(talk.url, None);
    let by_mail = entry(&format!("{TALK}  register: rsvp@appg.example\n"));
    assert_eq!(by_mail.description, "Reserve a place: rsvp@appg.example");
    assert_eq!(by_mail.url, None);
}

#[test]
fn an_event_is_called_by_its_own_title_first() {
    assert_eq!(entry(&format!("{TALK}  title: The talk\n")).title, "The talk");
}

#[test]
fn a_title_is_everybodys() {
    let personal = TALK.replace("Event: North", "{{first_name}}, North");
    let fault = read(&personal).unwrap_err();
    assert!(fault.to_string().starts_with("drafts/x.md:4:10: the subject differs by person"));
    assert!(read(&format!("{personal}  title: The talk\n")).is_ok());
    assert_eq!(read(&format!("{personal}calendar: false\n")), Ok(None));
    let preheader = TALK.replace("Films that", "For {{first_name}} that");
    assert_eq!(entry(&preheader).description, "");
}

#[test]
fn whole_days_are_whole_days() {
    let days = TALK.replace("2016-11-02 17:00", "2016-11-02");
    let (first, last) = (civil::date(2016, 11, 2), civil::date(2016, 11, 4));
    assert_eq!(entry(&days).span, Span::Days { first, last: first });
    let long = entry(&format!("{days}  ends: 2016-11-04\n"));
    assert_eq!(long.span, Span::Days { first, last });
    let begins = |front: &str| Occasion::of(&draft(front), &london()).unwrap().begins();
    assert_eq!(begins(&days).unwrap().to_string(), "2016-11-02T00:00:00Z");
    let seoul = format!("{days}  timezone: Asia/Seoul\n");
    assert_eq!(begins(&seoul).unwrap().to_string(), "2016-11-01T15:00:00Z");
}

#[test]
fn an_event_has_its_own_zone() {
    let Span::Times { starts, zone, .. } = entry(&format!("{TALK}  timezone: Asia/Seoul\n")).span
    else {
        panic!("times")
    };
    assert_eq!((starts.hour(), zone.name.as_str()), (17, "Asia/Seoul"));
}

#[test]
fn what_is_over_goes_into_no_calendar() {
    let round_up = "kind: roundup\nsubject: S\nevent: { starts: 2016-11-02 17:00 }\n";
    assert_eq!(read(round_up), Ok(None));
    assert_eq!(read("kind: article\nsubject: S\n"), Ok(None));
}

#[test]
fn a_file_is_named_after_the_draft() {
    for (slug, expected) in [
        ("2016-11-02-hidden-revolution", "hidden-revolution.ics"),
        ("talk", "talk.ics"),
        ("2016-11-02", "event.ics"),
        ("../x y", "x-y.ics"),
        ("봄-모임", "봄-모임.ics"),
    ] {
        assert_eq!(file_name(slug), expected);
    }
}

//! Whole objects, as text.

use jiff::civil;

use super::{super::Method, Span, talk};

const UID: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaa";

#[test]
fn a_talk_is_written_in_full() {
    let expected = "\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//announce//announce//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:STANDARD
DTSTART:20161030T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20170326T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:BST
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:aaaaaaaaaaaaaaaaaaaaaaaaaa
DTSTAMP:20161026T080000Z
SEQUENCE:0
DTSTART;TZID=Europe/London:20161102T170000
DTEND;TZID=Europe/London:20161102T183000
SUMMARY:North Korea’s Hidden Revolution
LOCATION:Committee Room 20\\, Houses of Parliament
DESCRIPTION:Jieun Baek\\, University of Oxford\\nAdmission: Free
URL:https://events.example/r?id=7
ORGANIZER;CN=\"APPG on North Korea\":mailto:secretariat@appg.example
STATUS:CONFIRMED
TRANSP:OPAQUE
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:North Korea’s Hidden Revolution
TRIGGER:-P1D
END:VALARM
END:VEVENT
END:VCALENDAR
";
    assert_eq!(talk().write(UID, 0).replace("\r\n", "\n"), expected);
}

#[test]
fn a_change_is_a_higher_number_and_a_later_stamp() {
    let written = talk().write(UID, 3);
    assert!(written.contains("\r\nSEQUENCE:3\r\n"), "{written}");
    assert!(written.contains("\r\nDTSTAMP:20161026T080003Z\r\n"), "{written}");
}

#[test]
fn a_cancellation_reminds_nobody() {
    let mut talk = talk();
    talk.method = Method::Cancel;
    let written = talk.write(UID, 1);
    assert!(written.contains("\r\nMETHOD:CANCEL\r\n"), "{written}");
    assert!(written.contains("\r\nSTATUS:CANCELLED\r\nTRANSP:TRANSPARENT\r\n"), "{written}");
    assert!(!written.contains("VALARM"), "{written}");
}

#[test]
fn whole_days_end_where_the_next_begins_and_need_no_zone() {
    let mut talk = talk();
    let first = civil::date(2016, 12, 30);
    talk.span = Span::Days { first, last: civil::date(2016, 12, 31) };
    let written = talk.write(UID, 0);
    let days = "\r\nDTSTART;VALUE=DATE:20161230\r\nDTEND;VALUE=DATE:20170101\r\n";
    assert!(written.contains(days), "{written}");
    assert!(written.contains("\r\nTRIGGER:-PT15H\r\n"), "{written}");
    assert!(written.contains("\r\nTRANSP:TRANSPARENT\r\n"), "{written}");
    assert!(!written.contains("VTIMEZONE"), "{written}");
}

#[test]
fn utc_is_written_as_such() {
    let mut talk = talk();
    let at = civil::date(2016, 11, 2).at(17, 0, 0, 0);
    talk.span = Span::times(at, None, &crate::local_time::zone("UTC").unwrap()).unwrap();
    let written = talk.write(UID, 0);
    assert!(written.contains("\r\nDTSTART:20161102T170000Z\r\nSUMMARY"), "{written}");
    assert!(!written.contains("VTIMEZONE"), "{written}");
}

#[test]
fn no_text_can_add_a_property() {
    let mut talk = talk();
    let hostile = "x\r\nATTENDEE:mailto:ana@example.org\r\n\"; X=\"y:\nEND:VEVENT";
    hostile.clone_into(&mut talk.title);
    talk.place = Some(hostile.to_owned());
    hostile.clone_into(&mut talk.description);
    hostile.clone_into(&mut talk.organizer.name);
    "a\"b;c?cc=ana\r\nX:@appg.example".clone_into(&mut talk.organizer.address);
    let written = talk.write(UID, 0).replace("\r\n ", "");
    let names: Vec<&str> = written
        .split("\r\n")
        .map(|line| line.split([':', ';']).next().unwrap_or_default())
        .collect();
    assert_eq!(names.iter().filter(|name| **name == "END").count(), 6);
    assert!(!names.contains(&"ATTENDEE") && !names.contains(&"X"), "{names:?}");
    assert!(written.contains("mailto:a%22b%3Bc%3Fcc%3Dana%0D%0AX%3A@appg.example"), "{written}");
    assert_eq!(written.matches("CN=\"").count(), 1);
}

#[test]
fn every_line_is_short_and_ends_as_it_should() {
    let mut talk = talk();
    talk.title = "북한의 숨겨진 혁명 ".repeat(20);
    for line in talk.write(UID, 0).split_inclusive("\r\n") {
        let line = line.strip_suffix("\r\n").expect("a line end");
        assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line:?}");
    }
}

//! A reader of calendars that knows nothing of the writer: it takes the text alone, and does with it
//! as RFC 5545 §3.6.5 tells.

use jiff::{Timestamp, civil::DateTime, tz::Offset};

struct Observance {
    begins: DateTime,
    from: i32,
    to: i32,
}

/// The instants of `DTSTART` and `DTEND`.
pub(super) fn instants(written: &str) -> (Timestamp, Option<Timestamp>) {
    let whole = written.replace("\r\n ", "");
    let lines: Vec<&str> = whole.split("\r\n").collect();
    let event = lines.iter().position(|line| *line == "BEGIN:VEVENT").expect("an event");
    let observances = observances(&lines[..event]);
    let at = |name: &str| {
        let line = lines[event..].iter().find(|line| line.starts_with(name))?;
        let (head, value) = line.split_once(':')?;
        if let Some(utc) = value.strip_suffix('Z') {
            return Some(Offset::UTC.to_timestamp(time(utc)).expect("an instant"));
        }
        assert!(head.contains(";TZID="), "{line}");
        Some(instant(time(value), &observances))
    };
    (at("DTSTART").expect("a start"), at("DTEND"))
}

fn observances(lines: &[&str]) -> Vec<Observance> {
    let parts = lines.split(|line| line.starts_with("BEGIN:")).skip(3);
    let parts = parts.map(|part| {
        let value = |name: &str| part.iter().find_map(|line| line.strip_prefix(name)).unwrap();
        Observance {
            begins: time(value("DTSTART:")),
            from: seconds(value("TZOFFSETFROM:")),
            to: seconds(value("TZOFFSETTO:")),
        }
    });
    parts.collect()
}

/// The onset is in local time, of the offset before it. The last one before a time holds for it; a
/// time that comes twice is the first of the two, and one that is left out is counted with the
/// offset from before.
fn instant(local: DateTime, observances: &[Observance]) -> Timestamp {
    let with = |offset: i32| Offset::from_seconds(offset).unwrap().to_timestamp(local).unwrap();
    let onset = |at: &Observance| Offset::from_seconds(at.from).unwrap().to_timestamp(at.begins);
    let before = observances.iter().filter(|at| at.begins <= local);
    let current = before.max_by_key(|at| at.begins).expect("an onset before the event");
    let is_left_out = with(current.to) < onset(current).unwrap();
    with(if is_left_out { current.from } else { current.to })
}

fn time(text: &str) -> DateTime {
    DateTime::strptime("%Y%m%dT%H%M%S", text).expect("a local time")
}

fn seconds(offset: &str) -> i32 {
    let digits: Vec<i32> = offset.as_bytes()[1..]
        .chunks(2)
        .map(|two| str::from_utf8(two).unwrap().parse().unwrap())
        .collect();
    let total = digits.iter().zip([3600, 60, 1]).map(|(digit, unit)| digit * unit).sum::<i32>();
    if offset.starts_with('-') { -total } else { total }
}

#[test]
fn the_reader_reads_what_the_standard_shows() {
    // RFC 5545 §3.6.5, first example, a line of it changed: what it says of New York in 1998.
    let written = "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:America/New_York\r\n\
        BEGIN:STANDARD\r\nDTSTART:19971026T020000\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\n\
        END:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:19980405T020000\r\nTZOFFSETFROM:-0500\r\n\
        TZOFFSETTO:-0400\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n\
        DTSTART;TZID=America/New_York:19980405T013000\r\n\
        DTEND;TZID=America/New_York:19980405T033000\r\nEND:VEVENT\r\n";
    let (starts, ends) = instants(written);
    assert_eq!(starts.to_string(), "1998-04-05T06:30:00Z");
    assert_eq!(ends.unwrap().to_string(), "1998-04-05T07:30:00Z");
}

//! Fills the sentences of `sentences.txt` with dates and times.

use jiff::{Span, civil::Date};

/// What a sentence says.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) day: Date,
    pub(super) starts: (i8, i8),
    pub(super) ends: (i8, i8),
    pub(super) room: u32,
    pub(super) deadline: Date,
    /// Days by which each weekday is off.
    pub(super) weekday_off: i64,
}

const ENGLISH: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const THURS: [&str; 7] = ["Mon", "Tues", "Weds", "Thurs", "Fri", "Sat", "Sun"];
const GERMAN: [&str; 7] =
    ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
const KOREAN: [&str; 7] = ["월", "화", "수", "목", "금", "토", "일"];
const DEZEMBER: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

/// The sentence with all its braces filled.
pub(super) fn fill(sentence: &str, facts: &Facts) -> String {
    let next = facts.day.checked_add(Span::new().days(1)).unwrap();
    let weekday = |day: Date, names: [&'static str; 7]| {
        let position = i64::from(day.weekday().to_monday_zero_offset()) + facts.weekday_off;
        names[usize::try_from(position.rem_euclid(7)).unwrap()]
    };
    let english = |day: Date| day.strftime("%-d %B").to_string();
    let deadline = format!("{} {}", weekday(facts.deadline, ENGLISH), english(facts.deadline));
    let deadline_ko = format!("{}월 {}일", facts.deadline.month(), facts.deadline.day());
    let month = usize::try_from(facts.day.month() - 1).unwrap();
    let deadline_de = facts.deadline.strftime("%-d.%-m.").to_string();
    let filled: [(&str, String); 35] = [
        ("{Thursday}", weekday(facts.day, ENGLISH).into()),
        ("{Friday2}", weekday(next, ENGLISH).into()),
        ("{Thurs}", weekday(facts.day, THURS).into()),
        ("{Thu}", weekday(facts.day, ENGLISH)[..3].into()),
        ("{THU}", weekday(facts.day, ENGLISH)[..3].to_uppercase()),
        ("{DEC}", facts.day.strftime("%b").to_string().to_uppercase()),
        ("{Fri2}", weekday(next, ENGLISH)[..3].into()),
        ("{Donnerstag}", weekday(facts.day, GERMAN).into()),
        ("{Do}", weekday(facts.day, GERMAN)[..2].into()),
        ("{목요일}", format!("{}요일", weekday(facts.day, KOREAN))),
        ("{목}", weekday(facts.day, KOREAN).into()),
        ("{금2}", weekday(next, KOREAN).into()),
        ("{3}", facts.day.day().to_string()),
        ("{03}", format!("{:02}", facts.day.day())),
        ("{3rd}", ordinal(facts.day.day())),
        ("{4_2}", next.day().to_string()),
        ("{December}", facts.day.strftime("%B").to_string()),
        ("{Dec}", facts.day.strftime("%b").to_string()),
        ("{Dezember}", DEZEMBER[month].into()),
        ("{12}월", format!("{}월", facts.day.month())),
        ("{12}", format!("{:02}", facts.day.month())),
        ("{2026}", facts.day.year().to_string()),
        ("{17:00}", clock(facts.starts)),
        ("{18:30}", clock(facts.ends)),
        ("{5 pm}", twelve(facts.starts, " pm")),
        ("{오후 5시}", format!("오후 {}시", facts.starts.0 - 12)),
        ("{6.30 pm}", twelve(facts.ends, " pm")),
        ("{room}", facts.room.to_string()),
        ("{deadline}", deadline),
        ("{deadline_ko}", deadline_ko),
        ("{deadline_de}", deadline_de),
        ("de: ", String::new()),
        ("subject: ", String::new()),
        ("preheader: ", String::new()),
        ("front: ", String::new()),
    ];
    filled.iter().fold(sentence.to_owned(), |text, (name, value)| text.replace(name, value))
}

fn ordinal(day: i8) -> String {
    let suffix = match day {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    };
    format!("{day}{suffix}")
}

fn clock((hour, minute): (i8, i8)) -> String {
    format!("{hour:02}:{minute:02}")
}

fn twelve((hour, minute): (i8, i8), suffix: &str) -> String {
    match minute {
        0 => format!("{}{suffix}", hour - 12),
        _ => format!("{}.{minute:02}{suffix}", hour - 12),
    }
}

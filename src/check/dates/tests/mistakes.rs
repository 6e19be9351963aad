//! Mistakes that are put into clean sentences, and how many of them are found.

use std::fmt::Write;

use jiff::{Span, civil::date};

use super::{
    fill::{Facts, fill},
    *,
};

const SENTENCES: &str = include_str!("../../../../tests/checks/dates/sentences.txt");
const TRIALS: &str = include_str!("../../../../tests/checks/dates/trials.txt");
const PAGE: &str = include_str!("../../../../docs/date-sense.md");

/// Rounds over all sentences, each with other dates.
const ROUNDS: u64 = 3;

/// A kind of mistake, and the sentences it is made in.
struct Section {
    name: &'static str,
    rule: &'static str,
    sentences: Vec<&'static str>,
}

fn sections() -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let lines = SENTENCES.lines().chain(TRIALS.lines());
    for line in lines.filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            let rule = match name.split(',').next().unwrap() {
                "weekday" => "B4/weekday",
                "differs" => "B5/differs",
                "order" => "B5/order",
                "rsvp" => "B5/rsvp",
                _ => "B5/past-event",
            };
            sections.push(Section { name, rule, sentences: Vec::new() });
        } else {
            sections.last_mut().unwrap().sentences.push(line);
        }
    }
    sections
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: i64) -> i64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// A draft with one sentence, as front matter and sentence have it.
fn draft(section: &Section, sentence: &str, front: &Facts, said: &Facts) -> String {
    let filled = fill(sentence, said);
    let place = |part: &str| sentence.starts_with(part);
    let (subject, preheader, body) = match () {
        () if place("subject: ") => (&*filled, "What it is like to live there", ""),
        () if place("preheader: ") => ("Life across the border", &*filled, ""),
        () if place("front: ") => ("Life across the border", "What it is like there", ""),
        () => ("Life across the border", "What it is like to live there", &*filled),
    };
    let language = match () {
        () if sentence.contains(|c| ('가'..='힣').contains(&c)) => "language: ko\n",
        () if section.name.contains("German") || sentence.starts_with("de: ") => "language: de\n",
        () => "",
    };
    let day = front.day;
    let send = day.checked_sub(Span::new().days(14)).unwrap();
    let time = |(hour, minute): (i8, i8)| format!("{hour:02}:{minute:02}");
    let (starts, ends) = (time(front.starts), time(front.ends));
    format!(
        "---\nkind: event\nsubject: \"{subject}\"\npreheader: \"{preheader}\"\nlists: [members]\n\
         send_at: {send} 09:00\n{language}event:\n  starts: {day} {starts}\n  ends: {day} {ends}\n  \
         place: Committee Room {}, Houses of Parliament\n  speakers: [{{ name: Mina Park }}]\n---\n\
         Dear {{{{default first_name \"friend\"}}}},\n\n{body}\n\nWith kind regards\nThe secretariat\n",
        front.room
    )
}

/// What is said when the mistake is made.
fn mistaken(section: &Section, facts: &Facts, dice: &mut Dice) -> Facts {
    let mut said = facts.clone();
    match section.name.split(',').collect::<Vec<_>>()[..] {
        ["weekday", ..] => said.weekday_off = 1 + dice.below(6),
        ["differs", trial] if trial.ends_with(" trial") => {
            said.day = facts.day.tomorrow().unwrap();
            said.starts.0 += 1;
            said.ends.0 += 1;
            said.room += 1;
        }
        ["differs", " date"] => {
            let days = [1, 2, 7, -1, -2, 5][usize::try_from(dice.below(6)).unwrap()];
            said.day = facts.day.checked_add(Span::new().days(days)).unwrap();
        }
        ["differs", " time"] => said.starts.0 += if dice.below(2) == 0 { 1 } else { -1 },
        ["differs", " end"] => said.ends.0 += 1,
        ["differs", " room"] => said.room += 1 + u32::try_from(dice.below(9)).unwrap(),
        ["order", ..] => {
            // The end was typed an hour or two too early.
            said.ends = (facts.starts.0 - 1, facts.ends.1);
        }
        ["rsvp", ..] => {
            let days = if dice.below(2) == 0 { 1 + dice.below(20) } else { -15 - dice.below(20) };
            said.deadline = facts.day.checked_add(Span::new().days(days)).unwrap();
        }
        _ => {}
    }
    said
}

/// Whether the mistake is found in one sentence in which nothing was found before.
fn is_found(section: &Section, sentence: &str, dice: &mut Dice, clean: &mut Vec<String>) -> bool {
    let day = date(2026, 1, 20).checked_add(Span::new().days(dice.below(1000))).unwrap();
    // Two days of one month, so that a sentence can have both.
    let day = if day.last_of_month() == day { day.yesterday().unwrap() } else { day };
    let starts = (14 + i8::try_from(dice.below(5)).unwrap(), 0);
    let facts = Facts {
        day,
        starts,
        ends: (starts.0 + 1, 30),
        room: 5 + u32::try_from(dice.below(15)).unwrap(),
        deadline: day.checked_sub(Span::new().days(3)).unwrap(),
        weekday_off: 0,
    };
    let is_note = |finding: &Finding| finding.rule.code == "C3";
    let text = draft(section, sentence, &facts, &facts);
    let alarms = findings(&text, None);
    let alarms = alarms.iter().filter(|finding| !is_note(finding));
    clean.extend(alarms.map(|finding| format!("{sentence}: {}", shown(finding))));

    let said = mistaken(section, &facts, dice);
    let text = match sentence {
        "front: ends before starts" => {
            draft(section, sentence, &Facts { ends: (starts.0 - 1, 30), ..facts }, &said)
        }
        _ => draft(section, sentence, &facts, &said),
    };
    let judged_at = match sentence {
        "front: judged after the end" => Some(day.at(20, 31, 0, 0)),
        "front: judged after the start" => Some(day.tomorrow().unwrap().at(0, 0, 0, 0)),
        _ => None,
    };
    let text = if sentence == "front: judged after the start" {
        text.lines()
            .filter(|line| !line.contains("  ends:"))
            .map(|line| format!("{line}\n"))
            .collect()
    } else {
        text
    };
    findings(&text, judged_at).iter().any(|finding| finding.rule.to_string() == section.rule)
}

/// The table of the page, and the sentences in which a mistake was missed.
fn table() -> (String, u32, u32, Vec<String>) {
    let mut dice = Dice(2016);
    let (mut table, mut clean, mut missed) = (String::new(), Vec::new(), Vec::new());
    let (mut all_made, mut all_found) = (0_u32, 0_u32);
    table.push_str("| mistake | made | found | missed |\n|---|---:|---:|---:|\n");
    for section in sections() {
        let (mut made, mut found) = (0_u32, 0_u32);
        for _ in 0..ROUNDS {
            for sentence in &section.sentences {
                let is_found = is_found(&section, sentence, &mut dice, &mut clean);
                made += 1;
                found += u32::from(is_found);
                if !is_found {
                    missed.push(format!("{}: {sentence}", section.name));
                }
            }
        }
        writeln!(table, "| {} | {made} | {found} | {} |", section.name, made - found).unwrap();
        (all_made, all_found) = (all_made + made, all_found + found);
    }
    writeln!(table, "| **all** | {all_made} | {all_found} | {} |", all_made - all_found).unwrap();
    assert!(clean.is_empty(), "found before the mistake was made:\n{}", clean.join("\n"));
    (table, all_made, all_found, missed)
}

#[test]
fn nineteen_of_twenty_mistakes_are_found_and_the_page_says_which() {
    let (table, made, found, missed) = table();
    assert!(made >= 200, "{made} mistakes");
    assert!(found * 100 >= made * 95, "{found} of {made}, missed:\n{}", missed.join("\n"));
    assert!(
        PAGE.contains(&table),
        "docs/date-sense.md has another table than this one:\n{table}\nmissed:\n{}",
        missed.join("\n")
    );
}

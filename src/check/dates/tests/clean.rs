use super::*;

const CLEAN: &str = include_str!("../../../../tests/checks/dates/clean.md");

/// The front matter of each kind in the file of clean texts.
fn front(kind: &str) -> String {
    let language = match kind {
        "korean" => "language: ko\n",
        "german" => "language: de\n",
        _ => "",
    };
    let kind = if matches!(kind, "korean" | "german") { "event" } else { kind };
    let event = if kind == "roundup" { "2026-11-12" } else { "2026-12-03" };
    let event = match kind {
        "article" => String::new(),
        _ => format!(
            "event:\n  starts: {event} 17:00\n  ends: {event} 18:30\n  \
             place: Committee Room 17, Houses of Parliament\n  partners: [Open Borders Trust]\n  \
             speakers: [{{ name: Mina Park }}]\n"
        ),
    };
    format!(
        "---\nkind: {kind}\nsubject: Life across the border\nlists: [members]\n\
         send_at: 2026-11-20 09:00\n{language}{event}---\n"
    )
}

#[test]
fn nothing_is_found_in_clean_texts() {
    let texts: Vec<(&str, &str)> = CLEAN
        .split("\n# ")
        .skip(1)
        .map(|text| text.split_once('\n').expect("a heading and a text"))
        .collect();
    assert!(texts.len() >= 50, "{} texts", texts.len());
    let mut alarms = Vec::new();
    for (heading, body) in texts {
        let (kind, name) = heading.split_once(": ").expect("`kind: name`");
        let found = findings(&format!("{}{body}", front(kind)), None);
        alarms.extend(found.iter().map(|finding| format!("{name}: {}", shown(finding))));
    }
    assert!(alarms.is_empty(), "{}", alarms.join("\n"));
}

#[test]
fn nothing_is_wrong_in_the_samples_and_two_notes_are_told() {
    macro_rules! drafts {
        ($($name:literal),*) => {
            [$(($name, include_str!(concat!("../../../../drafts/", $name, ".md")))),*]
        };
    }
    let drafts = drafts!(
        "2016-02-22-conference-programme",
        "2016-02-26-conference-round-up",
        "2016-03-08-forgotten-women",
        "2016-04-27-westminster-hall-debate",
        "2016-05-19-information-blockade",
        "2016-09-21-letter-to-exiles",
        "2016-11-02-hidden-revolution"
    );
    let found: Vec<String> = drafts
        .iter()
        .flat_map(|(name, text)| {
            findings(text, None).into_iter().map(move |found| format!("{name}: {}", shown(&found)))
        })
        .collect();
    // Nobody wrote when two of them end; one is sent in summer time for an evening in winter time.
    assert_eq!(
        found,
        [
            "2016-02-22-conference-programme: C3/open-end 10:3 [starts: 2016-02-22 09:30]: the event \
             has no end: calendars will show no length (give `event.ends`, as in `2016-11-02 \
             18:30`)",
            "2016-11-02-hidden-revolution: C3/clock-change 10:3 [starts: 2016-11-02 17:00]: clocks \
             go back on `30 October 2016`, between sending and event (give a second time for \
             people abroad, if some come)",
            "2016-11-02-hidden-revolution: C3/open-end 10:3 [starts: 2016-11-02 17:00]: the event \
             has no end: calendars will show no length (give `event.ends`, as in `2016-11-02 \
             18:30`)"
        ]
    );
}

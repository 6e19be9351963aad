//! A stamp changes its lines and no other byte.

use jiff::civil;
use proptest::prelude::*;

use super::*;
use crate::draft::{Draft, Kinds, tests::kinds};

fn ready() -> Stamp {
    let send_at = Some(civil::date(2026, 12, 10).at(8, 0, 0, 0));
    Stamp { status: Some(Publication::Ready), send_at, follows: None }
}

const BACK: Stamp = Stamp { status: Some(Publication::Draft), send_at: None, follows: None };

fn parse(text: &str) -> Draft {
    static KINDS: std::sync::LazyLock<Kinds> = std::sync::LazyLock::new(kinds);
    Draft::parse("x", Source::new("drafts/x.md", text), &KINDS).unwrap_or_else(|faults| {
        panic!("{faults:?} in {text}");
    })
}

/// An article whose front matter ends with `more`.
fn article(more: &str) -> String {
    format!("---\nkind: article\nsubject: S\nlists: [members]\n{more}---\nstatus: x\n---\nend")
}

/// `more` after the stamp; the rest must be as it was.
#[track_caller]
fn stamped(more: &str, stamp: &Stamp) -> String {
    let text = stamp.on(&parse(&article(more)).source).unwrap().text;
    let (head, tail) =
        ("---\nkind: article\nsubject: S\nlists: [members]\n", "---\nstatus: x\n---\nend");
    let more = text.strip_prefix(head).and_then(|rest| rest.strip_suffix(tail));
    more.unwrap_or_else(|| panic!("more has changed: {text}")).to_owned()
}

#[test]
fn only_the_values_change() {
    for (before, after) in [
        (
            "send_at: 2016-10-26 09:00\nstatus: draft\n",
            "send_at: 2026-12-10 08:00\nstatus: ready\n",
        ),
        (
            "status:   draft   # `ready` when it may go\nsend_at:\t2016-10-26 09:00 # local\n",
            "status:   ready   # `ready` when it may go\nsend_at:\t2026-12-10 08:00 # local\n",
        ),
        (
            "send_at: \"2016-10-26T09:00:00\"\n'status' : 'draft'\n",
            "send_at: \"2026-12-10 08:00\"\n'status' : 'ready'\n",
        ),
        (
            "status:\nsend_at:   # when?\npreheader: P\n",
            "status: ready\nsend_at: 2026-12-10 08:00   # when?\npreheader: P\n",
        ),
        ("status: ~\nsend_at: null\n", "status: ready\nsend_at: 2026-12-10 08:00\n"),
        (
            "status: ready\nsend_at: 2026-12-10 08:00\n",
            "status: ready\nsend_at: 2026-12-10 08:00\n",
        ),
        (
            "send_at: 2016-10-26 09:00\r\nstatus: draft\r\n",
            "send_at: 2026-12-10 08:00\r\nstatus: ready\r\n",
        ),
    ] {
        assert_eq!(stamped(before, &ready()), after, "{before}");
    }
}

#[test]
fn a_missing_key_stands_below_the_other_one_or_at_the_end() {
    for (before, after) in [
        ("", "send_at: 2026-12-10 08:00\nstatus: ready\n"),
        (
            "preheader: |\n  P\n# the end\n",
            "preheader: |\n  P\n# the end\nsend_at: 2026-12-10 08:00\nstatus: ready\n",
        ),
        (
            "preheader: one\n  two\n",
            "preheader: one\n  two\nsend_at: 2026-12-10 08:00\nstatus: ready\n",
        ),
        (
            "# may go\nstatus: draft # not yet\npreheader: P\n",
            "# may go\nstatus: ready # not yet\nsend_at: 2026-12-10 08:00\npreheader: P\n",
        ),
        (
            "send_at: 2016-10-26 09:00\r\npreheader: P\n",
            "send_at: 2026-12-10 08:00\r\nstatus: ready\r\npreheader: P\n",
        ),
        (
            "status: draft\npreheader: P\r\n",
            "status: ready\nsend_at: 2026-12-10 08:00\npreheader: P\r\n",
        ),
    ] {
        assert_eq!(stamped(before, &ready()), after, "{before}");
    }
}

#[test]
fn taking_it_back_leaves_the_time() {
    assert_eq!(
        stamped("status: ready\nsend_at: 2016-10-26\n  09:00\n", &BACK),
        "status: draft\nsend_at: 2016-10-26\n  09:00\n"
    );
}

#[test]
fn marks_and_line_ends_of_the_file_stay() {
    let text = "\u{feff}--- \r\n  kind: article\r\n  subject: \"S: é\"\r\n  lists: [members]\r\n\
                ---\t\r\nBody";
    let wanted = "\u{feff}--- \r\n  kind: article\r\n  subject: \"S: é\"\r\n  lists: [members]\r\n  \
                  send_at: 2026-12-10 08:00\r\n  status: ready\r\n---\t\r\nBody";
    assert_eq!(&*ready().on(&parse(text).source).unwrap().text, wanted);
    let text = "---\nstatus: draft\nkind: article\nsubject: S\nlists: [members]\n---";
    let wanted = "---\nstatus: ready\nsend_at: 2026-12-10 08:00\nkind: article\nsubject: S\n\
                  lists: [members]\n---";
    assert_eq!(&*ready().on(&parse(text).source).unwrap().text, wanted);
}

#[test]
fn what_would_change_more_is_refused_with_the_lines_to_write() {
    for text in [
        article("send_at: 2016-10-26\n  09:00\n"),
        article("status:\n  draft\n"),
        article("status: >-\n  draft\n"),
        article("? status\n: draft\n"),
        "---\n{ kind: article, subject: S, lists: [members], status: draft }\n---\n".to_owned(),
        "---\n{\nkind: article, subject: S, lists: [members]\n}\n---\n".to_owned(),
    ] {
        let fault = ready().on(&parse(&text).source).expect_err(&text);
        assert_eq!(
            (fault.to_string().as_str(), fault.hint.as_deref()),
            (
                "drafts/x.md: `send_at` and `status` cannot be written into this front matter \
                 without changing more",
                Some(
                    "write by hand, each on a line of its own: `send_at: 2026-12-10 08:00`, \
                     `status: ready`"
                )
            ),
            "{text}"
        );
    }
}

/// A key's line or lines, without line ends.
fn keys() -> impl Strategy<Value = Vec<&'static str>> {
    let others = Just(vec![
        "kind: article",
        "subject: \"S: # no comment\"",
        "lists: [members]",
        "preheader: é status # status: draft",
        "where: { city: London }",
        "author:\n  name: Ann # send_at: 2016-10-26 09:00",
        "# send_at: 2016-10-26 09:00",
        "late_after: 2h",
        "",
        "occasion: >\n  status: draft\n",
    ]);
    let status = prop::sample::select(vec![
        None,
        Some("status: draft"),
        Some("status: \"ready\"  # c: d"),
        Some("'status': 'draft'"),
        Some("status:"),
        Some("status:   # draft"),
    ]);
    let send_at = prop::sample::select(vec![
        None,
        Some("send_at: 2016-10-26 09:00"),
        Some("\"send_at\":  '2016-10-26T09:00:30'   # when"),
        Some("send_at: # later"),
        Some("send_at : 2016-10-26 09:00"),
    ]);
    (others, status, send_at)
        .prop_map(|(mut lines, status, send_at)| {
            lines.extend(status.into_iter().chain(send_at));
            lines
        })
        .prop_shuffle()
}

/// Lines with their ends, without those of the two keys.
fn other_lines(text: &str) -> Vec<&str> {
    let is_key = |line: &&str| {
        let bare = line.trim_start_matches(['"', '\'']);
        bare.starts_with("status") || bare.starts_with("send_at")
    };
    text.split_inclusive('\n').filter(|line| !is_key(line)).collect()
}

/// What stands behind the values of the two keys.
fn ends(text: &str, key: &str) -> Option<String> {
    let is_key = |line: &&str| line.trim_start_matches(['"', '\'']).starts_with(key);
    let line = text.split_inclusive('\n').find(is_key)?;
    let end = line.find('#').unwrap_or(line.trim_end().len());
    Some(line[end..].to_owned())
}

proptest! {
    #[test]
    fn no_other_line_changes(
        keys in keys(), crlf in prop::collection::vec(any::<bool>(), 32), mark in any::<bool>(),
    ) {
        let mut text = if mark { "\u{feff}---\n" } else { "---\n" }.to_owned();
        text.extend(keys.iter().flat_map(|key| [key, "\n"]));
        text.push_str("---\nBody\n  status: draft\n");
        let lines = text.split_inclusive('\n').zip(crlf.iter().cycle());
        let text: String = lines
            .map(|(line, crlf)| if *crlf { line.replace('\n', "\r\n") } else { line.to_owned() })
            .collect();
        let before = parse(&text);
        let source = ready().on(&before.source).unwrap();
        let after = parse(&source.text);
        prop_assert_eq!(other_lines(&source.text), other_lines(&text));
        for key in ["status", "send_at"] {
            let end = ends(&text, key);
            prop_assert!(end.is_none() || end == ends(&source.text, key), "{}", source.text);
        }
        prop_assert_eq!(after.front.status, Publication::Ready);
        prop_assert_eq!(after.front.send_at.as_ref().map(|at| at.value), ready().send_at);
        prop_assert_eq!(after.body(), before.body());
        // Once more changes nothing.
        prop_assert_eq!(&ready().on(&source).unwrap().text, &source.text);
        // And back: the time stays.
        let back = BACK.on(&source).unwrap();
        prop_assert_eq!(back.text.len(), source.text.len());
        prop_assert_eq!(parse(&back.text).front.status, Publication::Draft);
    }
}

//! The proof: what is sent, and where it was written.

use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::{config::Workspace, draft::Kind};

/// A draft that uses what the samples leave out.
const EVERYTHING: &str = "---
kind: event
subject: A day for everybody
preheader: Two days of talks
lists: [members]
event:
  starts: 2016-11-02 17:00
  ends: 2016-11-03 18:00
  place: Committee Room 20
  timezone: Europe/London
  register: https://events.example/register
  access: The visitor entrance
  admission: Free
  partners: [One group, Another]
  speakers: [{ name: Ann Archer, role: Secretary }]
---
Read [the paper](https://papers.example/a).[^1]

> Quoted, with [its source](https://papers.example/b)

## Times

| Day | Talk |
|-----|------|
| One | [First](https://papers.example/c) in `code` |

1. One
2. Two

---

```
code
```

[^1]: See [the annex](https://papers.example/d).
";

/// Takes the inputs of all sample drafts and of one that uses the rest, with the built-in templates,
/// to `then`.
pub(crate) fn with_samples(mut then: impl FnMut(&str, &Input<'_>)) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = Workspace::open(root).unwrap();
    let templates = workspace.templates().unwrap();
    let calendar = CalendarLinks {
        file: "event.ics".to_owned(),
        google: Some("https://calendar.google.com/calendar/render?text=A%20B".to_owned()),
        outlook: Some("https://outlook.live.com/calendar/0/action/compose?rru=addevent".to_owned()),
    };
    let optional: Vec<String> = templates.kinds.values().flat_map(Kind::optional_keys).collect();
    let list = ListColumns {
        name: "members".to_owned(),
        file: "lists/members.csv".to_owned(),
        columns: ["email", "first_name", "last_name"].map(str::to_owned).to_vec(),
    };
    let sender = Sender {
        name: "APPG on North Korea".to_owned(),
        address: "news@appg.example".to_owned(),
        reply_to: Some("secretariat@appg.example".to_owned()),
        postal_address: Some("Houses of Parliament, London SW1A 0AA".to_owned()),
        domain: "appg.example".to_owned(),
        language: "en-GB".to_owned(),
        timezone: "Europe/London".to_owned(),
    };
    let slugs = workspace.slugs().unwrap();
    assert_eq!(slugs.len(), 7);
    let samples = slugs.iter().map(|slug| workspace.draft(slug, root, &templates.kinds).unwrap());
    let source = Source::new("drafts/everything.md", EVERYTHING);
    let everything = Draft::parse("everything", source, &templates.kinds).unwrap();
    for draft in samples.chain([everything]) {
        let picture = |file: &str| {
            let asset = workspace.asset(&draft, file)?;
            size(&asset.bytes).ok_or_else(|| Diagnostic::new("no picture"))
        };
        then(
            &draft.slug,
            &Input {
                draft: &draft,
                templates: &templates.set,
                sender: &sender,
                calendar: draft.front.announces.then_some(&calendar),
                lists: std::slice::from_ref(&list),
                optional: &optional,
                picture: &picture,
            },
        );
    }
}

/// Without its marks a proof is what is sent.
pub(super) fn assert_faithful(input: &Input<'_>, expanded: &Expanded) {
    let proof = super::proof(input).unwrap_or_else(|faults| panic!("{}", lines(&faults)));
    let sent = super::super::proof::page(&expanded.html, &proof.marker);
    assert_eq!(proof.unmarked(&proof.html), proof.unmarked(&sent));
    assert!(!proof.unmarked(&proof.html).contains(&proof.marker));
    let text = Template(vec![Piece::If {
        test: Expression::Constant(Value::Null),
        then: expanded.text.clone(),
        otherwise: Template::default(),
    }]);
    assert_eq!(proof.text, super::super::proof::words(&text));
}

/// What the marks say, in order: the tag and the place it names.
fn places(proof: &Proof) -> Vec<String> {
    let attribute = format!(" {}=\"", proof.marker);
    let places = proof.html.match_indices(&attribute).map(|(at, _)| {
        let tag = &proof.html[proof.html[..at].rfind('<').unwrap()..];
        let name = tag.split([' ', '>']).next().unwrap();
        let number = proof.html[at + attribute.len()..].split('"').next().unwrap();
        let spot = &proof.spots[number.parse::<usize>().unwrap()];
        let (line, column) = spot.value.line_column(spot.span.start);
        let text = &spot.value.text[spot.span.clone()];
        format!("{name} {}:{line}:{column} {text}", spot.value.name)
    });
    places.collect()
}

#[test]
fn the_samples_without_marks_are_what_is_sent() {
    with_samples(|slug, input| {
        let expanded = expand(input).unwrap_or_else(|faults| panic!("{slug}: {}", lines(&faults)));
        assert_faithful(input, &expanded);
    });
}

#[test]
fn every_element_of_the_samples_says_where_it_was_written() {
    with_samples(|slug, input| {
        let proof = super::proof(input).unwrap();
        for place in places(&proof) {
            let (tag, rest) = place.split_once(' ').unwrap();
            let (file, text) = rest.split_once(' ').unwrap();
            assert!(file.starts_with("drafts/") || text == tag, "{slug}: {place}");
        }
    });
}

#[test]
fn places_are_those_of_the_author() {
    let newsroom = Newsroom::new(
        "# Ä {{city}}\n\n{{#if city}}\nSee [one](https://e.org)\nor [two](https://f.org).\n{{/if}}\n\n\
         ![A hall](files/a.jpg)\n\n| a |\n|---|\n| b |\n",
    )
    .file("partials/box.html.hbs", "{{#if (eq a \"<b>\")}}<i>x</i>{{else}}<B\n>y</B>{{/if}}")
    .kind("<!-- <p> --><h{{len event.speakers}} title=\"<u>\">\n é <td>{{> box a=\"<i>\"}}{{{body}}}");
    newsroom.with_input(|input| {
        assert_eq!(
            places(&super::proof(input).unwrap()),
            [
                "<html templates/layout.html.hbs:1:1 <html",
                "<head templates/layout.html.hbs:1:7 <head",
                "<title templates/layout.html.hbs:1:13 <title",
                "<body templates/layout.html.hbs:1:52 <body",
                "<h2 templates/event/html.hbs:1:13 <h{{len event.speakers}}",
                "<b templates/partials/box.html.hbs:1:37 <B",
                "<h1 drafts/talk.md:4:1 # Ä {{city}}",
                "<p drafts/talk.md:7:1 See [one](https://e.org)",
                "<a drafts/talk.md:7:1 See [one](https://e.org)",
                "<a drafts/talk.md:8:1 or [two](https://f.org).",
                "<div drafts/talk.md:11:1 ![A hall](files/a.jpg)",
                "<img drafts/talk.md:11:1 ![A hall](files/a.jpg)",
                "<table drafts/talk.md:13:1 | a |",
                "<tr drafts/talk.md:13:1 | a |",
                "<th drafts/talk.md:13:1 | a |",
                "<tr drafts/talk.md:15:1 | b |",
                "<td drafts/talk.md:15:1 | b |",
            ]
        );
    });
}

#[test]
fn both_branches_of_a_tag_are_marked() {
    let kind = "{{#unless draft.subject}}<i title=\"a{{else}}<u title=\"b{{/unless}}\">x</u>";
    Newsroom::new("a").kind(kind).with_input(|input| {
        let places = places(&super::proof(input).unwrap());
        assert_eq!(places.last().unwrap(), "<u templates/event/html.hbs:1:45 <u");
    });
}

#[test]
fn all_branches_follow_one_another_and_attributes_have_one() {
    let newsroom = Newsroom::new("Hi {{first_name}}").kind(
        "{{{body}}}{{#if subscriber.city}}<b>a</b>{{else}}<i>b</i>{{/if}}<a \
         href=\"{{#if subscriber.website}}x{{else}}y{{/if}}\">{{links.unsubscribe}}</a>",
    );
    newsroom.with_input(|input| {
        let proof = super::proof(input).unwrap();
        let html = proof.unmarked(&proof.html);
        assert!(html.contains("<p>Hi \u{FFFC}</p>"), "{html}");
        assert!(
            html.contains("<b>a</b><i>b</i><a href=\"x\">\u{FFFC}\u{FFFB}</a></body>"),
            "{html}"
        );
        let marker = &proof.marker;
        assert!(proof.html.contains(&format!("</b><!--{marker} else-->")), "{}", proof.html);
        assert!(proof.html.contains(&format!("</i><!--{marker} end-->")), "{}", proof.html);
    });
}

#[test]
fn the_name_of_the_mark_is_nobody_elses() {
    let newsroom = Newsroom::new("data-spot0z").kind("<p class=\"data-spot1z\">{{{body}}}");
    newsroom.with_input(|input| {
        let proof = super::proof(input).unwrap();
        assert_eq!(proof.marker, "data-spot2z");
        assert!(
            proof.unmarked(&proof.html).contains("<p class=\"data-spot1z\"></p><p>data-spot0z")
        );
    });
}

#[test]
fn faults_are_told_at_their_places_in_the_templates() {
    let newsroom = Newsroom::new("a").kind("<p>{{nobody}}");
    newsroom.with_input(|input| {
        let faults = super::proof(input).unwrap_err();
        assert_eq!(faults, expand(input).unwrap_err());
    });
}

/// Pieces of templates, whole and broken. What leaves a quote open is left out: a mark has quotes
/// of its own, and behind an open one all is lost already.
const PIECES: [&str; 23] = [
    "<p>",
    "</p>",
    "<b class=\"x\">",
    "'",
    "<td>",
    "<table><tr>",
    "</table>",
    "<",
    ">",
    "<!--",
    "-->",
    "<style>p { color: red }",
    "</style>",
    "{{subscriber.city}}",
    "{{#if subscriber.city}}",
    "{{else}}",
    "{{/if}}",
    "{{#if draft.subject}}",
    "{{draft.subject}}",
    "{{{body}}}",
    "<a href=\"{{subscriber.website}}\">",
    "<img alt=x src='cid:a'\nclass=y>",
    "é",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn whatever_can_be_sent_can_be_proofed(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..20),
        body in "[a-z*#>`\\[\\]() |\n-]{0,40}",
    ) {
        // Expanding it compares the two.
        let _ = Newsroom::new(&body).kind(&pieces.concat()).expand();
    }
}

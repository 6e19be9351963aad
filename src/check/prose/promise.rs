//! Attachments and links that the text promises.

use std::ops::Range;

use super::{Finding, PROMISE, ink::words};
use crate::draft::Draft;

/// What a text calls the papers that come with it.
const PAPERS: [&str; 21] = [
    "agenda",
    "copy",
    "document",
    "documents",
    "file",
    "files",
    "flyer",
    "form",
    "invitation",
    "leaflet",
    "letter",
    "list",
    "map",
    "minutes",
    "papers",
    "pdf",
    "poster",
    "press",
    "programme",
    "program",
    "report",
];

/// Besides papers, these are attached to things that no mail brings.
const OTHERWISE: [&str; 10] = [
    "blame",
    "condition",
    "conditions",
    "importance",
    "label",
    "meaning",
    "stigma",
    "string",
    "strings",
    "value",
];

/// Promises in the body, as `ink` has it, that the mail does not keep.
pub(super) fn findings(draft: &Draft, ink: &str) -> Vec<Finding> {
    let attached = attachment(ink).filter(|_| draft.front.attachments.is_empty());
    let attached = attached.map(|place| {
        PROMISE
            .finding(format!("`{}` promises an attachment, and there is none", &ink[place.clone()]))
            .at(&draft.source, place)
            .fix("name the file in the front matter: `attachments: [files/…]`")
    });
    // Templates make buttons of these, below the text.
    let fields = &draft.front.fields;
    let registers = fields.get("event").is_some_and(|event| event.get("register").is_some());
    let has_button = registers || fields.contains_key("waiting_list");
    let linked = link_below(ink).filter(|_| !has_button);
    let linked = linked.filter(|place| !has_link(&draft.source.text[place.end..])).map(|place| {
        PROMISE
            .finding(format!("`{}` promises a link, and none follows", &ink[place.clone()]))
            .at(&draft.source, place)
            .fix("add the link below, or take the words out")
    });
    attached.into_iter().chain(linked).collect()
}

/// The first words that promise an attachment.
fn attachment(ink: &str) -> Option<Range<usize>> {
    sentences(ink).find_map(|(at, sentence)| {
        let place = english(sentence).or_else(|| other_languages(sentence));
        place.map(|place| at + place.start..at + place.end)
    })
}

/// `please find attached`, `the attached programme`, `the minutes are enclosed`
fn english(sentence: &str) -> Option<Range<usize>> {
    let words: Vec<(usize, String)> =
        words(sentence).map(|(at, word)| (at, word.to_ascii_lowercase())).collect();
    if words.iter().any(|(_, word)| OTHERWISE.contains(&word.as_str())) {
        return None;
    }
    let word = |here: usize, offset: isize| {
        let there = here.checked_add_signed(offset).and_then(|there| words.get(there));
        there.map_or("", |(_, word)| word.as_str())
    };
    let found = (0..words.len()).find(|here| {
        if !matches!(word(*here, 0), "attached" | "enclosed") {
            return false;
        }
        let [two_before, before, after, two_after] =
            [-2, -1, 1, 2].map(|offset| word(*here, offset));
        let names_papers = PAPERS.contains(&after);
        let asks_to_look = matches!(before, "find" | "see");
        let words_before = words.iter().take(*here).map(|(_, word)| word.as_str());
        let brings_papers = PAPERS.contains(&before)
            && words_before.rev().take(6).any(|word| matches!(word, "find" | "see" | "with"));
        let offers =
            after == "please" || (after == "you" && matches!(two_after, "will" | "can" | "find"));
        let says_of_papers = PAPERS.contains(&two_before)
            && matches!(before, "is" | "are")
            && !matches!(after, "to" | "by" | "in" | "within" | "with");
        let says_of_us = matches!(two_before, "i" | "we")
            && before == "have"
            && !matches!(after, "to" | "ourselves" | "myself");
        names_papers || asks_to_look || brings_papers || offers || says_of_papers || says_of_us
    })?;
    let (at, word) = &words[found];
    Some(*at..at + word.len())
}

/// German and Korean.
fn other_languages(sentence: &str) -> Option<Range<usize>> {
    let german = ["im Anhang", "Im Anhang", "in der Anlage", "In der Anlage", "anbei", "Anbei"];
    let german = german.into_iter().find_map(|words| {
        let at = sentence.find(words)?;
        let after = sentence[at + words.len()..].split_whitespace().next().unwrap_or_default();
        // The appendix of something else.
        let is_elsewhere = !words.ends_with("bei")
            && matches!(after, "des" | "der" | "zum" | "zur" | "von" | "eines" | "einer");
        (!is_elsewhere).then_some(at..at + words.len())
    });
    german.or_else(|| {
        let words = "첨부";
        let at = sentence.find(words)?;
        let after = &sentence[at + words.len()..];
        // Readers are asked to attach something, or nothing is attached.
        let is_asked = ["해 주", "해주", "하여 주", "하세요", "하십시오", "하지", "바랍니다"];
        let is_asked = is_asked.iter().any(|end| after.starts_with(end));
        (!is_asked).then_some(at..at + words.len())
    })
}

/// The first words that promise a link further down.
fn link_below(ink: &str) -> Option<Range<usize>> {
    const PROMISES: [&str; 7] = [
        "link below",
        "links below",
        "button below",
        "link unten",
        "unten stehenden link",
        "아래 링크",
        "아래의 링크",
    ];
    sentences(ink).find_map(|(at, sentence)| {
        let lower = sentence.to_ascii_lowercase();
        // The way to unsubscribe stands in every footer.
        if lower.contains("unsubscribe") {
            return None;
        }
        PROMISES.into_iter().find_map(|words| {
            let found = at + lower.find(words)?;
            Some(found..found + words.len())
        })
    })
}

fn has_link(text: &str) -> bool {
    ["://", "](", "][", "]:", "mailto:", "www.", "@", "{{"].iter().any(|sign| text.contains(sign))
}

/// Stretches between full stops and blank lines, each with its place.
fn sentences(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let mut pairs = rest.as_bytes().windows(2);
        let ends = |pair: &[u8]| match pair[0] {
            b'.' | b'!' | b'?' => matches!(pair[1], b' ' | b'\n'),
            byte => byte == b'\n' && pair[1] == b'\n',
        };
        let length = pairs.position(ends).map_or(rest.len(), |end| end + 2);
        let begin = at;
        at += length;
        Some((begin, &rest[..length]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promised_attachment_is_found() {
        for (text, words) in [
            ("Dear all. Please find attached our report.", "attached"),
            ("See attached.", "attached"),
            ("Please find the full programme attached.", "attached"),
            ("The attached programme has more.", "attached"),
            ("The poster is attached.", "attached"),
            ("The minutes are\nenclosed, as you asked.", "enclosed"),
            ("We have attached the poster and more.", "attached"),
            ("Attached you will find it.", "Attached"),
            ("Das Programm finden Sie im Anhang.", "im Anhang"),
            ("Anbei der Bericht des Jahres.", "Anbei"),
            ("일정표를 첨부합니다.", "첨부"),
        ] {
            let found = attachment(text).map(|place| &text[place]);
            assert_eq!(found, Some(words), "{text}");
        }
    }

    #[test]
    fn other_attachments_are_no_promise() {
        for text in [
            "We are attached to this place. We have attached ourselves to it.",
            "They are closely attached, and heavily attached.",
            "No strings attached. The conditions attached are hard.",
            "We have attached great importance to it.",
            "A form is attached to the wall.",
            "An enclosed yard; the report was attacked",
            "Im Anhang des Berichts steht mehr",
            "이력서를 첨부해 주십시오",
        ] {
            assert_eq!(attachment(text), None, "{text}");
        }
    }

    #[test]
    fn a_link_below_is_a_promise_unless_it_is_that_of_the_footer() {
        let place = |text: &str| link_below(text).map(|place| text[place].to_owned());
        assert_eq!(place("Use the Link below, please").as_deref(), Some("Link below"));
        assert_eq!(place("아래 링크를 보세요").as_deref(), Some("아래 링크"));
        assert_eq!(place("To unsubscribe, use the link below."), None);
        assert_eq!(place("The link between them is below us"), None);
    }
}

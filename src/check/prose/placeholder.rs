//! Words that stood in for something, and still do.

use std::{collections::HashSet, ops::Range};

use serde_json::Value;

use super::{Finding, PLACEHOLDER, ink::words};
use crate::draft::Draft;

/// What writers put in brackets and mean to fill in, in small letters.
const IN_BRACKETS: [&str; 33] = [
    "address",
    "date",
    "datum",
    "email",
    "insert",
    "link",
    "link here",
    "location",
    "name",
    "number",
    "ort",
    "place",
    "quote",
    "room",
    "speaker",
    "tba",
    "tbc",
    "tbd",
    "time",
    "title",
    "todo",
    "url",
    "uhrzeit",
    "venue",
    "xx",
    "xxx",
    "your name",
    "first name",
    "last name",
    "날짜",
    "링크",
    "이름",
    "장소",
];

/// Domains that stand for a domain in instructions (RFC 2606 §3).
const DOMAINS: [&str; 3] = ["example.com", "example.net", "example.org"];

/// What `insert … here` asks for.
const INSERTED: [&str; 15] = [
    "address", "caption", "date", "image", "link", "logo", "name", "number", "photo", "picture",
    "quote", "text", "time", "title", "url",
];

/// After these words a numeral stands.
const NUMBERED: [&str; 11] = [
    "annex", "appendix", "article", "book", "bowl", "chapter", "figure", "part", "psalm",
    "section", "volume",
];

/// Placeholders of the body that are told; who mends them sees the rest.
const NAMED: usize = 20;

/// Placeholders in what readers see: the body as `ink` has it, and the texts of the front matter.
pub(super) fn findings(draft: &Draft, ink: &str) -> Vec<Finding> {
    let language = draft.front.language.as_ref().map_or("", |language| &language.value);
    let mut places: Vec<(String, Range<usize>)> = Vec::new();
    for value in front_texts(draft) {
        for found in all(&value, language) {
            let words = value[found.clone()].to_owned();
            places.push((words, in_front(draft, &value, found)));
        }
    }
    let body = all(ink, language).into_iter().take(NAMED);
    places.extend(body.map(|found| (ink[found.clone()].to_owned(), found)));
    let told = |(words, place): (String, Range<usize>)| {
        PLACEHOLDER
            .finding(format!("`{words}` still stands in for something"))
            .at(&draft.source, place)
            .fix("write what belongs there, or take it out")
    };
    places.into_iter().map(told).collect()
}

/// The texts of the front matter that readers see.
fn front_texts(draft: &Draft) -> Vec<String> {
    let front = &draft.front;
    let mut texts = vec![front.subject.value.clone()];
    texts.extend(front.preheader.as_ref().map(|preheader| preheader.value.clone()));
    if let Some(author) = &front.author {
        texts.push(author.name.clone());
        texts.extend(author.role.clone());
    }
    texts.extend(front.attachments.iter().filter_map(|attachment| attachment.title.clone()));
    front.fields.values().for_each(|value| collect(value, &mut texts));
    texts
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, texts)),
        _ => {}
    }
}

/// Where a part of a value stands in the front matter: in the value as it is written there, else
/// where its words first stand, else anywhere in it.
fn in_front(draft: &Draft, value: &str, part: Range<usize>) -> Range<usize> {
    let front = &draft.source.text[..draft.body_start];
    if let Some(at) = front.find(value) {
        return at + part.start..at + part.end;
    }
    let words = &value[part];
    front.find(words).map_or(0..3, |at| at..at + words.len())
}

/// All placeholders of a text, in order.
fn all(text: &str, language: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    found.extend(stand_ins(text, language));
    found.extend(brackets(text));
    found.extend(domains(text));
    // `[TBC]` is one.
    found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut end = 0;
    found.retain(|range| {
        let is_inside = range.end <= end;
        end = end.max(range.end);
        !is_inside
    });
    found
}

/// `TODO`, `TBC`, `XXX`, `lorem ipsum`, `insert link here`
fn stand_ins(text: &str, language: &str) -> Vec<Range<usize>> {
    // In Spanish and Portuguese `TODO` is a word.
    let todo_is_a_word = ["es", "pt", "gl"].iter().any(|tag| language.starts_with(tag));
    let words: Vec<(usize, &str)> = words(text).collect();
    let is = |position: usize, word: &str| {
        words.get(position).is_some_and(|(_, other)| other.eq_ignore_ascii_case(word))
    };
    let mut found = Vec::new();
    for (position, (at, word)) in words.iter().enumerate() {
        let is_numeral = || position > 0 && NUMBERED.iter().any(|word| is(position - 1, word));
        let stands_in = match *word {
            "TODO" => !todo_is_a_word,
            "TBC" | "TBD" | "FIXME" => true,
            word => word.len() >= 3 && word.bytes().all(|byte| byte == b'X') && !is_numeral(),
        };
        let end = if stands_in {
            Some(position)
        } else if is(position, "lorem") && is(position + 1, "ipsum") {
            Some(position + 1)
        } else if is(position, "insert") {
            (position + 2..position + 5)
                .find(|end| is(*end, "here"))
                .filter(|end| INSERTED.iter().any(|thing| is(end - 1, thing)))
        } else {
            None
        };
        found.extend(end.map(|end| *at..words[end].0 + words[end].1.len()));
    }
    found
}

/// `[link]` that is no link, `[insert a quote]`
fn brackets(text: &str) -> Vec<Range<usize>> {
    let defined = definitions(text);
    let mut found = Vec::new();
    for (at, _) in text.match_indices('[') {
        let rest = &text[at + 1..];
        let Some(end) = rest.find([']', '[', '\n']).filter(|end| rest[*end..].starts_with(']'))
        else {
            continue;
        };
        let inside = rest[..end].trim().to_lowercase();
        let is_link =
            rest[end + 1..].starts_with(['(', '[', ':']) || text[..at].ends_with(['!', '[', ']']);
        let is_asked_for = ["insert ", "add "].iter().any(|begin| inside.starts_with(begin));
        if (IN_BRACKETS.contains(&inside.as_str()) || is_asked_for)
            && !is_link
            && !defined.contains(&inside)
        {
            found.push(at..at + end + 2);
        }
    }
    found
}

/// The words of `[words]: https://…` lines, in small letters.
fn definitions(text: &str) -> HashSet<String> {
    let names =
        text.lines().filter_map(|line| line.trim_start().strip_prefix('[')?.split_once("]:"));
    names.map(|(name, _)| name.trim().to_lowercase()).collect()
}

/// `example.com`, also below it and behind an `@`.
fn domains(text: &str) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for domain in DOMAINS {
        for (at, _) in lower.match_indices(domain) {
            let end = at + domain.len();
            let is_inside = |c: char| c.is_alphanumeric() || c == '-';
            let begins = !lower[..at].ends_with(is_inside);
            let after = &lower[end..];
            let ends = !after.starts_with(is_inside)
                && !after.strip_prefix('.').is_some_and(|after| after.starts_with(is_inside));
            if begins && ends {
                found.push(at..end);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::prose::tests::{letter, shown};

    fn found<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
        all(text, language).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn what_stands_in_is_found() {
        for (text, words) in [
            ("Come to TODO at six", "TODO"),
            ("Room TBC, House of Lords", "TBC"),
            ("Room XXX", "XXX"),
            ("Call XXXX", "XXXX"),
            ("Lorem ipsum dolor", "Lorem ipsum"),
            ("Please insert link here.", "insert link here"),
            ("INSERT YOUR NAME HERE", "INSERT YOUR NAME HERE"),
            ("See [link] for more", "[link]"),
            ("On [Date], in [TBC]", "[Date]"),
            ("He said: [insert a quote]", "[insert a quote]"),
            ("자세한 내용은 [링크]", "[링크]"),
            ("at https://www.example.com/a", "example.com"),
            ("write to ana@example.org.", "example.org"),
        ] {
            assert_eq!(found(text, "en").first(), Some(&words), "{text}");
        }
        assert_eq!(found("[TBC]", "en"), ["[TBC]"], "it is told once");
    }

    #[test]
    fn words_names_numerals_and_links_are_not() {
        for text in [
            "Todo es posible, and Mr Todo came",
            "TODOS, TBCs and the XXth century",
            "Chapter XXX and Volume XXX",
            "the [link](https://group.example) and [date][1]",
            "See [link].\n\n[link]: https://group.example",
            "She said that [they] left [in 2013] [sic]",
            "![photo](files/a.png), [photo] of them",
            "myexample.com, example.com.au and example.common",
            "an example. Come! for example.",
            "insert your ballot paper here, and insert it there",
            "Insert coins",
        ] {
            assert_eq!(found(text, "en"), <[&str; 0]>::default(), "{text}");
        }
        assert_eq!(found("TODO EL MUNDO", "es-ES"), <[&str; 0]>::default());
    }

    #[test]
    fn front_matter_is_read_where_readers_see_it() {
        let front = "subject: Our talk\nrecipient: \"The people of TBC\"\nlists: [members]\n\
                     # TODO: ask them\nauthor: { name: Ana, role: XXX }";
        let draft = letter(front, "Text\n");
        let found = findings(&draft, "");
        assert_eq!(found.iter().map(shown).collect::<Vec<_>>(), ["XXX", "TBC"]);
    }
}

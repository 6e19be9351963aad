//! Greetings that lost their name.

use std::iter;

/// Words that a greeting begins with.
const GREETINGS: [&str; 14] = [
    "Dear",
    "Hello",
    "Hi",
    "Hey",
    "Welcome",
    "Good morning",
    "Good afternoon",
    "Good evening",
    "Liebe",
    "Lieber",
    "Sehr geehrte",
    "Sehr geehrter",
    "Hallo",
    "Guten Tag",
];

/// The same in French, which sets a space before every sign but the comma.
const FRENCH: [&str; 3] = ["Bonjour", "Cher", "Chère"];

/// Words that stand before a name.
const TITLES: [&str; 12] =
    ["Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Prof", "Professor", "Sir", "Lord", "Frau", "Herr"];

/// What follows a Korean name.
const HONORIFICS: [&str; 4] = ["님께", "님,", "님 ", "님!"];

/// The first of these lines that greets nobody, as far as its name is missing.
pub(super) fn first<'a>(mut lines: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    lines.find_map(without_a_name)
}

/// The lines that begin a paragraph: a text is wrapped, and any word may begin the others.
pub(super) fn beginnings(text: &str) -> impl Iterator<Item = &str> {
    let is_blank = |line: &str| !line.contains(|c: char| c.is_alphanumeric());
    let before = iter::once("").chain(text.lines());
    iter::zip(before, text.lines())
        .filter(move |(before, line)| is_blank(before) && !is_blank(line))
        .map(|(_, line)| line)
}

fn without_a_name(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || c == '>').trim_end();
    if let Some(alone) = HONORIFICS.into_iter().find(|after| line.starts_with(after)) {
        return Some(&line[..alone.trim_end().len()]);
    }
    // 귀하 is “you” as well, but not when it stands for itself.
    if ["Dear,", "Dear", "귀하"].contains(&line) {
        return Some(line);
    }
    if !line.starts_with(['D', 'H', 'W', 'G', 'L', 'S', 'B', 'C']) {
        return None;
    }
    let hole = |greetings: &[&str], signs: &[char]| {
        greetings.iter().find_map(|greeting| {
            // `Hi,` is a way to greet; `Hi ,` has a hole in it.
            let rest = without_title(line.strip_prefix(greeting)?.strip_prefix(' ')?);
            rest.starts_with(signs).then(|| &line[..=line.len() - rest.len()])
        })
    };
    hole(&GREETINGS, &[',', '!', ';', ':']).or_else(|| hole(&FRENCH, &[',']))
}

fn without_title(rest: &str) -> &str {
    // A name of signs that nobody sees is none.
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || is_invisible(c));
    let titled = TITLES.iter().find_map(|title| rest.strip_prefix(title));
    let untitled = titled.map(|rest| rest.strip_prefix('.').unwrap_or(rest));
    match untitled {
        // `Mr,` without a space is no name either.
        Some(after) if after.starts_with([' ', ',', '!', ':']) => after.trim_start(),
        _ => rest,
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_without_a_name_is_found() {
        for line in [
            "Dear ,",
            "Dear  ,",
            "Dear,",
            "Dear",
            "Hi ,",
            "Hello !",
            "> Dear ,",
            "Dear Ms ,",
            "Dear Dr. ,",
            "Dear Mr,",
            "Good morning ,",
            "Dear \u{200B},",
            "Hi \u{FEFF}\u{A0}!",
            "님께",
            "  님,",
            " 귀하",
            "Sehr geehrter Herr ,",
            "Bonjour ,",
        ] {
            let lines = ["One", line, "Two"].into_iter();
            assert_eq!(first(lines), Some(line.trim_start_matches([' ', '>'])), "{line}");
        }
        assert_eq!(first("Dear , we write to Ana".lines()), Some("Dear ,"));
    }

    #[test]
    fn a_greeting_with_one_and_prose_are_not() {
        for line in [
            "Dear Ana,",
            "Dear friend,",
            "Hi,",
            "Hello!",
            "Hello, all",
            "Dear Sir or Madam,",
            "Dear Lord Alton,",
            "Dearly , beloved",
            "Welcome to London, Ana",
            "김하늘님께",
            "Dear Missy,",
            "Dear Mr Kim,",
            "귀하의 건강을 빕니다",
            "Bonjour !",
            "Cher ami,",
            "Sehr geehrte Frau Kim,",
            "",
        ] {
            assert_eq!(first(line.lines()), None, "{line}");
        }
    }

    #[test]
    fn only_what_begins_a_paragraph_is_a_greeting() {
        let text = "님께 하나\n님께 둘\n\n> 셋\n>\n> 넷\n-----\n다섯";
        assert_eq!(beginnings(text).collect::<Vec<_>>(), ["님께 하나", "> 셋", "> 넷", "다섯"]);
    }
}

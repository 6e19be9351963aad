//! Greetings that lost their name.

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
    "Guten Tag",
    "Bonjour",
    "Cher",
    "Chère",
];

/// Words that stand before a name.
const TITLES: [&str; 10] =
    ["Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Prof", "Professor", "Sir", "Lord"];

/// What follows a Korean name, and is never alone.
const HONORIFICS: [&str; 5] = ["님께", "님,", "님 ", "님!", "귀하"];

/// The first greeting of a text that greets nobody, as far as its name is missing.
pub(super) fn first(text: &str) -> Option<&str> {
    text.lines().find_map(without_a_name)
}

fn without_a_name(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || c == '>').trim_end();
    if let Some(alone) = HONORIFICS.into_iter().find(|after| line.starts_with(after)) {
        return Some(&line[..alone.trim_end().len()]);
    }
    if !line.starts_with(['D', 'H', 'W', 'G', 'L', 'B', 'C']) {
        return None;
    }
    if ["Dear,", "Dear"].contains(&line) {
        return Some(line);
    }
    GREETINGS.iter().find_map(|greeting| {
        // `Hi,` is a way to greet; `Hi ,` has a hole in it.
        let rest = without_title(line.strip_prefix(greeting)?.strip_prefix(' ')?);
        let is_alone = rest.starts_with([',', '!', ';', ':']);
        is_alone.then(|| &line[..=line.len() - rest.len()])
    })
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
        ] {
            let text = format!("One\n{line}\nTwo");
            assert_eq!(first(&text), Some(line.trim_start_matches([' ', '>'])), "{line}");
        }
        assert_eq!(first("Dear , we write to Ana"), Some("Dear ,"));
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
            "",
        ] {
            assert_eq!(first(line), None, "{line}");
        }
    }
}

//! How long a text and its lines are.

use super::{Finding, LENGTH, LONG_LINE, NO_TEXT, ink::words};
use crate::{
    check::Limits,
    diagnostic::{count, group_thousands},
    draft::Draft,
};

/// Longest line that mail carries as it is, in octets (RFC 5322 §2.1.1).
const LONGEST_LINE: usize = 998;

/// Characters of a word where no spaces are written, about.
const CHARACTERS_A_WORD: usize = 2;

/// Too few or too many words in the body, as `ink` has it. Words stand between spaces, in Korean as
/// elsewhere; not so in Chinese and Japanese.
pub(super) fn of_text(draft: &Draft, ink: &str, limits: &Limits) -> Option<Finding> {
    let spaced = ink.split_whitespace().filter(|word| words(word).next().is_some()).count();
    let unspaced = ink.chars().filter(|c| is_unspaced(*c)).count();
    let own = spaced + unspaced / CHARACTERS_A_WORD;
    let (fewest, most) = limits.words;
    let fix = match own {
        own if own < fewest => "say what it is about: has the text got lost?",
        own if own > most => "shorten it, or link to the long part",
        _ => return None,
    };
    let body = &draft.source.text[draft.body_start..];
    let begin = draft.body_start + (body.len() - body.trim_start().len());
    let end = begin + draft.source.text[begin..].lines().next().map_or(0, str::len);
    if own == 0 {
        let fix = "write the text below the second `---`";
        return Some(
            NO_TEXT.finding("the text has no words").at(&draft.source, begin..end).fix(fix),
        );
    }
    let has = count(own as u64, "word");
    let limits = format!("{fewest} to {}", group_thousands(most as u64));
    let message = format!("the text has {has}; {limits} are usual");
    Some(LENGTH.finding(message).at(&draft.source, begin..end).fix(fix))
}

/// Chinese characters and kana.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

/// Lines that cannot travel as they are.
pub(super) fn of_lines(draft: &Draft) -> Option<Finding> {
    let lines = (1_u64..).zip(draft.source.text.lines());
    let begin = draft.source.line_column(draft.body_start).0 as u64;
    let mut long = lines.filter(|(line, text)| *line >= begin && text.len() > LONGEST_LINE);
    let (first, _) = long.next()?;
    let number = count(1 + long.count() as u64, "line");
    let message = format!(
        "{number} of more than {LONGEST_LINE} bytes, from here on: the text travels in an encoding \
         that breaks lines and joins them again"
    );
    Some(LONG_LINE.finding(message).at_line(&draft.source.name, first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::prose::tests::letter;

    fn words(body: &str) -> Option<String> {
        let draft = letter("subject: A talk", body);
        let ink = crate::check::prose::ink::of_body(&draft.source.text, draft.body_start);
        let limits = Limits { words: (3, 5), ..Limits::default() };
        of_text(&draft, &ink, &limits).map(|finding| finding.fault.message)
    }

    #[test]
    fn words_are_what_stands_between_spaces() {
        assert_eq!(
            words("One – two {{name}}").as_deref(),
            Some("the text has 2 words; 3 to 5 are usual")
        );
        assert_eq!(words("북한 인권을 위한"), None);
        assert_eq!(words("人権を守る会"), None);
        assert_eq!(words("It’s a well-known [link](https://one.example/a-b-c)"), None);
        assert!(words("One two three four five six").is_some());
        assert!(words("").is_some());
    }

    #[test]
    fn long_lines_are_counted_from_the_first() {
        let told = |body: &str| of_lines(&letter("subject: A talk", body));
        assert_eq!(told(&"x".repeat(998)), None);
        let long = "x".repeat(999);
        let finding = told(&format!("\n{long}\n\n{long}\n")).expect("a finding");
        assert_eq!(
            finding.fault.to_string().split(" of").next(),
            Some("drafts/letter.md:7: 2 lines")
        );
    }
}

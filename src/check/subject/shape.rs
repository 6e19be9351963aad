//! Subjects that shout or pretend.

use super::{CAPITALS, FALSE_REPLY, Finding, MARKS, place_of};
use crate::draft::Draft;

/// Few short forms have more letters.
const LONGEST_SHORT_FORM: usize = 6;

/// Short forms that may stand side by side, and long ones.
const SHORT_FORMS: [&str; 24] = [
    "APPG", "ASEAN", "BRICS", "CEDAW", "COVID", "DPRK", "ECHR", "ECOSOC", "EUROPOL", "IAEA",
    "INTERPOL", "MERCOSUR", "NATO", "NGOS", "OECD", "OHCHR", "OPEC", "OSCE", "UNESCO", "UNHCR",
    "UNHRC", "UNICEF", "USAID", "UNODC",
];

pub(super) fn findings(draft: &Draft) -> Vec<Finding> {
    let subject = &draft.front.subject;
    let own = without_tags(&subject.value);
    let shouted = shouted(&own).map(|words| {
        CAPITALS
            .finding(format!("`{words}` is in capitals"))
            .fix("write it in small letters")
            .at(&draft.source, place_of(words, subject, &draft.source))
    });
    let marks = marks(&own).map(|marks| {
        MARKS
            .finding(format!("the subject has `{marks}` in it"))
            .fix("one mark is enough")
            .at(&draft.source, place_of(marks, subject, &draft.source))
    });
    let reply = reply_mark(&own).map(|mark| {
        FALSE_REPLY
            .finding(format!("`{mark}` says that this is an answer, and it is none"))
            .fix("take it out")
            .at(&draft.source, place_of(mark, subject, &draft.source))
    });
    [shouted, marks, reply].into_iter().flatten().collect()
}

/// The author's words, each tag a space.
fn without_tags(subject: &str) -> String {
    let mut parts = subject.split("{{");
    let mut own = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        own.push(' ');
        own.push_str(part.split_once("}}").map_or("", |(_, after)| after));
    }
    own
}

/// The first long word in capitals, or the first two of more than three letters side by side.
fn shouted(subject: &str) -> Option<&str> {
    let words: Vec<&str> = subject.split_whitespace().collect();
    let letters = |word: &str| {
        let word = bare(word);
        let is_word = !is_roman(word) && !SHORT_FORMS.contains(&word);
        if is_word && word.chars().all(char::is_uppercase) { word.chars().count() } else { 0 }
    };
    let long = words.iter().find(|word| letters(word) > LONGEST_SHORT_FORM).copied();
    let is_joined = |word: &str| !word.ends_with(|c: char| c.is_ascii_punctuation());
    let mut pairs = words.windows(2);
    let pair = pairs.find(|pair| is_joined(pair[0]) && pair.iter().all(|word| letters(word) > 3));
    long.or(pair.map(|pair| pair[0])).map(bare)
}

/// A word without the punctuation around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn is_roman(word: &str) -> bool {
    word.bytes().all(|byte| b"IVXLCDM".contains(&byte))
}

/// Two or more marks in a row. `?!` is somebody's style.
fn marks(subject: &str) -> Option<&str> {
    ["!!", "??"].into_iter().find_map(|two| {
        let at = subject.find(two)?;
        let rest = &subject[at..];
        let is_other = |c: char| !matches!(c, '!' | '?');
        Some(&rest[..rest.find(is_other).unwrap_or(rest.len())])
    })
}

/// What mail programs put before the subject of an answer or of a mail passed on.
fn reply_mark(subject: &str) -> Option<&str> {
    const MARKS: [&str; 8] = ["re", "fw", "fwd", "aw", "wg", "tr", "rv", "답장"];
    let (mark, rest) = subject.split_once(':')?;
    let is_mark = MARKS.contains(&mark.trim().to_lowercase().as_str()) && rest.starts_with(' ');
    is_mark.then(|| mark.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shouting_is_found_and_short_forms_are_not() {
        for (subject, words) in [
            ("An IMPORTANT message", Some("IMPORTANT")),
            ("LAST CHANCE to come", Some("LAST")),
            ("«URGENT!» and more, NOTHING less", Some("NOTHING")),
            ("НЕМЕДЛЕННО прочтите", Some("НЕМЕДЛЕННО")),
            ("NATO and UNESCO on the DPRK", None),
            ("The DPRK APPG meets UNHCR, FIDH, WCRC", None),
            ("STOP, LOOK, listen", None),
            ("INTERPOL and EUROPOL", None),
            ("A talk at UNESCO, UNICEF’s guest", None),
            ("Resolution MMXVIII and XVIII XXIII", None),
            ("북한 인권", None),
            ("COVID-19 rules", None),
            ("APPG NK: our AGM", None),
        ] {
            assert_eq!(shouted(subject), words, "{subject}");
        }
    }

    #[test]
    fn a_pair_of_marks_is_found_and_one_is_not() {
        assert_eq!(marks("Come now!!! Please"), Some("!!!"));
        assert_eq!(marks("What?? When"), Some("??"));
        assert_eq!(marks("What?! Yes! And you?"), None);
    }

    #[test]
    fn a_false_answer_is_found_and_a_title_is_not() {
        for (subject, mark) in [
            ("Re: our meeting", Some("Re")),
            ("FWD: the programme", Some("FWD")),
            ("AW: Einladung", Some("AW")),
            ("Re-opening: the programme", None),
            ("Report: the year", None),
            ("What we do re: refugees", None),
            ("Re", None),
        ] {
            assert_eq!(reply_mark(subject), mark, "{subject}");
        }
    }

    #[test]
    fn tags_are_nobodys_words() {
        assert_eq!(without_tags("A {{default NAME \"FRIEND\"}} of {{x}}"), "A   of  ");
    }
}

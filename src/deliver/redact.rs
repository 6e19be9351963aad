//! Takes addresses out of what a server says: half of all real replies repeat one.

use crate::compose::Envelope;

/// What stands where an address stood.
const HIDDEN: &str = "[address]";

/// The ways an at sign is written, longest first.
const AT_SIGNS: [&str; 6] = ["%2540", "&#64;", "%40", "＠", "﹫", "@"];

/// The text with everything that looks like an address replaced by `[address]`. Takes rather too
/// much than too little.
pub fn redact(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, sign)) = first_at_sign(rest) {
        let start = local_part_start(&rest[..at]);
        let end = at + sign.len() + domain_length(&rest[at + sign.len()..]);
        clean.push_str(&rest[..start]);
        clean.push_str(HIDDEN);
        rest = &rest[end..];
    }
    clean.push_str(rest);
    clean
}

/// As [`redact`], and also without the recipient's local part and domain where they stand alone
/// (`user ana unknown`, `no MX for ana.example`).
pub fn redact_for(text: &str, envelope: &Envelope) -> String {
    let mut clean = redact(text);
    let (local, domain) = envelope.to.rsplit_once('@').unwrap_or((&envelope.to, ""));
    // Shorter words are more likely English than somebody's name.
    for word in [local.trim_matches('"'), domain] {
        if word.chars().count() > 2 {
            clean = hide_word(&clean, word);
        }
    }
    clean
}

fn first_at_sign(text: &str) -> Option<(usize, &'static str)> {
    AT_SIGNS
        .into_iter()
        .filter_map(|sign| text.find(sign).map(|at| (at, sign)))
        .min_by_key(|(at, _)| *at)
}

/// What cannot stand in a local part or a domain outside of quotes (RFC 5322 §3.2.3).
fn is_delimiter(c: char) -> bool {
    c.is_whitespace() || "<>()[],;:\"".contains(c)
}

fn local_part_start(before: &str) -> usize {
    let word = before.trim_end();
    if let Some(quoted) = word.strip_suffix('"') {
        let mut open = quoted.rfind('"');
        while let Some(at) = open.filter(|at| quoted[..*at].ends_with('\\')) {
            open = quoted[..at].rfind('"');
        }
        return open.unwrap_or(0);
    }
    word.rfind(is_delimiter)
        .map_or(0, |at| at + word[at..].chars().next().map_or(1, char::len_utf8))
}

fn domain_length(after: &str) -> usize {
    let word = after.trim_start();
    let skipped = after.len() - word.len();
    let length = if word.starts_with('[') {
        word.find(']').map_or(word.len(), |at| at + 1)
    } else {
        word.find(is_delimiter).unwrap_or(word.len())
    };
    skipped + length
}

/// Replaces `word` where no letter or digit touches it, whatever its case.
fn hide_word(text: &str, word: &str) -> String {
    let folded = word.to_lowercase();
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = None;
    while let Some(first) = rest.chars().next() {
        let inside = before.is_some_and(char::is_alphanumeric);
        match match_length(rest, &folded).filter(|_| !inside) {
            Some(length) if !rest[length..].starts_with(char::is_alphanumeric) => {
                clean.push_str(HIDDEN);
                before = rest[..length].chars().next_back();
                rest = &rest[length..];
            }
            _ => {
                clean.push(first);
                before = Some(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    clean
}

/// Bytes at the beginning of `text` that are `folded` when lower-cased.
fn match_length(text: &str, folded: &str) -> Option<usize> {
    let mut wanted = folded.chars().peekable();
    for (at, c) in text.char_indices() {
        if wanted.peek().is_none() {
            return Some(at);
        }
        if !c.to_lowercase().all(|lower| wanted.next() == Some(lower)) {
            return None;
        }
    }
    wanted.peek().is_none().then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_an_address_is_hidden() {
        for (text, clean) in [
            ("<ana@example.org>: user unknown", "<[address]>: user unknown"),
            ("user ana.b+x@example.org.", "user [address]"),
            ("no mailbox (ana@example.org), sorry", "no mailbox ([address]), sorry"),
            ("see https://x.test/?to=ana%40example.org", "see https:[address]"),
            ("bounces+ana%2540example.org refused", "[address] refused"),
            ("안나@예.한국 없음", "[address] 없음"),
            ("ana＠example.org", "[address]"),
            ("\"ana \\\"b\\\" c\"@example.org no", "[address] no"),
            ("ana@[192.0.2.1] no", "[address] no"),
            ("ana @ example.org no", "[address] no"),
            ("a@x.test b@y.test", "[address] [address]"),
            ("mailto:ana&#64;example.org", "mailto:[address]"),
            ("o'brien@example.org", "[address]"),
            ("@", "[address]"),
        ] {
            assert_eq!(redact(text), clean, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_stays() {
        let text = "4.7.1 Greylisted, try again in 300 s (see http://x.test/help)";
        assert_eq!(redact(text), text);
    }

    #[test]
    fn the_recipients_name_and_domain_are_hidden_where_they_stand_alone() {
        let envelope = Envelope { from: "news@appg.example".into(), to: "Ana@ana.example".into() };
        assert_eq!(
            redact_for("user ANA unknown at ana.example, banana ok", &envelope),
            "user [address] unknown at [address].example, banana ok"
        );
    }

    #[test]
    fn hiding_twice_changes_nothing() {
        let envelope = Envelope { from: "news@appg.example".into(), to: "ana@example.org".into() };
        let once = redact_for("<ana@example.org> ana of example.org", &envelope);
        assert_eq!(once, "<[address]> [address] of [address]");
        assert_eq!(redact_for(&once, &envelope), once);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic_or_keeps_an_at_sign(text in "\\PC*@\\PC*") {
            let envelope = Envelope { from: String::new(), to: text.clone() };
            proptest::prop_assert!(!redact_for(&text, &envelope).contains('@'));
        }
    }
}

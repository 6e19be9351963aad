//! Takes addresses out of what a server says: half of all real replies repeat one.

use crate::compose::Envelope;

/// What stands where an address stood.
const HIDDEN: &str = "[address]";

/// The ways an at sign is written, longest first.
const AT_SIGNS: [&str; 9] = ["&commat;", "%2540", "&#64;", "(at)", "[at]", "%40", "＠", "﹫", "@"];

/// From so many letters on, a word of the recipient's is hidden inside of longer words too, and
/// where it is broken by a line end: nothing else is likely to contain it.
const LONG: usize = 5;

/// What any server says to anybody, which names nobody where it is a piece of somebody's local part.
/// Without these words nobody could read what `no-reply` or `user-unknown` was told.
const SAID_TO_ANYBODY: &str = "\
    access account address again block blocked client closed connection delayed denied disable \
    disabled does domain error exist exists failed found full greylist greylisted inactive \
    invalid later limit mail mailbox message not policy quota rate recipient refused reject \
    rejected relay reply sender server service spam such temporarily too try unavailable \
    unknown user";

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

/// As [`redact`], and also without what the recipient's address consists of, wherever it stands
/// alone or in a form of its own: `user ana unknown`, `no MX for ana.example`,
/// `bounces+ana=ana.example`, `rfc822;ana+40ana.example` (RFC 3461 §4).
pub fn redact_for(text: &str, envelope: &Envelope) -> String {
    // The recipient first, while nothing has been cut off their address.
    let own = words_of(&envelope.to).iter().fold(text.to_owned(), |text, word| hide(&text, word));
    let mut clean = redact(&own);
    let twice = HIDDEN.repeat(2);
    while clean.contains(&twice) {
        clean = clean.replace(&twice, HIDDEN);
    }
    clean
}

/// An address and the words in it that could name its owner, in lower case, longest first.
fn words_of(address: &str) -> Vec<String> {
    let address = address.to_lowercase();
    let (local, domain) = address.rsplit_once('@').unwrap_or((&address, ""));
    let local = local.trim_matches('"');
    let mut words = vec![local];
    words.extend(local.split(['.', '+', '-', '_', '=']));
    words.extend(local.split_once('+').map(|(untagged, _)| untagged));
    words.retain(|word| SAID_TO_ANYBODY.split(' ').all(|said| said != *word));
    words.push(&address);
    // `mail.example.org`, `example.org`, but not `org`.
    let parents = domain.match_indices('.').map(|(dot, _)| &domain[dot + 1..]);
    words.push(domain);
    words.extend(parents.filter(|parent| parent.contains('.')));
    // Shorter words are more likely English than somebody's name.
    words.retain(|word| word.chars().count() > 2);
    words.sort_unstable_by_key(|word| (std::cmp::Reverse(word.len()), *word));
    words.dedup();
    words.into_iter().map(str::to_owned).collect()
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

/// Replaces a word, whatever its case: a long one anywhere, a short one where no letter or digit
/// touches it.
fn hide(text: &str, word: &str) -> String {
    let is_long = word.chars().count() >= LONG;
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = None;
    while let Some(first) = rest.chars().next() {
        let hidden = rest.starts_with(HIDDEN).then_some(HIDDEN.len());
        let length = hidden.or_else(|| {
            let length = match_length(rest, word, is_long)?;
            let touched = before.is_some_and(char::is_alphanumeric)
                || rest[length..].starts_with(char::is_alphanumeric);
            (is_long || !touched).then_some(length)
        });
        let (shown, taken) = match length {
            Some(length) => (HIDDEN, length),
            None => (&rest[..first.len_utf8()], first.len_utf8()),
        };
        clean.push_str(shown);
        before = rest[..taken].chars().next_back();
        rest = &rest[taken..];
    }
    clean
}

/// Bytes at the beginning of `text` that are `word` when lower-cased; spaces between them count
/// for nothing when a line may end inside the word.
fn match_length(text: &str, word: &str, broken: bool) -> Option<usize> {
    let mut wanted = word.chars().peekable();
    for (at, c) in text.char_indices() {
        if wanted.peek().is_none() {
            return Some(at);
        }
        if at > 0 && broken && c == ' ' {
            continue;
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
            "user [address] unknown at [address], banana ok"
        );
    }

    #[test]
    fn the_recipient_is_hidden_in_every_form_a_relay_writes() {
        let to = "Jun.Sok+news@mail.jun.example".to_owned();
        let envelope = Envelope { from: "news@appg.example".into(), to };
        for (text, clean) in [
            ("JUN.SOK+NEWS@MAIL.JUN.EXAMPLE off", "[address] off"),
            (
                "rfc822;jun.sok+2Bnews+40mail.jun.example off",
                "rfc822;[address]+2Bnews+40[address] off",
            ),
            ("jun.sok+news=mail.jun.example off", "[address]=[address] off"),
            ("=6Aun.sok=40mail.jun.example", "=6Aun.[address]=40[address]"),
            ("jun.sok is off, so is sok", "[address] is off, so is [address]"),
            ("no route to jun.example", "no route to [address]"),
            ("jun.sok+news@ mail.jun.example off", "[address] off"),
            ("jun.so k+news@mail.jun.exam ple off", "[address] off"),
            ("x-jun.sok+newsx", "x-[address]x"),
            ("jun.sok (at) mail.jun.example", "[address]"),
            ("jun, not junta", "[address], not junta"),
            ("an [address] of nobody", "an [address] of nobody"),
        ] {
            let once = redact_for(text, &envelope);
            assert_eq!(once, clean, "{text}");
            assert_eq!(redact_for(&once, &envelope), clean, "{text}");
        }
        let envelope = Envelope { from: String::new(), to: "address@address.example".into() };
        assert_eq!(redact_for("<address@address.example> no", &envelope), "<[address]> no");
    }

    #[test]
    fn what_any_server_says_stays_readable_whoever_it_is_said_to() {
        for (to, text, clean) in [
            ("550-5.1.1-user-unknown@x.test", "5.1.1 User unknown", "5.1.1 User unknown"),
            ("greylist-2@x.test", "4.7.1 greylisted, try later", "4.7.1 greylisted, try later"),
            ("mailbox@x.test", "mailbox full", "mailbox full"),
            ("user.ana+full@x.test", "user ana: mailbox full", "user [address]: mailbox full"),
            ("user-unknown@x.test", "no user-unknown here", "no [address] here"),
            ("user@x.test", "<user@x.test> is an unknown user", "<[address]> is an unknown user"),
        ] {
            let envelope = Envelope { from: String::new(), to: to.to_owned() };
            assert_eq!(redact_for(text, &envelope), clean, "{to}");
        }
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

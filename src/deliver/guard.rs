//! The last look at an envelope, whatever the lists have let through.

use super::{Failure, Outcome, Scope, Stage};
use crate::compose::Envelope;

/// Refuses addresses that could say more than an address. A bad recipient is one person's
/// trouble, a bad return path everybody's.
pub(super) fn check(envelope: &Envelope) -> Result<(), Outcome> {
    let failure = |stage, scope, reason: &str| Failure {
        stage,
        reply: None,
        reason: reason.to_owned(),
        scope,
    };
    if !is_writable(&envelope.from) {
        let reason = "the return path cannot be written in SMTP: check `[sender] address` and \
            `[bounces] address`";
        return Err(Outcome::NotTried(failure(Stage::Mail, Scope::Setup, reason)));
    }
    if envelope.to.is_empty() || !is_writable(&envelope.to) {
        let person = Scope::Person { suppress: false };
        let reason = "the address cannot be written in SMTP";
        return Err(Outcome::Rejected(failure(Stage::Rcpt, person, reason)));
    }
    Ok(())
}

/// Whether an address can stand between angle brackets and end nothing: no control, space or
/// bracket, lengths as RFC 5321 §4.5.3.1. The null return path is empty.
fn is_writable(address: &str) -> bool {
    if address.is_empty() {
        return true;
    }
    let safe = |c: char| !c.is_control() && !c.is_whitespace() && c != '<' && c != '>';
    address.len() <= 254
        && address.chars().all(safe)
        && address
            .rsplit_once('@')
            .is_some_and(|(local, domain)| (1..=64).contains(&local.len()) && !domain.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(from: &str, to: &str) -> Envelope {
        Envelope { from: from.to_owned(), to: to.to_owned() }
    }

    #[test]
    fn an_address_cannot_bring_a_command_with_it() {
        for to in [
            "",
            "ana",
            "@example.org",
            "ana@",
            "a b@example.org",
            "ana@example.org\r\nRCPT TO:<b@x.test>",
            "ana@example.org> SIZE=1",
            "<ana@example.org",
            "ana\0@example.org",
            "ana@exam\tple.org",
            "ana@example.org\u{2028}",
            &format!("{}@example.org", "a".repeat(65)),
        ] {
            let refused = check(&envelope("news@appg.example", to));
            assert!(matches!(refused, Err(Outcome::Rejected(_))), "{to:?}");
            if !to.is_empty() {
                let refused = check(&envelope(to, "ana@example.org"));
                assert!(matches!(refused, Err(Outcome::NotTried(_))), "{to:?}");
            }
        }
        assert!(check(&envelope("", "o'brien+x@example.org")).is_ok());
    }
}

//! What a reply means. The stage matters more than the code, the code more than the text.

use super::{
    Failure, Outcome, Reply, Scope, Stage,
    words::{self, Words},
};

/// What follows from a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The conversation goes on; after the dot: the message was taken.
    Go,
    /// The server refuses.
    Refused {
        /// What becomes of the person's row.
        effect: Effect,
        /// Whom it concerns.
        scope: Scope,
        /// What we say about it.
        reason: &'static str,
    },
    /// A kind of reply that has no place here: the two sides are out of step, and nothing that
    /// the server says on this connection can be believed any more.
    OutOfStep,
}

/// What becomes of a row after a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// [`Outcome::Deferred`].
    Defer,
    /// [`Outcome::Rejected`].
    Reject,
    /// [`Outcome::NotTried`]; after the mark, where that cannot be, [`Outcome::Deferred`].
    Stop,
}

const PERSON: Scope = Scope::Person { suppress: false };

/// What `reply` means at `stage`.
pub fn classify(stage: Stage, reply: &Reply) -> Verdict {
    match (reply.class(), stage) {
        (2, Stage::Data) => Verdict::OutOfStep,
        (2, _) | (3, Stage::Data | Stage::Auth) => Verdict::Go,
        (4, _) => temporary(stage, reply),
        (5, _) => permanent(stage, reply),
        _ => Verdict::OutOfStep,
    }
}

impl Verdict {
    /// The reply if the conversation goes on with it, else the failure it means.
    pub(super) fn allow(self, stage: Stage, reply: Reply) -> Result<Reply, Failure> {
        let (scope, reason) = match self {
            Self::Go => return Ok(reply),
            Self::Refused { scope, reason, .. } => (scope, reason),
            Self::OutOfStep => (Scope::Connection, "the server's answer does not fit the question"),
        };
        Err(Failure { stage, reply: Some(reply), reason: reason.to_owned(), scope })
    }

    /// The reply if the conversation goes on with it, else what became of the person.
    pub(super) fn settle(self, stage: Stage, reply: Reply) -> Result<Reply, Outcome> {
        let after_mark = matches!(stage, Stage::Body | Stage::Dot);
        self.allow(stage, reply).map_err(match self {
            Self::Refused { effect: Effect::Reject, .. } => Outcome::Rejected,
            Self::Refused { effect: Effect::Defer, .. } => Outcome::Deferred,
            Self::Refused { effect: Effect::Stop, .. } if after_mark => Outcome::Deferred,
            Self::OutOfStep if after_mark => Outcome::Uncertain,
            Self::Refused { .. } | Self::OutOfStep | Self::Go => Outcome::NotTried,
        })
    }
}

fn refused(effect: Effect, scope: Scope, reason: &'static str) -> Verdict {
    Verdict::Refused { effect, scope, reason }
}

fn stop(reason: &'static str) -> Verdict {
    refused(Effect::Stop, Scope::Setup, reason)
}

/// 4xx.
fn temporary(stage: Stage, reply: &Reply) -> Verdict {
    let too_fast = Words::of(reply).too_fast(reply);
    let closing = reply.code == 421;
    let before_mail =
        matches!(stage, Stage::Connect | Stage::Greeting | Stage::Ehlo | Stage::Starttls);
    if closing || before_mail {
        // The 421 is about the connection: whoever happened to be on it is innocent.
        return if too_fast || (closing && is_policy(reply)) {
            refused(Effect::Stop, Scope::Pace, "the server says that we are too fast")
        } else {
            refused(Effect::Stop, Scope::Connection, "the server cannot serve us for now")
        };
    }
    if stage == Stage::Auth {
        return stop("the server cannot check the login for now: try again later");
    }
    if too_fast {
        return refused(Effect::Defer, Scope::Pace, "the server says that we are too fast");
    }
    let short_of_space =
        reply.code == 452 && reply.detail().is_none_or(|(subject, _)| subject != 2);
    if stage == Stage::Mail || short_of_space {
        return refused(Effect::Defer, Scope::Connection, "the server cannot take mail for now");
    }
    refused(Effect::Defer, PERSON, "the server asks to try this person again later")
}

/// 5xx.
fn permanent(stage: Stage, reply: &Reply) -> Verdict {
    match stage {
        Stage::Connect | Stage::Greeting => {
            stop("the server turns us away: ask its operator whether this machine may use it")
        }
        Stage::Ehlo => stop("the server refuses our EHLO: check `[smtp] helo`"),
        Stage::Starttls => stop(
            "the server refuses STARTTLS: use `smtps://` if it has a TLS port, or ask its operator",
        ),
        Stage::Auth => stop(
            "the server refuses the login: check the user in `[smtp] url` and where its password \
             comes from",
        ),
        Stage::Mail if is_utf8_refusal(reply) => utf8_refused(),
        Stage::Mail => about_us(stage, reply).unwrap_or(stop(SENDER)),
        Stage::Rcpt | Stage::Data | Stage::Body | Stage::Dot => {
            about_us(stage, reply).unwrap_or_else(|| about_recipient(stage, reply))
        }
    }
}

const SENDER: &str = "the server refuses the sender: check `[sender] address` and `[bounces] \
    address`, and that the login may send as them";

/// Refusals after which nobody can be mailed, whatever the stage.
fn about_us(stage: Stage, reply: &Reply) -> Option<Verdict> {
    let text = Words::of(reply);
    let reason = match (reply.code, reply.detail()) {
        (530 | 534 | 535 | 538, _) => "the server wants a login: set the user in `[smtp] url`",
        // RFC 7372: DKIM or SPF failed for this mail, whatever the words are.
        (_, Some((7, 20..=30))) => return None,
        _ if text.any(&words::LOGIN) => "the server wants a login: set the user in `[smtp] url`",
        (_, Some((1, 7 | 8) | (7, 60))) => SENDER,
        _ if text.any(&words::SENDER) => SENDER,
        _ if text.any(&words::RELAY) => {
            "the server does not relay for us: log in, or ask its operator to allow this machine"
        }
        (_, Some((4, 5))) => {
            "the server's sending limit is reached: lower `[pace] limit`, and \
            resume when it allows more"
        }
        (_, Some((3, 4))) => TOO_BIG,
        (_, None) if text.any(&words::SIZE) => TOO_BIG,
        (502 | 503 | 555, _) => NOT_UNDERSTOOD,
        (500 | 501 | 504, detail)
            if stage != Stage::Rcpt
                || !(matches!(detail, Some((1, _))) || text.any(&words::RECIPIENT)) =>
        {
            NOT_UNDERSTOOD
        }
        _ => return None,
    };
    Some(stop(reason))
}

const NOT_UNDERSTOOD: &str = "the server does not understand us: this is a fault of its or of ours";

pub(super) const TOO_BIG: &str =
    "the message is bigger than the server takes: make pictures and attachments smaller";

fn about_recipient(stage: Stage, reply: &Reply) -> Verdict {
    let reject = |reason| refused(Effect::Reject, PERSON, reason);
    match (reply.code, reply.detail()) {
        (556, _) | (_, Some((1, 1 | 3 | 6 | 10))) => {
            // Said later than at RCPT it is some filter's guess, and being silenced by mistake is
            // worse for a subscriber than one more bounce for us.
            let sure = stage == Stage::Rcpt
                && reply.enhanced.as_ref().is_none_or(|code| code.starts_with('5'));
            refused(
                Effect::Reject,
                Scope::Person { suppress: sure },
                "the server says that the address does not exist",
            )
        }
        (_, Some((2, 2))) | (552, None) => refused(Effect::Defer, PERSON, "the mailbox is full"),
        (_, Some((5, 3))) => {
            refused(Effect::Defer, Scope::Connection, "the server cannot take mail for now")
        }
        _ if is_utf8_refusal(reply) => utf8_refused(),
        (_, Some((1..=4, _))) => reject("the server refuses this person"),
        (_, Some((6 | 7, _))) => about_our_mail(),
        _ if Words::of(reply).any(&words::NO_SUCH_USER) => {
            reject("the server says that the address does not exist")
        }
        (500..=504, _) => reject("the server refuses the form of the address"),
        _ => about_our_mail(),
    }
}

fn about_our_mail() -> Verdict {
    refused(
        Effect::Reject,
        Scope::Sender,
        "the server refuses our mail: look at its content, and at what the sender's domain is \
         known for",
    )
}

/// RFC 6531 §4.2.
fn is_utf8_refusal(reply: &Reply) -> bool {
    matches!(reply.detail(), Some((6, 7..=10)))
}

fn utf8_refused() -> Verdict {
    refused(Effect::Reject, PERSON, "the server takes no address with other letters than ASCII")
}

/// 4.7.x.
fn is_policy(reply: &Reply) -> bool {
    matches!(reply.detail(), Some((7, _)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `stop(setup)`, `defer(person)`, as the table of the tests writes them.
    fn verdict(stage: Stage, line: &str) -> String {
        let (code, text) = line.split_once(' ').unwrap_or((line, ""));
        let (effect, scope) = match classify(stage, &Reply::new(code.parse().unwrap(), text)) {
            Verdict::Go => return "go".to_owned(),
            Verdict::OutOfStep => return "out of step".to_owned(),
            Verdict::Refused { effect, scope, .. } => (effect, scope),
        };
        let scope = match scope {
            Scope::Person { suppress: true } => "suppress",
            Scope::Person { suppress: false } => "person",
            Scope::Sender => "sender",
            Scope::Pace => "pace",
            Scope::Connection => "connection",
            Scope::Setup => "setup",
        };
        format!("{effect:?}({scope})").to_lowercase()
    }

    #[test]
    fn replies_mean_what_the_table_says() {
        use Stage::{Auth, Data, Dot, Ehlo, Greeting, Mail, Rcpt, Starttls};
        for (stage, line, expected) in [
            (Greeting, "220 relay.example", "go"),
            (Greeting, "421 busy", "stop(connection)"),
            (Greeting, "421 4.7.0 try later", "stop(pace)"),
            (Greeting, "450 come back", "stop(connection)"),
            (Greeting, "554 go away", "stop(setup)"),
            (Greeting, "521 no mail here", "stop(setup)"),
            (Greeting, "354 what", "out of step"),
            (Ehlo, "502 no", "stop(setup)"),
            (Ehlo, "451 later", "stop(connection)"),
            (Starttls, "220 go", "go"),
            (Starttls, "454 4.7.0 TLS not available", "stop(connection)"),
            (Starttls, "502 no", "stop(setup)"),
            (Auth, "334 UGFzc3dvcmQ6", "go"),
            (Auth, "235 2.7.0 ok", "go"),
            (Auth, "454 4.7.0 temporary", "stop(setup)"),
            (Auth, "421 4.7.0 bye", "stop(pace)"),
            (Auth, "535 5.7.8 wrong", "stop(setup)"),
            (Mail, "250", "go"),
            (Mail, "354 eh", "out of step"),
            (Mail, "421 closing", "stop(connection)"),
            (Mail, "451 4.3.0 try later", "defer(connection)"),
            (Mail, "450 4.7.1 rate limit", "defer(pace)"),
            (Mail, "550 5.7.60 not allowed to send as", "stop(setup)"),
            (Mail, "553 sender refused", "stop(setup)"),
            (Mail, "552 5.3.4 too big", "stop(setup)"),
            (Mail, "555 parameters", "stop(setup)"),
            (Mail, "530 5.7.0 authentication required", "stop(setup)"),
            (Mail, "550 5.6.7 no utf8", "reject(person)"),
            (Rcpt, "250 ok", "go"),
            (Rcpt, "251 will forward", "go"),
            (Rcpt, "354 eh", "out of step"),
            (Rcpt, "421 closing", "stop(connection)"),
            (Rcpt, "421 4.7.28 unusual rate", "stop(pace)"),
            (Rcpt, "450 4.2.0 greylisted", "defer(person)"),
            (Rcpt, "450 4.7.1 Greylisting: too many tries", "defer(person)"),
            (Rcpt, "451 4.7.1 try again later", "defer(person)"),
            (Rcpt, "451 4.7.1 you are sending too many mails", "defer(pace)"),
            (Rcpt, "450 throttled", "defer(pace)"),
            (Rcpt, "450 temporarily generated", "defer(person)"),
            (Rcpt, "450 4.2.1 receives mail at a rate that prevents more", "defer(person)"),
            (Rcpt, "450", "defer(person)"),
            (Rcpt, "452 4.3.1 disk full", "defer(connection)"),
            (Rcpt, "452 4.5.3 too many recipients", "defer(connection)"),
            (Rcpt, "452 4.2.2 mailbox full", "defer(person)"),
            (Rcpt, "552 5.2.2 mailbox full", "defer(person)"),
            (Rcpt, "552 mailbox full", "defer(person)"),
            (Rcpt, "550 5.1.1 <ana@example.org>: unknown", "reject(suppress)"),
            (Rcpt, "551 5.1.6 moved", "reject(suppress)"),
            (Rcpt, "553 5.1.3 bad address", "reject(suppress)"),
            (Rcpt, "501 5.1.3 bad recipient address syntax", "reject(suppress)"),
            (Rcpt, "550 5.1.10 null mx", "reject(suppress)"),
            (Rcpt, "556 domain takes no mail", "reject(suppress)"),
            (Rcpt, "550 4.1.1 what", "reject(person)"),
            (Rcpt, "550 5.1.2 no such domain", "reject(person)"),
            (Rcpt, "550 user unknown", "reject(person)"),
            (Rcpt, "550 5.5.0 mailbox unavailable", "reject(person)"),
            (Rcpt, "504 5.5.2 <x>: Recipient address rejected", "reject(person)"),
            (Rcpt, "550 5.2.1 disabled", "reject(person)"),
            (Rcpt, "550 5.4.4 unroutable", "reject(person)"),
            (Rcpt, "550 5.4.5 daily sending limit", "stop(setup)"),
            (Rcpt, "552 5.5.3 too many recipients", "defer(connection)"),
            (Rcpt, "550 5.7.1 blocked", "reject(sender)"),
            (Rcpt, "554 5.7.1 <relay@relay.example>: rejected", "reject(sender)"),
            (Rcpt, "554 5.7.1 <x>: Relay access denied", "stop(setup)"),
            (Rcpt, "550 relaying denied", "stop(setup)"),
            (Rcpt, "553 5.7.1 <x>: Sender address rejected: not owned by user", "stop(setup)"),
            (Rcpt, "550 5.1.8 sender's domain", "stop(setup)"),
            (Rcpt, "503 bad sequence", "stop(setup)"),
            (Rcpt, "571 x", "reject(sender)"),
            (Rcpt, "585 x", "reject(sender)"),
            (Data, "354 go", "go"),
            (Data, "250 off by one", "out of step"),
            (Data, "451 later", "defer(person)"),
            (Data, "503 no recipients", "stop(setup)"),
            (Data, "554 5.6.0 no", "reject(sender)"),
            (Dot, "250 ok", "go"),
            (Dot, "250", "go"),
            (Dot, "299 sure", "go"),
            (Dot, "354 again", "out of step"),
            (Dot, "421 bye", "stop(connection)"),
            (Dot, "451 4.7.1 rate", "defer(pace)"),
            (Dot, "451 4.3.0 later", "defer(person)"),
            (Dot, "552 5.3.4 too big", "stop(setup)"),
            (Dot, "552 message size exceeds fixed limit", "stop(setup)"),
            (Dot, "552 5.2.3 too big for this mailbox", "reject(person)"),
            (Dot, "550 5.1.1 unknown", "reject(person)"),
            (Dot, "554 5.7.1 spam", "reject(sender)"),
            (Dot, "554 no", "reject(sender)"),
            (Dot, "550 5.7.515 access denied", "reject(sender)"),
        ] {
            assert_eq!(verdict(stage, line), expected, "{stage:?} {line}");
        }
    }

    #[test]
    fn what_is_about_us_is_about_us_at_every_stage() {
        use Stage::{Data, Dot, Mail, Rcpt};
        for stage in [Mail, Rcpt, Data, Dot] {
            for (line, expected) in [
                ("421 closing", "stop(connection)"),
                ("421 4.7.28 too many", "stop(pace)"),
                ("450 4.7.1 rate limit", "defer(pace)"),
                ("451 throttled", "defer(pace)"),
                ("454 4.7.0 too many connections", "defer(pace)"),
                ("452 4.3.1 disk full", "defer(connection)"),
                ("530 5.7.0 authentication required", "stop(setup)"),
                ("534 5.7.9 too weak", "stop(setup)"),
                ("535 5.7.8 no", "stop(setup)"),
                ("538 5.7.11 encrypt first", "stop(setup)"),
                ("550 authentication required", "stop(setup)"),
                ("550 5.7.1 relaying denied", "stop(setup)"),
                ("550 5.7.60 cannot send as this", "stop(setup)"),
                ("550 5.1.7 bad sender", "stop(setup)"),
                ("553 5.1.8 bad sender domain", "stop(setup)"),
                ("552 5.3.4 too big", "stop(setup)"),
                ("554 5.3.4 too big", "stop(setup)"),
                ("500 what", "stop(setup)"),
                ("502 what", "stop(setup)"),
                ("503 what", "stop(setup)"),
                ("555 what", "stop(setup)"),
                ("600 what", "out of step"),
                ("150 what", "out of step"),
            ] {
                assert_eq!(verdict(stage, line), expected, "{stage:?} {line}");
            }
        }
    }

    #[test]
    fn what_is_about_the_person_costs_nobody_else() {
        use Stage::{Data, Dot, Rcpt};
        for stage in [Rcpt, Data, Dot] {
            for (line, expected) in [
                ("450", "defer(person)"),
                ("451", "defer(person)"),
                ("450 4.2.0 greylisted, too many tries", "defer(person)"),
                ("451 4.7.1 graylist", "defer(person)"),
                ("451 4.7.1 later", "defer(person)"),
                ("452 4.2.2 full", "defer(person)"),
                ("552 5.2.2 full", "defer(person)"),
                ("552 full", "defer(person)"),
                ("550 5.1.2 no such domain", "reject(person)"),
                ("550 5.2.0 no", "reject(person)"),
                ("550 5.2.1 disabled", "reject(person)"),
                ("552 5.2.3 too big for this mailbox", "reject(person)"),
                ("550 5.3.0 no", "reject(person)"),
                ("550 5.4.1 no", "reject(person)"),
                ("550 5.6.7 no utf8", "reject(person)"),
                ("550 user unknown", "reject(person)"),
                ("550 5.6.0 content", "reject(sender)"),
                ("550 5.7.1 policy", "reject(sender)"),
                ("550 5.7.26 not authenticated mail", "reject(sender)"),
                ("554 spam", "reject(sender)"),
                ("554 5.7.1 blocked using a list", "reject(sender)"),
                ("550 no", "reject(sender)"),
            ] {
                assert_eq!(verdict(stage, line), expected, "{stage:?} {line}");
            }
            for line in ["550 5.1.1 x", "553 5.1.3 x", "551 5.1.6 x", "550 5.1.10 x", "556 x"] {
                let sure = if stage == Rcpt { "reject(suppress)" } else { "reject(person)" };
                assert_eq!(verdict(stage, line), sure, "{stage:?} {line}");
            }
        }
    }

    #[test]
    fn after_the_mark_nothing_counts_as_not_tried() {
        for code in 200..600 {
            let reply = Reply::new(code, "5.3.4 relaying denied");
            let settled = classify(Stage::Dot, &reply).settle(Stage::Dot, reply);
            assert!(!matches!(settled, Err(Outcome::NotTried(_))), "{code}");
            assert_eq!(settled.is_ok(), code < 300, "{code}");
            assert_eq!(matches!(settled, Err(Outcome::Uncertain(_))), (300..400).contains(&code));
        }
    }

    #[test]
    fn before_the_mark_nothing_is_uncertain() {
        for stage in [Stage::Greeting, Stage::Auth, Stage::Mail, Stage::Rcpt, Stage::Data] {
            for code in 200..600 {
                let reply = Reply::new(code, "");
                let settled = classify(stage, &reply).settle(stage, reply);
                assert!(!matches!(settled, Err(Outcome::Uncertain(_) | Outcome::Accepted(_))));
            }
        }
    }

    #[test]
    fn no_five_hundred_suppresses_without_a_code_about_the_recipient() {
        for code in 500..600 {
            for text in ["", "user unknown", "5.7.1 user unknown", "5.2.1 disabled"] {
                let suppresses =
                    verdict(Stage::Rcpt, &format!("{code} {text}")) == "reject(suppress)";
                assert_eq!(suppresses, code == 556, "{code} {text}");
            }
        }
    }
}

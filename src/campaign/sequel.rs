//! What an outcome means for the messages to come: a pure function from outcome to what the run
//! does next.

use super::event::End;
use crate::deliver::{Failure, Opened, Outcome, Scope, Stage};

/// What the run does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sequel {
    /// The server has answered about a person: go on.
    GoOn,
    /// Nothing is known of the server, or only that it does not like one address.
    Nothing,
    /// A connection is lost, or everybody is refused for now: wait before the next.
    Wait(Failure),
    /// Begin nothing more.
    End(End),
}

/// The sequel of `outcome`, which has `opened` the breaker or not, in a run that is `probing`
/// whether the relay takes our mail again or not.
pub(super) fn sequel(outcome: Outcome, opened: Option<Opened>, probing: bool) -> Sequel {
    match outcome {
        Outcome::NotTried(failure) => match failure.scope {
            Scope::Connection | Scope::Pace => Sequel::Wait(failure),
            Scope::Setup | Scope::Sender | Scope::Person { .. } => {
                Sequel::End(End::Misconfigured(failure))
            }
        },
        Outcome::Deferred(failure) if failure.scope == Scope::Setup => {
            Sequel::End(End::Misconfigured(failure))
        }
        Outcome::Deferred(failure) if is_strike(&failure) && !refuses(&failure) => Sequel::Nothing,
        Outcome::Deferred(failure) | Outcome::Uncertain(failure)
            if failure.scope == Scope::Connection =>
        {
            Sequel::Wait(failure)
        }
        Outcome::Rejected(failure)
            if opened.is_some() || probing && failure.scope == Scope::Sender =>
        {
            let opened = opened.unwrap_or(Opened::Row(1));
            Sequel::End(End::BreakerOpen { opened, failure })
        }
        // The server was not asked.
        Outcome::Deferred(failure) | Outcome::Rejected(failure) if failure.reply.is_none() => {
            Sequel::Nothing
        }
        Outcome::Accepted(_)
        | Outcome::Deferred(_)
        | Outcome::Rejected(_)
        | Outcome::Uncertain(_) => Sequel::GoOn,
    }
}

/// Whether the connection was lost over somebody's address.
pub(super) fn is_strike(failure: &Failure) -> bool {
    failure.scope == Scope::Connection && matches!(failure.stage, Stage::Rcpt | Stage::Data)
}

/// Whether the server has said that it takes nothing for now, and has not just hung up.
fn refuses(failure: &Failure) -> bool {
    failure.reply.as_ref().is_some_and(|reply| reply.class() > 3 && reply.code != 421)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::Reply;

    const PERSON: Scope = Scope::Person { suppress: false };
    const DEAD: Scope = Scope::Person { suppress: true };

    fn failure(stage: Stage, code: u16, scope: Scope) -> Failure {
        let reply = (code > 0).then(|| Reply::new(code, ""));
        Failure { stage, reply, reason: String::new(), scope }
    }

    /// The sequel in a word.
    fn word(outcome: Outcome, opened: Option<Opened>, probing: bool) -> &'static str {
        match sequel(outcome, opened, probing) {
            Sequel::GoOn => "go on",
            Sequel::Nothing => "nothing",
            Sequel::Wait(_) => "wait",
            Sequel::End(End::Misconfigured(_)) => "misconfigured",
            Sequel::End(End::BreakerOpen { .. }) => "breaker",
            Sequel::End(_) => "another end",
        }
    }

    #[test]
    fn the_whole_table_is_this() {
        use Outcome::{Deferred, NotTried, Rejected, Uncertain};
        type Make = fn(Failure) -> Outcome;
        let rows: [(Make, Stage, u16, Scope, &str); 20] = [
            (NotTried, Stage::Greeting, 421, Scope::Connection, "wait"),
            (NotTried, Stage::Rcpt, 0, Scope::Connection, "wait"),
            (NotTried, Stage::Mail, 421, Scope::Pace, "wait"),
            (NotTried, Stage::Auth, 535, Scope::Setup, "misconfigured"),
            (NotTried, Stage::Mail, 553, Scope::Setup, "misconfigured"),
            (Deferred, Stage::Mail, 452, Scope::Connection, "wait"),
            (Deferred, Stage::Rcpt, 452, Scope::Connection, "wait"),
            (Deferred, Stage::Rcpt, 0, Scope::Connection, "nothing"),
            (Deferred, Stage::Rcpt, 421, Scope::Connection, "nothing"),
            (Deferred, Stage::Rcpt, 450, PERSON, "go on"),
            (Deferred, Stage::Rcpt, 451, Scope::Pace, "go on"),
            (Deferred, Stage::Connect, 0, PERSON, "nothing"),
            (Deferred, Stage::Body, 0, Scope::Connection, "wait"),
            (Deferred, Stage::Dot, 421, Scope::Connection, "wait"),
            (Deferred, Stage::Dot, 552, Scope::Setup, "misconfigured"),
            (Rejected, Stage::Rcpt, 550, DEAD, "go on"),
            (Rejected, Stage::Rcpt, 0, PERSON, "nothing"),
            (Rejected, Stage::Dot, 554, Scope::Sender, "go on"),
            (Uncertain, Stage::Dot, 0, Scope::Connection, "wait"),
            (Uncertain, Stage::Dot, 354, Scope::Connection, "wait"),
        ];
        for (make, stage, code, scope, wanted) in rows {
            let outcome = make(failure(stage, code, scope));
            assert_eq!(word(outcome.clone(), None, false), wanted, "{outcome:?}");
        }
        assert_eq!(word(Outcome::Accepted(Reply::new(250, "")), None, true), "go on");
    }

    #[test]
    fn what_opens_the_breaker_ends_the_run_and_for_a_probe_one_refusal_of_our_mail_does() {
        let refused = |scope| Outcome::Rejected(failure(Stage::Rcpt, 550, scope));
        assert_eq!(word(refused(Scope::Sender), Some(Opened::Row(5)), false), "breaker");
        assert_eq!(word(refused(Scope::Sender), None, true), "breaker");
        assert_eq!(word(refused(DEAD), None, true), "go on");
        assert_eq!(word(refused(DEAD), Some(Opened::Strangers(20)), false), "breaker");
    }
}

//! MAIL, RCPT, DATA for one message, up to 354: replies go in, actions come out. No socket, no
//! clock.

use std::collections::VecDeque;

use crate::deliver::{Failure, Outcome, Reply, Scope, Stage, classify};

/// One message's way from MAIL to the moment at which its body is asked for.
#[derive(Debug)]
pub(super) struct Dialogue {
    together: bool,
    unsent: VecDeque<Verb>,
    awaited: VecDeque<Verb>,
    heard_anything: bool,
    refused: Option<Outcome>,
    end: Option<Action>,
}

/// What is written; each has one reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    /// Forgets the refused transaction before.
    Rset,
    Mail,
    Rcpt,
    Data,
    /// A dot alone: the server asked for the body of a transaction without recipients.
    LoneDot,
}

impl Verb {
    pub(super) fn stage(self) -> Stage {
        match self {
            Self::Rset | Self::Mail => Stage::Mail,
            Self::Rcpt => Stage::Rcpt,
            Self::Data | Self::LoneDot => Stage::Data,
        }
    }
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// Write these, in one write.
    Write(Vec<Verb>),
    /// Await the reply to this one, and hand it to [`Dialogue::heard`].
    Read(Verb),
    /// 354: commit the mark, send the body.
    Body,
    /// It is over.
    End(Ended),
}

/// How a try ended before its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ended {
    pub(super) outcome: Outcome,
    pub(super) fate: Fate,
    /// The connection was gone before this message was looked at, as happens to one that has
    /// rested: another connection may try again at once.
    pub(super) stale: bool,
}

/// What becomes of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Ready for the next MAIL.
    Keep,
    /// Ready once RSET travels with the next MAIL.
    Reset,
    /// Not to be used any more.
    Close,
}

impl Dialogue {
    /// Begins; `together` where PIPELINING is offered, `reset` after a refused transaction.
    pub(super) fn start(together: bool, reset: bool) -> Self {
        let verbs = [Verb::Rset, Verb::Mail, Verb::Rcpt, Verb::Data];
        Self {
            together,
            unsent: verbs.into_iter().skip(usize::from(!reset)).collect(),
            awaited: VecDeque::new(),
            heard_anything: false,
            refused: None,
            end: None,
        }
    }

    /// What to do now.
    pub(super) fn next(&mut self) -> Action {
        if let Some(end) = self.end.clone() {
            return end;
        }
        if let Some(verb) = self.awaited.front() {
            return Action::Read(*verb);
        }
        let count = if self.together { self.unsent.len() } else { 1 };
        let verbs: Vec<_> = self.unsent.drain(..count.min(self.unsent.len())).collect();
        self.awaited.extend(&verbs);
        Action::Write(verbs)
    }

    /// Whether the server has said anything about this message.
    pub(super) fn has_heard(&self) -> bool {
        self.heard_anything
    }

    /// Whether it has been refused, so that the replies to come say nothing.
    pub(super) fn is_refused(&self) -> bool {
        self.refused.is_some()
    }

    /// Takes the reply to the verb that [`Action::Read`] named.
    pub(super) fn heard(&mut self, reply: Reply) {
        let Some(verb) = self.awaited.pop_front() else { return };
        let first = !std::mem::replace(&mut self.heard_anything, true);
        match (verb, self.refused.take()) {
            (Verb::LoneDot, refused) => {
                // The server says that it took a message for nobody: do not believe it any more.
                let fate = if reply.class() == 2 { Fate::Close } else { Fate::Reset };
                self.finish(refused, fate);
            }
            // The reply to a DATA that travelled with a refused RCPT says nothing.
            (Verb::Data, Some(refused)) if reply.class() == 3 => {
                self.refused = Some(refused);
                self.unsent = VecDeque::from([Verb::LoneDot]);
            }
            (Verb::Data, refused @ Some(_)) => {
                let fate = if reply.code == 421 { Fate::Close } else { Fate::Reset };
                self.finish(refused, fate);
            }
            (Verb::Mail | Verb::Rcpt | Verb::Rset, refused @ Some(_)) => {
                self.refused = refused;
                if reply.code == 421 {
                    self.close();
                }
            }
            (verb, None) => self.judge(verb, reply, first),
        }
    }

    /// The connection failed while writing or awaiting.
    pub(super) fn lost(&mut self, reason: &str) {
        let verb = self.awaited.front().or(self.unsent.front()).copied().unwrap_or(Verb::Data);
        let stale = !self.heard_anything;
        let outcome = self.refused.take().unwrap_or_else(|| lost(verb.stage(), reason));
        self.end = Some(Action::End(Ended { outcome, fate: Fate::Close, stale }));
    }

    fn judge(&mut self, verb: Verb, reply: Reply, first: bool) {
        let stage = verb.stage();
        let closing = reply.code == 421;
        let verdict = classify(stage, &reply);
        match verdict.settle(stage, reply) {
            Ok(_) if verb == Verb::Data => self.end = Some(Action::Body),
            Ok(_) => {}
            Err(outcome) => {
                let connection =
                    outcome.failure().is_some_and(|failure| failure.scope == Scope::Connection);
                if verb == Verb::Rset && !closing {
                    // RSET cannot be refused (RFC 5321 §4.1.1.5).
                    self.refused = Some(lost(stage, "the server refuses to begin anew"));
                    self.close();
                    return;
                }
                // After 421, a 452 and a reply out of step a fresh connection is the better one.
                if closing || connection {
                    let ended =
                        Ended { outcome, fate: Fate::Close, stale: first && connection && closing };
                    self.end = Some(Action::End(ended));
                    return;
                }
                self.refused = Some(outcome);
                self.unsent.clear();
                if self.awaited.is_empty() {
                    let refused = self.refused.take();
                    self.finish(refused, Fate::Reset);
                }
            }
        }
    }

    fn close(&mut self) {
        let refused = self.refused.take();
        self.finish(refused, Fate::Close);
    }

    fn finish(&mut self, refused: Option<Outcome>, fate: Fate) {
        let outcome = refused.unwrap_or_else(|| lost(Stage::Data, "the dialogue went astray"));
        self.end = Some(Action::End(Ended { outcome, fate, stale: false }));
    }
}

/// Nothing happened, as the body was not asked for.
pub(super) fn lost(stage: Stage, reason: &str) -> Outcome {
    Outcome::NotTried(Failure {
        stage,
        reply: None,
        reason: reason.to_owned(),
        scope: Scope::Connection,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays `replies` and returns what was written and how it ended.
    fn play(mut dialogue: Dialogue, replies: &[&str]) -> (Vec<Vec<Verb>>, Action) {
        let mut replies = replies.iter();
        let mut written = Vec::new();
        loop {
            match dialogue.next() {
                Action::Write(verbs) => written.push(verbs),
                Action::Read(_) => match replies.next() {
                    Some(line) => {
                        let (code, text) = line.split_once(' ').unwrap_or((line, ""));
                        dialogue.heard(Reply::new(code.parse().unwrap(), text));
                    }
                    None => dialogue.lost("gone"),
                },
                end => {
                    assert_eq!(replies.next(), None, "a reply was not read");
                    return (written, end);
                }
            }
        }
    }

    fn ended(action: Action) -> (Outcome, Fate) {
        match action {
            Action::End(ended) => (ended.outcome, ended.fate),
            other => panic!("not ended: {other:?}"),
        }
    }

    fn together() -> Dialogue {
        Dialogue::start(true, false)
    }

    use Verb::{Data, LoneDot, Mail, Rcpt, Rset};

    #[test]
    fn with_pipelining_everything_is_one_write() {
        let (written, end) = play(together(), &["250", "250", "354"]);
        assert_eq!(written, [vec![Mail, Rcpt, Data]]);
        assert_eq!(end, Action::Body);
    }

    #[test]
    fn without_pipelining_each_waits_for_the_one_before() {
        let (written, end) = play(Dialogue::start(false, false), &["250", "250", "354"]);
        assert_eq!(written, [vec![Mail], vec![Rcpt], vec![Data]]);
        assert_eq!(end, Action::Body);
        let (written, end) = play(Dialogue::start(false, false), &["250", "550 5.1.1 no"]);
        assert_eq!(written, [vec![Mail], vec![Rcpt]]);
        assert!(matches!(ended(end), (Outcome::Rejected(_), Fate::Reset)));
    }

    #[test]
    fn rset_travels_with_the_next_mail() {
        let (written, end) = play(Dialogue::start(true, true), &["250", "250", "250", "354"]);
        assert_eq!(written, [vec![Rset, Mail, Rcpt, Data]]);
        assert_eq!(end, Action::Body);
    }

    #[test]
    fn a_refused_recipient_costs_no_connection() {
        let (written, end) = play(together(), &["250", "550 5.1.1 no", "554 no recipients"]);
        assert_eq!(written, [vec![Mail, Rcpt, Data]]);
        let (outcome, fate) = ended(end);
        assert!(matches!(outcome, Outcome::Rejected(f) if f.stage == Stage::Rcpt));
        assert_eq!(fate, Fate::Reset);
    }

    #[test]
    fn a_body_asked_for_nobody_is_a_lone_dot() {
        let replies = ["250", "550 5.1.1 no", "354", "554 no recipients"];
        let (written, end) = play(together(), &replies);
        assert_eq!(written, [vec![Mail, Rcpt, Data], vec![LoneDot]]);
        assert!(matches!(ended(end), (Outcome::Rejected(_), Fate::Reset)));
        let (_, end) = play(together(), &["250", "550 5.1.1 no", "354", "250 took it"]);
        assert!(matches!(ended(end), (Outcome::Rejected(_), Fate::Close)));
    }

    #[test]
    fn a_refused_sender_is_told_by_its_own_reply() {
        let replies = ["550 5.7.60 not you", "503 no MAIL", "503 no RCPT"];
        let (outcome, fate) = ended(play(together(), &replies).1);
        let Outcome::NotTried(failure) = outcome else { panic!("{outcome:?}") };
        assert_eq!((failure.stage, failure.scope), (Stage::Mail, Scope::Setup));
        assert_eq!(fate, Fate::Reset);
    }

    #[test]
    fn a_connection_lost_before_the_body_tried_nothing() {
        for heard in [&[][..], &["250"], &["250", "250"]] {
            let (outcome, fate) = ended(play(together(), heard).1);
            assert!(matches!(outcome, Outcome::NotTried(f) if f.scope == Scope::Connection));
            assert_eq!(fate, Fate::Close);
        }
    }

    #[test]
    fn a_refusal_stands_even_if_the_connection_is_lost_behind_it() {
        let (outcome, fate) = ended(play(together(), &["250", "550 5.1.1 no"]).1);
        assert!(matches!(outcome, Outcome::Rejected(_)));
        assert_eq!(fate, Fate::Close);
    }

    #[test]
    fn a_421_closes_and_is_about_nobody() {
        for heard in [&["421 bye"][..], &["250", "421 bye"], &["250", "250", "421 bye"]] {
            let (outcome, fate) = ended(play(together(), heard).1);
            assert!(matches!(outcome, Outcome::NotTried(f) if f.scope == Scope::Connection));
            assert_eq!(fate, Fate::Close);
        }
        let (outcome, fate) = ended(play(together(), &["250", "550 5.1.1 no", "421 bye"]).1);
        assert!(matches!(outcome, Outcome::Rejected(_)));
        assert_eq!(fate, Fate::Close);
    }

    #[test]
    fn one_reply_too_many_is_noticed_before_the_body() {
        let (outcome, fate) = ended(play(together(), &["250 extra", "250", "250"]).1);
        assert!(matches!(outcome, Outcome::NotTried(_)));
        assert_eq!(fate, Fate::Close);
    }

    #[test]
    fn only_a_connection_gone_before_the_first_reply_is_stale() {
        let stale = |heard: &[&str]| match play(together(), heard).1 {
            Action::End(ended) => ended.stale,
            _ => false,
        };
        assert!(stale(&[]));
        assert!(stale(&["421 idle for too long"]));
        assert!(!stale(&["421 4.7.0 too fast"]));
        assert!(!stale(&["250"]));
        assert!(!stale(&["250", "421 bye"]));
    }

    proptest::proptest! {
        /// Whatever a server says, the dialogue ends, and the body is sent only after 2xx 2xx 3xx.
        #[test]
        fn every_dialogue_ends(
            together: bool,
            reset: bool,
            codes in proptest::collection::vec(200_u16..600, 0..8),
        ) {
            let mut dialogue = Dialogue::start(together, reset);
            let mut heard = Vec::new();
            let mut codes = codes.into_iter();
            let end = loop {
                match dialogue.next() {
                    Action::Write(verbs) => proptest::prop_assert!(!verbs.is_empty()),
                    Action::Read(_) => match codes.next() {
                        Some(code) => {
                            heard.push(code / 100);
                            dialogue.heard(Reply::new(code, ""));
                        }
                        None => dialogue.lost("gone"),
                    },
                    end => break end,
                }
            };
            let accepting: &[u16] = if reset { &[2, 2, 2, 3] } else { &[2, 2, 3] };
            proptest::prop_assert_eq!(end == Action::Body, heard == accepting);
        }
    }
}

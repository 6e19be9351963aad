//! Stops a run whose mail is refused because of us, before everybody has been refused.

use std::collections::VecDeque;

use super::{Outcome, Scope};

/// Refusals about us in a row, all alike, that open the breaker.
const ALIKE_IN_A_ROW: u32 = 5;
/// People whom the relay does not know, nobody else in between, that open it.
const STRANGERS_IN_A_ROW: u32 = 20;
/// Refusals about us among the last [`WINDOW`] tries that open it.
const IN_WINDOW: usize = 10;
/// Tries that are looked at.
const WINDOW: usize = 200;

/// What is said of an address that does not exist.
const STRANGER: Scope = Scope::Person { suppress: true };

/// Watches the outcomes of a run. Refusals about a person do not open it, unless the relay has
/// another answer for nobody; a deferral or a person's refusal in between does not interrupt a row
/// of refusals about us, an acceptance does.
#[derive(Clone, Debug)]
pub struct Breaker {
    /// Whether each of the last tries was refused because of us.
    recent: VecDeque<bool>,
    /// Code and enhanced code of the row, and its length.
    row: Option<(Refusal, u32)>,
    /// Dead addresses since the server last answered anything else.
    strangers: u32,
    /// So many of them open it.
    patience: u32,
}

impl Default for Breaker {
    fn default() -> Self {
        let patience = STRANGERS_IN_A_ROW;
        Self { recent: VecDeque::new(), row: None, strangers: 0, patience }
    }
}

/// What makes two refusals alike.
type Refusal = (u16, Option<String>);

/// Why the breaker opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// So many refusals alike, one after another.
    Row(u32),
    /// So many refusals among the last 200 tries.
    Share(usize),
    /// So many people whom the relay does not know, one after another.
    Strangers(u32),
}

impl std::fmt::Display for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Row(1) => f.write_str("the relay still refuses our mail"),
            Self::Row(n) => write!(f, "the relay refused our mail {n} times in a row"),
            Self::Share(n) => write!(f, "the relay refused {n} of our last {WINDOW} mails"),
            Self::Strangers(1) => f.write_str("the relay still does not know whom we mail"),
            Self::Strangers(n) => {
                write!(f, "the relay knows none of {n} people in a row: is it the right server?")
            }
        }
    }
}

impl Breaker {
    /// One that strangers have opened: the next opens it again.
    pub fn after_strangers() -> Self {
        Self { patience: 1, ..Self::default() }
    }

    /// Takes note of an outcome; says so when the run must stop.
    pub fn record(&mut self, outcome: &Outcome) -> Option<Opened> {
        self.refused_us(outcome).or_else(|| self.stranger(outcome))
    }

    fn stranger(&mut self, outcome: &Outcome) -> Option<Opened> {
        match outcome {
            Outcome::Rejected(failure) if failure.scope == STRANGER => self.strangers += 1,
            // The server was not asked, or has not answered.
            _ if outcome.failure().is_some_and(|failure| failure.reply.is_none()) => return None,
            Outcome::NotTried(_) => return None,
            _ => (self.strangers, self.patience) = (0, STRANGERS_IN_A_ROW),
        }
        (self.strangers >= self.patience).then_some(Opened::Strangers(self.strangers))
    }

    fn refused_us(&mut self, outcome: &Outcome) -> Option<Opened> {
        let refusal = match outcome {
            Outcome::NotTried(_) => return None,
            Outcome::Rejected(failure) if failure.scope == Scope::Sender => {
                Some(failure.reply.as_ref().map_or((0, None), |r| (r.code, r.enhanced.clone())))
            }
            _ => None,
        };
        if self.recent.len() == WINDOW {
            self.recent.pop_front();
        }
        self.recent.push_back(refusal.is_some());
        match (refusal, &mut self.row) {
            (Some(refusal), Some((alike, length))) if *alike == refusal => *length += 1,
            (Some(refusal), row) => *row = Some((refusal, 1)),
            (None, row) if matches!(outcome, Outcome::Accepted(_)) => *row = None,
            (None, _) => return None,
        }
        let share = self.recent.iter().filter(|refused| **refused).count();
        match &self.row {
            Some((_, length)) if *length >= ALIKE_IN_A_ROW => Some(Opened::Row(*length)),
            Some(_) if share >= IN_WINDOW => Some(Opened::Share(share)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::{Failure, Reply, Stage};

    fn refused(text: &str, scope: Scope) -> Outcome {
        Outcome::Rejected(Failure {
            stage: Stage::Rcpt,
            reply: Some(Reply::new(550, text)),
            reason: String::new(),
            scope,
        })
    }

    fn policy() -> Outcome {
        refused("5.7.1 blocked", Scope::Sender)
    }

    fn accepted() -> Outcome {
        Outcome::Accepted(Reply::new(250, "ok"))
    }

    fn unknown() -> Outcome {
        refused("5.1.1 unknown", Scope::Person { suppress: true })
    }

    #[test]
    fn five_alike_in_a_row_open_it_even_with_dead_addresses_between() {
        let mut breaker = Breaker::default();
        for _ in 0..4 {
            assert_eq!(breaker.record(&policy()), None);
            assert_eq!(breaker.record(&unknown()), None);
        }
        assert_eq!(breaker.record(&policy()), Some(Opened::Row(5)));
    }

    #[test]
    fn an_acceptance_or_another_refusal_begins_a_new_row() {
        let mut breaker = Breaker::default();
        for _ in 0..4 {
            breaker.record(&policy());
        }
        breaker.record(&accepted());
        assert_eq!(breaker.record(&policy()), None);
        assert_eq!(breaker.record(&refused("5.6.0 no", Scope::Sender)), None);
        assert_eq!(breaker.record(&policy()), None);
    }

    #[test]
    fn ten_among_the_last_two_hundred_open_it() {
        let mut breaker = Breaker::default();
        for n in 1..10 {
            assert_eq!(breaker.record(&policy()), None, "{n}");
            for _ in 0..20 {
                assert_eq!(breaker.record(&accepted()), None);
            }
        }
        assert_eq!(breaker.record(&policy()), Some(Opened::Share(10)));
    }

    #[test]
    fn one_in_thirty_goes_on_for_ever() {
        let mut breaker = Breaker::default();
        for n in 0..3_000 {
            let outcome = if n % 30 == 0 { policy() } else { accepted() };
            assert_eq!(breaker.record(&outcome), None, "{n}");
        }
    }

    #[test]
    fn refusals_about_people_never_open_it_while_the_server_knows_others() {
        let mut breaker = Breaker::default();
        for _ in 0..300 {
            for _ in 1..STRANGERS_IN_A_ROW {
                assert_eq!(breaker.record(&unknown()), None);
            }
            assert_eq!(breaker.record(&accepted()), None);
        }
        let full = refused("5.2.2 mailbox full", Scope::Person { suppress: false });
        for _ in 0..300 {
            assert_eq!(breaker.record(&full), None);
        }
    }

    #[test]
    fn a_server_that_knows_nobody_opens_it_even_if_it_hangs_up_in_between() {
        let mut breaker = Breaker::default();
        let (reason, scope) = ("closed".to_owned(), Scope::Connection);
        let lost = Outcome::Deferred(Failure { stage: Stage::Data, reply: None, reason, scope });
        for _ in 1..STRANGERS_IN_A_ROW {
            assert_eq!(breaker.record(&unknown()), None);
            assert_eq!(breaker.record(&lost), None);
        }
        assert_eq!(breaker.record(&unknown()), Some(Opened::Strangers(20)));
    }

    #[test]
    fn after_strangers_one_more_opens_it_until_the_server_answers_something_else() {
        let mut breaker = Breaker::after_strangers();
        assert_eq!(breaker.clone().record(&unknown()), Some(Opened::Strangers(1)));
        assert_eq!(breaker.record(&accepted()), None);
        assert_eq!(breaker.record(&unknown()), None);
    }

    #[test]
    fn what_opened_it_is_said_in_words() {
        for (opened, said) in [
            (Opened::Row(5), "the relay refused our mail 5 times in a row"),
            (Opened::Row(1), "the relay still refuses our mail"),
            (Opened::Share(10), "the relay refused 10 of our last 200 mails"),
            (
                Opened::Strangers(20),
                "the relay knows none of 20 people in a row: is it the right server?",
            ),
            (Opened::Strangers(1), "the relay still does not know whom we mail"),
        ] {
            assert_eq!(opened.to_string(), said);
        }
    }
}

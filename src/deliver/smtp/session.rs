//! One open connection: one message after another, then good-bye.

use std::time::Duration;

use super::{
    Duplex, Manners, Relay, Timeouts,
    dialogue::{Action, Dialogue, Ended, Fate, Verb, lost},
    ehlo::Offers,
    letter::Letter,
    manners::is_out_of_turn,
    opening,
    wire::Wire,
};
use crate::{
    clock::Clock,
    deliver::{Failure, Outcome, Reply, Scope, Stage, classify},
};

/// The most that is written before one deadline.
const CHUNK: usize = 256 * 1024;

const NO_GROUPS: &str = "the server offers to take several commands at once and does not";

const OUT_OF_TURN: &str = "the server spoke or left before it had the message";

/// How long a server may take over commands of which it is not known whether it has noticed them.
const FIRST_PATIENCE: Duration = Duration::from_mins(1);

/// A connection that is ready for mail.
pub(super) struct Session {
    wire: Wire,
    offers: Offers,
    timeouts: Timeouts,
    manners: Manners,
    needs_reset: bool,
    served: u32,
    /// About the message whose commands travelled with the body before it.
    along: Option<Dialogue>,
}

/// What a dialogue finds out about the server.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trial {
    Nothing,
    /// Whether it takes commands in groups.
    Groups,
    /// Whether it sees commands that travelled with a body.
    Along,
}

impl Session {
    /// Brings a fresh connection to the point where MAIL may come.
    pub(super) async fn open(
        stream: Box<dyn Duplex>,
        relay: &Relay,
        clock: &impl Clock,
    ) -> Result<Self, Failure> {
        let (wire, offers) = opening::open(stream, relay, clock).await?;
        Ok(Self {
            wire,
            offers,
            timeouts: relay.timeouts,
            manners: relay.manners.clone(),
            needs_reset: false,
            served: 0,
            along: None,
        })
    }

    /// What the server offers.
    pub(super) fn offers(&self) -> &Offers {
        &self.offers
    }

    /// Messages that were begun on it.
    pub(super) fn served(&self) -> u32 {
        self.served
    }

    /// Whether the server is still there and has said nothing since.
    pub(super) async fn is_idle(&mut self) -> bool {
        self.wire.is_quiet().await
    }

    /// Whether the commands of the next message are with the server.
    pub(super) fn is_asking(&self) -> bool {
        self.along.is_some()
    }

    /// Whether the commands of the next message would go with a body.
    pub(super) fn takes_along(&self) -> bool {
        self.offers.pipelining && self.manners.takes_along()
    }

    /// MAIL, RCPT, DATA, unless they have travelled already. `Ok` is 354: the server waits for the
    /// body, and nothing has happened yet.
    pub(super) async fn ask(&mut self, letter: &Letter) -> Result<(), Ended> {
        let (dialogue, trial) = match self.along.take() {
            Some(dialogue) if self.manners.is_proved_along() => (dialogue, Trial::Nothing),
            Some(dialogue) => (dialogue, Trial::Along),
            None => {
                self.served += 1;
                let groups = self.offers.pipelining && self.manners.takes_groups();
                let is_trial = groups && !self.manners.is_proved();
                let trial = if is_trial { Trial::Groups } else { Trial::Nothing };
                (Dialogue::start(groups, self.needs_reset), trial)
            }
        };
        let asked = self.converse(dialogue, letter, trial).await;
        self.needs_reset = asked.as_ref().is_err_and(|ended| ended.fate == Fate::Reset);
        asked
    }

    async fn converse(
        &mut self,
        mut dialogue: Dialogue,
        letter: &Letter,
        mut trial: Trial,
    ) -> Result<(), Ended> {
        loop {
            match dialogue.next() {
                Action::Write(verbs) => {
                    let within =
                        verbs.first().map_or(self.timeouts.mail, |verb| self.within(*verb));
                    let commands = commands(&verbs, letter, &self.offers);
                    if let Err(loss) = self.wire.write(commands.as_bytes(), within).await {
                        dialogue.lost(&loss.to_string());
                    }
                }
                Action::Read(verb) => {
                    let in_doubt = match trial {
                        Trial::Nothing => false,
                        Trial::Groups => dialogue.has_heard(),
                        Trial::Along => true,
                    };
                    let patience = if in_doubt { FIRST_PATIENCE } else { Duration::MAX };
                    match self.wire.reply(self.within(verb).min(patience)).await {
                        Ok(lines) => {
                            let reply = Reply::from(lines);
                            let is_broken = trial != Trial::Nothing
                                && !dialogue.is_refused()
                                && is_out_of_turn(&reply);
                            if is_broken || trial == Trial::Along {
                                self.learn(trial, !is_broken);
                                trial = Trial::Nothing;
                            }
                            if is_broken {
                                return Err(no_groups());
                            }
                            dialogue.heard(reply);
                        }
                        Err(loss) => {
                            let is_broken = trial == Trial::Groups && in_doubt && !loss.is_end();
                            if is_broken || trial == Trial::Along {
                                self.learn(trial, false);
                                trial = Trial::Nothing;
                            }
                            if is_broken {
                                return Err(no_groups());
                            }
                            dialogue.lost(&loss.to_string());
                        }
                    }
                }
                // A reply that is here before the body is not the reply to the body.
                Action::Body if !self.wire.is_quiet().await => {
                    dialogue.lost(OUT_OF_TURN);
                }
                Action::Body => {
                    self.learn(trial, true);
                    return Ok(());
                }
                Action::End(ended) => {
                    if ended.fate != Fate::Close {
                        self.learn(trial, true);
                    }
                    return Err(ended);
                }
            }
        }
    }

    fn learn(&self, trial: Trial, well: bool) {
        match trial {
            Trial::Nothing => {}
            Trial::Groups => self.manners.group_ended(well),
            Trial::Along => self.manners.along_ended(well),
        }
    }

    /// The body with its dot, and what the server says to it. Comes after the mark. The commands
    /// of `next` go in the same write, where the server takes that: [`Session::is_asking`] then.
    pub(super) async fn hand_over(
        &mut self,
        body: Vec<u8>,
        next: Option<&Letter>,
    ) -> (Outcome, Fate) {
        // The mark takes a moment, and not every server has the patience.
        if !self.wire.is_quiet().await {
            return (self.cut_short(OUT_OF_TURN.to_owned()).await, Fate::Close);
        }
        let next = next.filter(|_| self.offers.pipelining && self.manners.take_along());
        let is_whole = match self.write_body(body, next).await {
            Ok(is_whole) => is_whole,
            Err(outcome) => return (outcome, Fate::Close),
        };
        let (outcome, fate) = match self.wire.reply(self.timeouts.dot).await {
            Ok(lines) => judge_dot(lines.into()),
            Err(loss) => {
                if next.is_some() {
                    self.manners.dot_lost();
                }
                let reason = format!("{loss}, and may have taken the message");
                let failure = failure(Stage::Dot, Scope::Connection, reason);
                (Outcome::Uncertain(failure), Fate::Close)
            }
        };
        (outcome, if is_whole { fate } else { Fate::Close })
    }

    /// Hands body, dot and the commands of `next` to the kernel. `Ok(false)` when the dot may have
    /// left and the rest has not: its reply is awaited all the same.
    async fn write_body(
        &mut self,
        mut bytes: Vec<u8>,
        next: Option<&Letter>,
    ) -> Result<bool, Outcome> {
        let body = bytes.len();
        if let Some(next) = next {
            let mut dialogue = Dialogue::start(true, false);
            if let Action::Write(verbs) = dialogue.next() {
                bytes.extend_from_slice(commands(&verbs, next, &self.offers).as_bytes());
                self.served += 1;
                self.along = Some(dialogue);
            }
        }
        let mut taken = 0;
        for chunk in bytes.chunks(CHUNK) {
            let written = self.wire.write_counting(chunk, self.timeouts.body_chunk, &mut taken);
            let Err(loss) = written.await else { continue };
            if next.is_some() && taken >= body {
                return Ok(false);
            }
            let reason = format!("{}, before it had the whole message", loss.while_writing());
            return Err(self.cut_short(reason).await);
        }
        Ok(true)
    }

    /// Says good-bye.
    pub(super) async fn quit(mut self) {
        let within = self.timeouts.quit;
        if self.wire.write(b"QUIT\r\n", within).await.is_ok() {
            // Whatever it answers, we are leaving.
            let _ = self.wire.reply(within).await;
            self.wire.shut_down(within).await;
        }
    }

    /// The final dot has not left, so the server takes nothing.
    async fn cut_short(&mut self, reason: String) -> Outcome {
        let reply = self.wire.last_words().await.map(Reply::from);
        Outcome::Deferred(Failure { reply, ..failure(Stage::Body, Scope::Connection, reason) })
    }

    fn within(&self, verb: Verb) -> Duration {
        match verb {
            Verb::Rset | Verb::Mail => self.timeouts.mail,
            Verb::Rcpt => self.timeouts.rcpt,
            Verb::Data => self.timeouts.data,
            Verb::LoneDot => self.timeouts.dot,
        }
    }
}

fn commands(verbs: &[Verb], letter: &Letter, offers: &Offers) -> String {
    let command = |verb: &Verb| match verb {
        Verb::Rset => "RSET\r\n".to_owned(),
        Verb::Mail => letter.mail(offers),
        Verb::Rcpt => letter.rcpt(),
        Verb::Data => "DATA\r\n".to_owned(),
        Verb::LoneDot => ".\r\n".to_owned(),
    };
    verbs.iter().map(command).collect()
}

/// Nobody's address has to do with it, so it is told of MAIL.
fn no_groups() -> Ended {
    Ended { outcome: lost(Stage::Mail, NO_GROUPS), fate: Fate::Close, stale: false }
}

fn judge_dot(reply: Reply) -> (Outcome, Fate) {
    let closing = reply.code == 421;
    match classify(Stage::Dot, &reply).settle(Stage::Dot, reply) {
        Ok(reply) => (Outcome::Accepted(reply), Fate::Keep),
        Err(outcome @ Outcome::Uncertain(_)) => (outcome, Fate::Close),
        Err(outcome) => (outcome, if closing { Fate::Close } else { Fate::Keep }),
    }
}

fn failure(stage: Stage, scope: Scope, reason: String) -> Failure {
    Failure { stage, reply: None, reason, scope }
}

//! One open connection: one message after another, then good-bye.

use std::time::Duration;

use super::{
    Duplex, Relay, Timeouts,
    dialogue::{Action, Dialogue, Ended, Fate, Verb},
    ehlo::Offers,
    letter::Letter,
    opening,
    wire::Wire,
};
use crate::{
    clock::Clock,
    deliver::{Failure, Outcome, Reply, Scope, Stage, classify},
};

/// The most that is written before one deadline.
const CHUNK: usize = 256 * 1024;

const OUT_OF_TURN: &str = "the server spoke or left before it had the message";

/// A connection that is ready for mail.
pub(super) struct Session {
    wire: Wire,
    offers: Offers,
    timeouts: Timeouts,
    needs_reset: bool,
    served: u32,
}

impl Session {
    /// Brings a fresh connection to the point where MAIL may come.
    pub(super) async fn open(
        stream: Box<dyn Duplex>,
        relay: &Relay,
        clock: &impl Clock,
    ) -> Result<Self, Failure> {
        let (wire, offers) = opening::open(stream, relay, clock).await?;
        Ok(Self { wire, offers, timeouts: relay.timeouts, needs_reset: false, served: 0 })
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

    /// MAIL, RCPT, DATA. `Ok` is 354: the server waits for the body, and nothing has happened yet.
    pub(super) async fn ask(&mut self, letter: &Letter<'_>) -> Result<(), Ended> {
        self.served += 1;
        let mut dialogue = Dialogue::start(self.offers.pipelining, self.needs_reset);
        loop {
            match dialogue.next() {
                Action::Write(verbs) => {
                    let commands: String =
                        verbs.iter().map(|verb| command(*verb, letter, &self.offers)).collect();
                    let within =
                        verbs.first().map_or(self.timeouts.mail, |verb| self.within(*verb));
                    if let Err(loss) = self.wire.write(commands.as_bytes(), within).await {
                        dialogue.lost(&loss.to_string());
                    }
                }
                Action::Read(verb) => match self.wire.reply(self.within(verb)).await {
                    Ok(lines) => dialogue.heard(lines.into()),
                    Err(loss) => dialogue.lost(&loss.to_string()),
                },
                // A reply that is here before the body is not the reply to the body.
                Action::Body if !self.wire.is_quiet().await => {
                    dialogue.lost(OUT_OF_TURN);
                }
                Action::Body => {
                    self.needs_reset = false;
                    return Ok(());
                }
                Action::End(ended) => {
                    self.needs_reset = ended.fate == Fate::Reset;
                    return Err(ended);
                }
            }
        }
    }

    /// The body with its dot, and what the server says to it. Comes after the mark.
    pub(super) async fn hand_over(&mut self, letter: &Letter<'_>) -> (Outcome, Fate) {
        // The mark takes a moment, and not every server has the patience.
        if !self.wire.is_quiet().await {
            return (self.cut_short(OUT_OF_TURN.to_owned()).await, Fate::Close);
        }
        for chunk in letter.body.chunks(CHUNK) {
            if let Err(loss) = self.wire.write(chunk, self.timeouts.body_chunk).await {
                let reason = format!("{}, before it had the whole message", loss.while_writing());
                return (self.cut_short(reason).await, Fate::Close);
            }
        }
        match self.wire.reply(self.timeouts.dot).await {
            Ok(lines) => judge_dot(lines.into()),
            Err(loss) => {
                let reason = format!("{loss}, and may have taken the message");
                let failure = failure(Stage::Dot, Scope::Connection, reason);
                (Outcome::Uncertain(failure), Fate::Close)
            }
        }
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

fn command(verb: Verb, letter: &Letter<'_>, offers: &Offers) -> String {
    match verb {
        Verb::Rset => "RSET\r\n".to_owned(),
        Verb::Mail => letter.mail(offers),
        Verb::Rcpt => letter.rcpt(),
        Verb::Data => "DATA\r\n".to_owned(),
        Verb::LoneDot => ".\r\n".to_owned(),
    }
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

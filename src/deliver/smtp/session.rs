//! One open connection: greeting, EHLO, TLS, login, then one message after another.

use std::time::Duration;

use super::{
    Duplex, Login, Relay, Security, Timeouts,
    auth::{self, Exchange},
    dialogue::{Action, Dialogue, Ended, Fate, Verb},
    ehlo::Offers,
    letter::Letter,
    reply_reader::Lines,
    wire::{Loss, Wire},
};
use crate::{
    clock::Clock,
    deliver::{Failure, Outcome, Reply, Scope, Stage, classify},
};

/// Tries of a login that the server cannot check for now, and the pauses between them.
const LOGIN_PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

/// The most that is written before one deadline.
const CHUNK: usize = 256 * 1024;

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
        let Relay { host, helo, timeouts, .. } = relay;
        let mut wire = Wire::new(stream);
        if let Security::ImplicitTls(trust) = &relay.security {
            wire = wire.secure(trust, host, Stage::Connect, timeouts.tls).await?;
        }
        let greeting = hear(&mut wire, Stage::Greeting, timeouts.greeting).await?;
        accept(Stage::Greeting, greeting)?;
        let mut offers = greet(&mut wire, helo, timeouts).await?;
        if let Security::StartTls(trust) = &relay.security {
            if !offers.starttls {
                return Err(no_starttls(host));
            }
            say(&mut wire, "STARTTLS\r\n", Stage::Starttls, timeouts).await?;
            // What is here before the handshake was put here by somebody on the way
            // (CVE-2011-0411).
            if !wire.is_drained() {
                return Err(injected());
            }
            wire = wire.secure(trust, host, Stage::Starttls, timeouts.tls).await?;
            // RFC 3207 §4.2: forget everything that was learned before.
            offers = greet(&mut wire, helo, timeouts).await?;
        }
        if let Some(login) = &relay.login {
            log_in(&mut wire, &offers, login, timeouts, clock).await?;
        }
        Ok(Self { wire, offers, timeouts: *timeouts, needs_reset: false, served: 0 })
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
                    dialogue.lost("the server spoke or left before it had the message");
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
        for chunk in letter.body.chunks(CHUNK) {
            if let Err(loss) = self.wire.write(chunk, self.timeouts.body_chunk).await {
                return (self.cut_short(&loss).await, Fate::Close);
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

    /// Our own write failed, so the server has no final dot and takes nothing.
    async fn cut_short(&mut self, loss: &Loss) -> Outcome {
        let reply = self.wire.last_words().await.map(Reply::from);
        let reason = format!("{}, before it had the whole message", loss_while_writing(loss));
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

async fn hear(wire: &mut Wire, stage: Stage, within: Duration) -> Result<Lines, Failure> {
    wire.reply(within).await.map_err(|loss| failure(stage, Scope::Connection, loss.to_string()))
}

/// `lines` if they let us go on.
fn accept(stage: Stage, lines: Lines) -> Result<Lines, Failure> {
    let reply = Reply::from(lines.clone());
    match classify(stage, &reply).settle(stage, reply) {
        Ok(_) => Ok(lines),
        Err(outcome) => Err(outcome
            .failure()
            .cloned()
            .unwrap_or_else(|| failure(stage, Scope::Connection, String::new()))),
    }
}

/// Writes a line and hears what the server says to it, which lets us go on.
async fn say(
    wire: &mut Wire,
    line: &str,
    stage: Stage,
    timeouts: &Timeouts,
) -> Result<Lines, Failure> {
    wire.write(line.as_bytes(), timeouts.hello)
        .await
        .map_err(|loss| failure(stage, Scope::Connection, loss_while_writing(&loss)))?;
    accept(stage, hear(wire, stage, timeouts.hello).await?)
}

async fn greet(wire: &mut Wire, helo: &str, timeouts: &Timeouts) -> Result<Offers, Failure> {
    if helo.is_empty() || !helo.bytes().all(|byte| byte.is_ascii_graphic()) {
        let reason = format!("`{helo}` is no name to greet with: check `[smtp] helo`");
        return Err(failure(Stage::Ehlo, Scope::Setup, reason));
    }
    let answer = say(wire, &format!("EHLO {helo}\r\n"), Stage::Ehlo, timeouts).await?;
    Ok(Offers::read(&answer.lines))
}

/// Logs in; a 4xx is tried again, a 5xx never: repeated wrong passwords lock accounts.
async fn log_in(
    wire: &mut Wire,
    offers: &Offers,
    login: &Login,
    timeouts: &Timeouts,
    clock: &impl Clock,
) -> Result<(), Failure> {
    let exchange = Exchange::choose(offers, login)?;
    let mut pauses = LOGIN_PAUSES.into_iter();
    loop {
        let Err(mut refused) = try_log_in(wire, &exchange, timeouts).await else { return Ok(()) };
        if let Some(reply) = &mut refused.reply {
            reply.text = exchange.scrub(&reply.text);
            let later = reply.class() == 4 && reply.code != 421;
            if let Some(pause) = pauses.next().filter(|_| later) {
                clock.sleep(pause).await;
                continue;
            }
        }
        return Err(refused);
    }
}

async fn try_log_in(
    wire: &mut Wire,
    exchange: &Exchange,
    timeouts: &Timeouts,
) -> Result<(), Failure> {
    for line in &exchange.lines {
        if say(wire, line, Stage::Auth, timeouts).await?.code < 300 {
            return Ok(());
        }
    }
    Err(auth::failure("the server wants more than a user and a password to log in"))
}

fn no_starttls(host: &str) -> Failure {
    let reason = format!(
        "`{host}` does not offer STARTTLS, and nothing is sent without TLS: use `smtps://` if it \
         has a TLS port; if it used to offer it, somebody may be listening"
    );
    failure(Stage::Starttls, Scope::Setup, reason)
}

fn injected() -> Failure {
    let reason = "the server, or somebody on the way to it, spoke out of turn before TLS: do not \
        send over this network; `smtps://` is safer";
    failure(Stage::Starttls, Scope::Setup, reason.to_owned())
}

/// A time-out of ours that is not about an answer.
fn loss_while_writing(loss: &Loss) -> String {
    match loss {
        Loss::TimedOut(within) => format!("the server took nothing for {within:?}"),
        other => other.to_string(),
    }
}

fn failure(stage: Stage, scope: Scope, reason: String) -> Failure {
    Failure { stage, reply: None, reason, scope }
}

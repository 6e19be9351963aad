//! From a fresh stream to the point where MAIL may come: greeting, EHLO, TLS, login.

use std::time::Duration;

use super::{
    Duplex, Login, Relay, Security, Timeouts,
    auth::{self, Exchange},
    ehlo::Offers,
    reply_reader::Lines,
    wire::Wire,
};
use crate::{
    clock::Clock,
    deliver::{Failure, Reply, Scope, Stage, classify},
};

/// Pauses before a login is tried again that the server could not check.
const LOGIN_PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

/// The connection, protected and logged in, and what the server offers on it.
pub(super) async fn open(
    stream: Box<dyn Duplex>,
    relay: &Relay,
    clock: &impl Clock,
) -> Result<(Wire, Offers), Failure> {
    let Relay { host, helo, timeouts, .. } = relay;
    let mut wire = Wire::new(stream);
    if let Security::ImplicitTls(trust) = &relay.security {
        wire = wire.secure(trust, host, Stage::Connect, timeouts.tls).await?;
    }
    hear(&mut wire, Stage::Greeting, timeouts.greeting).await?;
    let mut offers = greet(&mut wire, helo, timeouts).await?;
    if let Security::StartTls(trust) = &relay.security {
        if !offers.starttls {
            return Err(no_starttls(host));
        }
        say(&mut wire, "STARTTLS\r\n", Stage::Starttls, timeouts).await?;
        // What is here before the handshake was put here by somebody on the way (CVE-2011-0411).
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
    Ok((wire, offers))
}

/// The next reply, if it lets us go on.
async fn hear(wire: &mut Wire, stage: Stage, within: Duration) -> Result<Lines, Failure> {
    let lines = wire
        .reply(within)
        .await
        .map_err(|loss| failure(stage, Scope::Connection, loss.to_string()))?;
    let reply = Reply::from(lines.clone());
    classify(stage, &reply).allow(stage, reply).map(|_| lines)
}

/// Writes a line and hears what the server says to it.
async fn say(
    wire: &mut Wire,
    line: &str,
    stage: Stage,
    timeouts: &Timeouts,
) -> Result<Lines, Failure> {
    wire.write(line.as_bytes(), timeouts.hello)
        .await
        .map_err(|loss| failure(stage, Scope::Connection, loss.while_writing()))?;
    hear(wire, stage, timeouts.hello).await
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

fn failure(stage: Stage, scope: Scope, reason: String) -> Failure {
    Failure { stage, reply: None, reason, scope }
}

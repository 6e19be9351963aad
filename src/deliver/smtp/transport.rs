//! Sessions with one relay, one after another.

use std::{fmt, sync::Arc};

use super::{Dial, Relay, TcpDial, dialogue::Fate, letter::Letter, session::Session};
use crate::{
    clock::Clock,
    compose::Envelope,
    deliver::{Failure, Mark, Outcome, Scope, Stage, Transport},
};

/// Sends over SMTP, one connection at a time. It connects at the first message, keeps the
/// connection between messages, and opens another one after a 421, a lost connection, or
/// [`Relay::messages_per_connection`].
///
/// What its outcomes say, besides the [`Transport`] contract:
///
/// - [`Outcome::NotTried`] with [`Scope::Connection`]: the relay was not reached, or was lost
///   before the body. Nothing happened; [`Failure::stage`] tells how far it came. A person whose
///   address alone ends the connection shows as one at [`Stage::Rcpt`] again and again.
/// - [`Outcome::NotTried`] or (after the mark) [`Outcome::Deferred`] with [`Scope::Setup`]:
///   nobody can be mailed until somebody has mended it.
/// - All replies are redacted.
pub struct SmtpTransport<C, D = TcpDial> {
    relay: Arc<Relay>,
    clock: C,
    dial: D,
    session: Option<Session>,
}

impl<C, D> fmt::Debug for SmtpTransport<C, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmtpTransport(`{}:{}`)", self.relay.host, self.relay.port)
    }
}

impl<C: Clock> SmtpTransport<C> {
    /// A transport over TCP; it connects when there is something to send.
    pub fn new(relay: Arc<Relay>, clock: C) -> Self {
        Self::over(relay, clock, TcpDial)
    }
}

impl<C: Clock, D: Dial> SmtpTransport<C, D> {
    /// A transport over the streams that `dial` opens.
    pub fn over(relay: Arc<Relay>, clock: C, dial: D) -> Self {
        Self { relay, clock, dial, session: None }
    }

    async fn deliver(&mut self, envelope: &Envelope, message: &[u8], mark: impl Mark) -> Outcome {
        let letter = match Letter::new(envelope, message) {
            Ok(letter) => letter,
            Err(outcome) => return outcome,
        };
        let mut session = match self.ask(&letter).await {
            Ok(session) => session,
            Err(outcome) => return outcome,
        };
        if let Err(failed) = mark.commit().await {
            // The server waits for a body: dropping the connection is the only way out.
            return Outcome::NotTried(Failure {
                stage: Stage::Data,
                reply: None,
                reason: failed.to_string(),
                scope: Scope::Setup,
            });
        }
        let (outcome, fate) = session.hand_over(&letter).await;
        self.session = (fate != Fate::Close).then_some(session);
        outcome
    }

    /// A session at which the server waits for the body of `letter`.
    async fn ask(&mut self, letter: &Letter<'_>) -> Result<Session, Outcome> {
        loop {
            let (mut session, fresh) = self.session().await.map_err(Outcome::NotTried)?;
            if let Err(outcome) = letter.fits(session.offers()) {
                self.session = Some(session);
                return Err(outcome);
            }
            match session.ask(letter).await {
                Ok(()) => return Ok(session),
                // It went away while it rested. The next one is fresh: this ends.
                Err(ended) if ended.stale && !fresh => {}
                Err(ended) => {
                    self.session = (ended.fate != Fate::Close).then_some(session);
                    return Err(ended.outcome);
                }
            }
        }
    }

    /// The open session if it is still good, else a fresh one, and whether it is fresh.
    async fn session(&mut self) -> Result<(Session, bool), Failure> {
        if let Some(mut session) = self.session.take() {
            if session.served() >= self.relay.messages_per_connection.get() {
                session.quit().await;
            } else if session.is_idle().await {
                return Ok((session, false));
            }
        }
        let stream = self.dial.dial(&self.relay).await?;
        Ok((Session::open(stream, &self.relay, &self.clock).await?, true))
    }
}

impl<C: Clock, D: Dial> Transport for SmtpTransport<C, D> {
    async fn ready(&mut self) -> Result<(), Failure> {
        let (session, _) = self.session().await?;
        self.session = Some(session);
        Ok(())
    }

    async fn send(&mut self, envelope: &Envelope, message: &[u8], mark: impl Mark) -> Outcome {
        self.deliver(envelope, message, mark).await.redacted(envelope)
    }

    async fn close(&mut self) {
        if let Some(session) = self.session.take() {
            session.quit().await;
        }
    }
}

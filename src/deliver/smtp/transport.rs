//! Sessions with one relay, one after another.

use std::{fmt, sync::Arc};

use super::{
    Dial, Relay, TcpDial,
    dialogue::{Fate, lost},
    letter::Letter,
    session::Session,
};
use crate::{
    clock::Clock,
    compose::Envelope,
    deliver::{Failure, Outcome, Scope, Stage, Transport},
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
    /// The server waits for this body.
    asked: Option<Letter>,
    along: Along,
}

/// What became of a message that was to travel along.
enum Along {
    None,
    /// Its commands are with the server.
    Sent(Letter),
    /// The connection was lost with the body before it.
    Lost,
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
        Self { relay, clock, dial, session: None, asked: None, along: Along::None }
    }

    /// Ends with a session at which the server waits for the body of `letter`.
    async fn ask_about(&mut self, letter: &Letter) -> Result<Session, Outcome> {
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
            if session.is_asking() {
                return Ok((session, false));
            }
            if self.is_spent(&session) {
                session.quit().await;
            } else if session.is_idle().await {
                return Ok((session, false));
            }
        }
        let stream = self.dial.dial(&self.relay).await?;
        Ok((Session::open(stream, &self.relay, &self.clock).await?, true))
    }

    fn is_spent(&self, session: &Session) -> bool {
        session.served() >= self.relay.messages_per_connection.get()
    }
}

impl<C: Clock, D: Dial> Transport for SmtpTransport<C, D> {
    async fn ready(&mut self) -> Result<(), Failure> {
        let (session, _) = self.session().await?;
        self.session = Some(session);
        Ok(())
    }

    async fn ask(&mut self, envelope: &Envelope, message: &[u8]) -> Result<(), Outcome> {
        if self.asked.take().is_some() {
            // The server waits for a body: dropping the connection is the only way out.
            self.session = None;
        }
        let letter = match std::mem::replace(&mut self.along, Along::None) {
            Along::None => Letter::new(envelope, message)?,
            Along::Sent(letter) => letter,
            Along::Lost => return Err(lost(Stage::Mail, "the connection was lost just before")),
        };
        debug_assert_eq!(letter.envelope(), envelope, "what travels along is asked about next");
        let session = self.ask_about(&letter).await.map_err(|no| no.redacted(envelope))?;
        self.session = Some(session);
        self.asked = Some(letter);
        Ok(())
    }

    async fn hand_over(&mut self, next: Option<(&Envelope, &[u8])>) -> Outcome {
        let (Some(letter), Some(mut session)) = (self.asked.take(), self.session.take()) else {
            let reason = "no message was asked about: this is a fault of announce".to_owned();
            let scope = Scope::Setup;
            return Outcome::Deferred(Failure { stage: Stage::Body, reply: None, reason, scope });
        };
        let is_given = next.is_some();
        let next = next
            .filter(|_| !self.is_spent(&session))
            .and_then(|(envelope, message)| Letter::new(envelope, message).ok())
            .filter(|next| next.fits(session.offers()).is_ok());
        let (envelope, body) = letter.into_parts();
        let (outcome, fate) = session.hand_over(body, next.as_ref()).await;
        self.along = match next {
            _ if is_given && fate == Fate::Close => Along::Lost,
            Some(next) if session.is_asking() => Along::Sent(next),
            // It is asked about in its turn.
            _ => Along::None,
        };
        self.session = (fate != Fate::Close).then_some(session);
        outcome.redacted(&envelope)
    }

    fn takes_along(&self) -> bool {
        self.session
            .as_ref()
            .is_some_and(|session| session.takes_along() && !self.is_spent(session))
    }

    async fn close(&mut self) {
        let waits_for_body = self.asked.take().is_some();
        self.along = Along::None;
        if let Some(session) = self.session.take().filter(|_| !waits_for_body) {
            session.quit().await;
        }
    }
}

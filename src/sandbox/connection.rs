//! Drives one conversation: asks the session what to answer, and lets scripts and faults answer
//! instead.

use std::sync::Arc;

use super::{
    Act, Caught, Event, Extension, Tls,
    command::Command,
    data::{Body, Incoming},
    decision::{Decision, Effect, Next},
    reply::Reply,
    script::{Play, Step},
    server::Host,
    session::Session,
    wire::{End, Line, Stream, Wire},
};
use crate::{clock::Clock, deliver::Stage};

/// One conversation and its wire.
pub(super) struct Connection<C> {
    host: Arc<Host<C>>,
    wire: Wire<C>,
    session: Session,
    number: u64,
}

impl<C: Clock> Connection<C> {
    pub(super) fn new(host: Arc<Host<C>>, stream: Box<dyn Stream>) -> Self {
        let wire = Wire::new(stream, host.latency, host.clock.clone(), host.stopping());
        let session = Session::new(host.terms.clone());
        let number = host.next_connection();
        Self { host, wire, session, number }
    }

    /// Talks until the conversation is over.
    pub(super) async fn run(mut self) {
        self.note(Event::Opened);
        let (Ok(end) | Err(end)) = self.converse().await;
        if end == End::Stop {
            self.say(&Reply::new(421, "4.3.2", "the sandbox is being closed"));
        }
        let Self { host, wire, number, .. } = self;
        match end {
            End::Stop | End::Close => wire.hang_up().await,
            End::Gone | End::Drop => drop(wire),
        }
        host.note(number, Event::Closed);
    }

    async fn converse(&mut self) -> Result<End, End> {
        if let Some(play) = self.play_for(Stage::Connect, None) {
            self.play_out(&play.acts).await?;
        }
        if let Tls::Implicit(_) = self.host.tls {
            self.handshake().await?;
        }
        let mut next = self.answer(Session::greeting()).await?;
        loop {
            next = match next {
                Next::Command => self.command().await?,
                Next::Body => self.body().await?,
                Next::Handshake => self.handshake().await?,
                Next::Nothing => return Ok(End::Close),
            }
        }
    }

    async fn command(&mut self) -> Result<Next, End> {
        let line = match self.wire.line().await? {
            Line::Whole(line) => line,
            Line::Malformed => {
                self.note(Event::Fault("a command does not end in CRLF"));
                let text = "a command ends in CRLF and has no other control characters";
                return self.answer(Decision::refuse(500, "5.5.2", text)).await;
            }
            Line::Endless => {
                self.note(Event::Fault("a line has no end"));
                self.say(&Reply::new(500, "5.5.2", "line too long"));
                return Ok(Next::Nothing);
            }
        };
        if self.session.is_authenticating() {
            let decision = self.session.respond(&line);
            return self.answer(decision).await;
        }
        let decision = match Command::parse(&line) {
            Ok(command) => {
                self.watch(&command);
                self.session.decide(command)
            }
            Err(reply) => Decision::say(reply),
        };
        self.answer(decision).await
    }

    /// Writes the command into the journal, and what the client does wrong with it.
    fn watch(&mut self, command: &Command) {
        self.note(Event::Command(command.verb()));
        if let Command::Rcpt { to, .. } = command {
            self.note(Event::Recipient(to.clone().into_address()));
        }
        if !self.wire.has_input() {
            return;
        }
        if *command == Command::Starttls {
            // RFC 3207 §4.2: what was sent in the clear must not be taken for encrypted.
            self.note(Event::Fault("something followed STARTTLS in the clear"));
            self.wire.discard_input();
        } else if !self.host.terms.offers(Extension::Pipelining) || !command.may_be_followed() {
            self.note(Event::Fault("spoke before its turn"));
        }
    }

    /// Gives the answer that was decided, or the one that a script or a fault has instead.
    async fn answer(&mut self, decision: Decision) -> Result<Next, End> {
        let adding = match &decision.effect {
            Effect::Add(address) => Some(address),
            _ => None,
        };
        match decision.stage.and_then(|stage| self.play_for(stage, adding)) {
            Some(play) => self.perform(&play.acts, decision).await,
            None => self.perform(&[Act::Usual], decision).await,
        }
    }

    /// What a script or a fault has for this stage; at RCPT it is about the one being added.
    fn play_for(&self, stage: Stage, adding: Option<&String>) -> Option<Play> {
        let in_message =
            matches!(stage, Stage::Mail | Stage::Rcpt | Stage::Data | Stage::Body | Stage::Dot);
        let recipients = match (adding, self.session.transaction()) {
            (Some(address), _) => std::slice::from_ref(address),
            (None, Some(message)) if in_message => &message.recipients,
            _ => &[],
        };
        self.host.play(&Step {
            stage,
            connection: self.number,
            message: if in_message { self.session.messages() } else { 0 },
            recipients,
            now: self.host.clock.monotonic(),
        })
    }

    async fn perform(&mut self, acts: &[Act], decision: Decision) -> Result<Next, End> {
        let Decision { stage, mut reply, effect } = decision;
        let mut effect = Some(effect);
        let mut next = Next::Command;
        for act in acts {
            let takes_effect = match act {
                Act::Usual => reply.is_positive(),
                Act::Keep => true,
                Act::Send(bytes) | Act::Drip(bytes, _) => {
                    let asks_for_body = stage == Some(Stage::Data) && bytes.starts_with(b"3");
                    bytes.starts_with(b"2") || asks_for_body
                }
                Act::Wait(_) | Act::Drop | Act::Close | Act::Hang => false,
            };
            match effect.take_if(|_| takes_effect) {
                Some(Effect::Take(body)) => reply = self.keep(body).await,
                Some(effect) => next = self.session.apply(effect),
                None => {}
            }
            if *act == Act::Usual {
                self.say(&reply);
            } else {
                self.play(act).await?;
            }
        }
        Ok(next)
    }

    /// Plays acts where the usual is to say nothing.
    async fn play_out(&mut self, acts: &[Act]) -> Result<(), End> {
        for act in acts {
            self.play(act).await?;
        }
        self.wire.flush().await
    }

    async fn play(&mut self, act: &Act) -> Result<(), End> {
        match act {
            Act::Usual | Act::Keep => {}
            Act::Send(bytes) => self.wire.output().extend_from_slice(bytes),
            Act::Drip(bytes, pause) => {
                for byte in bytes {
                    self.wire.output().push(*byte);
                    self.wire.wait(*pause).await?;
                }
            }
            Act::Wait(time) => self.wire.wait(*time).await?,
            Act::Drop => {
                self.wire.flush().await?;
                return Err(End::Drop);
            }
            Act::Close => return Err(End::Close),
            Act::Hang => {
                self.wire.flush().await?;
                self.wire.ignore().await?;
            }
        }
        Ok(())
    }

    /// Reads a message to its dot, and answers.
    async fn body(&mut self) -> Result<Next, End> {
        let limit = self.host.terms.size_limit().unwrap_or(u64::MAX);
        let mut incoming = Incoming::new(limit.min(self.host.shelf.wants()));
        let mut play = self.play_for(Stage::Body, None);
        let mut read = 0;
        while !incoming.is_complete() {
            if let Some(due) = play.take_if(|play| play.after <= read) {
                self.play_out(&due.acts).await?;
            }
            let most = play.as_ref().map_or(usize::MAX, |play| play.after - read);
            read += self.wire.read(most, |bytes| incoming.push(bytes)).await?;
        }
        let body = incoming.into_body();
        if body.bare_newline {
            self.note(Event::Fault("a CR or LF stands alone in a message"));
        }
        if body.undoubled_dot {
            self.note(Event::Fault("a dot at the start of a line was not doubled"));
        }
        let decision = self.session.judge(body);
        let next = self.answer(decision).await;
        self.session.take_transaction();
        next
    }

    /// Takes responsibility for the message under way.
    async fn keep(&mut self, body: Body) -> Reply {
        let Some(transaction) = self.session.take_transaction() else {
            return Reply::new(503, "5.5.1", "no message is under way");
        };
        let (sender, recipients) = (transaction.sender, transaction.recipients);
        let caught = Caught { sender, recipients: recipients.clone(), message: body.bytes };
        match self.host.shelf.keep(caught).await {
            Ok(number) => {
                self.note(Event::Accepted { number, recipients, bytes: body.size });
                Reply::new(250, "2.0.0", format!("queued as {number:06}"))
            }
            Err(_) => Reply::new(452, "4.3.1", "the message could not be written"),
        }
    }

    async fn handshake(&mut self) -> Result<Next, End> {
        if let Tls::Implicit(config) | Tls::StartTls(config) = &self.host.tls {
            self.wire.secure(config.clone()).await?;
            self.session.encrypted();
            self.note(Event::Secured);
        }
        Ok(Next::Command)
    }

    fn say(&mut self, reply: &Reply) {
        let enhanced = self.host.terms.offers(Extension::EnhancedStatusCodes);
        reply.write(enhanced, self.wire.output());
    }

    fn note(&self, event: Event) {
        self.host.note(self.number, event);
    }
}

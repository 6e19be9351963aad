//! The server's side of a conversation as a state machine: a line in, a decision out. No sockets,
//! no clock; what a decision asks for takes effect only when a positive answer has been given.

use std::sync::Arc;

use super::{
    Extension, Mechanism,
    auth::{Exchange, Turn},
    command::{Command, Parameter},
    data::Body,
    decision::{Decision, Effect, Next},
    fault::{self, Asked},
    path::Path,
    reply::Reply,
    terms::Terms,
};
use crate::deliver::Stage;

/// Recipients of one message; RFC 5321 §4.5.3.1.8 asks for at least as many.
const MOST_RECIPIENTS: usize = 100;

/// How the client has introduced itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hello {
    None,
    /// With HELO: no extensions.
    Plain,
    /// With EHLO.
    Extended,
}

/// A message under way.
#[derive(Debug, Default)]
pub(super) struct Transaction {
    pub(super) sender: String,
    pub(super) recipients: Vec<String>,
    eight_bit: bool,
    utf8: bool,
}

/// One conversation.
pub(super) struct Session {
    terms: Arc<Terms>,
    encrypted: bool,
    hello: Hello,
    authenticated: bool,
    exchange: Option<Exchange>,
    transaction: Option<Transaction>,
    messages: u64,
}

impl Session {
    pub(super) fn new(terms: Arc<Terms>) -> Self {
        Self {
            terms,
            encrypted: false,
            hello: Hello::None,
            authenticated: false,
            exchange: None,
            transaction: None,
            messages: 0,
        }
    }

    /// The first line.
    pub(super) fn greeting() -> Decision {
        let lines = vec!["localhost ESMTP announce sandbox, nothing leaves this machine".into()];
        Decision::at(Stage::Greeting, Reply::bare(220, lines), Effect::None)
    }

    /// Forgets everything learned before TLS (RFC 3207 §4.2).
    pub(super) fn encrypted(&mut self) {
        *self = Self { encrypted: true, ..Self::new(self.terms.clone()) };
    }

    /// MAIL commands so far.
    pub(super) fn messages(&self) -> u64 {
        self.messages
    }

    /// The message under way.
    pub(super) fn transaction(&self) -> Option<&Transaction> {
        self.transaction.as_ref()
    }

    /// Ends the message under way.
    pub(super) fn take_transaction(&mut self) -> Option<Transaction> {
        self.transaction.take()
    }

    /// Whether the next line belongs to an AUTH exchange and is no command.
    pub(super) fn is_authenticating(&self) -> bool {
        self.exchange.is_some()
    }

    /// Answers a line of an AUTH exchange.
    pub(super) fn respond(&mut self, line: &[u8]) -> Decision {
        let (Some(exchange), Some(account)) = (self.exchange.take(), &self.terms.auth) else {
            return Decision::refuse(503, "5.5.1", "no exchange is going on");
        };
        match str::from_utf8(line) {
            Ok("*") => Decision::refuse(501, "5.7.0", "authentication cancelled"),
            Ok(response) => exchange.answer(response, account).into(),
            Err(_) => Turn::Unreadable.into(),
        }
    }

    /// Answers a command.
    pub(super) fn decide(&mut self, command: Command) -> Decision {
        let needs_tls = self.terms.starttls && !self.encrypted;
        let ok = |reply, effect| Decision { stage: None, reply, effect };
        match command {
            Command::Helo => {
                let reply = Reply::bare(250, vec!["localhost".into()]);
                Decision::at(Stage::Ehlo, reply, Effect::Hello(Hello::Plain))
            }
            Command::Ehlo => {
                let reply = Reply::bare(250, self.terms.listed(self.encrypted));
                Decision::at(Stage::Ehlo, reply, Effect::Hello(Hello::Extended))
            }
            Command::Noop => ok(Reply::new(250, "2.0.0", "here"), Effect::None),
            Command::Quit => ok(Reply::new(221, "2.0.0", "good-bye"), Effect::Quit),
            Command::Rset => ok(Reply::new(250, "2.0.0", "forgotten"), Effect::Reset),
            Command::Starttls => self.starttls(),
            _ if needs_tls => Decision::refuse(530, "5.7.0", "say STARTTLS first"),
            Command::Vrfy => ok(Reply::new(252, "2.0.0", "send it and see"), Effect::None),
            Command::Auth { mechanism, initial } => self.auth(&mechanism, initial.as_deref()),
            _ if self.hello == Hello::None => Decision::refuse(503, "5.5.1", "say EHLO first"),
            _ if self.terms.auth.is_some() && !self.authenticated => {
                Decision::refuse(530, "5.7.0", "authentication required")
            }
            Command::Mail { from, parameters } => self.mail(from, &parameters),
            Command::Rcpt { to, parameters } => self.rcpt(to, &parameters),
            Command::Data => self.data(),
        }
    }

    /// Carries out what was answered positively; [`Effect::Take`] is not the session's business.
    pub(super) fn apply(&mut self, effect: Effect) -> Next {
        match effect {
            Effect::None | Effect::Take(_) => {}
            Effect::Hello(hello) => {
                self.hello = hello;
                self.transaction = None;
            }
            Effect::Begin(transaction) => self.transaction = Some(transaction),
            Effect::Add(recipient) => {
                if let Some(transaction) = &mut self.transaction {
                    transaction.recipients.push(recipient);
                }
            }
            Effect::Reset => self.transaction = None,
            Effect::Continue(exchange) => self.exchange = Some(exchange),
            Effect::Authenticated => self.authenticated = true,
            Effect::OpenBody => return Next::Body,
            Effect::Upgrade => return Next::Handshake,
            Effect::Quit => return Next::Nothing,
        }
        Next::Command
    }

    fn starttls(&self) -> Decision {
        if !self.terms.starttls {
            return Decision::refuse(502, "5.5.1", "TLS is not offered");
        }
        if self.encrypted {
            return Decision::refuse(503, "5.5.1", "already encrypted");
        }
        let reply = Reply::new(220, "2.0.0", "go ahead");
        Decision::at(Stage::Starttls, reply, Effect::Upgrade)
    }

    fn auth(&self, mechanism: &str, initial: Option<&str>) -> Decision {
        let offered = self.hello == Hello::Extended;
        let Some(account) = self.terms.auth.as_ref().filter(|_| offered) else {
            return Decision::refuse(503, "5.5.1", "AUTH is not offered");
        };
        if self.authenticated || self.transaction.is_some() {
            return Decision::refuse(503, "5.5.1", "AUTH once, before MAIL");
        }
        let named = |offered: &&Mechanism| offered.to_string().eq_ignore_ascii_case(mechanism);
        match account.mechanisms.iter().find(named) {
            Some(mechanism) => Exchange::begin(*mechanism, initial, account).into(),
            None => Decision::refuse(504, "5.5.4", "mechanism not offered"),
        }
    }

    fn mail(&mut self, from: Path, parameters: &[Parameter]) -> Decision {
        if self.transaction.is_some() {
            return Decision::refuse(503, "5.5.1", "a message is under way, RSET forgets it");
        }
        let mut transaction = Transaction::default();
        for parameter in parameters {
            if let Err(reply) = self.heed(parameter, &mut transaction) {
                return Decision::say(reply);
            }
        }
        if !from.is_ascii() && !transaction.utf8 {
            return Decision::refuse(553, "5.6.7", "this address needs SMTPUTF8");
        }
        if from.domain.is_empty() && !from.is_null() {
            return Decision::refuse(501, "5.1.7", "a return path has a domain");
        }
        transaction.sender = from.into_address();
        self.messages += 1;
        let reply = Reply::new(250, "2.1.0", "sender ok");
        Decision::at(Stage::Mail, reply, Effect::Begin(transaction))
    }

    /// Reads a parameter of MAIL into the message.
    fn heed(&self, parameter: &Parameter, message: &mut Transaction) -> Result<(), Reply> {
        let extended = self.hello == Hello::Extended;
        let offered = |extension| extended && self.terms.offers(extension);
        let limit = self.terms.size_limit().filter(|_| extended);
        let value = parameter.value.as_deref().map(str::to_ascii_uppercase);
        match (parameter.keyword.as_str(), value.as_deref(), limit) {
            ("SIZE", Some(size), Some(limit)) => match size.parse::<u64>() {
                Ok(size) if size > limit => return Err(too_big()),
                Ok(_) => {}
                Err(_) => return Err(Reply::new(501, "5.5.4", "SIZE is a number of bytes")),
            },
            ("BODY", Some("7BIT"), _) if offered(Extension::EightBitMime) => {}
            ("BODY", Some("8BITMIME"), _) if offered(Extension::EightBitMime) => {
                message.eight_bit = true;
            }
            ("SMTPUTF8", None, _) if offered(Extension::SmtpUtf8) => message.utf8 = true,
            // RFC 4954 §5: whoever offers AUTH takes it; it means nothing here.
            ("AUTH", Some(_), _) if extended && self.terms.auth.is_some() => {}
            _ => return Err(Reply::new(555, "5.5.4", "parameter not offered")),
        }
        Ok(())
    }

    fn rcpt(&self, to: Path, parameters: &[Parameter]) -> Decision {
        let Some(transaction) = &self.transaction else {
            return Decision::refuse(503, "5.5.1", "say MAIL first");
        };
        if !parameters.is_empty() {
            return Decision::refuse(555, "5.5.4", "parameter not offered");
        }
        if to.is_null() {
            return Decision::refuse(501, "5.1.3", "a recipient has a name");
        }
        if !to.is_ascii() && !transaction.utf8 {
            return Decision::refuse(553, "5.6.7", "this address needs SMTPUTF8");
        }
        if transaction.recipients.len() >= MOST_RECIPIENTS {
            return Decision::refuse(452, "4.5.3", "enough recipients, send the rest later");
        }
        let address = to.into_address();
        if Asked::by(&address) == Asked::Unknown {
            return Decision::say(fault::unknown_word());
        }
        let reply = Reply::new(250, "2.1.5", "recipient ok");
        Decision::at(Stage::Rcpt, reply, Effect::Add(address))
    }

    fn data(&self) -> Decision {
        let Some(transaction) = &self.transaction else {
            return Decision::refuse(503, "5.5.1", "say MAIL first");
        };
        let reply = if transaction.recipients.is_empty() {
            Reply::new(554, "5.5.1", "no valid recipients")
        } else {
            Reply::bare(354, vec!["end with a dot on a line of its own".into()])
        };
        Decision::at(Stage::Data, reply, Effect::OpenBody)
    }

    /// Answers the final dot.
    pub(super) fn judge(&self, body: Body) -> Decision {
        let message = self.transaction.as_ref();
        let reply = if message.is_none_or(|message| message.recipients.is_empty()) {
            Reply::new(554, "5.5.1", "no valid recipients")
        } else if self.terms.size_limit().is_some_and(|limit| body.size > limit) {
            too_big()
        } else if body.bare_newline {
            Reply::new(554, "5.6.0", "a CR or LF stands alone, lines end in CRLF")
        } else if body.has_long_line() {
            Reply::new(554, "5.6.0", "a line is longer than 998 bytes")
        } else if body.eight_bit && message.is_none_or(|message| !message.eight_bit) {
            Reply::new(554, "5.6.1", "bytes above 127 without BODY=8BITMIME")
        } else {
            Reply::new(250, "2.0.0", "taken")
        };
        Decision::at(Stage::Dot, reply, Effect::Take(body))
    }
}

fn too_big() -> Reply {
    Reply::new(552, "5.3.4", "message too big")
}

//! What a line of the client leads to.

use std::borrow::Cow;

use super::{
    auth::{Exchange, Turn},
    data::Body,
    reply::Reply,
    session::{Hello, Transaction},
};
use crate::deliver::Stage;

/// What to answer, and what happens if the answer is positive.
#[derive(Debug)]
pub(super) struct Decision {
    /// The stage at which a script may say something else.
    pub(super) stage: Option<Stage>,
    pub(super) reply: Reply,
    pub(super) effect: Effect,
}

/// A change of state.
#[derive(Debug)]
pub(super) enum Effect {
    None,
    Hello(Hello),
    Begin(Transaction),
    Add(String),
    Reset,
    OpenBody,
    Continue(Exchange),
    Authenticated,
    Upgrade,
    /// Responsibility for this message.
    Take(Body),
    Quit,
}

/// What to read next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Command,
    Body,
    Handshake,
    Nothing,
}

impl Decision {
    /// An answer that changes nothing.
    pub(super) fn say(reply: Reply) -> Self {
        Self { stage: None, reply, effect: Effect::None }
    }

    /// A refusal that no script changes.
    pub(super) fn refuse(
        code: u16,
        enhanced: &'static str,
        text: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::say(Reply::new(code, enhanced, text))
    }

    /// An answer with an effect, at a stage at which a script may say something else.
    pub(super) fn at(stage: Stage, reply: Reply, effect: Effect) -> Self {
        Self { stage: Some(stage), reply, effect }
    }
}

impl From<Turn> for Decision {
    fn from(turn: Turn) -> Self {
        let verdict = |reply| Self::at(Stage::Auth, reply, Effect::Authenticated);
        match turn {
            Turn::Ask(exchange, challenge) => Self {
                stage: None,
                reply: Reply::bare(334, vec![challenge.into()]),
                effect: Effect::Continue(exchange),
            },
            Turn::Judged(true) => verdict(Reply::new(235, "2.7.0", "welcome")),
            Turn::Judged(false) => verdict(Reply::new(535, "5.7.8", "wrong name or password")),
            Turn::Unreadable => Self::refuse(501, "5.5.2", "not what the mechanism sends"),
        }
    }
}

//! What a server does in one simulated life, drawn from a seed.

use std::time::Duration;

use super::chance::Chance;
use crate::{
    campaign::tests::{address, wire::Forgets},
    deliver::Stage,
    sandbox::{Act, Extension, Options, Rule, Script},
};

/// Refusals and other lines that a server may say in place of its usual ones.
const LINES: [(Stage, &str); 40] = [
    (Stage::Greeting, "421 4.3.2 busy"),
    (Stage::Greeting, "554 5.7.1 not you"),
    (Stage::Greeting, "220"),
    (Stage::Ehlo, "421 4.3.2 busy"),
    (Stage::Ehlo, "550 5.7.1 not you"),
    (Stage::Ehlo, "250 nothing to offer"),
    (Stage::Mail, "421 4.7.0 too many messages"),
    (Stage::Mail, "421 4.3.0 closing"),
    (Stage::Mail, "451 4.3.0 later"),
    (Stage::Mail, "452 4.3.1 disk full"),
    (Stage::Mail, "553 5.7.1 sender not allowed"),
    (Stage::Mail, "354 what?"),
    (Stage::Rcpt, "421 4.7.0 rate limited"),
    (Stage::Rcpt, "450 4.2.0 greylisted"),
    (Stage::Rcpt, "451 4.7.1 rate limit, too many"),
    (Stage::Rcpt, "452 4.5.3 too many recipients"),
    (Stage::Rcpt, "550 5.1.1 user unknown"),
    (Stage::Rcpt, "550 5.7.1 blocked"),
    (Stage::Rcpt, "550 5.7.1 relaying denied"),
    (Stage::Rcpt, "552 5.2.2 mailbox full"),
    (Stage::Rcpt, "571 no"),
    (Stage::Rcpt, "250 ok\r\n250 and again"),
    (Stage::Data, "421 4.3.0 closing"),
    (Stage::Data, "451 4.3.0 later"),
    (Stage::Data, "554 5.6.0 no"),
    (Stage::Data, "250 off by one"),
    (Stage::Data, "354"),
    (Stage::Data, "354 go\r\n250 before the body"),
    (Stage::Dot, "250"),
    (Stage::Dot, "299 sure"),
    (Stage::Dot, "250 2.0.0 Ok: queued as 4711\r\n250 and again"),
    (Stage::Dot, "421 4.3.0 closing"),
    (Stage::Dot, "421 4.7.0 too many messages"),
    (Stage::Dot, "451 4.3.0 later"),
    (Stage::Dot, "451 4.7.1 rate limit, too many"),
    (Stage::Dot, "452 4.3.1 disk full"),
    (Stage::Dot, "550 5.1.1 user unknown"),
    (Stage::Dot, "552 5.3.4 too big"),
    (Stage::Dot, "554 5.7.1 spam"),
    (Stage::Dot, "571 no"),
];

/// Lines after the dot from which nobody can tell what became of the message.
const DOUBTFUL: [&str; 4] = ["354 again", "banana", "2", "199 perhaps"];

const STAGES: [Stage; 7] =
    [Stage::Greeting, Stage::Ehlo, Stage::Mail, Stage::Rcpt, Stage::Data, Stage::Body, Stage::Dot];

/// Seconds after which a server answers; the last ones are longer than anybody waits.
const SECONDS: [u64; 7] = [1, 5, 90, 250, 599, 601, 4_000];

/// A server's whims, and in how many cases they give reason to doubt what became of a message.
pub(super) struct Weather {
    pub(super) script: Script,
    pub(super) doubts: usize,
    pub(super) pipelining: bool,
    pub(super) forgets: Option<Forgets>,
}

impl Weather {
    /// A server for so many people; some are sunny, most are not.
    pub(super) fn of(chance: &mut Chance, people: usize) -> Self {
        let mut weather = Self {
            script: Script::new(),
            doubts: 0,
            pipelining: !chance.once_in(3),
            forgets: chance
                .once_in(10)
                .then(|| *chance.pick(&[Forgets::BehindTheDot, Forgets::BehindMail])),
        };
        for _ in 0..chance.below(8) {
            let (rule, doubtful) = whim(chance);
            let times = 1 + chance.below(3);
            weather.doubts += if doubtful { times } else { 0 };
            let rule = rule.times(u32::try_from(times).expect("three at most"));
            let rule = match chance.below(6) {
                0 => rule.connection(1 + chance.below(6) as u64),
                1 => rule.message(1 + chance.below(people + 2) as u64),
                2 | 3 => rule.recipient(&address(chance.below(people))),
                _ => rule,
            };
            weather.script = std::mem::take(&mut weather.script).rule(rule);
        }
        weather
    }

    /// Puts it into a server's options.
    pub(super) fn set(self, options: &mut Options) {
        options.script = self.script;
        if !self.pipelining {
            options.extensions.retain(|extension| *extension != Extension::Pipelining);
        }
    }
}

/// What happens at one stage, and whether it leaves a doubt.
fn whim(chance: &mut Chance) -> (Rule, bool) {
    let stage = *chance.pick(&STAGES);
    let after_body = matches!(stage, Stage::Body | Stage::Dot);
    match chance.below(8) {
        0..4 => {
            let (stage, line) = *chance.pick(&LINES);
            let mut acts = vec![Act::reply(line)];
            if line.starts_with("421") {
                acts.push(Act::Close);
            }
            (Rule::at(stage, acts), false)
        }
        4 if chance.once_in(2) => (Rule::reply(Stage::Dot, chance.pick::<&str>(&DOUBTFUL)), true),
        4 => (Rule::at(Stage::Dot, [Act::Keep, Act::Drop]), true),
        5 => {
            let end = chance.pick(&[Act::Drop, Act::Close, Act::Hang]).clone();
            (Rule::at(stage, [end]).after_bytes(chance.below(900)), after_body)
        }
        6 => {
            let wait = Act::Wait(Duration::from_secs(*chance.pick(&SECONDS)));
            (Rule::at(stage, [wait, Act::Usual]), after_body)
        }
        _ => {
            let drip = Act::Drip(b"250 2.0.0 slow\r\n".to_vec(), Duration::from_secs(1));
            (Rule::at(Stage::Dot, [drip]), false)
        }
    }
}

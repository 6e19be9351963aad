//! Faults that an address under `.fault.test` asks for. The words stand in the table of the module
//! [`sandbox`](super).

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::{
    reply::Reply,
    script::{Act, Play, Step},
};
use crate::deliver::Stage;

/// What to do at one stage of every message for an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    stage: Stage,
    acts: Vec<Act>,
    /// Play it so often, then behave.
    times: Option<u32>,
}

/// What a recipient asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Nothing: the address is like any other, or says `ok`.
    Nothing,
    /// This.
    Fault(Fault),
    /// Something the server does not know.
    Unknown,
}

impl Asked {
    /// Reads an address.
    pub(super) fn by(address: &str) -> Self {
        let address = address.to_ascii_lowercase();
        let Some((local, domain)) = address.rsplit_once('@') else { return Self::Nothing };
        if domain != "fault.test" && !domain.ends_with(".fault.test") {
            return Self::Nothing;
        }
        let word = local.split('+').next().unwrap_or(local);
        if word == "ok" {
            return Self::Nothing;
        }
        let fault = match word.strip_prefix("once-") {
            Some(word) => fault(word).map(|fault| Fault { times: Some(1), ..fault }),
            None => fault(word),
        };
        fault.map_or(Self::Unknown, Self::Fault)
    }
}

/// The answer to a word the server does not know. The word itself is part of an address and is not
/// repeated.
pub(super) fn unknown_word() -> Reply {
    Reply::new(
        501,
        "5.1.3",
        "not a fault to rehearse; write one of these before the at sign: 450, \
         550-5.1.1-user-unknown, dot-451, greylist-2, delay-5s, drop-at-rcpt, drop-before-dot, \
         drop-after-dot, drop-after-dot-lost, ok",
    )
}

fn fault(word: &str) -> Option<Fault> {
    let at = |stage, acts: Vec<Act>| Some(Fault { stage, acts, times: None });
    match word {
        "drop-at-rcpt" => return at(Stage::Rcpt, vec![Act::Drop]),
        "drop-at-data" => return at(Stage::Data, vec![Act::Drop]),
        "drop-before-dot" => return at(Stage::Body, vec![Act::Drop]),
        "drop-after-dot" => return at(Stage::Dot, vec![Act::Keep, Act::Drop]),
        "drop-after-dot-lost" => return at(Stage::Dot, vec![Act::Drop]),
        _ => {}
    }
    if let Some(count) = word.strip_prefix("greylist-") {
        let acts = vec![Act::reply("450 4.7.1 greylisted, try again later")];
        return Some(Fault { stage: Stage::Rcpt, acts, times: Some(count.parse().ok()?) });
    }
    if let Some(time) = word.strip_prefix("delay-") {
        return at(Stage::Dot, vec![Act::Wait(duration(time)?), Act::Usual]);
    }
    let (stage, reply) = match word.split_once('-') {
        Some(("rcpt", reply)) => (Stage::Rcpt, reply),
        Some(("data", reply)) => (Stage::Data, reply),
        Some(("dot", reply)) => (Stage::Dot, reply),
        _ => (Stage::Rcpt, word),
    };
    let mut acts = vec![Act::reply(&reply_line(reply)?)];
    if reply.starts_with("421") {
        // RFC 5321 §3.8: a server that says 421 closes the channel.
        acts.push(Act::Close);
    }
    at(stage, acts)
}

/// `550-5.1.1-user-unknown` as `550 5.1.1 user unknown`.
fn reply_line(words: &str) -> Option<String> {
    let (code, rest) = words.split_once('-').unwrap_or((words, ""));
    let is_code = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
    if !is_code || !code.starts_with(['4', '5']) {
        return None;
    }
    let (enhanced, text) = rest.split_once('-').unwrap_or((rest, ""));
    let (enhanced, text) =
        if is_enhanced(enhanced) { (format!("{enhanced} "), text) } else { (String::new(), rest) };
    let text = match text {
        "" if code.starts_with('4') => "not now, as the address asks".to_owned(),
        "" => "refused, as the address asks".to_owned(),
        text => text.replace('-', " "),
    };
    Some(format!("{code} {enhanced}{text}"))
}

/// Class 4 or 5, subject, detail (RFC 3463 §2).
fn is_enhanced(text: &str) -> bool {
    let is_number = |part: &str| {
        (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let parts: Vec<_> = text.split('.').collect();
    matches!(parts[..], ["4" | "5", subject, detail] if is_number(subject) && is_number(detail))
}

fn duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u32 = digits.parse().ok()?;
    let unit = match &text[digits.len()..] {
        "ms" => Duration::from_millis(1),
        "s" => Duration::from_secs(1),
        "min" => Duration::from_mins(1),
        _ => return None,
    };
    Some(unit * number)
}

/// How often each address has had its fault.
#[derive(Default)]
pub(super) struct Turns(Mutex<HashMap<String, u32>>);

impl Turns {
    /// The fault that one of the recipients asks for at this step.
    pub(super) fn play(&self, step: &Step<'_>) -> Option<Play> {
        step.recipients.iter().find_map(|address| match Asked::by(address) {
            Asked::Fault(fault) if fault.stage == step.stage && self.has_turn(&fault, address) => {
                // In the middle of the body means that some of it has been read.
                Some(Play { acts: fault.acts.into(), after: 1 })
            }
            _ => None,
        })
    }

    fn has_turn(&self, fault: &Fault, address: &str) -> bool {
        let Some(times) = fault.times else { return true };
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let had = turns.entry(address.to_ascii_lowercase()).or_insert(0);
        *had += u32::from(*had <= times);
        *had <= times
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(local: &str) -> Option<String> {
        match Asked::by(&format!("{local}@fault.test")) {
            Asked::Fault(Fault { acts, .. }) => match acts.first() {
                Some(Act::Send(bytes)) => Some(String::from_utf8_lossy(bytes).into_owned()),
                _ => None,
            },
            _ => None,
        }
    }

    #[test]
    fn a_code_is_the_reply() {
        for (local, reply) in [
            ("450", "450 not now, as the address asks\r\n"),
            ("450-4.2.0", "450 4.2.0 not now, as the address asks\r\n"),
            ("550-5.1.1-user-unknown", "550 5.1.1 user unknown\r\n"),
            ("552-mailbox-full", "552 mailbox full\r\n"),
            ("DOT-550-5.7.1", "550 5.7.1 refused, as the address asks\r\n"),
            ("data-451-try-4.4.4-times+ann", "451 try 4.4.4 times\r\n"),
        ] {
            assert_eq!(line(local).as_deref(), Some(reply), "{local}");
        }
    }

    #[test]
    fn a_word_has_its_stage() {
        for (local, stage) in [
            ("450", Stage::Rcpt),
            ("rcpt-450", Stage::Rcpt),
            ("data-451", Stage::Data),
            ("dot-451", Stage::Dot),
            ("greylist-2", Stage::Rcpt),
            ("delay-5s", Stage::Dot),
            ("drop-at-rcpt", Stage::Rcpt),
            ("drop-at-data", Stage::Data),
            ("drop-before-dot", Stage::Body),
            ("drop-after-dot", Stage::Dot),
            ("once-drop-after-dot-lost", Stage::Dot),
        ] {
            match Asked::by(&format!("{local}@x.fault.test")) {
                Asked::Fault(fault) => assert_eq!(fault.stage, stage, "{local}"),
                other => panic!("{local}: {other:?}"),
            }
        }
    }

    #[test]
    fn words_that_mean_nothing_are_unknown() {
        for local in [
            "ann",
            "250",
            "45",
            "4500",
            "450x",
            "600",
            "mail-550",
            "delay",
            "delay-5",
            "delay-5h",
            "delay--5s",
            "greylist",
            "greylist-",
            "greylist-x",
            "drop",
            "once-",
            "once-once-450",
            "delay-5séc",
            "",
        ] {
            assert_eq!(Asked::by(&format!("{local}@fault.test")), Asked::Unknown, "{local}");
        }
    }

    #[test]
    fn every_word_of_the_table_is_understood() {
        let table = include_str!("mod.rs").lines().filter(|line| line.starts_with("//! | `"));
        let words: Vec<_> = table
            .filter_map(|row| row.split('|').nth(1))
            .flat_map(|cell| cell.split('`').skip(1).step_by(2))
            .collect();
        assert!(words.len() >= 15, "{words:?}");
        for word in words.into_iter().filter(|word| *word != "ok") {
            let asked = Asked::by(&format!("{word}@fault.test"));
            assert!(matches!(asked, Asked::Fault(_)), "{word}: {asked:?}");
        }
    }

    #[test]
    fn only_addresses_under_fault_test_ask_for_anything() {
        for address in
            ["450@example.org", "450@fault.test.example", "450@default.test", "ok@fault.test"]
        {
            assert_eq!(Asked::by(address), Asked::Nothing, "{address}");
        }
    }

    #[test]
    fn durations_have_three_units() {
        assert_eq!(duration("200ms"), Some(Duration::from_millis(200)));
        assert_eq!(duration("5s"), Some(Duration::from_secs(5)));
        assert_eq!(duration("11min"), Some(Duration::from_mins(11)));
    }
}

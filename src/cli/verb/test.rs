//! `announce test`: one real copy to yourself.

use std::collections::HashSet;

use super::super::{
    Exit, Fault, Global,
    audience::{Lists, Narrowing},
    ending::LOOK_AT_REHEARSAL,
    made_up::made_up,
    newsroom::Newsroom,
    output,
    proofs::press,
    relay::Relay,
    runtime::block_on,
    who::address,
};
use crate::{
    audience::Decision,
    campaign::{Addressee, Prepared, Press, Times, judge},
    clock::Clock as _,
    deliver::{Failure, Mark, MarkFailed, Outcome, Scope, Transport as _, redact},
    keys::{PersonKey, TestNonce},
    ledger::{Claimed, Delivery, Ledger as _},
};

/// Arguments of `announce test`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The draft: a path, or its name in drafts/
    #[arg(value_name = "DRAFT")]
    draft: String,

    /// Where the copy goes
    #[arg(long, value_name = "ADDRESS")]
    to: String,

    /// With the data of this person on the draft's lists; made-up data when left out
    #[arg(long = "for", value_name = "ADDRESS")]
    person: Option<String>,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { draft, to, person } = arguments;
    let to = address("--to", &to)?;
    let person = person.map(|person| address("--for", &person)).transpose()?;
    let newsroom = Newsroom::open(global)?;
    let templates = newsroom.templates()?;
    let draft = newsroom.draft(&draft, &templates)?;
    let keys = newsroom.keys(true)?;
    refuse_suppressed(&newsroom, keys.person(&to))?;
    let lists = Lists::open(&newsroom, &draft, &Narrowing::default(), &keys, HashSet::new())?;
    let Prepared { inputs, digest, .. } = newsroom.prepare(&draft, &templates, lists.files())?;
    let press = press(&draft.slug, &inputs, &keys)?;
    let addressee = match &person {
        None => made_up(&press, &to.envelope()),
        Some(person) => {
            let found = find(&press, &lists, keys.person(person), lists.walk(&keys, 0)?)?;
            found.readdressed(to.envelope())
        }
    };
    let now = newsroom.clock().now();
    let nonce = TestNonce::random()
        .map_err(|error| Fault::with_hint(Exit::TryAgain, error.to_string(), "try again"))?;
    let message = press.test_message(&nonce, &addressee, now).map_err(|error| {
        Fault::with_hint(Exit::Refused, error.to_string(), "name a person with `--for` who has it")
    })?;
    block_on(async {
        let ledger = newsroom.ledger()?;
        let relay = Relay::open(&newsroom).await?;
        let mut transport = relay.transport(newsroom.clock());
        let outcome = transport.send(&message.envelope, &message.bytes, Unmarked).await;
        transport.close().await;
        relay.close().await;
        let claimed = Claimed {
            delivery: Delivery(0),
            person: keys.person(&to),
            revision: 1,
            sealed: Vec::new(),
            attempts: 0,
            first_attempt_at: None,
        };
        let ended_at = newsroom.clock().now();
        let times = Times { started_at: now, ended_at, deadline: None };
        if let Some(mut attempt) = judge(&claimed, &outcome, times) {
            attempt.suppress = None;
            let digest = digest.to_string();
            ledger.record_test(claimed.person, attempt, &draft.slug, &digest).await?;
        }
        told(&newsroom, &draft.slug, outcome)
    })
}

/// Who is never mailed gets no test either.
fn refuse_suppressed(newsroom: &Newsroom, to: PersonKey) -> Result<(), Fault> {
    if !newsroom.suppressed()?.contains(&to) {
        return Ok(());
    }
    let message = format!("`--to` is somebody who is never mailed: {}", to.short());
    let hint = format!("`announce suppress remove {}` takes them off the list", to.short());
    Err(Fault::with_hint(Exit::Refused, message, hint))
}

fn told(newsroom: &Newsroom, slug: &str, outcome: Outcome) -> Result<Exit, Fault> {
    match outcome {
        Outcome::Accepted(reply) => {
            output::say(format!("accepted: {} {}", reply.code, redact(&reply.text)));
            if newsroom.rehearses() {
                output::say("nothing left this machine: the mail is in .announce/sandbox/");
            }
            output::say(match newsroom.rehearses() {
                true => format!("next: {LOOK_AT_REHEARSAL}"),
                false => format!("next: announce send {slug} --dry-run"),
            });
            Ok(Exit::Done)
        }
        Outcome::Deferred(failure) | Outcome::Uncertain(failure) => {
            let exit = exit_of(&failure, Exit::TryAgain);
            Err(Fault::with_hint(exit, failure.to_string(), "try again in a few minutes"))
        }
        Outcome::Rejected(failure) => {
            let exit = exit_of(&failure, Exit::Incomplete);
            Err(Fault::with_hint(exit, failure.to_string(), "is the address right?"))
        }
        Outcome::NotTried(failure) => {
            let exit = exit_of(&failure, Exit::TryAgain);
            let hint = "look at `[smtp]` in `announce.toml`";
            Err(Fault::with_hint(exit, failure.to_string(), hint))
        }
    }
}

/// Settings and credentials are told apart from everything else.
fn exit_of(failure: &Failure, otherwise: Exit) -> Exit {
    if failure.scope == Scope::Setup { Exit::Configuration } else { otherwise }
}

/// The person's own data; the copy still goes to the tester.
fn find(
    press: &Press,
    lists: &Lists,
    wanted: PersonKey,
    mut audience: impl Iterator<Item = Result<Decision, crate::diagnostic::Diagnostic>>,
) -> Result<Addressee, Fault> {
    let found = audience.find_map(|decision| match decision {
        Err(fault) => Some(Err(Fault::refused(vec![fault]))),
        Ok(Decision::Candidate { person, subscriber }) if person == wanted => {
            Some(Ok(Addressee::of(press, &lists.named(), subscriber)))
        }
        Ok(_) => None,
    });
    found.unwrap_or_else(|| {
        let hint = "the person must be on one of the draft's lists and pass its `where`";
        Err(Fault::with_hint(Exit::Usage, "nobody with that address would get this draft", hint))
    })
}

/// A test is no delivery: there is no row to mark.
struct Unmarked;

impl Mark for Unmarked {
    async fn commit(self) -> Result<(), MarkFailed> {
        Ok(())
    }
}

//! `announce resolve`: what a person decides about deliveries whose fate nobody can know.

use serde_json::json;

use super::super::{
    Exit, Fault, Global,
    doubt::{Doubt, List, doubts},
    newsroom::Newsroom,
    output, receipt,
    runtime::block_on,
    terminal::{self, Presence, Question},
    who::Who,
};
use crate::{
    clock::Clock as _,
    diagnostic::{self, count},
    keys::{Keys, PersonKey},
    ledger::{CampaignRecord, Ledger as _, Settlement, SqliteLedger},
};

/// Arguments of `announce resolve`.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The campaign
    #[arg(value_name = "ID")]
    campaign: String,

    /// Show who is uncertain and what to look for in the relay's log; what happens without a flag
    #[arg(long, group = "settlement")]
    list: bool,

    /// They count as accepted for good, though no server has said so; the log says that it was
    /// decided by hand
    #[arg(long, group = "settlement")]
    assume_sent: bool,

    /// Plan the same message for them again, which `resume` sends; who has it gets it twice
    #[arg(long, group = "settlement")]
    resend: bool,

    /// Only this person, by address or by the key that the list shows (can be given again)
    #[arg(long, value_name = "PERSON")]
    to: Vec<String>,

    /// Show addresses in the list
    #[arg(long, conflicts_with_all = ["assume_sent", "resend"])]
    addresses: bool,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,

    /// One JSON document on stdout
    #[arg(long)]
    json: bool,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { campaign: id, list: _, assume_sent, resend, to, addresses, yes, json } =
        arguments;
    let settlement = match (assume_sent, resend) {
        (true, _) => Some(Settlement::AssumeSent),
        (_, true) => Some(Settlement::Resend),
        _ => None,
    };
    let presence = if yes { None } else { Some(global.presence()) };
    let named = to.iter().map(|to| Who::parse("--to", to)).collect::<Result<Vec<_>, _>>()?;
    let newsroom = Newsroom::open(global)?;
    block_on(async {
        let ledger = newsroom.existing_ledger()?;
        let Some(record) = ledger.campaign(&id).await? else {
            return Err(newsroom.unknown_campaign(&ledger, &id).await);
        };
        let keys = newsroom.existing_keys()?;
        let desk = Desk { newsroom: &newsroom, ledger: &ledger, record: &record, keys: &keys };
        match settlement {
            None => desk.list(&named, addresses, json).await,
            Some(settlement) => desk.settle(settlement, &named, presence, json).await,
        }
    })
}

struct Desk<'a> {
    newsroom: &'a Newsroom,
    ledger: &'a SqliteLedger,
    record: &'a CampaignRecord,
    keys: &'a Keys,
}

impl Desk<'_> {
    async fn list(&self, named: &[Who], addresses: bool, json: bool) -> Result<Exit, Fault> {
        let id = &self.record.id;
        // What a crash has left becomes uncertain now; while a run is at work that is its business.
        let lock = self.newsroom.lock_if_free(&format!("resolve {id}"))?;
        if lock.is_some() {
            self.ledger.recover(self.newsroom.clock().now()).await?;
        }
        let doubts = self.doubts(named, addresses).await?;
        if json {
            let list = serde_json::to_string(&List::new(id, &doubts));
            output::result(list.unwrap_or_default());
            return Ok(Exit::Done);
        }
        if lock.is_none() {
            output::say("a run is at work: there may be more when it has ended");
        }
        if doubts.is_empty() {
            return Ok(self.nobody());
        }
        let deliveries = count(doubts.len() as u64, "uncertain delivery");
        output::result(format!("{id}: {deliveries}"));
        for doubt in &doubts {
            output::result(doubt.text(self.newsroom));
        }
        // A text that no longer holds is not sent again.
        let is_outdated = self.record.called_off || doubts.iter().any(|doubt| doubt.is_outdated);
        if is_outdated {
            output::say(format!(
                "what they may have has changed since, and they are told of that: only\n\
                 next: announce resolve {id} --assume-sent   counts it as accepted"
            ));
            return Ok(Exit::Done);
        }
        output::say(format!(
            "the relay's log knows the Message-ID if the message arrived there; then\n\
             next: announce resolve {id} --assume-sent   counts it as accepted\n\
             or:   announce resolve {id} --resend        plans the same message again\n\
             both for all of them, or with `--to PERSON` for one"
        ));
        Ok(Exit::Done)
    }

    async fn settle(
        &self,
        settlement: Settlement,
        named: &[Who],
        presence: Option<Presence>,
        json: bool,
    ) -> Result<Exit, Fault> {
        let id = &self.record.id;
        let now = self.newsroom.clock().now();
        let _lock = self.newsroom.lock(&format!("resolve {id}"))?;
        self.newsroom.begin_run(self.ledger, self.keys).await?;
        self.ledger.recover(now).await?;
        let doubts = self.doubts(named, false).await?;
        let people: Vec<PersonKey> = doubts.iter().map(|doubt| doubt.person).collect();
        if let Some(presence) = presence.filter(|_| !people.is_empty()) {
            confirm(presence, settlement, people.len() as u64, id)?;
        }
        let settled = self.ledger.settle(id, Some(people), settlement, now).await?;
        let books = self.ledger.books(id).await?;
        receipt::write(self.newsroom, self.record, &books, self.ledger)?;
        if json {
            let settled_as = match settlement {
                Settlement::AssumeSent => "assumed",
                Settlement::Resend => "resend",
            };
            output::result(json!({
                "schema": 1, "campaign": id, "settled": settled, "as": settled_as,
                "uncertain": books.uncertain,
            }));
        } else if settled == 0 {
            return Ok(self.nobody());
        }
        let deliveries = count(settled, "delivery");
        let (done, next) = match settlement {
            Settlement::AssumeSent if settled == 1 => ("counts as accepted now", "status"),
            Settlement::AssumeSent => ("count as accepted now", "status"),
            Settlement::Resend if settled == 1 => ("is planned again", "resume"),
            Settlement::Resend => ("are planned again", "resume"),
        };
        if !json {
            output::result(format!("{id}: {deliveries} {done}"));
        }
        if settlement == Settlement::Resend {
            output::say("nothing has been sent yet");
        }
        output::say(format!("next: announce {next} {id}"));
        Ok(Exit::Done)
    }

    /// The uncertain deliveries that were asked for.
    async fn doubts(&self, named: &[Who], addresses: bool) -> Result<Vec<Doubt>, Fault> {
        let mut doubts = doubts(self.ledger, self.record, self.keys, addresses).await?;
        if named.is_empty() {
            return Ok(doubts);
        }
        let id = &self.record.id;
        let mut meant = Vec::new();
        for who in named {
            let found = who.among(self.keys, doubts.iter().map(|doubt| &doubt.person))?;
            meant.push(found.ok_or_else(|| {
                let message = format!("`{}` is not uncertain in `{id}`", who.shown(self.keys));
                let hint = format!("`announce resolve {id}` lists who is");
                Fault::with_hint(Exit::Usage, message, hint)
            })?);
        }
        doubts.retain(|doubt| meant.contains(&doubt.person));
        Ok(doubts)
    }

    fn nobody(&self) -> Exit {
        let id = &self.record.id;
        output::say(format!("no delivery of `{id}` is uncertain\nnext: announce status {id}"));
        Exit::Done
    }
}

/// Neither can be taken back.
fn confirm(presence: Presence, settlement: Settlement, people: u64, id: &str) -> Result<(), Fault> {
    let who = diagnostic::people(people);
    let (about, deed, again) = match settlement {
        Settlement::AssumeSent => (
            format!(
                "{who} will count as accepted, and this cannot be undone: whoever has not got the \
                 message never gets it"
            ),
            "count as accepted",
            "",
        ),
        Settlement::Resend => (
            format!(
                "the same message goes again to {who}, with the same Message-ID; whoever has it \
                 already may see it twice"
            ),
            "send it to",
            " again",
        ),
    };
    let look = format!("announce resolve {id}");
    let question = Question { about: &about, people, again, look: &look };
    terminal::confirm_to(presence, &question, deed)
}

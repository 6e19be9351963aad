//! Takes an approval back.

use super::{
    super::super::{Exit, Fault, newsroom::Newsroom, output, runtime::block_on},
    record,
};
use crate::{
    clock::Clock as _,
    ledger::{Approval, Ledger as _},
};

/// Anybody may: a draft that stays here harms nobody. The draft itself need not be fit to be read.
pub(super) fn withdraw(
    newsroom: &Newsroom,
    draft: &str,
    by: String,
    note: Option<String>,
) -> Result<Exit, Fault> {
    let by = newsroom.settings().approval.spelling(&by).map_or(by.clone(), str::to_owned);
    let (draft, _) = newsroom.draft_file(draft)?;
    let newest = block_on(async {
        Ok(match newsroom.suppression_ledger()? {
            Some(ledger) => ledger.approval(&draft).await?,
            None => None,
        })
    })?;
    let next = format!("next: announce approve {draft} --by NAME");
    match newest {
        None => output::say(format!("nobody has approved `{draft}`: nothing to take back")),
        Some(word) if word.grant.is_none() => {
            let when = newsroom.when(word.at);
            output::say(format!("{} took the approval of `{draft}` back {when}", word.by));
        }
        Some(word) => {
            let approved = format!("{} had approved it {}", word.by, newsroom.when(word.at));
            let word = Approval { draft, by, note, at: newsroom.clock().now(), grant: None };
            record(newsroom, &word)?;
            output::result(format!("{}: approval taken back by {}", word.draft, word.by));
            output::say(approved);
            output::say(match newsroom.settings().approval.required {
                true => "it stays here until somebody approves it again",
                false => "`announce.toml` asks for no approval: it can be sent all the same",
            });
        }
    }
    output::say(next);
    Ok(Exit::Done)
}

//! `announce suppress remove`.

use super::{
    super::super::{Exit, Fault, newsroom::Newsroom, output, runtime::block_on, who::Who},
    Given, given, tell_rehearser,
};
use crate::{diagnostic::people, ledger::Ledger as _};

pub(super) fn run(newsroom: &Newsroom, arguments: Vec<String>) -> Result<Exit, Fault> {
    let named = given(arguments)?
        .into_iter()
        .map(|Given { place, text }| Who::parse(&place, &text))
        .collect::<Result<Vec<_>, _>>()?;
    block_on(async {
        let Some(ledger) = newsroom.suppression_ledger()? else {
            output::say("nobody is suppressed");
            return Ok(Exit::Done);
        };
        let keys = newsroom.existing_keys()?;
        newsroom.check_books(&ledger, &keys).await?;
        let listed = ledger.suppressed().await?;
        let mut meant = Vec::new();
        for who in &named {
            meant.push((who.shown(&keys), who.among(&keys, &listed)?));
        }
        let mut removed = 0;
        for (shown, person) in meant {
            let is_off = match person {
                Some(person) => ledger.unsuppress(person).await?,
                None => false,
            };
            removed += u64::from(is_off);
            let told = if is_off { "may be mailed again" } else { "is not on the list" };
            output::result(format!("{shown:.8}  {told}"));
        }
        if removed > 0 {
            output::say(format!(
                "{} removed: campaigns to come mail them; those that left them out do not",
                people(removed)
            ));
            tell_rehearser(newsroom);
        }
        output::say("next: announce suppress list");
        Ok(Exit::Done)
    })
}

//! Whether a campaign has something to do now.

use super::super::{Fault, newsroom::Newsroom, rate};
use crate::{
    campaign::End,
    clock::Clock as _,
    deliver::pace::cap_wait,
    ledger::{Ledger as _, SqliteLedger},
};

/// Why nothing can be done with a campaign now, asking no server; `None` when something can.
pub(super) async fn rest(
    newsroom: &Newsroom,
    ledger: &SqliteLedger,
    id: &str,
) -> Result<Option<End>, Fault> {
    let now = newsroom.clock().now();
    let books = ledger.books(id).await?.left_alone();
    if books.open() == 0 || ledger.stop_requested(id).await? {
        // It is to be finished, or paused.
        return Ok(None);
    }
    if books.pending == 0
        && let Some(until) = ledger.next_due(id).await?
        && until > now
    {
        return Ok(Some(End::Deferred { until }));
    }
    let counted = rate::counted(newsroom, ledger).await?;
    let wait = cap_wait(&newsroom.settings().pace.limits, &counted, now);
    Ok(wait.map(|wait| End::Capped { until: now + wait }))
}

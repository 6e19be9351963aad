//! What changes about a campaign, and about the ledger as a whole.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{code::state_code, query};
use crate::{
    keys::PersonKey,
    ledger::{CampaignState, Error},
};

pub(super) fn set_state(
    connection: &Connection,
    id: &str,
    state: &CampaignState,
    now: Timestamp,
) -> Result<(), Error> {
    let campaign = query::campaign_row(connection, id)?;
    if *state == CampaignState::Finished {
        let open = query::books(connection, id)?.open();
        if open > 0 {
            return Err(Error::Unfinished { id: id.to_owned(), open });
        }
    }
    let (code, reason) = state_code(state);
    // Not at the start of a run: somebody may have asked it to stop just before.
    let answered = *state != CampaignState::Running;
    connection.execute(
        "UPDATE campaigns SET state = ?2, reason = ?3, changed_at = ?4,
                              stop_requested = stop_requested AND NOT ?5
         WHERE id = ?1",
        params![campaign, code, reason, now.as_microsecond(), answered],
    )?;
    Ok(())
}

pub(super) fn request_stop(connection: &Connection, id: &str) -> Result<(), Error> {
    let campaign = query::campaign_row(connection, id)?;
    connection.execute("UPDATE campaigns SET stop_requested = 1 WHERE id = ?1", [campaign])?;
    Ok(())
}

/// Says whether there was anything to lift.
pub(super) fn unsuppress(connection: &Connection, person: PersonKey) -> Result<bool, Error> {
    let lifted =
        connection.execute("DELETE FROM suppressions WHERE person = ?1", [person.as_bytes()])?;
    Ok(lifted > 0)
}

pub(super) fn ledger_id(connection: &Connection) -> Result<String, Error> {
    Ok(connection.query_row("SELECT ledger_id FROM meta", [], |row| row.get(0))?)
}

/// The first mark stays.
pub(super) fn claim_key_mark(connection: &Connection, mark: &str) -> Result<(), Error> {
    connection.execute("UPDATE meta SET key_mark = ?1 WHERE key_mark IS NULL", [mark])?;
    let kept: String = connection.query_row("SELECT key_mark FROM meta", [], |row| row.get(0))?;
    if kept == mark { Ok(()) } else { Err(Error::OtherSecret) }
}

/// Runs begun on this ledger.
pub(super) fn generation(connection: &Connection) -> Result<u32, Error> {
    Ok(connection.query_row("SELECT generation FROM meta", [], |row| row.get(0))?)
}

/// Counts another run, unless `seen` says that this file is older than what was used last.
pub(super) fn raise(connection: &Connection, seen: u32) -> Result<u32, Error> {
    let generation = generation(connection)?;
    if generation < seen {
        return Err(Error::Restored);
    }
    connection.execute("UPDATE meta SET generation = generation + 1", [])?;
    Ok(generation + 1)
}

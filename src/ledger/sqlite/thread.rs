//! Campaigns that belong together.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::{code, query};
use crate::{
    keys::PersonKey,
    ledger::{CampaignRecord, Error},
};

/// Whoever is marked may have it.
pub(super) const RECEIVED: &str = "
    SELECT person, revision FROM standings
    WHERE campaign = ?1 AND (status IN (?2, ?3) OR began IS NOT NULL)";

pub(super) fn received(
    connection: &Connection,
    id: &str,
) -> Result<HashMap<PersonKey, u32>, Error> {
    let campaign = query::campaign_row(connection, id)?;
    let mut statement = connection.prepare(RECEIVED)?;
    let mut rows = statement.query(params![campaign, code::ACCEPTED, code::UNCERTAIN])?;
    let mut people = HashMap::new();
    while let Some(row) = rows.next()? {
        people.insert(PersonKey::from_bytes(row.get(0)?), row.get(1)?);
    }
    Ok(people)
}

const THREAD: &str = "
    WITH RECURSIVE above(id, follows) AS (
        SELECT id, follows FROM campaigns WHERE name = ?1
        UNION SELECT c.id, c.follows FROM campaigns c JOIN above ON c.id = above.follows
    ), thread(id) AS (
        SELECT id FROM above WHERE follows IS NULL
        UNION SELECT c.id FROM campaigns c JOIN thread ON c.follows = thread.id
    )
    SELECT name FROM campaigns WHERE id IN (SELECT id FROM thread) ORDER BY id";

pub(super) fn thread(connection: &Connection, id: &str) -> Result<Vec<CampaignRecord>, Error> {
    let mut statement = connection.prepare(THREAD)?;
    let names = statement.query_map([id], |row| row.get(0))?;
    let names: Vec<String> = names.collect::<Result<_, _>>()?;
    let campaigns = names.iter().map(|name| query::campaign(connection, name));
    campaigns.filter_map(Result::transpose).collect()
}

pub(super) fn exhibit(connection: &Connection, id: &str, revision: u32) -> Result<Vec<u8>, Error> {
    connection
        .query_row(
            "SELECT exhibit FROM revisions
             WHERE campaign = (SELECT id FROM campaigns WHERE name = ?1) AND revision = ?2",
            params![id, revision],
            |row| row.get(0),
        )
        .optional()?
        .ok_or_else(|| Error::UnknownCampaign(id.to_owned()))
}

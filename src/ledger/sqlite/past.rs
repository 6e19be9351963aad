//! What is remembered for the checks of later announcements.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    code::{natural, timestamp},
    query,
};
use crate::{
    campaign::status::Status,
    ledger::{Attempt, Error, Frozen, PassedOver, Past, Tested},
};

/// Notes the lists that a campaign is frozen for, and what was passed over.
pub(super) fn note(connection: &Connection, campaign: i64, frozen: &Frozen) -> Result<(), Error> {
    let mut list =
        connection.prepare("INSERT OR IGNORE INTO lists (campaign, name) VALUES (?1, ?2)")?;
    for name in &frozen.lists {
        list.execute(params![campaign, name])?;
    }
    let mut passed_over = connection
        .prepare("INSERT OR IGNORE INTO passed_over (campaign, at, rule) VALUES (?1, ?2, ?3)")?;
    for rule in &frozen.passed_over {
        passed_over.execute(params![campaign, frozen.at.as_microsecond(), rule])?;
    }
    Ok(())
}

pub(super) fn passed_over(connection: &Connection, id: &str) -> Result<Vec<PassedOver>, Error> {
    let campaign = query::campaign_row(connection, id)?;
    let mut statement = connection
        .prepare("SELECT rule, at FROM passed_over WHERE campaign = ?1 ORDER BY at, rule")?;
    let mut rows = statement.query([campaign])?;
    let mut passed_over = Vec::new();
    while let Some(row) = rows.next()? {
        passed_over.push(PassedOver { rule: row.get(0)?, at: timestamp(row.get(1)?)? });
    }
    Ok(passed_over)
}

/// The numbers are those of the tallies: planned, deferred, accepted, rejected, uncertain. Whoever
/// is marked counts as planned there, and may have it.
pub(super) const PAST: &str = "
    SELECT c.id, c.name, r.digest, r.subject, c.narrowed, c.frozen_at,
           (SELECT coalesce(sum(n), 0) FROM tally
            WHERE campaign = c.id AND status IN (0, 3, 4, 5, 6)),
           EXISTS (SELECT 1 FROM tally
                   WHERE campaign = c.id AND status IN (3, 4, 5, 6) AND n > 0)
           OR EXISTS (SELECT 1 FROM held h CROSS JOIN deliveries d ON d.id = h.delivery
                      WHERE d.campaign = c.id AND h.began IS NOT NULL)
    FROM campaigns c JOIN revisions r ON r.campaign = c.id AND r.revision = c.revision
    ORDER BY c.id";

pub(super) fn past(connection: &Connection) -> Result<Vec<Past>, Error> {
    let mut lists = lists(connection)?;
    let mut statement = connection.prepare(PAST)?;
    let mut rows = statement.query([])?;
    let mut campaigns = Vec::new();
    while let Some(row) = rows.next()? {
        campaigns.push(Past {
            lists: lists.remove(&row.get(0)?).unwrap_or_default(),
            id: row.get(1)?,
            digest: row.get(2)?,
            subject: row.get(3)?,
            narrowed: row.get(4)?,
            frozen_at: timestamp(row.get(5)?)?,
            planned: natural(row.get(6)?)?,
            begun: row.get(7)?,
        });
    }
    Ok(campaigns)
}

/// The names of each campaign's lists, sorted.
fn lists(connection: &Connection) -> Result<HashMap<i64, Vec<String>>, Error> {
    let mut lists: HashMap<i64, Vec<String>> = HashMap::new();
    let mut statement = connection.prepare("SELECT campaign, name FROM lists ORDER BY 1, 2")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        lists.entry(row.get(0)?).or_default().push(row.get(1)?);
    }
    Ok(lists)
}

/// Notes what a test mail that has just been recorded showed; one that did not arrive showed
/// nothing.
pub(super) fn note_test(
    connection: &Connection,
    attempt: &Attempt,
    campaign: &str,
    digest: &str,
) -> Result<(), Error> {
    if attempt.status == Status::Accepted {
        connection.execute(
            "INSERT INTO tests (attempt, campaign, digest) VALUES (?1, ?2, ?3)",
            params![connection.last_insert_rowid(), campaign, digest],
        )?;
    }
    Ok(())
}

pub(super) fn last_test(connection: &Connection, campaign: &str) -> Result<Option<Tested>, Error> {
    let found: Option<(String, i64)> = connection
        .query_row(
            "SELECT t.digest, a.ended_at FROM tests t JOIN attempts a ON a.id = t.attempt
             WHERE t.campaign = ?1 ORDER BY t.attempt DESC LIMIT 1",
            [campaign],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    found.map(|(digest, at)| Ok(Tested { digest, at: timestamp(at)? })).transpose()
}

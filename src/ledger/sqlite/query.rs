//! What the ledger answers. Nothing here changes anything.

use std::{collections::HashSet, time::Duration};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::code::{self, natural, timestamp};
use crate::{
    audience::SkipReason,
    campaign::status::Status,
    keys::PersonKey,
    ledger::{
        AttemptStatus, Books, CampaignRecord, Error, Follows, LogEntry, LogFilter, Standing,
        Suppression,
    },
};

/// The database's own number of a campaign.
pub(super) fn campaign_row(connection: &Connection, id: &str) -> Result<i64, Error> {
    connection
        .prepare_cached("SELECT id FROM campaigns WHERE name = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?
        .ok_or_else(|| Error::UnknownCampaign(id.to_owned()))
}

/// The revision in force.
pub(super) fn revision(connection: &Connection, campaign: i64) -> Result<u32, Error> {
    Ok(connection
        .prepare_cached("SELECT revision FROM campaigns WHERE id = ?1")?
        .query_row([campaign], |row| row.get(0))?)
}

const CAMPAIGN: &str = "
    SELECT c.name, c.revision, r.digest, c.state, c.reason, c.frozen_at, c.changed_at, r.sequence,
           f.name, c.relation, c.called_off
    FROM campaigns c JOIN revisions r ON r.campaign = c.id AND r.revision = c.revision
    LEFT JOIN campaigns f ON f.id = c.follows";

pub(super) fn campaign(connection: &Connection, id: &str) -> Result<Option<CampaignRecord>, Error> {
    let mut statement = connection.prepare_cached(&format!("{CAMPAIGN} WHERE c.name = ?1"))?;
    let mut rows = statement.query([id])?;
    rows.next()?.map(campaign_record).transpose()
}

pub(super) fn campaigns(connection: &Connection) -> Result<Vec<CampaignRecord>, Error> {
    let mut statement = connection.prepare(&format!("{CAMPAIGN} ORDER BY c.id"))?;
    let mut rows = statement.query([])?;
    let mut campaigns = Vec::new();
    while let Some(row) = rows.next()? {
        campaigns.push(campaign_record(row)?);
    }
    Ok(campaigns)
}

fn campaign_record(row: &Row<'_>) -> Result<CampaignRecord, Error> {
    Ok(CampaignRecord {
        id: row.get(0)?,
        revision: row.get(1)?,
        digest: row.get(2)?,
        state: code::state(row.get(3)?, row.get(4)?)?,
        frozen_at: timestamp(row.get(5)?)?,
        changed_at: timestamp(row.get(6)?)?,
        sequence: row.get(7)?,
        follows: match (row.get(8)?, row.get(9)?) {
            (Some(campaign), Some(code)) => {
                Some(Follows { campaign, relation: code::relation(code)? })
            }
            _ => None,
        },
        called_off: row.get(10)?,
    })
}

pub(super) fn inputs(connection: &Connection, id: &str, revision: u32) -> Result<Vec<u8>, Error> {
    connection
        .query_row(
            "SELECT inputs FROM revisions
             WHERE campaign = (SELECT id FROM campaigns WHERE name = ?1) AND revision = ?2",
            params![id, revision],
            |row| row.get(0),
        )
        .optional()?
        .ok_or_else(|| Error::UnknownCampaign(id.to_owned()))
}

pub(super) fn stop_requested(connection: &Connection, id: &str) -> Result<bool, Error> {
    connection
        .prepare_cached("SELECT stop_requested FROM campaigns WHERE name = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?
        .ok_or_else(|| Error::UnknownCampaign(id.to_owned()))
}

/// Everybody a campaign was frozen for, whatever became of it.
pub(super) fn people(connection: &Connection, id: &str) -> Result<HashSet<PersonKey>, Error> {
    everyone_of(connection, campaign_row(connection, id)?)
}

/// Read from an index alone, and into a set of the right size: growing would take twice its room.
fn everyone_of(connection: &Connection, campaign: i64) -> Result<HashSet<PersonKey>, Error> {
    let many: i64 = connection.query_row(
        "SELECT coalesce(sum(n), 0) FROM tally WHERE campaign = ?1",
        [campaign],
        |row| row.get(0),
    )?;
    let mut people = HashSet::with_capacity(natural(many)?);
    let sql = "SELECT person FROM deliveries WHERE campaign = ?1";
    each_key(connection, sql, [campaign], |person| {
        people.insert(person);
    })?;
    Ok(people)
}

/// Nobody, when there is no such campaign: it has not been sent yet.
pub(super) fn attempted(connection: &Connection, id: &str) -> Result<HashSet<PersonKey>, Error> {
    let campaign = match campaign_row(connection, id) {
        Err(Error::UnknownCampaign(_)) => return Ok(HashSet::new()),
        found => found?,
    };
    // The open ones stand in the order of the file: looking at all the others would not.
    let mut people = everyone_of(connection, campaign)?;
    each_key(connection, UNTRIED, params![campaign, code::PLANNED, code::DEFERRED], |person| {
        people.remove(&person);
    })?;
    Ok(people)
}

pub(super) const UNTRIED: &str = "SELECT person FROM standings
    WHERE campaign = ?1 AND status IN (?2, ?3) AND status <= 3 AND began IS NULL";

pub(super) fn suppressed(connection: &Connection) -> Result<HashSet<PersonKey>, Error> {
    let mut people = HashSet::new();
    each_key(connection, "SELECT person FROM suppressions", [], |person| {
        people.insert(person);
    })?;
    Ok(people)
}

pub(super) fn is_suppressed(connection: &Connection, person: PersonKey) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM suppressions WHERE person = ?1")?
        .query_row([person.as_bytes()], |_| Ok(()))
        .optional()?
        .is_some())
}

fn each_key(
    connection: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
    mut each: impl FnMut(PersonKey),
) -> Result<(), Error> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(params)?;
    while let Some(row) = rows.next()? {
        each(PersonKey::from_bytes(row.get(0)?));
    }
    Ok(())
}

pub(super) fn suppressions(connection: &Connection) -> Result<Vec<Suppression>, Error> {
    let mut statement =
        connection.prepare("SELECT person, reason, at FROM suppressions ORDER BY at, person")?;
    let mut rows = statement.query([])?;
    let mut suppressions = Vec::new();
    while let Some(row) = rows.next()? {
        suppressions.push(Suppression {
            person: PersonKey::from_bytes(row.get(0)?),
            reason: code::suppression(row.get(1)?)?,
            at: timestamp(row.get(2)?)?,
        });
    }
    Ok(suppressions)
}

/// From the tallies and the few that are held, so that a million deliveries cost no more than a
/// dozen.
pub(super) fn books(connection: &Connection, id: &str) -> Result<Books, Error> {
    let (campaign, rows): (i64, i64) = connection
        .prepare_cached("SELECT id, rows FROM campaigns WHERE name = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .ok_or_else(|| Error::UnknownCampaign(id.to_owned()))?;
    let mut books = Books { rows: natural(rows)?, ..Books::default() };
    for (reason, n) in
        pairs(connection, "SELECT reason, n FROM skipped WHERE campaign = ?1", campaign)?
    {
        skip(&mut books, code::skip_reason(reason)?, natural(n)?);
    }
    for (status, n) in
        pairs(connection, "SELECT status, n FROM tally WHERE campaign = ?1", campaign)?
    {
        let n: u64 = natural(n)?;
        match code::status(status, 0)? {
            // Nobody is counted as held.
            Status::Planned | Status::Claimed | Status::Committing => books.pending += n,
            Status::Deferred { .. } => books.deferred += n,
            Status::Accepted => books.accepted += n,
            Status::Rejected => books.rejected += n,
            Status::Uncertain => books.uncertain += n,
            Status::Skipped(reason) => skip(&mut books, reason, n),
        }
    }
    let (retried, committing) = connection
        .prepare_cached(IN_HAND)?
        .query_row(params![campaign, code::DEFERRED], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let retried: u64 = natural(retried)?;
    books.committing = natural(committing)?;
    books.pending += retried;
    books.deferred -= retried.min(books.deferred);
    Ok(books)
}

/// How many of those that a run holds were deferred before, and how many are marked. `CROSS` has
/// the database begin with the few.
pub(super) const IN_HAND: &str = "SELECT count(*) FILTER (WHERE d.status = ?2), count(h.began)
    FROM held h CROSS JOIN deliveries d ON d.id = h.delivery WHERE d.campaign = ?1";

fn skip(books: &mut Books, reason: SkipReason, n: u64) {
    if n > 0 {
        *books.skipped.entry(reason).or_default() += n;
    }
}

fn pairs(connection: &Connection, sql: &str, campaign: i64) -> Result<Vec<(i64, i64)>, Error> {
    let mut statement = connection.prepare_cached(sql)?;
    let pairs = statement.query_map([campaign], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(pairs.collect::<Result<_, _>>()?)
}

pub(super) const NEXT_DUE: &str =
    "SELECT due_at FROM standings WHERE campaign = ?1 AND status = ?2 AND status <= 3
     AND run IS NULL ORDER BY due_at LIMIT 1";

pub(super) fn next_due(connection: &Connection, id: &str) -> Result<Option<Timestamp>, Error> {
    let campaign = campaign_row(connection, id)?;
    connection
        .prepare_cached(NEXT_DUE)?
        .query_row(params![campaign, code::DEFERRED], |row| row.get(0))
        .optional()?
        .map(timestamp)
        .transpose()
}

pub(super) const COUNTED: &str = "SELECT ended_at FROM attempts
    WHERE (status = 4 OR status = 6 OR status = 7) AND ended_at > ?1 ORDER BY ended_at";

/// A time after `now` counts too: the clock was set back, the mail was sent all the same.
pub(super) fn sent_within(
    connection: &Connection,
    window: Duration,
    now: Timestamp,
) -> Result<Vec<Timestamp>, Error> {
    let window = i64::try_from(window.as_micros()).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(COUNTED)?;
    let since = now.as_microsecond().saturating_sub(window);
    let mut rows = statement.query([since])?;
    let mut times = Vec::new();
    while let Some(row) = rows.next()? {
        times.push(timestamp(row.get(0)?)?);
    }
    Ok(times)
}

/// Streams, as [`log`] does.
pub(super) fn deliveries(
    connection: &Connection,
    id: &str,
    mut each: impl FnMut(Standing) -> bool,
) -> Result<(), Error> {
    let campaign = campaign_row(connection, id)?;
    let mut statement = connection.prepare_cached(
        "SELECT d.person, d.run, d.began, d.status, d.due_at, d.attempts, d.first_attempt_at,
                s.sealed, d.revision
         FROM standings d LEFT JOIN seals s ON s.delivery = d.id
         WHERE d.campaign = ?1 ORDER BY d.id",
    )?;
    let mut rows = statement.query([campaign])?;
    while let Some(row) = rows.next()? {
        let standing = Standing {
            person: PersonKey::from_bytes(row.get(0)?),
            revision: row.get(8)?,
            status: code::standing((row.get(1)?, row.get(2)?), (row.get(3)?, row.get(4)?))?,
            attempts: row.get(5)?,
            first_attempt_at: row.get::<_, Option<i64>>(6)?.map(timestamp).transpose()?,
            sealed: row.get(7)?,
        };
        if !each(standing) {
            break;
        }
    }
    Ok(())
}

/// In the order the tries ended. Streams: `each` sees a row before the next is read.
pub(super) fn log(
    connection: &Connection,
    filter: &LogFilter,
    mut each: impl FnMut(LogEntry) -> bool,
) -> Result<(), Error> {
    let campaign = filter.campaign.as_deref().map(|id| campaign_row(connection, id)).transpose()?;
    let mut statement = connection.prepare_cached(
        "SELECT a.ended_at, coalesce(c.name, ''), coalesce(d.person, a.person), a.number,
                a.status, a.stage, a.code, a.enhanced, a.reply, a.queue_id
         FROM attempts a
         LEFT JOIN deliveries d ON d.id = a.delivery
         LEFT JOIN campaigns c ON c.id = d.campaign
         WHERE (?1 IS NULL OR d.campaign = ?1)
           AND (?2 IS NULL OR a.person = ?2 OR a.delivery IN (
                SELECT id FROM deliveries
                WHERE campaign IN (SELECT id FROM campaigns) AND person = ?2))
         ORDER BY a.id",
    )?;
    let mut rows = statement.query(params![campaign, filter.person.map(|key| *key.as_bytes())])?;
    while let Some(row) = rows.next()? {
        if !each(log_entry(row)?) {
            break;
        }
    }
    Ok(())
}

fn log_entry(row: &Row<'_>) -> Result<LogEntry, Error> {
    let status: AttemptStatus = code::attempt(row.get(4)?)?;
    Ok(LogEntry {
        at: timestamp(row.get(0)?)?,
        campaign: row.get(1)?,
        person: PersonKey::from_bytes(row.get(2)?),
        attempt: row.get(3)?,
        status,
        stage: code::stage(row.get(5)?)?,
        code: row.get(6)?,
        enhanced: row.get(7)?,
        reply: row.get(8)?,
        queue_id: row.get(9)?,
    })
}

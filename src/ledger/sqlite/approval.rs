//! Approvals: added to, never changed.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::code::timestamp;
use crate::ledger::{Approval, Error, Grant};

pub(super) fn record(connection: &Connection, approval: &Approval) -> Result<(), Error> {
    let Approval { draft, by, note, at, grant } = approval;
    let grant = grant.as_ref();
    connection.execute(
        "INSERT INTO approvals (draft, who, note, at, digest, exhibit, allowed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            draft,
            by,
            note,
            at.as_microsecond(),
            grant.map(|grant| &grant.digest),
            grant.map(|grant| &grant.exhibit),
            grant.map(|grant| grant.allowed.join(" ")).unwrap_or_default(),
        ],
    )?;
    Ok(())
}

pub(super) fn newest(connection: &Connection, draft: &str) -> Result<Option<Approval>, Error> {
    let newest = "SELECT draft, who, note, at, digest, exhibit, allowed FROM approvals
                  WHERE draft = ?1 ORDER BY id DESC LIMIT 1";
    one(connection.query_row(newest, [draft], read))
}

pub(super) fn of_digest(
    connection: &Connection,
    digest: &str,
    at: Timestamp,
) -> Result<Option<Approval>, Error> {
    let held = "SELECT draft, who, note, at, digest, exhibit, allowed FROM approvals a
                WHERE digest = ?1 AND at <= ?2
                  AND NOT EXISTS (SELECT 1 FROM approvals b
                                  WHERE b.draft = a.draft AND b.id > a.id AND b.at <= ?2)
                ORDER BY id DESC LIMIT 1";
    one(connection.query_row(held, params![digest, at.as_microsecond()], read))
}

/// An approval whose time is still to be read.
type Written = (Approval, i64);

fn read(row: &Row<'_>) -> rusqlite::Result<Written> {
    let (digest, exhibit): (Option<String>, Option<Vec<u8>>) = (row.get(4)?, row.get(5)?);
    let allowed: String = row.get(6)?;
    let allowed = || allowed.split_whitespace().map(str::to_owned).collect();
    let approval = Approval {
        draft: row.get(0)?,
        by: row.get(1)?,
        note: row.get(2)?,
        at: Timestamp::UNIX_EPOCH,
        grant: digest.zip(exhibit).map(|(digest, exhibit)| Grant {
            digest,
            exhibit,
            allowed: allowed(),
        }),
    };
    Ok((approval, row.get(3)?))
}

fn one(found: rusqlite::Result<Written>) -> Result<Option<Approval>, Error> {
    let found = found.optional()?;
    found.map(|(approval, at)| Ok(Approval { at: timestamp(at)?, ..approval })).transpose()
}

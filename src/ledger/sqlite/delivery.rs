//! The protocol: claim, mark, finish, and what a crash leaves. Every change of a delivery goes
//! through [`Status::after`], whoever asks for it.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{
    code::{self, status_code, timestamp},
    query,
};
use crate::{
    audience::SkipReason,
    campaign::status::{Change, IllegalChange, Status},
    deliver::{LONGEST_PAUSE, Stage},
    keys::PersonKey,
    ledger::{Attempt, AttemptStatus, Claimed, Delivery, Error, Recovered, Suppression},
};

/// What the protocol has to know of a delivery.
pub(super) struct Row {
    pub(super) delivery: i64,
    person: PersonKey,
    revision: u32,
    status: Status,
    pub(super) attempts: u32,
    first_attempt_at: Option<i64>,
    claimed_by: Option<u32>,
}

pub(super) const ROW: &str =
    "SELECT id, person, revision, status, due_at, attempts, first_attempt_at,
                          claimed_by
                   FROM deliveries";

impl Row {
    fn read(row: &rusqlite::Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            delivery: row.get(0)?,
            person: PersonKey::from_bytes(row.get(1)?),
            revision: row.get(2)?,
            status: code::status(row.get(3)?, row.get(4)?)?,
            attempts: row.get(5)?,
            first_attempt_at: row.get(6)?,
            claimed_by: row.get(7)?,
        })
    }

    /// A delivery that this run holds; a row another run has recovered meanwhile is no longer
    /// ours to send.
    fn held(connection: &Connection, run: u32, delivery: Delivery) -> Result<Self, Error> {
        let mut statement = connection.prepare_cached(&format!("{ROW} WHERE id = ?1"))?;
        let mut rows = statement.query([delivery.0])?;
        let row = rows.next()?.ok_or(Error::NotHeld).and_then(Self::read)?;
        match row.claimed_by {
            Some(holder) if holder != run => Err(Error::NotHeld),
            _ => Ok(row),
        }
    }

    pub(super) fn list(
        connection: &Connection,
        sql: &str,
        params: impl rusqlite::Params,
    ) -> Result<Vec<Self>, Error> {
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut list = Vec::new();
        while let Some(row) = rows.next()? {
            list.push(Self::read(row)?);
        }
        Ok(list)
    }

    /// Writes the status that follows and what else the caller changed, and erases the seal when
    /// nobody needs it any more.
    pub(super) fn change(
        &mut self,
        connection: &Connection,
        change: Change,
        run: u32,
    ) -> Result<(), Error> {
        self.status = self.status.after(change)?;
        let due_at = match self.status {
            Status::Deferred { retry_at } => retry_at.as_microsecond(),
            _ => 0,
        };
        let held = matches!(self.status, Status::Claimed | Status::Committing);
        connection
            .prepare_cached(
                "UPDATE deliveries SET status = ?2, due_at = ?3, claimed_by = ?4, attempts = ?5,
                                       first_attempt_at = ?6
                 WHERE id = ?1",
            )?
            .execute(params![
                self.delivery,
                status_code(self.status),
                due_at,
                held.then_some(run),
                self.attempts,
                self.first_attempt_at,
            ])?;
        if matches!(self.status, Status::Accepted | Status::Rejected | Status::Skipped(_)) {
            connection
                .prepare_cached("DELETE FROM seals WHERE delivery = ?1")?
                .execute([self.delivery])?;
        }
        Ok(())
    }

    /// The time of the first try stays for good: it is the `Date` of the message.
    fn begun(&mut self, at: Timestamp) {
        self.first_attempt_at.get_or_insert(at.as_microsecond());
    }
}

/// Those in a state that may be claimed and due. Only with `status <= 3` in so many words does
/// the database use the index of open deliveries.
pub(super) fn due() -> String {
    format!(
        "{ROW} WHERE campaign = ?1 AND status = ?2 AND status <= 3 AND due_at <= ?3
         ORDER BY due_at, id LIMIT ?4"
    )
}

/// Those that a run has in its hands.
pub(super) fn held() -> String {
    format!(
        "{ROW} WHERE campaign IN (SELECT id FROM campaigns) AND status IN (1, 2) AND status <= 3"
    )
}

/// Those who are due later than anybody can be.
pub(super) const PUT_RIGHT: &str = "UPDATE deliveries SET due_at = ?2
     WHERE campaign IN (SELECT id FROM campaigns) AND status = ?1 AND status <= 3 AND due_at > ?2";

/// Takes up to `limit` people: first who has been waiting for a retry, then the rest as frozen.
pub(super) fn claim(
    connection: &Connection,
    run: u32,
    id: &str,
    limit: usize,
    now: Timestamp,
) -> Result<Vec<Claimed>, Error> {
    let campaign = query::campaign_row(connection, id)?;
    let due = due();
    let mut claimed = Vec::new();
    for status in [code::DEFERRED, code::PLANNED] {
        // Again when some were suppressed: fewer than `limit` means that there are no more.
        while claimed.len() < limit {
            let wanted = i64::try_from(limit - claimed.len()).unwrap_or(i64::MAX);
            let params = params![campaign, status, now.as_microsecond(), wanted];
            let rows = Row::list(connection, &due, params)?;
            if rows.is_empty() {
                break;
            }
            for mut row in rows {
                if query::is_suppressed(connection, row.person)? {
                    row.change(connection, Change::Skip(SkipReason::Suppressed), run)?;
                } else {
                    row.change(connection, Change::Claim, run)?;
                    claimed.push(taken(connection, row)?);
                }
            }
        }
    }
    Ok(claimed)
}

fn taken(connection: &Connection, row: Row) -> Result<Claimed, Error> {
    let sealed = connection
        .prepare_cached("SELECT sealed FROM seals WHERE delivery = ?1")?
        .query_row([row.delivery], |seal| seal.get(0))?;
    Ok(Claimed {
        delivery: Delivery(row.delivery),
        person: row.person,
        revision: row.revision,
        sealed,
        attempts: row.attempts,
        first_attempt_at: row.first_attempt_at.map(timestamp).transpose()?,
    })
}

/// The mark.
pub(super) fn commit(
    connection: &Connection,
    run: u32,
    delivery: Delivery,
    began: Timestamp,
) -> Result<(), Error> {
    let mut row = Row::held(connection, run, delivery)?;
    if query::is_suppressed(connection, row.person)? {
        return Err(Error::Suppressed);
    }
    row.begun(began);
    row.change(connection, Change::Commit, run)
}

pub(super) fn skip(
    connection: &Connection,
    run: u32,
    delivery: Delivery,
    reason: SkipReason,
) -> Result<(), Error> {
    Row::held(connection, run, delivery)?.change(connection, Change::Skip(reason), run)
}

pub(super) fn finish(
    connection: &Connection,
    run: u32,
    delivery: Delivery,
    attempt: &Attempt,
) -> Result<(), Error> {
    let mut row = Row::held(connection, run, delivery)?;
    let (change, status) = match attempt.status {
        Status::Accepted => (Change::Accept, AttemptStatus::Accepted),
        Status::Deferred { retry_at } => (Change::Defer { retry_at }, AttemptStatus::Deferred),
        Status::Rejected => (Change::Reject, AttemptStatus::Rejected),
        Status::Uncertain => (Change::Lose, AttemptStatus::Uncertain),
        // None of these ends a try.
        Status::Planned => return Err(illegal(&row, Change::Release)),
        Status::Claimed => return Err(illegal(&row, Change::Claim)),
        Status::Committing => return Err(illegal(&row, Change::Commit)),
        Status::Skipped(reason) => return Err(illegal(&row, Change::Skip(reason))),
    };
    row.begun(attempt.started_at);
    row.attempts += 1;
    append(connection, Whose::Delivery(row.delivery), row.attempts, status, attempt)?;
    row.change(connection, change, run)?;
    if let Some(reason) = attempt.suppress {
        suppress(connection, Suppression { person: row.person, reason, at: attempt.ended_at })?;
    }
    Ok(())
}

fn illegal(row: &Row, change: Change) -> Error {
    IllegalChange { from: row.status, change }.into()
}

pub(super) fn release(
    connection: &Connection,
    run: u32,
    deliveries: Vec<Delivery>,
) -> Result<(), Error> {
    for delivery in deliveries {
        Row::held(connection, run, delivery)?.change(connection, Change::Release, run)?;
    }
    Ok(())
}

/// There are no more of these than a run held at once.
pub(super) fn recover(
    connection: &Connection,
    run: u32,
    now: Timestamp,
) -> Result<Recovered, Error> {
    let mut recovered = Recovered::default();
    for mut row in Row::list(connection, &held(), [])? {
        if row.status == Status::Claimed {
            row.change(connection, Change::Release, run)?;
            recovered.released += 1;
        } else {
            row.attempts += 1;
            let whose = Whose::Delivery(row.delivery);
            append(connection, whose, row.attempts, AttemptStatus::Uncertain, &lost(now))?;
            row.change(connection, Change::Lose, run)?;
            recovered.uncertain += 1;
        }
    }
    let latest = now.checked_add(LONGEST_PAUSE).unwrap_or(Timestamp::MAX);
    let latest = params![code::DEFERRED, latest.as_microsecond()];
    connection.prepare_cached(PUT_RIGHT)?.execute(latest)?;
    Ok(recovered)
}

/// The try that a crash cut off. It counts against the caps from now on, since nobody knows when
/// it went out.
fn lost(now: Timestamp) -> Attempt {
    Attempt {
        started_at: now,
        ended_at: now,
        status: Status::Uncertain,
        stage: Stage::Dot,
        code: None,
        enhanced: None,
        reply: "the run ended before the reply was recorded".to_owned(),
        queue_id: None,
        suppress: None,
    }
}

/// Whose try it was: a delivery's, or that of somebody who got a test.
pub(super) enum Whose {
    Delivery(i64),
    Tester(PersonKey),
}

pub(super) fn append(
    connection: &Connection,
    whose: Whose,
    number: u32,
    status: AttemptStatus,
    attempt: &Attempt,
) -> Result<(), Error> {
    let (delivery, person) = match whose {
        Whose::Delivery(delivery) => (Some(delivery), None),
        Whose::Tester(person) => (None, Some(*person.as_bytes())),
    };
    let ended_at = attempt.ended_at.as_microsecond();
    connection
        .prepare_cached(
            "INSERT INTO attempts (delivery, person, number, status, stage, code, enhanced, reply,
                                   queue_id, ended_at, took)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            delivery,
            person,
            number,
            code::attempt_code(status),
            code::stage_code(attempt.stage),
            attempt.code,
            attempt.enhanced,
            attempt.reply,
            attempt.queue_id,
            ended_at,
            ended_at - attempt.started_at.as_microsecond(),
        ])?;
    Ok(())
}

/// The first reason stays; says whether this is it.
pub(super) fn suppress(connection: &Connection, suppression: Suppression) -> Result<bool, Error> {
    let Suppression { person, reason, at } = suppression;
    let added = connection
        .prepare_cached(
            "INSERT INTO suppressions (person, reason, at) VALUES (?1, ?2, ?3)
             ON CONFLICT (person) DO NOTHING",
        )?
        .execute(
            params![person.as_bytes(), code::suppression_code(reason), at.as_microsecond(),],
        )?;
    Ok(added > 0)
}

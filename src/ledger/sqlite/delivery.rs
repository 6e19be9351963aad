//! The protocol: claim, mark, finish, and what a crash leaves. Every change of a delivery goes
//! through [`Status::after`], whoever asks for it.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{
    code::{self, timestamp},
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
    pub(super) revision: u32,
    status: Status,
    pub(super) attempts: u32,
    first_attempt_at: Option<i64>,
    /// The run that holds it.
    run: Option<u32>,
}

/// With `id = ?1` the database would plan it anew for each value: it looks whether the index of
/// open deliveries could serve for that one.
pub(super) const ONE: &str = "SELECT * FROM standings WHERE id IN (?1)";

/// Those in a state that may be claimed and due, whom no run holds; whether they are suppressed,
/// and their seals. Only with `status <= 3` in so many words does the database use the index of
/// open deliveries.
pub(super) const DUE: &str = "
    SELECT *, EXISTS (SELECT 1 FROM suppressions s WHERE s.person = standings.person),
           (SELECT sealed FROM seals WHERE delivery = standings.id)
    FROM standings
    WHERE campaign = ?1 AND status = ?2 AND status <= 3 AND due_at <= ?3 AND run IS NULL
    ORDER BY due_at, id LIMIT ?4";

/// Those that a run has in its hands.
pub(super) const HELD: &str =
    "SELECT * FROM standings WHERE id IN (SELECT delivery FROM held) ORDER BY id";

/// Those who are due later than anybody can be.
pub(super) const PUT_RIGHT: &str = "UPDATE deliveries SET due_at = ?2
     WHERE campaign IN (SELECT id FROM campaigns) AND status = ?1 AND status <= 3 AND due_at > ?2";

impl Row {
    fn read(row: &rusqlite::Row<'_>) -> Result<Self, Error> {
        let run = row.get(8)?;
        Ok(Self {
            delivery: row.get(0)?,
            person: PersonKey::from_bytes(row.get(2)?),
            revision: row.get(3)?,
            status: code::standing((run, row.get(9)?), (row.get(4)?, row.get(5)?))?,
            attempts: row.get(6)?,
            first_attempt_at: row.get(7)?,
            run,
        })
    }

    /// A delivery that this run holds; a row another run has recovered meanwhile is no longer
    /// ours to send.
    fn held(connection: &Connection, run: u32, delivery: Delivery) -> Result<Self, Error> {
        let mut statement = connection.prepare_cached(ONE)?;
        let mut rows = statement.query([delivery.0])?;
        let row = rows.next()?.ok_or(Error::NotHeld).and_then(Self::read)?;
        match row.run {
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

    /// A run takes it.
    fn claim(&mut self, connection: &Connection, run: u32) -> Result<(), Error> {
        self.status = self.status.after(Change::Claim)?;
        connection
            .prepare_cached("INSERT INTO held (delivery, run) VALUES (?1, ?2)")?
            .execute([self.delivery, run.into()])?;
        Ok(())
    }

    /// The mark.
    fn commit(&mut self, connection: &Connection, began: Timestamp) -> Result<(), Error> {
        self.status = self.status.after(Change::Commit)?;
        connection
            .prepare_cached("UPDATE held SET began = ?2 WHERE delivery = ?1")?
            .execute([self.delivery, began.as_microsecond()])?;
        Ok(())
    }

    /// Any other change: nobody holds it from now on. Writes the status that follows and what else
    /// the caller changed, and erases the seal when nobody needs it any more.
    pub(super) fn change(&mut self, connection: &Connection, change: Change) -> Result<(), Error> {
        self.status = self.status.after(change)?;
        let Some(status) = code::status_code(self.status) else {
            return Err(illegal(self, change));
        };
        let due_at = match self.status {
            Status::Deferred { retry_at } => retry_at.as_microsecond(),
            _ => 0,
        };
        if self.run.take().is_some() {
            connection
                .prepare_cached("DELETE FROM held WHERE delivery = ?1")?
                .execute([self.delivery])?;
        }
        // A constraint that fails here takes the transaction with it. Otherwise the database would
        // copy each page that this and the books' triggers touch, to take back this one alone.
        connection
            .prepare_cached(
                "UPDATE OR ROLLBACK deliveries SET status = ?2, due_at = ?3, attempts = ?4,
                                       first_attempt_at = ?5
                 WHERE id = ?1",
            )?
            .execute(params![
                self.delivery,
                status,
                due_at,
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
}

/// Takes up to `limit` people: first who has been waiting for a retry, then the rest as frozen.
pub(super) fn claim(
    connection: &Connection,
    run: u32,
    id: &str,
    limit: usize,
    now: Timestamp,
) -> Result<Vec<Claimed>, Error> {
    let campaign = query::campaign_row(connection, id)?;
    let in_force = query::revision(connection, campaign)?;
    let mut claimed = Vec::new();
    for status in [code::DEFERRED, code::PLANNED] {
        // Again when some were suppressed: fewer than `limit` means that there are no more.
        while claimed.len() < limit {
            let wanted = i64::try_from(limit - claimed.len()).unwrap_or(i64::MAX);
            let rows = due(connection, params![campaign, status, now.as_microsecond(), wanted])?;
            if rows.is_empty() {
                break;
            }
            for Due { mut row, suppressed, sealed } in rows {
                if suppressed {
                    row.change(connection, Change::Skip(SkipReason::Suppressed))?;
                    continue;
                }
                if row.revision != in_force {
                    let reason = "it holds a delivery of a text that is not in force".to_owned();
                    return Err(Error::Storage { action: "used", reason });
                }
                row.claim(connection, run)?;
                claimed.push(Claimed {
                    delivery: Delivery(row.delivery),
                    person: row.person,
                    revision: row.revision,
                    sealed,
                    attempts: row.attempts,
                    first_attempt_at: row.first_attempt_at.map(timestamp).transpose()?,
                });
            }
        }
    }
    Ok(claimed)
}

struct Due {
    row: Row,
    suppressed: bool,
    sealed: Vec<u8>,
}

fn due(connection: &Connection, params: impl rusqlite::Params) -> Result<Vec<Due>, Error> {
    let mut statement = connection.prepare_cached(DUE)?;
    let mut rows = statement.query(params)?;
    let mut due = Vec::new();
    while let Some(row) = rows.next()? {
        due.push(Due { row: Row::read(row)?, suppressed: row.get(10)?, sealed: row.get(11)? });
    }
    Ok(due)
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
    row.commit(connection, began)
}

pub(super) fn skip(
    connection: &Connection,
    run: u32,
    delivery: Delivery,
    reason: SkipReason,
) -> Result<(), Error> {
    Row::held(connection, run, delivery)?.change(connection, Change::Skip(reason))
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
    // The time of the first try stays for good: it is the `Date` of the message.
    row.first_attempt_at.get_or_insert(attempt.started_at.as_microsecond());
    row.attempts += 1;
    row.change(connection, change)?;
    append(connection, Whose::Delivery(row.delivery), row.attempts, status, attempt)?;
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
        Row::held(connection, run, delivery)?.change(connection, Change::Release)?;
    }
    Ok(())
}

/// There are no more of these than a run held at once.
pub(super) fn recover(connection: &Connection, now: Timestamp) -> Result<Recovered, Error> {
    let mut recovered = Recovered::default();
    for mut row in Row::list(connection, HELD, [])? {
        if row.status == Status::Claimed {
            row.change(connection, Change::Release)?;
            recovered.released += 1;
        } else {
            row.attempts += 1;
            let whose = Whose::Delivery(row.delivery);
            append(connection, whose, row.attempts, AttemptStatus::Uncertain, &lost(now))?;
            row.change(connection, Change::Lose)?;
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

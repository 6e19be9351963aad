//! What becomes of those who have not got a campaign when what it says has changed. Nothing here
//! grows with their number.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    campaign, code,
    freeze::{self, REVISION},
    query,
};
use crate::{
    audience::SkipReason,
    campaign::status::{Change, Status},
    ledger::{
        Amendment, CampaignRecord, CampaignState, Error, Follows, Frozen, Recipient, Recipients,
        Relation, Revision,
    },
};

pub(super) fn amend(
    connection: &Connection,
    id: &str,
    amendment: Amendment,
    notice: Option<(Frozen, Recipients)>,
    now: Timestamp,
) -> Result<(), Error> {
    let found = query::campaign(connection, id)?;
    let found = found.ok_or_else(|| Error::UnknownCampaign(id.to_owned()))?;
    if found.called_off {
        return Err(Error::CalledOff(found.id));
    }
    if connection.query_row("SELECT EXISTS (SELECT 1 FROM held)", [], |row| row.get(0))? {
        let reason = "a run has some deliveries in its hands still";
        return Err(Error::Aborted(reason.to_owned()));
    }
    let number = query::campaign_row(connection, id)?;
    if matches!(amendment, Amendment::CallOff) {
        let notice = notice.as_ref().map(|(frozen, _)| frozen.id.as_str()).unwrap_or_default();
        for earlier in overtaken(connection, number, true, notice)? {
            call_off(connection, &earlier, now)?;
        }
    }
    match amendment {
        Amendment::Revise(revision, people) => {
            revise(connection, (number, &found), &revision, people, now)?;
        }
        Amendment::CallOff => call_off(connection, id, now)?,
    }
    if let Some((frozen, people)) = notice {
        freeze::freeze(connection, frozen, people)?;
    }
    Ok(())
}

/// A correction takes the place of those before it, whatever else it does to its campaign. Where
/// nobody is told of a change, the last that was told of stays to be told.
pub(super) fn overtake(connection: &Connection, notice: &Frozen) -> Result<(), Error> {
    let Some(Follows { campaign, relation: Relation::Correction }) = &notice.follows else {
        return Ok(());
    };
    let number = query::campaign_row(connection, campaign)?;
    for earlier in overtaken(connection, number, false, &notice.id)? {
        call_off(connection, &earlier, notice.at)?;
    }
    Ok(())
}

const OVERTAKEN: &str = "
    WITH RECURSIVE overtaken(id) AS (
        SELECT id FROM campaigns WHERE follows = ?1 AND (relation = ?2 OR ?3) AND name <> ?4
        UNION SELECT c.id FROM campaigns c JOIN overtaken ON c.follows = overtaken.id
              WHERE ?3 AND c.name <> ?4
    )
    SELECT name FROM campaigns WHERE id IN (SELECT id FROM overtaken) ORDER BY id";

/// What follows the campaign and does not hold any more: each correction of before, and whatever
/// there is about an event that does not take place.
fn overtaken(
    connection: &Connection,
    campaign: i64,
    is_over: bool,
    notice: &str,
) -> Result<Vec<String>, Error> {
    let correction = code::relation_code(Relation::Correction);
    let mut statement = connection.prepare(OVERTAKEN)?;
    let names =
        statement.query_map(params![campaign, correction, is_over, notice], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Everybody open is skipped, and nobody joins them.
fn call_off(connection: &Connection, id: &str, now: Timestamp) -> Result<(), Error> {
    let number = query::campaign_row(connection, id)?;
    connection.execute("UPDATE campaigns SET called_off = 1 WHERE id = ?1", [number])?;
    leave_out(connection, number, u32::MAX, SkipReason::Cancelled)?;
    settle(connection, id, now)
}

fn revise(
    connection: &Connection,
    (campaign, found): (i64, &CampaignRecord),
    revision: &Revision,
    people: Recipients,
    now: Timestamp,
) -> Result<(), Error> {
    let number = found.revision + 1;
    connection.execute(
        REVISION,
        params![
            campaign,
            number,
            revision.digest,
            revision.subject,
            revision.sequence,
            revision.inputs,
            revision.exhibit,
            now.as_microsecond(),
        ],
    )?;
    connection
        .execute("UPDATE campaigns SET revision = ?2 WHERE id = ?1", params![campaign, number])?;
    seal_anew(connection, campaign, number, people)?;
    leave_out(connection, campaign, number, SkipReason::Gone)?;
    settle(connection, &found.id, now)
}

/// Another text is another message: nobody has tried it yet, so the date of the first try is
/// forgotten. How often they were tried stays, and so does when they are due: that is about the
/// address, whatever the text.
pub(super) const MOVE: &str = "
    UPDATE deliveries SET revision = ?3, first_attempt_at = NULL
    WHERE campaign = ?1 AND person = ?2 AND status IN (?4, ?5) AND revision < ?3
    RETURNING id";

fn seal_anew(
    connection: &Connection,
    campaign: i64,
    revision: u32,
    people: Recipients,
) -> Result<(), Error> {
    let mut delivery = connection.prepare(MOVE)?;
    let mut seal = connection.prepare("UPDATE seals SET sealed = ?2 WHERE delivery = ?1")?;
    for recipient in people {
        let Recipient { person, sealed } = recipient?;
        let open = params![campaign, person.as_bytes(), revision, code::PLANNED, code::DEFERRED];
        let moved: Option<i64> = delivery.query_row(open, |row| row.get(0)).optional()?;
        let Some(moved) = moved else {
            let reason = "somebody is to get the new text who is not waiting for it";
            return Err(Error::Aborted(reason.to_owned()));
        };
        seal.execute(params![moved, sealed])?;
    }
    Ok(())
}

/// The seals of those whom [`LEAVE_OUT`] takes.
pub(super) const ERASE: &str = "
    DELETE FROM seals WHERE delivery IN (
        SELECT id FROM deliveries
        WHERE campaign = ?1 AND status = ?2 AND status <= 3 AND revision < ?3)";

pub(super) const LEAVE_OUT: &str = "
    UPDATE deliveries SET due_at = 0, status = CASE
        WHEN EXISTS (SELECT 1 FROM suppressions s WHERE s.person = deliveries.person) THEN ?4
        ELSE ?5 END
    WHERE campaign = ?1 AND status = ?2 AND status <= 3 AND revision < ?3";

/// Skips everybody open who has not been moved to this revision: as suppressed whoever is, the
/// others for `reason`. Together and not one by one, so that nobody has to be listed; what a status
/// may become is asked of [`Status::after`] all the same.
fn leave_out(
    connection: &Connection,
    campaign: i64,
    revision: u32,
    reason: SkipReason,
) -> Result<(), Error> {
    let deferred = Status::Deferred { retry_at: Timestamp::UNIX_EPOCH };
    for from in [Status::Planned, deferred] {
        let after = |reason| from.after(Change::Skip(reason)).map(code::status_code);
        let from = code::status_code(from);
        let (suppressed, other) = (after(SkipReason::Suppressed)?, after(reason)?);
        connection.execute(ERASE, params![campaign, from, revision])?;
        connection.execute(LEAVE_OUT, params![campaign, from, revision, suppressed, other])?;
    }
    Ok(())
}

/// Nothing goes on by itself, and with nobody left nothing has to.
fn settle(connection: &Connection, id: &str, now: Timestamp) -> Result<(), Error> {
    let state = match query::books(connection, id)?.open() {
        0 => CampaignState::Finished,
        _ => CampaignState::Paused("the text was corrected".to_owned()),
    };
    let found = query::campaign(connection, id)?;
    if found.is_some_and(|found| found.state != state) {
        campaign::set_state(connection, id, &state, now)?;
    }
    Ok(())
}

//! Stores a campaign and its people: all of it or nothing.

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    amend,
    code::{self, skip_reason_code, state_code},
    past, query,
};
use crate::{
    audience::SkipReason,
    ledger::{CampaignRecord, CampaignState, Error, Follows, Frozen, Recipient},
};

/// Another text of a campaign.
pub(super) const REVISION: &str = "
    INSERT INTO revisions (campaign, revision, digest, subject, sequence, inputs, exhibit,
                           frozen_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

/// Freezes a new campaign, or adds people to one of the same digest. The recipients stream:
/// nothing here grows with their number.
pub(super) fn freeze(
    connection: &Connection,
    frozen: Frozen,
    recipients: impl Iterator<Item = Result<Recipient, Error>>,
) -> Result<CampaignRecord, Error> {
    match query::campaign(connection, &frozen.id)? {
        None => {
            amend::overtake(connection, &frozen)?;
            begin(connection, &frozen, recipients)?;
        }
        Some(found) if found.called_off => return Err(Error::CalledOff(frozen.id)),
        Some(found) if found.digest == frozen.digest => {
            add(connection, &found, &frozen, recipients)?;
        }
        Some(_) => return Err(Error::OtherDigest(frozen.id)),
    }
    query::campaign(connection, &frozen.id)?.ok_or(Error::UnknownCampaign(frozen.id))
}

fn begin(
    connection: &Connection,
    frozen: &Frozen,
    recipients: impl Iterator<Item = Result<Recipient, Error>>,
) -> Result<(), Error> {
    let at = frozen.at.as_microsecond();
    let (state, reason) = state_code(&CampaignState::Frozen);
    let (follows, relation) = match &frozen.follows {
        None => (None, None),
        Some(Follows { campaign, relation }) => {
            let followed = query::campaign_row(connection, campaign)?;
            (Some(followed), Some(code::relation_code(*relation)))
        }
    };
    connection.execute(
        "INSERT INTO campaigns (name, revision, state, reason, rows, narrowed, follows, relation,
                                frozen_at, changed_at)
         VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
        params![
            frozen.id,
            state,
            reason,
            whole(frozen.rows)?,
            frozen.narrowed,
            follows,
            relation,
            at,
        ],
    )?;
    let campaign = connection.last_insert_rowid();
    connection.execute(
        REVISION,
        params![
            campaign,
            1,
            frozen.digest,
            frozen.subject,
            frozen.sequence,
            frozen.inputs,
            frozen.exhibit,
            at,
        ],
    )?;
    past::note(connection, campaign, frozen)?;
    let (added, refused) = insert(connection, campaign, 1, recipients)?;

    let mut skipped = frozen.skipped.clone();
    if refused > 0 {
        *skipped.entry(SkipReason::Suppressed).or_default() += refused;
    }
    let rows = added + skipped.values().sum::<u64>();
    if rows != frozen.rows {
        return Err(Error::Aborted(format!(
            "the books do not balance: {} rows read, {added} planned and {} skipped",
            frozen.rows,
            rows - added,
        )));
    }
    for (reason, n) in skipped {
        connection.execute(
            "INSERT INTO skipped (campaign, reason, n) VALUES (?1, ?2, ?3)",
            params![campaign, skip_reason_code(reason), whole(n)?],
        )?;
    }
    Ok(())
}

/// Adds whoever has no row yet. What the first freeze skipped stays as it was counted then:
/// counting a second reading of the same lists would count people twice.
fn add(
    connection: &Connection,
    found: &CampaignRecord,
    frozen: &Frozen,
    recipients: impl Iterator<Item = Result<Recipient, Error>>,
) -> Result<(), Error> {
    let campaign = query::campaign_row(connection, &found.id)?;
    let (added, _) = insert(connection, campaign, found.revision, recipients)?;
    connection.execute(
        "UPDATE campaigns SET rows = rows + ?2, narrowed = narrowed AND ?3 WHERE id = ?1",
        params![campaign, whole(added)?, frozen.narrowed],
    )?;
    past::note(connection, campaign, frozen)
}

/// Returns how many were added and how many refused, because they are suppressed.
fn insert(
    connection: &Connection,
    campaign: i64,
    revision: u32,
    recipients: impl Iterator<Item = Result<Recipient, Error>>,
) -> Result<(u64, u64), Error> {
    let mut suppressed = connection.prepare("SELECT 1 FROM suppressions WHERE person = ?1")?;
    let mut delivery = connection.prepare(
        "INSERT INTO deliveries (campaign, person, revision, status) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (campaign, person) DO NOTHING",
    )?;
    let mut seal = connection.prepare("INSERT INTO seals (delivery, sealed) VALUES (?1, ?2)")?;
    let (mut added, mut refused) = (0, 0);
    for recipient in recipients {
        let Recipient { person, sealed } = recipient?;
        let person = person.as_bytes();
        if suppressed.query_row([person], |_| Ok(())).optional()?.is_some() {
            refused += 1;
        } else if delivery.execute(params![campaign, person, revision, code::PLANNED])? == 1 {
            seal.execute(params![connection.last_insert_rowid(), sealed])?;
            added += 1;
        }
    }
    Ok((added, refused))
}

fn whole(number: u64) -> Result<i64, Error> {
    i64::try_from(number).map_err(|_| Error::Aborted(format!("{number} rows are too many")))
}

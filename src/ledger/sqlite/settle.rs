//! What a person decides about deliveries whose fate nobody can know.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{
    campaign, code,
    delivery::{Row, Whose, append},
    query,
};
use crate::{
    campaign::status::{Change, Status},
    deliver::Stage,
    keys::PersonKey,
    ledger::{Attempt, AttemptStatus, CampaignState, Error, Settlement},
};

/// There are no more of these than connections were lost.
pub(super) fn settle(
    connection: &Connection,
    id: &str,
    people: Option<Vec<PersonKey>>,
    settlement: Settlement,
    now: Timestamp,
) -> Result<u64, Error> {
    let number = query::campaign_row(connection, id)?;
    let campaign = query::campaign(connection, id)?;
    let campaign = campaign.ok_or_else(|| Error::UnknownCampaign(id.to_owned()))?;
    let mut rows = Vec::new();
    match people {
        None => {
            let sql = "SELECT * FROM standings WHERE campaign = ?1 AND status = ?2 ORDER BY id";
            rows.extend(Row::list(connection, sql, params![number, code::UNCERTAIN])?);
        }
        Some(people) => {
            let sql = "SELECT * FROM standings WHERE campaign = ?1 AND person = ?2";
            for person in people {
                rows.extend(Row::list(connection, sql, params![number, person.as_bytes()])?);
            }
        }
    }
    let (change, status) = match settlement {
        Settlement::AssumeSent => (Change::AssumeSent, AttemptStatus::Assumed),
        Settlement::Resend => (Change::Resend, AttemptStatus::Resend),
    };
    let decision = decision(settlement, now);
    for row in &mut rows {
        row.change(connection, change)?;
        let is_outdated = campaign.called_off || row.revision < campaign.revision;
        if is_outdated && settlement == Settlement::Resend {
            return Err(Error::Outdated(campaign.id));
        }
        append(connection, Whose::Delivery(row.delivery), row.attempts, status, &decision)?;
    }
    let finished = campaign.state == CampaignState::Finished;
    if finished && settlement == Settlement::Resend && !rows.is_empty() {
        let paused = CampaignState::Paused("some are to be sent again".to_owned());
        campaign::set_state(connection, id, &paused, now)?;
    }
    Ok(rows.len() as u64)
}

/// Stands behind the try that it is about, under the same number.
fn decision(settlement: Settlement, now: Timestamp) -> Attempt {
    let (status, reply) = match settlement {
        Settlement::AssumeSent => (Status::Accepted, "decided by hand: it counts as sent"),
        Settlement::Resend => {
            (Status::Planned, "decided by hand: the same message is to be sent again")
        }
    };
    Attempt {
        started_at: now,
        ended_at: now,
        status,
        stage: Stage::Dot,
        code: None,
        enhanced: None,
        reply: reply.to_owned(),
        queue_id: None,
        suppress: None,
    }
}

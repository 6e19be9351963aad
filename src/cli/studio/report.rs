//! Every copy read: what the checks say, who gets it, how long that takes.

use std::{cmp::Reverse, collections::HashSet};

use super::{
    super::{
        Fault,
        checks::{due, verdict},
        memory::Memory,
        plan_text, rate,
    },
    edition::CopyDesk,
    troubles,
};
use crate::{
    audience::SkipReason,
    check::Level,
    preview::{ListShare, PlanOutline, Report, SkippedShare, Trouble},
};

/// Plans the send as `check` does, or says why that cannot be done.
pub(super) fn read(desk: &CopyDesk) -> Report {
    made(desk).unwrap_or_else(|fault| Report { trouble: troubles(&fault), ..Report::default() })
}

fn made(desk: &CopyDesk) -> Result<Report, Fault> {
    let CopyDesk { newsroom, proofs, .. } = desk;
    // A rehearsal begins anew; what was really sent is behind its people.
    let attempted = match newsroom.rehearses() {
        true => HashSet::new(),
        false => newsroom.known(&proofs.campaign, &proofs.keys)?.attempted,
    };
    let plan = proofs.plan(newsroom, &attempted, &HashSet::new())?;
    let memory = Memory::read(newsroom, &proofs.campaign)?;
    let due = due(newsroom, &proofs.draft, proofs.lists.followed());
    let verdict = verdict(newsroom, proofs, &plan, &memory, due, &[]);
    // The page begins where a terminal ends; within a level both follow the file.
    let mut findings = verdict.findings.clone();
    findings.sort_by_key(|finding| Reverse(finding.level));
    let takes = rate::takes(newsroom, &plan, &memory.sent);
    let share =
        |(reason, rows): (SkipReason, u64)| SkippedShare { reason, words: reason.words(), rows };
    Ok(Report {
        trouble: Vec::new(),
        findings: findings.iter().map(Trouble::from).collect(),
        errors: verdict.count(Level::Error),
        warnings: verdict.count(Level::Warning),
        notes: verdict.count(Level::Note),
        plan: Some(PlanOutline {
            rows: plan.rows,
            planned: plan.planned,
            lists: plan
                .by_list
                .iter()
                .map(|(name, people)| ListShare { name: name.to_string(), people: *people })
                .collect(),
            skipped: plan
                .skipped()
                .by_reason()
                .into_iter()
                .filter(|(_, rows)| *rows > 0)
                .map(share)
                .collect(),
            from: newsroom.sender_line(),
            through: newsroom.server_line(),
            pace: newsroom.pace_line(),
            takes: plan_text::about(takes),
            ends: plan_text::ends(newsroom, takes),
            largest_bytes: plan.largest,
        }),
    })
}

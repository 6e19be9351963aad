//! One draft checked, whatever becomes of it: what `check` tells, and what the preview of a broken
//! draft says.

use std::collections::HashSet;

use super::{
    Exit, Fault,
    approvals::Standing,
    audience::{Lists, Narrowing, faulty_rows},
    checks::{due, judge, of_draft, verdict},
    memory::Memory,
    newsroom::Newsroom,
    photos::mend,
    proofs::Proofs,
};
use crate::{
    check::{Finding, Rule, Verdict, early},
    config::Templates,
    diagnostic::Diagnostic,
    draft::Draft,
};

/// What was found in one draft.
#[derive(Default)]
pub(super) struct Checked {
    pub(super) verdict: Verdict,
    /// Copies that were read; none if it did not come to that.
    pub(super) copies: Option<u64>,
    /// What an approval is worth, if it came to that.
    pub(super) approval: Standing,
}

/// Checks the draft that `open` reads. A stage that fails hides what later ones would find, but for what the draft and
/// the lists say by themselves.
pub(super) fn check(
    newsroom: &Newsroom,
    open: &dyn Fn(&Templates) -> Result<Draft, Fault>,
    fix: bool,
) -> Result<Checked, Fault> {
    let unfit = |fault: Fault, usual: &'static Rule| {
        let findings = findings(fault, usual)?;
        Ok(Checked { verdict: judge(newsroom, findings, &[]), ..Checked::default() })
    };
    let templates = match newsroom.templates() {
        Ok(templates) => templates,
        Err(fault) => return unfit(fault, &early::TEMPLATE),
    };
    let draft = match open(&templates) {
        Ok(draft) => draft,
        Err(fault) => return unfit(fault, &early::FRONT_MATTER),
    };
    let keys = newsroom.keys(false)?;
    let suppressed = newsroom.suppressed()?;
    let lists = match Lists::open(newsroom, &draft, &Narrowing::default(), &keys, suppressed) {
        Ok(lists) => lists,
        // In a clone nobody knows whom it is for: it is read for all.
        Err(_) if newsroom.is_elsewhere(&draft) => Lists::of_all(newsroom)?,
        Err(fault) => return unfit(fault, &early::LIST),
    };
    let (slug, due) = (draft.slug.clone(), due(newsroom, &draft, lists.followed()));
    let alone = of_draft(newsroom, &draft, due);
    let rows = faulty_rows(&lists);
    let memory = Memory::read(newsroom, &slug)?;
    let proofs = match Proofs::new(newsroom, draft, templates, slug, lists, keys) {
        Ok(proofs) => proofs,
        Err(fault) => {
            let mut findings = findings(fault, &early::TEMPLATE)?;
            findings.extend(rows().into_iter().map(|fault| early::known(fault, &early::LIST)));
            findings.extend(alone);
            let verdict = judge(newsroom, findings, &[]);
            return Ok(Checked { verdict, ..Checked::default() });
        }
    };
    let mended = if fix { mend(newsroom, &proofs) } else { Vec::new() };
    if !mended.is_empty() {
        let mut checked = check(newsroom, open, false)?;
        checked.verdict.findings.splice(..0, mended);
        return Ok(checked);
    }
    let approval = Standing::of(newsroom, &proofs)?;
    let nobody_yet = HashSet::new();
    match proofs.plan(newsroom, &nobody_yet, &nobody_yet) {
        Ok(plan) => Ok(Checked {
            verdict: verdict(newsroom, &proofs, &plan, &memory, due, &approval.allowed()),
            copies: Some(plan.planned).filter(|planned| *planned > 0),
            approval,
        }),
        Err(fault) => unfit(fault, &early::LIST),
    }
}

/// What a stage refuses, as findings. Other failures end the command.
fn findings(fault: Fault, usual: &'static Rule) -> Result<Vec<Finding>, Fault> {
    if fault.exit != Exit::Refused {
        return Err(fault);
    }
    let known = |fault: Diagnostic| early::known(fault, usual);
    Ok(fault.diagnostics.into_iter().map(known).collect())
}

//! Runs the checks over what a draft has become, and says what they have found.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::{
    Exit, Fault,
    followed::Followed,
    memory::Memory,
    newsroom::Newsroom,
    output, photos,
    proofs::{Proofs, nobody},
    report,
};
use crate::{
    campaign::Plan,
    check::{
        Finding, Level, Policy, Rule, Verdict,
        dates::{self, Calendar},
        early, header,
        page::{self, Page},
        prose, rules, rules_of, subject,
    },
    clock::Clock as _,
    diagnostic::{closest, count},
    draft::Draft,
    local_time::instant,
};

/// All that the checks find in a draft whose copies have been read, by the rules of this house.
pub(super) fn verdict(
    newsroom: &Newsroom,
    proofs: &Proofs,
    plan: &Plan,
    memory: &Memory,
    judged_at: Timestamp,
    allowed: &[&'static Rule],
) -> Verdict {
    let Proofs { draft, lists, inputs, .. } = proofs;
    let followed = lists.followed();
    let limits = &newsroom.settings().check.limits;
    let warnings = inputs.expanded.warnings.iter().cloned();
    let findings: Vec<Finding> = warnings
        .map(|warning| early::known(warning, &early::TEMPLATE))
        .chain(nobody(plan).map(|fault| early::known(fault, &early::EMPTY_AUDIENCE)))
        .chain(lists.repaired().iter().cloned())
        .chain(plan.findings.iter().cloned())
        .chain(header::findings(&inputs.sender, inputs.bounces.as_deref()))
        .chain(header::one_click(&inputs.unsubscribe, plan.planned))
        .chain(subject::of_copies(draft, plan.subjects.as_ref(), limits))
        .chain(prose::findings(draft, &inputs.expanded, limits))
        .chain(of_draft(newsroom, draft, judged_at))
        .chain(page::check(&Page {
            proof: &proofs.proof,
            draft,
            templates: &proofs.templates.set,
            postal_address: &newsroom.settings().sender.postal_address,
            links: limits.links,
        }))
        .chain(followed.into_iter().flat_map(|followed| followed.findings(newsroom, draft)))
        .chain(photos::check(proofs))
        .chain(memory.findings(newsroom, proofs, plan))
        .collect();
    judge(newsroom, findings, allowed)
}

/// What a draft says wrong by itself, whatever becomes of it.
pub(super) fn of_draft(newsroom: &Newsroom, draft: &Draft, judged_at: Timestamp) -> Vec<Finding> {
    let mut findings = dates::check(&Calendar {
        draft,
        zone: &newsroom.zone(),
        language: &newsroom.settings().sender.language,
        judged_at,
    });
    findings.extend(subject::findings(draft));
    findings
}

/// The moment at which a check of `draft` is made: when it would be sent.
pub(super) fn due(newsroom: &Newsroom, draft: &Draft, followed: Option<&Followed>) -> Timestamp {
    let now = newsroom.clock().now();
    match send_at(newsroom, draft, followed) {
        Some(due) if newsroom.rehearses() => due,
        due => due.map_or(now, |due| due.max(now)),
    }
}

/// The moment of a send, which is now. In the sandbox it is the draft's `send_at`, so that an old
/// draft still rehearses, and what follows it.
pub(super) fn now(newsroom: &Newsroom, draft: &Draft, followed: Option<&Followed>) -> Timestamp {
    let due = send_at(newsroom, draft, followed).filter(|_| newsroom.rehearses());
    due.unwrap_or_else(|| newsroom.clock().now())
}

/// In the sandbox what follows a draft is due with it, unless it says when.
fn send_at(newsroom: &Newsroom, draft: &Draft, followed: Option<&Followed>) -> Option<Timestamp> {
    let own = draft.front.send_at.as_ref().map(|at| at.value);
    let first = || followed.filter(|_| newsroom.rehearses())?.send_at(newsroom);
    instant(own.or_else(first)?, &newsroom.zone())
}

/// Gives findings the levels that they have in this house.
pub(super) fn judge(
    newsroom: &Newsroom,
    findings: Vec<Finding>,
    allowed: &[&'static Rule],
) -> Verdict {
    let policy = Policy { allowed: allowed.to_vec(), ..newsroom.settings().check.clone() };
    policy.judge(findings)
}

/// What is not done while there are errors.
pub(super) struct Deed {
    /// `nothing was sent`.
    pub(super) undone: &'static str,
    /// `send`.
    pub(super) verb: &'static str,
}

/// What is done with a draft in the end.
pub(super) const SENDING: Deed = Deed { undone: "nothing was sent", verb: "send" };

/// Tells what matters before a send and what was allowed in vain, and refuses on errors.
pub(super) fn pass(verdict: &Verdict, allowed: &[&'static Rule]) -> Result<(), Fault> {
    pass_before(verdict, allowed, &SENDING)
}

/// The same before something else.
pub(super) fn pass_before(
    verdict: &Verdict,
    allowed: &[&'static Rule],
    deed: &Deed,
) -> Result<(), Fault> {
    for finding in verdict.findings.iter().filter(|finding| finding.level > Level::Note) {
        output::say(report::human(finding));
    }
    for rule in allowed.iter().filter(|rule| !verdict.passed_over.contains(rule)) {
        output::say(format!("`--allow {rule}` was not needed: it finds no error here"));
    }
    refuse(verdict, deed)
}

/// Refuses on errors, telling nothing.
pub(super) fn refuse(verdict: &Verdict, deed: &Deed) -> Result<(), Fault> {
    if !verdict.refuses() {
        return Ok(());
    }
    let errors: Vec<&Finding> =
        verdict.findings.iter().filter(|finding| finding.level == Level::Error).collect();
    let message = format!("{}: {}", count(errors.len() as u64, "error"), deed.undone);
    let code = errors.last().map_or("", |finding| finding.rule.code);
    let mut hint = format!("`announce explain {code}` says more");
    if errors.iter().all(|finding| finding.rule.may_pass) {
        let ids = errors.iter().map(|finding| format!("`--allow {}`", finding.rule));
        let mut ids: Vec<String> = ids.collect();
        ids.sort();
        ids.dedup();
        let _ = write!(hint, "; whoever has looked at it can {} with {}", deed.verb, ids.join(" "));
    }
    Err(Fault::with_hint(Exit::Refused, message, hint))
}

/// The rules that `--allow` names.
pub(super) fn allowed(ids: &[String]) -> Result<Vec<&'static Rule>, Fault> {
    ids.iter().map(|id| allowed_rule(id)).collect()
}

fn allowed_rule(id: &str) -> Result<&'static Rule, Fault> {
    let wrong = |message: String, hint: String| Fault::with_hint(Exit::Usage, message, hint);
    match rules_of(id).as_slice() {
        [rule] if rule.may_pass => Ok(rule),
        [rule] => Err(wrong(
            format!("`{rule}` cannot be allowed"),
            format!("no mail could be made, or it could harm somebody: `announce explain {rule}`"),
        )),
        [] => Err(wrong(format!("no check `{id}`"), near(id))),
        several => {
            let ids: Vec<String> = several.iter().map(|rule| format!("`{rule}`")).collect();
            Err(wrong(format!("`{id}` has several rules"), format!("name one: {}", ids.join(", "))))
        }
    }
}

/// What somebody may have meant by the name of a check.
pub(super) fn near(id: &str) -> String {
    let ids: Vec<String> = rules().map(ToString::to_string).collect();
    let names = ids.iter().map(String::as_str).chain(rules().map(|rule| rule.name));
    match closest(id, names) {
        Some(near) => {
            let id = ids.iter().find(|id| *id == near || id.ends_with(&format!("/{near}")));
            format!("did you mean `{}`?", id.map_or(near, String::as_str))
        }
        None => "`announce explain` lists them all".to_owned(),
    }
}

//! Whether somebody has approved what is about to go out.

use jiff::Timestamp;

use super::{Exit, Fault, changes::Placed, newsroom::Newsroom, proofs::Proofs, runtime::block_on};
use crate::{
    approval::{Exhibit, Objection, changes},
    check::{Rule, rules_of},
    diagnostic::Diagnostic,
    ledger::{Approval, Ledger as _},
};

/// What the approval of a draft is worth.
#[derive(Clone, Debug, Default)]
pub(super) struct Standing {
    /// Whether this house asks for one.
    is_required: bool,
    pub(super) worth: Worth,
    /// Why the draft has to stay here, if it has.
    refusal: Option<Fault>,
}

/// The newest word about a draft, held against the draft as it is.
#[derive(Clone, Debug, Default)]
pub(super) enum Worth {
    /// Nobody has said anything.
    #[default]
    Missing,
    /// Somebody has taken it back.
    Withdrawn(Approval),
    /// It is for this very draft.
    Holds(Approval),
    /// What was approved has changed since. Without changes it cannot be read any more.
    Changed(Approval, Vec<Placed>),
    /// It is for this very draft, by somebody who may not approve it.
    Barred(Approval, Objection),
}

impl Standing {
    /// Looks at the workspace's own ledger: an approval is for rehearsals too.
    pub(super) fn of(newsroom: &Newsroom, proofs: &Proofs) -> Result<Self, Fault> {
        let draft = proofs.draft.slug.clone();
        let newest = block_on(async {
            Ok(match newsroom.suppression_ledger()? {
                Some(ledger) => ledger.approval(&draft).await?,
                None => None,
            })
        })?;
        let worth = newest.map_or(Worth::Missing, |approval| worth(newsroom, proofs, approval));
        let is_required = newsroom.settings().approval.required;
        let refusal = if is_required { refusal(newsroom, &draft, &worth) } else { None };
        Ok(Self { is_required, worth, refusal })
    }

    /// The rules whose errors were allowed with an approval that holds.
    pub(super) fn allowed(&self) -> Vec<&'static Rule> {
        let Worth::Holds(Approval { grant: Some(grant), .. }) = &self.worth else {
            return Vec::new();
        };
        let known = grant.allowed.iter().filter_map(|id| match rules_of(id).as_slice() {
            [rule] if rule.may_pass => Some(*rule),
            _ => None,
        });
        known.collect()
    }

    /// Refuses a draft that needs an approval and has none that holds.
    pub(super) fn pass(&self) -> Result<(), Fault> {
        self.refusal.clone().map_or(Ok(()), Err)
    }

    /// The same in a word, for programs.
    pub(super) fn word(&self) -> &'static str {
        match &self.worth {
            Worth::Holds(_) => "approved",
            Worth::Missing => "missing",
            Worth::Withdrawn(_) => "withdrawn",
            Worth::Changed(..) => "changed",
            Worth::Barred(..) => "barred",
        }
    }

    /// Refuses where somebody has said something about the draft since this was read.
    pub(super) async fn still_holds(&self, newsroom: &Newsroom, draft: &str) -> Result<(), Fault> {
        let Worth::Holds(known) = &self.worth else { return Ok(()) };
        let Some(ledger) = newsroom.suppression_ledger()? else { return Ok(()) };
        if !self.is_required || ledger.approval(draft).await?.as_ref() == Some(known) {
            return Ok(());
        }
        let message = format!("the approval of `{draft}` has changed meanwhile: nothing was sent");
        Err(Fault::with_hint(Exit::Refused, message, "look at it again: run the same once more"))
    }

    /// In a few words, for the list of what is due; none where no approval is asked for and nobody
    /// has given one.
    pub(super) fn words(&self, newsroom: &Newsroom) -> Option<String> {
        let by = |word: &Approval| format!("approved by {} {}", word.by, newsroom.when(word.at));
        Some(match &self.worth {
            Worth::Holds(word) => by(word),
            Worth::Missing | Worth::Withdrawn(_) if !self.is_required => return None,
            Worth::Missing => "not approved yet".to_owned(),
            Worth::Withdrawn(word) => format!("not approved: {} took it back", word.by),
            Worth::Changed(word, _) => format!("approved by {}, but changed since", word.by),
            Worth::Barred(word, Objection::Author) => {
                format!("approved by {} only, who wrote it", word.by)
            }
            Worth::Barred(word, Objection::NotNamed) => {
                format!("approved by {} only, who may not", word.by)
            }
        })
    }
}

fn worth(newsroom: &Newsroom, proofs: &Proofs, word: Approval) -> Worth {
    let Some(grant) = &word.grant else { return Worth::Withdrawn(word) };
    if grant.exhibit == proofs.exhibit.to_bytes() {
        let policy = &newsroom.settings().approval;
        let author = proofs.draft.front.author.as_ref().map(|author| author.name.as_str());
        return match policy.objection(&word.by, author) {
            Some(objection) => Worth::Barred(word, objection),
            None => Worth::Holds(word),
        };
    }
    let then = Exhibit::from_bytes(&grant.exhibit);
    let changed = then.map(|then| changes(&then, &proofs.exhibit)).unwrap_or_default();
    let placed = changed.into_iter().map(|change| Placed::new(change, proofs)).collect();
    Worth::Changed(word, placed)
}

/// Why a draft whose approval is worth this has to stay here.
fn refusal(newsroom: &Newsroom, draft: &str, worth: &Worth) -> Option<Fault> {
    let mut faults = Vec::new();
    let (message, whoever) = match worth {
        Worth::Holds(_) => return None,
        Worth::Missing => (format!("nobody has approved `{draft}`"), "once somebody has read it"),
        Worth::Withdrawn(word) => {
            let when = newsroom.when(word.at);
            let message = format!("{} took the approval of `{draft}` back {when}", word.by);
            (message, "once it may go out")
        }
        Worth::Changed(word, changes) => {
            faults.extend(changes.iter().map(|placed| placed.fault.clone()));
            let when = newsroom.when(word.at);
            let mut message = format!("`{draft}` has changed since {} approved it {when}", word.by);
            if changes.is_empty() {
                message.push_str(" (what they saw cannot be read any more, to say where)");
            }
            (message, "once somebody has read it as it is now")
        }
        Worth::Barred(word, objection) => {
            let message = format!("the approval of `{draft}` does not count: ");
            (message + &barred(&word.by, *objection), "once somebody else has read it")
        }
    };
    let hint = format!("{whoever}: `announce approve {draft} --by NAME`");
    faults.push(Diagnostic::new(format!("{message}: nothing was sent")).hint(hint));
    Some(Fault::refused(faults))
}

/// Why somebody's word does not count.
pub(super) fn barred(by: &str, objection: Objection) -> String {
    match objection {
        Objection::NotNamed => format!("`{by}` is not among the `approvers` of `announce.toml`"),
        Objection::Author => format!("`{by}` wrote it, and nobody approves their own"),
    }
}

impl Newsroom {
    /// Who had approved the text of this digest at that time, and when they did.
    pub(super) async fn approved(
        &self,
        digest: &str,
        at: Timestamp,
    ) -> Result<Option<String>, Fault> {
        let Some(ledger) = self.suppression_ledger()? else { return Ok(None) };
        let found = ledger.approval_of(digest, at).await?;
        Ok(found.map(|word| format!("text approved by {} {}", word.by, self.when(word.at))))
    }
}

//! `announce approve`: records that somebody has looked at a draft.

mod show;
mod withdraw;

use std::collections::HashSet;

use super::super::{
    Exit, Fault, Global,
    approvals::{Standing, Worth, barred},
    audience::{Lists, Narrowing},
    changes,
    checks::{self, Deed},
    memory::Memory,
    newsroom::Newsroom,
    output,
    plan_text::planned,
    proofs::Proofs,
    runtime::block_on,
    terminal,
};
use crate::{
    check::Rule,
    clock::Clock as _,
    diagnostic::{Diagnostic, closest},
    draft::{Draft, Publication},
    ledger::{Approval, Grant, Ledger as _},
};

/// Arguments of `announce approve`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The draft: a path, or its name in drafts/
    #[arg(value_name = "DRAFT")]
    draft: String,

    /// Who has looked at it. This is a record, and no proof of who sits at the keyboard
    #[arg(long, value_name = "NAME")]
    by: String,

    /// What they have to say about it
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// Approve although this check finds an error; sending it then needs no `--allow` (can be
    /// given again)
    #[arg(long, value_name = "CODE/RULE", conflicts_with = "withdraw")]
    allow: Vec<String>,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,

    /// Take the approval of this draft back
    #[arg(long)]
    withdraw: bool,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { draft, by, note, allow, yes, withdraw } = arguments;
    let by = words("--by", &by)?;
    let note = note.map(|note| words("--note", &note)).transpose()?;
    let allowed = checks::allowed(&allow)?;
    let newsroom = Newsroom::open(global)?;
    if withdraw {
        return withdraw::withdraw(&newsroom, &draft, by, note);
    }
    let templates = newsroom.templates()?;
    let draft = newsroom.draft(&draft, &templates)?;
    let by = approver(&newsroom, &draft, by)?;

    let keys = newsroom.keys(false)?;
    let lists =
        Lists::open(&newsroom, &draft, &Narrowing::default(), &keys, newsroom.suppressed()?)?;
    let slug = draft.slug.clone();
    let proofs = Proofs::new(&newsroom, draft, templates, slug, lists, keys)?;
    let nobody = HashSet::new();
    let plan = proofs.plan(&newsroom, &nobody, &nobody)?;
    let standing = Standing::of(&newsroom, &proofs)?;
    output::say(show::exhibit(&newsroom, &proofs, &plan));
    if let Worth::Changed(word, changed) = &standing.worth {
        let when = newsroom.when(word.at);
        output::say(format!("changed since {} approved it {when}:", word.by));
        output::say(format!("{}\n", changes::told(changed)));
    }

    let memory = Memory::read(&newsroom, &proofs.draft.slug)?;
    let due = checks::due(&newsroom, &proofs.draft, proofs.lists.followed());
    let granted: Vec<&'static Rule> = [allowed.clone(), standing.allowed()].concat();
    let verdict = checks::verdict(&newsroom, &proofs, &plan, &memory, due, &granted);
    let deed = Deed { undone: "nothing was approved", verb: "approve" };
    checks::pass_before(&verdict, &allowed, &deed)?;

    let grant = Grant {
        digest: proofs.digest.to_string(),
        exhibit: proofs.exhibit.to_bytes(),
        allowed: verdict.passed_over.iter().map(ToString::to_string).collect(),
    };
    if let Worth::Holds(word) = &standing.worth
        && (word.by == by && word.note == note && word.grant.as_ref() == Some(&grant))
    {
        let when = newsroom.when(word.at);
        output::say(format!("{by} approved exactly this {when}: there is nothing to record"));
    } else {
        if !yes {
            let look = format!("announce preview {}", proofs.draft.slug);
            terminal::agree(global.presence(), &format!("Approve as {by}?"), &look)?;
        }
        let at = newsroom.clock().now();
        let draft = proofs.draft.slug.clone();
        let word = Approval { draft, by, note, at, grant: Some(grant) };
        record(&newsroom, &word)?;
        let (for_whom, when) = (planned(&plan), newsroom.when(at));
        output::result(format!("{}: approved by {} {when}, for {for_whom}", word.draft, word.by));
        output::say("it holds until its text, templates, files, settings or audience change");
        if !newsroom.settings().approval.required {
            output::say(
                "`announce.toml` asks for no approval: with `required = true` in `[approval]` \
                 nothing goes out without one",
            );
        }
    }
    output::say(format!("next: {}", next(&proofs.draft)));
    Ok(Exit::Done)
}

/// A name or a note as the ledger keeps it: one line, without anybody's address.
fn words(flag: &str, text: &str) -> Result<String, Fault> {
    let wrong = |message: &str, hint: &str| {
        Err(Fault::with_hint(Exit::Usage, format!("`{flag}` {message}"), hint))
    };
    let text = text.trim();
    if text.is_empty() {
        return wrong("is empty", &format!("write it in quotes: `{flag} \"…\"`"));
    }
    if text.contains(char::is_control) || text.chars().count() > 500 {
        return wrong("is not one line of at most 500 characters", "write it shorter, on one line");
    }
    let is_address =
        |word: &str| word.split_once('@').is_some_and(|(_, domain)| domain.contains('.'));
    if text.split_whitespace().any(is_address) {
        return wrong(
            "holds an e-mail address",
            "write who it is without it: the ledger keeps no addresses",
        );
    }
    Ok(text.to_owned())
}

/// Who approves, as the settings spell them, if they may.
fn approver(newsroom: &Newsroom, draft: &Draft, by: String) -> Result<String, Fault> {
    let policy = &newsroom.settings().approval;
    let author = draft.front.author.as_ref().map(|author| author.name.as_str());
    let Some(objection) = policy.objection(&by, author) else {
        return Ok(policy.spelling(&by).map_or(by, str::to_owned));
    };
    let names = || policy.approvers.iter().map(String::as_str);
    let others: Vec<&str> =
        names().filter(|name| policy.objection(name, author).is_none()).collect();
    let hint = match closest(&by, names()).filter(|near| policy.spelling(&by) != Some(near)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if others.is_empty() => {
            "ask a colleague to read it; `by_author = true` in `[approval]` lets authors approve"
                .to_owned()
        }
        None => format!("these may: {}", others.join(", ")),
    };
    let message = format!("{}: nothing was approved", barred(&by, objection));
    Err(Fault::refused(vec![Diagnostic::new(message).hint(hint)]))
}

/// Adds a word to the workspace's own ledger, beside whatever runs.
fn record(newsroom: &Newsroom, word: &Approval) -> Result<(), Fault> {
    let keys = newsroom.keys(true)?;
    block_on(async {
        let ledger = newsroom.own_suppression_ledger(&keys).await?;
        Ok(ledger.record_approval(word.clone()).await?)
    })
}

/// What goes on from an approval.
fn next(draft: &Draft) -> String {
    let slug = &draft.slug;
    if draft.front.send_at.is_some() && draft.front.status == Publication::Ready {
        return "announce schedule".to_owned();
    }
    format!("announce schedule {slug} --at TIME, or at once: announce send {slug}")
}

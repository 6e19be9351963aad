//! `announce send`: the main job.

use super::super::{
    Exit, Fault, Global,
    audience::Narrowing,
    checks,
    newsroom::Newsroom,
    output,
    plan_text::PlanText,
    rate,
    ready::Ready,
    sending::{self, Manner},
    terminal::{self, Question},
};
use crate::diagnostic::group_thousands;

/// Arguments of `announce send`.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The draft: a path, or its name in drafts/
    #[arg(value_name = "DRAFT")]
    draft: String,

    /// Only people on this list of the draft's lists (can be given again)
    #[arg(long = "list", value_name = "LIST")]
    lists: Vec<String>,

    /// Only people whose column has this value (can be given again: all must hold)
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    conditions: Vec<String>,

    /// Try this many people now and pause; `resume` goes on with the rest
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    /// Send it as a new campaign of this name
    #[arg(long = "as", value_name = "ID")]
    campaign: Option<String>,

    /// Send although this check finds an error; the ledger records it (can be given again)
    #[arg(long, value_name = "CODE/RULE")]
    allow: Vec<String>,

    /// Show who would get it, who would not and why, and how long it takes; send nothing
    #[arg(short = 'n', long)]
    dry_run: bool,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,

    /// Refuse unless exactly this many people would get it
    #[arg(long, value_name = "N")]
    expect_count: Option<u64>,

    /// On a terminal, do not wait for people who are to be tried again within 15 minutes
    #[arg(long)]
    no_wait: bool,

    /// One JSON document on stdout
    #[arg(long)]
    json: bool,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments {
        draft,
        lists,
        conditions,
        limit,
        campaign,
        allow,
        dry_run,
        yes,
        expect_count,
        no_wait,
        json,
    } = arguments;
    let presence = global.presence();
    let newsroom = Newsroom::open(global)?;
    let templates = newsroom.templates()?;
    let draft = newsroom.draft(&draft, &templates)?;
    let narrowing = Narrowing { lists, conditions };
    let allowed = checks::allowed(&allow)?;
    let ready =
        Ready::prepare(&newsroom, draft, templates, campaign, &narrowing, &allowed, !dry_run)?;
    let text = PlanText::new(&newsroom, &ready);
    let refused = checks::pass(&ready.verdict, &allowed).and_then(|()| ready.approval.pass()).err();
    if let Some(fault) = refused.clone().filter(|_| !dry_run) {
        return Err(fault);
    }

    if let Some(expected) = expect_count.filter(|expected| *expected != ready.plan.planned) {
        output::say(text.human());
        return Err(Fault::with_hint(
            Exit::Refused,
            format!(
                "{} would get it, `--expect-count` says {}",
                group_thousands(ready.plan.planned),
                group_thousands(expected),
            ),
            "look at the plan with `--dry-run`; nothing was sent",
        ));
    }
    if dry_run {
        output::result(if json { text.json() } else { text.human() });
        if let Some(fault) = refused {
            return Err(fault);
        }
        if !json {
            output::say("\nnothing was sent\nnext: the same without `--dry-run`");
        }
        return Ok(Exit::Done);
    }
    if !yes && ready.plan.planned > 0 {
        let people = ready.plan.planned;
        let asked = Question { about: text.human(), people, again: "", look: "--dry-run" };
        terminal::confirm(presence, &asked)?;
    }
    let course = rate::course(&newsroom, limit, presence, no_wait, ready.inputs.deadline);
    sending::send(&newsroom, ready, &Manner { course, presence, json })
}

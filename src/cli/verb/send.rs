//! `announce send`: the main job.

use super::super::{
    Exit, Fault, Global, audience::Narrowing, newsroom::Newsroom, ready::Ready, terms::Terms,
};

/// Arguments of `announce send`.
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

    /// Send it as a new campaign of this name
    #[arg(long = "as", value_name = "ID")]
    campaign: Option<String>,

    #[command(flatten)]
    terms: Terms,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { draft, lists, conditions, campaign, terms } = arguments;
    let newsroom = Newsroom::open(global)?;
    let templates = newsroom.templates()?;
    let draft = newsroom.draft(&draft, &templates)?;
    let narrowing = Narrowing { lists, conditions };
    let (allowed, keep) = (terms.allowed()?, !terms.dry_run);
    let ready = Ready::prepare(&newsroom, draft, templates, campaign, &narrowing, &allowed, keep)?;
    terms.send(&newsroom, global.presence(), ready, || Ok(()))
}

//! `announce status`: the books.

use super::super::{
    Exit, Fault, Global,
    changed::moved,
    dispatch,
    ending::{after_the_end, unknown},
    newsroom::Newsroom,
    output,
    plan_text::{books, rows},
    runtime::block_on,
};
use crate::{
    campaign::Summary,
    clock::Clock as _,
    diagnostic::group_thousands,
    ledger::{
        CampaignRecord, CampaignState, Follows, Ledger as _, PassedOver, Relation, SqliteLedger,
    },
};

/// Arguments of `announce status`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The campaign; all of them when left out
    #[arg(value_name = "ID")]
    campaign: Option<String>,

    /// What should have gone out and has not; ends with 1 when there is something
    #[arg(long, conflicts_with = "campaign")]
    overdue: bool,

    /// JSON on stdout: one document for a campaign, one line each for all of them
    #[arg(long)]
    json: bool,
}

pub(in crate::cli) fn run(global: &Global, arguments: Arguments) -> Result<Exit, Fault> {
    let Arguments { campaign, overdue, json } = arguments;
    let newsroom = Newsroom::open(global)?;
    if overdue {
        return dispatch::overdue(&newsroom, json);
    }
    if campaign.is_none() && !newsroom.has_ledger()? {
        output::say("no campaign yet\nnext: announce send DRAFT --dry-run");
        return Ok(Exit::Done);
    }
    block_on(async {
        let ledger = newsroom.existing_ledger()?;
        let campaigns = match &campaign {
            None => ledger.campaigns().await?,
            Some(id) => match ledger.campaign(id).await? {
                Some(record) => vec![record],
                None => return Err(newsroom.unknown_campaign(&ledger, id).await),
            },
        };
        if campaigns.is_empty() && !json {
            output::say("no campaign yet\nnext: announce send DRAFT --dry-run");
            return Ok(Exit::Done);
        }
        // They are shown all the same; whoever reads them is to know what they are worth.
        if let Err(fault) = trusted(&newsroom, &ledger).await {
            fault.print();
        }
        let mut next = None;
        for record in &campaigns {
            let own = show(&newsroom, &ledger, record, json).await?;
            // Among all campaigns, what only a person can settle.
            next = Some(own).filter(|own| campaign.is_some() || own.contains(" resolve ")).or(next);
        }
        if newsroom.rehearses() && !json {
            output::say("these are rehearsals in the sandbox: nothing left this machine");
        }
        if let Some(next) = next.filter(|_| !json) {
            output::say(format!("next: {next}"));
        }
        Ok(Exit::Done)
    })
}

/// Whether the books are the newest that this machine has seen.
async fn trusted(newsroom: &Newsroom, ledger: &SqliteLedger) -> Result<(), Fault> {
    if newsroom.rehearses() {
        return Ok(());
    }
    newsroom.check_books(ledger, &*newsroom.existing_keys()?).await
}

/// The errors that a campaign was sent in spite of, and when somebody decided that.
async fn passed_over(
    newsroom: &Newsroom,
    ledger: &SqliteLedger,
    id: &str,
) -> Result<Option<String>, Fault> {
    let passed_over = ledger.passed_over(id).await?;
    let told = passed_over
        .iter()
        .map(|PassedOver { rule, at }| format!("{rule} ({})", newsroom.when(*at)));
    Ok((!passed_over.is_empty()).then(|| told.collect::<Vec<_>>().join(", ")))
}

/// The document of a campaign.
#[derive(serde::Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    summary: &'a Summary,
    #[serde(flatten)]
    thread: Thread<'a>,
}

/// What a campaign follows, and what follows it; nothing of one that stands alone.
#[derive(serde::Serialize)]
struct Thread<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    follows: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    relation: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    followed_by: Vec<&'a str>,
}

impl<'a> Thread<'a> {
    fn of(record: &'a CampaignRecord, thread: &'a [CampaignRecord]) -> Self {
        let follows = record.follows.as_ref();
        Self {
            follows: follows.map(|follows| follows.campaign.as_str()),
            relation: follows.map(|follows| follows.relation.word()),
            followed_by: followers(record, thread).map(|(other, _)| other.id.as_str()).collect(),
        }
    }
}

fn followers<'a>(
    record: &'a CampaignRecord,
    thread: &'a [CampaignRecord],
) -> impl Iterator<Item = (&'a CampaignRecord, Relation)> {
    thread.iter().filter_map(|other| {
        let follows = other.follows.as_ref().filter(|follows| follows.campaign == record.id)?;
        Some((other, follows.relation))
    })
}

/// What follows a campaign and has not reached everybody yet.
async fn unheard(
    ledger: &SqliteLedger,
    record: &CampaignRecord,
    thread: &[CampaignRecord],
) -> Result<Option<String>, Fault> {
    for (other, _) in followers(record, thread) {
        if ledger.books(&other.id).await?.open() > 0 {
            return Ok(Some(other.id.clone()));
        }
    }
    Ok(None)
}

/// A line for what a campaign follows, and one for each that follows it.
async fn chain(
    newsroom: &Newsroom,
    record: &CampaignRecord,
    thread: &[CampaignRecord],
    ledger: &SqliteLedger,
) -> Result<Vec<String>, Fault> {
    let mut lines = Vec::new();
    if let Some(Follows { campaign, relation }) = &record.follows {
        lines.push(match relation {
            Relation::FollowUp => format!("follows `{campaign}`"),
            Relation::Correction => format!("corrects `{campaign}`"),
            Relation::Cancellation => format!("cancels the event of `{campaign}`"),
        });
    }
    for (other, relation) in followers(record, thread) {
        let done = match relation {
            Relation::FollowUp => "followed",
            Relation::Correction => "corrected",
            Relation::Cancellation => "cancelled",
        };
        let books = ledger.books(&other.id).await?;
        let (id, when) = (&other.id, newsroom.when(other.frozen_at));
        lines.push(format!(
            "{done} {when} by `{id}`: {} of {} accepted",
            group_thousands(books.accepted),
            group_thousands(books.planned()),
        ));
    }
    Ok(lines)
}

/// Prints the books; what to do next, for people.
async fn show(
    newsroom: &Newsroom,
    ledger: &SqliteLedger,
    record: &CampaignRecord,
    json: bool,
) -> Result<String, Fault> {
    let id = &record.id;
    let at_work = newsroom.sending()?.as_ref() == Some(id);
    let counted = ledger.books(id).await?;
    let counted = if at_work { counted } else { counted.left_alone() };
    let summary = Summary::of_campaign(id, &record.digest, &counted);
    let thread = ledger.thread(id).await?;
    if json {
        let told = Told { summary: &summary, thread: Thread::of(record, &thread) };
        output::result(serde_json::to_string(&told).unwrap_or_default());
        return Ok(String::new());
    }
    let unheard = unheard(ledger, record, &thread).await?;
    let moved = moved(newsroom, ledger, record).await?;
    let next = match unheard {
        _ if at_work => format!("announce stop {id}"),
        Some(other) => format!("announce resume {other}"),
        None if moved.is_some() => format!("announce correct {id}"),
        None if counted.open() == 0 => after_the_end(id, &counted),
        None => format!("announce resume {id}"),
    };
    let since = newsroom.when(record.changed_at);
    let state = match &record.state {
        CampaignState::Frozen => format!("frozen {since}, not started"),
        CampaignState::Running if at_work => "being sent now".to_owned(),
        CampaignState::Running => format!("to be continued; last run {since}"),
        CampaignState::Finished => format!("finished {since}"),
        CampaignState::Paused(reason) => format!("paused {since}: {reason}"),
        CampaignState::Held(reason) => format!("held {since}: {reason}"),
    };
    output::result(format!("{}\n{}\n  {state}", books(&summary), rows(&summary)));
    for line in chain(newsroom, record, &thread, ledger).await? {
        output::result(format!("  {line}"));
    }
    if let Some((fact, draft)) = moved {
        let aspect = fact.aspect.to_string().to_lowercase();
        output::result(format!("  {draft} has another {aspect} by now"));
    }
    if let Some(approved) = newsroom.approved(&record.digest, record.frozen_at).await? {
        output::result(format!("  {approved}"));
    }
    if let Some(passed_over) = passed_over(newsroom, ledger, id).await? {
        output::result(format!("  sent although: {passed_over}"));
    }
    if let Some(due) = ledger.next_due(&record.id).await? {
        let is_due = due <= newsroom.clock().now();
        let due = if is_due { "is due".to_owned() } else { newsroom.when(due) };
        output::result(format!("  next try {due}"));
    }
    if counted.uncertain > 0 {
        output::result(format!("  {}", unknown(id, counted.uncertain)));
    }
    Ok(next)
}

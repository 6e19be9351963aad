//! Puts a draft into the schedule.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::super::super::{
    Exit, Fault,
    checked::{Checked, check},
    newsroom::Newsroom,
    output, receipt, report,
    verb::unschedule::refuse_if_begun,
};
use crate::{
    check::{Finding, Level, Verdict},
    clock::Clock as _,
    config::{DraftFile, Templates},
    diagnostic::{Source, count, people},
    draft::{Draft, Publication, Stamp, Timing},
    ledger::CampaignState,
    schedule::{Due, Moment, distance, in_full, read},
};

/// What is scheduled for later than this is most likely a typing error.
const YEAR: SignedDuration = SignedDuration::from_hours(366 * 24);

pub(super) fn set(newsroom: &Newsroom, named: &str, at: &str) -> Result<Exit, Fault> {
    let (now, zone) = (newsroom.clock().now(), newsroom.zone());
    let file = newsroom.draft_text(named)?;
    let moment = read(at, now, &zone).map_err(|fault| Fault::new(Exit::Usage, fault))?;
    if moment.at <= now {
        return Err(past(&file.slug, &moment, now, &zone));
    }
    lies_in_drafts(newsroom, &file)?;
    refuse_if_sent(newsroom, &file.slug)?;
    let stamp =
        Stamp { status: Some(Publication::Ready), send_at: Some(moment.local), ..Stamp::default() };
    let stamped = stamped(newsroom, &file, &stamp)?;
    let open = |templates: &Templates| {
        Draft::parse(&file.slug, stamped.clone(), &templates.kinds).map_err(Fault::refused)
    };
    let Checked { verdict, copies, approval } = check(newsroom, &open, false)?;
    pass(&verdict)?;

    let when = in_full(moment.shown);
    let (words, whom) = (distance(moment.at, now, &zone), people(copies.unwrap_or(0)));
    let name = &file.source.name;
    let told = format!("{} goes out on {when} ({words}) to {whom}", file.slug);
    if stamped.text == file.source.text {
        output::result(told);
        output::say(format!("{name} says so already"));
    } else {
        newsroom
            .workspace()
            .rewrite(&file, &stamped.text)
            .map_err(|fault| Fault::new(Exit::TryAgain, fault))?;
        // A run may have read the draft just before.
        refuse_if_begun(newsroom, &file.slug)?;
        output::result(told);
        output::result(format!("written into {name}:\n  {}", stamp.lines().join("\n  ")));
    }
    if moment.at.duration_since(now) > YEAR {
        output::say("that is more than a year away: is the year right?");
    }
    tell_before(&file, &moment, now, &zone);
    if let Some(remark) = moment.remark() {
        output::say(remark);
    }
    if newsroom.rehearses() {
        output::say("it goes to the sandbox: nothing will leave this machine");
    }
    if approval.pass().is_err() {
        output::say("nobody has approved it as it is: until somebody does, it does not go out");
        output::say(format!("next: announce approve {} --by NAME", file.slug));
    } else {
        output::say("next: announce schedule");
    }
    Ok(Exit::Done)
}

/// The text with what is to be written. A draft that cannot be read says why it cannot.
pub(in crate::cli::verb) fn stamped(
    newsroom: &Newsroom,
    file: &DraftFile,
    stamp: &Stamp,
) -> Result<Source, Fault> {
    stamp.on(&file.source).map_err(|fault| {
        let broken = newsroom.templates().and_then(|templates| {
            Draft::parse(&file.slug, file.source.clone(), &templates.kinds).map_err(Fault::refused)
        });
        broken.err().unwrap_or_else(|| Fault::refused(vec![fault]))
    })
}

fn past(slug: &str, moment: &Moment, now: Timestamp, zone: &TimeZone) -> Fault {
    let ago = match distance(moment.at, now, zone).as_str() {
        "now" => "a moment ago".to_owned(),
        ago => ago.to_owned(),
    };
    Fault::with_hint(
        Exit::Usage,
        format!("{} is over: it was {ago}", in_full(moment.shown)),
        format!("name a time to come; `announce send {slug}` sends it now"),
    )
}

/// Dispatch looks into no other folder.
fn lies_in_drafts(newsroom: &Newsroom, file: &DraftFile) -> Result<(), Fault> {
    let root = newsroom.workspace().root();
    let wanted = root.join("drafts").join(format!("{}.md", file.slug));
    if wanted.canonicalize().is_ok_and(|found| found == file.path) {
        return Ok(());
    }
    Err(Fault::with_hint(
        Exit::Refused,
        format!("`{}` is not in `drafts/`, where dispatch looks", file.source.name),
        "move it there with its files, or send it by hand",
    ))
}

/// Refuses what has been sent or begun. A rehearsal is neither.
fn refuse_if_sent(newsroom: &Newsroom, slug: &str) -> Result<(), Fault> {
    refuse_if_begun(newsroom, slug)?;
    let keys = newsroom.keys(false)?;
    let receipt = receipt::read(newsroom, slug)?;
    let known = newsroom.known(slug, &keys)?;
    receipt::check(receipt.as_deref(), slug, &known)?;
    let Some(record) = known.record.filter(|_| !newsroom.rehearses()) else { return Ok(()) };
    let since = newsroom.when(record.changed_at);
    let (message, hint) = match record.state {
        // Nobody has it yet.
        CampaignState::Frozen => return Ok(()),
        CampaignState::Running => (
            format!("`{slug}` is being sent already"),
            format!("`announce status {slug}` shows how far it is"),
        ),
        CampaignState::Finished => (
            format!("`{slug}` has been sent: it was finished {since}"),
            format!(
                "`announce send {slug}` sends it to those who have joined since; as a new \
                 announcement it needs a file of its own"
            ),
        ),
        CampaignState::Paused(_) | CampaignState::Held(_) => (
            format!("`{slug}` has been begun, and was paused {since}"),
            format!("`announce resume {slug}` goes on with it"),
        ),
    };
    Err(Fault::with_hint(Exit::Refused, message, hint))
}

/// Tells what matters, and what is said of the hour, and refuses on errors.
fn pass(verdict: &Verdict) -> Result<(), Fault> {
    let is_told = |finding: &&Finding| finding.level > Level::Note || finding.rule.code == "C3";
    for finding in verdict.findings.iter().filter(is_told) {
        output::say(report::human(finding));
    }
    let mut errors = verdict.findings.iter().filter(|finding| finding.level == Level::Error);
    let Some(last) = errors.next_back().filter(|_| verdict.refuses()) else { return Ok(()) };
    Err(Fault::with_hint(
        Exit::Refused,
        format!("{}: nothing was written", count(verdict.count(Level::Error) as u64, "error")),
        format!(
            "`announce explain {}` says more; dispatch sends nothing that has an error",
            last.rule.code
        ),
    ))
}

/// When it was to go out before, if at another time.
fn tell_before(file: &DraftFile, moment: &Moment, now: Timestamp, zone: &TimeZone) {
    let before =
        Timing::read(&file.source).ok().filter(|timing| timing.status == Publication::Ready);
    let due = before.and_then(|timing| Due::new(timing.send_at?, zone, None));
    if let Some(due) = due.filter(|due| due.at != moment.at) {
        let (when, words) = (in_full(zone.to_datetime(due.at)), distance(due.at, now, zone));
        output::say(format!("until now it was due on {when} ({words})"));
    }
}

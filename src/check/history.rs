//! What the books know: whether it has been sent before, to how many the last one went, and what
//! has changed since the test mail.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{Finding, Level, Limits, Rule};
use crate::{
    diagnostic::{group_thousands, people},
    draft::Draft,
};

pub(super) static RULES: [&Rule; 5] = [&REPEAT, &SUBJECT, &SIZE, &CHANGED, &CAP];

static REPEAT: Rule = Rule {
    code: "S5",
    name: "repeat",
    level: Level::Error,
    may_pass: true,
    title: "The same mail, sent before under another name",
    why: "Under a new name a mail goes to everybody once more, also to those who have had it.",
    mend: "Send the earlier campaign again: it goes only to people who have not had it. For a new \
           announcement, change the text.",
};
static SUBJECT: Rule = Rule {
    code: "S5",
    name: "subject",
    level: Level::Warning,
    may_pass: true,
    title: "A subject that was used not long ago",
    why: "Readers take a second mail of the same subject for the one they know, and mail programs \
          put both into one thread.",
    mend: "Say in the subject what is new. `[check] repeat_days` sets how long a subject is \
           remembered.",
};
static SIZE: Rule = Rule {
    code: "M10",
    name: "size",
    level: Level::Note,
    may_pass: true,
    title: "Many more or fewer people than last time",
    why: "The last mail to the same lists went to another number of people: rows may have been lost \
          or added by mistake, or a condition may be missing.",
    mend: "Look at the lists, at `where` and at `exclude`. `[check] audience_change` sets how many \
           percent are told.",
};
static CHANGED: Rule = Rule {
    code: "C2",
    name: "changed",
    level: Level::Warning,
    may_pass: true,
    title: "A mail that has changed since it was tested",
    why: "Nobody has seen it in a mailbox as it would be sent now: the text, a template, a file or \
          a setting that shapes it is another one.",
    mend: "Send yourself a test again with `announce test`, and look at it.",
};
static CAP: Rule = Rule {
    code: "C4",
    name: "cap",
    level: Level::Note,
    may_pass: true,
    title: "More people than an hourly or daily limit lets through at once",
    why: "Those beyond the limit get it later, which matters when it is about something soon.",
    mend: "Send earlier, or ask the operator of the mail server whether `[pace] limit` may be \
           higher.",
};

/// What is about to be sent, and what the books say about it.
pub struct History<'a> {
    /// The draft.
    pub draft: &'a Draft,
    /// The campaign that it would be.
    pub campaign: &'a str,
    /// Its digest.
    pub digest: &'a str,
    /// Its subject, with `…` where it shows something of a person.
    pub subject: &'a str,
    /// How many would get it; none where the command line leaves some out.
    pub people: Option<u64>,
    /// Whether the campaign has been begun before: then it was compared with the others when that
    /// was decided.
    pub is_frozen: bool,
    /// Other campaigns, of which somebody has had a mail, oldest first.
    pub earlier: Vec<Earlier<'a>>,
    /// The last test mail of the draft.
    pub tested: Option<Tested<'a>>,
    /// The cap that leaves room for too few.
    pub cap: Option<Cap>,
    /// Where the numbers lie that are compared with.
    pub limits: Limits,
    /// The time.
    pub now: Timestamp,
    /// The zone that days are told in.
    pub zone: &'a TimeZone,
}

/// Another campaign.
#[derive(Clone, Copy, Debug)]
pub struct Earlier<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its digest.
    pub digest: &'a str,
    /// Its subject, with `…` where it shows something of a person.
    pub subject: &'a str,
    /// Its lists, sorted.
    pub lists: &'a [String],
    /// How many people it was for; none where it never went to all of its lists.
    pub people: Option<u64>,
    /// When it was frozen.
    pub at: Timestamp,
}

/// A test mail.
#[derive(Clone, Copy, Debug)]
pub struct Tested<'a> {
    /// Digest of what it showed.
    pub digest: &'a str,
    /// When it was sent.
    pub at: Timestamp,
}

/// What a cap leaves.
#[derive(Clone, Debug)]
pub struct Cap {
    /// As it is written (`2000/day`).
    pub limit: String,
    /// So many may go now.
    pub room: u64,
    /// So many are to go.
    pub people: u64,
    /// When the last of them may, at the earliest.
    pub ends: Timestamp,
}

/// Everything that the books have against it.
pub fn check(history: &History<'_>) -> Vec<Finding> {
    let compared = [repeated, same_subject, other_size, untested].into_iter();
    let compared = compared.filter(|_| !history.is_frozen).filter_map(|find| find(history));
    compared.chain(capped(history)).collect()
}

fn repeated(history: &History<'_>) -> Option<Finding> {
    let same =
        |earlier: &&Earlier<'_>| earlier.digest == history.digest && !history.excludes(earlier.id);
    let Earlier { id, at, .. } = history.earlier.iter().rfind(same)?;
    let message = format!("the same mail was sent as `{id}` on {}", history.day(*at));
    let fix = format!("send `{id}` again: it goes only to people who have not had it");
    Some(REPEAT.finding(message).in_file(&history.draft.source.name).fix(fix))
}

fn same_subject(history: &History<'_>) -> Option<Finding> {
    let subject = folded(history.subject);
    let days = SignedDuration::from_hours(24 * i64::from(history.limits.repeat_days));
    let same = |earlier: &&Earlier<'_>| {
        history.now.duration_since(earlier.at) <= days
            && folded(earlier.subject) == subject
            && !history.excludes(earlier.id)
    };
    let Earlier { id, digest, at, .. } = history.earlier.iter().rfind(same)?;
    // The same mail is told as such, and nothing tells subjects apart that are all data.
    if *digest == history.digest || !subject.contains(char::is_alphanumeric) {
        return None;
    }
    let message = format!("`{id}` had the same subject on {}", history.day(*at));
    let Draft { source, front, .. } = history.draft;
    let found = SUBJECT.finding(message).at(source, front.subject.span.clone());
    Some(found.fix("say what is new in this one"))
}

/// In lower case, with single spaces.
fn folded(subject: &str) -> String {
    subject.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn other_size(history: &History<'_>) -> Option<Finding> {
    let now = history.people?;
    let Draft { source, front, .. } = history.draft;
    let mut lists: Vec<&str> = front.lists.iter().map(|list| list.value.as_str()).collect();
    lists.sort_unstable();
    let last = history.earlier.iter().rfind(|earlier| earlier.lists == lists)?;
    let before = last.people.filter(|_| !history.excludes(last.id))?;
    let most = u128::from(before) * u128::from(history.limits.audience_change);
    if u128::from(now.abs_diff(before)) * 100 <= most {
        return None;
    }
    let message = format!(
        "{} would get it; `{}` on {}, to the same lists, was for {}",
        people(now),
        last.id,
        history.day(last.at),
        group_thousands(before),
    );
    let span = front.lists.first()?.span.start..front.lists.last()?.span.end;
    let fix = "look at the lists, `where` and `exclude`; on a terminal `send` asks you to type the \
               number of people";
    Some(SIZE.finding(message).at(source, span).fix(fix))
}

fn untested(history: &History<'_>) -> Option<Finding> {
    let Tested { digest, at } = history.tested?;
    if digest == history.digest {
        return None;
    }
    let moment = history.moment(at);
    let message = format!("it is not what the last test mail showed, which was sent on {moment}");
    let fix = format!("`announce test {} --to ADDRESS` shows it as it is now", history.draft.slug);
    Some(CHANGED.finding(message).in_file(&history.draft.source.name).fix(fix))
}

fn capped(history: &History<'_>) -> Option<Finding> {
    let Cap { limit, room, people: n, ends } = history.cap.as_ref()?;
    let message = format!(
        "`{limit}` has room for {} of {} now: the last of them can get it on {}",
        group_thousands(*room),
        people(*n),
        history.moment(*ends),
    );
    let fix = format!(
        "send early enough; a run ends where the limit is used up, and `announce resume {}` goes on",
        history.campaign
    );
    Some(CAP.finding(message).in_file(&history.draft.source.name).fix(fix))
}

impl History<'_> {
    /// Whether people of that campaign are left out (`exclude: campaign:ID`): nobody gets it twice,
    /// and fewer get it.
    fn excludes(&self, campaign: &str) -> bool {
        let mut excluded = self.draft.front.exclude.iter();
        excluded.any(|name| name.value.strip_prefix("campaign:") == Some(campaign))
    }

    fn day(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%-d %B %Y").to_string()
    }

    fn moment(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%A %-d %B %Y at %H:%M").to_string()
    }
}

#[cfg(test)]
mod tests;

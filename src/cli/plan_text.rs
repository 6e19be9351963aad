//! A plan as people and programs read it.

use std::{fmt::Write as _, time::Duration};

use serde_json::json;

use super::{amending::Amends, newsroom::Newsroom, progress::span, rate, ready::Ready};
use crate::{
    campaign::{Plan, Summary},
    clock::Clock as _,
    diagnostic::{count, group_thousands, people},
    local_time::instant,
};

/// Who would get it, who would not and why, and how long it takes.
pub(super) struct PlanText {
    human: String,
    json: String,
}

impl PlanText {
    pub(super) fn new(newsroom: &Newsroom, ready: &Ready) -> Self {
        let plan = &ready.plan;
        let takes = rate::takes(newsroom, plan, &ready.memory.sent);
        let ends_at = newsroom.clock().now() + takes;
        let mut document = json!({
                "schema": 1,
                "campaign": ready.campaign,
                "digest": ready.digest.to_string(),
                "rows": plan.rows,
                "planned": plan.planned,
                "skipped": plan.skipped(),
                "lists": plan.by_list.iter().map(|(name, people)| json!({
                    "name": **name, "planned": people,
                })).collect::<Vec<_>>(),
                "largest_bytes": plan.largest,
                "seconds": takes.as_secs_f64().ceil(),
                "ends_at": ends_at.to_string(),
        });
        if let Some(followed) = ready.lists.followed() {
            document["follows"] = followed.follows.campaign.as_str().into();
            document["relation"] = followed.follows.relation.word().into();
            document["subject"] = ready.draft.front.subject.value.as_str().into();
            document["rest"] = followed.open.len().into();
        }
        Self { human: human(newsroom, ready, takes), json: document.to_string() }
    }

    pub(super) fn human(&self) -> &str {
        &self.human
    }

    pub(super) fn json(&self) -> &str {
        &self.json
    }
}

fn human(newsroom: &Newsroom, ready: &Ready, takes: Duration) -> String {
    let ends = ends(newsroom, takes);
    let plan = &ready.plan;
    let mut text = String::new();
    let mut row = |label: &str, value: String| {
        let _ = writeln!(text, "  {label:<8} {value}");
    };
    row("to", planned(plan));
    let skipped = plan.skipped();
    if skipped.total() > 0 {
        row("skipped", skipped.in_words());
    }
    if let Some(followed) = ready.lists.followed() {
        let id = &followed.follows.campaign;
        row("follows", format!("`{id}`: for everybody who got it, in answer to it"));
        if let Some(rest) = Amends::words(ready.amends.as_ref(), followed) {
            row("the rest", rest);
        }
    }
    row("from", newsroom.sender_line());
    let caught = if newsroom.rehearses() { ": nothing leaves this machine" } else { "" };
    row("through", format!("{}{caught}", newsroom.server_line()));
    row("pace", format!("{}: {}, done {ends}", newsroom.pace_line(), about(takes)));
    if let Some(at) = &ready.draft.front.send_at {
        let due = instant(at.value, &newsroom.zone());
        if due.is_some_and(|due| due > newsroom.clock().now()) {
            let at = at.value.strftime("%-d %B %Y at %H:%M");
            row("send_at", format!("{at} is in the future; `send` sends now"));
        }
    }
    if let Some(words) = ready.approval.words(newsroom) {
        row("approval", words.strip_prefix("approved ").unwrap_or(&words).to_owned());
    }
    row("size", format!("{} KB, the largest copy", plan.largest.div_ceil(1_000)));
    format!("{}\n{}", ready.draft.front.subject.value, text.trim_end())
}

/// `3 people (members 2, press 1)`.
pub(super) fn planned(plan: &Plan) -> String {
    let lists = plan.by_list.iter();
    let lists = lists.map(|(name, people)| format!("{name} {}", group_thousands(*people)));
    format!("{} ({})", people(plan.planned), lists.collect::<Vec<_>>().join(", "))
}

/// When a send that begins now ends.
pub(super) fn ends(newsroom: &Newsroom, takes: Duration) -> String {
    let at = (newsroom.clock().now() + takes).to_zoned(newsroom.zone());
    at.strftime("%A %-d %B %Y at %H:%M").to_string()
}

/// How long a send takes.
pub(super) fn about(takes: Duration) -> String {
    if takes < Duration::from_secs(1) {
        "at once".to_owned()
    } else {
        format!("about {}", span(takes))
    }
}

/// The books of a run or campaign in words.
pub(super) fn books(summary: &Summary) -> String {
    let parts = [
        (summary.accepted, "accepted"),
        (summary.rejected, "rejected"),
        (summary.deferred, "deferred"),
        (summary.uncertain, "uncertain"),
        (summary.pending, "pending"),
    ];
    let parts: Vec<String> =
        parts.iter().map(|(n, word)| format!("{} {word}", group_thousands(*n))).collect();
    let mut text = format!(
        "{}\n  {} planned = {}",
        summary.campaign,
        group_thousands(summary.planned),
        parts.join(" + ")
    );
    let skipped = &summary.skipped;
    if skipped.total() > 0 {
        let _ = write!(
            text,
            "\n  {} skipped: {}",
            group_thousands(skipped.total()),
            skipped.in_words()
        );
    }
    text
}

/// The line under the books of whoever has read the lists.
pub(super) fn rows(summary: &Summary) -> String {
    format!("  {} on the lists", count(summary.rows, "row"))
}

//! What somebody is about to approve, as far as a terminal can show it.

use std::{convert::Infallible, fmt::Write as _};

use super::super::super::{
    made_up::made_up, newsroom::Newsroom, plan_text::planned, proofs::Proofs, report::tame,
};
use crate::{
    audience::Address, campaign::Plan, diagnostic::count, draft::Publication, render::Renderer,
};

/// So many lines of the text are shown.
const LINES: usize = 200;

/// Whoever has no name in it is made up: no person's data is shown.
const SOMEBODY: &str = "alex@example.org";

/// Subject, sender, audience, time, files, and the text of a copy.
pub(super) fn exhibit(newsroom: &Newsroom, proofs: &Proofs, plan: &Plan) -> String {
    let front = &proofs.draft.front;
    let mut text = tame(&front.subject.value);
    let mut row = |label: &str, value: &str| {
        let _ = write!(text, "\n  {label:<9} {}", tame(value));
    };
    if let Some(preheader) = &front.preheader {
        row("preheader", &preheader.value);
    }
    row("from", &newsroom.sender_line());
    row("to", &planned(plan));
    if let Some(follows) = &front.follows {
        row("follows", &format!("`{}`: for everybody who got it", follows.value));
    }
    let audience = &proofs.exhibit.audience;
    for (column, values) in &audience.filter {
        row("where", &format!("{column} = {}", values.join(" or ")));
    }
    if !audience.exclude.is_empty() {
        row("without", &audience.exclude.join(", "));
    }
    let skipped = plan.skipped();
    if skipped.total() > 0 {
        row("skipped", &skipped.in_words());
    }
    row("due", &due(proofs));
    // Attachments come first, as the draft has them.
    for (position, file) in proofs.exhibit.shape.files.iter().enumerate() {
        let label = if position < front.attachments.len() { "attached" } else { "picture" };
        row(label, &format!("{}, {}", file.path, count(file.size, "byte")));
    }
    text.push('\n');
    if let Some(copy) = copy(proofs) {
        let lines: Vec<&str> = copy.trim_end().lines().collect();
        for line in lines.iter().take(LINES) {
            let _ = write!(text, "\n  │ {}", tame(line));
        }
        if let Some(more @ 1..) = lines.len().checked_sub(LINES) {
            let _ = write!(text, "\n  │ … {} more", count(more as u64, "line"));
        }
        let _ = write!(
            text,
            "\n\n  the text of a copy for somebody made up; `announce preview {}` shows all of it",
            proofs.draft.slug
        );
    }
    text.push('\n');
    text
}

fn due(proofs: &Proofs) -> String {
    let front = &proofs.draft.front;
    let Some(at) = &front.send_at else { return "when somebody sends it".to_owned() };
    let at = at.value.strftime("%A %-d %B %Y at %H:%M");
    match front.status {
        Publication::Ready => at.to_string(),
        Publication::Draft => format!("{at}, once its `status` is `ready`"),
    }
}

/// The text part for somebody who does not exist.
fn copy(proofs: &Proofs) -> Option<String> {
    let expanded = &proofs.inputs.expanded;
    let Ok(renderer) = Renderer::new(expanded, |lines| Ok::<_, Infallible>(lines.to_owned()));
    let person = proofs.keys.person(&Address::parse(SOMEBODY).ok()?);
    let addressee = made_up(&proofs.press, SOMEBODY);
    proofs.press.with_person(&person, &addressee, |person| {
        renderer.render(person).map(|copy| copy.text.to_string()).ok()
    })
}

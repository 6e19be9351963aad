//! The notice of a changed or cancelled event: written anew, or as somebody has edited it.

use std::path::Path;

use serde_json::{Value, json};

use super::{
    Exit, Fault, Global, audience::Narrowing, newsroom::Newsroom, output, ready::Ready,
    report::tame, runtime::block_on, terms::Terms,
};
use crate::{
    config::{Templates, scaffold},
    diagnostic::{Diagnostic, Source},
    draft::Draft,
    ledger::Ledger as _,
    notice::Notice,
};

/// A notice on its way.
pub(super) struct Prepared {
    pub(super) draft: Draft,
    /// Whether it lies in `drafts/`, where somebody may have edited it.
    is_saved: bool,
}

impl Prepared {
    /// The notice under the next free name; the one that lies there, if it still says what holds.
    pub(super) fn new(
        newsroom: &Newsroom,
        templates: &Templates,
        notice: &Notice<'_>,
    ) -> Result<Self, Fault> {
        let slug = free_name(newsroom, notice.follows)?;
        let shown = format!("drafts/{slug}.md");
        if newsroom.workspace().root().join(&shown).exists() {
            let draft = newsroom.draft_at(&shown, templates)?;
            is_meant(&draft, notice)?;
            return Ok(Self { draft, is_saved: true });
        }
        let source = Source::new(&*shown, notice.text());
        let draft = Draft::parse(&slug, source, &templates.kinds).map_err(Fault::refused)?;
        Ok(Self { draft, is_saved: false })
    }

    /// Whether it is as somebody may have edited it.
    pub(super) fn is_saved(&self) -> bool {
        self.is_saved
    }
}

/// Puts a notice into `drafts/`.
pub(super) fn save(newsroom: &Newsroom, slug: &str, text: &str) -> Result<String, Fault> {
    let shown = format!("drafts/{slug}.md");
    scaffold::draft(newsroom.workspace(), slug, text).map_err(|fault| {
        match is_there(newsroom, &shown) {
            true => {
                let fault = Diagnostic::new("somebody else has just written it").in_file(shown);
                Fault::new(Exit::TryAgain, fault.hint("look at it, then run the same again"))
            }
            false => Fault::new(Exit::TryAgain, fault),
        }
    })
}

/// `talk~2`, or the first number that nothing was sent under.
fn free_name(newsroom: &Newsroom, campaign: &str) -> Result<String, Fault> {
    block_on(async {
        let campaigns = newsroom.ledger()?.campaigns().await?;
        let name = |number: usize| format!("{campaign}~{number}");
        // Nor one whose receipt says that it was sent: a rehearsal knows nothing of that.
        let is_sent = |name: &String| is_there(newsroom, &format!("drafts/{name}.sent.toml"));
        let is_free =
            |name: &String| !campaigns.iter().any(|record| record.id == *name) && !is_sent(name);
        let numbers = 2..=campaigns.len() + 1_000;
        Ok(numbers.map(name).find(is_free).unwrap_or_default())
    })
}

/// Refuses a notice that was saved for something else. What it says of the event is looked at
/// wherever it is sent from.
fn is_meant(draft: &Draft, notice: &Notice<'_>) -> Result<(), Fault> {
    let front = &draft.front;
    let follows = front.follows.as_ref().map(|follows| follows.value.as_str());
    let is_cancelled = front.fields.get("cancelled") == Some(&Value::Bool(true));
    let has_reason = notice.because.is_none_or(|because| draft.body().contains(because));
    let message = match (follows == Some(notice.follows), is_cancelled) {
        (false, _) => format!("it does not follow `{}`", notice.follows),
        (true, false) if notice.cancelled => {
            "it does not say that the event is cancelled".to_owned()
        }
        (true, true) if !notice.cancelled => "it says that the event is cancelled".to_owned(),
        (true, _) if !has_reason => "it does not say what `--because` says".to_owned(),
        (true, _) => return Ok(()),
    };
    let fault = Diagnostic::new(message).in_file(draft.source.name.clone());
    let hint = "it lies where the notice would: mend it, or take it away to have a new one";
    Err(Fault::refused(vec![fault.hint(hint)]))
}

/// Whether nobody would read English in a mail of this language.
pub(super) fn is_foreign(language: &str) -> bool {
    !language.get(..2).is_some_and(|tag| tag.eq_ignore_ascii_case("en"))
}

/// Where the draft of a campaign lies, if it is still there.
pub(super) fn is_there(newsroom: &Newsroom, shown: &str) -> bool {
    newsroom.workspace().root().join(Path::new(shown)).exists()
}

/// How a notice was asked for.
pub(super) struct Asked<'a> {
    pub(super) save: bool,
    pub(super) terms: &'a Terms,
    pub(super) verb: &'static str,
}

/// Sends a notice, or saves it.
pub(super) fn tell(
    global: &Global,
    newsroom: &Newsroom,
    templates: &Templates,
    notice: &Notice<'_>,
    language: &str,
    asked: &Asked<'_>,
) -> Result<Exit, Fault> {
    let prepared = Prepared::new(newsroom, templates, notice)?;
    let (slug, source) = (prepared.draft.slug.clone(), prepared.draft.source.clone());
    let verb = asked.verb;
    if asked.save {
        if prepared.is_saved() {
            let fault = Diagnostic::new("it is there already").in_file(source.name.clone());
            let hint = format!("edit it; `announce {verb} {}` sends it", notice.follows);
            return Err(Fault::refused(vec![fault.hint(hint)]));
        }
        let path = save(newsroom, &slug, &source.text)?;
        output::result(match asked.terms.json {
            true => json!({ "schema": 1, "draft": path }).to_string(),
            false => path,
        });
        output::say(format!(
            "next: announce preview {slug}; then announce {verb} {}",
            notice.follows
        ));
        return Ok(Exit::Done);
    }
    if !prepared.is_saved() && is_foreign(language) {
        let message = format!("the notice is in English, and the announcement in `{language}`");
        let hint = format!(
            "`announce {verb} {} --save` writes it into drafts/: translate it there, then run this \
             again",
            notice.follows
        );
        return Err(Fault::with_hint(Exit::Refused, message, hint));
    }
    let is_to_be_saved = !prepared.is_saved() && !newsroom.rehearses();
    let (everybody, terms) = (Narrowing::default(), asked.terms);
    let (allowed, keep) = (terms.allowed()?, !terms.dry_run);
    // The templates were read to write it; its own reading begins anew.
    let ready = Ready::prepare(
        newsroom,
        prepared.draft,
        newsroom.templates()?,
        None,
        &everybody,
        &allowed,
        keep,
    )?;
    if !terms.json {
        output::say(shown(&ready.draft));
    }
    terms.send(newsroom, global.presence(), ready, || {
        if is_to_be_saved {
            save(newsroom, &slug, &source.text)?;
        }
        Ok(())
    })
}

/// What a notice says, before it is sent; what has changed stands above it already.
fn shown(draft: &Draft) -> String {
    let lines = draft.body().trim().lines().map(|line| format!("  │ {}", tame(line)));
    format!("\n{}\n", lines.collect::<Vec<_>>().join("\n"))
}

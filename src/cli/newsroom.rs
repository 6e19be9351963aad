//! The workspace as the verbs use it: what `config` loads, joined with what the stages take.

use std::path::{Path, PathBuf};

use jiff::{Timestamp, tz::TimeZone};

use super::{Exit, Fault, Global};
use crate::{
    campaign::{Inputs, Materials, Prepared, places, prepare, proof},
    clock::{Clock as _, SystemClock},
    compose,
    config::{self, DraftFile, ListFile, Server, Settings, Templates, Workspace},
    diagnostic::Diagnostic,
    draft::{Draft, Kind},
    render::{self, ListColumns, Places, Proof},
};

/// An open workspace.
pub(super) struct Newsroom {
    workspace: Workspace,
    here: PathBuf,
    clock: SystemClock,
}

impl Newsroom {
    /// Opens the workspace that `-C` names or that the current folder is in.
    pub(super) fn open(global: &Global) -> Result<Self, Fault> {
        let here = std::env::current_dir().map_err(Fault::io)?;
        let workspace = match &global.directory {
            Some(directory) => Workspace::open(directory),
            None => Workspace::find(&here),
        };
        let workspace = workspace.map_err(Fault::configuration)?;
        // As if we had been started there: a draft of the same path may stand here too.
        let here = global.directory.as_ref().map_or(here, |_| workspace.root().to_owned());
        Ok(Self { workspace, here, clock: SystemClock::new() })
    }

    /// The same newsroom as if it were another time, for asking what would happen then.
    #[must_use]
    pub(super) fn at(self, now: Timestamp) -> Self {
        Self { clock: SystemClock::showing(now), ..self }
    }

    pub(super) fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    pub(super) fn settings(&self) -> &Settings {
        self.workspace.settings()
    }

    /// Reads all templates and kinds: what a draft is read against, and printed with.
    pub(super) fn templates(&self) -> Result<Templates, Fault> {
        self.workspace.templates().map_err(Fault::refused)
    }

    /// A path as it was typed.
    pub(super) fn path_from_here(&self, path: &Path) -> PathBuf {
        self.here.join(path)
    }

    pub(super) fn clock(&self) -> SystemClock {
        self.clock
    }

    pub(super) fn zone(&self) -> TimeZone {
        self.settings().sender.timezone.clone()
    }

    /// A moment as staff read it: `at 08:00:00`, `on 10 December 2026 at 08:00`.
    pub(super) fn when(&self, at: Timestamp) -> String {
        let word = if self.is_today(at) { "at" } else { "on" };
        format!("{word} {}", self.time(at))
    }

    /// The same after a word of its own (`until`, `since`).
    pub(super) fn time(&self, at: Timestamp) -> String {
        let form = if self.is_today(at) { "%H:%M:%S" } else { "%-d %B %Y at %H:%M" };
        at.to_zoned(self.zone()).strftime(form).to_string()
    }

    fn is_today(&self, at: Timestamp) -> bool {
        let day = |at: Timestamp| at.to_zoned(self.zone()).date();
        day(at) == day(self.clock.now())
    }

    /// Whether mail goes to the sandbox.
    pub(super) fn rehearses(&self) -> bool {
        self.settings().smtp.server == Server::Sandbox
    }

    pub(super) fn draft(&self, named: &str, templates: &Templates) -> Result<Draft, Fault> {
        self.workspace.draft(named, &self.here, &templates.kinds).map_err(missing)
    }

    /// The draft of this path from the workspace, wherever we stand.
    pub(super) fn draft_at(&self, shown: &str, templates: &Templates) -> Result<Draft, Fault> {
        self.workspace.draft(shown, self.workspace.root(), &templates.kinds).map_err(missing)
    }

    /// The text of a draft, whatever it says.
    pub(super) fn draft_text(&self, named: &str) -> Result<DraftFile, Fault> {
        self.workspace.draft_text(named, &self.here).map_err(|fault| missing(vec![fault]))
    }

    /// The name and the file of a draft, unread.
    pub(super) fn draft_file(&self, named: &str) -> Result<(String, PathBuf), Fault> {
        self.workspace.draft_file(named, &self.here).map_err(|fault| missing(vec![fault]))
    }

    /// Expands a draft for these lists: their columns, and why their people get it.
    pub(super) fn prepare(
        &self,
        draft: &Draft,
        templates: &Templates,
        lists: &[(ListFile, Vec<String>)],
    ) -> Result<Prepared, Fault> {
        self.with_materials(draft, templates, lists, prepare)
    }

    /// The same for everybody at once, as the checks read it.
    pub(super) fn proof(
        &self,
        draft: &Draft,
        templates: &Templates,
        lists: &[(ListFile, Vec<String>)],
        inputs: &Inputs,
    ) -> Result<Proof, Fault> {
        self.with_materials(draft, templates, lists, |materials| proof(materials, inputs))
    }

    /// Where the elements of its copies were written.
    pub(super) fn places(
        &self,
        draft: &Draft,
        templates: &Templates,
        lists: &[(ListFile, Vec<String>)],
        inputs: &Inputs,
    ) -> Result<Places, Fault> {
        self.with_materials(draft, templates, lists, |materials| places(materials, inputs))
    }

    fn with_materials<T>(
        &self,
        draft: &Draft,
        templates: &Templates,
        lists: &[(ListFile, Vec<String>)],
        work: impl FnOnce(&Materials<'_>) -> Result<T, Vec<Diagnostic>>,
    ) -> Result<T, Fault> {
        let Settings { sender, unsubscribe, bounces, .. } = self.settings();
        let columns: Vec<ListColumns> = lists
            .iter()
            .map(|(list, columns)| ListColumns {
                name: list.name.clone(),
                file: list.shown.clone(),
                columns: columns.clone(),
            })
            .collect();
        let titles: Vec<String> = lists.iter().map(|(list, _)| list.title.clone()).collect();
        // Partials are shared, so they may ask for the keys of any kind.
        let optional: Vec<String> =
            templates.kinds.values().flat_map(Kind::optional_keys).collect();
        work(&Materials {
            draft,
            templates: &templates.set,
            optional: &optional,
            sender: &render::Sender {
                name: sender.name.clone(),
                address: sender.address.clone(),
                reply_to: sender.reply_to.clone(),
                postal_address: Some(sender.postal_address.clone()),
                domain: sender.domain(),
                language: sender.language.clone(),
                timezone: zone_name(&sender.timezone),
            },
            unsubscribe: &compose::Unsubscribe {
                mailto: unsubscribe.mailto.clone(),
                url: unsubscribe.url.clone(),
            },
            bounces: bounces.as_deref(),
            lists: &columns,
            titles: &titles,
            zone: &sender.timezone,
            read: &|file| self.workspace.asset(draft, file).map(|asset| asset.bytes),
        })
        .map_err(Fault::refused)
    }

    /// `APPG on North Korea <news@appg.example>`.
    pub(super) fn sender_line(&self) -> String {
        let sender = &self.settings().sender;
        format!("{} <{}>", sender.name, sender.address)
    }

    /// Where mail is handed over, without the user.
    pub(super) fn server_line(&self) -> String {
        match &self.settings().smtp.server {
            Server::Sandbox => "the sandbox".to_owned(),
            Server::Relay(config::Relay { host, port, .. }) => format!("{host}:{port}"),
        }
    }

    /// `5/s, 2000/day`.
    pub(super) fn pace_line(&self) -> String {
        let limits = &self.settings().pace.limits;
        match limits.as_slice() {
            [] => "no limit".to_owned(),
            limits => limits.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        }
    }
}

fn missing(diagnostics: Vec<Diagnostic>) -> Fault {
    match diagnostics.as_slice() {
        // A name on the command line that means nothing is the command line's fault.
        [only] if only.place.is_none() => Fault { diagnostics, exit: Exit::Usage },
        _ => Fault::refused(diagnostics),
    }
}

fn zone_name(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("UTC").to_owned()
}

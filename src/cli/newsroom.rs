//! The workspace as the verbs use it: what `config` loads, joined with what the stages take.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::{Timestamp, tz::TimeZone};

use super::{Exit, Fault, Global};
use crate::{
    campaign::{Digest, Materials, Prepared, prepare},
    clock::{Clock as _, SystemClock},
    compose,
    config::{self, ListFile, Server, Settings, Templates, Workspace},
    diagnostic::{Diagnostic, Source, closest},
    draft::{Draft, Kind},
    keys::{Keys, PersonKey, Secret},
    ledger::{CampaignRecord, Holder, Ledger as _, LockError, RunLock, SqliteLedger},
    render::{self, ListColumns},
    sandbox,
};

/// An open workspace.
pub(super) struct Newsroom {
    workspace: Workspace,
    templates: Templates,
    here: PathBuf,
    clock: SystemClock,
    runtime: tokio::runtime::Runtime,
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
        let templates = workspace.templates().map_err(Fault::refused)?;
        let runtime =
            tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Fault::io)?;
        Ok(Self { workspace, templates, here, clock: SystemClock::new(), runtime })
    }

    pub(super) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    pub(super) fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    pub(super) fn settings(&self) -> &Settings {
        self.workspace.settings()
    }

    pub(super) fn templates(&self) -> &Templates {
        &self.templates
    }

    pub(super) fn clock(&self) -> SystemClock {
        self.clock
    }

    pub(super) fn zone(&self) -> TimeZone {
        self.settings().sender.timezone.clone()
    }

    /// A moment as staff read it.
    pub(super) fn when(&self, at: Timestamp) -> String {
        let today = self.clock.now().to_zoned(self.zone()).date();
        let at = at.to_zoned(self.zone());
        let form = if at.date() == today { "at %H:%M:%S" } else { "on %-d %B %Y at %H:%M" };
        at.strftime(form).to_string()
    }

    /// Whether mail goes to the sandbox.
    pub(super) fn rehearses(&self) -> bool {
        self.settings().smtp.server == Server::Sandbox
    }

    pub(super) fn draft(&self, named: &str) -> Result<Draft, Fault> {
        let missing = |diagnostics: Vec<Diagnostic>| match diagnostics.as_slice() {
            // A name on the command line that means nothing is the command line's fault.
            [only] if only.place.is_none() => Fault { diagnostics, exit: Exit::Usage },
            _ => Fault::refused(diagnostics),
        };
        self.workspace.draft(named, &self.here, &self.templates.kinds).map_err(missing)
    }

    /// The draft, and the templates, whose lines an error may show.
    pub(super) fn sources(&self, draft: &Draft) -> Vec<Source> {
        let templates = self.templates.set.files.values().cloned();
        std::iter::once(draft.source.clone()).chain(templates).collect()
    }

    /// Expands a draft for these lists: their columns, and why their people get it.
    pub(super) fn prepare(
        &self,
        draft: &Draft,
        lists: &[(ListFile, Vec<String>)],
    ) -> Result<Prepared, Fault> {
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
            self.templates.kinds.values().flat_map(Kind::optional_keys).collect();
        prepare(&Materials {
            draft,
            templates: &self.templates.set,
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
            from: &compose::Sender {
                name: sender.name.clone(),
                address: sender.address.clone(),
                reply_to: sender.reply_to.clone(),
                domain: sender.domain(),
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

    // State: the lock, the secret, the ledgers.

    fn state(&self) -> Result<PathBuf, Fault> {
        self.workspace.state_dir().map_err(|fault| Fault::configuration(vec![fault]))
    }

    fn state_path(&self, name: &str) -> PathBuf {
        self.workspace.root().join(".announce").join(name)
    }

    /// The mail and the ledger of rehearsals.
    pub(super) fn sandbox_folder(&self) -> PathBuf {
        self.state_path("sandbox")
    }

    fn ledger_path(&self) -> PathBuf {
        if self.rehearses() {
            self.sandbox_folder().join("ledger.db")
        } else {
            self.state_path("ledger.db")
        }
    }

    /// Takes the right to send.
    pub(super) fn lock(&self) -> Result<RunLock, Fault> {
        self.state()?;
        let arguments: Vec<String> = std::env::args().skip(1).take(2).collect();
        let holder = Holder {
            pid: std::process::id(),
            command: arguments.join(" "),
            since: self.clock.now(),
        };
        RunLock::acquire(&self.state_path("lock"), &holder).map_err(|error| {
            let hint = match error {
                LockError::Held(_) => "wait for it, or stop it: `announce stop ID`",
                LockError::Storage(_) => "check who owns `.announce` and whether the disk is full",
            };
            Fault::with_hint(Exit::TryAgain, error.to_string(), hint)
        })
    }

    fn secret_path(&self) -> PathBuf {
        let settings = self.settings().secret_file.as_deref();
        settings.map_or_else(|| self.state_path("secret"), |file| self.workspace.path(file))
    }

    /// The keys of this workspace. The secret is made when there is none; without `keep` a
    /// throw-away one serves, and nothing is written.
    pub(super) fn keys(&self, keep: bool) -> Result<Arc<Keys>, Fault> {
        let path = self.secret_path();
        if path.exists() {
            return self.existing_keys();
        }
        if !keep {
            return Ok(Arc::new(Keys::from(&Secret::throwaway()?)));
        }
        if self.ledger_path().exists() {
            return Err(Fault::with_hint(
                Exit::Configuration,
                "the secret is gone, and the ledger knows people only by it",
                "put `.announce/secret` back from its backup",
            ));
        }
        let _lock = self.lock()?;
        Ok(Arc::new(Keys::from(&Secret::create(&path)?)))
    }

    pub(super) fn existing_keys(&self) -> Result<Arc<Keys>, Fault> {
        Ok(Arc::new(Keys::from(&Secret::load(&self.secret_path())?)))
    }

    pub(super) fn has_ledger(&self) -> bool {
        self.ledger_path().exists()
    }

    /// Opens the ledger, making it when there is none. Needs the runtime.
    pub(super) fn ledger(&self) -> Result<SqliteLedger, Fault> {
        self.state()?;
        Ok(SqliteLedger::open(&self.ledger_path())?)
    }

    /// Opens a ledger that must be there.
    pub(super) fn existing_ledger(&self) -> Result<SqliteLedger, Fault> {
        if self.has_ledger() {
            return self.ledger();
        }
        Err(Fault::with_hint(
            Exit::Usage,
            "nothing has been sent from this workspace yet",
            "`announce send DRAFT --dry-run` shows what a send would do",
        ))
    }

    /// Counts this run, and refuses a ledger that was restored from a backup.
    pub(super) async fn begin_run(&self, ledger: &SqliteLedger) -> Result<(), Fault> {
        let mirrors = if self.rehearses() {
            self.sandbox_folder().join("runs")
        } else {
            state_home().join("announce")
        };
        ledger.begin_run(&mirrors.join(ledger.id())).await?;
        Ok(())
    }

    /// Who has this campaign behind them, and who is never to be mailed: read without making
    /// anything.
    pub(super) fn known_people(&self, campaign: &str) -> Result<KnownPeople, Fault> {
        self.block_on(async {
            let mut known = KnownPeople::default();
            if self.has_ledger() {
                let ledger = self.ledger()?;
                known.attempted = ledger.attempted(campaign).await?;
                known.suppressed = ledger.suppressed().await?;
            }
            // Rehearsals leave out whom the workspace leaves out.
            let real = self.state_path("ledger.db");
            if self.rehearses() && real.exists() {
                known.suppressed.extend(SqliteLedger::open(&real)?.suppressed().await?);
            }
            Ok(known)
        })
    }

    /// People of an earlier campaign, for `exclude`.
    pub(super) fn people_of(&self, campaign: &str) -> Result<HashSet<PersonKey>, Fault> {
        self.block_on(async { Ok(self.existing_ledger()?.people(campaign).await?) })
    }

    /// Whether a send of this text begins a new rehearsal. Only the last rehearsal has its mail in
    /// the sandbox, so sending any other draft, or that one changed, begins anew.
    pub(super) fn begins_rehearsal(&self, campaign: &str, digest: &Digest) -> Result<bool, Fault> {
        if !self.rehearses() {
            return Ok(false);
        }
        let campaigns = self.rehearsals()?;
        let last = campaigns.iter().max_by_key(|record| record.frozen_at);
        Ok(!last.is_some_and(|last| last.id == campaign && last.digest == digest.to_string()))
    }

    /// Empties the sandbox. A ledger never forgets a delivery, so when this campaign has been
    /// rehearsed before, the rehearsals' ledger goes as a whole.
    pub(super) fn begin_rehearsal(&self, campaign: &str) -> Result<(), Fault> {
        sandbox::empty_folder(&self.sandbox_folder()).map_err(Fault::io)?;
        if !self.rehearsals()?.iter().any(|record| record.id == campaign) {
            return Ok(());
        }
        for name in ["ledger.db", "ledger.db-wal", "ledger.db-shm"] {
            match fs::remove_file(self.sandbox_folder().join(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Fault::io(error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn rehearsals(&self) -> Result<Vec<CampaignRecord>, Fault> {
        if !self.has_ledger() {
            return Ok(Vec::new());
        }
        self.block_on(async { Ok(self.ledger()?.campaigns().await?) })
    }

    pub(super) async fn unknown_campaign(&self, ledger: &SqliteLedger, id: &str) -> Fault {
        let campaigns = ledger.campaigns().await.unwrap_or_default();
        let ids = || campaigns.iter().map(|record| record.id.as_str());
        let hint = match closest(id, ids()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if campaigns.is_empty() => "nothing has been sent yet".to_owned(),
            None => format!("there is {}", ids().collect::<Vec<_>>().join(", ")),
        };
        Fault::with_hint(Exit::Usage, format!("no campaign `{id}`"), hint)
    }

    // How settings read in a plan.

    /// `APPG on North Korea <news@appg.example>`.
    pub(super) fn sender_line(&self) -> String {
        let sender = &self.settings().sender;
        format!("{} <{}>", sender.name, sender.address)
    }

    /// Where mail is handed over, without the user.
    pub(super) fn server_line(&self) -> String {
        match &self.settings().smtp.server {
            Server::Sandbox => "the sandbox: nothing leaves this machine".to_owned(),
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

/// People a plan leaves out, by key.
#[derive(Default)]
pub(super) struct KnownPeople {
    pub(super) attempted: HashSet<PersonKey>,
    pub(super) suppressed: HashSet<PersonKey>,
}

fn zone_name(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("UTC").to_owned()
}

/// `$XDG_STATE_HOME`, or its default.
fn state_home() -> PathBuf {
    let set = std::env::var_os("XDG_STATE_HOME").filter(|path| Path::new(path).is_absolute());
    set.map_or_else(
        || std::env::home_dir().unwrap_or_else(|| PathBuf::from("/")).join(".local/state"),
        PathBuf::from,
    )
}

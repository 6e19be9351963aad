//! What a newsroom keeps in `.announce/`: the secret, the ledger, and the sandbox, whose
//! rehearsals have a ledger of their own.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Exit, Fault, guard::check_not_lost, newsroom::Newsroom, runtime::block_on};
use crate::{
    campaign::Digest,
    config::is_slug,
    diagnostic::closest,
    keys::{Keys, PersonKey, Secret},
    ledger::{CampaignRecord, Ledger as _, RunLock, SqliteLedger},
    sandbox,
};

/// What the ledger knows of a campaign before a plan is made.
#[derive(Default)]
pub(super) struct Known {
    /// The campaign, if it was frozen before, and the ledger it is in.
    pub(super) record: Option<CampaignRecord>,
    pub(super) ledger_id: Option<String>,
    /// People who have it behind them.
    pub(super) attempted: HashSet<PersonKey>,
    /// People who are still to get it.
    pub(super) open: HashSet<PersonKey>,
    /// People who are never to be mailed.
    pub(super) suppressed: HashSet<PersonKey>,
}

impl Newsroom {
    pub(super) fn state(&self) -> Result<PathBuf, Fault> {
        self.workspace().state_dir().map_err(|fault| Fault::configuration(vec![fault]))
    }

    pub(super) fn state_path(&self, name: &str) -> PathBuf {
        self.workspace().root().join(".announce").join(name)
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

    pub(super) fn secret_path(&self) -> PathBuf {
        let settings = self.settings().secret_file.as_deref();
        settings.map_or_else(|| self.state_path("secret"), |file| self.workspace().path(file))
    }

    /// The keys of this workspace. The secret is made when there is none; without `keep` a
    /// throw-away one serves, and nothing is written.
    pub(super) fn keys(&self, keep: bool) -> Result<Arc<Keys>, Fault> {
        if self.has_secret()? {
            return self.existing_keys();
        }
        if !keep {
            return Ok(Arc::new(Keys::from(&Secret::throwaway()?)));
        }
        self.keys_under(&self.lock("making the secret")?)
    }

    /// The same for whoever has the lock; the secret is made when there is none.
    pub(super) fn keys_under(&self, _lock: &RunLock) -> Result<Arc<Keys>, Fault> {
        if self.has_secret()? {
            return self.existing_keys();
        }
        Ok(Arc::new(Keys::from(&Secret::create(&self.secret_path())?)))
    }

    /// Whether there is a secret; an error when there was one.
    fn has_secret(&self) -> Result<bool, Fault> {
        // Before the secret, which another run may be making: its ledger is younger.
        let mut ledgers = [self.state_path("ledger.db"), self.ledger_path()].into_iter();
        let has_ledger = ledgers.any(|path| path.exists());
        let has_secret = self.secret_path().exists() || credential().is_some();
        if has_ledger && !has_secret {
            return Err(Fault::with_hint(
                Exit::Configuration,
                "the secret is gone, and the ledger knows people only by it",
                "put `.announce/secret` back from its backup",
            ));
        }
        Ok(has_secret)
    }

    pub(super) fn existing_keys(&self) -> Result<Arc<Keys>, Fault> {
        if let Some(path) = credential() {
            // systemd decides about the mode of these files, so they are read as they are.
            let text = fs::read_to_string(path).map_err(Fault::io)?;
            let secret = text.parse::<Secret>().map_err(|error| {
                let message = format!("the credential `announce-secret`: {error}");
                Fault::with_hint(Exit::Configuration, message, "copy `.announce/secret` there")
            })?;
            return Ok(Arc::new(Keys::from(&secret)));
        }
        Ok(Arc::new(Keys::from(&Secret::load(&self.secret_path())?)))
    }

    /// Whether there is one; an error when there was one.
    pub(super) fn has_ledger(&self) -> Result<bool, Fault> {
        if self.rehearses() {
            return Ok(self.ledger_path().exists());
        }
        self.has_workspace_ledger()
    }

    /// That of real campaigns, which holds the suppressions for rehearsals too.
    fn has_workspace_ledger(&self) -> Result<bool, Fault> {
        let is_there = self.state_path("ledger.db").exists();
        let has_secret = credential().is_some() || self.secret_path().exists();
        if !is_there && has_secret {
            let keys = self.existing_keys()?;
            check_not_lost(&keys, None)?;
        }
        Ok(is_there)
    }

    /// Opens the ledger, making it when there is none. Needs the runtime.
    pub(super) fn ledger(&self) -> Result<SqliteLedger, Fault> {
        self.state()?;
        self.has_workspace_ledger()?;
        let workspace = self.state_path("ledger.db");
        Ok(if self.rehearses() {
            // Rehearsals leave out whom the workspace leaves out.
            SqliteLedger::open_under(&self.ledger_path(), &workspace)?
        } else {
            SqliteLedger::open(&workspace)?
        })
    }

    /// The ledger with the suppression list, which rehearsals share; none where nobody has been
    /// suppressed or mailed yet. Needs the runtime.
    pub(super) fn suppression_ledger(&self) -> Result<Option<SqliteLedger>, Fault> {
        let is_there = self.has_workspace_ledger()?;
        let path = self.state_path("ledger.db");
        Ok(if is_there { Some(SqliteLedger::open(&path)?) } else { None })
    }

    /// The same, made where there is none.
    pub(super) async fn own_suppression_ledger(&self, keys: &Keys) -> Result<SqliteLedger, Fault> {
        self.state()?;
        self.has_workspace_ledger()?;
        let ledger = SqliteLedger::open(&self.state_path("ledger.db"))?;
        self.check_books(&ledger, keys).await?;
        Ok(ledger)
    }

    /// Opens a ledger that must be there.
    pub(super) fn existing_ledger(&self) -> Result<SqliteLedger, Fault> {
        if self.has_ledger()? {
            return self.ledger();
        }
        Err(Fault::with_hint(
            Exit::Usage,
            "nothing has been sent from this workspace yet",
            "`announce send DRAFT --dry-run` shows what a send would do",
        ))
    }

    /// Looks a campaign up, making nothing.
    pub(super) fn known(&self, campaign: &str, keys: &Keys) -> Result<Known, Fault> {
        block_on(async {
            let mut known = Known::default();
            if self.has_ledger()? {
                let ledger = self.ledger()?;
                if self.rehearses() {
                    ledger.belongs_to(keys.ledger_mark().to_string()).await?;
                } else {
                    self.check_books(&ledger, keys).await?;
                }
                known.ledger_id = Some(ledger.id().to_owned());
                known.record = ledger.campaign(campaign).await?;
                if known.record.is_some() {
                    known.attempted = ledger.attempted(campaign).await?;
                    known.open = ledger.people(campaign).await?;
                }
            }
            if let Some(ledger) = self.suppression_ledger()? {
                known.suppressed = ledger.suppressed().await?;
            }
            let Known { open, attempted, suppressed, .. } = &mut known;
            open.retain(|person| !attempted.contains(person) && !suppressed.contains(person));
            // Mostly few are left, in the room of a whole campaign.
            open.shrink_to_fit();
            Ok(known)
        })
    }

    /// People who are never to be mailed.
    pub(super) fn suppressed(&self) -> Result<HashSet<PersonKey>, Fault> {
        block_on(async {
            Ok(match self.suppression_ledger()? {
                Some(ledger) => ledger.suppressed().await?,
                None => HashSet::new(),
            })
        })
    }

    /// People of an earlier campaign, for `exclude`.
    pub(super) fn people_of(&self, campaign: &str) -> Result<HashSet<PersonKey>, Fault> {
        block_on(async { Ok(self.existing_ledger()?.people(campaign).await?) })
    }

    /// Whether a send of this text begins a new rehearsal. Only the last rehearsal has its mail in
    /// the sandbox, so sending any other draft, or that one changed, begins anew.
    pub(super) fn begins_rehearsal(&self, campaign: &str, digest: &Digest) -> Result<bool, Fault> {
        if !self.rehearses() {
            return Ok(false);
        }
        let campaigns = self.rehearsals()?;
        let Some(last) = campaigns.iter().max_by_key(|record| record.frozen_at) else {
            return Ok(true);
        };
        // What has been said since about the same is part of it.
        let digest = digest.to_string();
        let thread = self.thread(&last.id)?;
        Ok(!thread.iter().any(|record| record.id == campaign && record.digest == digest))
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
        if !self.has_ledger()? {
            return Ok(Vec::new());
        }
        block_on(async { Ok(self.ledger()?.campaigns().await?) })
    }

    pub(super) async fn unknown_campaign(&self, ledger: &SqliteLedger, id: &str) -> Fault {
        let campaigns = ledger.campaigns().await.unwrap_or_default();
        let ids = || campaigns.iter().map(|record| record.id.as_str());
        let slug = id.strip_prefix("drafts/").unwrap_or(id);
        let slug = slug.strip_suffix(".md").unwrap_or(slug);
        let is_sent = ids().any(|known| known == slug);
        let draft = self.workspace().root().join(format!("drafts/{slug}.md"));
        if !is_sent && is_slug(slug) && draft.exists() {
            let message = format!("`{slug}` has not been sent to anybody");
            return Fault::with_hint(
                Exit::Usage,
                message,
                format!("`announce send {slug}` sends it"),
            );
        }
        let hint = match closest(slug, ids()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if campaigns.is_empty() => "nothing has been sent yet".to_owned(),
            None => format!("there is {}", ids().collect::<Vec<_>>().join(", ")),
        };
        Fault::with_hint(Exit::Usage, format!("no campaign `{id}`"), hint)
    }
}

/// The secret as systemd hands it over (`LoadCredential=announce-secret:…`).
fn credential() -> Option<PathBuf> {
    let folder = std::env::var_os("CREDENTIALS_DIRECTORY")?;
    Some(Path::new(&folder).join("announce-secret")).filter(|path| path.exists())
}

//! What is to be known of this machine and workspace.

use std::{
    env,
    fs::DirBuilder,
    os::unix::fs::DirBuilderExt as _,
    path::{Component, Path, PathBuf},
    process::Command,
};

use super::super::super::super::{Exit, Fault, guard::state_home, newsroom::Newsroom};
use crate::{
    config::{PasswordSource, Server, Settings},
    diagnostic::Diagnostic,
};

/// Where the parts lie that a run needs. Paths are absolute and hold no control characters.
#[cfg_attr(test, derive(Clone))]
pub(super) struct Site {
    /// This program, by the name that outlives an upgrade.
    pub(super) program: String,
    pub(super) workspace: String,
    /// Who sends by hand: state and secret are theirs alone.
    pub(super) user: String,
    /// `$XDG_STATE_HOME`, where it is set.
    pub(super) state_home: Option<String>,
    /// Where it is noted how far the ledger is.
    pub(super) register: String,
    pub(super) secret: String,
    /// Whether there is a secret yet: the first send makes it.
    pub(super) has_secret: bool,
    /// Whether receipts are written.
    pub(super) has_drafts: bool,
    pub(super) password: Password,
    /// Everything that is read or written, also where it really is.
    pub(super) touched: Vec<PathBuf>,
}

/// How the password is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Password {
    /// The server asks for none.
    Unused,
    Command,
    File,
    /// From a credential or a variable.
    Environment,
}

impl Site {
    /// Looks at the workspace, the environment and the program that runs.
    pub(super) fn look(newsroom: &Newsroom) -> Result<Self, Fault> {
        let (workspace, settings) = (newsroom.workspace(), newsroom.settings());
        let program = program().map_err(Fault::io)?;
        let home = state_home();
        let (register, secret) = (home.join("announce"), newsroom.secret_path());
        let is_set = env::var_os("XDG_STATE_HOME").is_some_and(|set| home == Path::new(&set));
        let drafts = workspace.root().join("drafts");

        let mut touched = vec![
            program.clone(),
            workspace.root().to_owned(),
            register.clone(),
            secret.clone(),
            drafts.clone(),
        ];
        touched.extend(settings.lists.values().map(|list| workspace.path(&list.file)));
        touched.extend(settings.smtp.ca_file.as_ref().map(|file| workspace.path(file)));
        if let PasswordSource::File(file) = &settings.smtp.password {
            touched.push(workspace.path(file));
        }
        let real: Vec<PathBuf> = touched.iter().flat_map(|path| path.canonicalize()).collect();
        touched.extend(real);

        Ok(Self {
            program: text(&program)?,
            workspace: text(workspace.root())?,
            user: user(),
            state_home: is_set.then(|| text(&home)).transpose()?,
            register: text(&register)?,
            has_secret: secret.exists(),
            secret: text(&secret)?,
            has_drafts: drafts.is_dir(),
            password: Password::of(settings),
            touched,
        })
    }

    /// Makes the folders that a run writes to: systemd starts nothing that may write to a folder
    /// which is not there.
    pub(super) fn make_folders(&self, newsroom: &Newsroom) -> Result<(), Fault> {
        newsroom.state()?;
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(0o700).create(&self.register).map_err(Fault::io)
    }

    /// Whether anything lies below one of these folders.
    pub(super) fn touches(&self, folders: &[&str]) -> bool {
        self.touched.iter().any(|path| folders.iter().any(|folder| path.starts_with(folder)))
    }

    #[cfg(test)]
    pub(super) fn sample() -> Self {
        Self {
            program: "/usr/local/bin/announce".into(),
            workspace: "/srv/newsroom".into(),
            user: "news".into(),
            state_home: None,
            register: "/var/lib/news/.local/state/announce".into(),
            secret: "/srv/newsroom/.announce/secret".into(),
            has_secret: true,
            has_drafts: true,
            password: Password::Unused,
            touched: vec!["/usr/local/bin/announce".into(), "/srv/newsroom".into()],
        }
    }
}

impl Password {
    fn of(settings: &Settings) -> Self {
        match (&settings.smtp.server, &settings.smtp.password) {
            (Server::Relay(relay), source) if relay.user.is_some() => match source {
                PasswordSource::Command(_) => Self::Command,
                PasswordSource::File(_) => Self::File,
                PasswordSource::Environment => Self::Environment,
            },
            _ => Self::Unused,
        }
    }
}

/// This program as it was called, where that leads to it: `/usr/local/bin/announce` may be a link
/// that an upgrade turns to another file, and that file's name must not be what cron knows.
fn program() -> std::io::Result<PathBuf> {
    let running = env::current_exe()?;
    let called = PathBuf::from(env::args_os().next().unwrap_or_default());
    let candidates: Vec<PathBuf> = if called.components().count() > 1 {
        vec![std::path::absolute(&called)?]
    } else {
        let folders = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&folders).map(|folder| folder.join(&called)).collect()
    };
    let is_it = |path: &PathBuf| {
        let is_straight = path.components().all(|part| part != Component::ParentDir);
        path.is_absolute() && is_straight && path.canonicalize().is_ok_and(|real| real == running)
    };
    Ok(candidates.into_iter().find(is_it).unwrap_or(running))
}

/// The name of whoever runs this, else their number, which systemd takes too.
fn user() -> String {
    let told = Command::new("id").arg("-un").output().ok();
    let name = told.filter(|told| told.status.success()).map(|told| told.stdout);
    let name = name.map(|name| String::from_utf8_lossy(&name).trim().to_owned());
    name.filter(|name| !name.is_empty())
        .unwrap_or_else(|| rustix::process::geteuid().as_raw().to_string())
}

/// A path as it can stand in a line of text.
fn text(path: &Path) -> Result<String, Fault> {
    let text = path.to_str().filter(|text| !text.contains(char::is_control));
    text.map(str::to_owned).ok_or_else(|| {
        let shown = path.display().to_string().escape_debug().to_string();
        let message = format!("`{shown}` cannot stand in a crontab or a unit");
        let hint = "rename that folder: neither line breaks nor bytes that are not UTF-8 can";
        Fault::new(Exit::Usage, Diagnostic::new(message).hint(hint))
    })
}

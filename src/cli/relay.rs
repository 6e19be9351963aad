//! The server mail is handed to: the configured relay, or the sandbox, started for this run.

use std::{fs, num::NonZeroU32, sync::Arc};

use super::{Exit, Fault, newsroom::Newsroom};
use crate::{
    clock::SystemClock,
    config::{self, Server},
    deliver::smtp::{self, Login, Manners, Security, SmtpTransport, Timeouts, Trust},
    diagnostic::Diagnostic,
    sandbox::{Options, Sandbox, Store},
};

/// Where a run's connections go.
pub(super) struct Relay {
    relay: Arc<smtp::Relay>,
    sandbox: Option<Sandbox>,
}

impl Relay {
    /// Fetches password and certificates, or starts the sandbox.
    pub(super) async fn open(newsroom: &Newsroom) -> Result<Self, Fault> {
        match &newsroom.settings().smtp.server {
            Server::Relay(relay) => {
                Ok(Self { relay: Arc::new(configured(newsroom, relay)?), sandbox: None })
            }
            Server::Sandbox => {
                let options = Options::new(Store::Folder(newsroom.sandbox_folder()));
                let sandbox = Sandbox::start(options, newsroom.clock()).await.map_err(Fault::io)?;
                let relay = config::Relay {
                    security: config::Security::Plain,
                    host: sandbox.addr().ip().to_string(),
                    port: sandbox.addr().port(),
                    user: None,
                };
                let relay = Arc::new(configured(newsroom, &relay)?);
                Ok(Self { relay, sandbox: Some(sandbox) })
            }
        }
    }

    /// A connection of its own; it is opened when it is first used.
    pub(super) fn transport(&self, clock: SystemClock) -> SmtpTransport<SystemClock> {
        SmtpTransport::new(Arc::clone(&self.relay), clock)
    }

    /// Lets the sandbox finish writing.
    pub(super) async fn close(self) {
        if let Some(sandbox) = self.sandbox {
            sandbox.stop().await;
        }
    }
}

/// The settings as the session takes them.
fn configured(newsroom: &Newsroom, relay: &config::Relay) -> Result<smtp::Relay, Fault> {
    let settings = &newsroom.settings().smtp;
    let config::Relay { security, host, port, user } = relay;
    let login = match user {
        None => None,
        Some(user) => {
            let root = newsroom.workspace().root();
            let password = settings.password.resolve(root, |name| std::env::var_os(name));
            let password = password.map_err(|fault| Fault::configuration(vec![fault]))?;
            Some(Login { user: user.clone(), password })
        }
    };
    let security = match security {
        config::Security::ImplicitTls => Security::ImplicitTls(trust(newsroom)?),
        config::Security::StartTls => Security::StartTls(trust(newsroom)?),
        config::Security::Plain => Security::Plain,
    };
    Ok(smtp::Relay {
        host: host.clone(),
        port: *port,
        security,
        helo: settings.helo.clone(),
        login,
        messages_per_connection: u32::try_from(settings.messages_per_connection)
            .ok()
            .and_then(NonZeroU32::new)
            .unwrap_or(NonZeroU32::MAX),
        timeouts: match settings.timeout {
            None => Timeouts::default(),
            Some(most) => Timeouts::default().at_most(most),
        },
        manners: Manners::default(),
    })
}

/// The authorities of this machine and of the web, and the one in `ca_file`.
fn trust(newsroom: &Newsroom) -> Result<Trust, Fault> {
    let Some(file) = &newsroom.settings().smtp.ca_file else { return Ok(Trust::system()) };
    let unusable = |reason: String| {
        let fault = Diagnostic::new(format!("`{}` cannot be used: {reason}", file.display()));
        Fault::new(Exit::Configuration, fault.hint("`smtp.ca_file` is a PEM file of certificates"))
    };
    let pem =
        fs::read(newsroom.workspace().path(file)).map_err(|error| unusable(error.to_string()))?;
    Trust::system_and(&pem).map_err(|error| unusable(error.to_string()))
}

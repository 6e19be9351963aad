//! Whom to trust, and what a failed handshake means.

use std::{fmt, io, sync::Arc, time::Duration};

use rustls::{
    CertificateError, ClientConfig, Error as TlsError, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::Duplex;
use crate::deliver::{Failure, Scope, Stage};

/// The certificate authorities that are believed, and the settings of TLS made from them. There is
/// no way to switch the checks off.
#[derive(Clone)]
pub struct Trust(Arc<ClientConfig>);

/// The extra authorities cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a PEM file with certificates: {0}")]
pub struct BadCertificates(String);

impl Trust {
    /// This machine's authorities and Mozilla's; read once, shared by all connections.
    pub fn system() -> Self {
        Self::with(authorities())
    }

    /// The same, and those in `pem` (the bytes of a file with an organisation's own authority, or
    /// with a server's self-signed certificate).
    pub fn system_and(pem: &[u8]) -> Result<Self, BadCertificates> {
        let mut roots = authorities();
        let mut count = 0;
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|error| BadCertificates(error.to_string()))?;
            roots.add(certificate).map_err(|error| BadCertificates(error.to_string()))?;
            count += 1;
        }
        if count == 0 {
            return Err(BadCertificates("there is no certificate in it".to_owned()));
        }
        Ok(Self::with(roots))
    }

    fn with(roots: RootCertStore) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring knows TLS 1.2 and 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self(Arc::new(config))
    }
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trust(..)")
    }
}

/// A machine without certificates of its own still has Mozilla's.
fn authorities() -> RootCertStore {
    let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

/// Puts TLS around `stream`, with a certificate for `host`.
pub(super) async fn handshake(
    stream: Box<dyn Duplex>,
    trust: &Trust,
    host: &str,
    stage: Stage,
    within: Duration,
) -> Result<Box<dyn Duplex>, Failure> {
    let failure = |scope: Scope, reason: String| Failure { stage, reply: None, reason, scope };
    let name = ServerName::try_from(host.to_owned()).map_err(|_| {
        failure(Scope::Setup, format!("`{host}` is no host name: check `[smtp] url`"))
    })?;
    let connector = TlsConnector::from(Arc::clone(&trust.0));
    match timeout(within, connector.connect(name, stream)).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(error)) => {
            let (scope, reason) = explain(&error, host);
            Err(failure(scope, reason))
        }
        Err(_) => Err(failure(
            Scope::Connection,
            format!("`{host}` did not answer in TLS within {within:?}: {WRONG_PORT}"),
        )),
    }
}

const WRONG_PORT: &str = "`smtps://` is for the port with TLS from the start (465), `smtp://` for \
    the one with STARTTLS (587)";

fn explain(error: &io::Error, host: &str) -> (Scope, String) {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>());
    let reason = match inner {
        Some(TlsError::InvalidCertificate(bad)) => explain_certificate(bad, host),
        Some(TlsError::InvalidMessage(_)) => {
            format!("`{host}` does not speak TLS here: {WRONG_PORT}")
        }
        Some(other) => format!("no TLS with `{host}`: {other}"),
        None => {
            let reason = format!("the connection to `{host}` broke in the TLS handshake");
            return (Scope::Connection, reason);
        }
    };
    (Scope::Setup, reason)
}

fn explain_certificate(bad: &CertificateError, host: &str) -> String {
    use CertificateError as Bad;
    match bad {
        Bad::NotValidForName | Bad::NotValidForNameContext { .. } => format!(
            "the certificate is not for `{host}`: check the host in `[smtp] url`; if it is right, \
             do not send, and ask the server's operator"
        ),
        Bad::Expired | Bad::ExpiredContext { .. } => format!(
            "the certificate of `{host}` has expired: ask the server's operator, and check this \
             machine's clock"
        ),
        Bad::NotValidYet | Bad::NotValidYetContext { .. } => {
            format!("the certificate of `{host}` is not valid yet: check this machine's clock")
        }
        Bad::Revoked => format!("the certificate of `{host}` was revoked: do not send"),
        // A self-signed certificate is its own authority, which rustls reports as one of these.
        Bad::UnknownIssuer | Bad::BadSignature | Bad::Other(_) => format!(
            "the certificate of `{host}` is not from an authority that this machine trusts \
             (self-signed, perhaps): name its authority's file in `[smtp] ca_file`"
        ),
        other => format!("the certificate of `{host}` is not good: {other}"),
    }
}

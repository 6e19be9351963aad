//! Certificates good and bad, and what may not be said before TLS.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use tokio_rustls::TlsAcceptor;

use super::{
    found,
    peer::{Peer, Script, relay},
};
use crate::{
    clock::{Clock, FixedStartClock, SystemClock},
    compose::Envelope,
    deliver::{
        Outcome, Scope, Stage, Transport,
        contract::Marks,
        smtp::{Login, Relay, Security, SmtpTransport, Trust},
    },
};

/// An authority of our own.
pub(super) struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub(super) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    pub(super) fn trust(&self) -> Trust {
        Trust::system_and(self.pem.as_bytes()).unwrap()
    }

    /// A server with a certificate for `host`.
    pub(super) fn server(&self, host: &str) -> TlsAcceptor {
        self.server_with(CertificateParams::new([host.to_owned()]).unwrap())
    }

    fn server_with(&self, params: CertificateParams) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        acceptor(certificate.der().clone(), &key)
    }
}

fn acceptor(certificate: CertificateDer<'static>, key: &KeyPair) -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// The server's side after the handshake, if the client goes through with it.
pub(super) async fn inside(tls: TlsAcceptor, peer: Peer) -> Option<Peer> {
    tls.accept(peer.into_stream()).await.ok().map(Peer::new)
}

async fn send(security: Security, login: Option<Login>, script: Script) -> Outcome {
    let servers = script.running();
    let clock = FixedStartClock::new(Timestamp::UNIX_EPOCH);
    let relay = Arc::new(Relay { security, login, ..relay() });
    let mut transport = SmtpTransport::over(relay, clock, script);
    let envelope =
        Envelope { from: "news@appg.example".to_owned(), to: "ana@example.org".to_owned() };
    let outcome = transport.send(&envelope, b"x\r\n", Marks::default()).await;
    drop(transport);
    let servers = std::mem::take(&mut *servers.lock().unwrap());
    for server in servers {
        server.await.expect("the server heard what it expected");
    }
    outcome
}

fn login() -> Login {
    Login { user: "news".to_owned(), password: "pass".into() }
}

const REFUSED: &str = "stopped with the reason before anything was said: no AUTH, no RCPT";

const AUTH: &str = "AUTH PLAIN AG5ld3MAcGFzcw==";

/// A server with TLS from the first byte, which must not get as far as a command.
async fn refused_certificate(tls: TlsAcceptor, trust: Trust) -> String {
    let script = Script::default().then(|peer: Peer| async move {
        if let Some(mut peer) = inside(tls, peer).await {
            peer.say("220 relay.test").await;
            peer.closed().await;
        }
    });
    let outcome = send(Security::ImplicitTls(trust), Some(login()), script).await;
    let Outcome::NotTried(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!((failure.stage, failure.scope), (Stage::Connect, Scope::Setup));
    failure.reason
}

#[tokio::test(start_paused = true)]
async fn an_authority_that_was_named_is_trusted() {
    let authority = Authority::new();
    let tls = authority.server("relay.test");
    let script = Script::default().then(|peer: Peer| async move {
        let mut peer = inside(tls, peer).await.expect("a handshake");
        peer.greet(&["PIPELINING", "AUTH PLAIN"]).await;
        peer.answer(AUTH, "235 ok").await;
        peer.take("ana").await;
    });
    let outcome = send(Security::ImplicitTls(authority.trust()), Some(login()), script).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
}

#[tokio::test(start_paused = true)]
async fn after_starttls_everything_said_before_is_forgotten() {
    let authority = Authority::new();
    let tls = authority.server("relay.test");
    let script = Script::default().then(|mut peer: Peer| async move {
        // An attacker's offers: LOGIN without TLS, a size that nothing fits.
        peer.greet(&["STARTTLS", "AUTH LOGIN", "SIZE 1"]).await;
        peer.answer("STARTTLS", "220 go").await;
        let mut peer = inside(tls, peer).await.expect("a handshake");
        peer.hello(&["PIPELINING", "AUTH PLAIN"]).await;
        peer.answer(AUTH, "235 ok").await;
        peer.take("ana").await;
    });
    let outcome = send(Security::StartTls(authority.trust()), Some(login()), script).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
}

#[tokio::test(start_paused = true)]
async fn a_certificate_for_another_host_is_refused() {
    let authority = Authority::new();
    let reason = refused_certificate(authority.server("other.test"), authority.trust()).await;
    assert!(reason.starts_with("the certificate is not for `relay.test`"), "{reason}");
    found("F6c", "the certificate is for another host", REFUSED);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_authority_is_refused() {
    let stranger = Authority::new();
    let reason = refused_certificate(stranger.server("relay.test"), Authority::new().trust()).await;
    assert!(reason.contains("not from an authority that this machine trusts"), "{reason}");
    found("F6e", "the certificate is from an unknown authority", REFUSED);
}

#[tokio::test(start_paused = true)]
async fn a_self_signed_certificate_is_refused_until_it_is_named() {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["relay.test".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let server = || acceptor(certificate.der().clone(), &key);
    let reason = refused_certificate(server(), Trust::system()).await;
    assert!(reason.contains("(self-signed, perhaps): name its authority's file"), "{reason}");

    let trust = Trust::system_and(certificate.pem().as_bytes()).unwrap();
    let tls = server();
    let script = Script::default().then(|peer: Peer| async move {
        let mut peer = inside(tls, peer).await.expect("a handshake");
        peer.greet(&["PIPELINING"]).await;
        peer.take("ana").await;
    });
    let outcome = send(Security::ImplicitTls(trust), None, script).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    found("F6d", "the certificate is self-signed", REFUSED);
}

#[tokio::test(start_paused = true)]
async fn an_expired_certificate_is_refused() {
    let authority = Authority::new();
    let mut params = CertificateParams::new(["relay.test".to_owned()]).unwrap();
    params.not_before = date_time_ymd(1990, 1, 1);
    params.not_after = date_time_ymd(1991, 1, 1);
    let reason = refused_certificate(authority.server_with(params), authority.trust()).await;
    assert!(reason.starts_with("the certificate of `relay.test` has expired"), "{reason}");
    found("F6b", "the certificate has expired", REFUSED);
}

#[tokio::test(start_paused = true)]
async fn a_server_without_starttls_gets_neither_password_nor_mail() {
    let script = Script::default().then(|mut peer: Peer| async move {
        peer.greet(&["PIPELINING", "AUTH PLAIN"]).await;
        assert_eq!(peer.rest().await, b"");
    });
    let outcome = send(Security::StartTls(Trust::system()), Some(login()), script).await;
    let Outcome::NotTried(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!((failure.stage, failure.scope), (Stage::Starttls, Scope::Setup));
    assert!(failure.reason.contains("does not offer STARTTLS"));
    found("F5", "STARTTLS is not offered", "stopped after EHLO: no AUTH, no RCPT");
}

#[tokio::test(start_paused = true)]
async fn words_slipped_in_before_tls_end_it() {
    let script = Script::default().then(|mut peer: Peer| async move {
        peer.greet(&["STARTTLS"]).await;
        peer.answer("STARTTLS", "220 go\n250 injected").await;
        assert_eq!(peer.rest().await, b"");
    });
    let outcome = send(Security::StartTls(Trust::system()), Some(login()), script).await;
    let Outcome::NotTried(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!((failure.stage, failure.scope), (Stage::Starttls, Scope::Setup));
    assert!(failure.reason.contains("spoke out of turn"));
    let happened = "stopped before the handshake, the slipped-in line never used: no AUTH, no RCPT";
    found("F7", "`220 go` and `250 injected` in one segment before TLS", happened);
}

#[tokio::test(start_paused = true)]
async fn garbage_instead_of_tls_names_the_port() {
    let script = Script::default().then(|mut peer: Peer| async move {
        peer.say("220 relay.test ESMTP, in the clear").await;
        peer.rest().await;
    });
    let outcome = send(Security::ImplicitTls(Trust::system()), None, script).await;
    let Outcome::NotTried(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!((failure.stage, failure.scope), (Stage::Connect, Scope::Setup));
    assert!(failure.reason.contains("does not speak TLS here"), "{}", failure.reason);
}

#[tokio::test(start_paused = true)]
async fn garbage_after_starttls_stops_it() {
    let script = Script::default().then(|mut peer: Peer| async move {
        peer.greet(&["STARTTLS", "PIPELINING", "AUTH PLAIN"]).await;
        peer.answer("STARTTLS", "220 go").await;
        // Not in the same segment: that is another fault.
        SystemClock::new().sleep(Duration::from_secs(1)).await;
        peer.raw(&[b"no such thing\r\n".as_slice(); 9].concat()).await;
        let heard = String::from_utf8_lossy(&peer.rest().await).into_owned();
        assert!(!heard.contains("AUTH") && !heard.contains("RCPT"), "{heard}");
    });
    let outcome = send(Security::StartTls(Trust::system()), Some(login()), script).await;
    let Outcome::NotTried(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!((failure.stage, failure.scope), (Stage::Starttls, Scope::Setup));
    assert!(failure.reason.contains("does not speak TLS here"), "{}", failure.reason);
    found("F6a", "after STARTTLS comes garbage", "stopped with the reason: no AUTH, no RCPT");
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_hangs_or_breaks_may_be_tried_again() {
    let hanging = Script::default().then(|peer: Peer| async move {
        peer.rest().await;
    });
    let breaking = Script::default().then(|peer: Peer| async move { drop(peer) });
    for script in [hanging, breaking] {
        let outcome = send(Security::ImplicitTls(Trust::system()), None, script).await;
        let Outcome::NotTried(failure) = outcome else { panic!("{outcome:?}") };
        assert_eq!((failure.stage, failure.scope), (Stage::Connect, Scope::Connection));
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_lost_inside_tls_after_the_dot_is_uncertain() {
    let authority = Authority::new();
    let tls = authority.server("relay.test");
    let script = Script::default().then(|peer: Peer| async move {
        let mut peer = inside(tls, peer).await.expect("a handshake");
        peer.greet(&["PIPELINING"]).await;
        peer.up_to_354("ana").await;
        peer.body().await.expect("a body");
    });
    let outcome = send(Security::ImplicitTls(authority.trust()), None, script).await;
    assert!(matches!(outcome, Outcome::Uncertain(_)), "{outcome:?}");
}

#[test]
fn a_file_without_certificates_is_no_authority() {
    assert!(Trust::system_and(b"").is_err());
    assert!(Trust::system_and(b"-----BEGIN CERTIFICATE-----\n!!\n").is_err());
    let key = KeyPair::generate().unwrap().serialize_pem();
    assert!(Trust::system_and(key.as_bytes()).is_err());
}

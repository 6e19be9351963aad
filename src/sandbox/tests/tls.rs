use std::sync::Arc;

use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    pki_types::{PrivateKeyDer, ServerName},
};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::client::{Client, Peer};
use crate::{
    deliver::Stage,
    sandbox::{Act, Auth, Mechanism, Rule, Script, Tls},
};

/// A server's certificate for `localhost` and a client that trusts it.
fn certificate() -> (Arc<ServerConfig>, TlsConnector) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("valid name");
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let certificate = made.cert.der().clone();
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).expect("a certificate");
    let server = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("the key fits");
    let client = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    (Arc::new(server), TlsConnector::from(Arc::new(client)))
}

async fn secure<S: AsyncRead + AsyncWrite + Unpin>(
    connector: &TlsConnector,
    client: Client<S>,
) -> Client<TlsStream<S>> {
    let name = ServerName::try_from("localhost").expect("a valid name");
    Client::new(connector.connect(name, client.stream).await.expect("the handshake succeeds"))
}

#[tokio::test]
async fn implicit_tls_is_there_from_the_first_byte() {
    let (config, connector) = certificate();
    let peer = Peer::with(|options| options.tls = Tls::Implicit(config));
    let mut client = secure(&connector, peer.dial()).await;
    client.greet().await;
    assert!(client.mail("ann@example.org").await.starts_with("250"));
    assert!(client.ask("STARTTLS").await.starts_with("502"));
}

#[tokio::test]
async fn where_starttls_is_offered_nothing_else_will_do() {
    let (config, connector) = certificate();
    let peer = Peer::with(|options| {
        options.tls = Tls::StartTls(config);
        options.auth = Some(Auth {
            user: "news".into(),
            password: "pw".into(),
            mechanisms: vec![Mechanism::Plain],
        });
    });
    let mut client = peer.dial();
    client.reply().await;
    let offers = client.ask("EHLO client.example").await;
    assert!(offers.ends_with("250 STARTTLS\r\n") && !offers.contains("AUTH"), "{offers}");
    assert!(client.ask("AUTH PLAIN AG5ld3MAcHc=").await.starts_with("530 5.7.0"));
    assert!(client.ask("MAIL FROM:<>").await.starts_with("530 5.7.0"));
    assert!(client.ask("STARTTLS").await.starts_with("220"));
    let mut client = secure(&connector, client).await;
    assert!(client.ask("MAIL FROM:<>").await.starts_with("503 5.5.1 say EHLO first"));
    let offers = client.ask("EHLO client.example").await;
    assert!(offers.ends_with("250 AUTH PLAIN\r\n") && !offers.contains("STARTTLS"), "{offers}");
    assert!(client.ask("AUTH PLAIN AG5ld3MAcHc=").await.starts_with("235"));
    assert!(client.mail("ann@example.org").await.starts_with("250"));
    assert_eq!(peer.journal.faults(), [""; 0]);
}

#[tokio::test]
async fn commands_smuggled_in_before_tls_are_forgotten() {
    let (config, connector) = certificate();
    let peer = Peer::with(|options| options.tls = Tls::StartTls(config));
    let mut client = peer.connect().await;
    assert!(client.ask("STARTTLS\r\nNOOP").await.starts_with("220"));
    let mut client = secure(&connector, client).await;
    client.stream.flush().await.expect("open");
    assert!(client.ask("EHLO client.example").await.starts_with("250-localhost"));
    assert_eq!(peer.journal.faults(), ["something followed STARTTLS in the clear"]);
}

#[tokio::test]
async fn a_script_may_speak_before_tls_or_spoil_it() {
    let (config, _) = certificate();
    let peer = Peer::with(|options| {
        options.tls = Tls::StartTls(config);
        options.script = Script::new()
            .rule(Rule::reply(Stage::Starttls, "220 go\r\n250 injected").connection(1))
            .rule(Rule::at(Stage::Starttls, [Act::Usual, Act::reply("junk"), Act::Close]));
    });
    let mut client = peer.connect().await;
    assert_eq!(client.ask("STARTTLS").await, "220 go\r\n");
    assert_eq!(client.reply().await, "250 injected\r\n");
    let mut client = peer.connect().await;
    assert!(client.ask("STARTTLS").await.starts_with("220"));
    assert_eq!(client.reply().await, "junk\r\n");
}

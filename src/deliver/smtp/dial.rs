//! Name, TCP, `TCP_NODELAY`, `SO_KEEPALIVE`.

use std::{future::Future, io, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpSocket, TcpStream, lookup_host},
    time::timeout,
};

use super::{Relay, Security};
use crate::deliver::{Failure, Scope, Stage};

/// A byte stream in both directions.
pub trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Duplex for S {}

/// Opens byte streams to a relay. Tests hand out in-memory pipes.
pub trait Dial: Send {
    /// A new connection, without TLS, within [`Timeouts::connect`](super::Timeouts::connect).
    fn dial(
        &mut self,
        relay: &Relay,
    ) -> impl Future<Output = Result<Box<dyn Duplex>, Failure>> + Send;
}

/// Dials over TCP.
#[derive(Clone, Copy, Debug, Default)]
pub struct TcpDial;

impl Dial for TcpDial {
    async fn dial(&mut self, relay: &Relay) -> Result<Box<dyn Duplex>, Failure> {
        let Relay { host, port, .. } = relay;
        let addresses = match timeout(relay.timeouts.connect, resolve(host, *port)).await {
            Ok(found) => found.map_err(|error| unknown_host(host, &error))?,
            Err(_) => return Err(failure(Scope::Connection, no_answer(host, *port))),
        };
        if matches!(relay.security, Security::Plain)
            && !addresses.iter().all(|address| address.ip().is_loopback())
        {
            return Err(failure(
                Scope::Setup,
                format!("`{host}` is another machine, and mail without TLS goes to loopback only"),
            ));
        }
        connect(&addresses, relay.timeouts.connect)
            .await
            .map(|stream| Box::new(stream) as Box<dyn Duplex>)
            .map_err(|error| unreachable_host(host, *port, &error))
    }
}

async fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let found: Vec<_> = lookup_host((host, port)).await?.collect();
    if found.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(found) }
}

/// The first address that answers; each gets its share of the time, so that one that is silent
/// (IPv6 without a route, often) does not hide the others. The error is that of the last one.
async fn connect(addresses: &[SocketAddr], within: Duration) -> io::Result<TcpStream> {
    let share = within / u32::try_from(addresses.len().max(1)).unwrap_or(u32::MAX);
    let mut failed = io::Error::from(io::ErrorKind::TimedOut);
    for address in addresses {
        match timeout(share, open(*address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => failed = error,
            Err(_) => failed = io::ErrorKind::TimedOut.into(),
        }
    }
    Err(failed)
}

async fn open(address: SocketAddr) -> io::Result<TcpStream> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A connection that rests at a slow pace learns that the server has gone. No
    // wait depends on it: every stage has its deadline.
    socket.set_keepalive(true)?;
    let stream = socket.connect(address).await?;
    // Without it the end of each message waits 40 ms for an acknowledgement.
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn unknown_host(host: &str, error: &io::Error) -> Failure {
    failure(
        Scope::Connection,
        format!("no address is known for `{host}` ({error}): check `[smtp] url` and the network"),
    )
}

fn unreachable_host(host: &str, port: u16, error: &io::Error) -> Failure {
    let reason = match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            format!("nothing listens at `{host}:{port}`: check `[smtp] url`, or start the server")
        }
        io::ErrorKind::TimedOut => no_answer(host, port),
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => {
            format!("there is no way to `{host}:{port}`: check the network")
        }
        _ => format!("`{host}:{port}` cannot be reached: {error}"),
    };
    failure(Scope::Connection, reason)
}

fn no_answer(host: &str, port: u16) -> String {
    format!("`{host}:{port}` does not answer: check `[smtp] url`, and that no firewall is between")
}

fn failure(scope: Scope, reason: String) -> Failure {
    Failure { stage: Stage::Connect, reply: None, reason, scope }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_not_to_arrive_is_told_apart() {
        let reason = |kind: io::ErrorKind| unreachable_host("relay.test", 25, &kind.into()).reason;
        assert!(reason(io::ErrorKind::ConnectionRefused).starts_with("nothing listens at"));
        assert!(reason(io::ErrorKind::TimedOut).contains("does not answer"));
        assert!(reason(io::ErrorKind::NetworkUnreachable).contains("no way to `relay.test:25`"));
        assert!(reason(io::ErrorKind::Other).contains("cannot be reached"));
    }
}

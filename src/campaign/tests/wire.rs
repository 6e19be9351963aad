//! A campaign over real SMTP, word by word: the session of `deliver` on in-memory pipes, the server
//! of `sandbox` at their other end, and a clock that stands still while anybody has something to do.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, split};

use super::*;
use crate::{
    deliver::smtp::{self, Dial, Duplex, Manners, Security, SmtpTransport, Timeouts},
    sandbox::{Act, Journal, Options, Rule, Script, Server, Store},
};

/// A server that is played as scripted, and the way to it.
#[derive(Clone)]
pub(super) struct Wire {
    pub(super) journal: Journal,
    pub(super) relay: Arc<smtp::Relay>,
    pub(super) pipes: Pipes,
}

/// Connects to the server without a socket.
#[derive(Clone)]
pub(super) struct Pipes {
    server: Server<FixedStartClock>,
    unreachable: Arc<AtomicU32>,
    /// Bytes that fit in before the writer has to wait.
    width: usize,
    forgets: Option<Forgets>,
}

/// What a server does not see of what came in one write.
#[derive(Clone, Copy, Debug)]
pub(super) enum Forgets {
    /// What stands behind a dot.
    BehindTheDot,
    /// What stands behind MAIL.
    BehindMail,
}

impl Forgets {
    /// What is left of a write.
    fn cut(self, bytes: &[u8]) -> &[u8] {
        let end: &[u8] = match self {
            Self::BehindTheDot => b"\r\n.\r\n",
            Self::BehindMail if bytes.starts_with(b"MAIL") => b"\r\n",
            Self::BehindMail => return bytes,
        };
        let found = bytes.windows(end.len()).position(|window| window == end);
        found.map_or(bytes, |at| &bytes[..at + end.len()])
    }
}

impl Wire {
    /// A server that offers everything and does what the script says.
    pub(super) fn new(clock: FixedStartClock, script: Script) -> Self {
        Self::with(clock, |options| options.script = script)
    }

    /// A server of these options.
    pub(super) fn with(clock: FixedStartClock, set: impl FnOnce(&mut Options)) -> Self {
        let journal = Journal::new();
        let mut options = Options::new(Store::Discard);
        options.journal = Some(journal.clone());
        set(&mut options);
        let relay = smtp::Relay {
            host: "relay.test".to_owned(),
            port: 25,
            security: Security::Plain,
            helo: "group.example".to_owned(),
            login: None,
            messages_per_connection: 100.try_into().unwrap(),
            timeouts: Timeouts::default(),
            manners: Manners::default(),
        };
        let server = Server::new(options, clock).unwrap();
        let pipes = Pipes { server, unreachable: Arc::default(), width: 64 * 1024, forgets: None };
        Self { journal, relay: Arc::new(relay), pipes }
    }

    /// The relay's settings, before the first connection.
    pub(super) fn relay(&mut self) -> &mut smtp::Relay {
        Arc::make_mut(&mut self.relay)
    }

    /// From now on so few bytes are on their way at a time.
    pub(super) fn narrow(&mut self, bytes: usize) {
        self.pipes.width = bytes;
    }

    /// From now on the server does not see all of a write.
    pub(super) fn forget(&mut self, forgets: Forgets) {
        self.pipes.forgets = Some(forgets);
    }

    /// The next so many connections are refused.
    pub(super) fn refuse_connections(&self, count: u32) {
        self.pipes.unreachable.store(count, Ordering::SeqCst);
    }

    /// A connection of its own.
    pub(super) fn transport<C: Clock>(&self, clock: C) -> impl Transport + use<C> {
        SmtpTransport::over(Arc::clone(&self.relay), clock, self.pipes.clone())
    }

    /// Everybody the server took a message for, each time it did, in order.
    pub(super) fn accepted(&self) -> Vec<String> {
        self.journal.accepted().into_iter().map(|(_, recipient)| recipient).collect()
    }
}

impl Dial for Pipes {
    async fn dial(&mut self, _: &smtp::Relay) -> Result<Box<dyn Duplex>, Failure> {
        let less = |left: u32| left.checked_sub(1);
        if self.unreachable.try_update(Ordering::SeqCst, Ordering::SeqCst, less).is_ok() {
            return Err(Failure {
                stage: Stage::Connect,
                reply: None,
                reason: "nothing listens there".to_owned(),
                scope: Scope::Connection,
            });
        }
        let (client, mut server) = tokio::io::duplex(self.width);
        if let Some(forgets) = self.forgets {
            let (near, far) = tokio::io::duplex(self.width);
            let came = std::mem::replace(&mut server, far);
            tokio::spawn(forget(came, near, forgets));
        }
        let host = self.server.clone();
        tokio::spawn(async move { host.serve(server).await });
        Ok(Box::new(client))
    }
}

/// Passes on what the client says, as far as the server sees it, and all the server answers.
async fn forget(client: DuplexStream, server: DuplexStream, forgets: Forgets) {
    let (mut heard, mut answers) = split(client);
    let (mut said, mut seen) = split(server);
    let back = async {
        // Whoever closes ends the conversation.
        let _ = tokio::io::copy(&mut said, &mut answers).await;
        let _ = answers.shutdown().await;
    };
    let forth = async {
        let mut space = vec![0; 64 * 1024];
        while let Ok(read @ 1..) = heard.read(&mut space).await {
            if seen.write_all(forgets.cut(&space[..read])).await.is_err() {
                break;
            }
        }
        let _ = seen.shutdown().await;
    };
    tokio::join!(back, forth);
}

impl Office {
    /// A run over this wire.
    pub(super) async fn send_over(&mut self, wire: &Wire) -> Result<End, Error> {
        let (_signal, stop) = watch::channel(Stop::No);
        let (ledger, clock) = (self.ledger.clone(), self.clock);
        self.run_over(&ledger, || wire.transport(clock), stop).await
    }

    /// What is known of the campaign without its ledger, when there is reason for so many doubts.
    pub(super) async fn evidence(&self, wire: &Wire, doubts: usize) -> Evidence {
        let key = |address: &String| self.keys.person(&Address::parse(address).unwrap());
        Evidence {
            planned: self.ledger.people("note").await.unwrap().into_iter().collect(),
            taken: wire.accepted().iter().map(key).collect(),
            contacted: wire.journal.contacted().iter().map(key).collect(),
            doubts,
            ..Evidence::default()
        }
    }

    /// Fails unless definition X holds, going by the server's own record.
    #[track_caller]
    pub(super) fn holds(&self, wire: &Wire, doubts: usize) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            let evidence = self.evidence(wire, doubts).await;
            let breaches = breaches(&self.ledger, "note", &evidence).await;
            assert!(breaches.is_empty(), "{caller}: {}", breaches.join("\n"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_campaign_over_the_wire_reaches_everybody_once() {
    let mut office = Office::open(100).await;
    let wire = Wire::new(office.clock, Script::new());
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    assert_eq!((wire.accepted().len(), office.books().await.accepted), (100, 100));
    assert_eq!(wire.journal.connections(), 4);
    assert_eq!(wire.journal.faults(), [] as [&str; 0]);
    office.holds(&wire, 0).await;
}

#[tokio::test(start_paused = true)]
async fn a_minute_that_the_server_takes_is_a_minute_of_the_clock() {
    let mut office = Office::open(1).await;
    let slow = [Act::Wait(Duration::from_secs(599)), Act::Usual];
    let wire = Wire::new(office.clock, Script::new().rule(Rule::at(Stage::Dot, slow)));
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    assert!(office.clock.monotonic() >= Duration::from_secs(599));
    office.holds(&wire, 0).await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_moves_a_message_a_round_trip() {
    const MESSAGES: u32 = 90;
    let round_trip = Duration::from_millis(20);
    let far = |options: &mut Options| options.latency = round_trip;
    let mut office = Office::open(MESSAGES as usize).await;
    office.course.connections = 1;
    office.limits.clear();
    let wire = Wire::with(office.clock, far);
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    // The others: greeting, EHLO, the first MAIL, RCPT and DATA, the dot after it, good-bye.
    let took = office.clock.monotonic();
    assert!(took <= round_trip * (MESSAGES + 6), "{took:?}");
    office.holds(&wire, 0).await;

    let mut office = Office::open(MESSAGES as usize).await;
    office.course.connections = 1;
    office.limits.clear();
    let wire = Wire::with(office.clock, |options| {
        far(options);
        options.extensions.clear();
    });
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    let took = office.clock.monotonic();
    assert!(took <= round_trip * (4 * MESSAGES + 6), "{took:?}");
    assert!(took >= round_trip * 4 * MESSAGES, "{took:?}");
    office.holds(&wire, 0).await;
}

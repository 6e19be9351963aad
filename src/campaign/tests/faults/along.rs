//! F47: what a message that travels behind a body must not change.

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream};

use super::*;
use crate::deliver::smtp::{self, Dial, Duplex, SmtpTransport};

#[tokio::test(start_paused = true)]
async fn nobody_is_asked_about_who_was_suppressed_while_the_body_before_was_on_its_way() {
    let slow = [Act::Wait(Duration::from_mins(1)), Act::Usual, Act::Close];
    let (mut office, wire) = stage(8, [Rule::at(Stage::Dot, slow).connection(1).message(3)]).await;
    office.course.connections = 1;
    office.limits.clear();
    let person = office.keys.person(&Address::parse(&address(3)).unwrap());
    let (ledger, clock) = (office.ledger.clone(), office.clock);
    let leave = async {
        clock.sleep(Duration::from_secs(30)).await;
        let reason = SuppressionReason::Unsubscribed;
        ledger.suppress(Suppression { person, reason, at: clock.now() }).await.unwrap();
    };
    let (end, ()) = tokio::join!(office.send_over(&wire), leave);
    assert_eq!(end.unwrap(), End::Finished);
    let mut evidence = office.evidence(&wire, 0).await;
    evidence.suppressed.insert(person);
    let breaches = breaches(&office.ledger, "note", &evidence).await;
    assert!(breaches.is_empty(), "{breaches:?}, RCPT at {:?}", wire.asked(3));
    let happened = "no RCPT on the next connection, the other 7 accepted";
    found("F47a", "somebody unsubscribes while the body before theirs is on its way", happened);
}

/// Says nothing until it has heard all that has come, and dies when it hears an address.
#[derive(Clone)]
struct Fragile {
    address: String,
    extension: &'static str,
}

impl Fragile {
    async fn serve(self, stream: DuplexStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        let mut said = b"220 relay.test\r\n".to_vec();
        loop {
            if stream.buffer().is_empty() {
                stream.get_mut().write_all(&std::mem::take(&mut said)).await?;
            }
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 || line.contains(&self.address) {
                return Ok(());
            }
            if line.starts_with("EHLO") {
                let offers = format!("250-relay.test\r\n250 {}\r\n", self.extension);
                said.extend_from_slice(offers.as_bytes());
                continue;
            }
            if line.starts_with("DATA") {
                said.extend_from_slice(b"354 go\r\n");
                stream.get_mut().write_all(&std::mem::take(&mut said)).await?;
                while line != ".\r\n" {
                    line.clear();
                    if stream.read_line(&mut line).await? == 0 {
                        return Ok(());
                    }
                }
            }
            said.extend_from_slice(b"250 ok\r\n");
        }
    }
}

impl Dial for Fragile {
    async fn dial(&mut self, _: &smtp::Relay) -> Result<Box<dyn Duplex>, Failure> {
        let (client, server) = tokio::io::duplex(64 * 1024);
        tokio::spawn(self.clone().serve(server));
        Ok(Box::new(client))
    }
}

#[tokio::test(start_paused = true)]
async fn an_address_that_ends_the_server_makes_one_other_uncertain_and_no_more() {
    for (extension, doubts) in [("PIPELINING", 1), ("SIZE", 0)] {
        let (mut office, wire) = stage(200, []).await;
        office.course.connections = 1;
        office.limits.clear();
        let server = Fragile { address: address(40), extension };
        let (relay, ledger, clock) = (Arc::clone(&wire.relay), office.ledger.clone(), office.clock);
        let (_signal, stop) = watch::channel(Stop::No);
        let transport = || SmtpTransport::over(Arc::clone(&relay), clock, server.clone());
        office.run_over(&ledger, transport, stop).await.unwrap();
        let books = office.books().await;
        assert_eq!((books.uncertain, books.open()), (doubts, 1), "{extension}");
        assert_eq!(books.accepted, 199 - doubts, "{extension}");
    }
    let happened = "1 uncertain, whose reply went with it; nothing travels behind a body from \
                    then on; 198 accepted, that person left to do";
    found("F47b", "an address ends the server process, with a reply still unsaid", happened);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_handed_out_after_the_fifth_refusal() {
    let slow = [Act::Wait(Duration::from_millis(50)), Act::reply("550 5.7.1 blocked")];
    let (mut office, wire) = stage(100, [Rule::at(Stage::Dot, slow)]).await;
    office.course.connections = 1;
    office.limits.clear();
    let end = office.send_over(&wire).await.unwrap();
    assert!(matches!(end, End::BreakerOpen { .. }), "{end:?}");
    assert_eq!(office.books().await.rejected, 5);
    office.holds(&wire, 0).await;
    let happened = "paused after 5, as without PIPELINING";
    found("F47c", "each body is refused with 550 5.7.1, on one connection", happened);
}

#[tokio::test(start_paused = true)]
async fn a_broken_group_costs_nobody_a_try() {
    let later = Rule::reply(Stage::Rcpt, "451 4.2.0 later").times(1);
    let (mut office, wire) = stage(1, [later]).await;
    office.course.connections = 1;
    office.send_over(&wire).await.unwrap();
    office.clock.sleep(Duration::from_secs(301)).await;
    let broken = Rule::reply(Stage::Rcpt, "503 5.5.1 bad sequence of commands").times(1);
    let other = Wire::new(office.clock, Script::new().rule(broken));
    assert_eq!(office.send_over(&other).await.unwrap(), End::Finished);
    assert_eq!(office.tries().await.len(), 2);
}

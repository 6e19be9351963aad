//! F10 to F13, F15, F23 and F24: MAIL, RCPT and DATA.

use super::*;
use crate::{
    deliver::Opened,
    sandbox::{Caught, Extension, Store},
};

#[tokio::test(start_paused = true)]
async fn a_refused_sender_stops_the_run_and_is_nobodys_fault() {
    for reply in ["550 5.7.60 client may not send as this sender", "553 sender refused"] {
        let (mut office, wire) = stage(20, [Rule::reply(Stage::Mail, reply)]).await;
        let failure = misconfigured(office.send_over(&wire).await.unwrap());
        assert_eq!(failure.stage, Stage::Mail);
        assert_eq!(wire.journal.count("MAIL"), 1);
        office.is_untouched(20).await;
        office.holds(&wire, 0).await;
    }
    let happened = "stopped at the first, nobody marked or suppressed";
    found("F10", "MAIL is refused: 550 5.7.60, 553", happened);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_relay_stops_the_run_before_five_were_asked_about() {
    for reply in
        ["550 relaying denied", "550 5.7.1 Relaying denied", "554 5.7.1 relay access denied"]
    {
        let (mut office, wire) = stage(20, [Rule::reply(Stage::Rcpt, reply)]).await;
        misconfigured(office.send_over(&wire).await.unwrap());
        assert_eq!(wire.journal.count("RCPT"), 1);
        office.is_untouched(20).await;
        office.holds(&wire, 0).await;
    }
    let happened = "stopped at the first, nobody marked or suppressed";
    found("F11", "every RCPT is refused with `relaying denied`", happened);
}

#[tokio::test(start_paused = true)]
async fn one_dead_address_of_a_hundred_is_rejected_and_suppressed_alone() {
    let dead = Rule::reply(Stage::Rcpt, "550 5.1.1 user unknown").recipient(&address(42));
    let (mut office, wire) = stage(100, [dead]).await;
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    let books = office.books().await;
    assert_eq!((books.accepted, books.rejected), (99, 1));
    assert_eq!((wire.accepted().len(), wire.journal.connections()), (99, 4));
    let person = office.keys.person(&Address::parse(&address(42)).unwrap());
    assert_eq!(office.ledger.suppressed().await.unwrap(), [person].into());
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    assert_eq!(wire.asked(42).len(), 1, "never again");
    office.holds(&wire, 0).await;
    let happened =
        "that one rejected and suppressed, the other 99 accepted on the same connections";
    found("F12", "RCPT is refused with 550 5.1.1 for 1 of 100", happened);
}

#[tokio::test(start_paused = true)]
async fn a_relay_that_knows_nobody_is_asked_about_twenty_people_and_resume_asks_with_one() {
    let nobody = Rule::reply(Stage::Rcpt, "550 5.1.1 user unknown");
    let (mut office, wire) = stage(300, [nobody]).await;
    let mut rejected = Vec::new();
    for so_many in [20, 1, 1] {
        let end = office.send_over(&wire).await.unwrap();
        let strangers = Opened::Strangers(so_many);
        assert!(matches!(end, End::BreakerOpen { opened, .. } if opened == strangers), "{end:?}");
        rejected.push(office.books().await.rejected);
    }
    let first = rejected[0];
    assert!((20..20 + 4).contains(&first), "{first}");
    assert_eq!(rejected, [first, first + 1, first + 2], "a resume asks with one");
    let (asked, pending) = (rejected[2], 300 - rejected[2]);
    assert_eq!(wire.journal.count("RCPT") as u64, asked);
    assert_eq!(office.ledger.suppressed().await.unwrap().len() as u64, asked);
    assert_eq!(office.books().await.pending, pending);
    office.holds(&wire, 0).await;

    let right = Wire::new(office.clock, Script::new());
    assert_eq!(office.send_over(&right).await.unwrap(), End::Finished);
    assert_eq!((office.books().await.accepted, right.accepted().len() as u64), (pending, pending));
    let happened = format!(
        "paused after {first} on 4 connections, each of 2 resumes asks with 1; these {asked} \
         suppressed, the other {pending} taken by the right server"
    );
    found("F12b", "every RCPT is refused with 550 5.1.1", &happened);
}

/// Notes the bytes of each message it is given.
struct Noting<T> {
    transport: T,
    given: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl<T: Transport> Transport for Noting<T> {
    async fn ready(&mut self) -> Result<(), Failure> {
        self.transport.ready().await
    }

    async fn ask(&mut self, envelope: &Envelope, message: &[u8]) -> Result<(), Outcome> {
        self.given.lock().unwrap().push(message.to_vec());
        self.transport.ask(envelope, message).await
    }

    async fn hand_over(&mut self, next: Option<(&Envelope, &[u8])>) -> Outcome {
        self.transport.hand_over(next).await
    }

    async fn close(&mut self) {
        self.transport.close().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_greylisted_person_is_tried_after_5_and_15_minutes_with_the_same_bytes() {
    let grey = || Rule::reply(Stage::Rcpt, "450 4.7.1 greylisted, come back later").times(1);
    let after_the_body = Rule::reply(Stage::Dot, "451 4.7.1 greylisted").times(1);
    let (mut office, wire) = stage(1, [grey(), after_the_body]).await;
    let given = Arc::default();
    let (ledger, clock) = (office.ledger.clone(), office.clock);
    for wait in [300, 900] {
        let (_signal, stop) = watch::channel(Stop::No);
        let transport = || Noting { transport: wire.transport(clock), given: Arc::clone(&given) };
        let began = clock.now();
        let End::Deferred { until } = office.run_over(&ledger, transport, stop).await.unwrap()
        else {
            panic!("not deferred")
        };
        assert_eq!(until.duration_since(began).as_secs(), wait);
        // A run that comes a second too early tries nobody.
        clock.sleep(Duration::from_secs(wait.unsigned_abs() - 1)).await;
        assert_eq!(office.send_over(&wire).await.unwrap(), End::Deferred { until });
        clock.sleep(Duration::from_secs(1)).await;
    }
    let (_signal, stop) = watch::channel(Stop::No);
    let transport = || Noting { transport: wire.transport(clock), given: Arc::clone(&given) };
    assert_eq!(office.run_over(&ledger, transport, stop).await.unwrap(), End::Finished);
    let asked: Vec<u64> = wire.asked(0).iter().map(Duration::as_secs).collect();
    assert_eq!(asked, [0, 300, 1_200]);
    let given: Vec<Vec<u8>> = std::mem::take(&mut *given.lock().unwrap());
    assert!(given.len() == 3 && given.iter().all(|bytes| *bytes == given[0]), "the same bytes");
    let text = String::from_utf8_lossy(&given[0]);
    assert!(text.contains("Date: Thu, 03 Dec 2026 09:00:00 +0000\r\n"), "{text}");
    assert!(text.contains("Message-ID: <"), "{text}");
    office.holds(&wire, 0).await;
    let happened = "tried after 5 and 15 min, over restarts; taken at the third try, 3 times the \
                    same bytes";
    found("F13", "a person is greylisted twice, at RCPT and after the body", happened);
}

#[tokio::test(start_paused = true)]
async fn a_421_while_asking_costs_the_connection_and_nobody() {
    for at in [Stage::Mail, Stage::Rcpt, Stage::Data] {
        let leave = Rule::at(at, farewell("421 4.3.2 shutting down")).message(2).times(1);
        let (mut office, wire) = stage(20, [leave]).await;
        office.course.connections = 1;
        assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
        assert_eq!((office.books().await.accepted, office.tries().await.len()), (20, 20));
        assert_eq!((wire.accepted().len(), wire.journal.connections()), (20, 2), "{at:?}");
        office.holds(&wire, 0).await;
    }
    let happened = "planned again, on a new connection all 20 accepted at their first try";
    found("F15a", "421 at MAIL, at RCPT, at DATA", happened);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_too_big_is_nobodys_fault() {
    let too_big = "552 5.3.4 message too big";
    let (mut office, wire) = stage(20, [Rule::reply(Stage::Mail, too_big)]).await;
    misconfigured(office.send_over(&wire).await.unwrap());
    assert_eq!(wire.journal.count("MAIL"), 1);
    office.is_untouched(20).await;
    office.holds(&wire, 0).await;
    found("F23a", "552 5.3.4 at MAIL", "stopped at the first, all 20 pending");

    let mut office = Office::open(20).await;
    let wire = Wire::with(office.clock, |options| options.extensions = vec![Extension::Size(100)]);
    misconfigured(office.send_over(&wire).await.unwrap());
    assert_eq!(wire.journal.count("MAIL"), 0, "not even announced");
    office.is_untouched(20).await;
    office.holds(&wire, 0).await;
    found("F23b", "the server offers SIZE 100", "stopped before MAIL, all 20 pending");
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_found_too_big_at_its_dot_is_due_again_once_that_is_mended() {
    let too_big = Rule::reply(Stage::Dot, "552 5.3.4 message too big").times(1);
    let (mut office, wire) = stage(20, [too_big]).await;
    office.course.connections = 1;
    misconfigured(office.send_over(&wire).await.unwrap());
    let books = office.books().await;
    assert_eq!((books.deferred, books.pending, wire.accepted().len()), (1, 19, 0));
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    assert_eq!(office.books().await.accepted, 20);
    office.holds(&wire, 0).await;
    let happened = "stopped at the first, due at once; mended, all 20 accepted";
    found("F23c", "552 5.3.4 after the dot", happened);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_offers_nothing_gets_seven_bits_and_no_parameters() {
    let people = [("ann@one.example", "Zoë"), ("bob@one.example", "안나")];
    let people = people.map(|(address, name)| (address.to_owned(), name.to_owned()));
    let mut office = Office::open_to(people.to_vec()).await;
    let caught: Arc<Mutex<Vec<Caught>>> = Arc::default();
    let wire = Wire::with(office.clock, |options| {
        options.extensions = Vec::new();
        options.store = Store::Memory(Arc::clone(&caught));
    });
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    assert_eq!((office.books().await.accepted, caught.lock().unwrap().len()), (2, 2));
    // The server refuses every parameter that it does not offer: NOTIFY, BODY, SIZE.
    assert_eq!(wire.journal.faults(), [] as [&str; 0]);
    assert!(caught.lock().unwrap().iter().all(|mail| mail.message.is_ascii()));
    office.holds(&wire, 0).await;
    let happened = "names in Latin and Korean letters go in 7 bits, both accepted";
    found("F24a", "neither 8BITMIME nor SMTPUTF8 nor DSN is offered", happened);
}

//! F8 and F9: the login. What comes before it (F5 to F7) is tested in `deliver::smtp`.

use super::*;
use crate::{
    deliver::smtp::Login,
    sandbox::{Auth, Mechanism},
};

/// A server with an account, and us with this password.
async fn account(people: usize, password: &str, script: Script) -> (Office, Wire) {
    let office = Office::open(people).await;
    let mut wire = Wire::with(office.clock, |options| {
        options.script = script;
        options.auth = Some(Auth {
            user: "office".to_owned(),
            password: "right".to_owned(),
            mechanisms: vec![Mechanism::Plain],
        });
    });
    wire.relay().login = Some(Login { user: "office".to_owned(), password: password.into() });
    (office, wire)
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_is_shown_once_a_start_however_many_connections_there_are() {
    let (mut office, mut wire) = account(100, "wrong", Script::new()).await;
    for start in 1..=3 {
        let failure = misconfigured(office.send_over(&wire).await.unwrap());
        assert_eq!((failure.stage, failure.reply.unwrap().code), (Stage::Auth, 535));
        assert_eq!((wire.journal.count("AUTH"), wire.journal.count("MAIL")), (start, 0));
        office.is_untouched(100).await;
        assert!(matches!(office.state().await, CampaignState::Paused(_)));
    }
    wire.relay().login = Some(Login { user: "office".to_owned(), password: "right".into() });
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    office.holds(&wire, 0).await;
    let happened = "1 AUTH a start with 4 connections, nobody marked; mended, all 100 accepted";
    found("F8", "the password is refused (535)", happened);
}

#[tokio::test(start_paused = true)]
async fn a_login_that_cannot_be_checked_twice_works_at_the_third_try() {
    let later = Rule::reply(Stage::Auth, "454 4.7.0 temporary failure").times(2);
    let (mut office, wire) = account(20, "right", Script::new().rule(later)).await;
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    assert_eq!((office.books().await.accepted, office.tries().await.len()), (20, 20));
    assert_eq!(wire.journal.count("AUTH"), 3 + 3, "three times on the first connection");
    office.holds(&wire, 0).await;
    let happened = "tried again after 1 and 5 s on the same connection, all 20 accepted";
    found("F9a", "454 4.7.0 at AUTH twice, then 235", happened);
}

#[tokio::test(start_paused = true)]
async fn a_login_that_cannot_be_checked_three_times_stops_the_run() {
    let later = Rule::reply(Stage::Auth, "454 4.7.0 temporary failure");
    let (mut office, wire) = account(20, "right", Script::new().rule(later)).await;
    let failure = misconfigured(office.send_over(&wire).await.unwrap());
    assert_eq!(failure.reply.unwrap().code, 454);
    assert_eq!((wire.journal.count("AUTH"), wire.journal.connections()), (3, 1));
    office.is_untouched(20).await;
    office.holds(&wire, 0).await;
    found("F9b", "454 4.7.0 at AUTH for good", "stopped after 3 AUTH, nobody marked");
}

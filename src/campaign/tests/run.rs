//! What a run does, whatever the relay answers.

use super::*;

#[tokio::test(start_paused = true)]
async fn everybody_is_mailed_once_and_the_campaign_is_finished() {
    let mut office = Office::open(100).await;
    assert_eq!(office.run().await.unwrap(), End::Finished);
    let mut everybody: Vec<String> = (0..100).map(address).collect();
    everybody.sort();
    assert_eq!(office.relay.accepted(), everybody);
    assert_eq!(office.books().await.accepted, 100);
    assert_eq!(office.breaches().await, [] as [String; 0]);
    assert_eq!(office.state().await, CampaignState::Finished);
}

#[tokio::test(start_paused = true)]
async fn books_that_forget_an_acceptance_break_definition_x() {
    let mut office = Office::open(2).await;
    office.run().await.unwrap();
    office.relay.accepted.lock().unwrap().push(address(0));
    let twice = office.breaches().await;
    assert!(twice.len() == 1 && twice[0].starts_with("(a)"), "{twice:?}");
    office.relay.accepted.lock().unwrap().clear();
    let nothing = office.breaches().await;
    assert!(nothing.len() == 2 && nothing[0].starts_with("(c)"), "{nothing:?}");
}

#[tokio::test(start_paused = true)]
async fn a_second_run_of_a_finished_campaign_mails_nobody() {
    let mut office = Office::open(3).await;
    office.run().await.unwrap();
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.relay.accepted().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_limit_pauses_with_the_rest_planned() {
    let mut office = Office::open(10).await;
    office.course.limit = Some(4);
    assert_eq!(office.run().await.unwrap(), End::Limited);
    let books = office.books().await;
    assert_eq!((books.accepted, books.pending), (4, 6));
    assert_eq!(office.state().await, CampaignState::Paused("limit reached".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_turn_leaves_the_campaign_to_be_gone_on_with() {
    let mut office = Office::open(10).await;
    office.course.turn = Some(4);
    for (accepted, end) in [(4, End::TurnOver), (8, End::TurnOver), (10, End::Finished)] {
        assert_eq!(office.run().await.unwrap(), end);
        assert_eq!(office.books().await.accepted, accepted);
        let state = if accepted < 10 { CampaignState::Running } else { CampaignState::Finished };
        assert_eq!(office.state().await, state);
    }
}

#[tokio::test(start_paused = true)]
async fn a_deferred_person_is_told_when_and_is_tried_again_after_five_minutes() {
    let mut office = Office::open(2).await;
    let later = Answer::Fail(Ended::Deferred, Scope::Person { suppress: false }, 450);
    office.relay.tell(&address(1), &[later]);
    let began = office.clock.now();
    let End::Deferred { until } = office.run().await.unwrap() else { panic!("not deferred") };
    let wait = until.duration_since(began).as_secs();
    assert!((300..302).contains(&wait), "{wait}");
    office.course.patience = Duration::from_mins(15);
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.books().await.accepted, 2);
    assert!(office.events.iter().any(|event| matches!(event, Event::Waiting { deferred: 1, .. })));
}

#[tokio::test(start_paused = true)]
async fn a_limit_or_a_cap_that_is_used_up_ends_the_run_though_somebody_is_due() {
    let mut office = Office::open(1).await;
    let later = Answer::Fail(Ended::Deferred, Scope::Person { suppress: false }, 450);
    office.relay.tell(&address(0), &[later]);
    office.course.patience = Duration::from_mins(15);
    office.course.limit = Some(1);
    assert_eq!(office.run().await.unwrap(), End::Limited);
    assert_eq!(office.books().await.deferred, 1);
}

#[tokio::test(start_paused = true)]
async fn five_refusals_about_us_pause_the_campaign_and_spare_the_rest() {
    let mut office = Office::open(100).await;
    office.course.connections = 1;
    (0..100).for_each(|number| office.relay.tell(&address(number), &[policy()]));
    assert!(matches!(office.run().await.unwrap(), End::BreakerOpen { .. }));
    let books = office.books().await;
    assert_eq!((books.rejected, books.pending), (5, 95));
    assert!(matches!(office.state().await, CampaignState::Paused(_)));
    assert!(office.ledger.suppressed().await.unwrap().is_empty());
    let happened = format!("paused after {}, {} untouched", books.rejected, books.pending);
    found("F43a", "everybody is refused with the same 550 5.7.1", &happened);
}

#[tokio::test(start_paused = true)]
async fn refusals_about_us_that_leave_nobody_to_spare_finish_the_campaign() {
    let mut office = Office::open(5).await;
    (0..5).for_each(|number| office.relay.tell(&address(number), &[policy()]));
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.books().await.rejected, 5);
    assert_eq!(office.state().await, CampaignState::Finished);
}

#[tokio::test(start_paused = true)]
async fn a_dead_address_is_suppressed_and_costs_nobody_else() {
    let mut office = Office::open(10).await;
    let dead = Answer::Fail(Ended::Rejected, Scope::Person { suppress: true }, 550);
    office.relay.tell(&address(3), &[dead]);
    assert_eq!(office.run().await.unwrap(), End::Finished);
    let books = office.books().await;
    assert_eq!((books.accepted, books.rejected), (9, 1));
    assert_eq!(office.ledger.suppressed().await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn whoever_unsubscribes_in_mid_run_is_skipped_though_they_were_claimed() {
    let mut office = Office::open(10).await;
    office.course.connections = 1;
    office.limits = vec!["1/s".parse().unwrap()];
    let (clock, ledger) = (office.clock, office.ledger.clone());
    let person = office.keys.person(&Address::parse(&address(7)).unwrap());
    let leave = async {
        clock.sleep(Duration::from_millis(2_500)).await;
        let reason = SuppressionReason::Unsubscribed;
        ledger.suppress(Suppression { person, reason, at: clock.now() }).await.unwrap();
    };
    let (end, ()) = tokio::join!(office.run(), leave);
    assert_eq!(end.unwrap(), End::Finished);
    let books = office.books().await;
    assert_eq!((books.accepted, books.skipped[&SkipReason::Suppressed]), (9, 1));
    assert!(!office.relay.accepted().contains(&address(7)));
    found("F41a", "somebody unsubscribes in mid-run", "skipped; the other 9 accepted");
}

#[tokio::test(start_paused = true)]
async fn a_rehearsal_suppresses_nobody() {
    let mut office = Office::open(1).await;
    office.course.suppresses = false;
    let dead = Answer::Fail(Ended::Rejected, Scope::Person { suppress: true }, 550);
    office.relay.tell(&address(0), &[dead]);
    office.run().await.unwrap();
    assert!(office.ledger.suppressed().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_stop_the_run_with_nobody_marked() {
    let mut office = Office::open(10).await;
    let refused = Answer::Fail(Ended::NotTried, Scope::Setup, 535);
    (0..10).for_each(|number| office.relay.tell(&address(number), std::slice::from_ref(&refused)));
    assert!(matches!(office.run().await.unwrap(), End::Misconfigured(_)));
    let books = office.books().await;
    assert_eq!((books.pending, books.rejected), (10, 0));
    let tries = Arc::new(Mutex::new(0));
    let count = Arc::clone(&tries);
    let each = move |_| {
        *count.lock().unwrap() += 1;
        true
    };
    office.ledger.log(LogFilter::default(), each).await.unwrap();
    assert_eq!(*tries.lock().unwrap(), 0, "nobody was tried");
}

#[tokio::test(start_paused = true)]
async fn whoever_was_on_the_wire_when_a_setting_stopped_the_run_is_due_at_once() {
    let mut office = Office::open(1).await;
    let too_big = Answer::Fail(Ended::Deferred, Scope::Setup, 552);
    office.relay.tell(&address(0), &[too_big]);
    assert!(matches!(office.run().await.unwrap(), End::Misconfigured(_)));
    assert_eq!(office.books().await.deferred, 1);
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.books().await.accepted, 1);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_was_never_reached_ends_the_run_at_once() {
    let mut office = Office::open(5).await;
    *office.relay.connections.lock().unwrap() = 0;
    assert!(matches!(office.run().await.unwrap(), End::Unreachable(_)));
    assert_eq!(office.books().await.pending, 5);
    assert_eq!(office.state().await, CampaignState::Running, "dispatch may go on");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_in_between_is_tried_again() {
    let mut office = Office::open(5).await;
    office.course.connections = 1;
    let broken = Answer::Fail(Ended::NotTried, Scope::Connection, 421);
    office.relay.tell(&address(2), &[broken.clone(), broken]);
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.books().await.accepted, 5);
    let waits = office.events.iter().filter(|e| matches!(e, Event::Reconnecting { .. })).count();
    assert_eq!(waits, 2);
}

#[tokio::test(start_paused = true)]
async fn fewer_connections_than_asked_for_will_do() {
    let mut office = Office::open(20).await;
    *office.relay.connections.lock().unwrap() = 1;
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.books().await.accepted, 20);
}

#[tokio::test(start_paused = true)]
async fn an_address_that_ends_every_connection_is_deferred_and_stops_nobody_else() {
    let mut office = Office::open(5).await;
    office.course.connections = 1;
    let drop = Answer::Fail(Ended::Dropped, Scope::Connection, 421);
    office.relay.tell(&address(0), &vec![drop; 9]);
    assert!(matches!(office.run().await.unwrap(), End::Deferred { .. }));
    let books = office.books().await;
    assert_eq!((books.accepted, books.deferred), (4, 1));
}

#[tokio::test(start_paused = true)]
async fn a_message_that_ends_every_connection_at_mail_holds_nobody_else_up() {
    let mut office = Office::open(5).await;
    office.course.connections = 1;
    let lost = Answer::Fail(Ended::NotTried, Scope::Connection, 421);
    office.relay.tell(&address(0), &vec![lost; 99]);
    assert!(matches!(office.run().await.unwrap(), End::Unreachable(_)));
    let books = office.books().await;
    assert_eq!((books.accepted, books.pending), (4, 1));
    assert_eq!(office.breaches().await, [] as [String; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_panics_ends_the_run_instead_of_hanging_it() {
    let mut office = Office::open(20).await;
    let panic = Answer::Fail(Ended::Panic, Scope::Setup, 0);
    office.relay.tell(&address(3), &[panic]);
    assert!(matches!(office.run().await, Err(Error::Worker)));
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.relay.accepted().len(), 20, "it had handed over nothing");
}

#[tokio::test(start_paused = true)]
async fn after_the_breaker_one_message_probes_whether_the_relay_takes_our_mail() {
    let mut office = Office::open(10).await;
    office.course.probe = true;
    (0..10).for_each(|number| office.relay.tell(&address(number), &[policy()]));
    assert!(matches!(office.run().await.unwrap(), End::BreakerOpen { .. }));
    assert_eq!(office.books().await.rejected, 1, "one person, not five");
    (0..10).for_each(|number| office.relay.tell(&address(number), &[]));
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.books().await.accepted, 9);
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_is_uncertain_and_is_not_sent_again() {
    let mut office = Office::open(3).await;
    let lost = Answer::Fail(Ended::Uncertain, Scope::Connection, 421);
    office.relay.tell(&address(1), &[lost]);
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.run().await.unwrap(), End::Finished);
    let books = office.books().await;
    assert_eq!((books.accepted, books.uncertain), (2, 1));
    assert_eq!(office.relay.accepted().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_daily_cap_ends_the_run_and_says_when_there_is_room_again() {
    let mut office = Office::open(5).await;
    office.course.caps = vec!["3/day".parse().unwrap()];
    let End::Capped { until } = office.run().await.unwrap() else { panic!("not capped") };
    assert_eq!(office.books().await.accepted, 3);
    let hours = until.duration_since(office.clock.now()).as_hours();
    assert!((23..=24).contains(&hours), "{hours}");
    assert_eq!(office.state().await, CampaignState::Running);
    assert!(matches!(office.run().await.unwrap(), End::Capped { .. }), "over restarts too");
    assert_eq!(office.books().await.accepted, 3);
}

#[tokio::test(start_paused = true)]
async fn the_pace_holds_for_all_connections_together() {
    let mut office = Office::open(101).await;
    office.limits = vec!["50/s".parse().unwrap()];
    let began = office.clock.monotonic();
    office.run().await.unwrap();
    let took = office.clock.monotonic().saturating_sub(began).as_secs_f64();
    assert!((1.99..2.05).contains(&took), "{took}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_domain_does_not_stand_in_the_way_of_the_others() {
    let mut office = Office::open_for((1_000..1_100).chain(0..100).collect()).await;
    office.domains.insert("slow.example".to_owned(), "1/s".parse().unwrap());
    office.course.ahead = 2_048;
    let ledger = office.ledger.clone();
    let (clock, relay) = (office.clock, office.relay.clone());
    let looking = async {
        clock.sleep(Duration::from_secs(2)).await;
        ledger.request_stop("note").await.unwrap();
    };
    let (end, ()) = tokio::join!(office.run(), looking);
    assert_eq!(end.unwrap(), End::Stopped);
    let fast = relay.accepted().iter().filter(|to| to.ends_with("@one.example")).count();
    assert_eq!(fast, 100, "all of them, while a hundred slow ones stand before them");
}

#[tokio::test(start_paused = true)]
async fn a_signal_begins_nothing_new_and_gives_back_what_was_claimed() {
    let mut office = Office::open(50).await;
    let (signal, mut stop) = watch::channel(Stop::No);
    signal.send_replace(Stop::Interrupted);
    stop.mark_changed();
    assert_eq!(office.run_until(stop).await.unwrap(), End::Interrupted);
    let books = office.books().await;
    assert_eq!(books.accepted + books.pending, 50);
    assert!(books.pending > 0, "{books:?}");
    assert_eq!(office.state().await, CampaignState::Paused("interrupted".to_owned()));
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.relay.accepted().len(), 50);
}

#[tokio::test(start_paused = true)]
async fn a_stop_from_another_terminal_is_heard() {
    let mut office = Office::open(300).await;
    office.limits = vec!["50/s".parse().unwrap()];
    let ledger = office.ledger.clone();
    let clock = office.clock;
    let asking = async {
        clock.sleep(Duration::from_secs(2)).await;
        ledger.request_stop("note").await.unwrap();
    };
    let (end, ()) = tokio::join!(office.run(), asking);
    assert_eq!(end.unwrap(), End::Stopped);
    let books = office.books().await;
    assert!((90..=200).contains(&books.accepted), "{books:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_came_before_the_run_began_is_heard_before_anybody_is_mailed() {
    let mut office = Office::open(3).await;
    office.ledger.request_stop("note").await.unwrap();
    assert_eq!(office.run().await.unwrap(), End::Stopped);
    assert_eq!(office.books().await.pending, 3);
    assert_eq!(office.run().await.unwrap(), End::Finished, "once is answered");
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_comes_as_the_run_ends_pauses_the_campaign() {
    let mut office = Office::open(1).await;
    let later = Answer::Fail(Ended::Deferred, Scope::Person { suppress: false }, 450);
    office.relay.tell(&address(0), &[later]);
    let ledger = office.ledger.clone();
    // Polled after the run has looked for a stop, and before it looks again.
    let asking = async { ledger.request_stop("note").await.unwrap() };
    let (end, ()) = tokio::join!(office.run(), asking);
    assert!(matches!(end.unwrap(), End::Deferred { .. }));
    assert_eq!(office.state().await, CampaignState::Paused("stopped".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn somebody_suppressed_in_mid_run_is_not_mailed() {
    let mut office = Office::open(3).await;
    let person = office.keys.person(&Address::parse(&address(2)).unwrap());
    let reason = SuppressionReason::Unsubscribed;
    let at = office.clock.now();
    office.ledger.suppress(Suppression { person, reason, at }).await.unwrap();
    assert_eq!(office.run().await.unwrap(), End::Finished);
    assert_eq!(office.relay.accepted(), [address(0), address(1)]);
}

#[test]
fn frozen_inputs_read_back_whole_and_damage_is_noticed() {
    let mut inputs = inputs();
    inputs.attachments.push(compose::Attachment {
        file_name: "programme.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        bytes: vec![0, 255, 13, 10],
    });
    let bytes = inputs.to_bytes();
    assert!(Inputs::from_bytes(&bytes).is_ok_and(|read| read == inputs));
    assert!(Inputs::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    assert!(Inputs::from_bytes(&[bytes.as_slice(), b"x"].concat()).is_err());
}

//! F46: servers that offer PIPELINING and do not keep to it.

use super::*;
use crate::campaign::tests::wire::Forgets;

#[tokio::test(start_paused = true)]
async fn a_server_that_forgets_what_came_with_a_body_costs_a_minute_and_nobody() {
    let (mut office, mut wire) = stage(40, []).await;
    office.limits.clear();
    wire.forget(Forgets::BehindTheDot);
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    assert_eq!((office.books().await.accepted, office.tries().await.len()), (40, 40));
    assert_eq!(office.clock.monotonic().as_secs(), 60);
    assert_eq!((wire.accepted().len(), wire.journal.connections()), (40, 5));
    office.holds(&wire, 0).await;
    let happened = "one connection waits 60 s and is replaced; nothing travels with a body from \
                    then on: all 40 accepted at their first try";
    found("F46a", "the server does not see commands in the write of a body", happened);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_forgets_all_but_the_first_command_is_served_one_at_a_time() {
    let (mut office, mut wire) = stage(40, []).await;
    wire.forget(Forgets::BehindMail);
    assert_eq!(office.send_over(&wire).await.unwrap(), End::Finished);
    assert_eq!((office.books().await.accepted, office.tries().await.len()), (40, 40));
    assert_eq!(office.clock.monotonic().as_secs(), 61);
    assert_eq!(office.waits(), [1]);
    office.holds(&wire, 0).await;
    let happened =
        "said after 60 s, then one command at a time: all 40 accepted at their first try";
    found("F46b", "the server sees only the first of several commands", happened);
}

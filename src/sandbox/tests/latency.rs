//! A server that answers as if it were far away.

use std::time::Duration;

use super::client::Peer;
use crate::clock::{Clock, SystemClock};

const FAR: Duration = Duration::from_millis(20);

fn far() -> Peer {
    Peer::with(|options| options.latency = FAR)
}

#[tokio::test(start_paused = true)]
async fn a_group_of_commands_waits_once() {
    let clock = SystemClock::new();
    let mut client = far().dial();
    client.greet().await;
    assert_eq!(clock.monotonic(), 2 * FAR, "the greeting, and EHLO");
    client.open("ann@example.org").await;
    assert_eq!(clock.monotonic(), 3 * FAR, "MAIL, RCPT and DATA");
    client.ask("Subject: hello\r\n\r\nhello\r\n.").await;
    assert_eq!(clock.monotonic(), 4 * FAR, "the message");
}

#[tokio::test(start_paused = true)]
async fn one_command_after_the_other_waits_each_time() {
    let peer = far();
    let mut client = peer.connect().await;
    let clock = SystemClock::new();
    for line in ["MAIL FROM:<>", "RCPT TO:<ann@example.org>", "DATA"] {
        client.ask(line).await;
    }
    assert_eq!(clock.monotonic(), 3 * FAR);
}

#[tokio::test(start_paused = true)]
async fn what_comes_while_a_reply_is_on_its_way_is_answered_in_its_own_time() {
    let peer = far();
    let mut client = peer.connect().await;
    let clock = SystemClock::new();
    client.send("NOOP\r\n").await;
    clock.sleep(FAR / 4).await;
    client.send("NOOP\r\n").await;
    client.reply().await;
    assert_eq!(clock.monotonic(), FAR);
    client.reply().await;
    assert_eq!(clock.monotonic(), FAR + FAR / 4);
}

#[tokio::test(start_paused = true)]
async fn the_last_words_are_on_their_way_too() {
    let peer = far();
    let mut client = peer.connect().await;
    let clock = SystemClock::new();
    assert_eq!(client.ask("QUIT").await, "221 2.0.0 good-bye\r\n");
    assert_eq!(client.reply().await, "", "the server hangs up");
    assert_eq!(clock.monotonic(), FAR);
}

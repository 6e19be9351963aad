use std::sync::atomic::Ordering;

use super::client::Peer;
use crate::sandbox::{Auth, Extension, Mechanism};

#[tokio::test]
async fn every_verb_is_answered() {
    let peer = Peer::new();
    let mut client = peer.dial();
    assert!(client.reply().await.starts_with("220 localhost ESMTP"));
    for (line, reply) in [
        ("HELO client.example", "250 localhost\r\n"),
        ("NOOP", "250 2.0.0 here\r\n"),
        ("noop whatever", "250 2.0.0 here\r\n"),
        ("VRFY ann", "252 2.0.0 send it and see\r\n"),
        ("VRFY", "501 5.5.4 VRFY needs a name\r\n"),
        ("EXPN staff", "502 5.5.1 not implemented here\r\n"),
        ("RSET", "250 2.0.0 forgotten\r\n"),
        ("RSET now", "501 5.5.4 this command stands alone\r\n"),
        ("STARTTLS", "502 5.5.1 TLS is not offered\r\n"),
        ("AUTH PLAIN", "503 5.5.1 AUTH is not offered\r\n"),
        ("FROBNICATE", "500 5.5.1 unknown command\r\n"),
        ("EHLO", "501 5.5.4 say your host name: EHLO client.example\r\n"),
        ("EHLO a b", "501 5.5.4 say your host name: EHLO client.example\r\n"),
        (
            "EHLO [127.0.0.1]",
            concat!(
                "250-localhost\r\n250-PIPELINING\r\n250-SIZE 36700160\r\n250-8BITMIME\r\n",
                "250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES\r\n"
            ),
        ),
        ("MAIL FROM:<news@appg.example>", "250 2.1.0 sender ok\r\n"),
        ("RCPT TO:<ann@example.org>", "250 2.1.5 recipient ok\r\n"),
        ("DATA", "354 end with a dot on a line of its own\r\n"),
        ("Subject: x\r\n\r\nx\r\n.", "250 2.0.0 queued as 000001\r\n"),
        ("QUIT", "221 2.0.0 good-bye\r\n"),
    ] {
        assert_eq!(client.ask(line).await, reply, "{line}");
    }
    assert_eq!(client.reply().await, "", "the server hangs up after QUIT");
    assert_eq!(peer.messages(), ["Subject: x\r\n\r\nx\r\n"]);
    assert_eq!(peer.journal.faults(), [""; 0]);
}

#[tokio::test]
async fn commands_out_of_order_are_refused() {
    let peer = Peer::new();
    let mut client = peer.dial();
    client.reply().await;
    for (line, reply) in [
        ("MAIL FROM:<news@appg.example>", "503 5.5.1 say EHLO first\r\n"),
        ("EHLO client.example", ""),
        ("RCPT TO:<ann@example.org>", "503 5.5.1 say MAIL first\r\n"),
        ("DATA", "503 5.5.1 say MAIL first\r\n"),
        ("MAIL FROM:<news@appg.example>", "250"),
        ("MAIL FROM:<news@appg.example>", "503 5.5.1 a message is under way, RSET forgets it\r\n"),
        ("DATA", "554 5.5.1 no valid recipients\r\n"),
        ("RSET", "250"),
        ("RCPT TO:<ann@example.org>", "503 5.5.1 say MAIL first\r\n"),
        ("MAIL FROM:<>", "250"),
        ("EHLO client.example", "250"),
        ("RCPT TO:<ann@example.org>", "503 5.5.1 say MAIL first\r\n"),
    ] {
        let answer = client.ask(line).await;
        assert!(answer.starts_with(reply), "{line}: {answer}");
    }
}

#[tokio::test]
async fn malformed_addresses_and_unknown_parameters_are_refused() {
    let peer = Peer::new();
    let mut client = peer.connect().await;
    for (line, reply) in [
        ("MAIL FROM <news@appg.example>", "501 5.5.4"),
        ("MAIL FROM: <news@appg.example>", "501 5.5.4"),
        ("MAIL FROM:news@appg.example", "501 5.5.4"),
        ("MAIL FROM:<news@@appg.example>", "501 5.1.3"),
        ("MAIL FROM:<postmaster>", "501 5.1.7"),
        ("MAIL FROM:<news@appg.example> RET=HDRS", "555 5.5.4"),
        ("MAIL FROM:<news@appg.example> BODY=BINARYMIME", "555 5.5.4"),
        ("MAIL FROM:<news@appg.example> SIZE=big", "501 5.5.4"),
        ("MAIL FROM:<news@appg.example> SIZE=36700161", "552 5.3.4"),
        ("MAIL FROM:<뉴스@appg.example>", "553 5.6.7"),
        ("MAIL FROM:<news@appg.example> SIZE=36700160 BODY=8BITMIME", "250 2.1.0"),
        ("RCPT TO:<민지@example.org>", "553 5.6.7"),
        ("RCPT TO:<ann@example.org> NOTIFY=NEVER", "555 5.5.4"),
        ("RCPT TO:<>", "501 5.1.3"),
        ("RCPT TO:<Postmaster>", "250 2.1.5"),
    ] {
        let answer = client.ask(line).await;
        assert!(answer.starts_with(reply), "{line}: {answer}");
    }
}

#[tokio::test]
async fn utf8_addresses_need_smtputf8() {
    let peer = Peer::new();
    let mut client = peer.connect().await;
    client.ask("MAIL FROM:<news@appg.example> SMTPUTF8 BODY=8BITMIME").await;
    assert!(client.ask("RCPT TO:<민지@example.org>").await.starts_with("250"));
    client.ask("DATA").await;
    assert!(client.ask("Subject: 안녕\r\n\r\n.").await.starts_with("250"));
    assert_eq!(peer.messages(), ["Subject: 안녕\r\n\r\n"]);
}

#[tokio::test]
async fn what_is_not_offered_is_not_taken() {
    let peer = Peer::with(|options| options.extensions = Vec::new());
    let mut client = peer.dial();
    client.reply().await;
    assert_eq!(client.ask("EHLO client.example").await, "250 localhost\r\n");
    for parameter in ["SIZE=1", "BODY=8BITMIME", "SMTPUTF8"] {
        let answer = client.ask(&format!("MAIL FROM:<news@appg.example> {parameter}")).await;
        assert_eq!(answer, "555 parameter not offered\r\n", "{parameter}");
    }
    client.open("ann@example.org").await;
    assert_eq!(peer.journal.faults(), ["spoke before its turn"; 2]);
}

#[tokio::test]
async fn after_helo_there_are_no_parameters() {
    let peer = Peer::new();
    let mut client = peer.dial();
    client.reply().await;
    client.ask("HELO client.example").await;
    assert!(client.ask("MAIL FROM:<news@appg.example> SIZE=1").await.starts_with("555"));
}

#[tokio::test]
async fn a_group_of_commands_is_answered_in_one_write() {
    let peer = Peer::new();
    let mut client = peer.connect().await;
    let before = peer.writes.load(Ordering::Relaxed);
    let replies = client.open("ann@example.org").await;
    assert_eq!(replies.map(|reply| reply[..3].to_owned()), ["250", "250", "354"]);
    assert_eq!(peer.writes.load(Ordering::Relaxed), before + 1);
    client.send("x\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n").await;
    for code in ["250", "250", "250", "354"] {
        assert!(client.reply().await.starts_with(code));
    }
    assert_eq!(peer.writes.load(Ordering::Relaxed), before + 2);
    assert_eq!(peer.journal.faults(), [""; 0]);
}

#[tokio::test]
async fn commands_may_come_in_any_pieces() {
    let peer = Peer::new();
    let mut client = peer.connect().await;
    let script = "MAIL FROM:<>\r\nRCPT TO:<ann@example.org>\r\nDATA\r\n";
    for byte in script.as_bytes() {
        client.send([*byte]).await;
        tokio::task::yield_now().await;
    }
    for code in ["250", "250", "354"] {
        assert!(client.reply().await.starts_with(code));
    }
}

#[tokio::test]
async fn doubled_dots_come_apart_on_the_way_in() {
    let peer = Peer::new();
    let mut client = peer.connect().await;
    client.open("ann@example.org").await;
    assert!(client.ask("..\r\n...\r\n..x\r\n.").await.starts_with("250"));
    assert_eq!(peer.messages(), [".\r\n..\r\n.x\r\n"]);
}

#[tokio::test]
async fn a_large_message_arrives_whole() {
    let peer = Peer::new();
    let mut client = peer.connect().await;
    let message = "0123456789abcdef\r\n".repeat(300_000);
    client.open("ann@example.org").await;
    assert!(client.ask(&format!("{message}.")).await.starts_with("250"));
    assert!(peer.messages() == [message]);
}

#[tokio::test]
async fn a_message_over_the_size_limit_is_refused_at_the_dot() {
    let peer = Peer::with(|options| options.extensions = vec![Extension::Size(10)]);
    let mut client = peer.connect().await;
    client.open("ann@example.org").await;
    assert_eq!(client.ask("0123456789\r\n.").await, "552 message too big\r\n");
    client.open("ann@example.org").await;
    assert_eq!(client.ask("01234567\r\n.").await, "250 queued as 000001\r\n");
}

#[tokio::test]
async fn messages_that_a_relay_may_misread_are_refused() {
    let peer = Peer::new();
    let mut client = peer.connect().await;
    for (message, reply) in [
        ("a\n.\r\nMAIL FROM:<x@example.org>", "554 5.6.0 a CR or LF stands alone"),
        ("a\r.\r\nb", "554 5.6.0 a CR or LF stands alone"),
        (&"x".repeat(999), "554 5.6.0 a line is longer"),
        ("Subject: 안녕", "554 5.6.1 bytes above 127"),
    ] {
        client.open("ann@example.org").await;
        let answer = client.ask(&format!("{message}\r\n.")).await;
        assert!(answer.starts_with(reply), "{message:.20}: {answer}");
    }
    assert_eq!(peer.messages(), [""; 0]);
    assert_eq!(peer.journal.faults(), ["a CR or LF stands alone in a message"; 2]);
}

#[tokio::test]
async fn lines_of_commands_are_checked_before_they_are_read() {
    let peer = Peer::new();
    let mut client = peer.connect().await;
    client.send("NOOP\n").await;
    assert!(client.reply().await.starts_with("500 5.5.2 a command ends in CRLF"));
    client.send(b"NOOP\r\rX\r\n").await;
    assert!(client.reply().await.starts_with("500 5.5.2 a command ends in CRLF"));
    client.send(b"NOOP \xFF\r\n").await;
    assert!(client.reply().await.starts_with("500 5.5.2 a command is ASCII"));
    let long = format!("NOOP {}", "x".repeat(506));
    assert_eq!(client.ask(&long).await, "500 5.5.2 line too long, at most 512 bytes\r\n");
    assert!(client.ask(&long[..510]).await.starts_with("250"));
    client.send("x".repeat(13_000)).await;
    assert_eq!(client.reply().await, "500 5.5.2 line too long\r\n");
    assert_eq!(client.reply().await, "");
}

#[tokio::test]
async fn several_recipients_share_a_message_and_are_counted() {
    let peer = Peer::new();
    let mut client = peer.connect().await;
    client.ask("MAIL FROM:<>").await;
    for number in 0..100 {
        assert!(client.ask(&format!("RCPT TO:<p{number}@example.org>")).await.starts_with("250"));
    }
    assert!(client.ask("RCPT TO:<late@example.org>").await.starts_with("452 4.5.3"));
    client.ask("DATA").await;
    client.ask("x\r\n.").await;
    assert_eq!(peer.messages().len(), 1);
    assert_eq!(peer.journal.accepted().len(), 100);
    assert_eq!(peer.journal.contacted().len(), 101);
}

fn account(mechanisms: &[Mechanism]) -> Auth {
    Auth { user: "news".into(), password: "pass word".into(), mechanisms: mechanisms.to_vec() }
}

#[tokio::test]
async fn mail_needs_a_password_where_there_is_an_account() {
    let peer = Peer::with(|options| {
        options.auth = Some(account(&[Mechanism::Plain, Mechanism::Login]));
    });
    let mut client = peer.dial();
    client.reply().await;
    assert!(client.ask("EHLO client.example").await.ends_with("250 AUTH PLAIN LOGIN\r\n"));
    for (line, reply) in [
        ("MAIL FROM:<>", "530 5.7.0 authentication required\r\n"),
        ("AUTH CRAM-MD5", "504 5.5.4 mechanism not offered\r\n"),
        ("AUTH", "501 5.5.4 write AUTH and a mechanism\r\n"),
        // `\0news\0wrong`
        ("AUTH PLAIN AG5ld3MAd3Jvbmc=", "535 5.7.8 wrong name or password\r\n"),
        ("AUTH PLAIN !", "501 5.5.2 not what the mechanism sends\r\n"),
        ("AUTH LOGIN", "334 VXNlcm5hbWU6\r\n"),
        ("*", "501 5.7.0 authentication cancelled\r\n"),
        ("AUTH LOGIN", "334 VXNlcm5hbWU6\r\n"),
        ("bmV3cw==", "334 UGFzc3dvcmQ6\r\n"),
        ("d3Jvbmc=", "535 5.7.8 wrong name or password\r\n"),
        ("NOOP", "250 2.0.0 here\r\n"),
        ("AUTH PLAIN", "334 \r\n"),
        // `\0news\0pass word`
        ("AG5ld3MAcGFzcyB3b3Jk", "235 2.7.0 welcome\r\n"),
        ("AUTH PLAIN AG5ld3MAcGFzcyB3b3Jk", "503 5.5.1 AUTH once, before MAIL\r\n"),
        ("MAIL FROM:<> AUTH=<>", "250 2.1.0 sender ok\r\n"),
    ] {
        assert_eq!(client.ask(line).await, reply, "{line}");
    }
    assert_eq!(peer.journal.count("AUTH"), 7);
}

#[tokio::test]
async fn login_takes_the_name_in_the_first_line_too() {
    let peer = Peer::with(|options| options.auth = Some(account(&[Mechanism::Login])));
    let mut client = peer.connect().await;
    assert!(client.ask("AUTH PLAIN").await.starts_with("504"));
    assert_eq!(client.ask("AUTH LOGIN bmV3cw==").await, "334 UGFzc3dvcmQ6\r\n");
    assert_eq!(client.ask("cGFzcyB3b3Jk").await, "235 2.7.0 welcome\r\n");
}

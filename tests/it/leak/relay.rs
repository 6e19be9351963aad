//! A relay that names people in every way relays do.

use announce::{
    deliver::Stage,
    sandbox::{Act, Rule, Script},
};

use super::canary::{address, canary};

/// What the relay does to each of `people`: two thirds are taken in the usual way.
pub(super) fn script(people: usize) -> Script {
    (0..people).fold(Script::new(), |script, person| match treatment(person) {
        Some((stage, acts)) => script.rule(Rule::at(stage, acts).recipient(&address(person))),
        None => script,
    })
}

/// Refusals about the person only: one about us would open the breaker.
fn treatment(person: usize) -> Option<(Stage, Vec<Act>)> {
    let address = address(person);
    let (local, domain) = address.split_once('@').unwrap_or_default();
    let (head, tail) = address.split_at(7);
    let upper = address.to_uppercase();
    let unused = canary(person, 'l').replace("zq", "ZQ");
    let reply = |stage, text: String| Some((stage, vec![Act::Send(text.into_bytes())]));
    match person % 100 {
        0 => reply(Stage::Rcpt, format!("550 5.1.1 <{address}>: user unknown\r\n")),
        3 => reply(Stage::Rcpt, format!("450 4.2.0 <{upper}>: greylisted\r\n")),
        6 => reply(Stage::Rcpt, format!("550 5.2.1 {local}={domain}@verp.test is disabled\r\n")),
        9 => reply(Stage::Rcpt, format!("550 5.2.1 rfc822;{local}+40{domain} disabled\r\n")),
        12 => reply(Stage::Rcpt, format!("550 5.1.1 no {local} here, {unused} neither\r\n")),
        15 => reply(Stage::Rcpt, format!("450 4.4.3 no route to mx1.{domain} or {domain}.\r\n")),
        18 => reply(Stage::Rcpt, format!("550-5.2.1 {local}@\r\n550 5.2.1 {domain} is off\r\n")),
        21 => reply(Stage::Rcpt, format!("550-5.2.1 {head}\r\n550 5.2.1 {tail} is off\r\n")),
        24 => reply(Stage::Rcpt, format!("452 4.2.2 mailbox {local}%40{domain} is full\r\n")),
        27 => reply(Stage::Rcpt, format!("550 5.2.1 box-{local}-7 at host-{domain}-x\r\n")),
        30 => reply(Stage::Rcpt, format!("550 5.2.1 ({local} at {domain})\r\n")),
        33 => reply(Stage::Dot, format!("250 2.0.0 <{address}> queued as {local}\r\n")),
        36 => reply(Stage::Dot, format!("250-2.0.0 {upper}\r\n250 2.6.0 Queued mail {local}\r\n")),
        39 => reply(Stage::Dot, format!("550 5.2.1 {local}&#64;{domain} is off\r\n")),
        42 => reply(Stage::Dot, format!("451 4.3.0 {local}=40{domain} later\r\n")),
        45 => reply(Stage::Data, format!("451 4.3.0 \"{local}\"@{domain} later\r\n")),
        48 => Some((Stage::Dot, vec![Act::Keep, Act::Drop])),
        51 => Some((Stage::Dot, vec![Act::Keep, Act::Send(b"250 2.0.0 ta".to_vec()), Act::Drop])),
        54 => reply(Stage::Dot, format!("354 {address}\r\n")),
        57 => reply(Stage::Mail, format!("451 4.3.0 not now for {address}\r\n")),
        _ => None,
    }
}

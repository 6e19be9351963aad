//! What a short loop over lettre's pooled transport can do: one message, built beforehand, sent
//! again and again over so many connections. `benches/side-by-side` runs it beside `announce`.

use std::{
    env,
    error::Error,
    num::{NonZeroU32, NonZeroUsize},
    str::FromStr,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use lettre::{SmtpTransport, Transport, address::Envelope, transport::smtp::PoolConfig};

const USAGE: &str = "usage: lettre_pool HOST PORT CONNECTIONS MESSAGES BYTES";

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [host, port, connections, messages, bytes] = &arguments[..] else {
        // No failure: `cargo bench` runs every benchmark, and has no server for this one.
        println!("{USAGE}");
        return Ok(());
    };
    let connections = NonZeroU32::from_str(connections)?.get();
    let messages = NonZeroUsize::from_str(messages)?.get();
    let transport = SmtpTransport::builder_dangerous(host)
        .port(port.parse()?)
        .pool_config(PoolConfig::new().max_size(connections))
        .build();
    let envelope =
        Envelope::new(Some("news@group.example".parse()?), vec!["ann@example.org".parse()?])?;
    let message = message(bytes.parse()?);

    let begun = AtomicUsize::new(0);
    let send = || {
        while begun.fetch_add(1, Ordering::Relaxed) < messages {
            transport.send_raw(&envelope, &message)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..connections).map(|_| scope.spawn(send)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("no panic while sending"))
    })
}

/// A message of about this size, in lines of 78 bytes.
fn message(bytes: usize) -> Vec<u8> {
    let header = "From: news@group.example\r\nTo: ann@example.org\r\nSubject: A letter\r\n\r\n";
    let line = format!("{}\r\n", "x".repeat(76));
    let body = line.repeat(bytes.saturating_sub(header.len()) / line.len());
    [header, &body].concat().into_bytes()
}

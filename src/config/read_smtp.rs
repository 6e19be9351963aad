//! Reads `[smtp]`.

use std::net::IpAddr;

use super::{
    PasswordSource, Relay, Sender, Server, Smtp,
    section::{line, number, path},
    server,
};
use crate::draft::{
    document::{Entry, Faults, Table},
    notation,
};

/// The section.
pub(super) fn smtp(
    table: &mut Table,
    sender: Option<&Sender>,
    faults: &mut Faults<'_>,
) -> Option<Smtp> {
    let hint = "write `sandbox:`, `smtps://user@host:465` or `smtp://user@host:587`";
    let url = table.require("url", hint, faults).and_then(|entry| entry.line(faults));
    let server = url.and_then(|url| match Server::parse(&url.value) {
        Ok(server) => Some(server),
        Err(bad) => {
            faults.report(url.span, format!("`smtp.url` {}", bad.message()), bad.hint());
            None
        }
    });
    let helo = table.take("helo").map(|entry| {
        let hint = "write the domain that this machine sends for, not its own name";
        entry.parsed(faults, "a domain or an address in brackets", hint, helo)
    });
    let helo = match helo {
        Some(helo) => helo.map(|helo| helo.value),
        None => sender.map(Sender::domain),
    };
    let password = password(table, server.as_ref(), faults);
    let connections = number(table, "connections", 4, 64, faults);
    let messages_per_connection = number(table, "messages_per_connection", 100, 100_000, faults);
    let timeout = table.take("timeout").and_then(|entry| {
        let hint = "write it as `30s` or `2min`";
        let length = entry.parsed(faults, "a length of time", hint, notation::duration)?;
        Some(length.value.unsigned_abs())
    });
    let ca_file = path(table.take("ca_file"), faults);
    if let Some(key) = table.take_unknown("password") {
        let hint = "change that password, it was in a file; then use `password_command`, \
                    `password_file` or the variable ANNOUNCE_SMTP_PASSWORD";
        key.refuse(faults, "does not belong in this file", hint);
    }
    Some(Smtp {
        server: server?,
        helo: helo?,
        password: password?,
        connections: connections?,
        messages_per_connection: messages_per_connection?,
        timeout,
        ca_file,
    })
}

fn helo(text: &str) -> Option<String> {
    let literal = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    match literal {
        Some(literal) => {
            let address = literal.strip_prefix("IPv6:").unwrap_or(literal);
            address.parse::<IpAddr>().ok().map(|_| text.to_owned())
        }
        None => server::domain(text).filter(|domain| domain.parse::<IpAddr>().is_err()),
    }
}

fn password(
    table: &mut Table,
    server: Option<&Server>,
    faults: &mut Faults<'_>,
) -> Option<PasswordSource> {
    let command = table.take("password_command");
    let file = table.take("password_file");
    let nobody = matches!(server, Some(Server::Relay(Relay { user: None, .. })));
    for entry in command.iter().chain(&file).filter(|_| nobody) {
        entry.refuse(faults, "has no user to log in", "put the user in `url`: `smtps://user@host`");
    }
    match (command, file) {
        (Some(command), Some(file)) => {
            file.refuse(faults, "stands beside `password_command`", "keep one of them");
            command_of(command, faults)
        }
        (Some(command), None) => command_of(command, faults),
        (None, Some(file)) => path(Some(file), faults).map(PasswordSource::File),
        (None, None) => Some(PasswordSource::Environment),
    }
}

fn command_of(entry: Entry, faults: &mut Faults<'_>) -> Option<PasswordSource> {
    let hint = "write program and arguments: `[\"pass\", \"show\", \"smtp\"]`";
    let span = entry.span();
    let words = entry.list(faults, hint)?;
    if words.is_empty() {
        faults.report(span, "`smtp.password_command` is empty", hint);
        return None;
    }
    let words: Option<Vec<String>> =
        words.into_iter().map(|word| line(Some(word), faults)).collect();
    words.map(PasswordSource::Command)
}

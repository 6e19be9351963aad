//! `announce suppress list` and `export`.

use std::collections::HashMap;

use serde::Serialize;

use super::{
    super::{
        super::{
            Exit, Fault, audience::listed_addresses, newsroom::Newsroom, output, runtime::block_on,
            spreadsheet,
        },
        log::Format,
    },
    secret_mark,
};
use crate::{
    diagnostic::people,
    ledger::{Ledger as _, Suppression},
};

pub(super) fn run(newsroom: &Newsroom, addresses: bool, format: Format) -> Result<Exit, Fault> {
    let (entries, secret) = block_on(async {
        let Some(ledger) = newsroom.suppression_ledger()? else {
            return Ok::<_, Fault>((Vec::new(), String::new()));
        };
        let mut secret = String::new();
        if format == Format::Csv {
            let keys = newsroom.existing_keys()?;
            newsroom.check_books(&ledger, &keys).await?;
            secret = secret_mark(&keys);
        }
        Ok((ledger.suppressions().await?, secret))
    })?;
    let known =
        if addresses && !entries.is_empty() { listed_addresses(newsroom)? } else { HashMap::new() };
    match format {
        Format::Table if entries.is_empty() => {}
        Format::Table if addresses => {
            output::result("person    reason        since             address");
        }
        Format::Table => {
            output::result("person    reason        since");
        }
        Format::Csv => {
            output::result("key,secret,reason,date,email");
        }
        Format::Jsonl => {}
    }
    for entry in &entries {
        let address = known.get(&entry.person).map(String::as_str);
        let more = match format {
            Format::Table => output::result(table(newsroom, entry, addresses, address)),
            Format::Csv => output::result(csv(entry, &secret, address)),
            Format::Jsonl => output::result(jsonl(entry, address)),
        };
        if !more {
            break;
        }
    }
    if format == Format::Table {
        output::say(match entries.len() as u64 {
            0 => "nobody is suppressed".to_owned(),
            n => format!("{} suppressed", people(n)),
        });
    }
    Ok(Exit::Done)
}

fn table(newsroom: &Newsroom, entry: &Suppression, addresses: bool, known: Option<&str>) -> String {
    let since = entry.at.to_zoned(newsroom.zone()).strftime("%Y-%m-%d %H:%M");
    let line = format!("{}  {:<12}  {since}", entry.person.short(), entry.reason.word());
    if addresses { format!("{line}  {}", known.unwrap_or("-")) } else { line }
}

fn csv(entry: &Suppression, secret: &str, address: Option<&str>) -> String {
    spreadsheet::line(&[
        entry.person.to_string(),
        secret.to_owned(),
        entry.reason.word().to_owned(),
        entry.at.to_string(),
        address.unwrap_or_default().to_owned(),
    ])
}

fn jsonl(entry: &Suppression, address: Option<&str>) -> String {
    /// Its keys, in this order.
    #[derive(Serialize)]
    struct Document<'a> {
        key: String,
        reason: &'a str,
        date: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        email: Option<&'a str>,
    }
    let document = Document {
        key: entry.person.to_string(),
        reason: entry.reason.word(),
        date: entry.at.to_string(),
        email: address,
    };
    serde_json::to_string(&document).unwrap_or_default()
}

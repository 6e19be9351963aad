//! Reads `[pace]`.

use std::collections::BTreeMap;

use super::{Pace, Relay, Security, Server, server};
use crate::{
    deliver::{BadLimit, Limit},
    diagnostic::Spanned,
    draft::document::{Entry, Faults, Table},
};

/// The section.
pub(super) fn pace(table: &mut Table, faults: &mut Faults<'_>) -> WrittenPace {
    let limits = table.take("limit").map(|entry| {
        let entries = entry.one_or_more(faults).unwrap_or_default();
        entries.into_iter().filter_map(|entry| limit(entry, faults)).map(|l| l.value).collect()
    });
    let domains = table.take("domains").map_or_else(BTreeMap::new, |entry| domains(entry, faults));
    WrittenPace { limits, domains }
}

/// `[pace]` before it is known what it is a pace to.
#[derive(Default)]
pub(super) struct WrittenPace {
    limits: Option<Vec<Limit>>,
    domains: BTreeMap<String, Limit>,
}

impl WrittenPace {
    /// A relay that is not this machine gets a careful pace unless one is written.
    pub(super) fn with_default_for(self, server: &Server) -> Pace {
        let careful = || match server {
            Server::Relay(Relay {
                security: Security::ImplicitTls | Security::StartTls, ..
            }) => "5/s".parse().into_iter().collect(),
            Server::Sandbox | Server::Relay(_) => Vec::new(),
        };
        Pace { limits: self.limits.unwrap_or_else(careful), domains: self.domains }
    }
}

fn limit(entry: Entry, faults: &mut Faults<'_>) -> Option<Spanned<Limit>> {
    let text = entry.line(faults)?;
    match text.value.parse() {
        Ok(limit) => Some(Spanned::new(limit, text.span)),
        Err(bad @ BadLimit(_)) => {
            faults.report(text.span, bad.to_string(), BadLimit::HINT);
            None
        }
    }
}

fn domains(entry: Entry, faults: &mut Faults<'_>) -> BTreeMap<String, Limit> {
    let hint = "write it as `{ \"gmail.com\" = \"1/s\" }`";
    let mut domains = BTreeMap::new();
    let Some(mut table) = entry.table(faults, hint) else { return domains };
    for (name, entry) in table.take_all() {
        let Some(limit) = limit(entry, faults) else { continue };
        let Some(domain) = server::domain(&name.value) else {
            faults.report(name.span, format!("`{}` is not a domain", name.value), hint);
            continue;
        };
        if limit.value.window.is_cap() {
            let hint =
                "write it per `s` or `min`: the ledger counts hours and days, and knows no domains";
            faults.report(limit.span, format!("`{domain}` cannot have a cap"), hint);
        } else if domains.insert(domain.clone(), limit.value).is_some() {
            faults.report(name.span, format!("`{domain}` stands twice"), "keep one of them");
        }
    }
    domains
}

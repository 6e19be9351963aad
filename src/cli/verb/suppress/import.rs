//! `announce suppress import`: a list that another program kept, or one of our own.

use std::{fs::File, path::Path, sync::Arc};

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
};

use super::{
    super::super::{Exit, Fault, newsroom::Newsroom, output, runtime::block_on, spreadsheet},
    secret_mark, tell_rehearser,
};
use crate::{
    audience::{Address, ListReader, ListSpec, Row, bad_address, too_many_bad},
    clock::Clock as _,
    diagnostic::{Diagnostic, count, people},
    keys::{Keys, PersonKey},
    ledger::{Ledger as _, Suppression, SuppressionReason},
};

/// Bad rows that are named one by one; more are only counted.
const SHOWN: usize = 20;

pub(super) fn run(
    newsroom: &Newsroom,
    file: &Path,
    reason: SuppressionReason,
) -> Result<Exit, Fault> {
    let shown: Arc<str> = file.display().to_string().into();
    let unreadable = |error: std::io::Error| {
        let message = format!("`{shown}` cannot be read: {error}");
        Fault::with_hint(Exit::Usage, message, "a CSV file with a column `email`")
    };
    let input = File::open(newsroom.path_from_here(file)).map_err(unreadable)?;
    let list = ListSpec { name: "import".into(), shown: Arc::clone(&shown), email_column: None };
    let refused = |fault| Fault::refused(vec![fault]);
    let rows = ListReader::open_table(&list, input).map_err(refused)?;
    let keys = newsroom.keys(true)?;
    let reading = Reading { newsroom, keys: &keys, reason, shown: &shown };
    let (mut entries, mut bad) = (Vec::new(), Vec::new());
    for row in rows {
        match reading.entry(&row.map_err(refused)?) {
            Ok(entry) => entries.push(entry),
            Err(fault) => bad.push(fault),
        }
    }
    let (read, left_out) = (entries.len() + bad.len(), bad.len() as u64);
    bad.truncate(SHOWN);
    if too_many_bad(read as u64, left_out) {
        let message = format!(
            "{left_out} of {} cannot be read: nobody was added",
            count(read as u64, "row"),
        );
        let hint = "more than 2 % bad rows mean that something is wrong with the file";
        bad.push(Diagnostic::new(message).hint(hint));
        return Err(Fault::refused(bad));
    }
    block_on(async {
        let ledger = newsroom.own_suppression_ledger(&keys).await?;
        let given = entries.len() as u64;
        let added = ledger.suppress_all(entries).await?;
        output::result(format!("{} added, {} already on the list", people(added), given - added));
        tell_rehearser(newsroom);
        if bad.is_empty() {
            output::say("next: announce suppress list");
            return Ok(Exit::Done);
        }
        bad.push(
            Diagnostic::new(format!("{} left out", count(left_out, "row")))
                .hint("mend them and import the file again: nobody is added twice"),
        );
        Err(Fault::refused(bad))
    })
}

struct Reading<'a> {
    newsroom: &'a Newsroom,
    keys: &'a Keys,
    /// For rows that do not say.
    reason: SuppressionReason,
    shown: &'a Arc<str>,
}

impl Reading<'_> {
    fn entry(&self, row: &Row) -> Result<Suppression, Diagnostic> {
        let fault = |message: &str, hint: &str| {
            Diagnostic::new(message).at_line(Arc::clone(self.shown), row.line).hint(hint)
        };
        let cell = |column: &str| row.fields.get(column).map_or("", str::trim);
        let reason = match cell("reason").to_lowercase() {
            none if none.is_empty() => self.reason,
            word => SuppressionReason::ALL
                .into_iter()
                .find(|reason| reason.word() == word)
                .ok_or_else(|| {
                    let hint = "it is `unsubscribed`, `bounced`, `complained`, `manual` or empty";
                    fault("the reason is none that is known", hint)
                })?,
        };
        let at = match cell("date") {
            "" => self.newsroom.clock().now(),
            date => self.moment(date).ok_or_else(|| {
                fault("the date cannot be read", "write it as `2026-11-02` or `2026-11-02 17:00`")
            })?,
        };
        let key = PersonKey::parse(cell("key"));
        if let Some(person) = key.filter(|_| row.typed().trim().is_empty()) {
            if cell("secret") != secret_mark(self.keys) {
                let hint = "export it there again, while the lists there hold the addresses; a row \
                            without one helps nobody here";
                return Err(fault("a key of another newsroom means nobody here", hint));
            }
            return Ok(Suppression { person, reason, at });
        }
        Ok(Suppression { person: self.person(row)?, reason, at })
    }

    fn person(&self, row: &Row) -> Result<PersonKey, Diagnostic> {
        Address::parse(spreadsheet::unguarded(row.typed()))
            .map(|address| self.keys.person(&address))
            .map_err(|error| bad_address(self.shown, row.line, row.typed(), error))
    }

    /// A time with its offset, or a local one.
    fn moment(&self, text: &str) -> Option<Timestamp> {
        let local = |time: DateTime| self.newsroom.zone().to_timestamp(time).ok();
        let day = |date: Date| local(date.to_datetime(jiff::civil::Time::midnight()));
        text.parse::<Timestamp>()
            .ok()
            .or_else(|| text.parse::<DateTime>().ok().and_then(local))
            .or_else(|| text.parse::<Date>().ok().and_then(day))
    }
}

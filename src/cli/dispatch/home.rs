//! Whether this is where the newsroom sends from. A copy of it on another machine, or a clone, knows
//! what is due and not what has gone out since.

use std::{fs, path::Path};

use super::super::{Exit, Fault, guard::register, newsroom::Newsroom, runtime::block_on};
use crate::{diagnostic::Diagnostic, ledger::Ledger as _};

/// Why nothing goes out from here by itself: the books are not the newest, or this is no place
/// that anybody has sent from.
pub(in crate::cli) fn obstacle(newsroom: &Newsroom) -> Option<Fault> {
    let books = || {
        block_on(async {
            if newsroom.rehearses() || !newsroom.has_ledger()? {
                return Ok(());
            }
            newsroom.check_books(&newsroom.ledger()?, &*newsroom.existing_keys()?).await
        })
    };
    books().and_then(|()| check(newsroom)).err()
}

/// Refuses where nobody has sent from yet, though there was something to send.
pub(super) fn check(newsroom: &Newsroom) -> Result<(), Fault> {
    if newsroom.rehearses() {
        return Ok(());
    }
    let ledger = block_on(async {
        if !newsroom.has_ledger()? {
            return Ok(None);
        }
        let ledger = newsroom.ledger()?;
        let has_sent = !ledger.campaigns().await?.is_empty();
        Ok(Some((ledger.id().to_owned(), has_sent)))
    })?;
    if let Some((id, true)) = &ledger {
        let register = register();
        if !register.has_seen(id)? {
            return Err(copied());
        }
        let root = newsroom.workspace().root();
        let home = register.home(id)?.filter(|home| home != root);
        // One that has been moved is at home where it is now.
        if let Some(home) = home.filter(|home| home.join(".announce/ledger.db").exists()) {
            return Err(second(&home));
        }
    }
    let id = ledger.as_ref().map(|(id, _)| id.as_str());
    match first_foreign(newsroom, id)? {
        Some(receipt) => Err(cloned(&receipt)),
        None => Ok(()),
    }
}

/// A receipt of another ledger, where none is of this one.
fn first_foreign(newsroom: &Newsroom, ledger: Option<&str>) -> Result<Option<String>, Fault> {
    let folder = newsroom.workspace().root().join("drafts");
    let Ok(entries) = fs::read_dir(folder) else { return Ok(None) };
    let mut foreign = None;
    for entry in entries {
        let entry = entry.map_err(Fault::io)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".sent.toml") || entry.path().is_dir() {
            continue;
        }
        let bytes = fs::read(entry.path()).map_err(|error| {
            let fault = Diagnostic::new(format!("it cannot be read: {error}"));
            let hint = "it says where this newsroom sends from: mend it, or take it out";
            Fault::new(Exit::Refused, fault.in_file(format!("drafts/{name}")).hint(hint))
        })?;
        if ledger.is_some_and(|id| String::from_utf8_lossy(&bytes).contains(id)) {
            return Ok(None);
        }
        foreign = foreign.min(Some(name.clone())).or(Some(name));
    }
    Ok(foreign)
}

fn copied() -> Fault {
    let hint = "if it is meant to send from here, as this user, send or resume once by hand; cron \
                needs the `HOME` (or `XDG_STATE_HOME`) of the user who does";
    let message = "this looks like a copy: nobody has sent with its ledger on this machine, as this \
                   user";
    Fault::with_hint(Exit::Refused, message, hint)
}

fn second(home: &Path) -> Fault {
    let hint = "if it is meant to send from here from now on, move the other one away, or send once \
                by hand";
    let message = format!("this is a copy of the newsroom in `{}`, which sends", home.display());
    Fault::with_hint(Exit::Refused, message, hint)
}

fn cloned(receipt: &str) -> Fault {
    let hint = "what is due may have gone out from there; if it is meant to go out from here, send \
                once by hand: `announce send DRAFT`";
    let message = format!(
        "`drafts/{receipt}` says that this newsroom sends from another desk: nothing is \
                 sent from here by itself"
    );
    Fault::with_hint(Exit::Refused, message, hint)
}

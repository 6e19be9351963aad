//! `drafts/SLUG.sent.toml`: says beside the draft that it was sent, so that a clone of the
//! newsroom on another desk, with an empty ledger, does not mail everybody again.

use std::{
    fs,
    io::{self, ErrorKind, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
};

use super::{Exit, Fault, newsroom::Newsroom, state::Known};
use crate::{
    diagnostic::Diagnostic,
    ledger::{Books, CampaignRecord, SqliteLedger},
};

/// The receipt of a campaign, if it has one. Read it before the ledger is: a run that begins just
/// now freezes the campaign first, so that a ledger which is read later knows it.
pub(super) fn read(newsroom: &Newsroom, campaign: &str) -> Result<Option<String>, Fault> {
    if newsroom.rehearses() {
        return Ok(None);
    }
    let name = shown(campaign);
    match fs::read_to_string(newsroom.workspace().root().join(&name)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let fault = Diagnostic::new(format!("it cannot be read: {error}")).in_file(name);
            Err(Fault::new(Exit::Refused, fault.hint("it says whether this was sent")))
        }
    }
}

/// Refuses a campaign whose receipt names another ledger, or one that does not know it any more.
pub(super) fn check(receipt: Option<&str>, campaign: &str, known: &Known) -> Result<(), Fault> {
    let Some(text) = receipt.filter(|_| known.record.is_none()) else { return Ok(()) };
    let ours = known.ledger_id.as_ref().is_some_and(|id| text.contains(id));
    let whose = if ours {
        "by this ledger, which does not know of it any more"
    } else {
        "from another desk, or with a ledger that is lost"
    };
    Err(Fault::with_hint(
        Exit::Refused,
        format!("`{}` says that this was sent {whose}", shown(campaign)),
        "send it from there; as a new campaign (`--as ID`) it goes to everybody again",
    ))
}

/// Writes the receipt of a real send, before its first mail and with the books after it; it names
/// nobody.
pub(super) fn write(
    newsroom: &Newsroom,
    record: &CampaignRecord,
    books: &Books,
    ledger: &SqliteLedger,
) -> Result<(), Fault> {
    let drafts = newsroom.workspace().root().join("drafts");
    if newsroom.rehearses() || !drafts.is_dir() {
        return Ok(());
    }
    let text = format!(
        "# Written by `announce`: this is being sent or was. Commit it with the draft.\n\
         campaign = \"{}\"\ndigest = \"{}\"\nledger = \"{}\"\n\
         frozen_at = \"{}\"\naccepted = {}\nrejected = {}\nuncertain = {}\n",
        record.id,
        record.digest,
        ledger.id(),
        record.frozen_at,
        books.accepted,
        books.rejected,
        books.uncertain,
    );
    let name = shown(&record.id);
    replace(&drafts, &newsroom.workspace().root().join(&name), &text).map_err(|error| {
        let fault = Diagnostic::new(format!("the receipt cannot be written: {error}"));
        let hint = "make room or mend the permissions, then run again: whoever has it is not \
                    mailed again";
        Fault::new(Exit::TryAgain, fault.in_file(name).hint(hint))
    })
}

/// All of it or nothing, and on disk when it returns: after a power loss that took the ledger
/// with it, the receipt is what still says that people were mailed.
fn replace(drafts: &Path, path: &Path, text: &str) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(drafts)?;
    file.write_all(text.as_bytes())?;
    // It is to be committed with the draft, so others may read it.
    fs::set_permissions(file.path(), fs::Permissions::from_mode(0o644))?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    fs::File::open(drafts)?.sync_all()
}

fn shown(campaign: &str) -> String {
    format!("drafts/{campaign}.sent.toml")
}

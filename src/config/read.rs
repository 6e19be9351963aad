//! Reads `announce.toml`, section by section.

use std::collections::BTreeMap;

use super::{
    List, Sender, Settings, Unsubscribe, read_approval, read_check, read_pace, read_smtp,
    section::{ADDRESS_HINT, PATH_HINT, address, line, path, section},
};
use crate::{
    diagnostic::{Diagnostic, Source},
    draft::{
        document::{self, Entry, Faults, Table},
        notation,
    },
};

/// The whole file.
pub(super) fn settings(source: &Source) -> Result<Settings, Vec<Diagnostic>> {
    let node = document::parse_toml(source)?;
    let mut faults = Faults::new(source);
    let settings = Table::document(node, 0..0, &mut faults).and_then(|mut table| {
        let settings = sections(&mut table, &mut faults);
        table.finish(&mut faults);
        settings
    });
    // The rules of the checks are about drafts and lists.
    let without_rule = |fault| Diagnostic { rule: None, ..fault };
    faults.finish(settings).map_err(|faults| faults.into_iter().map(without_rule).collect())
}

fn sections(table: &mut Table, faults: &mut Faults<'_>) -> Option<Settings> {
    let hint = "add `[sender]` with name, address, postal_address and timezone";
    let sender = section(table.require("sender", hint, faults), faults, sender);
    let hint = "add `[smtp]` with `url = \"sandbox:\"` to rehearse, or a server's";
    let smtp = section(table.require("smtp", hint, faults), faults, |table, faults| {
        read_smtp::smtp(table, sender.as_ref(), faults)
    });
    let pace =
        section(table.take("pace"), faults, |table, faults| Some(read_pace::pace(table, faults)));
    let lists = table
        .take("lists")
        .map_or_else(BTreeMap::new, |entry| lists(entry, sender.as_ref(), faults));
    let hint = "people must be able to leave: add `[unsubscribe]` with `mailto` or `url`";
    let unsubscribe = section(table.require("unsubscribe", hint, faults), faults, unsubscribe);
    let bounces = section(table.take("bounces"), faults, bounces);
    let secret_file = section(table.take("ledger"), faults, |table, faults| {
        path(table.take("secret_file"), faults)
    });
    let check = section(table.take("check"), faults, |table, faults| {
        Some(read_check::policy(table, faults))
    });
    let approval = section(table.take("approval"), faults, |table, faults| {
        Some(read_approval::policy(table, faults))
    });
    let smtp = smtp?;
    Some(Settings {
        approval: approval.unwrap_or_default(),
        check: check.unwrap_or_default(),
        pace: pace.unwrap_or_default().with_default_for(&smtp.server),
        sender: sender?,
        smtp,
        lists,
        unsubscribe: unsubscribe?,
        bounces,
        secret_file,
    })
}

fn sender(table: &mut Table, faults: &mut Faults<'_>) -> Option<Sender> {
    let name = line(table.require("name", "write the name that inboxes show", faults), faults);
    let address_ = address(table.require("address", ADDRESS_HINT, faults), faults);
    let reply_to = address(table.take("reply_to"), faults);
    let hint = "laws on bulk mail ask for a postal address in each mail";
    let postal_address = table.require("postal_address", hint, faults);
    let postal_address = postal_address.and_then(|entry| entry.text(faults));
    let hint = "name the zone that your times are in: `Europe/London`";
    let timezone =
        table.require("timezone", hint, faults).and_then(|entry| entry.time_zone(faults));
    let language = table.take("language").map(|entry| {
        entry.parsed(faults, "a language tag", "write it as `en-GB`", notation::language)
    });
    let language = language.map_or(Some("en".to_owned()), |tag| tag.map(|tag| tag.value));
    Some(Sender {
        name: name?,
        address: address_?,
        reply_to,
        postal_address: postal_address?.value.trim().to_owned(),
        timezone: timezone?.value,
        language: language?,
    })
}

fn lists(entry: Entry, sender: Option<&Sender>, faults: &mut Faults<'_>) -> BTreeMap<String, List> {
    let hint = "write `[lists]` and a line for each: `members = \"lists/members.csv\"`";
    let mut lists = BTreeMap::new();
    let Some(mut table) = entry.table(faults, hint) else { return lists };
    for (name, entry) in table.take_all() {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if name.value.is_empty() || !name.value.chars().all(is_plain) {
            let hint = "write letters, digits, `-` and `_`";
            faults.report(
                name.span,
                format!("`{}` cannot be the name of a list", name.value),
                hint,
            );
            continue;
        }
        lists.extend(list(entry, sender, faults).map(|list| (name.value, list)));
    }
    lists
}

fn list(entry: Entry, sender: Option<&Sender>, faults: &mut Faults<'_>) -> Option<List> {
    let (file, email, title) = if entry.is_table() {
        let mut table = entry.table(faults, PATH_HINT)?;
        let file = path(table.require("file", PATH_HINT, faults), faults);
        let email = line(table.take("email"), faults);
        let title = line(table.take("title"), faults);
        table.finish(faults);
        (file, email, title)
    } else {
        (path(Some(entry), faults), None, None)
    };
    let title = title.or_else(|| {
        let name = &sender?.name;
        Some(format!("You get this because you are on the mailing list of {name}."))
    });
    Some(List { file: file?, email, title: title? })
}

/// The mailbox that `+TOKEN` is added to for each person: 27 bytes of the 64 that may stand before
/// the `@` (RFC 5321 §4.5.3.1.1).
fn bounces(table: &mut Table, faults: &mut Faults<'_>) -> Option<String> {
    let entry = table.require("address", "name the mailbox that takes bounces", faults)?;
    let span = entry.span();
    let mailbox = address(Some(entry), faults)?;
    if mailbox.find('@').is_some_and(|local| local > 64 - 27) {
        let message = "`bounces.address` has no room for a token before the `@`";
        faults.report(span, message, "choose a name of at most 37 bytes: `bounces@…`");
        return None;
    }
    Some(mailbox)
}

fn unsubscribe(table: &mut Table, faults: &mut Faults<'_>) -> Option<Unsubscribe> {
    let mailto = table.take("mailto");
    let url = table.take("url");
    if mailto.is_none() && url.is_none() {
        let hint = "people must be able to leave: add `mailto = \"…\"` or `url = \"https://…/\"`";
        faults.report(table.span(), "`unsubscribe` has neither `mailto` nor `url`", hint);
        return None;
    }
    let mailto = mailto.map(|entry| address(Some(entry), faults));
    let url = url.map(|entry| {
        let wanted = "an https link that a token can be appended to";
        let hint = "end it with `/` or `=`, at most 150 bytes: `https://appg.example/u/`";
        entry.parsed(faults, wanted, hint, unsubscribe_url)
    });
    // A fault in one is reported; then both are wanted.
    Some(Unsubscribe {
        mailto: mailto.map_or(Some(None), |mailto| mailto.map(Some))?,
        url: url.map_or(Some(None), |url| url.map(|url| Some(url.value)))?,
    })
}

/// A one-click link (RFC 8058 §3.1): https, and short enough that with its token it fits a header
/// line (RFC 5322 §2.1.1).
fn unsubscribe_url(text: &str) -> Option<String> {
    let is_open = text.ends_with(['/', '=']) && !text.contains('#') && text.is_ascii();
    let fits = text.starts_with("https://") && text.len() <= 150;
    (is_open && fits).then(|| notation::url(text)).flatten()
}

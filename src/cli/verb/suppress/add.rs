//! `announce suppress add`: people by address, or by what came back from them.

use std::collections::HashMap;

use super::{
    super::super::{Exit, Fault, newsroom::Newsroom, output, runtime::block_on},
    Given, given, tell_rehearser,
};
use crate::{
    audience::Address,
    campaign::{Owner, Purpose, owners},
    clock::Clock as _,
    config::Settings,
    diagnostic::{Diagnostic, people},
    keys::{Keys, PersonKey, Token},
    ledger::{Ledger as _, SqliteLedger, Suppression, SuppressionReason},
};

pub(super) fn run(
    newsroom: &Newsroom,
    arguments: Vec<String>,
    reason: Option<SuppressionReason>,
) -> Result<Exit, Fault> {
    let given = given(arguments)?;
    let keys = newsroom.keys(true)?;
    block_on(async {
        let ledger = newsroom.own_suppression_ledger(&keys).await?;
        let (meant, faults) = identify(newsroom, &ledger, &keys, &given).await?;
        let before: HashMap<PersonKey, Suppression> =
            ledger.suppressions().await?.into_iter().map(|entry| (entry.person, entry)).collect();
        let at = newsroom.clock().now();
        let entries = meant.iter().map(|(person, implied)| Suppression {
            person: *person,
            reason: reason.unwrap_or(*implied),
            at,
        });
        let entries: Vec<Suppression> = entries.collect();
        let added = ledger.suppress_all(entries.clone()).await?;
        for entry in &entries {
            let person = entry.person.short();
            output::result(match before.get(&entry.person) {
                Some(known) => {
                    let since = newsroom.when(known.at);
                    format!("{person}  already on the list: {}, {since}", known.reason.word())
                }
                None => format!("{person}  {}", entry.reason.word()),
            });
        }
        if added == 0 {
            output::say("nobody was added");
        } else {
            output::say(format!("{} added: no campaign mails them from now on", people(added)));
            tell_rehearser(newsroom);
        }
        if faults.is_empty() {
            output::say("next: announce suppress list");
            return Ok(Exit::Done);
        }
        Err(Fault::refused(faults))
    })
}

/// Who is meant, each once, with the reason that what was given implies; and what means nobody.
async fn identify(
    newsroom: &Newsroom,
    ledger: &SqliteLedger,
    keys: &Keys,
    given: &[Given],
) -> Result<(Vec<(PersonKey, SuppressionReason)>, Vec<Diagnostic>), Fault> {
    let tokens: Vec<Option<Token>> = given.iter().map(|given| token(&given.text)).collect();
    let owners = find(newsroom, ledger, keys, &tokens).await?;
    let (mut meant, mut faults) = (Vec::new(), Vec::new());
    for ((Given { place, text }, token), owner) in given.iter().zip(tokens).zip(owners) {
        let found = match (token, owner, Address::parse(text)) {
            (Some(_), ..) if Token::find_all(text).len() > 1 => {
                Err(Diagnostic::new(format!("{place} carries more than one token"))
                    .hint("give them one by one, each as an argument or a line of its own"))
            }
            (_, Some(Owner { person, purpose, .. }), _) => Ok((
                person,
                match purpose {
                    Purpose::Unsubscribe => SuppressionReason::Unsubscribed,
                    Purpose::ReturnPath => SuppressionReason::Bounced,
                },
            )),
            (Some(_), None, _) => Err(Diagnostic::new(format!(
                "{place}: no message of this workspace carries that token"
            ))
            .hint("the token of a test mail is nobody's; is it from another workspace?")),
            (None, None, Ok(address)) => match own_mailbox(newsroom.settings(), &address) {
                None => Ok((keys.person(&address), SuppressionReason::Manual)),
                Some(hint) => {
                    Err(Diagnostic::new(format!("{place} is a mailbox of this newsroom"))
                        .hint(hint))
                }
            },
            (None, None, Err(error)) => {
                Err(Diagnostic::new(format!("{place} is no address and carries no token: {error}"))
                    .hint("a token has 26 characters, `a` to `z` and `2` to `7`"))
            }
        };
        match found {
            Ok((person, _)) if meant.iter().any(|(known, _)| *known == person) => {}
            Ok(found) => meant.push(found),
            Err(fault) => faults.push(fault),
        }
    }
    Ok((meant, faults))
}

/// What to do instead when the address is one of our own, with a `+tag` or without: nobody is on a
/// list by it, and whoever is meant would go on being mailed.
fn own_mailbox(settings: &Settings, address: &Address) -> Option<&'static str> {
    let Settings { sender, unsubscribe, bounces, .. } = settings;
    let ours = [
        Some(&sender.address),
        sender.reply_to.as_ref(),
        unsubscribe.mailto.as_ref(),
        bounces.as_ref(),
    ];
    let (typed, mut tagged) = (address.normalised(), None);
    for own in ours.into_iter().flatten().filter_map(|own| Address::parse(own).ok()) {
        let own = own.normalised();
        if own == typed {
            return Some("give the address of the person, or what came back from them");
        }
        let (local, domain) = own.rsplit_once('@').unwrap_or((&own, ""));
        let tag = typed.strip_prefix(local).and_then(|rest| rest.strip_suffix(domain));
        if tag.is_some_and(|tag| tag.starts_with('+') && tag.ends_with('@')) {
            tagged = Some(
                "the token in it is not complete: it has 26 characters, `a` to `z` and `2` to `7`",
            );
        }
    }
    tagged
}

/// An address is one, unless it is a return path: a token behind a `+`.
fn token(text: &str) -> Option<Token> {
    let carrier = match text.rsplit_once('@') {
        Some((local, _)) if !text.contains(char::is_whitespace) && !text.contains(':') => {
            local.rsplit_once('+')?.1
        }
        _ => text,
    };
    Token::find(carrier)
}

/// In the workspace's ledger, and in that of rehearsals, whose tokens are the same.
async fn find(
    newsroom: &Newsroom,
    ledger: &SqliteLedger,
    keys: &Keys,
    tokens: &[Option<Token>],
) -> Result<Vec<Option<Owner>>, Fault> {
    let sought: Vec<Token> = tokens.iter().flatten().copied().collect();
    let mut found = vec![None; sought.len()];
    if !sought.is_empty() {
        found = owners(ledger, keys, &sought).await?;
        if newsroom.rehearses() && newsroom.has_ledger()? {
            let rehearsed = owners(&newsroom.ledger()?, keys, &sought).await?;
            found = found.into_iter().zip(rehearsed).map(|(one, other)| one.or(other)).collect();
        }
    }
    let mut found = found.into_iter();
    Ok(tokens.iter().map(|token| token.and_then(|_| found.next().flatten())).collect())
}

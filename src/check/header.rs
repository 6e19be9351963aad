//! Whom a mail says it is from, and the ways back.

use super::{Finding, Level, Rule};
use crate::{
    compose::{Sender, Unsubscribe},
    diagnostic::people,
};

static RETURN_PATH: Rule = Rule {
    code: "H1",
    name: "return-path",
    level: Level::Warning,
    may_pass: true,
    title: "Bounces that go to another organisation's domain",
    why: "Receivers compare the domain that bounces go to with the sender's. If it belongs to \
          somebody else, SPF proves nothing about you, and the mail is trusted less.",
    mend: "Take a mailbox at the sender's domain, or below it, as `[bounces] address`.",
};

static FREE_MAIL: Rule = Rule {
    code: "H2",
    name: "free-mail",
    level: Level::Error,
    may_pass: true,
    title: "A sender at a free mail provider",
    why: "Large providers tell everybody to refuse mail in their name that another server sends. It \
          would end among the spam, or nowhere.",
    mend: "Send from an address at a domain of your own; answers can still go to the old mailbox \
           (`reply_to`).",
};

static NO_REPLY: Rule = Rule {
    code: "H2",
    name: "no-reply",
    level: Level::Warning,
    may_pass: true,
    title: "An address that nobody answers at",
    why: "People answer announcements: to ask, to come, to leave the list. An address that throws \
          their answers away also looks like spam to mail programs.",
    mend: "Take a mailbox that somebody reads, as `address` and as `reply_to`.",
};

static ONE_CLICK: Rule = Rule {
    code: "H5",
    name: "one-click",
    level: Level::Note,
    may_pass: true,
    title: "No web link to unsubscribe, for many people",
    why: "Gmail and Yahoo ask whoever sends more than 5,000 mails a day for a way to leave with one \
          click. A mailbox alone is not enough for them.",
    mend: "Run an endpoint for unsubscriptions, and name it as `[unsubscribe] url`.",
};

pub(super) static RULES: [&Rule; 4] = [&RETURN_PATH, &FREE_MAIL, &NO_REPLY, &ONE_CLICK];

/// Where senders and mailboxes are written.
const SETTINGS: &str = "announce.toml";

/// More mails a day than this, and Gmail and Yahoo call the sender a bulk sender.
const BULK: u64 = 5_000;

/// What is wrong with the addresses that a mail is from.
pub fn findings(sender: &Sender, bounces: Option<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(theirs) = bounces.map(domain)
        && organisation(theirs) != organisation(domain(&sender.address))
    {
        let message = format!("bounces go to `{theirs}`, the sender is at `{}`", sender.domain);
        let fix = format!("take a mailbox at `{}` as `[bounces] address`", sender.domain);
        findings.push(RETURN_PATH.finding(message).in_file(SETTINGS).fix(fix));
    }
    if is_free_mail(domain(&sender.address)) {
        let message = format!(
            "the sender is at `{}`, which does not let other servers send its mail",
            sender.domain
        );
        let fix = "send from a domain of your own; `reply_to` can stay where it is";
        findings.push(FREE_MAIL.finding(message).in_file(SETTINGS).fix(fix));
    }
    let addresses = [("address", Some(&sender.address)), ("reply_to", sender.reply_to.as_ref())];
    for (key, address) in addresses {
        if let Some(address) = address.filter(|address| is_no_reply(address)) {
            let message = format!("`[sender] {key}` is `{address}`, where nobody reads answers");
            let fix = "take a mailbox that somebody reads";
            findings.push(NO_REPLY.finding(message).in_file(SETTINGS).fix(fix));
        }
    }
    findings
}

/// That many people cannot leave with one click.
pub fn one_click(unsubscribe: &Unsubscribe, planned: u64) -> Option<Finding> {
    (unsubscribe.url.is_none() && planned > BULK).then(|| {
        let message = format!("{} get no `https` link to unsubscribe", people(planned));
        let fix = "name an endpoint as `[unsubscribe] url`, once you run one";
        ONE_CLICK.finding(message).in_file(SETTINGS).fix(fix)
    })
}

fn domain(address: &str) -> &str {
    address.rsplit('@').next().unwrap_or_default()
}

/// The part of a domain that one organisation holds, judged by its shape alone: the last two labels,
/// or three where the last but one is a common second level below a country (`co.uk`, `go.kr`). The
/// list of public suffixes would know more, and has to be kept up to date.
fn organisation(domain: &str) -> String {
    const SECOND_LEVELS: [&str; 14] = [
        "ac", "co", "com", "edu", "go", "gob", "gov", "gouv", "ltd", "me", "ne", "net", "or", "org",
    ];
    let domain = domain.to_ascii_lowercase();
    let labels: Vec<&str> = domain.rsplit('.').collect();
    let held = match labels.as_slice() {
        [country, second, _, ..] if country.len() == 2 && SECOND_LEVELS.contains(second) => 3,
        _ => 2,
    };
    labels[..held.min(labels.len())].join(".")
}

/// Providers whose mailboxes anybody can have, and their country domains.
fn is_free_mail(domain: &str) -> bool {
    const DOMAINS: [&str; 45] = [
        "126.com",
        "163.com",
        "aol.com",
        "bluewin.ch",
        "btinternet.com",
        "comcast.net",
        "daum.net",
        "fastmail.com",
        "free.fr",
        "freenet.de",
        "gmail.com",
        "gmx.at",
        "gmx.ch",
        "gmx.com",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hanmail.net",
        "icloud.com",
        "kakao.com",
        "laposte.net",
        "libero.it",
        "live.co.uk",
        "live.com",
        "mac.com",
        "mail.com",
        "mail.ru",
        "me.com",
        "msn.com",
        "nate.com",
        "naver.com",
        "orange.fr",
        "outlook.com",
        "pm.me",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "rocketmail.com",
        "seznam.cz",
        "t-online.de",
        "tutanota.com",
        "wanadoo.fr",
        "web.de",
        "yandex.ru",
        "ymail.com",
    ];
    /// `yahoo.co.uk`, `hotmail.fr`
    const NAMES: [&str; 2] = ["hotmail", "yahoo"];
    let domain = domain.to_ascii_lowercase();
    let organisation = organisation(&domain);
    let name = organisation.rsplit('.').next().unwrap_or_default();
    DOMAINS.contains(&domain.as_str()) || NAMES.contains(&name)
}

/// `no-reply@…`, `donotreply+2@…`, `NoReply.news@…`
fn is_no_reply(address: &str) -> bool {
    let local = address.rsplit_once('@').map_or(address, |(local, _)| local);
    let letters: String =
        local.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
    ["noreply", "donotreply", "dontreply", "neverreply"]
        .iter()
        .any(|begin| letters.starts_with(begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(address: &str, reply_to: Option<&str>, bounces: Option<&str>) -> Vec<String> {
        let sender = Sender {
            name: "Group".to_owned(),
            address: address.to_owned(),
            reply_to: reply_to.map(str::to_owned),
            domain: domain(address).to_owned(),
        };
        findings(&sender, bounces).iter().map(|finding| finding.rule.to_string()).collect()
    }

    #[test]
    fn bounces_belong_to_the_organisation_of_the_sender() {
        for (bounces, fits) in [
            ("bounces@group.example", true),
            ("bounces@mail.group.example", true),
            ("bounces@GROUP.example", true),
            ("bounces@other.example", false),
            ("bounces@group.test", false),
        ] {
            let expected: &[&str] = if fits { &[] } else { &["H1/return-path"] };
            assert_eq!(found("news@lists.group.example", None, Some(bounces)), expected);
        }
        assert_eq!(organisation("mail.group.co.uk"), organisation("group.co.uk"));
        assert_ne!(organisation("group.co.uk"), organisation("other.co.uk"));
        assert_eq!(organisation("localhost"), "localhost");
    }

    #[test]
    fn free_mail_providers_are_known_in_all_countries_and_lookalikes_are_not() {
        for domain in ["gmail.com", "Gmail.com", "yahoo.co.uk", "hotmail.fr", "gmx.de"] {
            assert!(is_free_mail(domain), "{domain}");
        }
        for domain in ["gmail.example", "yahoo.group.example", "mail.group.example", "me.test"] {
            assert!(!is_free_mail(domain), "{domain}");
        }
    }

    #[test]
    fn addresses_that_nobody_answers_at_are_found_in_both_places() {
        assert_eq!(
            found("no-reply@group.example", Some("Do_Not_Reply@group.example"), None),
            ["H2/no-reply", "H2/no-reply"]
        );
        assert_eq!(
            found("reply@group.example", Some("norbert@group.example"), None),
            <[&str; 0]>::default()
        );
    }

    #[test]
    fn many_people_want_one_click() {
        let mut unsubscribe = Unsubscribe { mailto: Some("u@group.example".into()), url: None };
        assert_eq!(one_click(&unsubscribe, 5_000), None);
        assert!(one_click(&unsubscribe, 5_001).is_some());
        unsubscribe.url = Some("https://group.example/u/".to_owned());
        assert_eq!(one_click(&unsubscribe, 5_001), None);
    }
}

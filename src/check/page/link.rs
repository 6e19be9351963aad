//! Links: whether they lead anywhere a reader can go, and whether they say so.

use std::iter;

use super::{
    reading::{Element, Reading},
    target::{self, Target},
};
use crate::{
    check::{Finding, Level, Rule},
    render::{UNSUBSCRIBE, VALUE},
};

static TARGET: Rule = Rule {
    code: "L1",
    name: "target",
    level: Level::Error,
    may_pass: true,
    title: "A link that leads nowhere",
    why: "Whoever presses it gets an error or stays where they are.",
    mend: "Write the whole web address, as the browser shows it.",
};

static LOCAL: Rule = Rule {
    code: "L2",
    name: "local",
    level: Level::Error,
    may_pass: true,
    title: "A link that works only here",
    why: "An address without `https://`, on your own computer or on a test site opens for you and \
          for no reader.",
    mend: "Link to the public page.",
};

static PLAIN_HTTP: Rule = Rule {
    code: "L3",
    name: "plain-http",
    level: Level::Warning,
    may_pass: true,
    title: "A link without encryption",
    why: "Whoever watches the line sees, and can change, what people read there. Browsers warn of \
          such pages.",
    mend: "Write `https://` if the site has it; most do.",
};

static LINK_TEXT: Rule = Rule {
    code: "L5",
    name: "link-text",
    level: Level::Warning,
    may_pass: true,
    title: "A link that does not say where it leads",
    why: "Many people go from link to link, by ear or by eye. There “click here” says nothing.",
    mend: "Make words of the link that name what is behind it: “the programme”, “reserve a place”.",
};

static SHORTENER: Rule = Rule {
    code: "L6",
    name: "shortener",
    level: Level::Warning,
    may_pass: true,
    title: "A shortened link",
    why: "It hides where it leads and tells its maker who follows it. Filters distrust it, because \
          swindlers use it.",
    mend: "Open it once, and write the address where you arrive.",
};

pub(super) static MISMATCH: Rule = Rule {
    code: "L6",
    name: "mismatch",
    level: Level::Error,
    may_pass: true,
    title: "A link that shows one site and leads to another",
    why: "Swindlers do that. Filters hold such a mail, and readers are taught to mistrust it.",
    mend: "Let text and link name the same site, or make the text words instead of an address.",
};

static MANY: Rule = Rule {
    code: "L7",
    name: "many",
    level: Level::Warning,
    may_pass: true,
    title: "Too many links",
    why: "Nobody follows more than 20, and filters take such a mail for advertising.",
    mend: "Keep those that matter, and link to a page that lists the rest.",
};

pub(super) static RULES: [&Rule; 7] =
    [&TARGET, &LOCAL, &PLAIN_HTTP, &LINK_TEXT, &SHORTENER, &MISMATCH, &MANY];

/// Most characters of an address that a message shows.
const LONGEST: usize = 120;

/// Words that say nothing about where they lead.
const EMPTY_WORDS: [&str; 30] = [
    "click",
    "click here",
    "click this",
    "click this link",
    "here",
    "read more",
    "more",
    "learn more",
    "find out more",
    "see more",
    "this page",
    "this link",
    "link",
    "여기",
    "여기를",
    "여기 클릭",
    "여기를 클릭",
    "여기를 클릭하세요",
    "클릭",
    "클릭하세요",
    "더 보기",
    "자세히 보기",
    "여기서",
    "여기에서",
    "바로가기",
    "hier",
    "hier klicken",
    "weiterlesen",
    "ici",
    "cliquez ici",
];

const SHORTENERS: [&str; 21] = [
    "bit.ly",
    "t.co",
    "tinyurl.com",
    "goo.gl",
    "ow.ly",
    "buff.ly",
    "is.gd",
    "rebrand.ly",
    "cutt.ly",
    "t.ly",
    "shorturl.at",
    "rb.gy",
    "lnkd.in",
    "tiny.cc",
    "bl.ink",
    "han.gl",
    "me2.do",
    "naver.me",
    "url.kr",
    "vo.la",
    "bitly.kr",
];

/// One link as a reader meets it.
pub(super) struct Link<'r, 'a> {
    reading: &'r Reading<'a>,
    number: usize,
    href: &'a str,
    pub(super) says: String,
}

pub(super) fn check(reading: &Reading<'_>) -> Vec<Finding> {
    let (mut findings, mut counted) = (Vec::new(), Vec::new());
    for (number, element) in reading.named(&["a", "area"]) {
        let Some(href) = href(element) else { continue };
        let link = Link { reading, number, href, says: reading.says(number) };
        let target = Target::of(href);
        findings.extend(link.leads(&target));
        findings.extend(link.empty_words());
        if !element.is_alternative && matches!(target, Target::Web { .. } | Target::Value) {
            counted.push(link);
        }
    }
    let most = reading.page.links;
    if let Some(link) = counted.get(most) {
        let message = format!("this mail has {} links, more than {most}", counted.len());
        findings.push(link.finding(&MANY, message).fix("keep those that matter"));
    }
    findings
}

/// A link's address. An anchor that only names a place is no link.
fn href<'a>(element: &Element<'a>) -> Option<&'a str> {
    let is_place = ["name", "id"].iter().any(|name| element.html.attr(name).is_some());
    element.html.attr("href").or((!is_place).then_some(""))
}

impl Link<'_, '_> {
    pub(super) fn finding(&self, rule: &'static Rule, message: impl Into<String>) -> Finding {
        let (href, says) = (self.href.trim(), &*self.says);
        let whole = format!("[{says}]({href})");
        let value = ["mailto:", "tel:"].iter().find_map(|scheme| href.strip_prefix(scheme));
        let value = value.unwrap_or(href);
        let words = [&*whole, href, says];
        self.reading.finding_on_value(rule, message, self.number, value, &words)
    }

    /// Its address as messages show it.
    pub(super) fn shown(&self) -> String {
        let shown = self.href.trim().replace(UNSUBSCRIBE, "…").replace(VALUE, "…");
        format!("`{}`", shown.chars().take(LONGEST).collect::<String>())
    }

    fn leads(&self, target: &Target<'_>) -> Vec<Finding> {
        let shown = self.shown();
        let (rule, message, fix) = match target {
            Target::Web { is_secure, host } => return self.web(*is_secure, host.as_deref()),
            Target::Mail(address) => return self.mail(address).into_iter().collect(),
            Target::Phone(number) => return self.phone(number).into_iter().collect(),
            Target::Place(place) if self.reading.has_place(place) => return Vec::new(),
            Target::Value | Target::Data | Target::Other => return Vec::new(),
            Target::Nowhere => {
                let message = match shown.as_str() {
                    "``" => "this link leads nowhere".to_owned(),
                    _ => format!("{shown} leads nowhere"),
                };
                (&TARGET, message, "write the address it leads to")
            }
            Target::Place(_) => {
                let message = format!("{shown} leads to a place that this mail does not have");
                (&TARGET, message, "take the link out: the headings of a draft are no places")
            }
            Target::Malformed(why) => {
                (&TARGET, format!("{shown} {why}"), "copy the address from the browser")
            }
            Target::Relative => {
                let message = format!("{shown} does not begin with `https://`");
                (&LOCAL, message, "write the whole address")
            }
        };
        vec![self.finding(rule, message).fix(fix)]
    }

    fn web(&self, is_secure: bool, host: Option<&str>) -> Vec<Finding> {
        let mut findings = Vec::new();
        if host.is_some_and(target::is_local) {
            let message = format!("{} can be opened only by you", self.shown());
            findings.push(self.finding(&LOCAL, message).fix("link to the public page"));
            return findings;
        }
        if !is_secure {
            let message = format!("{} is not encrypted", self.shown());
            // Markdown makes a link of `www.example.org` by itself.
            let secure = format!("write {}", self.shown().replacen("http:", "https:", 1));
            findings.push(self.finding(&PLAIN_HTTP, message).fix(secure));
        }
        let Some(host) = host else { return findings };
        let plain = host.strip_prefix("www.").unwrap_or(host);
        if SHORTENERS.contains(&plain) {
            let message = format!("`{plain}` hides where the link leads");
            findings.push(self.finding(&SHORTENER, message).fix("write the address behind it"));
        }
        let shown = target::host_shown(&self.says);
        if let Some(shown) = shown.filter(|shown| !target::is_one_site(shown, host)) {
            let message = format!("this link shows `{shown}` and leads to `{host}`");
            findings.push(self.finding(&MISMATCH, message).fix("let both name the same site"));
        }
        findings
    }

    /// By what a screen reader says of the link.
    fn empty_words(&self) -> Option<Finding> {
        let element = &self.reading.elements[self.number];
        let attribute = |name: &str| element.html.attr(name).map(str::trim).unwrap_or_default();
        let mut spoken =
            [attribute("aria-label"), &*self.says, attribute("title"), attribute("alt")]
                .into_iter()
                .filter(|words| !words.is_empty());
        let says = spoken.next().unwrap_or_default();
        let words = says.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let is_told = self.href.is_empty() || self.href.contains(UNSUBSCRIBE);
        let message = match says {
            "" if element.light.is_shown && !is_told => {
                format!("the link to {} has no words", self.shown())
            }
            _ if EMPTY_WORDS.contains(&&*words) => {
                format!("`{says}` does not say where the link leads")
            }
            _ => return None,
        };
        Some(self.finding(&LINK_TEXT, message).fix("name what is behind it"))
    }
}

impl Reading<'_> {
    /// Whether a link inside the page finds its place.
    fn has_place(&self, name: &str) -> bool {
        let decoded = target::decoded(name);
        let is_it = |named: Option<&str>| named.is_some_and(|it| it == name || it == decoded);
        let mut elements = self.elements.iter().map(|element| element.html);
        elements.any(|html| is_it(html.attr("id")) || is_it(html.attr("name")))
    }
}

/// The links of the page with their numbers and addresses.
pub(super) fn links<'r, 'a>(
    reading: &'r Reading<'a>,
) -> impl Iterator<Item = (usize, &'a str)> + use<'r, 'a> {
    iter::zip(0.., &reading.elements)
        .filter(|(_, element)| matches!(element.name, "a" | "area"))
        .filter_map(|(number, element)| Some((number, element.html.attr("href")?)))
}

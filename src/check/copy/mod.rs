//! What only shows in one person's copy: everybody's is read, not the first one's.
//!
//! Lines that everybody shares are read once a campaign ([`Reader::shared`]); of a copy only its own
//! lines are, so that reading costs a fraction of making it.

mod findings;
mod greeting;
mod leftover;
mod reader;

pub use findings::{Rows, about_everybody, about_rows, oversize};
pub(super) use reader::flat;
pub use reader::{Flaw, Reader};

use super::{Level, Rule};

static LEFTOVER: Rule = Rule {
    code: "M2",
    name: "leftover",
    level: Level::Error,
    may_pass: true,
    title: "A merge tag that nobody filled in",
    why: "`{{…}}`, `*|…|*`, `[[…]]`, `${…}`, `%%…%%` and `{%…%}` are the tags of this program and of others. \
          A reader who sees one knows that nobody looked at the mail.",
    mend: "Write the field as this program knows it (`{{first_name}}`), or take the tag out of the \
           row that it stands in.",
};

static GREETING: Rule = Rule {
    code: "M3",
    name: "greeting",
    level: Level::Error,
    may_pass: true,
    title: "A greeting without a name",
    why: "`Dear ,` is the mistake that readers of mail merges know best.",
    mend: "Give the name a fallback: `Dear {{default first_name \"friend\"}},`.",
};

static STAND_IN: Rule = Rule {
    code: "M3",
    name: "stand-in",
    level: Level::Warning,
    may_pass: true,
    title: "A cell that only stands in for a value",
    why: "Exports write `NULL`, `N/A` or `-` where they have nothing, and the mail would greet \
          somebody by that.",
    mend: "Empty the cell: then `{{default …}}` prints its fallback.",
};

static LARGE: Rule = Rule {
    code: "B1",
    name: "large",
    level: Level::Warning,
    may_pass: true,
    title: "A mail that is nearly too large",
    why: "Gmail cuts a mail off at about 102 KB of HTML, as it travels. The largest copy of all \
          counts, and the links to leave stand at its end.",
    mend: "Shorten the text, or put the long part on a web page and link to it.",
};

static CLIPPED: Rule = Rule {
    code: "B1",
    name: "clipped",
    level: Level::Error,
    may_pass: true,
    title: "A mail that Gmail cuts off",
    why: "Above about 100 KB of HTML, readers at Gmail see the beginning and a link to the rest, and \
          never the way to unsubscribe.",
    mend: "Shorten the text, or put the long part on a web page and link to it.",
};

pub(super) static RULES: [&Rule; 5] = [&LEFTOVER, &GREETING, &STAND_IN, &LARGE, &CLIPPED];

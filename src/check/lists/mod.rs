//! Lists: what was set right in them, and rows that get nothing.
//!
//! No message repeats an address: a report of findings is passed on more readily than a list.

mod form;
mod rows;
mod typo;

pub use form::repaired;
pub use rows::{Counted, bad_row, duplicates, more_bad_rows, suppressed, too_many_bad};
pub use typo::{meant, misspelt};

use super::{Level, Rule};

static DIALECT: Rule = Rule {
    code: "M5",
    name: "dialect",
    level: Level::Fixed,
    may_pass: true,
    title: "A list with semicolons or tabs between its cells",
    why: "Spreadsheets write them where the comma is the decimal sign. The header line tells which it \
          is, and the whole list is read by it.",
    mend: "Nothing to do.",
};

static MARK: Rule = Rule {
    code: "M5",
    name: "bom",
    level: Level::Fixed,
    may_pass: true,
    title: "A list that begins with a byte order mark",
    why: "Spreadsheets put three invisible bytes before a UTF-8 file. They are taken away, or the \
          first column would have another name than it seems to have.",
    mend: "Nothing to do.",
};

static COLUMNS: Rule = Rule {
    code: "M5",
    name: "columns",
    level: Level::Fixed,
    may_pass: true,
    title: "A list with capitals or spaces in the names of its columns",
    why: "A field in a draft has a plain name: small letters, digits and `_`. `First name` is \
          `{{first_name}}` there.",
    mend: "Nothing to do; `announce lists` shows all the names.",
};

static DUPLICATE: Rule = Rule {
    code: "M7",
    name: "duplicate",
    level: Level::Fixed,
    may_pass: true,
    title: "People who stand in the lists more than once",
    why: "Everybody gets a mail once, with the fields of the first row that is meant. Capitals and \
          spaces around an address make no difference.",
    mend: "Nothing to do; whoever keeps the list may want to delete the rows.",
};

static SUPPRESSED: Rule = Rule {
    code: "M9",
    name: "suppressed",
    level: Level::Fixed,
    may_pass: true,
    title: "People who must not be mailed",
    why: "They have unsubscribed or complained, their mail came back, or somebody has suppressed \
          them. They get nothing, whichever list they stand on.",
    mend: "Nothing to do; `announce suppress list` shows them.",
};

static BAD_ADDRESS: Rule = Rule {
    code: "M8",
    name: "address",
    level: Level::Warning,
    may_pass: true,
    title: "A row with an address that cannot be mailed",
    why: "The row is left out, so that somebody who is meant to get the mail does not.",
    mend: "Correct the address in the line that is named, or delete the row.",
};

static TOO_MANY_BAD: Rule = Rule {
    code: "M8",
    name: "many",
    level: Level::Error,
    may_pass: true,
    title: "More than 2 % of the rows cannot be mailed",
    why: "So many bad addresses, and more than one, are seldom slips. Mostly a column has moved, or it is the wrong file.",
    mend: "Look at the list as a whole, and export it again.",
};

static TYPO: Rule = Rule {
    code: "M8",
    name: "typo",
    level: Level::Warning,
    may_pass: true,
    title: "A domain that is most likely misspelt",
    why: "`gmial.com` is one slip away from a provider that millions use. The mail comes back, or a \
          stranger who holds that domain reads it.",
    mend: "Ask the person, and correct the rows that are named.",
};

pub(super) static RULES: [&Rule; 8] =
    [&DIALECT, &MARK, &COLUMNS, &DUPLICATE, &BAD_ADDRESS, &TOO_MANY_BAD, &TYPO, &SUPPRESSED];

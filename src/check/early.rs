//! What earlier stages refuse, by the rules that it is known by. A stage names a rule where it
//! knows better than its default.

use super::{Finding, Level, Rule, rule};
use crate::diagnostic::Diagnostic;

/// What stops a mail from being made.
macro_rules! stop {
    ($code:literal, $name:literal, $title:literal, $why:literal, $mend:literal) => {
        Rule {
            code: $code,
            name: $name,
            level: Level::Error,
            may_pass: false,
            title: $title,
            why: $why,
            mend: $mend,
        }
    };
}

/// A draft that cannot be read.
pub static FRONT_MATTER: Rule = stop!(
    "B7",
    "front-matter",
    "Front matter that cannot be read",
    "What stands between the two `---` lines says whom a draft goes to, and when. A value that is \
     missing, twice there or of another type could mean the wrong people.",
    "Write one `key: value` on each line; `announce new KIND TITLE` shows how a draft begins."
);
static UNKNOWN_KEY: Rule = stop!(
    "B7",
    "unknown-key",
    "A key that no draft of this kind has",
    "A misspelt key would be passed over in silence, and the mail would lack what you wrote there.",
    "Take the key that the message proposes, or move the line into the text."
);
static CONTROL: Rule = stop!(
    "H3",
    "control",
    "A line break or control character where one line belongs",
    "In a mail's head, a line break would begin a new line of it: somebody's cell could add recipients, \
     or another sender.",
    "Write the text on one line; delete what cannot be seen."
);
/// A subject that is empty, in the draft or in somebody's copy.
pub static NO_SUBJECT: Rule = stop!(
    "S1",
    "empty",
    "No subject",
    "The subject is what people see of a mail before they open it. Many spam filters throw away what \
     has none.",
    "Write `subject: …` in the front matter."
);
/// A template, expression or file that a mail cannot be made with.
pub static TEMPLATE: Rule = stop!(
    "M1",
    "template",
    "A template or expression that cannot be worked out",
    "Nothing can be merged before every `{{…}}` means something.",
    "Mend the place that is shown. `{{column}}`, `{{default column \"…\"}}` and `{{#if \
     column}}…{{/if}}` are what drafts need most."
);
static UNKNOWN_FIELD: Rule = stop!(
    "M1",
    "unknown-field",
    "A field that is nowhere",
    "The name is neither a column of each list that the draft goes to nor known to templates, so \
     there is nothing to print in its place.",
    "Correct the spelling, or add the column to the list."
);
/// A value that somebody's row does not give.
pub static EMPTY_FIELD: Rule = stop!(
    "M1",
    "empty-field",
    "A value that is empty for somebody",
    "That person would read `Dear ,`, or get a link that leads nowhere. All rows are looked at \
     before anybody gets a mail.",
    "Fill in the rows that are named, or give a fallback: `{{default first_name \"friend\"}}`."
);
/// A list that cannot be read, or not trusted.
pub static LIST: Rule = stop!(
    "M6",
    "list",
    "A list that cannot be read",
    "If it is not sure which cell belongs to whom, a person could get another's mail.",
    "Mend the line that is named; a spreadsheet writes a sound file as `CSV UTF-8`."
);
static RAGGED: Rule = stop!(
    "M6",
    "ragged",
    "A row with more or fewer cells than the header",
    "Cells have moved, mostly because of a comma inside one of them, so that an address or a name \
     may be somebody else's.",
    "Put a cell that has the separator in it in quotes: `\"Kim, Ana\"`."
);
static HEADER: Rule = stop!(
    "M6",
    "header",
    "A header line that is not clear",
    "The first line of a list names its columns. It has to say which of them is the address, and \
     no two may have one name.",
    "Rename the column in the first line, or say in `announce.toml` which one holds the address."
);
static ENCODING: Rule = stop!(
    "M5",
    "encoding",
    "A list that is not UTF-8",
    "Names with accents, and all Korean names, would come out as signs that nobody can read.",
    "Save the list again as UTF-8; in a spreadsheet choose `CSV UTF-8` as the format."
);
/// An audience without anybody.
pub static EMPTY_AUDIENCE: Rule = stop!(
    "M10",
    "empty",
    "Nobody would get it",
    "A list without people, a condition that nobody meets, or a suppression of everybody: the mail \
     would go to no one.",
    "Look at `where` and `exclude` in the draft, and at the list with `announce lists`."
);
/// A follow-up whose readers are not known.
pub static FOLLOWS: Rule = stop!(
    "M10",
    "follows",
    "A follow-up to nobody who is known",
    "`follows` names a campaign, and goes to exactly those who got it. The ledger has to know them.",
    "Write the id that `announce status` shows, and run this where that campaign was sent from."
);
/// A correction of something that has changed again.
pub static OVERTAKEN: Rule = stop!(
    "B5",
    "overtaken",
    "A correction that says something else than its announcement",
    "Whoever reads a correction believes it. The announcement that it corrects has changed again since \
     it was written, or was never mended.",
    "Let both say what holds now; `announce correct ID` writes a new notice."
);
static WHERE: Rule = stop!(
    "M10",
    "where",
    "A condition that the lists cannot answer",
    "`where` asks for a column that a list does not have, so nobody can say whom it means.",
    "Correct the column's name, or send to lists that all have it."
);
static LINK: Rule = stop!(
    "L1",
    "scheme",
    "A link that a mail cannot follow",
    "Mail programs open web pages, addresses and telephone numbers; a path on your own disk or \
     site leads nowhere from there.",
    "Write the whole address, beginning with `https://`, or attach the file."
);
static DATA: Rule = stop!(
    "L8",
    "data",
    "A file inside a link",
    "Mail programs take `data:` links out, and filters hold them for an attack.",
    "Attach the file, or link to it on the web."
);
static RAW_HTML: Rule = stop!(
    "A3",
    "raw-html",
    "HTML in a draft",
    "What one mail program draws, the next throws away or shows as signs. Drafts are Markdown; how \
     it looks is the templates' business.",
    "Write Markdown, or `\\<` for the sign itself."
);
static PICTURE_FILE: Rule = stop!(
    "I3",
    "file",
    "A picture that is not there, or none",
    "Readers would see an empty frame.",
    "Put a PNG, JPEG or GIF beside the draft and name it by its path: `files/photo.jpg`."
);
/// A picture that tells its server who reads.
pub(super) static REMOTE: Rule = Rule {
    code: "I3",
    name: "remote",
    level: Level::Warning,
    may_pass: true,
    title: "A picture from the internet",
    why: "Whoever serves it can see who reads the mail, when and where. Most mail programs do not \
          load it.",
    mend: "Keep the picture beside the draft, so that it travels inside the mail.",
};
static UNDESCRIBED: Rule = Rule {
    code: "I1",
    name: "undescribed",
    level: Level::Warning,
    may_pass: true,
    title: "A picture of the draft without a description",
    why: "People who cannot see the picture, and everybody whose mail program does not show it, \
          read the description instead.",
    mend: "Write what the picture shows between the brackets: `![Two members](files/two.jpg)`.",
};
static FILE: Rule = stop!(
    "B6",
    "file",
    "An attachment that cannot be read",
    "A mail that promises a file has to bring it.",
    "Correct the path (it counts from the draft's folder), or take the line out of `attachments`."
);

pub(super) static RULES: [&Rule; 22] = [
    &FRONT_MATTER,
    &UNKNOWN_KEY,
    &CONTROL,
    &NO_SUBJECT,
    &TEMPLATE,
    &UNKNOWN_FIELD,
    &EMPTY_FIELD,
    &LIST,
    &RAGGED,
    &HEADER,
    &ENCODING,
    &EMPTY_AUDIENCE,
    &FOLLOWS,
    &OVERTAKEN,
    &WHERE,
    &LINK,
    &DATA,
    &RAW_HTML,
    &PICTURE_FILE,
    &REMOTE,
    &UNDESCRIBED,
    &FILE,
];

/// What a stage reports as a finding: of the rule that it names, else of `usual`.
pub fn known(fault: Diagnostic, usual: &'static Rule) -> Finding {
    let named = fault.rule.and_then(rule);
    named.unwrap_or(usual).of(fault)
}

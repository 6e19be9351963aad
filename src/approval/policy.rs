//! Who may approve what, in this house.

use unicode_normalization::UnicodeNormalization as _;

/// `[approval]`: whether anybody has to look before a draft goes out, and who may say that they
/// have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Whether a draft without an approval stays here.
    pub required: bool,
    /// Who may approve; anybody when empty.
    pub approvers: Vec<String>,
    /// Whether an author may approve their own draft although an approval is required.
    pub by_author: bool,
}

/// Why somebody's word does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objection {
    /// They are not among those who may approve.
    NotNamed,
    /// They wrote the draft.
    Author,
}

impl Policy {
    /// Why `by` may not approve a draft of this author, if so.
    pub fn objection(&self, by: &str, author: Option<&str>) -> Option<Objection> {
        if !self.approvers.is_empty() && self.spelling(by).is_none() {
            return Some(Objection::NotNamed);
        }
        let is_author = author.is_some_and(|author| same_name(author, by));
        (self.required && !self.by_author && is_author).then_some(Objection::Author)
    }

    /// How the settings spell this approver.
    pub fn spelling(&self, by: &str) -> Option<&str> {
        self.approvers.iter().map(String::as_str).find(|name| same_name(name, by))
    }
}

/// Whether two spellings name one person: case, outer and doubled blanks, and how an accent is
/// encoded do not matter.
pub fn same_name(one: &str, other: &str) -> bool {
    let plain = |name: &str| {
        let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
        words.join(" ").nfc().collect::<String>()
    };
    plain(one) == plain(other)
}

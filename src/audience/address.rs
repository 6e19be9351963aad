//! An e-mail address as typed, and the one form under which a person is known.

use std::{borrow::Cow, fmt};

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use unicode_normalization::UnicodeNormalization as _;

/// Longest local part, in octets (RFC 5321 §4.5.3.1.1).
const LOCAL_MAX: usize = 64;
/// Longest domain, in octets (RFC 5321 §4.5.3.1.2).
const DOMAIN_MAX: usize = 255;
/// Longest address, in octets: a path has 256, of which the angle brackets take two
/// (RFC 5321 §4.5.3.1.3).
const ADDRESS_MAX: usize = 254;
/// Longest label of a domain, in octets (RFC 1035 §2.3.4).
const LABEL_MAX: usize = 63;

/// A mailable address: `Dot-string@Domain` of RFC 5321 §4.1.2, with the local parts of RFC 6531
/// §3.3. What RFC 5321 also allows and no list has (quoted local parts, IP literals, domains
/// without a dot) is refused.
///
/// Equality is that of the envelope; whether two addresses are one person says
/// [`normalised`](Self::normalised).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address {
    /// NFC; case as typed before the `@`, lower-case A-labels after it.
    text: String,
    /// Where the `@` stands.
    at: usize,
}

/// Why an address cannot be mailed. The text never repeats the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// The cell is empty.
    #[error("there is no address")]
    Empty,
    /// U+FFFD: some program could not read the file and put a question mark instead.
    #[error("a character was lost when the file was saved")]
    Damaged,
    /// A control character, a line break among them.
    #[error("it has a control character in it")]
    Control,
    /// White space between other characters.
    #[error("it has a space in it")]
    Space,
    /// A character without a shape: zero-width, bidirectional, soft hyphen, variation selector.
    #[error("it has an invisible character in it: delete it and type it again")]
    Invisible,
    /// A wide form of an ASCII character, as East Asian keyboards type it.
    #[error("it has a full-width character in it: type it again with half-width letters")]
    FullWidth,
    /// `Ana <ana@…>`.
    #[error("it has `<` or `>` in it: keep just the address")]
    AngleBrackets,
    /// A quoted local part (RFC 5321 §4.1.2 `Quoted-string`).
    #[error("quoted addresses are not supported")]
    Quoted,
    /// No `@`.
    #[error("it has no `@`")]
    NoAt,
    /// Two addresses in one cell, or a slip of the finger.
    #[error("it has more than one `@`")]
    SeveralAts,
    /// Nothing before the `@`.
    #[error("nothing stands before the `@`")]
    NoLocalPart,
    /// Punctuation that only a quoted local part may have.
    #[error("`{0}` cannot stand before the `@`")]
    LocalCharacter(char),
    /// Dots at an end of the local part, or next to each other.
    #[error("it has a dot too many before the `@`")]
    LocalDots,
    /// More than 64 octets before the `@`.
    #[error("more than 64 bytes stand before the `@`")]
    LocalTooLong,
    /// Nothing after the `@`.
    #[error("nothing stands after the `@`")]
    NoDomain,
    /// Dots at an end of the domain, or next to each other.
    #[error("it has a dot too many after the `@`")]
    DomainDots,
    /// One label only, such as `localhost`.
    #[error("its domain has no dot")]
    NoTopLevelDomain,
    /// `[192.0.2.1]`, or the same without brackets.
    #[error("its domain is a number, not a name")]
    IpLiteral,
    /// Not a host name, even as an internationalised one (UTS #46).
    #[error("its domain is not a valid name")]
    BadDomain,
    /// A domain over 255 octets, or a label over 63.
    #[error("its domain is too long")]
    DomainTooLong,
    /// More than 254 octets in all.
    #[error("it is longer than 254 bytes")]
    TooLong,
}

impl Address {
    /// Reads one bare address, surrounding white space aside.
    ///
    /// The local part keeps its case and is brought to NFC, as RFC 6532 §3.1 wants it; the domain
    /// becomes lower-case A-labels (UTS #46, non-transitional).
    pub fn parse(text: &str) -> Result<Self, BadAddress> {
        let text = text.trim();
        // No encoding shrinks what is this long to a legal size, so it is not worth a copy.
        if text.len() > 4 * ADDRESS_MAX {
            return Err(BadAddress::TooLong);
        }
        if text.is_empty() {
            return Err(BadAddress::Empty);
        }
        let text = if text.is_ascii() { text.into() } else { text.nfc().collect::<Cow<'_, str>>() };
        refuse_form(&text)?;
        text.chars().try_for_each(refuse_character)?;
        let (local, domain) = text.split_once('@').ok_or(BadAddress::NoAt)?;
        check_local(local)?;
        let domain = ascii_domain(domain)?;
        if local.len() + 1 + domain.len() > ADDRESS_MAX {
            return Err(BadAddress::TooLong);
        }
        Ok(Self { text: [local, "@", &domain].concat(), at: local.len() })
    }

    /// The address for the wire: the local part as typed, the domain as A-labels.
    pub fn envelope(&self) -> String {
        self.text.clone()
    }

    /// The same, of an address that is of no more use.
    pub fn into_envelope(self) -> String {
        self.text
    }

    /// The person's identity: the envelope with its local part in lower case. Dots and `+tags`
    /// stay, because only the owner of a domain knows what they mean there.
    pub fn normalised(&self) -> String {
        lower_nfc(&self.text)
    }

    /// The part before the `@`, as typed.
    pub fn local_part(&self) -> &str {
        &self.text[..self.at]
    }

    /// The part after the `@`: lower-case A-labels.
    pub fn domain(&self) -> &str {
        &self.text[self.at + 1..]
    }

    /// Whether only a server with SMTPUTF8 can take it (RFC 6531 §3.2): its local part is not
    /// ASCII.
    pub fn needs_smtputf8(&self) -> bool {
        !self.text.is_ascii()
    }
}

/// Shows no address: subscribers end up in error messages and test output.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(..)")
    }
}

/// Refuses what is more than one bare address, before the spaces and commas in it are blamed.
fn refuse_form(text: &str) -> Result<(), BadAddress> {
    if text.contains(['<', '>']) {
        return Err(BadAddress::AngleBrackets);
    }
    if text.starts_with('"') {
        return Err(BadAddress::Quoted);
    }
    if text.matches('@').count() > 1 {
        return Err(BadAddress::SeveralAts);
    }
    Ok(())
}

/// Refuses what may stand nowhere in an address.
fn refuse_character(c: char) -> Result<(), BadAddress> {
    match c {
        '\u{FFFD}' => Err(BadAddress::Damaged),
        _ if c.is_control() => Err(BadAddress::Control),
        _ if c.is_whitespace() => Err(BadAddress::Space),
        _ if is_invisible(c) => Err(BadAddress::Invisible),
        _ if is_full_width(c) => Err(BadAddress::FullWidth),
        _ => Ok(()),
    }
}

/// The code points that are drawn as nothing: `Default_Ignorable_Code_Point` of Unicode 16, and
/// the interlinear annotation marks.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Wide forms of ASCII, and the East Asian full stops and small `@` that stand for `.` and `@`.
fn is_full_width(c: char) -> bool {
    matches!(c, '\u{FF01}'..='\u{FF5E}' | '\u{3002}' | '\u{FF61}' | '\u{FE52}' | '\u{FE6B}')
}

/// `Dot-string` of RFC 5321 §4.1.2, with the non-ASCII characters of RFC 6531 §3.3.
fn check_local(local: &str) -> Result<(), BadAddress> {
    if local.is_empty() {
        return Err(BadAddress::NoLocalPart);
    }
    let is_allowed =
        |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c);
    if let Some(c) = local.chars().find(|c| !is_allowed(*c)) {
        return Err(BadAddress::LocalCharacter(c));
    }
    if has_stray_dot(local) {
        return Err(BadAddress::LocalDots);
    }
    if local.len() > LOCAL_MAX {
        return Err(BadAddress::LocalTooLong);
    }
    Ok(())
}

/// The domain as lower-case A-labels.
fn ascii_domain(domain: &str) -> Result<Cow<'_, str>, BadAddress> {
    if domain.is_empty() {
        return Err(BadAddress::NoDomain);
    }
    if domain.starts_with('[') {
        return Err(BadAddress::IpLiteral);
    }
    if has_stray_dot(domain) {
        return Err(BadAddress::DomainDots);
    }
    let ascii = Uts46::new()
        .to_ascii(
            domain.as_bytes(),
            AsciiDenyList::STD3,
            Hyphens::CheckFirstLast,
            DnsLength::Ignore,
        )
        .map_err(|_| BadAddress::BadDomain)?;
    if ascii.len() > DOMAIN_MAX || ascii.split('.').any(|label| label.len() > LABEL_MAX) {
        return Err(BadAddress::DomainTooLong);
    }
    // The mapping of UTS #46 can make a dot out of another character.
    if has_stray_dot(&ascii) {
        return Err(BadAddress::DomainDots);
    }
    let (_, top) = ascii.rsplit_once('.').ok_or(BadAddress::NoTopLevelDomain)?;
    if top.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BadAddress::IpLiteral);
    }
    Ok(ascii)
}

/// A dot at an end, or two next to each other.
fn has_stray_dot(text: &str) -> bool {
    text.split('.').any(str::is_empty)
}

/// Lower case in NFC. Letter by letter, and a final sigma is a sigma: both have one capital, and
/// the same name would be two people.
pub(super) fn lower_nfc(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let lower = text.chars().flat_map(char::to_lowercase);
    lower.map(|c| if c == 'ς' { 'σ' } else { c }).nfc().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refusal(text: &str) -> BadAddress {
        Address::parse(text).expect_err(text)
    }

    fn parsed(text: &str) -> Address {
        Address::parse(text).expect(text)
    }

    #[test]
    fn ordinary_and_odd_addresses_are_mailable() {
        for text in [
            "ana@example.org",
            "a@b.example",
            "ana.maria+news@sub.example.org",
            "o'brien@example.org",
            "!#$%&'*+-/=?^_`{|}~@example.org",
            "1@example.org",
            "ana@xn--mnchen-3ya.example",
            "ana@r3---sn.example",
            "ana@1.example",
        ] {
            assert_eq!(parsed(text).envelope(), text);
            assert!(!parsed(text).needs_smtputf8());
        }
    }

    #[test]
    fn the_envelope_keeps_case_and_the_person_does_not() {
        let address = parsed("  Ana.Maria+News@Example.ORG\u{A0}");
        assert_eq!(address.envelope(), "Ana.Maria+News@example.org");
        assert_eq!(address.normalised(), "ana.maria+news@example.org");
        assert_eq!(address.local_part(), "Ana.Maria+News");
        assert_eq!(address.domain(), "example.org");
    }

    #[test]
    fn international_domains_become_a_labels() {
        assert_eq!(parsed("ana@München.example").envelope(), "ana@xn--mnchen-3ya.example");
        assert_eq!(
            parsed("ana@XN--MNCHEN-3YA.example").normalised(),
            parsed("ana@münchen.example").normalised()
        );
        assert_eq!(parsed("a@한국.example").domain(), "xn--3e0b707e.example");
        assert!(!parsed("ana@münchen.example").needs_smtputf8());
    }

    #[test]
    fn international_local_parts_are_one_person_in_every_spelling() {
        let composed = parsed("Andr\u{E9}@example.org");
        let decomposed = parsed("andre\u{301}@example.org");
        assert!(composed.needs_smtputf8());
        assert_eq!(composed.normalised(), decomposed.normalised());
        assert_eq!(parsed("ΝΙΚΟΣ@example.org").normalised(), "νικοσ@example.org");
        assert_eq!(parsed("νικος@example.org").normalised(), "νικοσ@example.org");
        assert_eq!(parsed("박지현@example.org").envelope(), "박지현@example.org");
    }

    #[test]
    fn each_fault_has_its_own_reason() {
        use BadAddress as B;
        let long = "x".repeat(65);
        let label = format!("a@{}.example", "x".repeat(64));
        let domain = format!("a@{}", vec!["x".repeat(63); 4].join(".") + ".example");
        let total = format!("{}@{}.example", "x".repeat(64), vec!["y".repeat(61); 3].join("."));
        for (text, reason) in [
            ("", B::Empty),
            (" \t ", B::Empty),
            ("Ren\u{FFFD}@example.org", B::Damaged),
            ("ana\0@example.org", B::Control),
            ("ana@example.org\r\nRCPT", B::Control),
            ("ana@example.org\r\nRCPT TO:<b@example.org>", B::AngleBrackets),
            ("ana\u{85}b@example.org", B::Control),
            ("ana maria@example.org", B::Space),
            ("ana@exam ple.org", B::Space),
            ("ana\u{2028}b@example.org", B::Space),
            ("ana\u{200B}@example.org", B::Invisible),
            ("ana@exam\u{AD}ple.org", B::Invisible),
            ("\u{FEFF}ana@example.org", B::Invisible),
            ("ana@example.org\u{200F}", B::Invisible),
            ("\u{202E}ana@example.org", B::Invisible),
            ("ana\u{FE0F}@example.org", B::Invisible),
            ("ana＠example.org", B::FullWidth),
            ("ａna@example.org", B::FullWidth),
            ("ana@example。org", B::FullWidth),
            ("<ana@example.org>", B::AngleBrackets),
            ("Ana Kim <ana@example.org>", B::AngleBrackets),
            ("\"ana\"@example.org", B::Quoted),
            ("\"ana kim\"@example.org", B::Quoted),
            ("ana.example.org", B::NoAt),
            ("ana@@example.org", B::SeveralAts),
            ("ana@example.org; b@example.org", B::SeveralAts),
            ("@example.org", B::NoLocalPart),
            ("ana(x)@example.org", B::LocalCharacter('(')),
            ("mailto:ana@example.org", B::LocalCharacter(':')),
            ("a\"b@example.org", B::LocalCharacter('"')),
            ("a\\b@example.org", B::LocalCharacter('\\')),
            (".ana@example.org", B::LocalDots),
            ("ana.@example.org", B::LocalDots),
            ("a..b@example.org", B::LocalDots),
            (&format!("{long}@example.org"), B::LocalTooLong),
            ("ana@", B::NoDomain),
            ("ana@.example.org", B::DomainDots),
            ("ana@example.org.", B::DomainDots),
            ("ana@example..org", B::DomainDots),
            ("ana@localhost", B::NoTopLevelDomain),
            ("ana@[192.0.2.1]", B::IpLiteral),
            ("ana@[IPv6:2001:db8::1]", B::IpLiteral),
            ("ana@192.0.2.1", B::IpLiteral),
            ("ana@exam_ple.org", B::BadDomain),
            ("ana@example.org;", B::BadDomain),
            ("ana@example,org", B::BadDomain),
            ("ana@-example.org", B::BadDomain),
            ("ana@example-.org", B::BadDomain),
            ("ana@xn--a.example", B::BadDomain),
            ("ana@\u{E000}.example", B::BadDomain),
            (&label, B::DomainTooLong),
            (&domain, B::DomainTooLong),
            (&total, B::TooLong),
            (&"x".repeat(2000), B::TooLong),
        ] {
            assert_eq!(refusal(text), reason, "{text:?}");
        }
    }

    #[test]
    fn the_longest_legal_address_passes() {
        let domain = format!("{}.{}.{}.org", "y".repeat(62), "y".repeat(61), "y".repeat(60));
        let text = format!("{}@{domain}", "x".repeat(64));
        assert_eq!(text.len(), 254);
        assert_eq!(parsed(&text).envelope(), text);
    }

    #[test]
    fn debug_shows_no_address() {
        assert_eq!(format!("{:?}", parsed("ana@example.org")), "Address(..)");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in any::<String>()) {
            let _ = Address::parse(&text);
        }

        #[test]
        fn reading_an_envelope_again_changes_nothing(local in "\\PC{1,12}", domain in "[a-zA-Zß-žΑ-ω가-힣.-]{1,9}") {
            if let Ok(address) = Address::parse(&format!("{local}@{domain}.example")) {
                prop_assert_eq!(Address::parse(&address.envelope()), Ok(address));
            }
        }

        #[test]
        fn normalisation_is_idempotent(local in "\\PC{1,12}", domain in "[a-zA-Zß-žΑ-ω가-힣.-]{1,9}") {
            if let Ok(address) = Address::parse(&format!("{local}@{domain}.example")) {
                let again = Address::parse(&address.normalised());
                prop_assert_eq!(again.map(|a| a.normalised()), Ok(address.normalised()));
            }
        }

        #[test]
        fn what_passes_is_one_safe_smtp_token(text in "\\PC{0,20}@\\PC{0,20}") {
            if let Ok(address) = Address::parse(&text) {
                let envelope = address.envelope();
                prop_assert!(!envelope.chars().any(|c| c.is_whitespace() || c.is_control()));
                prop_assert!(!envelope.contains(['<', '>', '"', '\\', ',', ';', '(', ')']));
                prop_assert_eq!(envelope.matches('@').count(), 1);
                prop_assert!(envelope.len() <= 254 && address.domain().is_ascii());
            }
        }
    }
}

//! Hides passwords that were written into `announce.toml` against all advice: diagnostics show
//! source lines, and logs keep what diagnostics show.

use std::ops::Range;

use crate::diagnostic::Source;

/// The same text, of the same length, with `*` for each byte of a password.
pub(super) fn secrets(source: &Source) -> Source {
    let text = &source.text;
    let mut secrets: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let found = in_url(line).into_iter().chain(in_key(line));
        secrets.extend(found.map(|secret| start + secret.start..start + secret.end));
        start += line.len();
    }
    if secrets.is_empty() {
        return source.clone();
    }
    let mut masked = text.to_string();
    for secret in secrets {
        masked.replace_range(secret.clone(), &"*".repeat(secret.len()));
    }
    Source::new(source.name.clone(), masked)
}

/// `secret` in `smtps://user:secret@host`.
fn in_url(line: &str) -> Option<Range<usize>> {
    let scheme = line.find("smtp")?;
    let user = scheme + line[scheme..].find("://")? + "://".len();
    let ends_url = |c: char| c.is_whitespace() || c == '"' || c == '\'';
    let url = line[user..].split(ends_url).next().unwrap_or_default();
    let end = user + url.rfind('@')?;
    let start = user + line[user..end].find(':')? + 1;
    Some(start..end)
}

/// `secret` in `password = "secret"`. The quotes stay, so that the rest can still be read.
fn in_key(line: &str) -> Option<Range<usize>> {
    line.match_indices('=').find_map(|(equals, _)| {
        let before = line[..equals].trim_end_matches(['"', '\'', ' ', '\t']);
        let is_key = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let others = before.trim_end_matches(is_key);
        let key = before[others.len()..].to_ascii_lowercase();
        let begins = others.trim_end_matches(['"', '\'', ' ', '\t']);
        let is_secret = ["pass", "pwd", "secret"].iter().any(|word| key.contains(word))
            && !key.ends_with("_command")
            && !key.ends_with("_file")
            && (begins.is_empty() || begins.ends_with(['{', ',', '.', '#']));
        let value = line[equals + 1..].trim();
        let start = line.len() - line[equals + 1..].trim_start().len();
        let inner = match value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            // To the last quote of the line: an escaped one does not end the value.
            Some(quote) => {
                start + 1..start + value.rfind(quote).filter(|end| *end > 0).unwrap_or(value.len())
            }
            None => start..start + value.len(),
        };
        (is_secret && !inner.is_empty()).then_some(inner)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        let source = Source::new("announce.toml", text);
        let masked = secrets(&source);
        assert_eq!(masked.text.len(), text.len());
        masked.text.to_string()
    }

    #[test]
    fn a_password_in_a_url_is_masked_even_where_the_toml_is_broken() {
        assert_eq!(masked("url = \"smtps://u:p@ss@h:465\"\n"), "url = \"smtps://u:****@h:465\"\n");
        assert_eq!(masked("a = 1\n# url = smtp://u:geheim@h"), "a = 1\n# url = smtp://u:******@h");
    }

    #[test]
    fn a_password_key_is_masked() {
        assert_eq!(masked("password = \"é1\" # x\n"), "password = \"***\" # x\n");
        assert_eq!(masked("\"password\"='a'"), "\"password\"='*'");
        assert_eq!(
            masked("smtp = { url = \"x\", pass = \"y\" }"),
            "smtp = { url = \"x\", pass = \"*\" }"
        );
    }

    #[test]
    fn everything_else_stays() {
        let text = "url = \"smtps://news@h:465\"\npassword_command = [\"pass\"]\nx = \"a:b@c\"\n\
                    secret_file = \"x\"\ntitle = \"you pass = us\"\n\
                    url = \"smtp://localhost:25\" # ask: ann@example.org\n";
        assert_eq!(masked(text), text);
    }
}

//! Merge tags that are still there when everything has been merged.

use memchr::{memchr, memchr3_iter, memmem};

use crate::audience::column_name;

/// Longest tag, in bytes.
const LONGEST: usize = 80;

/// How tags begin and end. The second byte of each begin is looked at where the first is found.
const TAGS: [(&str, &str); 5] =
    [("{{", "}}"), ("{%", "%}"), ("[[", "]]"), ("*|", "|*"), ("${", "}")];

/// All tags of a text or of HTML, whole; what is shown as code is meant to be read.
pub(super) fn all(text: &str) -> impl Iterator<Item = &str> {
    // `{` finds `${` too.
    let braces = memchr3_iter(b'{', b'[', b'*', text.as_bytes());
    let tags = braces.filter_map(|at| tag_at(text, at)).chain(percents(text));
    tags.filter(|(at, _)| !is_code(&text[..*at])).map(|(_, tag)| tag)
}

/// Whether what follows is code: between backticks or indented in text, in `<code>` in HTML.
fn is_code(before: &str) -> bool {
    let is_open = before.rfind("<code").is_some_and(|open| !before[open..].contains("</code>"));
    let mut line = before.rsplit('\n').next().unwrap_or_default();
    while let Some(quoted) = line.strip_prefix("> ") {
        line = quoted;
    }
    is_open || line.matches('`').count() % 2 == 1 || line.starts_with("    ")
}

/// A tag without what it names, which may be somebody's data: `{{…}}`.
pub(super) fn shape(tag: &str) -> String {
    let ends = TAGS.into_iter().find(|(begin, _)| tag.starts_with(begin));
    let (begin, end) = ends.unwrap_or(("%%", "%%"));
    format!("{begin}…{end}")
}

fn tag_at(text: &str, at: usize) -> Option<(usize, &str)> {
    let at = if text[..at].ends_with('$') { at - 1 } else { at };
    let rest = &text[at..];
    let (begin, end) = TAGS.into_iter().find(|(begin, _)| rest.starts_with(begin))?;
    let inside = &rest[begin.len()..];
    let reach = inside.len().min(LONGEST + end.len());
    let length = memmem::find(&inside.as_bytes()[..reach], end.as_bytes())?;
    let is_tag = (1..=LONGEST).contains(&length) && is_name(&inside[..length], begin);
    is_tag.then(|| (at, &rest[..begin.len() + length + end.len()]))
}

/// `%%FIRST_NAME%%`
fn percents(text: &str) -> impl Iterator<Item = (usize, &str)> {
    memmem::find_iter(text.as_bytes(), b"%%").filter_map(|at| {
        let inside = &text[at + 2..];
        let length = memchr(b'%', inside.as_bytes())?;
        let is_closed = inside[length..].starts_with("%%") && !inside.starts_with(' ');
        let is_tag = is_closed && is_name(&inside[..length], "%%");
        is_tag.then(|| (at, &text[at..at + length + 4]))
    })
}

/// Columns of the lists in the tags of still other programs, whose signs alone may be prose:
/// `«First name»`, `{first_name}`.
pub(super) fn columns<'a>(text: &'a str, columns: &[String]) -> impl Iterator<Item = &'a str> {
    const SIGNS: [(&str, &str); 4] = [("«", "»"), ("<<", ">>"), ("{", "}"), ("%", "%")];
    SIGNS.into_iter().flat_map(move |(begin, end)| {
        text.match_indices(begin).filter_map(move |(at, _)| {
            let inside = &text[at + begin.len()..];
            let length = inside.find(end).filter(|length| *length <= LONGEST)?;
            let is_column = columns.contains(&column_name(&inside[..length]));
            // Two braces are another tag.
            let is_tag = is_column && !text[..at].ends_with(begin) && !is_code(&text[..at]);
            is_tag.then(|| &text[at..at + begin.len() + length + end.len()])
        })
    })
}

/// `*|FNAME|*` of the draft, whose stars Markdown takes for emphasis, as it was written.
pub(super) fn emphasised(html: &str) -> impl Iterator<Item = String> {
    memmem::find_iter(html.as_bytes(), b"|</em>").filter_map(|end| {
        let (_, inside) = html[..end].rsplit_once('>')?;
        let name = inside.strip_prefix('|')?;
        (name.len() <= LONGEST && is_name(name, "*|")).then(|| format!("*|{name}|*"))
    })
}

/// Whether it could name something. What is in two braces always does; the others may be prose.
fn is_name(inside: &str, begin: &str) -> bool {
    let on_one_line = !inside.contains('\n');
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | '|' | ' ');
    let begins_well = inside.trim_start().starts_with(|c: char| c.is_alphabetic() || c == '_');
    on_one_line && (begin == "{{" || begin == "{%" || (begins_well && inside.chars().all(is_word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_all_kinds_are_found_whole() {
        for tag in [
            "{{first_name}}",
            "{{ subscriber.first_name }}",
            "{{#if x}}",
            "*|FNAME|*",
            "[[name]]",
            "%%First Name%%",
            "{% if city %}",
            "${name}",
            "{{이름}}",
        ] {
            let text = format!("Dear {tag}, welcome");
            assert_eq!(all(&text).collect::<Vec<_>>(), [tag]);
        }
    }

    #[test]
    fn stars_that_became_emphasis_are_still_a_tag() {
        let html =
            "<p>Dear <em>|FNAME|</em>, <em class=\"a\">|CITY|</em> <em>a|b|</em> |<em>|</em>";
        assert_eq!(emphasised(html).collect::<Vec<_>>(), ["*|FNAME|*", "*|CITY|*"]);
    }

    #[test]
    fn a_column_in_another_programs_signs_is_a_tag_and_any_other_word_is_not() {
        let known = ["first_name".to_owned()];
        let found = |text| columns(text, &known).collect::<Vec<_>>().join(" ");
        assert_eq!(
            found("Dear «First Name» {first_name} %FIRST-NAME%"),
            "«First Name» {first_name} %FIRST-NAME%"
        );
        assert_eq!(found("« Bonjour » {a} 50 % or 60 % `{first_name}` {{first_name}}"), "");
    }

    #[test]
    fn a_tag_can_be_told_without_what_is_in_it() {
        assert_eq!(shape("{{Ana}}"), "{{…}}");
        assert_eq!(shape("*|Ana|*"), "*|…|*");
        assert_eq!(shape("%%Ana%%"), "%%…%%");
    }

    #[test]
    fn prose_and_code_are_no_tags() {
        for text in [
            "",
            "a [link] and [1][2], 50 % of 100 %",
            "100%% sure, really",
            "100%% cotton or 50%% wool",
            "a set {1, 2} and {} and {{}}",
            "**bold** and *|",
            "[[1]] and [[",
            "{{never\nclosed}}",
            "f(x) = *|x|",
            "$5 {net}",
            "`{{first_name}}` prints it",
            "One\n    {{#if x}}",
            "> > One\n> >     {{#if x}}",
            "<p>Write <code>a {{first_name}}</code>",
        ] {
            assert_eq!(all(text).next(), None, "{text}");
        }
    }
}

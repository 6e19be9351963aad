//! Merge tags that are still there when everything has been merged.

use memchr::{memchr, memchr3_iter, memmem};

use crate::audience::column_name;

/// Longest tag, in bytes.
const LONGEST: usize = 80;

/// How a tag that Markdown has read as emphasis begins and ends in text: `*|FNAME|*` is `_|FNAME|_`.
const EMPHASISED: (&str, &str) = ("_|", "|_");

/// How tags begin and end. The second byte of each begin is looked at where the first is found.
const TAGS: [(&str, &str); 5] =
    [("{{", "}}"), ("{%", "%}"), ("[[", "]]"), ("*|", "|*"), ("${", "}")];

/// All tags of a text or of HTML, whole; what is shown as code is meant to be read.
pub(super) fn all(text: &str) -> impl Iterator<Item = &str> {
    // `{` finds `${` too.
    let braces = memchr3_iter(b'{', b'[', b'*', text.as_bytes());
    let tags = braces.filter_map(|at| tag_at(text, at));
    outside_code(text, tags).chain(outside_code(text, percents(text)))
}

/// The tags of a text that Markdown has read as emphasis, as they were written.
pub(super) fn emphasised(text: &str) -> impl Iterator<Item = String> {
    let begins = memmem::find_iter(text.as_bytes(), EMPHASISED.0);
    let tags = begins.filter_map(|at| Some((at, tag(&text[at..], EMPHASISED)?)));
    outside_code(text, tags).map(|tag| format!("*{}*", &tag[1..tag.len() - 1]))
}

/// Those of the tags, in order, that are not shown as code.
fn outside_code<'a>(
    text: &'a str,
    tags: impl Iterator<Item = (usize, &'a str)>,
) -> impl Iterator<Item = &'a str> {
    let mut code = Code { text, read: 0, line: 0, is_open: false, is_ticked: false };
    tags.filter(move |(at, _)| !code.covers(*at)).map(|(_, tag)| tag)
}

/// A walk through a text that knows where code is: between backticks or indented in text, in
/// `<code>` in HTML.
struct Code<'a> {
    text: &'a str,
    /// How far it has been read.
    read: usize,
    /// Where the line that is being read begins.
    line: usize,
    /// Whether a `<code` stands open.
    is_open: bool,
    /// Whether the line has a backtick open.
    is_ticked: bool,
}

impl Code<'_> {
    /// Whether what follows is code. Places are asked for in order.
    fn covers(&mut self, at: usize) -> bool {
        let passed = &self.text[self.read..at];
        let opened = passed.rfind("<code");
        let closed = passed[opened.unwrap_or_default()..].contains("</code>");
        self.is_open = !closed && (opened.is_some() || self.is_open);
        let in_line = match passed.rfind('\n') {
            Some(end) => {
                self.line = self.read + end + 1;
                self.is_ticked = false;
                &passed[end + 1..]
            }
            None => passed,
        };
        self.is_ticked ^= in_line.matches('`').count() % 2 == 1;
        self.read = at;
        let mut line = &self.text[self.line..at];
        while let Some(quoted) = line.strip_prefix("> ") {
            line = quoted;
        }
        self.is_open || self.is_ticked || line.starts_with("    ")
    }
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
    let ends = TAGS.into_iter().find(|(begin, _)| rest.starts_with(begin))?;
    Some((at, tag(rest, ends)?))
}

/// The tag that a text begins with.
fn tag<'a>(text: &'a str, (begin, end): (&str, &str)) -> Option<&'a str> {
    let inside = &text[begin.len()..];
    // No further than a tag is long: what never ends would be searched again from each begin.
    let window = &inside.as_bytes()[..inside.len().min(LONGEST + end.len())];
    let length = memmem::find(window, end.as_bytes())?;
    let is_tag = length > 0 && is_name(&inside[..length], begin);
    is_tag.then(|| &text[..begin.len() + length + end.len()])
}

/// `%%FIRST_NAME%%`
fn percents(text: &str) -> impl Iterator<Item = (usize, &str)> {
    memmem::find_iter(text.as_bytes(), b"%%").filter_map(|at| {
        let inside = &text[at + 2..];
        let length = memchr(b'%', &inside.as_bytes()[..inside.len().min(LONGEST)])?;
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
        let tags = text.match_indices(begin).filter_map(move |(at, _)| {
            let inside = &text[at + begin.len()..];
            let length = inside.find(end).filter(|length| *length <= LONGEST)?;
            let after = &inside[length + end.len()..];
            // Two braces are another tag.
            let is_single = !text[..at].ends_with(begin)
                && !inside.starts_with(begin)
                && !after.starts_with(end);
            let is_column = is_single && columns.contains(&column_name(&inside[..length]));
            is_column.then(|| (at, &text[at..at + begin.len() + length + end.len()]))
        });
        outside_code(text, tags)
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
    fn what_begins_many_times_is_read_once() {
        for begin in ["[[", "{{", "%%a", "[[name]] ", "`{{name}}` "] {
            let text = begin.repeat(200_000);
            let found = all(&text).count();
            assert!([0, 200_000, 199_999].contains(&found), "{begin}: {found}");
        }
    }

    #[test]
    fn a_tag_that_markdown_read_as_emphasis_is_told_as_it_was_written() {
        let text = "Dear _|FNAME|_, a _word_, `_|CODE|_` and _|_";
        assert_eq!(emphasised(text).collect::<Vec<_>>(), ["*|FNAME|*"]);
    }

    #[test]
    fn code_ends_where_it_ends() {
        for (text, tags) in [
            ("`{{a}}` {{b}}", &["{{b}}"][..]),
            ("`{{a}}\n{{b}}", &["{{b}}"]),
            ("    {{a}}\n{{b}}", &["{{b}}"]),
            ("<code>{{a}}</code> {{b}} <code>{{c}} {{d}}</code>{{e}}", &["{{b}}", "{{e}}"]),
            ("<code>{{a}}\n{{b}}</code>", &[]),
            ("`%%a%%` [[b]] %%c%%", &["[[b]]", "%%c%%"]),
        ] {
            assert_eq!(all(text).collect::<Vec<_>>(), tags, "{text}");
        }
    }

    #[test]
    fn prose_and_code_are_no_tags() {
        for text in [
            "",
            "a [link] and [1][2], 50 % of 100 %",
            "100%% sure, really",
            "a set {1, 2} and {} and {{}}",
            "**bold** and *|",
            "[[1]] and [[",
            "{{never\nclosed}}",
            "f(x) = *|x|",
            "$5 {net}",
            "`{{first_name}}` prints it",
            "One\n    {{#if x}}",
            "<p>Write <code>a {{first_name}}</code>",
            "100%% cotton or 50%% wool",
            "> > One\n> >     {{#if x}}",
        ] {
            assert_eq!(all(text).next(), None, "{text}");
        }
    }
}

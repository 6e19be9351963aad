//! A fault as people read it: the sentence, the line it is about, what to do.

use std::{fmt::Write as _, ops::Range};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use anstyle::{AnsiColor, Style};

use crate::diagnostic::{Diagnostic, Place};

const CYAN: Style = AnsiColor::Cyan.on_default().bold();

/// A longer line is not shown, in bytes.
const LONGEST_LINE: usize = 4_000;

/// How much a fault matters, as a word and a colour.
#[derive(Clone, Copy)]
pub(in crate::cli) enum Shown {
    Error,
    Warning,
    Note,
    Fixed,
}

impl Shown {
    fn level(self) -> Level<'static> {
        match self {
            Self::Error => Level::ERROR,
            Self::Warning => Level::WARNING,
            Self::Note => Level::NOTE,
            Self::Fixed => Level::NOTE.with_name("fixed"),
        }
    }

    fn word(self) -> (&'static str, Style) {
        let (word, colour) = match self {
            Self::Error => ("error", AnsiColor::Red),
            Self::Warning => ("warning", AnsiColor::Yellow),
            Self::Note => ("note", AnsiColor::Green),
            Self::Fixed => ("fixed", AnsiColor::Green),
        };
        (word, colour.on_default().bold())
    }
}

/// A fault that ends a command.
pub(in crate::cli) fn diagnostic(diagnostic: &Diagnostic) -> String {
    titled(diagnostic, Shown::Error, diagnostic.rule, "hint")
}

/// A fault of this weight and rule; `advice` is what its hint is called.
pub(super) fn titled(
    diagnostic: &Diagnostic,
    shown: Shown,
    rule: Option<&str>,
    advice: &str,
) -> String {
    let mut text = match &diagnostic.place {
        Some(Place::Span { source, span }) if is_showable(&source.text, span) => {
            let end = span.end.max(span.start).min(source.text.len());
            let span = span.start.min(end)..end;
            let snippet = Snippet::source(&*source.text)
                .path(&*source.name)
                .annotation(AnnotationKind::Primary.span(span));
            let title = shown.level().primary_title(&*diagnostic.message);
            let title = match rule {
                Some(rule) => title.id(rule),
                None => title,
            };
            Renderer::styled().render(&[title.element(snippet)])
        }
        _ => {
            let (word, style) = shown.word();
            let rule = rule.map(|rule| format!("[{rule}]")).unwrap_or_default();
            format!("{style}{word}{rule}{style:#}: {}", tame(&diagnostic.to_string()))
        }
    };
    if let Some(hint) = &diagnostic.hint {
        let _ = write!(text, "\n\n{CYAN}{advice}{CYAN:#}: {}\n", tame(hint));
    }
    text
}

/// One line of text in which nothing tells a terminal or a log what to do: file names and arguments
/// may hold any sign.
pub(in crate::cli) fn tame(text: &str) -> String {
    let mut tamed = String::with_capacity(text.len());
    for c in text.chars() {
        let turns_text = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || turns_text {
            tamed.extend(c.escape_default());
        } else {
            tamed.push(c);
        }
    }
    tamed
}

/// Whether a snippet helps: a line of many pages takes long to draw, and shows nothing.
fn is_showable(text: &str, span: &Range<usize>) -> bool {
    let before = text.get(..span.start).and_then(|before| before.rsplit('\n').next());
    let after = text.get(span.start..).and_then(|after| after.split('\n').next());
    before.map_or(0, str::len) + after.map_or(0, str::len) <= LONGEST_LINE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sign_of_a_text_is_obeyed() {
        assert_eq!(
            tame("`a\u{1b}]0;b\u{7}\n::add-mask::c\u{9b}\u{202e}` é 한"),
            "`a\\u{1b}]0;b\\u{7}\\n::add-mask::c\\u{9b}\\u{202e}` é 한"
        );
    }
}

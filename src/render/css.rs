//! CSS into `style` attributes, once a campaign. Media queries stay in a `<style>` that ends the
//! head.

use css_inline::{CSSInliner, InlineOptions};

use super::{
    Piece, Template,
    elements::nest_too_deeply,
    position::Position,
    sentinel::{Segment, Sentinels},
};

/// What stands between two texts.
enum Seam<'a> {
    Whole(&'a Piece),
    If(&'a Piece),
    Else,
    End,
}

/// Inlines the rules of all `<style>` elements. The error is a message.
pub(super) fn inline(template: &Template) -> Result<Template, String> {
    let mut texts = String::new();
    all_text(template, &mut texts);
    let sentinels = Sentinels::absent_from(&texts);
    let mut page = Page {
        html: String::new(),
        position: Position::default(),
        seams: Vec::new(),
        sentinels: &sentinels,
    };
    page.write(template);
    if nest_too_deeply(&page.html) {
        return Err("its elements nest too deeply".to_owned());
    }
    let options = InlineOptions {
        keep_at_rules: true,
        load_remote_stylesheets: false,
        ..InlineOptions::default()
    };
    let inlined = CSSInliner::new(options)
        .inline(&page.html)
        .map_err(|fault| format!("its CSS cannot be inlined: {fault}"))?;
    let inlined = style_last(&inlined).unwrap_or(inlined);
    let segments = collect(&sentinels, &inlined);
    let kept = segments.iter().filter_map(|part| match part {
        Part::Seam(number) => Some(*number),
        Part::Text(_) => None,
    });
    if !kept.eq(0..page.seams.len()) {
        return Err(MOVED.to_owned());
    }
    Parts { segments, seams: &page.seams }.template(&mut 0)
}

/// Moves the `<style>` that stays from the start of the head, where the inliner writes it, to its
/// end: a `<meta charset>` has to stand in the first 1024 bytes (HTML §4.2.5.4). None without such a
/// `<style>`.
fn style_last(html: &str) -> Option<String> {
    let head = html.find("<head")?;
    let start = head + html[head..].find('>')? + 1;
    let (before, rest) = html.split_at(start);
    let end = rest.starts_with("<style>").then(|| rest.find("</style>"))?? + "</style>".len();
    let (style, rest) = rest.split_at(end);
    let (head, after) = rest.split_once("</head>")?;
    Some([before, head, style, "</head>", after].concat())
}

const MOVED: &str = "a list column or `{{#if}}` stands where HTML has no place for text, such as \
                     between the parts of a table";

fn all_text(template: &Template, into: &mut String) {
    for piece in &template.0 {
        match piece {
            Piece::Text(text) => into.push_str(text),
            Piece::Print { .. } => {}
            Piece::If { then, otherwise, .. } => {
                all_text(then, into);
                all_text(otherwise, into);
            }
        }
    }
}

/// The page as the inliner sees it.
struct Page<'a> {
    html: String,
    position: Position,
    seams: Vec<Seam<'a>>,
    sentinels: &'a Sentinels,
}

impl<'a> Page<'a> {
    fn write(&mut self, template: &'a Template) {
        for piece in &template.0 {
            match piece {
                Piece::Text(text) => {
                    self.position.feed(text);
                    self.html.push_str(text);
                }
                Piece::Print { .. } => self.seam(Seam::Whole(piece)),
                Piece::If { then, otherwise, .. } => {
                    let begun_at = self.position.clone();
                    self.seam(Seam::If(piece));
                    self.write(then);
                    self.position = begun_at;
                    self.seam(Seam::Else);
                    self.write(otherwise);
                    self.seam(Seam::End);
                }
            }
        }
    }

    /// In text a seam is a comment: an HTML parser leaves that where it is, even in a table.
    fn seam(&mut self, seam: Seam<'a>) {
        let mark = |role| self.sentinels.mark(self.seams.len(), role);
        let text =
            if self.position.is_text() { format!("<!--{}-->", mark('c')) } else { mark('p') };
        self.html.push_str(&text);
        self.seams.push(seam);
    }
}

enum Part {
    Text(String),
    Seam(usize),
}

/// Cuts the inlined page at its seams; the comment around a seam goes.
fn collect(sentinels: &Sentinels, html: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut after_comment = false;
    for segment in sentinels.segments(html) {
        match segment {
            Segment::Text(text) => {
                let text =
                    if after_comment { text.strip_prefix("-->").unwrap_or(text) } else { text };
                after_comment = false;
                if !text.is_empty() {
                    parts.push(Part::Text(text.to_owned()));
                }
            }
            Segment::Mark(number, role) => {
                if role == 'c' {
                    if let Some(Part::Text(before)) = parts.last_mut() {
                        let kept = before.strip_suffix("<!--").map_or(before.len(), str::len);
                        before.truncate(kept);
                    }
                    after_comment = true;
                }
                parts.push(Part::Seam(number));
            }
        }
    }
    parts
}

/// The way back from parts to nested pieces.
struct Parts<'a> {
    segments: Vec<Part>,
    seams: &'a [Seam<'a>],
}

impl Parts<'_> {
    /// Pieces up to the end or to an `else` or `end`, which is left to the caller.
    fn template(&self, next: &mut usize) -> Result<Template, String> {
        let mut pieces = Vec::new();
        while let Some(part) = self.segments.get(*next) {
            let number = match part {
                Part::Text(text) => {
                    *next += 1;
                    if !text.is_empty() {
                        pieces.push(Piece::Text(text.clone()));
                    }
                    continue;
                }
                Part::Seam(number) => *number,
            };
            match self.seams.get(number) {
                Some(Seam::Whole(piece)) => {
                    *next += 1;
                    pieces.push((*piece).clone());
                }
                Some(Seam::If(Piece::If { test, .. })) => {
                    *next += 1;
                    let then = self.template(next)?;
                    self.expect(next, |seam| matches!(seam, Seam::Else))?;
                    let otherwise = self.template(next)?;
                    self.expect(next, |seam| matches!(seam, Seam::End))?;
                    pieces.push(Piece::If { test: test.clone(), then, otherwise });
                }
                _ => break,
            }
        }
        Ok(Template(pieces))
    }

    fn expect(&self, next: &mut usize, wanted: impl Fn(&Seam<'_>) -> bool) -> Result<(), String> {
        match self.segments.get(*next) {
            Some(Part::Seam(number)) if self.seams.get(*number).is_some_and(wanted) => {
                *next += 1;
                Ok(())
            }
            _ => Err(MOVED.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Escape, Expression, Field, Spot};

    fn text(text: &str) -> Piece {
        Piece::Text(text.to_owned())
    }

    fn city() -> Piece {
        let spot = Spot { file: "x".to_owned(), line: 1, span: 0..1 };
        let value = Expression::Field(Field::Column("city".to_owned()));
        Piece::Print { value, escape: Escape::Html, spot }
    }

    fn choice(then: Vec<Piece>, otherwise: Vec<Piece>) -> Piece {
        let test = Expression::Field(Field::ListTitle);
        Piece::If { test, then: Template(then), otherwise: Template(otherwise) }
    }

    #[test]
    fn seams_stay_where_they_are() {
        let page = Template(vec![
            text("<html><head><title>"),
            city(),
            text("</title><style>td { color: red }</style></head><body title=\""),
            city(),
            text("\"><table><tbody>"),
            choice(vec![text("<tr><td>"), city(), text("</td></tr>")], vec![]),
            text("</tbody></table><!-- "),
            city(),
            text(" --></body></html>"),
        ]);
        let expected = Template(vec![
            text("<html><head><title>"),
            city(),
            text("</title></head><body title=\""),
            city(),
            text("\"><table><tbody>"),
            choice(
                vec![text("<tr><td style=\"color: red;\">"), city(), text("</td></tr>")],
                vec![],
            ),
            text("</tbody></table><!-- "),
            city(),
            text(" --></body></html>"),
        ]);
        assert_eq!(inline(&page), Ok(expected));
    }

    #[test]
    fn a_page_that_the_parser_would_rearrange_is_refused() {
        let moved = Template(vec![
            text("<table><tr><td>"),
            city(),
            text("</td></tr><p title=\""),
            city(),
            text("\">late</p></table>"),
        ]);
        assert_eq!(inline(&moved), Err(MOVED.to_owned()));
    }
}

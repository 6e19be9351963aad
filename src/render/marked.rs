//! Marks around all that differs by person, for a page that shows one person's copy.

use super::{Expanded, Piece, Template, escape::html, position::Position};

/// Stand around a person's value where no HTML can: in the text part and the subject. They are for
/// private use, so no text has them.
const AROUND: [&str; 2] = ["\u{E000}", "\u{E001}"];

/// The same templates with marks. In HTML a value that stands in text is inside
/// `<mark data-field="first_name" data-n="4">`, and each branch of a choice by person between
/// comments, `<!--choice 5 then-->` or `<!--choice 5 else-->` and `<!--/choice 5-->`. A number is a
/// place of the template, the same in every copy. Where HTML has no room for marks there are none.
///
/// A copy without its marks is the copy that is sent, but that blanks at the end of the subject and
/// the text part may be left inside the last mark.
pub fn marked(expanded: &Expanded) -> Expanded {
    Expanded {
        subject: around(&expanded.subject),
        html: Marking::default().template(&expanded.html),
        text: around(&expanded.text),
        ..expanded.clone()
    }
}

fn around(template: &Template) -> Template {
    let mut pieces = Vec::new();
    for piece in &template.0 {
        match piece {
            Piece::Text(_) => pieces.push(piece.clone()),
            Piece::Print { .. } => {
                let [before, after] = AROUND.map(|mark| Piece::Text(mark.to_owned()));
                pieces.extend([before, piece.clone(), after]);
            }
            Piece::If { test, then, otherwise } => pieces.push(Piece::If {
                test: test.clone(),
                then: around(then),
                otherwise: around(otherwise),
            }),
        }
    }
    Template(pieces)
}

/// Goes over an HTML part.
#[derive(Default)]
struct Marking {
    position: Position,
    /// How many values and choices have come.
    places: usize,
}

impl Marking {
    fn template(&mut self, template: &Template) -> Template {
        Template(template.0.iter().flat_map(|piece| self.piece(piece)).collect())
    }

    fn piece(&mut self, piece: &Piece) -> Vec<Piece> {
        let place = self.places;
        self.places += usize::from(!matches!(piece, Piece::Text(_)));
        match piece {
            Piece::Text(text) => {
                // Its remarks were told when the templates were expanded.
                self.position.feed(text);
                vec![piece.clone()]
            }
            Piece::Print { value, .. } if self.position.is_text() => {
                let mut field = String::new();
                html(&value.names().join(" "), &mut field);
                let mark = format!("<mark data-field=\"{field}\" data-n=\"{place}\">");
                vec![Piece::Text(mark), piece.clone(), Piece::Text("</mark>".to_owned())]
            }
            Piece::Print { .. } => {
                // So it was settled that it may stand here.
                let _ = self.position.print();
                vec![piece.clone()]
            }
            Piece::If { test, then, otherwise } => {
                let begun_at = self.position.clone();
                let mut then = self.template(then);
                let then_end = std::mem::replace(&mut self.position, begun_at.clone());
                let mut otherwise = self.template(otherwise);
                if begun_at.is_text() && then_end.is_text() && self.position.is_text() {
                    then = bracketed(place, "then", then);
                    otherwise = bracketed(place, "else", otherwise);
                }
                vec![Piece::If { test: test.clone(), then, otherwise }]
            }
        }
    }
}

fn bracketed(place: usize, branch: &str, template: Template) -> Template {
    let mut pieces = vec![Piece::Text(format!("<!--choice {place} {branch}-->"))];
    pieces.extend(template.0);
    pieces.push(Piece::Text(format!("<!--/choice {place}-->")));
    Template(pieces)
}

//! Collects a flat template while templates are worked out, and watches where each value stands.

use super::{
    Escape, Expression, Piece, Spot, Template,
    escape::one_line,
    position::{Position, Remark},
};

/// Most bytes a part may have: a template that multiplies itself ends here.
pub(super) const LIMIT: usize = 5_000_000;

/// What is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Medium {
    /// The HTML part.
    Html,
    /// The text part.
    Text,
    /// Subject or preheader.
    Line,
}

/// A flat template in the making.
#[derive(Debug)]
pub(super) struct Sink {
    pub(super) medium: Medium,
    pieces: Vec<Piece>,
    choices: Vec<Choice>,
    position: Position,
    written: usize,
}

/// A choice whose end has not come.
#[derive(Debug)]
struct Choice {
    before: Vec<Piece>,
    test: Expression,
    begun_at: Position,
    then: Option<(Vec<Piece>, Position)>,
}

impl Sink {
    pub(super) fn new(medium: Medium) -> Self {
        Self {
            medium,
            pieces: Vec::new(),
            choices: Vec::new(),
            position: Position::default(),
            written: 0,
        }
    }

    /// Whether the part is larger than any mail may be.
    pub(super) fn is_full(&self) -> bool {
        self.written > LIMIT
    }

    /// Appends final text.
    pub(super) fn text(&mut self, text: &str) -> Vec<Remark> {
        if text.is_empty() || self.is_full() {
            return Vec::new();
        }
        self.written += text.len();
        let remarks =
            if self.medium == Medium::Html { self.position.feed(text) } else { Vec::new() };
        if !matches!(self.pieces.last(), Some(Piece::Text(_))) {
            self.pieces.push(Piece::Text(String::new()));
        }
        if let Some(Piece::Text(before)) = self.pieces.last_mut() {
            match self.medium {
                Medium::Line => one_line(text, before),
                _ if text.contains('\r') => {
                    before.push_str(&text.replace("\r\n", "\n").replace('\r', "\n"));
                }
                _ => before.push_str(text),
            }
        }
        remarks
    }

    /// Appends a person's value. `wished` is the escape its place in a link asks for in text.
    pub(super) fn print(
        &mut self,
        value: Expression,
        wished: Option<Escape>,
        spot: Spot,
    ) -> Result<(), &'static str> {
        let escape = match self.medium {
            Medium::Html => self.position.print()?,
            Medium::Text => wished.unwrap_or(Escape::Plain),
            Medium::Line => Escape::Line,
        };
        self.written += 64;
        self.pieces.push(Piece::Print { value, escape, spot });
        Ok(())
    }

    /// Begins what only some people get.
    pub(super) fn begin(&mut self, test: Expression) -> Result<(), &'static str> {
        if !self.position.may_branch() {
            return Err("inside a tag, outside the quotes of an attribute");
        }
        self.choices.push(Choice {
            before: std::mem::take(&mut self.pieces),
            test,
            begun_at: self.position.clone(),
            then: None,
        });
        Ok(())
    }

    /// Goes on with what the others get. Follows [`Sink::begin`], once.
    pub(super) fn otherwise(&mut self) {
        if let Some(choice) = self.choices.last_mut() {
            let end = std::mem::replace(&mut self.position, choice.begun_at.clone());
            choice.then = Some((std::mem::take(&mut self.pieces), end));
        }
    }

    /// Ends the choice. Follows [`Sink::otherwise`].
    pub(super) fn end(&mut self) -> Result<(), &'static str> {
        let Some(Choice { before, test, then: Some((then, then_end)), .. }) = self.choices.pop()
        else {
            return Ok(());
        };
        let otherwise = Template(std::mem::replace(&mut self.pieces, before));
        self.pieces.push(Piece::If { test, then: Template(then), otherwise });
        if self.position.rejoins(&then_end) {
            Ok(())
        } else {
            Err("opens a tag or attribute on one way that it does not close")
        }
    }

    /// The template. In text, what absent parts leave behind is one empty line, not three.
    pub(super) fn finish(mut self) -> Template {
        if self.medium == Medium::Text {
            for piece in &mut self.pieces {
                if let Piece::Text(text) = piece {
                    while text.contains("\n\n\n") {
                        *text = text.replace("\n\n\n", "\n\n");
                    }
                }
            }
        }
        Template(self.pieces)
    }
}

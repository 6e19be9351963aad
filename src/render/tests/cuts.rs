//! Lines that everybody shares are cut out of a template, and the mail stays what it was.

use proptest::{collection::vec, prelude::*, sample::select};

use super::*;

/// What lines are made of: ends, blanks, beginnings that need care, more than a line holds.
const WORDS: [&str; 14] = [
    "\n",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    ".",
    "From ",
    "word",
    "= ",
    "é",
    "\u{2028}",
    "a word and another and another and another and another and another and another ",
];

fn words() -> impl Strategy<Value = String> {
    vec(select(&WORDS[..]), 0..8).prop_map(|words| words.concat())
}

fn template() -> impl Strategy<Value = Template> {
    let field = |column: &str| Expression::Field(Field::Column(column.to_owned()));
    let print = move |column| Piece::Print {
        value: field(column),
        escape: Escape::Plain,
        spot: Spot { file: "drafts/x.md".to_owned(), line: 1, span: 0..1 },
    };
    let piece =
        prop_oneof![words().prop_map(Piece::Text), select(vec!["city", "name"]).prop_map(print)];
    let piece = piece.prop_recursive(2, 16, 4, move |piece| {
        let choice = (vec(piece.clone(), 0..4), vec(piece, 0..4));
        choice.prop_map(move |(then, otherwise)| Piece::If {
            test: field("member"),
            then: Template(then),
            otherwise: Template(otherwise),
        })
    });
    vec(piece, 0..10).prop_map(Template)
}

/// Any templates, and somebody whose mail has no holes.
pub(crate) fn any_letter() -> impl Strategy<Value = (Expanded, Vec<String>)> {
    let value = || (words(), words()).prop_map(|(before, after)| format!("{before}x{after}"));
    let member = select(vec![String::new(), "yes".to_owned()]);
    (template(), template(), value(), member, value()).prop_map(
        |(html, text, city, member, name)| {
            let expanded = Expanded {
                language: "en".to_owned(),
                subject: Template(vec![Piece::Text("News".to_owned())]),
                preheader: None,
                html,
                text,
                columns: ["city", "member", "name"].map(str::to_owned).to_vec(),
                pictures: Vec::new(),
                warnings: Vec::new(),
            };
            (expanded, vec![city, member, name])
        },
    )
}

/// The template filled in piece by piece.
fn written(template: &Template, [city, member, name]: &[String; 3]) -> String {
    let mut text = String::new();
    for piece in &template.0 {
        match piece {
            Piece::Text(constant) => text += constant,
            Piece::Print { value, escape, .. } => {
                let is_city = *value == Expression::Field(Field::Column("city".to_owned()));
                escape.write(if is_city { city } else { name }, &mut text).unwrap();
            }
            Piece::If { then, otherwise, .. } => {
                let chosen = if member.is_empty() { otherwise } else { then };
                text += &written(chosen, &[city.clone(), member.clone(), name.clone()]);
            }
        }
    }
    text
}

proptest! {
    #[test]
    fn a_mail_does_not_show_where_it_was_cut((expanded, values) in any_letter()) {
        let columns = expanded.columns.iter().map(String::as_str);
        let row: Vec<(&str, &str)> = columns.zip(values.iter().map(String::as_str)).collect();
        let mail = fill(&expanded, &row).unwrap();
        let values = values.try_into().unwrap();
        prop_assert_eq!(mail.html, written(&expanded.html, &values));
        prop_assert_eq!(mail.text, format!("{}\n", written(&expanded.text, &values).trim_end()));
    }
}

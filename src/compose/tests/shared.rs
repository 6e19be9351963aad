//! Lines that were encoded when the campaign was opened, and lines that are encoded now.

use std::convert::Infallible;

use proptest::prelude::*;

use super::{
    super::{Composer, Encoded, Error},
    samples,
};
use crate::render::{Person, Rendered, Renderer, tests::any_letter};

#[test]
fn only_whole_lines_are_encoded_ahead() {
    assert!(Encoded::new("a\n").is_ok());
    for text in ["", "a", "a\nb"] {
        assert_eq!(Encoded::new(text).err(), Some(Error::Line), "{text:?}");
    }
}

proptest! {
    #[test]
    fn lines_encoded_ahead_make_the_same_message((expanded, values) in any_letter()) {
        let person = Person { values: &values, list_title: "", unsubscribe: "" };
        let ahead = Renderer::new(&expanded, Encoded::new).expect("whole lines");
        let ahead = ahead.render(&person).expect("no holes");
        let whole = Renderer::new(&expanded, |lines| Ok::<_, Infallible>(lines.to_owned()));
        let whole = whole.expect("infallible");
        let Rendered { subject, html, text } = whole.render(&person).expect("no holes");
        let (html, text) = (html.to_string().into(), text.to_string().into());
        let now = Rendered { subject, html, text };

        let sample = samples::attachments();
        let composer = Composer::new(sample.parts).expect("sound parts");
        prop_assert_eq!(
            composer.compose(&ahead, &sample.to, &sample.stamp),
            composer.compose(&now, &sample.to, &sample.stamp)
        );
    }
}

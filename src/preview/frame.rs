//! The HTML part as a document that shows its pictures: a mail names them by content id, which
//! means something only inside the mail.

use std::ops::Range;

use super::{
    markup::{Token, tokens},
    reading::{Part, Reading},
};
use crate::compose::base64;

/// Attributes that load a picture.
const LOADS: [&str; 2] = ["background", "src"];

/// How a quote in CSS may be written, in a `style` attribute as well.
const QUOTES: [&str; 8] = ["\"", "'", "&quot;", "&apos;", "&#34;", "&#39;", "&#x22;", "&#x27;"];

/// The mail's HTML with `url` of a part in the place of each `cid:` that loads it; all else stays
/// as it is, and so does the `cid:` of no part. A URL has no blank, quote, bracket or `&` in it.
pub fn framed(html: &str, reading: &Reading, url: impl Fn(&Part) -> String) -> String {
    let mut found = Vec::new();
    for token in tokens(html) {
        match token {
            Token::Raw(name, span) if name == "style" => in_css(html, span, &mut found),
            Token::Tag(tag) if !tag.is_end => {
                for attribute in tag.attributes {
                    if LOADS.contains(&attribute.name.as_str()) {
                        found.extend(reference(html, attribute.value));
                    } else if attribute.name == "style" {
                        in_css(html, attribute.value, &mut found);
                    }
                }
            }
            _ => {}
        }
    }
    let (mut framed, mut from) = (String::with_capacity(html.len()), 0);
    for span in found {
        let cid = &html[span.start + "cid:".len()..span.end];
        if let Some(part) = part(reading, cid) {
            framed.push_str(&html[from..span.start]);
            framed.push_str(&url(part));
            from = span.end;
        }
    }
    framed + &html[from..]
}

/// The mail's HTML with empty frames in the place of those that it holds: a browser calls on their
/// servers before it asks the page's policy. No mail program shows them. All else stays.
pub(super) fn without_frames(html: &str) -> String {
    let (mut closed, mut from) = (String::with_capacity(html.len()), 0);
    for token in tokens(html) {
        let Token::Tag(tag) = token else { continue };
        if !matches!(&*tag.name, "iframe" | "frame") {
            continue;
        }
        let loading = |name: &str| matches!(name, "src" | "srcdoc");
        for attribute in tag.attributes.iter().filter(|attribute| loading(&attribute.name)) {
            closed.push_str(&html[from..attribute.value.start]);
            closed.push_str("about:blank");
            from = attribute.value.end;
        }
    }
    closed + &html[from..]
}

/// A part as a URL of its own, for a file that stands alone.
pub fn data_url(part: &Part) -> String {
    format!("data:{};base64,{}", part.media_type, base64(&part.content).replace("\r\n", ""))
}

/// The `cid:…` that a value is.
fn reference(html: &str, value: Range<usize>) -> Option<Range<usize>> {
    let text = html[value.clone()].trim_start();
    let start = value.end - text.len();
    is_cid(text).then(|| start..start + text.trim_end().len())
}

/// All `url(cid:…)` in CSS.
fn in_css(html: &str, css: Range<usize>, found: &mut Vec<Range<usize>>) {
    let text = &html[css.clone()];
    for (colon, _) in text.match_indices(':') {
        let Some(at) = colon.checked_sub("cid".len()).filter(|at| text.is_char_boundary(*at))
        else {
            continue;
        };
        let before = text[..at].trim_end();
        let quote = QUOTES.iter().find(|quote| before.ends_with(**quote));
        let before = before[..before.len() - quote.map_or(0, |quote| quote.len())].trim_end();
        let is_url = before.len().checked_sub("url(".len()).and_then(|from| before.get(from..));
        if !is_cid(&text[at..]) || !is_url.is_some_and(|url| url.eq_ignore_ascii_case("url(")) {
            continue;
        }
        let end = match quote {
            Some(quote) => text[at..].find(quote),
            None => text[at..].find(|c: char| c == ')' || c.is_whitespace()),
        };
        if let Some(end) = end {
            found.push(css.start + at..css.start + at + end);
        }
    }
}

fn is_cid(text: &str) -> bool {
    text.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("cid:"))
}

/// The part that a reference means: in a URL some characters of an id are written as `%40`
/// (RFC 2392).
fn part<'r>(reading: &'r Reading, cid: &str) -> Option<&'r Part> {
    let cid = cid.replace("&amp;", "&");
    reading.part_of_cid(&cid).or_else(|| reading.part_of_cid(&percent_decoded(&cid)?))
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut stretches = text.split('%');
    let mut decoded = stretches.next().unwrap_or_default().as_bytes().to_vec();
    for stretch in stretches {
        decoded.push(u8::from_str_radix(stretch.get(..2)?, 16).ok()?);
        decoded.extend_from_slice(&stretch.as_bytes()[2..]);
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn picture(number: usize, cid: &str) -> Part {
        Part {
            number,
            name: "hall.png".to_owned(),
            media_type: "image/png".to_owned(),
            bytes: 3,
            cid: Some(cid.to_owned()),
            content: b"\xff\0a".to_vec(),
        }
    }

    fn shown(html: &str) -> String {
        let pictures = vec![picture(1, "a@example.org"), picture(2, "b&c%d@example.org")];
        let reading = Reading { pictures, ..Reading::default() };
        framed(html, &reading, |part| format!("part/{}", part.number))
    }

    #[test]
    fn pictures_are_shown_wherever_a_mail_may_load_them() {
        for (html, expected) in [
            ("<img alt='x' src=\"cid:a@example.org\">", "<img alt='x' src=\"part/1\">"),
            ("<IMG SRC = ' CID:a%40example.org '/>", "<IMG SRC = ' part/1 '/>"),
            ("<img src=cid:b&amp;c%25d@example.org>", "<img src=part/2>"),
            ("<td background=\"cid:a@example.org\">", "<td background=\"part/1\">"),
            (
                "<p style=\"background: URL( 'cid:a@example.org' ), url(cid:a@example.org)\">",
                "<p style=\"background: URL( 'part/1' ), url(part/1)\">",
            ),
            (
                "<p style='a:url(&quot;cid:a@example.org&quot;)'>",
                "<p style='a:url(&quot;part/1&quot;)'>",
            ),
            (
                "<style>p{background:url(\"cid:a@example.org\")}</style>",
                "<style>p{background:url(\"part/1\")}</style>",
            ),
        ] {
            assert_eq!(shown(html), expected);
        }
    }

    #[test]
    fn all_else_stays_as_it_is() {
        for html in [
            "<p>url(cid:a@example.org) src=\"cid:a@example.org\"</p>",
            "<a href=\"cid:a@example.org\" title='src=\"cid:a@example.org\"'>",
            "<img src=\"cid:unknown@example.org\"><img src=\"cid:a%zz\"><img src='cid:%e9%'>",
            "<img data-src=\"cid:a@example.org\" src=\"https://x.example/cid:a@example.org\">",
            "<!-- <img src=\"cid:a@example.org\"> -->",
            "<title><img src=\"cid:a@example.org\"></title>",
            "<p style=\"content: 'cid:a@example.org'; b: url(x cid:a@example.org)\">",
            "<p style=\"a: url(cid:a@example.org\">",
            "<p\r\n style=\"é:é\">&nbsp;é</p >\r\n",
        ] {
            assert_eq!(shown(html), html);
        }
    }

    #[test]
    fn a_part_can_be_its_own_url() {
        assert_eq!(data_url(&picture(1, "a")), "data:image/png;base64,/wBh");
        let long = Part { content: vec![0; 100], ..picture(1, "a") };
        assert!(!data_url(&long).contains(char::is_whitespace));
    }

    proptest! {
        #[test]
        fn any_html_can_be_framed(
            html in "(<img |<p style=|<style>|</style>|src=|cid:|a@example\\.org|url\\(|\\)|'|\"|>|é|%|:| |&quot;){0,40}",
        ) {
            let back = shown(&html).replace("part/1", "cid:a@example.org");
            prop_assert_eq!(back, html);
        }
    }

    #[test]
    fn a_frame_in_a_mail_calls_nobody() {
        for (html, closed) in [
            (
                "<p>a<IFRAME width=1 src='https://x.example/'>b</iframe>",
                "<p>a<IFRAME width=1 src='about:blank'>b</iframe>",
            ),
            (
                "<iframe src=//x.example/ srcdoc=\"<img>\">",
                "<iframe src=about:blank srcdoc=\"about:blank\">",
            ),
            ("<frame src = //x.example>", "<frame src = about:blank>"),
            (
                "<img src='cid:x'><p>&lt;iframe src='y'></p>",
                "<img src='cid:x'><p>&lt;iframe src='y'></p>",
            ),
        ] {
            assert_eq!(without_frames(html), closed);
        }
    }
}

//! How deep elements nest: an HTML parser that is led thousands of them down takes minutes.

/// Deeper is no mail. The layout and a kind take about 30, a draft up to 200.
const DEPTH: usize = 500;

/// Elements that end without an end tag (HTML §13.1.2.4), and those that have none.
const UNENDED: [&str; 26] = [
    "area", "base", "br", "col", "colgroup", "dd", "dt", "embed", "hr", "img", "input", "li",
    "link", "meta", "option", "p", "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr",
    "track", "wbr",
];

/// Whether more than [`DEPTH`] elements are open somewhere.
pub(super) fn nest_too_deeply(html: &str) -> bool {
    let mut depth = 0_usize;
    for (at, _) in html.match_indices('<') {
        let tag = &html[at + 1..];
        let (is_end, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let length = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
        let name = &tag[..length];
        if !name.starts_with(|c: char| c.is_ascii_alphabetic())
            || UNENDED.iter().any(|unended| unended.eq_ignore_ascii_case(name))
        {
            continue;
        }
        depth = if is_end { depth.saturating_sub(1) } else { depth + 1 };
        if depth > DEPTH {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stays_open_nests() {
        assert!(nest_too_deeply(&"<div>".repeat(501)));
        assert!(!nest_too_deeply(&"<div>".repeat(500)));
        assert!(!nest_too_deeply(&"<div><P>x<BR></DIV>".repeat(5_000)));
        assert!(!nest_too_deeply(&"a < b <!-- c --> <3".repeat(5_000)));
    }
}

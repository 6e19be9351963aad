//! Each rule with what breaks it and what nearly does.

use super::*;

/// The rules that a page breaks, each once.
fn broken(newsroom: &Newsroom) -> Vec<String> {
    let mut rules: Vec<String> = found(newsroom)
        .iter()
        .map(|finding| finding.split(' ').next().unwrap().to_owned())
        .collect();
    rules.dedup();
    rules
}

/// A line of the table: what the kind's template says, and the rule it breaks, if any.
fn assert_kinds(table: &[(&str, &str)]) {
    for (html, rule) in table {
        let wanted: Vec<&str> = rule.split_whitespace().collect();
        assert_eq!(broken(&newsroom(html, "Text")), wanted, "{html}");
    }
}

#[test]
fn structure_is_judged() {
    assert_kinds(&[
        ("<p>A plain page</p>", ""),
        ("<table><tr><td>a</td></tr></table>", "A2/table-role"),
        ("<table role=\"\"><tr><td>a</td></tr></table>", "A2/table-role"),
        ("<table role=\"none\"><tr><td>a</td></tr></table>", ""),
        ("<table><tr><th>a</th></tr><tr><td>b</td></tr></table>", ""),
        ("<table><tr><td><table><tr><th>a</th></tr></table></td></tr></table>", "A2/table-role"),
        ("<form action=\"https://e.example\">a</form>", "A3/active"),
        ("<script>a()</script>", "A3/active"),
        ("<p onclick=\"a()\">a</p>", "A3/active"),
        ("<p class=\"on\" title=\"onclick\">a</p>", ""),
        ("<div><p>a</div>", ""),
        ("<div><b>a</div>", "A3/unclosed"),
        ("<ul><li>a<li>b</ul><br><img alt=\"\" width=\"1\" src=\"cid:a\">", ""),
        ("<!-- <div> --><!--[if mso]><table><tr><td><![endif]-->", ""),
        ("<p title=\"<b>\">a</p><svg><path /></svg>", ""),
        ("<center>a", "A3/unclosed"),
        ("<div><table role=\"none\"><tr><td>a</div></td></tr></table></div>", ""),
        ("<h2>a</h2><h3>b</h3><h2>c</h2>", ""),
        ("<h3>a</h3>", "A4/heading-order"),
        ("<h1>a</h1>", "A4/heading-order"),
        ("<h1 style=\"display: none\">a</h1>", ""),
        ("{{#if subscriber.city}}<h2>a</h2>{{else}}<h3>b</h3><h1>c</h1>{{/if}}", ""),
    ]);
}

#[test]
fn language_stands_on_the_page_and_inside_it() {
    let layout = |html: &str, body: &str| {
        let page = format!(
            "<html {html}><body><div {body}><h1>x</h1>{{{{{{content}}}}}} 1 Sample Street London <a \
             href=\"{{{{links.unsubscribe}}}}\">Leave</a></div><div style=\"display:none\">y</div></body></html>"
        );
        newsroom("<p>a</p>", "Text").file("layout.html.hbs", &page)
    };
    let whole = "lang=\"en\" dir=\"ltr\"";
    assert_eq!(found(&layout(whole, whole)), [""; 0]);
    let message = "templates/layout.html.hbs:1:1: `<html>` has no `dir`";
    assert_eq!(found(&layout("lang=\"en\"", whole)), [format!("A1/language {message}")]);
    let message = "templates/layout.html.hbs:1:33: `<div>` has no `lang` and no `dir`";
    assert_eq!(found(&layout(whole, "")), [format!("A1/language {message}")]);
}

#[test]
fn text_and_buttons_are_measured() {
    assert_kinds(&[
        ("<p style=\"color: #767676\">a</p>", ""),
        ("<p style=\"color: #777777\">a</p>", "A4/contrast"),
        ("<p style=\"color: #777; font-size: 24px\">a</p>", ""),
        ("<p style=\"color: #777; font: bold 14pt/1 Arial\">a</p>", ""),
        ("<p style=\"color: #777; font-size: 18px\"><b>a</b></p>", "A4/contrast"),
        ("<p style=\"color: #fff; background: #333 none\">a</p>", ""),
        ("<p style=\"color: #fff; background: url(cid:a)\">a</p>", ""),
        (
            "<table role=\"none\" bgcolor=\"#000\"><tr><td style=\"color:white\">a</td></tr></table>",
            "",
        ),
        ("<table role=\"none\" bgcolor=\"#000\"><tr><td>a</td></tr></table>", "A4/contrast"),
        ("<p style=\"color: #eee\"> · </p>", ""),
        ("<p style=\"color: #eee; display: none\">a</p>", ""),
        ("<p style=\"color: var(--ink)\">a</p>", ""),
        ("<p style=\"color: #999; opacity: 0.9\">a</p>", ""),
        ("<p style=\"color: #eee; visibility: hidden\">a</p>", ""),
        ("<p style=\"color: #eee; max-height: 0; overflow: hidden\">a</p>", ""),
        ("<p style=\"color: #eee; max-height: 0\">a</p>", "A4/contrast"),
        ("<p style=\"color: #eee; text-indent: -9999px\">a</p>", ""),
        ("<p style=\"color: #eee; text-indent: -9px\">a</p>", "A4/contrast"),
        ("<p style=\"font-size: 14px\">a</p>", ""),
        ("<p style=\"font-size: 13px\">a</p>", "A5/small-text"),
        ("<small>a</small>", "A5/small-text"),
        ("<p>a<sup>1</sup></p>", ""),
        (
            "<a href=\"https://e.example\" style=\"padding: 14px; background: #060; color: #fff; \
             line-height: 16px\">Reserve</a>",
            "",
        ),
        (
            "<a href=\"https://e.example\" style=\"padding: 13px; background: #060; color: #fff; \
             line-height: 16px\">Reserve</a>",
            "A5/small-button",
        ),
        (
            "<table role=\"none\"><tr><td style=\"padding: 12px; background: #060\"><a \
             href=\"https://e.example\" style=\"color: #fff; line-height: 20px\">Reserve</a></td></tr></table>",
            "",
        ),
        (
            "<table role=\"none\"><tr><td style=\"padding: 11px; background: #060\"><a \
             href=\"https://e.example\" style=\"color: #fff; line-height: 20px\">Reserve</a></td></tr></table>",
            "A5/small-button",
        ),
        ("<p><a href=\"https://e.example\">The site</a></p>", ""),
        (
            "<p style=\"background: #060\"><a href=\"https://e.example\" style=\"padding: 1px; background: \
             #fff\"><img src=\"cid:a\" alt=\"The site\" width=\"20\"></a></p>",
            "",
        ),
    ]);
}

#[test]
fn dark_mode_is_imitated() {
    let dark = |rules: &str, html: &str| {
        let styles = "body { background: #fff; color: #222 } .dim { color: #555 }";
        let kind = format!(
            "<style>{styles} @media (prefers-color-scheme: dark) {{ {rules} }}</style>{html}"
        );
        broken(&newsroom(&kind, "Text"))
    };
    let both = "body { background: #111 !important; color: #eee !important }";
    let text = "<p class=\"dim\">a</p>";
    let none: [&str; 0] = [];
    assert_eq!(dark(&format!("{both} .dim {{ color: #bbb !important }}"), text), none);
    assert_eq!(dark(both, text), ["A4/dark-contrast"]);
    // Without `!important` the inlined style wins.
    assert_eq!(dark(&format!("{both} .dim {{ color: #bbb }}"), text), ["A4/dark-contrast"]);
    assert_eq!(dark(&format!("{both} body p {{ color: #ccc !important }}"), text), none);
    assert_eq!(dark("body { background: #111 !important }", ""), ["A4/dark-contrast"]);
    // A page without such rules is darkened by the program.
    assert_kinds(&[
        ("<p style=\"color: #222; background: #8c8c8c\">a</p>", "A4/dark-contrast"),
        ("<p style=\"color: #222; background: #fff\">a</p>", ""),
        ("<p style=\"color: #fff; background: #123c33\">a</p>", ""),
    ]);
}

#[test]
fn links_of_templates_are_followed_as_far_as_letters_go() {
    let link = |href: &str, text: &str| format!("<p><a href=\"{href}\">{text}</a></p>");
    for (href, text, rule) in [
        ("https://e.example/a?b=c#d", "The site", ""),
        ("", "The site", "L1/target"),
        ("#", "The site", "L1/target"),
        ("/", "The site", "L1/target"),
        ("#end", "The site", "L1/target"),
        ("#here", "<b id=\"here\">The site</b>", ""),
        ("https:/e.example", "The site", "L1/target"),
        ("https://e .example", "The site", "L1/target"),
        ("files/a.pdf", "The site", "L2/local"),
        ("www.e.example", "The site", "L2/local"),
        ("http://localhost:8000/", "The site", "L2/local"),
        ("https://127.0.0.1/", "The site", "L2/local"),
        ("https://printer.local/", "The site", "L2/local"),
        ("https://staging.e.example/", "The site", "L2/local"),
        ("https://dev.e.example/", "The site", "L2/local"),
        ("https://dev.example/", "The site", ""),
        ("https://local.e.example/staging.html", "The site", ""),
        ("http://e.example/", "The site", "L3/plain-http"),
        ("https://e.example/", "Click here", "L5/link-text"),
        ("https://e.example/", "(read more …)", "L5/link-text"),
        ("https://e.example/", "여기", "L5/link-text"),
        ("https://e.example/", "자세히 보기", "L5/link-text"),
        ("https://e.example/", "여기에서 신청하기", ""),
        ("https://e.example/", "Read more on rooms", ""),
        ("https://e.example/", "<img alt=\"Our hall\" width=\"9\" src=\"cid:a\">", ""),
        ("https://bit.ly/a", "The site", "L6/shortener"),
        ("https://rabbit.ly/a", "The site", ""),
        ("https://f.example/", "https://e.example/", "L6/mismatch"),
        ("https://f.example/", "www.e.example", "L6/mismatch"),
        ("https://news.e.example/", "www.e.example", ""),
        ("https://f.example/", "and/or", ""),
        ("https://xn--pr3b894b.example/", "https://북한.example/", ""),
        ("https://%EB%B6%81%ED%95%9C.example/", "북한.example", ""),
        ("mailto:a@f.example", "a@e.example", "L6/mismatch"),
        ("mailto:a@e.example", "b@e.example", ""),
        ("mailto:a@e.example,b%40e.example?subject=x", "Write", ""),
        ("mailto:?subject=x", "Pass it on", ""),
        ("mailto:", "Write", "L8/syntax"),
        ("mailto://a@e.example", "Write", "L8/syntax"),
        ("mailto:a@e", "Write", "L8/syntax"),
        ("tel:+44-20-7219-3000", "Call", ""),
        ("tel:020 7219", "Call", "L8/syntax"),
        ("tel:office", "Call", "L8/syntax"),
        ("mailto:{{subscriber.email}}", "Write", ""),
        ("{{subscriber.website}}", "{{subscriber.website}}", ""),
        ("https://e.example/{{subscriber.city}}", "Your city", ""),
    ] {
        let wanted: Vec<&str> = rule.split_whitespace().collect();
        assert_eq!(broken(&newsroom(&link(href, text), "Text")), wanted, "{href} {text}");
    }
    assert_kinds(&[
        ("<a>a</a>", "L1/target"),
        ("<a name=\"top\">a</a>", ""),
        ("<a href=\"https://e.example\"></a>", "L5/link-text"),
        ("<a href=\"https://e.example\" title=\"The programme\">here</a>", "L5/link-text"),
        (
            "<a href=\"https://e.example\"><img src=\"cid:a\" alt=\"\" width=\"9\"></a>",
            "L5/link-text",
        ),
        (
            "<a href=\"https://e.example\" title=\"The hall\"><img src=\"cid:a\" alt=\"\" width=\"9\"></a>",
            "",
        ),
        ("<a href=\"https://e.example\" style=\"display: none\"></a>", ""),
        ("<a href=\"https://e.example\" aria-label=\"The programme\">here</a>", ""),
        ("<a href=\"https://e.example\" title=\"data: all\">The site</a>", ""),
    ]);
}

#[test]
fn more_than_twenty_links_are_many() {
    let links = |count| "<a href=\"https://e.example\">The site</a> ".repeat(count);
    // The link to unsubscribe counts.
    assert_eq!(broken(&newsroom(&links(19), "Text")), [""; 0]);
    assert_eq!(broken(&newsroom(&links(20), "Text")), ["L7/many"]);
}

#[test]
fn references_that_markdown_left_are_found() {
    for (body, rule) in [
        ("See [the book][book].", "L1/reference"),
        ("See [the book][].", "L1/reference"),
        ("It is said.[^1]", "L1/reference"),
        ("See [the book][book].\n\n[book]: https://e.example", ""),
        ("It is said.[^1]\n\n[^1]: By them.", ""),
        ("See `[the book][book]`.", ""),
        ("See \\[the book\\]\\[book\\].", ""),
        ("See \\[the book][book].", ""),
        ("See [the group's book][book].", "L1/reference"),
        ("See [the book](https://e.example/a book).", "L1/reference"),
        ("See [the book] (https://e.example/a).", "L1/reference"),
        ("See (the book)[https://e.example/a].", "L1/reference"),
        ("See the book (https://e.example/a) [again].", ""),
        ("As in [1][2]. Yes [x][ ] no.", ""),
        ("As in [brackets] [again].", ""),
    ] {
        let wanted: Vec<&str> = rule.split_whitespace().collect();
        assert_eq!(broken(&newsroom("{{{body}}}", body)), wanted, "{body}");
    }
}

#[test]
fn pictures_are_judged() {
    let long = "word ".repeat(100);
    assert_kinds(&[
        ("<img src=\"cid:a\" alt=\"\" width=\"20\">", ""),
        ("<img src=\"cid:a\" width=\"20\">", "I1/alt"),
        ("<img src=\"cid:a\" alt=\"IMG_2034.JPG\" width=\"20\">", "I1/alt"),
        ("<img src=\"cid:a\" alt=\"The hall as hall.jpg\" width=\"20\">", ""),
        ("<img src=\"cid:a\" alt=\"\" style=\"width:20px\">", "I2/width I6/text-share"),
        ("<img src=\"\" alt=\"\" width=\"20\">", "I3/source"),
        ("<img alt=\"\" width=\"20\">", "I3/source"),
        ("<img src=\"a.png\" alt=\"\" width=\"20\">", "I3/source"),
        ("<img src=\"cid:a\" alt=\"\" width=\"560\">", "I6/text-share"),
        (&format!("<p>{}</p><img src=\"cid:a\" alt=\"\" width=\"560\">", "글".repeat(160)), ""),
        (&format!("<p>{long}</p><img src=\"cid:a\" alt=\"\" width=\"100%\">"), ""),
        ("<p style=\"background: url( 'data:image/png;base64,aa')\">a</p>", "I6/inline-data"),
        ("<p style=\"background: url(cid:a)\">data:image</p>", ""),
        ("<p style=\"background: #fff url( 'https://e.example/a.png' )\">a</p>", "I3/remote"),
        ("<p style=\"background-image: url(//e.example/a.png)\">a</p>", "I3/remote"),
        ("<p style=\"background-image: url(a.png)\">a</p>", "I3/source"),
        (
            "<img src=\"cid:a\" srcset=\"cid:b 1x, https://e.example/b.png 2x\" alt=\"\" width=\"9\">",
            "I3/remote",
        ),
        ("<p title=\"url(https://e.example/a.png)\">url(a.png)</p>", ""),
        ("<img srcset=\"data:image/png;base64,aa\" alt=\"\" width=\"9\">", "I6/inline-data"),
    ]);
}

#[test]
fn the_way_out_can_be_seen() {
    let layout = |link: &str| {
        let page = format!(
            "<html lang=\"en\" dir=\"ltr\"><body><div lang=\"en\" dir=\"ltr\"><h1>x</h1>{{{{{{content}}}}}} 1 \
             Sample Street London {link}</div></body></html>"
        );
        broken(&newsroom("<p>a</p>", "Text").file("layout.html.hbs", &page))
    };
    let link = "href=\"{{links.unsubscribe}}\"";
    for (html, rule) in [
        (format!("<a {link}>Leave</a>"), ""),
        (format!("<a {link}><img src=\"cid:a\" alt=\"Leave\" width=\"9\"></a>"), ""),
        (String::new(), "L9/unsubscribe"),
        (format!("{{{{#if subscriber.city}}}}<a {link}>Leave</a>{{{{/if}}}}"), "L9/unsubscribe"),
        (format!("{{{{#if links.unsubscribe}}}}<a {link}>Leave</a>{{{{/if}}}}"), ""),
        (
            format!(
                "{{{{#if subscriber.city}}}}<a {link}>Go</a>{{{{else}}}}<a {link}>Leave</a>{{{{/if}}}}"
            ),
            "",
        ),
        ("{{links.unsubscribe}}".to_owned(), "L9/unsubscribe"),
        (format!("<a {link}></a>"), "L9/unsubscribe"),
        (format!("<a {link} style=\"display: none\">Leave</a>"), "L9/unsubscribe"),
        (format!("<div style=\"display: none\"><a {link}>Leave</a></div>"), "L9/unsubscribe"),
        (format!("<a {link} style=\"display: none\">Leave</a> <a {link}>Leave</a>"), ""),
        (format!("<a {link} style=\"font-size: 1px\">Leave</a>"), "L9/unsubscribe"),
        (format!("<a {link} style=\"color: #eee\">Leave</a>"), "A4/contrast L9/unsubscribe"),
        (format!("<a {link} style=\"color: #999\">Leave</a>"), "A4/contrast"),
    ] {
        let wanted: Vec<&str> = rule.split_whitespace().collect();
        assert_eq!(layout(&html), wanted, "{html}");
    }
}

#[test]
fn a_way_out_that_gmail_cuts_off_is_named() {
    let body = |bytes: usize| "letter\n\n".repeat(bytes / 14);
    assert_eq!(broken(&newsroom("{{{body}}}", &body(96_000))), [""; 0]);
    assert_eq!(broken(&newsroom("{{{body}}}", &body(104_000))), ["B2/far-unsubscribe"]);
}

#[test]
fn the_text_part_and_the_address_are_there() {
    let text = |layout: &str| broken(&newsroom("<p>a</p>", "Text").file("layout.text.hbs", layout));
    assert_eq!(text("{{{content}}} {{links.unsubscribe}} 1 Sample Street London"), [""; 0]);
    assert_eq!(text("{{{content}}} 1 Sample Street London"), ["B3/text"]);
    let chosen = "{{#if subscriber.city}}{{links.unsubscribe}}{{/if}}";
    assert_eq!(text(&format!("{{{{{{content}}}}}} {chosen} 1 Sample Street London")), ["B3/text"]);
    assert_eq!(text("{{{content}}} {{links.unsubscribe}}"), ["C6/postal"]);
    assert_eq!(text("{{! nothing }}\n"), ["B3/text", "C6/postal"]);
    let hidden = "<html lang=\"en\" dir=\"ltr\"><body><div lang=\"en\" dir=\"ltr\"><h1>x</h1>{{{content}}} <a \
                  href=\"{{links.unsubscribe}}\">Leave</a><p hidden>1 Sample Street London</p></div></body></html>";
    assert_eq!(
        broken(&newsroom("<p>a</p>", "Text").file("layout.html.hbs", hidden)),
        ["C6/postal"]
    );
}

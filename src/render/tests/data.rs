//! A person's values: data, whatever they hold.

use super::*;
use proptest::prelude::*;

const ANN: [(&str, &str); 3] =
    [("first_name", "Ann"), ("city", "Rome"), ("website", "https://example.org/")];

/// Tags and attribute names of a page, without values.
fn skeleton(html: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end);
        let tag = &rest[at..end];
        let quotes: Vec<&str> = tag.split('"').step_by(2).collect();
        tags.push(quotes.join("\""));
        rest = &rest[end..];
    }
    tags
}

#[test]
fn a_field_fills_every_part() {
    let mut newsroom = Newsroom::new("Dear {{first_name}},\n\nsee you in **{{city}}**.");
    newsroom.subject = "For {{first_name}}".to_owned();
    let mail = newsroom.render(&ANN);
    assert_eq!(mail.subject, "For Ann");
    assert!(mail.html.contains("<title>For Ann</title>"), "{}", mail.html);
    assert!(mail.html.contains("<p>Dear Ann,</p>\n<p>see you in <strong>Rome</strong>.</p>"));
    assert_eq!(mail.text, "Dear Ann,\n\nsee you in *Rome*.\n");
}

#[test]
fn only_the_columns_in_use_are_asked_for() {
    let newsroom = Newsroom::new("{{#if city}}{{default first_name \"you\"}}{{/if}}");
    assert_eq!(newsroom.expand().unwrap().columns, ["city", "first_name"]);
}

#[test]
fn what_is_frozen_renders_the_same() {
    let newsroom = Newsroom::new("Dear {{default first_name \"friend\"}} {{#if city}}x{{/if}}");
    let expanded = newsroom.expand().unwrap();
    let thawed: Expanded =
        serde_json::from_str(&serde_json::to_string(&expanded).unwrap()).unwrap();
    assert_eq!(thawed, expanded);
    assert_eq!(fill(&thawed, &[]), fill(&expanded, &[]));
}

#[test]
fn an_empty_field_is_a_hole_unless_guarded_or_given_a_default() {
    let newsroom = Newsroom::new(
        "Dear {{first_name}} {{default city \"x\"}} {{#if website}}{{website}}{{/if}}",
    );
    let row = [("first_name", " "), ("city", ""), ("website", "")];
    assert_eq!(newsroom.holes(&row), [("first_name".to_owned(), Lack::Empty); 1]);
    let hole = &fill(&newsroom.expand().unwrap(), &row).unwrap_err()[0];
    assert_eq!((hole.spot.file.as_str(), hole.spot.line), ("drafts/talk.md", 4));
    assert_eq!(hole.spot.span, 27..41);
}

#[test]
fn a_field_in_a_link_is_encoded_and_its_scheme_checked() {
    let newsroom = Newsroom::new("[map](https://e.org/?c={{city}}&x=1) and [site]({{website}})");
    let mail = newsroom.render(&[("city", "San José&y=\"2"), ("website", "https://e.org/a?b&c")]);
    assert!(mail.html.contains("https://e.org/?c=San%20Jos%C3%A9%26y%3D%222&amp;x=1"));
    assert!(mail.html.contains("<a href=\"https://e.org/a?b&amp;c\">site</a>"));
    assert!(mail.text.contains("map <https://e.org/?c=San%20Jos%C3%A9%26y%3D%222&x=1>"));
    assert!(mail.text.contains("site <https://e.org/a?b&c>"), "{}", mail.text);
    let lacks = newsroom.holes(&[("city", "x"), ("website", "javascript:alert(1)")]);
    assert!(lacks.iter().all(|(column, lack)| column == "website" && *lack == Lack::Link));
}

#[test]
fn the_subject_stays_one_line() {
    let mut newsroom = Newsroom::new("x");
    newsroom.subject = "For {{first_name}}".to_owned();
    let mail = newsroom.render(&[("first_name", "Ann\r\nBcc: all@example.org")]);
    assert_eq!(mail.subject, "For Ann Bcc: all@example.org");
}

#[test]
fn a_subject_with_a_column_is_escaped_where_the_layout_prints_it() {
    let mut newsroom = Newsroom::new("x");
    newsroom.subject = "R&D <b> \\{{x}} for {{first_name}}".to_owned();
    let mail = newsroom.render(&[("first_name", "A&B")]);
    assert_eq!(mail.subject, "R&D <b> {{x}} for A&B");
    let title = "<title>R&amp;D &lt;b&gt; {{x}} for A&amp;B</title>";
    assert!(mail.html.contains(title), "{}", mail.html);
}

#[test]
fn a_renderer_may_go_to_another_thread() {
    fn goes<T: Send + Sync>() {}
    goes::<Renderer<String>>();
}

#[test]
fn an_unsubscribe_link_passes_through_a_partial() {
    let newsroom = Newsroom::new("x")
        .file("partials/button.html.hbs", "<a href=\"{{to}}\">{{label}}</a>")
        .kind("{{> button to=links.unsubscribe label=\"Leave\"}}{{list.title}}");
    assert!(newsroom.body_html(&[]).starts_with(
        "<a href=\"mailto:unsubscribe@appg.example?subject=abc\">Leave</a>you are a member"
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_value_changes_no_element_and_reads_as_written(
        value in "[a-z<>&\"'{}=` \\\\\n!#/-]{0,24}x"
    ) {
        let newsroom = Newsroom::new(
            "{{first_name}}\n\n*{{first_name}}* `{{x}}` [a](https://e.org/{{first_name}})\n\n\
             | a | b |\n|--|--|\n| {{first_name}} | c |",
        );
        let expanded = newsroom.expand().unwrap();
        let plain = fill(&expanded, &[("first_name", "x")]).unwrap();
        let mail = fill(&expanded, &[("first_name", &value)]).unwrap();
        prop_assert_eq!(skeleton(&mail.html), skeleton(&plain.html));
        prop_assert!(mail.text.contains(&value));
    }

    #[test]
    fn any_draft_gives_a_mail_or_faults(
        words in proptest::collection::vec(proptest::sample::select(vec![
            "{{city}}", "{{#if city}}", "{{else}}", "{{/if}}", "{{#each event.speakers}}",
            "{{/each}}", "{{name}}", "{{> x}}", "{{{city}}}", "{{!-- a --}}", "{{", "}}", "\\",
            "`", "```", "\n", "\n\n", "- ", "> ", "1. ", "| a |", "|--|", "[x](", ")", "![", "](",
            "https://e.org/", "files/a.jpg", "*", "# ", "[^1]", ": ", "<b>", "<", " ", "    ", "漢",
        ]), 0..24)
    ) {
        let newsroom = Newsroom::new(&words.concat()).file("partials/x.html.hbs", "x")
            .file("partials/x.text.hbs", "x");
        if let Ok(expanded) = newsroom.expand() {
            let _ = fill(&expanded, &[("city", "Rome")]);
        }
    }

    #[test]
    fn any_template_gives_a_mail_or_faults(
        words in proptest::collection::vec(proptest::sample::select(vec![
            "{{subscriber.city}}", "{{#if subscriber.city}}", "{{else if event.place}}", "{{else}}",
            "{{/if}}", "{{#with event}}", "{{/with}}", "{{^}}", "{{~", "~}}", "{{", "}}", "\\", "(",
            ")", "\"", "'", "{{{{raw}}}}", "{{{{/raw}}}}", "{{> x", "a=b", "|", "as |a|", "@index",
            "../", "[", "]", "<p>", "<a href=\"", "\">", "<table>", "<tr>", "<!--", "-->", "<style>",
            "</style>", " ", "{{#*inline \"a\"}}", "{{/inline}}", "{{#> x}}", "{{/x}}", "else", "漢",
        ]), 0..16)
    ) {
        let newsroom = Newsroom::new("x").kind(&words.concat());
        if let Ok(expanded) = newsroom.expand() {
            let _ = fill(&expanded, &[("city", "Rome")]);
        }
    }

    #[test]
    fn a_constant_is_never_a_template(value in "[a-z<>&\"'{}`\\\\!#/ ~^>-]{0,24}x") {
        let mut newsroom = Newsroom::new("[{{event.place}}]").kind("<p>{{event.place}}{{{body}}}");
        newsroom.fields["event"]["place"] = json!(value);
        let mail = newsroom.render(&[]);
        prop_assert!(mail.text.contains(&format!("[{value}]")), "{}", mail.text);
    }
}

//! Marks stand around what differs by person, and change nothing else.

use proptest::prelude::*;

use super::*;

/// Takes out all that marking puts into HTML.
fn unmarked(marked: &str) -> String {
    let mut rest = marked;
    let mut plain = String::with_capacity(marked.len());
    let begins = ["<mark data-field=", "</mark>", "<!--choice ", "<!--/choice "];
    while let Some(at) = begins.iter().filter_map(|begin| rest.find(begin)).min() {
        plain.push_str(&rest[..at]);
        let end = at + rest[at..].find('>').unwrap() + 1;
        rest = &rest[end..];
    }
    plain + rest
}

/// Takes out all that marking puts into text.
fn without_signs(marked: &str) -> String {
    marked.replace(['\u{E000}', '\u{E001}'], "")
}

fn marked_and_plain(expanded: &Expanded, values: &[(&str, &str)]) -> [Mail; 2] {
    [&marked(expanded), expanded].map(|expanded| fill(expanded, values).unwrap())
}

/// People who take different branches, and one whose values look like marks.
const PEOPLE: [&[(&str, &str)]; 4] = [
    &[("email", "ana@example.org"), ("first_name", "Ana"), ("last_name", "O'Brien")],
    &[("email", "kim@example.org"), ("first_name", "민준"), ("last_name", "")],
    &[("email", "jo@example.org"), ("first_name", ""), ("last_name", "Doe <b>&amp;</b>")],
    &[("email", "x@example.org"), ("first_name", "<mark data-field="), ("last_name", "-->")],
];

#[test]
fn the_samples_without_marks_are_what_is_sent() {
    let mut copies = 0;
    with_samples(|slug, input| {
        let expanded = expand(input).unwrap();
        for values in PEOPLE {
            let Ok(sent) = fill(&expanded, values) else { continue };
            let marked = fill(&marked(&expanded), values).unwrap();
            assert_eq!(unmarked(&marked.html), sent.html, "{slug}");
            assert_eq!(without_signs(&marked.text), sent.text, "{slug}");
            assert_eq!(without_signs(&marked.subject), sent.subject, "{slug}");
            assert!(marked.html.contains("<mark data-field=\""), "{slug}");
            copies += 1;
        }
    });
    assert!(copies >= 8 * 2, "{copies}");
}

#[test]
fn values_in_text_are_marked_and_choices_bracketed() {
    let newsroom = Newsroom::new("Hi {{first_name}}").subject("For {{first_name}}").kind(
        "{{{body}}}{{#if subscriber.city}}<b>{{subscriber.city}}</b>{{/if}}\
         <table><tr><td>{{list.title}}</td></tr>{{#unless subscriber.city}}<tr><td>x</td></tr>{{/unless}}\
         </table><p>{{#if subscriber.city}}a{{else}}b{{/if}}</p>",
    );
    let expanded = newsroom.expand().unwrap();
    let mail = fill(&marked(&expanded), &[("first_name", "Ana"), ("city", "")]).unwrap();
    let body = mail.html.split("<body>").nth(1).unwrap();
    assert_eq!(
        body,
        "<p>Hi <mark data-field=\"first_name\" data-n=\"1\">Ana</mark></p>\n\
         <!--choice 2 else--><!--/choice 2-->\
         <table><tbody><tr><td><mark data-field=\"list.title\" data-n=\"4\">you are a \
         member</mark></td></tr><!--choice 5 else--><tr><td>x</td></tr><!--/choice 5-->\
         </tbody></table><p><!--choice 6 else-->b<!--/choice 6--></p></body></html>"
    );
    assert_eq!(mail.subject, "For \u{E000}Ana\u{E001}");
    assert!(mail.text.contains("Hi \u{E000}Ana\u{E001}"));
    // The title says the subject, and has no room for marks.
    assert!(mail.html.contains("<title>For Ana</title>"));
}

#[test]
fn nothing_is_marked_where_html_has_no_room() {
    let newsroom = Newsroom::new("a").kind(
        "<!-- {{subscriber.city}}{{#if subscriber.city}}c{{/if}} --><a title=\"{{subscriber.city}}\
         {{#if subscriber.city}}d{{/if}}\" href=\"https://e.org/{{subscriber.city}}?\
         {{subscriber.first_name}}\">{{len subscriber.city}}</a>",
    );
    let expanded = newsroom.expand().unwrap();
    let [marked, _] = marked_and_plain(&expanded, &[("city", "Bath"), ("first_name", "Ana")]);
    let body = marked.html.split("<body>").nth(1).unwrap();
    assert_eq!(
        body,
        "<!-- Bathc --><a title=\"Bathd\" href=\"https://e.org/Bath?Ana\">\
         <mark data-field=\"city\" data-n=\"6\">4</mark></a></body></html>"
    );
}

#[test]
fn a_value_of_several_fields_names_them_all() {
    let newsroom = Newsroom::new("{{default first_name city}}");
    let [marked, plain] = marked_and_plain(&newsroom.expand().unwrap(), &[("city", "Bath")]);
    assert!(marked.html.contains("<mark data-field=\"first_name city\" data-n=\"0\">Bath</mark>"));
    assert_eq!(unmarked(&marked.html), plain.html);
}

proptest! {
    #[test]
    fn any_letter_without_marks_is_what_is_sent((expanded, values) in any_letter()) {
        let named: Vec<(&str, &str)> =
            expanded.columns.iter().map(String::as_str).zip(values.iter().map(String::as_str)).collect();
        let [marked, plain] = marked_and_plain(&expanded, &named);
        prop_assert_eq!(unmarked(&marked.html), plain.html);
        let text = without_signs(&marked.text);
        prop_assert_eq!(text.trim_end(), plain.text.trim_end());
        prop_assert_eq!(without_signs(&marked.subject), plain.subject);
    }
}

//! Findings stand where an author wrote what is wrong.

use super::*;

#[test]
fn faults_of_a_draft_stand_at_its_words() {
    let body = "# A *talk*\n\nSee [our site](http://e.example/a), [click here](https://e.example)\n\
                and {{#if city}}[one](https://f.example) or{{/if}} [https://e.example](https://f.example).\n\n\
                - It is in [the book][book].\n";
    assert_eq!(
        found(&newsroom("{{{body}}}", body)),
        [
            "A4/heading-order drafts/talk.md:4:1: this is a second first-level heading",
            "L3/plain-http drafts/talk.md:6:5: `http://e.example/a` is not encrypted",
            "L5/link-text drafts/talk.md:6:37: `click here` does not say where the link leads",
            "L6/mismatch drafts/talk.md:7:52: this link shows `e.example` and leads to `f.example`",
            "L1/reference drafts/talk.md:9:12: `[book]` has no address",
        ]
    );
}

#[test]
fn faults_of_a_template_stand_at_its_tags() {
    let kind = "<table>\n<tr><td>{{> box to=\"\"}}</td></tr>\n</table>\n{{{body}}}\n<b>";
    let newsroom = newsroom(kind, "Text").file(
        "partials/box.html.hbs",
        "{{! to }}\n<i><a href=\"{{#if to}}{{to}}{{/if}}\">a</a></i>",
    );
    assert_eq!(
        found(&newsroom),
        [
            "A2/table-role templates/event/html.hbs:1:1: this table has no `role`",
            "A3/unclosed templates/event/html.hbs:5:1: `<b>` is never closed",
            "L1/target templates/partials/box.html.hbs:2:4: this link leads nowhere",
        ]
    );
}

#[test]
fn a_link_from_the_front_matter_stands_there() {
    let kind = "<a href=\"{{draft.subject}}\">The site</a>{{{body}}}";
    let newsroom = newsroom(kind, "Text").subject("http://e.example");
    assert_eq!(
        found(&newsroom),
        ["L3/plain-http drafts/talk.md:2:10: `http://e.example` is not encrypted"]
    );
}

#[test]
fn how_a_draft_looks_is_told_once_at_the_template() {
    let kind = "<style>.prose p { color: #999; font-size: 12px }</style>\n<div class=\"prose\">{{{body}}}</div>";
    assert_eq!(
        found(&newsroom(kind, "One\n\nTwo\n\nThree")),
        [
            "A4/contrast templates/event/html.hbs:2:1: `#999999` on `#ffffff` is 2.8:1, and small text needs 4.5:1",
            "A5/small-text templates/event/html.hbs:2:1: this text is 12 px high, and needs 14",
        ]
    );
}

//! Drafts: Markdown, pictures, the text part.

use super::*;

#[test]
fn braces_in_code_and_after_a_backslash_are_text() {
    let body = "`{{x}}` \\{{y}} `{{{{raw}}}}`\n\n```\n{{#if a}}\n{{/if}}\n```\n\n`{{` and `}}`";
    let mail = Newsroom::new(body).render(&[]);
    assert!(
        mail.html.contains("<code>{{x}}</code> {{y}} <code>{{{{raw}}}}</code>"),
        "{}",
        mail.html
    );
    assert!(mail.html.contains("<pre><code>{{#if a}}\n{{/if}}\n</code></pre>"), "{}", mail.html);
    assert!(mail.text.contains("`{{x}}` {{y}} `{{{{raw}}}}`"), "{}", mail.text);
    assert!(mail.text.contains("`{{` and `}}`"), "{}", mail.text);
    let faults = Newsroom::new("two {{ braces").faults();
    assert!(faults.contains("drafts/talk.md:4:5: `{{` has no `}}`"), "{faults}");
}

#[test]
fn block_tags_alone_on_a_line_leave_no_paragraph() {
    let newsroom = Newsroom::new("a\n{{#if city}}\nb {{city}}\n{{else}}\nc\n{{/if}}\nd");
    assert_eq!(newsroom.body_html(&[("city", "Rome")]), "<p>a</p>\n\n<p>b Rome</p>\n\n<p>d</p>");
    let mail = |city| newsroom.render(&[("city", city)]).text;
    assert_eq!(mail("Rome"), "a\n\nb Rome\n\nd\n");
    assert_eq!(mail(""), "a\n\nc\n\nd\n");
}

#[test]
fn an_expression_alone_is_a_paragraph() {
    assert_eq!(Newsroom::new("{{city}}").body_html(&[("city", "Rome")]), "<p>Rome</p>");
}

#[test]
fn each_around_a_bullet_makes_one_list() {
    let newsroom = Newsroom::new(
        "Speakers:\n\n{{#each event.speakers}}\n- {{name}}\n{{/each}}\n\nEnd, {{#if city}}{{city}}{{/if}}",
    );
    let mail = newsroom.render(&[("city", "Rome")]);
    assert_eq!(mail.text, "Speakers:\n\n- Jieun Baek\n- Jung Gwang Il\n\nEnd, Rome\n");
    assert_eq!(mail.html.matches("<ul>").count(), 1);
    assert_eq!(mail.html.matches("<li>").count(), 2);
}

#[test]
fn a_choice_ends_where_it_began() {
    let faults = Newsroom::new("- a {{#if city}}b\n- c{{/if}}").faults();
    assert!(faults.starts_with("drafts/talk.md:5:4: this stands in another paragraph"), "{faults}");
}

#[test]
fn a_bare_address_is_a_link_and_an_encrypted_one_where_it_does_not_say() {
    let html = |body| Newsroom::new(body).body_html(&[]);
    assert_eq!(html("www.e.org"), "<p><a href=\"https://www.e.org\">www.e.org</a></p>");
    let plain = "<p><a href=\"http://www.e.org\">http://www.e.org</a></p>";
    assert_eq!(html("http://www.e.org"), plain);
}

#[test]
fn raw_html_and_bad_links_are_refused() {
    let faults = Newsroom::new("a <b>c</b>\n\n[x](javascript:alert(1)) [y](files/a.pdf)").faults();
    assert!(faults.contains("drafts/talk.md:4:1: HTML is off in drafts"), "{faults}");
    assert!(faults.contains("drafts/talk.md:6:1: a mail cannot link to `javascript:`"));
    assert!(faults.contains("`files/a.pdf` leads nowhere in a mail"), "{faults}");
    assert_eq!(
        Newsroom::new("a<br>b<!-- note -->").body_html(&[]),
        "<p>a<br />\nb</p>".replace(" /", "")
    );
}

#[test]
fn a_picture_alone_is_a_figure_sent_once() {
    let newsroom = Newsroom::new(
        "![A hall](files/a.jpg \"The debate (Human Atlas)\")\n\n![A hall](files/a.jpg)\n\nx ![s](files/b.png) y",
    );
    let expanded = newsroom.expand().unwrap();
    assert_eq!(*newsroom.asked.borrow(), ["files/a.jpg", "files/b.png"]);
    let cids: Vec<_> = expanded.pictures.iter().map(|picture| picture.cid.as_str()).collect();
    assert_eq!(cids, ["picture-1.talk@appg.example", "picture-2.talk@appg.example"]);
    let mail = newsroom.render(&[]);
    assert!(mail.html.contains(
        "<div class=\"figure\"><img class=\"figure-image\" width=\"560\" \
         src=\"cid:picture-1.talk@appg.example\" alt=\"A hall\"><p class=\"figure-caption\">The debate \
         <span class=\"figure-credit\">(Human Atlas)</span></p></div>"
    ), "{}", mail.html);
    assert_eq!(
        mail.text,
        "[Picture: A hall. The debate (Human Atlas)]\n\n[Picture: A hall]\n\nx [Picture: s] y\n"
    );
}

#[test]
fn a_picture_must_be_a_file_of_ours() {
    let faults = Newsroom::new("![x](https://e.org/a.png)\n\n![y](files/missing.jpg)").faults();
    assert!(faults.contains("drafts/talk.md:4:1: `https://e.org/a.png` is not a file of ours"));
    assert!(
        faults.contains("drafts/talk.md:6:1: `files/missing.jpg` cannot be read: no such file")
    );
    let warnings = Newsroom::new("![](files/a.jpg)").expand().unwrap().warnings;
    assert_eq!(lines(&warnings).lines().count(), 1);
}

#[test]
fn the_text_part_is_made_for_reading() {
    let body = "\
# A *talk*

It is said that [the book](https://e.org/book) is long, and https://e.org is short.[^1]
Write to <a@example.org> \u{2014} \"now\".

> Quoted
> words

1. One
   - nested
2. Two

| Day | Seats |
|-----|------:|
| Monday | 9 |
| Tue | 120 |

---

code

[^1]: A note.
";
    let expected = "\
A _talk_
========

It is said that the book [1] is long, and https://e.org is short. [note
1] Write to a@example.org \u{2014} \u{201c}now\u{201d}.

> Quoted words

1. One
   - nested
2. Two

Day     Seats
------  -----
Monday      9
Tue       120

* * *

code

[note 1] A note.

[1] https://e.org/book
";
    assert_eq!(Newsroom::new(body).render(&[]).text, expected);
}

#[test]
fn wide_letters_take_two_columns() {
    let text = Newsroom::new(&"漢字".repeat(40)).render(&[]).text;
    let lengths: Vec<_> = text.lines().map(|line| line.chars().count()).collect();
    assert_eq!(lengths, [36, 36, 8]);
}

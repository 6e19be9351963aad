//! Templates: what is worked out, what is refused.

use super::*;

#[test]
fn constants_are_worked_out_once() {
    let newsroom = Newsroom::new("x").kind(
        "<p>{{date event.starts}} {{time event.starts}}, {{event.place}}</p>\
         {{#each event.speakers}}<i>{{@index}} {{name}}{{#if role}}, {{role}}{{/if}}\
         {{#unless @last}};{{/unless}}</i>{{/each}}\
         {{#if event.partners}}never{{else}}alone{{/if}}",
    );
    let expanded = newsroom.expand().unwrap();
    assert_eq!(expanded.html.0.len(), 1);
    assert_eq!(
        newsroom.body_html(&[]),
        "<p>Wednesday 2 November 2016 17:00, Committee Room 20</p>\
         <i>0 Jieun Baek, Oxford;</i><i>1 Jung Gwang Il</i>alone"
    );
}

#[test]
fn constants_come_out_as_handlebars_itself_has_them() {
    for template in [
        "{{event.place}} {{{event.place}}} {{&event.place}} {{draft.event.speakers.0.name}}",
        "{{#if event.open}}a{{else if (eq event.place \"x\")}}b{{else if event.seats}}c{{else}}d{{/if}}",
        "{{#unless event.open}}shut{{else}}open{{/unless}} {{#if (not event.open)}}!{{/if}}",
        "{{#each event.speakers}}{{@index}}{{@first}}{{@last}} {{name}} {{this.name}}\n{{/each}}",
        "{{#each event.speakers as |s i|}}{{i}} {{s.name}} {{../event.place}}{{/each}}",
        "{{#each event.speakers}}{{#each @root.event.days}}{{@../index}}{{@index}}{{this}}{{/each}}{{/each}}",
        "{{#each event.none}}x{{else}}nobody{{/each}}{{#with event}}{{place}} {{../sender.name}}{{/with}}",
        "{{#with event.speakers.[0] as |p|}}{{p.name}}{{/with}}{{#each event.hall}}{{@key}}={{this}} {{/each}}",
        "a\n  {{#if event.seats}}\n  b\n  {{/if}}\nc {{~event.place~}} d {{! note }}\n{{!-- }} --}}\ne",
        "{{> card event title=\"T\"}}|{{> card event.hall title=event.place}}",
        "{{#each event.speakers}}{{> who}}{{/each}} \\{{raw}} \\\\{{event.place}} {{len event.days}}",
        "{{#if (and event.seats (or event.open event.place))}}{{ne 1 2}} {{gt event.seats 2}}{{/if}}",
        "{{> papers event name=\"Papers\"}}|{{> papers event.hall name=event.place speakers=event.speakers}}",
    ] {
        let mut newsroom = Newsroom::new("x")
            .file("partials/card.text.hbs", "{{title}}\n{{#if name}}{{name}}{{/if}}\n")
            .file("partials/who.text.hbs", "[{{name}}]")
            .file(
                "partials/papers.text.hbs",
                "{{name}} {{this.name}} {{./name}}:{{#each speakers}} {{name}} {{../name}}{{/each}}",
            )
            .file("layout.text.hbs", template);
        newsroom.optional.extend(["event.none", "event.name"].map(str::to_owned));
        newsroom.fields["event"] = json!({
            "place": "Room <20> & \"co\"", "open": false, "seats": 3, "days": ["Mon", "Tue"],
            "hall": { "floor": 2, "name": "Great" }, "speakers": [{ "name": "A" }, { "name": "B" }],
        });
        let mut handlebars = handlebars::Handlebars::new();
        handlebars.register_escape_fn(handlebars::no_escape);
        for name in ["card", "who", "papers"] {
            let path = format!("partials/{name}.text.hbs");
            handlebars.register_partial(name, &*newsroom.files[&path].text).unwrap();
        }
        let event = &newsroom.fields["event"];
        let constants =
            json!({ "event": event, "draft": { "event": event }, "sender": { "name": "APPG" } });
        let theirs = handlebars.render_template(template, &constants).unwrap();
        assert_eq!(newsroom.render(&[]).text.trim_end(), theirs.trim_end(), "{template}");
    }
}

/// As the Handlebars language has it; the crate's own renderer reads `this.name` as `name`.
#[test]
fn an_explicit_this_passes_parameters_by() {
    let newsroom = Newsroom::new("x")
        .file(
            "partials/papers.html.hbs",
            "{{name}}, {{this.name}}:{{#each event.speakers}} {{name}}, {{this.name}}, {{./name}};\
             {{#with this}} {{../this.name}}{{/with}}{{/each}}",
        )
        .kind(
            "{{> papers name=\"Papers\"}}|\
             {{#each event.speakers as |name|}}{{name.name}} = {{this.name}};{{/each}}",
        );
    assert_eq!(
        newsroom.body_html(&[]),
        "Papers, Papers: Papers, Jieun Baek, Jieun Baek; Jieun Baek \
         Papers, Jung Gwang Il, Jung Gwang Il; Jung Gwang Il|\
         Jieun Baek = Jieun Baek;Jung Gwang Il = Jung Gwang Il;"
    );
    let newsroom = Newsroom::new("x")
        .file("partials/papers.html.hbs", "{{#each event.speakers}}{{this.title}}{{/each}}")
        .kind("{{> papers title=\"Papers\"}}");
    assert!(newsroom.faults().contains("there is no `this.title`"), "{}", newsroom.faults());
}

#[test]
fn a_choice_by_person_may_hold_constants_and_stand_in_a_table() {
    let newsroom = Newsroom::new("x").kind(
        "<table>{{#if subscriber.city}}<tr><td>{{event.place}}, {{subscriber.city}}</td></tr>\
         {{else}}<tr><td>nowhere</td></tr>{{/if}}</table>",
    );
    let html = |city| newsroom.body_html(&[("city", city)]);
    assert!(html("Rome").contains("<tr><td>Committee Room 20, Rome</td></tr>"));
    assert!(html("").contains("<tr><td>nowhere</td></tr>"));
    assert!(!html("").contains("Rome"));
}

#[test]
fn a_call_may_mix_a_constant_and_a_column() {
    let newsroom = Newsroom::new(
        "{{#if (eq city event.place)}}here{{else}}there{{/if}} {{default city event.place}}",
    );
    assert_eq!(newsroom.render(&[("city", "Committee Room 20")]).text, "here Committee Room 20\n");
    assert_eq!(newsroom.render(&[("city", "")]).text, "there Committee Room 20\n");
}

#[test]
fn css_is_inlined_and_media_queries_stay() {
    let newsroom = Newsroom::new("Dear {{first_name}}").file(
        "layout.html.hbs",
        "<!doctype html><html><head><style>p { color: red } @media (max-width: 9px) { p { color: blue } }\
         </style></head><body><!--[if mso]><b>{{event.place}}</b><![endif]-->{{{content}}}</body></html>",
    );
    let html = newsroom.render(&[("first_name", "Ann")]).html;
    assert!(html.contains("<p style=\"color: red;\">Dear Ann</p>"), "{html}");
    assert!(html.contains("@media (max-width: 9px)"), "{html}");
    assert!(html.contains("<!--[if mso]><b>Committee Room 20</b><![endif]-->"), "{html}");
    assert!(html.starts_with("<!DOCTYPE html>"), "{html}");
}

#[test]
fn the_charset_stands_before_the_style_that_stays() {
    let media = "@media (max-width: 9px) { p { color: blue } } ".repeat(30);
    let newsroom = Newsroom::new("x").file(
        "layout.html.hbs",
        &format!(
            "<!doctype html><html><head lang=\"en\"><meta charset=\"utf-8\">\
             <title>{{{{subscriber.city}}}}</title><style>{media}</style></head>\
             <body>{{{{{{content}}}}}}</body></html>"
        ),
    );
    let html = newsroom.render(&[("city", "Rome")]).html;
    assert!(html[..1024].contains("<meta charset=\"utf-8\"><title>Rome</title><style>"), "{html}");
    assert_eq!(html.matches("@media").count(), 30);
    assert!(html.contains("</style></head><body>"), "{html}");
}

#[test]
fn all_faults_are_named_at_once_with_what_was_meant() {
    let newsroom = Newsroom::new("{{frist_name}} {{first name}}\n\n{{nobody.x}}")
        .kind("{{{body}}}\n{{event.plaec}}{{> buton}}{{#fi x}}{{/fi}}{{{subscriber.city}}}{{city}}")
        .file("partials/button.html.hbs", "x");
    let expected = "\
drafts/talk.md:4:1: `frist_name` is no column of `lists/members.csv` (hint: did you mean `first_name`?)
drafts/talk.md:4:16: there is no helper `first` (hint: did you mean `{{first_name}}`?)
drafts/talk.md:6:1: there is no `nobody.x`
templates/event/html.hbs:2:1: there is no `event.plaec` (hint: did you mean `event.place`?)
templates/event/html.hbs:2:16: there is no partial `buton` (hint: did you mean `{{> button}}`?)
templates/event/html.hbs:2:27: there is no `{{#fi}}` (hint: did you mean `{{#if}}`?)
templates/event/html.hbs:2:43: `{{{subscriber.city}}}` would let a list write HTML (hint: write `{{subscriber.city}}`)
templates/event/html.hbs:2:64: there is no `city` (hint: a list column is `subscriber.city` here)";
    assert_eq!(newsroom.faults(), expected);
}

#[test]
fn a_misspelling_shows_in_a_branch_nobody_takes_today() {
    let newsroom =
        Newsroom::new("{{#if event.partners}}{{citty}}{{/if}}{{#each sponsors}}{{x}}{{/each}}");
    assert!(newsroom.faults().starts_with("drafts/talk.md:4:23: `citty` is no column"));
    let newsroom = Newsroom::new("{{#if event.partnrs}}x{{/if}}");
    assert!(newsroom.faults().contains("did you mean `event.partners`?"));
}

#[test]
fn every_list_that_lacks_a_column_is_named() {
    let mut newsroom = Newsroom::new("{{city}}");
    newsroom.lists.push(ListColumns {
        name: "press".to_owned(),
        file: "lists/press.csv".to_owned(),
        columns: vec!["email".to_owned()],
    });
    assert_eq!(
        newsroom.faults(),
        "drafts/talk.md:4:1: `city` is no column of `lists/press.csv` \
         (hint: add the column to `lists/press.csv`)"
    );
}

#[test]
fn a_constant_without_value_leaves_no_hole() {
    let newsroom = Newsroom::new("x").kind("{{event.partners}}");
    assert!(newsroom.faults().contains("`event.partners` is empty here"));
}

#[test]
fn partials_that_include_each_other_are_refused() {
    let newsroom = Newsroom::new("x")
        .file("partials/a.html.hbs", "{{> b}}")
        .file("partials/b.html.hbs", "{{> a}}")
        .kind("{{> a}}");
    assert_eq!(
        newsroom.faults(),
        "templates/partials/b.html.hbs:1:1: partials include each other: a → b → a \
         (hint: take one of these `{{> …}}` tags out)"
    );
}

#[test]
fn a_mail_that_multiplies_itself_is_refused() {
    let mut newsroom = Newsroom::new("x");
    newsroom.fields.insert("sponsors".to_owned(), json!(vec!["0123456789"; 100]));
    let each = "{{#each @root.draft.sponsors}}";
    let kind = format!("{}x{}", each.repeat(5), "{{/each}}".repeat(5));
    assert!(newsroom.kind(&kind).faults().contains("beyond 5 MB"));
}

#[test]
fn deep_nesting_and_endless_expressions_are_refused_before_they_are_parsed() {
    assert!(Newsroom::new(&"{{city}}\n".repeat(3000)).faults().contains("too many"));
    let deep = format!("{{{{#if {}x{}}}}}{{{{/if}}}}", "(not ".repeat(5000), ")".repeat(5000));
    assert!(Newsroom::new("x").kind(&deep).faults().contains("nest too deeply"));
    let deep = format!("{}{}", "{{#if draft}}".repeat(5000), "{{/if}}".repeat(5000));
    assert!(Newsroom::new(&deep).faults().contains("nest too deeply"));
}

#[test]
fn syntax_faults_point_at_the_tag() {
    let faults = Newsroom::new("a\n\n{{#if city}}b\n\nc {{city!}} d").faults();
    assert!(faults.contains("drafts/talk.md:6:1: this is never closed"), "{faults}");
    let faults = Newsroom::new("x").kind("ab\n{{city !}}").faults();
    assert!(
        faults.starts_with("templates/event/html.hbs:2:1: this expression cannot be read"),
        "{faults}"
    );
    let mut newsroom = Newsroom::new("x");
    newsroom.subject = "Hi {{first_nam}}".to_owned();
    assert!(newsroom.faults().contains("drafts/talk.md:2:10: `first_nam` is no column"));
}

#[test]
fn a_column_has_no_place_in_code() {
    let faults = Newsroom::new("x").kind("<p style=\"color:{{subscriber.city}}\">").faults();
    assert!(faults.contains("`subscriber.city` differs by person and cannot stand in a `style`"));
    let faults = Newsroom::new("x").kind("{{#if subscriber.city}}<p title=\"{{/if}}x\">").faults();
    assert!(faults.contains("opens a tag or attribute"), "{faults}");
}

#[test]
fn a_constant_link_keeps_to_safe_schemes() {
    let mut newsroom = Newsroom::new("x").kind("<a href=\"{{event.place}}\">x</a>");
    newsroom.fields["event"]["place"] = json!("javascript:alert(1)");
    assert!(newsroom.faults().contains("a mail cannot link to `javascript:`"));
}

#[test]
fn a_date_in_korean() {
    let mut newsroom = Newsroom::new("{{date event.starts}}");
    newsroom.language = "ko";
    assert_eq!(newsroom.render(&[]).text, "2016년 11월 2일 수요일\n");
}

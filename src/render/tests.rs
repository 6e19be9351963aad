//! The room as a whole: a small newsroom, expanded and rendered.

use std::{cell::RefCell, collections::BTreeMap, sync::Arc};

use serde_json::{Map, Value, json};

use super::*;
use crate::{
    audience::Fields,
    diagnostic::{Diagnostic, Source, Spanned},
    draft::{Draft, FrontMatter, Publication},
};

/// A draft, templates and lists that a test bends to its purpose.
struct Newsroom {
    subject: String,
    preheader: Option<String>,
    language: &'static str,
    fields: Map<String, Value>,
    body: String,
    files: BTreeMap<String, Source>,
    lists: Vec<ListColumns>,
    optional: Vec<String>,
    asked: RefCell<Vec<String>>,
}

impl Newsroom {
    fn new(body: &str) -> Self {
        let fields = json!({ "event": {
            "starts": "2016-11-02T17:00:00",
            "place": "Committee Room 20",
            "speakers": [{ "name": "Jieun Baek", "role": "Oxford" }, { "name": "Jung Gwang Il" }],
        } });
        let Value::Object(fields) = fields else { unreachable!() };
        let list = ListColumns {
            name: "members".to_owned(),
            file: "lists/members.csv".to_owned(),
            columns: ["email", "first_name", "city", "website"].map(str::to_owned).to_vec(),
        };
        let newsroom = Self {
            subject: "News".to_owned(),
            preheader: None,
            language: "en-GB",
            fields,
            body: body.to_owned(),
            files: BTreeMap::new(),
            lists: vec![list],
            optional: ["event.partners", "sponsors"].map(str::to_owned).to_vec(),
            asked: RefCell::default(),
        };
        newsroom
            .file("layout.html.hbs", "<html><head><title>{{draft.subject}}</title></head><body>{{{content}}}</body></html>")
            .file("layout.text.hbs", "{{{content}}}")
            .file("event/html.hbs", "{{{body}}}")
    }

    fn file(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.to_owned(), Source::new(format!("templates/{path}"), text));
        self
    }

    fn kind(self, html: &str) -> Self {
        self.file("event/html.hbs", html)
    }

    fn expand(&self) -> Result<Expanded, Vec<Diagnostic>> {
        let head = format!("---\nsubject: {}\n---\n", self.subject);
        let text = format!("{head}{}", self.body);
        let preheader = self.preheader.clone().map(|text| Spanned::new(text, 4..11));
        let front = FrontMatter {
            kind: Spanned::new("event".to_owned(), 0..3),
            subject: Spanned::new(self.subject.clone(), 13..13 + self.subject.len()),
            preheader,
            lists: Vec::new(),
            filter: Vec::new(),
            exclude: Vec::new(),
            language: Some(Spanned::new(self.language.to_owned(), 0..3)),
            send_at: None,
            status: Publication::Draft,
            late_after: None,
            author: None,
            attachments: Vec::new(),
            calendar: true,
            fields: self.fields.clone(),
        };
        let draft = Draft {
            slug: "talk".to_owned(),
            source: Source::new("drafts/talk.md", text),
            front,
            body_start: head.len(),
        };
        let sender = Sender {
            name: "APPG".to_owned(),
            address: "news@appg.example".to_owned(),
            domain: "appg.example".to_owned(),
            language: "en-GB".to_owned(),
            timezone: "Europe/London".to_owned(),
            ..Sender::default()
        };
        let picture = |file: &str| {
            self.asked.borrow_mut().push(file.to_owned());
            match file {
                "files/missing.jpg" => Err("no such file".to_owned()),
                _ => Ok(PictureSize { width: 1200, height: 800 }),
            }
        };
        expand(&Input {
            draft: &draft,
            templates: &TemplateSet { files: self.files.clone() },
            sender: &sender,
            lists: &self.lists,
            optional: &self.optional,
            picture: &picture,
        })
    }

    fn render(&self, values: &[(&str, &str)]) -> Rendered {
        let expanded = self.expand().unwrap_or_else(|faults| panic!("{}", lines(&faults)));
        fill(&expanded, values).unwrap_or_else(|holes| panic!("{holes:?}"))
    }

    fn holes(&self, values: &[(&str, &str)]) -> Vec<(String, Lack)> {
        let holes = fill(&self.expand().unwrap(), values).unwrap_err();
        holes.into_iter().map(|hole| (hole.column, hole.lack)).collect()
    }

    fn faults(&self) -> String {
        lines(&self.expand().map(|_| ()).unwrap_err())
    }

    fn body_html(&self, values: &[(&str, &str)]) -> String {
        let html = self.render(values).html;
        let body = html.split("<body>").nth(1).unwrap().split("</body>").next().unwrap();
        body.trim().to_owned()
    }
}

fn lines(faults: &[Diagnostic]) -> String {
    let line = |fault: &Diagnostic| match &fault.hint {
        Some(hint) => format!("{fault} (hint: {hint})"),
        None => fault.to_string(),
    };
    faults.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn fill(expanded: &Expanded, values: &[(&str, &str)]) -> Result<Rendered, Vec<Hole>> {
    let columns: Arc<[String]> = values.iter().map(|(name, _)| (*name).to_owned()).collect();
    let fields = Fields { columns, values: values.iter().map(|(_, v)| (*v).to_owned()).collect() };
    Renderer::new(expanded).render(&Person {
        fields: &fields,
        list_title: "you are a member",
        unsubscribe: "mailto:unsubscribe@appg.example?subject=abc",
    })
}

mod data {
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
        let newsroom =
            Newsroom::new("[map](https://e.org/?c={{city}}&x=1) and [site]({{website}})");
        let mail =
            newsroom.render(&[("city", "San José&y=\"2"), ("website", "https://e.org/a?b&c")]);
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
        fn goes<T: Send + Sync + Clone>() {}
        goes::<Renderer>();
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
            let newsroom = Newsroom::new(&words.concat()).file("partials/x.html.hbs", "<i>x</i>")
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
}

mod templates {
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
        ] {
            let mut newsroom = Newsroom::new("x")
                .file("partials/card.text.hbs", "{{title}}\n{{#if name}}{{name}}{{/if}}\n")
                .file("partials/who.text.hbs", "[{{name}}]")
                .file("layout.text.hbs", template);
            newsroom.optional.extend(["event.none", "event.name"].map(str::to_owned));
            newsroom.fields["event"] = json!({
                "place": "Room <20> & \"co\"", "open": false, "seats": 3, "days": ["Mon", "Tue"],
                "hall": { "floor": 2, "name": "Great" }, "speakers": [{ "name": "A" }, { "name": "B" }],
            });
            let mut handlebars = handlebars::Handlebars::new();
            handlebars.register_escape_fn(handlebars::no_escape);
            for name in ["card", "who"] {
                let path = format!("partials/{name}.text.hbs");
                handlebars.register_partial(name, &*newsroom.files[&path].text).unwrap();
            }
            let event = &newsroom.fields["event"];
            let constants = json!({ "event": event, "draft": { "event": event }, "sender": { "name": "APPG" } });
            let theirs = handlebars.render_template(template, &constants).unwrap();
            assert_eq!(newsroom.render(&[]).text.trim_end(), theirs.trim_end(), "{template}");
        }
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
        assert_eq!(
            newsroom.render(&[("city", "Committee Room 20")]).text,
            "here Committee Room 20\n"
        );
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
            "templates/partials/b.html.hbs:1:1: partials include each other: a → b → a"
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
    fn deep_nesting_is_refused_before_it_is_parsed() {
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
        assert!(
            faults.contains("`subscriber.city` differs by person and cannot stand in a `style`")
        );
        let faults =
            Newsroom::new("x").kind("{{#if subscriber.city}}<p title=\"{{/if}}x\">").faults();
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
}

mod drafts {
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
        assert!(
            mail.html.contains("<pre><code>{{#if a}}\n{{/if}}\n</code></pre>"),
            "{}",
            mail.html
        );
        assert!(mail.text.contains("`{{x}}` {{y}} `{{{{raw}}}}`"), "{}", mail.text);
        assert!(mail.text.contains("`{{` and `}}`"), "{}", mail.text);
        let faults = Newsroom::new("two {{ braces").faults();
        assert!(faults.contains("drafts/talk.md:4:5: `{{` has no `}}`"), "{faults}");
    }

    #[test]
    fn block_tags_alone_on_a_line_leave_no_paragraph() {
        let newsroom = Newsroom::new("a\n{{#if city}}\nb {{city}}\n{{else}}\nc\n{{/if}}\nd");
        assert_eq!(
            newsroom.body_html(&[("city", "Rome")]),
            "<p>a</p>\n\n<p>b Rome</p>\n\n<p>d</p>"
        );
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
        assert!(
            faults.starts_with("drafts/talk.md:5:4: this stands in another paragraph"),
            "{faults}"
        );
    }

    #[test]
    fn raw_html_and_bad_links_are_refused() {
        let faults =
            Newsroom::new("a <b>c</b>\n\n[x](javascript:alert(1)) [y](files/a.pdf)").faults();
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
        assert!(faults.contains("drafts/talk.md:6:1: `files/missing.jpg`: no such file"));
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
}

//! What one message costs before it is on the wire, piece by piece.
//!
//! ```console
//! cargo bench --bench message                    # all of it
//! cargo bench --bench message -- press           # what has `press` in its name
//! ```
//!
//! The letters are flat templates as the ledger freezes them. A *typical* one has a value in every
//! third paragraph (27 in 20 KB), a *dense* one three in each.

use std::{fmt, sync::Arc};

use announce::{
    audience::{Address, ListReader, ListSpec},
    campaign::{Addressee, Inputs, Press, Thread},
    check::copy::Reader,
    compose::{Composer, Encoded, Message, Recipient, Sender, Stamp, Unsubscribe},
    deliver::smtp::wire_form,
    keys::{Keys, PersonKey, Secret},
    render::{Escape, Expanded, Expression, Field, Person, Piece, Renderer, Spot, Template},
};
use divan::{Bencher, black_box, counter::ItemsCount};
use jiff::Timestamp;

fn main() {
    divan::main();
}

const LETTERS: [Letter; 4] = [
    Letter { paragraphs: 4, is_dense: false },
    Letter { paragraphs: 40, is_dense: false },
    Letter { paragraphs: 120, is_dense: false },
    Letter { paragraphs: 40, is_dense: true },
];

#[divan::bench(args = LETTERS)]
fn render_one_person(bencher: Bencher<'_, '_>, letter: &Letter) {
    let (renderer, values) = (letter.renderer(), values());
    bencher.bench(|| renderer.render(&person(&values)).expect("no holes"));
}

#[divan::bench(args = LETTERS)]
fn compose_one_message(bencher: Bencher<'_, '_>, letter: &Letter) {
    let composer = Composer::new(letter.inputs().parts(None)).expect("sound parts");
    let (renderer, values) = (letter.renderer(), values());
    let mail = renderer.render(&person(&values)).expect("no holes");
    let to = Recipient { address: "ana.kim@example.org", name: None };
    let stamp = Stamp {
        message_id: "mmmmmmmmmmmmmmmmmmmmmmmmmm",
        boundary: "bbbbbbbbbbbbbbbbbbbbbbbbbb",
        return_path: "rrrrrrrrrrrrrrrrrrrrrrrrrr",
        unsubscribe: "uuuuuuuuuuuuuuuuuuuuuuuuuu",
        answers: None,
        date: Timestamp::UNIX_EPOCH,
        test: false,
    };
    bencher.bench(|| composer.compose(&mail, &to, &stamp).expect("a sound message"));
}

#[divan::bench(args = LETTERS)]
fn press_one_message(bencher: Bencher<'_, '_>, letter: &Letter) {
    let desk = Desk::new(letter);
    bencher.bench(|| desk.message());
}

/// The same with the copy read by the checks.
#[divan::bench(args = LETTERS)]
fn press_and_check_one_message(bencher: Bencher<'_, '_>, letter: &Letter) {
    let desk = Desk::new(letter);
    let reader = Reader::new(&letter.expanded(), &[]);
    bencher.bench(|| desk.checked(&reader));
}

/// Everybody's copy, on one core.
#[divan::bench(args = [LETTERS[1], LETTERS[3]], sample_count = 10)]
fn press_100000_messages(bencher: Bencher<'_, '_>, letter: &Letter) {
    let desk = Desk::new(letter);
    bencher.bench(|| (0..100_000).for_each(|_| drop(black_box(desk.message()))));
}

/// The same, each read by the checks.
#[divan::bench(args = [LETTERS[1], LETTERS[3]], sample_count = 10)]
fn press_and_check_100000_messages(bencher: Bencher<'_, '_>, letter: &Letter) {
    let desk = Desk::new(letter);
    let reader = Reader::new(&letter.expanded(), &[]);
    bencher.bench(|| (0..100_000).for_each(|_| drop(black_box(desk.checked(&reader)))));
}

#[divan::bench(args = LETTERS)]
fn wire_form_of_one_message(bencher: Bencher<'_, '_>, letter: &Letter) {
    let message = Desk::new(letter).message();
    bencher.bench(|| wire_form(black_box(&message.bytes)).expect("CRLF line ends"));
}

#[divan::bench]
fn open_a_campaign(bencher: Bencher<'_, '_>) {
    let [_, letter, ..] = LETTERS;
    let inputs = letter.inputs();
    let keys = keys();
    bencher.bench(|| Press::new("talk", &inputs, Arc::clone(&keys)).expect("sound inputs"));
}

#[divan::bench]
fn read_1000_rows_of_a_list(bencher: Bencher<'_, '_>) {
    let row = |number| format!("person{number}@example.org,Ana {number},Kim,Westminster\n");
    let rows: String = (0..1_000).map(row).collect();
    let file = format!("email,first_name,last_name,city\n{rows}");
    let list =
        ListSpec { name: "members".into(), shown: "lists/members.csv".into(), email_column: None };
    bencher.counter(ItemsCount::new(1_000_u32)).bench(|| {
        let rows = ListReader::open(&list, file.as_bytes()).expect("a header");
        rows.map(|row| row.expect("a row")).filter(|row| row.address.is_ok()).count()
    });
}

#[divan::bench]
fn hash_an_address(bencher: Bencher<'_, '_>) {
    let keys = keys();
    let address = Address::parse("ana.kim@example.org").expect("an address");
    bencher.bench(|| keys.person(black_box(&address)));
}

#[divan::bench]
fn make_the_tokens_of_one_message(bencher: Bencher<'_, '_>) {
    let (keys, person) = (keys(), PersonKey::from_bytes([7; 16]));
    bencher.bench(|| {
        [
            keys.message_id("talk", &person),
            keys.boundary("talk", &person),
            keys.return_path("talk", &person),
            keys.unsubscribe("talk", &person),
        ]
        .map(|token| token.to_string())
    });
}

/// A press and somebody to print for.
struct Desk {
    press: Press,
    person: PersonKey,
    addressee: Addressee,
}

impl Desk {
    fn new(letter: &Letter) -> Self {
        Self {
            press: Press::new("talk", &letter.inputs(), keys()).expect("sound inputs"),
            person: PersonKey::from_bytes([7; 16]),
            addressee: Addressee::new("ana.kim@example.org".to_owned(), 0, values()),
        }
    }

    fn message(&self) -> Message {
        let message = self.press.message(&self.person, &self.addressee, Timestamp::UNIX_EPOCH);
        message.expect("a sound message")
    }

    fn checked(&self, reader: &Reader) -> Message {
        let Self { press, person, addressee } = self;
        let proof = press.proof(person, addressee, Timestamp::UNIX_EPOCH, |copy| {
            reader.read(copy, &addressee.values)
        });
        let (message, flaws) = proof.expect("a sound message");
        assert!(flaws.is_empty());
        message
    }
}

fn keys() -> Arc<Keys> {
    Arc::new(Keys::from(&Secret::from_bytes([7; 32])))
}

/// Of the columns in [`Letter::expanded`].
fn values() -> Vec<String> {
    ["Westminster", "Ana", "O’Brien"].map(str::to_owned).to_vec()
}

fn person(values: &[String]) -> Person<'_> {
    Person {
        values,
        list_title: "You are a member.",
        unsubscribe: "mailto:unsubscribe@appg.example?subject=unsubscribe%20token",
    }
}

/// So many paragraphs, each once in HTML and once in text.
#[derive(Clone, Copy)]
struct Letter {
    paragraphs: usize,
    is_dense: bool,
}

impl Letter {
    fn inputs(self) -> Inputs {
        Inputs {
            expanded: self.expanded(),
            sender: Sender {
                name: "APPG on North Korea".to_owned(),
                address: "news@appg.example".to_owned(),
                reply_to: Some("secretariat@appg.example".to_owned()),
                domain: "appg.example".to_owned(),
            },
            unsubscribe: Unsubscribe {
                mailto: Some("unsubscribe@appg.example".to_owned()),
                url: None,
            },
            bounces: None,
            language: "en-GB".to_owned(),
            titles: vec!["You are a member.".to_owned()],
            deadline: None,
            calendar: None,
            draft: "drafts/bench.md".to_owned(),
            thread: Thread::new("bench"),
            attachments: Vec::new(),
            pictures: Vec::new(),
        }
    }

    fn renderer(self) -> Renderer<Encoded> {
        Renderer::new(&self.expanded(), Encoded::new).expect("whole lines")
    }

    fn expanded(self) -> Expanded {
        Expanded {
            language: "en-GB".to_owned(),
            subject: template("An evening with the author, {first_name}", Escape::Line),
            preheader: None,
            html: template(&self.html(), Escape::Html),
            text: template(&self.text(), Escape::Plain),
            columns: ["city", "first_name", "last_name"].map(str::to_owned).to_vec(),
            pictures: Vec::new(),
            warnings: Vec::new(),
        }
    }

    fn html(self) -> String {
        let head = "<!doctype html>\n<html lang=\"en-GB\">\n<body style=\"margin:0\">\n<table \
            role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\">\n";
        let paragraph = |number| {
            format!(
                "<tr>\n<td style=\"padding:0 24px;font-family:Georgia,serif\">\n\
                 <p style=\"margin:0 0 16px;font-size:16px;line-height:24px\">{}</p>\n</td>\n</tr>\n",
                self.words(number)
            )
        };
        let body: String = (0..self.paragraphs).map(paragraph).collect();
        format!("{head}{body}<tr><td><a href=\"{{unsubscribe}}\">Leave</a></td></tr>\n</table>\n")
    }

    fn text(self) -> String {
        let body = (0..self.paragraphs / 2).map(|number| self.words(number).replace(". ", ".\n"));
        let body = body.collect::<Vec<_>>().join("\n\n");
        format!("{body}\n\n-- \nTo leave the list:\n{{unsubscribe}}\n")
    }

    fn words(self, number: usize) -> &'static str {
        if self.is_dense {
            "Dear {first_name}, radio is how many first hear of the world – and of themselves. \
             From {city} to the river, {last_name} knows it, people have listened in secret. \
             The talk is about those who listen, & about those who speak to them."
        } else if number.is_multiple_of(3) {
            "Dear {first_name}, radio is how many first hear of the world – and of themselves. \
             From the hills to the river, people have listened in secret for many long years. \
             The talk is about those who listen, &amp; about those who speak to them."
        } else {
            "Radio, some say, is how many first hear of the world – and of themselves there. \
             From the hills to the river, people have listened in secret for many long years. \
             The talk is about those who listen, &amp; about those who speak to them."
        }
    }
}

/// Names the benchmark's row.
impl fmt::Display for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.paragraphs / 2;
        let kind = if self.is_dense { "dense" } else { "typical" };
        write!(f, "{size} KB, {kind}")
    }
}

/// `{name}` is somebody's value, the rest is final.
fn template(text: &str, escape: Escape) -> Template {
    let mut pieces = Vec::new();
    for (number, part) in text.split(['{', '}']).enumerate() {
        pieces.push(match (number % 2, part) {
            (0, text) => Piece::Text(text.to_owned()),
            (_, "unsubscribe") => print(Field::Unsubscribe, escape),
            (_, column) => print(Field::Column(column.to_owned()), escape),
        });
    }
    Template(pieces)
}

fn print(field: Field, escape: Escape) -> Piece {
    let spot = Spot { file: "drafts/talk.md".to_owned(), line: 1, span: 0..1 };
    Piece::Print { value: Expression::Field(field), escape, spot }
}

use std::io;

use proptest::prelude::*;

use super::*;
use crate::audience::survey;

fn spec(email_column: Option<&str>) -> ListSpec {
    ListSpec {
        name: "members".into(),
        shown: "lists/members.csv".into(),
        email_column: email_column.map(str::to_owned),
    }
}

fn read(bytes: &[u8]) -> Result<(Vec<String>, Vec<Row>), Diagnostic> {
    let list = ListReader::open(&spec(None), bytes)?;
    let columns = list.columns().to_vec();
    Ok((columns, list.collect::<Result<_, _>>()?))
}

/// The rows as `line: value|value`.
fn rows(text: &str) -> Vec<String> {
    let (_, rows) = read(text.as_bytes()).expect(text);
    rows.iter().map(|row| format!("{}: {}", row.line, row.fields.values.join("|"))).collect()
}

/// The fault and its hint, as people read them.
fn fault(bytes: impl AsRef<[u8]>) -> String {
    let fault = read(bytes.as_ref()).expect_err("the list is faulty");
    format!("{fault} / {}", fault.hint.as_deref().unwrap_or("no hint"))
}

#[test]
fn the_three_dialects_say_the_same() {
    for (text, dialect) in [
        ("email,first name\nana@example.org,Ana\n", Dialect::Comma),
        ("email;first name\nana@example.org;Ana\n", Dialect::Semicolon),
        ("email\tfirst name\nana@example.org\tAna\n", Dialect::Tab),
        ("\"email\";\"first, given, or other name\"\nana@example.org;Ana\n", Dialect::Semicolon),
    ] {
        let list = ListReader::open(&spec(None), text.as_bytes()).expect(text);
        assert_eq!(list.dialect(), dialect);
        assert_eq!(list.email_column(), 0);
        assert_eq!(rows(text), ["2: ana@example.org|Ana"]);
    }
}

#[test]
fn a_list_of_addresses_alone_is_a_list() {
    assert_eq!(
        rows("email\na@example.org\nb@example.org"),
        ["2: a@example.org", "3: b@example.org"]
    );
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_not_show() {
    let (columns, _) = read("\u{FEFF}E-Mail;City\r\n".as_bytes()).expect("a header");
    assert_eq!(columns, ["e_mail", "city"]);
    assert_eq!(rows("\u{FEFF}email;city\r\na@example.org;\"Bath\"\r\n"), ["2: a@example.org|Bath"]);
}

#[test]
fn quoted_cells_keep_separators_quotes_and_line_breaks() {
    assert_eq!(
        rows("email,note\na@example.org,\"Smith, \"\"Jo\"\"\"\nb@example.org,\"one\r\ntwo\"\n"),
        ["2: a@example.org|Smith, \"Jo\"", "3: b@example.org|one\ntwo"]
    );
    assert_eq!(rows("email,note\na@example.org,5\" pipe\n"), ["2: a@example.org|5\" pipe"]);
    assert_eq!(rows("email,note\na@example.org,\"x\" \n"), ["2: a@example.org|x"]);
    assert_eq!(rows("note\temail\n\t\"a@example.org\"\n"), ["2: |a@example.org"]);
    assert_eq!(rows("email,note\na@example.org,\"\"\n"), ["2: a@example.org|"]);
    assert_eq!(rows("email,note\na@example.org,\"\"\"\"\n"), ["2: a@example.org|\""]);
}

#[test]
fn lines_are_physical_past_blank_lines_and_long_cells() {
    let text = "\nemail,note\n\na@example.org,\"1\n\n2\"\n , \r\n,\nb@example.org,x\n";
    assert_eq!(rows(text), ["4: a@example.org|1\n\n2", "9: b@example.org|x"]);
    let fault = fault("email,note\r\n\r\na@example.org,\"1\r\n2\"\r\n\r\nb@example.org\r\n");
    assert!(fault.starts_with("lists/members.csv:6: the row has 1 cell"), "{fault}");
}

#[test]
fn values_are_trimmed_and_bad_addresses_are_rows() {
    let (_, rows) = read(b"email,city\n  ana@@example.com , Bath \n").expect("a list");
    assert_eq!(rows[0].typed(), "ana@@example.com");
    assert_eq!(rows[0].address, Err(BadAddress::SeveralAts));
    assert_eq!(rows[0].fields.get("city"), Some("Bath"));
    assert_eq!(rows[0].fields.get("country"), None);
}

#[test]
fn a_header_alone_is_a_list_without_people() {
    assert!(rows("email,city\n").is_empty());
    assert!(rows("email").is_empty());
}

#[test]
fn the_address_column_is_found_by_its_usual_names_or_the_configured_one() {
    for header in ["Email", "E-Mail", "mail", "email address", "emailAddress"] {
        let list = ListReader::open(&spec(None), header.as_bytes()).expect(header);
        assert_eq!(list.email_column(), 0);
    }
    let both = b"email,Work Address\n".as_slice();
    let list = ListReader::open(&spec(Some("work address")), both).expect("a list");
    assert_eq!(list.email_column(), 1);
    let fault = ListReader::open(&spec(Some("work_adress")), both).expect_err("misspelt");
    assert_eq!(
        fault.to_string(),
        "lists/members.csv:1: there is no column `work_adress` for the address"
    );
    assert_eq!(fault.hint.as_deref(), Some("did you mean `work_address`?"));
}

#[test]
fn faulty_headers_are_named() {
    for (text, expected) in [
        (
            "",
            "lists/members.csv: the list is empty / its first line names the columns, one of them `email`",
        ),
        (
            "\u{FEFF}",
            "lists/members.csv: the list is empty / its first line names the columns, one of them `email`",
        ),
        (
            "\n \r\n\n",
            "lists/members.csv: the list is empty / its first line names the columns, one of them `email`",
        ),
        (
            "name,city\n",
            "lists/members.csv:1: there is no column for the address, only `name`, `city` / call it `email`, or name it under `[lists]`: `members = { file = \"…\", email = \"…\" }`",
        ),
        (
            "\nemail,E-Mail\n",
            "lists/members.csv:2: both `email` and `e_mail` could hold the address / say which under `[lists]`: `members = { file = \"…\", email = \"…\" }`",
        ),
        (
            "email,First Name,first-name\n",
            "lists/members.csv:1: columns 2 and 3 are both called `first_name` / rename one of them (case, spaces and punctuation do not tell names apart)",
        ),
        (
            "email,,city\n",
            "lists/members.csv:1: column 2 has no name / name it in the first line, or delete the column",
        ),
        (
            "email,Date\n",
            "lists/members.csv:1: column 2 is called `date`, which means something else in a template / rename it, for instance to `their_date`",
        ),
        (
            "ana@example.org,Ana\n",
            "lists/members.csv:1: the first line is not a header: it has an address in it / put a line above it that names the columns, such as `email,first_name`",
        ),
        (
            "email,\"city\n",
            "lists/members.csv:1: a quote is opened here and never closed / close it, or write a `\"` that belongs to the text as `\"\"` in a quoted cell",
        ),
    ] {
        assert_eq!(fault(text), expected);
    }
}

#[test]
fn every_name_with_another_meaning_in_a_template_is_refused() {
    for name in "draft event sender links list subscriber if unless each with lookup default date \
                 time plural eq ne gt lt and or not len log"
        .split_whitespace()
    {
        let fault = fault(format!("email,{name}\n"));
        assert!(fault.contains("means something else in a template"), "{fault}");
    }
}

#[test]
fn faulty_rows_are_named_by_their_line() {
    for (text, expected) in [
        (
            "email,city\na@example.org,Bath\nb@example.org\n",
            "lists/members.csv:3: the row has 1 cell, the header has 2 / a cell with a `,` in it is written in quotes: `\"…\"`",
        ),
        (
            "email;city\na@example.org;Bath;x\n",
            "lists/members.csv:2: the row has 3 cells, the header has 2 / a cell with a `;` in it is written in quotes: `\"…\"`",
        ),
        (
            "email,city\n\na@example.org,\"Bath\nb@example.org,Ely\n",
            "lists/members.csv:3: a quote is opened here and never closed / close it, or write a `\"` that belongs to the text as `\"\"` in a quoted cell",
        ),
        (
            "email,city\na@example.org,\"Bath\nb@example.org,\"Ely\"\n",
            "lists/members.csv:2: text follows the closing quote in line 3 / inside a quoted cell a `\"` is written twice: `\"\"`",
        ),
        (
            "email,city\na@example.org,\"Ba\"th\n",
            "lists/members.csv:2: text follows the closing quote in line 2 / inside a quoted cell a `\"` is written twice: `\"\"`",
        ),
        (
            "email,city\na@example.org, \"Bath, Avon\"\n",
            "lists/members.csv:2: a quoted cell begins with a space / delete the space before the `\"`",
        ),
        (
            "email,city\na@example.org,Ba\0th\n",
            "lists/members.csv:2: the line has a NUL byte in it / the file is damaged, or not a text: export the list as CSV again",
        ),
        (
            "email,city\na@example.org,Ba\u{1B}[31mth\n",
            "lists/members.csv:2: the line has a control character (U+001B) in it / delete it; if it is everywhere, export the list as `CSV UTF-8` again",
        ),
        (
            "email,city\na@example.org,\"x\n\u{85}\ny\"\n",
            "lists/members.csv:3: the line has a control character (U+0085) in it / delete it; if it is everywhere, export the list as `CSV UTF-8` again",
        ),
        (
            "email,city\na@example.org,\"Bath\rBcc: b@example.org\"\n",
            "lists/members.csv:2: a carriage return stands alone / save the file with the line ends of Unix or Windows",
        ),
        (
            "email,city\ra@example.org,Bath\r",
            "lists/members.csv:1: a carriage return stands alone / save the file with the line ends of Unix or Windows",
        ),
    ] {
        assert_eq!(fault(text), expected, "{text:?}");
    }
}

#[test]
fn other_encodings_are_named_with_the_byte() {
    let utf8 = "save it again as UTF-8: in a spreadsheet, choose `CSV UTF-8` as the format";
    let utf16: Vec<u8> =
        "email,city\na@example.org,Bath\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16_be: Vec<u8> = "email\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = [b"\xFF\xFE".as_slice(), &utf16].concat();
    for (bytes, expected) in [
        (
            marked.as_slice(),
            "lists/members.csv:1: the list is UTF-16, not UTF-8 (its first byte is 0xFF)",
        ),
        (
            b"\xFE\xFF\0e\0m",
            "lists/members.csv:1: the list is UTF-16, not UTF-8 (its first byte is 0xFE)",
        ),
        (&utf16, "lists/members.csv:1: the list is UTF-16, not UTF-8 (its first byte is 0x65)"),
        (&utf16_be, "lists/members.csv:1: the list is UTF-16, not UTF-8 (its first byte is 0x00)"),
        (
            b"\xFF\xFE\0\0e\0\0\0",
            "lists/members.csv:1: the list is UTF-32, not UTF-8 (its first byte is 0xFF)",
        ),
        (
            b"email,city\na@example.org,Orl\xE9ans\n",
            "lists/members.csv:2: byte 0xE9 is not UTF-8: the list is probably Windows-1252",
        ),
        (
            b"email,city\n\na@example.org,Bath\nb@example.org,\x93Bath\x94\n",
            "lists/members.csv:4: byte 0x93 is not UTF-8: the list is probably Windows-1252",
        ),
        (
            b"email,city\na@example.org,\xBC\xAD\xBF\xEF\n",
            "lists/members.csv:2: byte 0xBC is not UTF-8: the list is probably an East Asian encoding such as CP949, or Windows-1252",
        ),
        (
            b"email,city\na@example.org,Bath\xC3",
            "lists/members.csv:2: byte 0xC3 is not UTF-8: the list is probably Windows-1252",
        ),
    ] {
        assert_eq!(fault(bytes), format!("{expected} / {utf8}"));
    }
    assert_eq!(
        fault(b"PK\x03\x04\x14\0\x06\0"),
        "lists/members.csv: the list is a spreadsheet's own file, not CSV / open it in the spreadsheet and export it as `CSV UTF-8`"
    );
}

#[test]
fn a_row_without_end_is_refused_before_it_fills_memory() {
    let endless = io::Read::chain(b"email\n".as_slice(), io::repeat(b'x'));
    let mut list = ListReader::open(&spec(None), endless).expect("a header");
    let endless = list.next().expect("a fault").expect_err("a fault");
    assert_eq!(endless.to_string(), "lists/members.csv:2: the line is longer than 1 MB");

    let lines = format!("email\n\"{}", "x\n".repeat(1 << 20));
    let unclosed = fault(lines);
    assert!(
        unclosed
            .starts_with("lists/members.csv:2: a quote is opened here and not closed within 1 MB"),
        "{unclosed}"
    );
}

#[test]
fn a_list_is_read_no_further_than_asked() {
    struct Endless;
    impl io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            io::Read::read(&mut b"a@example.org\n".as_slice(), buffer)
        }
    }
    let input = io::Read::chain(b"email\n".as_slice(), Endless);
    let list = ListReader::open(&spec(None), input).expect("a header");
    assert_eq!(list.take(1000).flatten().count(), 1000);
}

#[test]
fn a_disk_that_fails_is_reported_and_ends_the_list() {
    struct Failing;
    impl io::Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let input = io::Read::chain(b"email\na@example.org\n".as_slice(), Failing);
    let mut list = ListReader::open(&spec(None), input).expect("a header");
    assert!(list.next().is_some_and(|row| row.is_ok()));
    let fault = list.next().expect("a fault").expect_err("a fault");
    assert_eq!(fault.to_string(), "lists/members.csv: the list cannot be read: the disk is gone");
    assert!(list.next().is_none());
}

#[test]
fn debug_shows_nobodys_data() {
    let (_, rows) = read(b"email,city\nana@example.org,Bath\n@@,Ely\n").expect("a list");
    let list = ListReader::open(&spec(None), b"email\nana@example.org".as_slice()).expect("a list");
    let survey = survey(ListReader::open(&spec(None), b"email\n@@".as_slice()).expect("a list"));
    let shown = format!("{rows:?} {list:?} {survey:?}");
    assert!(!shown.contains('@') && !shown.contains("Bath"), "{shown}");
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
    }

    #[test]
    fn no_csv_makes_the_reader_panic_and_every_row_is_as_wide_as_the_header(
        text in "email[,;\t]?(city)?\n[a-c@\",;\t\r\n \u{E9}]{0,60}"
    ) {
        if let Ok((columns, rows)) = read(text.as_bytes()) {
            prop_assert!(rows.iter().all(|row| row.fields.values.len() == columns.len()));
        }
    }

    #[test]
    fn what_is_quoted_by_the_book_comes_back(values in proptest::collection::vec("[a-c\",;\n\u{E9}]{1,8}", 1..5)) {
        let quoted = values.iter().map(|value| value.replace('"', "\"\""));
        let rows = quoted.map(|value| format!("a@example.org;\"{value}\"\r\n"));
        let text = "email;v\n".to_owned() + &rows.collect::<String>();
        let (_, rows) = read(text.as_bytes()).expect("a list");
        let got: Vec<&str> = rows.iter().filter_map(|row| row.fields.get("v")).collect();
        let wanted: Vec<&str> = values.iter().map(|value| value.trim()).collect();
        prop_assert_eq!(got, wanted);
    }
}

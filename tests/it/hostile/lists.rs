//! Odd lists, each by name: either every cell is where it belongs, or the fault is named (T29).

use announce::audience::{ListReader, ListSpec};

use crate::reliability::found;

/// Rows as `line: cell|cell`, or the fault.
fn read(bytes: &[u8]) -> String {
    let spec = ListSpec { name: "odd".into(), shown: "odd.csv".into(), email_column: None };
    let list = match ListReader::open(&spec, bytes) {
        Ok(list) => list,
        Err(fault) => return fault.to_string(),
    };
    let columns = list.columns().to_vec();
    let rows: Result<Vec<String>, _> = list
        .map(|row| {
            row.map(|row| {
                let cells = columns.iter().map(|column| row.fields.get(column).unwrap_or("?"));
                format!("{}: {}", row.line, cells.collect::<Vec<_>>().join("|"))
            })
        })
        .collect();
    rows.map_or_else(|fault| fault.to_string(), |rows| rows.join("\n"))
}

fn utf_16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

#[test]
#[expect(clippy::too_many_lines, reason = "one list after another")]
fn no_odd_list_moves_a_cell_to_somebody_else() {
    const PLAIN: &str = "email,city\na@one.example,Bath\n";
    const MARKED: &str = "\u{FEFF}email,city\na@one.example,Bath\n";
    const ROW: &str = "2: a@one.example|Bath";
    let corpus: Vec<(&str, Vec<u8>, &str)> = vec![
        ("plain", PLAIN.into(), ROW),
        ("UTF-8 with a mark", MARKED.into(), ROW),
        ("two marks", format!("\u{FEFF}{MARKED}").into(), ROW),
        (
            "UTF-16 little-endian",
            utf_16(MARKED, u16::to_le_bytes),
            "odd.csv:1: the list is UTF-16, not UTF-8 (its first byte is 0xFF)",
        ),
        (
            "UTF-16 big-endian",
            utf_16(MARKED, u16::to_be_bytes),
            "odd.csv:1: the list is UTF-16, not UTF-8 (its first byte is 0xFE)",
        ),
        (
            "UTF-16 without a mark",
            utf_16(PLAIN, u16::to_le_bytes),
            "odd.csv:1: the list is UTF-16, not UTF-8 (its first byte is 0x65)",
        ),
        (
            "Latin-1",
            b"email,city\na@one.example,Orl\xE9ans\n".into(),
            "odd.csv:2: byte 0xE9 is not UTF-8: the list is probably Windows-1252",
        ),
        (
            "CP949",
            b"email,city\na@one.example,\xBC\xAD\xBF\xEF\n".into(),
            "odd.csv:2: byte 0xBC is not UTF-8: the list is probably an East Asian encoding such \
             as CP949, or Windows-1252",
        ),
        (
            "NUL",
            b"email,city\na@one.example,Ba\0th\n".into(),
            "odd.csv:2: the line has a NUL byte in it",
        ),
        (
            "a spreadsheet's own file",
            b"PK\x03\x04\x14\0\x06\0".into(),
            "odd.csv: the list is a spreadsheet's own file, not CSV",
        ),
        (
            "unclosed quote",
            b"email,city\na@one.example,\"Bath\nb@one.example,Ely\n".into(),
            "odd.csv:2: a quote is opened here and never closed",
        ),
        (
            "quote closed too early",
            b"email,city\na@one.example,\"Ba\"th\n".into(),
            "odd.csv:2: text follows the closing quote in line 2",
        ),
        (
            "a quote in a quoted cell",
            b"email,city\na@one.example,\"Bath \"\"Spa\"\"\"\n".into(),
            "2: a@one.example|Bath \"Spa\"",
        ),
        ("inches", b"email,city\na@one.example,5\" pipe\n".into(), "2: a@one.example|5\" pipe"),
        (
            "a short row",
            b"email,city\na@one.example\n".into(),
            "odd.csv:2: the row has 1 cell, the header has 2",
        ),
        (
            "a long row",
            b"email,city\na@one.example,Bath,x\n".into(),
            "odd.csv:2: the row has 3 cells, the header has 2",
        ),
        (
            "a separator too many at the end",
            b"email,city\na@one.example,Bath,\n".into(),
            "odd.csv:2: the row has 3 cells, the header has 2",
        ),
        (
            "the same header twice",
            b"email,City,city\na@one.example,x,y\n".into(),
            "odd.csv:1: columns 2 and 3 are both called `city`",
        ),
        (
            "a header without a name",
            b"email,,city\na@one.example,x,y\n".into(),
            "odd.csv:1: column 2 has no name",
        ),
        (
            "no header",
            b"a@one.example,Bath\n".into(),
            "odd.csv:1: the first line is not a header: it has an address in it",
        ),
        (
            "two columns for the address",
            b"email,mail\na@one.example,b@one.example\n".into(),
            "odd.csv:1: both `email` and `mail` could hold the address",
        ),
        ("only a header", b"email,city\n".into(), ""),
        ("empty", b"".into(), "odd.csv: the list is empty"),
        ("only blank lines", b"\n\r\n \n".into(), "odd.csv: the list is empty"),
        ("line ends of Windows", b"email,city\r\na@one.example,Bath\r\n".into(), ROW),
        (
            "line ends of an old Macintosh",
            b"email,city\ra@one.example,Bath\r".into(),
            "odd.csv:1: a carriage return stands alone",
        ),
        (
            "mixed line ends",
            b"email,city\r\na@one.example,Bath\nb@one.example,Ely\r\n".into(),
            "2: a@one.example|Bath\n3: b@one.example|Ely",
        ),
        ("no line end at the end", b"email,city\na@one.example,Bath".into(), ROW),
        ("blank lines at the end", b"email,city\na@one.example,Bath\n\n\r\n , \n,\n".into(), ROW),
        (
            "blank lines between",
            b"email,city\n\na@one.example,Bath\n\nb@one.example,Ely\n".into(),
            "3: a@one.example|Bath\n5: b@one.example|Ely",
        ),
        (
            "semicolons",
            b"email;city\na@one.example;Bath, Avon\n".into(),
            "2: a@one.example|Bath, Avon",
        ),
        ("tabs", b"email\tcity\na@one.example\tBath; x\n".into(), "2: a@one.example|Bath; x"),
        (
            "a comma in a cell of a comma list",
            b"email,city\na@one.example,Bath, Avon\n".into(),
            "odd.csv:2: the row has 3 cells, the header has 2",
        ),
        (
            "mixed separators",
            b"email;city\na@one.example,Bath\n".into(),
            "odd.csv:2: the row has 1 cell, the header has 2",
        ),
        (
            "line breaks in a cell",
            b"email,city\na@one.example,\"Bath\r\nAvon\"\nb@one.example,Ely\n".into(),
            "2: a@one.example|Bath\nAvon\n4: b@one.example|Ely",
        ),
        (
            "a blank before a quote",
            b"email,city\na@one.example, \"Bath, Avon\"\n".into(),
            "odd.csv:2: a quoted cell begins with a space",
        ),
        (
            "an escape code",
            b"email,city\na@one.example,\x1B[31mBath\n".into(),
            "odd.csv:2: the line has a control character (U+001B) in it",
        ),
        (
            "a backslash before a quote",
            b"email,city\na@one.example,\"Bath \\\" Avon\"\n".into(),
            "odd.csv:2: text follows the closing quote in line 2",
        ),
        ("a formula", b"email,city\na@one.example,=1+2\n".into(), "2: a@one.example|=1+2"),
        (
            "a line that names the separator",
            b"sep=;\nemail;city\na@one.example;Bath\n".into(),
            "odd.csv:1: column 2 has no name",
        ),
        (
            "a comment",
            b"# members of 2016\nemail,city\na@one.example,Bath\n".into(),
            "odd.csv:1: there is no column for the address, only `members_of_2016`",
        ),
    ];
    for (name, bytes, expected) in &corpus {
        assert_eq!(read(bytes), *expected, "{name}");
    }
    found(
        "T29",
        "41 odd lists: encodings, line ends, separators, quotes, widths, headers",
        "each row's cells are its own, or the list is refused with the line and the reason",
    );
    assert_eq!(corpus.len(), 41);
}

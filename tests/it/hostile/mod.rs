//! Inputs that attack, from the file they stand in to the bytes on the wire.

mod addresses;
mod bombs;
mod content;
#[path = "../../../src/compose/tests/ends.rs"]
mod ends;
mod headers;
mod lists;
mod naughty;
mod network;
mod paths;
mod smuggling;

/// A cell of a CSV file, quoted by the book (RFC 4180 §2).
fn cell(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

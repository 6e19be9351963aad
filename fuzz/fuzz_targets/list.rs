//! Whatever stands in a list: no row is wider or narrower than its header, no cell moves.
#![no_main]

use announce::audience::{ListReader, ListSpec};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let spec =
        ListSpec { name: "fuzz".into(), shown: "lists/fuzz.csv".into(), email_column: None };
    let Ok(reader) = ListReader::open(&spec, bytes) else { return };
    let columns = reader.columns().to_vec();
    let mut last = 1;
    for row in reader {
        let Ok(row) = row else { break };
        assert!(row.line > last, "rows are named by the line they begin in");
        last = row.line;
        for column in &columns {
            assert!(row.fields.get(column).is_some(), "a ragged row got through");
        }
    }
});

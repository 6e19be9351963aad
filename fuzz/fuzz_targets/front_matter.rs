//! Whatever stands in a draft: it is read, or each fault has a place inside the file.
#![no_main]

use std::sync::LazyLock;

use announce::{
    diagnostic::Source,
    draft::{Draft, Kind, Kinds},
};
use libfuzzer_sys::fuzz_target;

static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
    let schema = include_str!("../../templates/event/kind.toml");
    let starter = include_str!("../../templates/event/draft.md");
    let kind = Kind::parse(
        "event",
        Source::new("kind.toml", schema),
        Source::new("draft.md", starter),
    );
    Kinds::from([("event".to_owned(), kind.expect("our own kind is sound"))])
});

fuzz_target!(|text: &str| {
    match Draft::parse("fuzz", Source::new("drafts/fuzz.md", text), &KINDS) {
        Ok(draft) => assert!(text.ends_with(draft.body())),
        Err(faults) => {
            assert!(!faults.is_empty());
            for fault in faults {
                assert!(!fault.to_string().is_empty());
            }
        }
    }
});

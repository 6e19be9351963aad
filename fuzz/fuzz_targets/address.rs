//! Whatever is typed: what passes for an address is safe on the wire and means the same again.
#![no_main]

use announce::audience::Address;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(address) = Address::parse(text) else { return };
    let envelope = address.envelope();
    assert!(!envelope.contains(['\r', '\n', '\0', '<', '>', ' ']), "{envelope:?}");
    assert_eq!(envelope.matches('@').count(), 1, "{envelope:?}");
    let again = Address::parse(&envelope).expect("what was written is read back");
    assert_eq!(again.normalised(), address.normalised(), "{envelope:?}");
});

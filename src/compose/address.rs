//! Addresses on their way into envelopes and headers.

use lettre::Address;

use super::{Error, header::check_text};

/// Reads an address that is to stand in `header`, and keeps it as typed: ASCII, domain as A-label,
/// no quoting tricks beyond RFC 5321 §4.1.2.
pub(super) fn parse(header: &'static str, address: &str) -> Result<Address, Error> {
    check_text(header, address)?;
    let parsed: Address = address.parse().map_err(|_| Error::Address { header })?;
    match (parsed.user().is_ascii(), parsed.domain().is_ascii()) {
        (true, true) => Ok(parsed),
        (false, _) => Err(Error::NeedsSmtputf8 { header }),
        (true, false) => Err(Error::Address { header }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(address: &str) -> Option<Error> {
        parse("To", address).err()
    }

    #[test]
    fn ordinary_addresses_are_kept_as_typed() {
        for address in ["Ana.Kim+x@example.org", "o'b@xn--mnchen-3ya.example", "\"a b\"@x.test"] {
            assert_eq!(parse("To", address).map(|a| a.to_string()).as_deref(), Ok(address));
        }
    }

    #[test]
    fn a_local_part_outside_ascii_is_a_reason_of_its_own() {
        assert_eq!(refused("민준@example.org"), Some(Error::NeedsSmtputf8 { header: "To" }));
        assert_eq!(refused("ana@münchen.example"), Some(Error::Address { header: "To" }));
    }

    #[test]
    fn nothing_but_an_address_is_an_address() {
        let injections = [
            "",
            "ana",
            "ana@",
            "@example.org",
            "<ana@example.org>",
            "Ana <ana@example.org>",
            "ana@example.org, eve@example.org",
            "ana@example.org> SIZE=1",
            "ana eve@example.org",
            "ana@example.org ",
            "ana@exa mple.org",
            "ana@example.org>",
        ];
        for address in injections {
            assert_eq!(refused(address), Some(Error::Address { header: "To" }), "{address:?}");
        }
        for address in ["ana@example.org\r\nRCPT TO:<eve@x.test>", "a\0@x.test", "\"a\rb\"@x.test"]
        {
            assert_eq!(refused(address), Some(Error::ControlCharacter { header: "To" }));
        }
    }
}

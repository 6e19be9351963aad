//! A person who does not exist, for copies that go to nobody on the lists.

use crate::campaign::{Addressee, Press};

/// Somebody with this address and every column that the draft needs.
pub(super) fn made_up(press: &Press, address: &str) -> Addressee {
    let value = |column: &String| match column.as_str() {
        "first_name" | "given_name" => "Alex".to_owned(),
        "last_name" | "surname" | "family_name" => "Example".to_owned(),
        "name" | "full_name" => "Alex Example".to_owned(),
        "email" => address.to_owned(),
        other => format!("(your {})", other.replace('_', " ")),
    };
    Addressee::new(address.to_owned(), 0, press.columns().iter().map(value).collect())
}

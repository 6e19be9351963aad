mod reader;
mod written;
mod zones;

use jiff::civil;

use super::{Entry, Method, Organizer, Span};
use crate::local_time;

/// A talk of an hour and a half.
pub(super) fn talk() -> Entry {
    let zone = local_time::zone("Europe/London").unwrap();
    let day = civil::date(2016, 11, 2);
    Entry {
        method: Method::Publish,
        since: "2016-10-26T08:00:00Z".parse().unwrap(),
        span: Span::times(day.at(17, 0, 0, 0), Some(day.at(18, 30, 0, 0)), &zone).unwrap(),
        title: "North Korea’s Hidden Revolution".to_owned(),
        place: Some("Committee Room 20, Houses of Parliament".to_owned()),
        description: "Jieun Baek, University of Oxford\nAdmission: Free".to_owned(),
        url: Some("https://events.example/r?id=7".to_owned()),
        organizer: Organizer {
            name: "APPG on North Korea".to_owned(),
            address: "secretariat@appg.example".to_owned(),
        },
        file_name: "hidden-revolution.ics".to_owned(),
    }
}

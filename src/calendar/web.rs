//! Links that put an event into a calendar on the web. They lead straight there, and say of the
//! event what everybody may know and of the reader nothing.

use jiff::Timestamp;

use super::{Entry, Method, Span, write::utc};
use crate::percent;

/// Links for one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebLinks {
    /// Google Calendar.
    pub google: String,
    /// Outlook on the web.
    pub outlook: String,
}

impl Entry {
    /// Links that add it; none to what does not take place.
    pub fn web_links(&self) -> Option<WebLinks> {
        if self.method == Method::Cancel {
            return None;
        }
        let query = |parts: &[(&str, &str)]| {
            let known = parts.iter().filter(|(_, value)| !value.is_empty());
            let parts =
                known.map(|(key, value)| format!("{key}={}", percent::encoded(value, b"/:")));
            parts.collect::<Vec<_>>().join("&")
        };
        let place = self.place.as_deref().unwrap_or_default();
        let dates = self.dates()?;
        let google = query(&[
            ("action", "TEMPLATE"),
            ("text", &self.title),
            ("dates", &dates.google),
            ("ctz", dates.zone),
            ("location", place),
        ]);
        let outlook = query(&[
            ("rru", "addevent"),
            ("subject", &self.title),
            ("startdt", &dates.starts),
            ("enddt", &dates.ends),
            ("allday", if dates.zone.is_empty() { "true" } else { "" }),
            ("location", place),
        ]);
        Some(WebLinks {
            google: format!("https://calendar.google.com/calendar/render?{google}"),
            outlook: format!("https://outlook.live.com/calendar/0/action/compose?{outlook}"),
        })
    }

    fn dates(&self) -> Option<Dates<'_>> {
        match &self.span {
            Span::Days { first, last } => {
                let after = last.tomorrow().ok()?;
                let google = format!("{}/{}", first.strftime("%Y%m%d"), after.strftime("%Y%m%d"));
                Some(Dates { google, zone: "", starts: first.to_string(), ends: after.to_string() })
            }
            Span::Times { starts, ends, zone } => {
                let starts = zone.instant(*starts)?;
                // Google wants an end. One that nobody has told is the start.
                let ends = ends.and_then(|ends| zone.instant(ends)).unwrap_or(starts);
                let google = format!("{}/{}", utc(starts), utc(ends));
                let shown = |at: Timestamp| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
                let (starts, ends) = (shown(starts), shown(ends));
                Some(Dates { google, zone: &zone.name, starts, ends })
            }
        }
    }
}

/// The span as web calendars read it; without a zone it is whole days.
struct Dates<'a> {
    google: String,
    zone: &'a str,
    starts: String,
    ends: String,
}

#[cfg(test)]
mod tests {
    use super::{super::tests::talk, *};

    #[test]
    fn the_links_name_the_event_and_nobody() {
        let links = talk().web_links().unwrap();
        assert_eq!(
            links.google,
            "https://calendar.google.com/calendar/render?action=TEMPLATE\
             &text=North%20Korea%E2%80%99s%20Hidden%20Revolution\
             &dates=20161102T170000Z/20161102T183000Z&ctz=Europe/London\
             &location=Committee%20Room%2020%2C%20Houses%20of%20Parliament"
        );
        assert_eq!(
            links.outlook,
            "https://outlook.live.com/calendar/0/action/compose?rru=addevent\
             &subject=North%20Korea%E2%80%99s%20Hidden%20Revolution\
             &startdt=2016-11-02T17:00:00Z&enddt=2016-11-02T18:30:00Z\
             &location=Committee%20Room%2020%2C%20Houses%20of%20Parliament"
        );
    }

    #[test]
    fn whole_days_end_before_the_next() {
        let mut talk = talk();
        let first = jiff::civil::date(2016, 11, 2);
        talk.span = Span::Days { first, last: first.tomorrow().unwrap() };
        let links = talk.web_links().unwrap();
        assert!(links.google.contains("&dates=20161102/20161104&location="), "{}", links.google);
        let days = "&startdt=2016-11-02&enddt=2016-11-04&allday=true&";
        assert!(links.outlook.contains(days), "{}", links.outlook);
    }

    #[test]
    fn what_does_not_take_place_has_no_links() {
        let mut talk = talk();
        talk.method = Method::Cancel;
        assert_eq!(talk.web_links(), None);
    }
}

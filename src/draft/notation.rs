//! How dates, languages, links and durations are written in front matter.

use jiff::{SignedDuration, civil};

/// `2016-11-02`.
pub(crate) fn date(text: &str) -> Option<civil::Date> {
    // The parser alone would also read `20161102` and `2016-11-02T17:00`.
    let written_out = text.len() == 10 && text.as_bytes()[4] == b'-';
    if written_out { text.parse().ok() } else { None }
}

/// `2016-11-02 17:00`, also with seconds or a `T` in the middle.
pub(crate) fn date_time(text: &str) -> Option<civil::DateTime> {
    let (day, time) = text.split_once([' ', 'T'])?;
    let time = time.trim_start();
    let written_out = matches!(time.len(), 5 | 8) && time.as_bytes()[2] == b':';
    let time: civil::Time = if written_out { time.parse().ok()? } else { return None };
    Some(date(day)?.to_datetime(time))
}

/// `2016-11-02 17:00`, with seconds only where there are some.
pub(crate) fn written(at: civil::DateTime) -> String {
    let form = if at.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
    at.strftime(form).to_string()
}

/// `2h`, `90min`, `1h 30min`: more than nothing.
pub(crate) fn duration(text: &str) -> Option<SignedDuration> {
    text.parse().ok().filter(SignedDuration::is_positive)
}

/// The shape of a language tag (RFC 5646 §2.1): `en`, `en-GB`, `zh-Hant`.
pub(crate) fn language(text: &str) -> Option<String> {
    let mut subtags = text.split('-');
    let primary = subtags.next()?;
    let is_primary =
        matches!(primary.len(), 2..=8) && primary.chars().all(|c| c.is_ascii_alphabetic());
    let is_subtag =
        |tag: &str| matches!(tag.len(), 1..=8) && tag.chars().all(|c| c.is_ascii_alphanumeric());
    (is_primary && subtags.all(is_subtag)).then(|| text.to_owned())
}

/// The zone that `text` is most likely a misspelling of.
pub(crate) fn closest_time_zone(text: &str) -> Option<String> {
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    crate::diagnostic::closest(text, names.iter().map(String::as_str)).map(str::to_owned)
}

/// A web link with a host: `https://example.org/x`.
pub(crate) fn url(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#']).next()?;
    let plain = |c: char| !(c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c));
    let is_host = !host.is_empty() && !host.contains('@') && !host.starts_with([':', '.']);
    (is_host && text.chars().all(plain)).then(|| text.to_owned())
}

/// Something that looks like an address: what readers may write to.
pub(crate) fn address(text: &str) -> Option<String> {
    let (local, domain) = text.rsplit_once('@')?;
    let plain = |c: char| !(c.is_whitespace() || c.is_control() || "<>()[],;:\\\"@".contains(c));
    let is_local = !local.is_empty() && local.chars().all(plain);
    let is_domain = idna::domain_to_ascii_strict(domain).is_ok_and(|ascii| ascii.contains('.'));
    (is_local && is_domain && !domain.ends_with('.')).then(|| text.to_owned())
}

/// A link as it is, an address as a `mailto:` link (RFC 6068).
pub(crate) fn url_or_address(text: &str) -> Option<String> {
    let address_of = |text: &str| address(text).map(|address| format!("mailto:{address}"));
    url(text).or_else(|| address_of(text.strip_prefix("mailto:").unwrap_or(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_out_in_full() {
        assert_eq!(date("2016-11-02"), Some(civil::date(2016, 11, 2)));
        for text in
            ["2016-11-31", "20161102", "2.11.2016", "2016-1-2", "2016-11-02 17:00", "é016-11-2"]
        {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_needs_its_day_and_its_minutes() {
        let wanted = Some(civil::date(2016, 11, 2).at(17, 0, 0, 0));
        for text in ["2016-11-02 17:00", "2016-11-02T17:00", "2016-11-02 17:00:00"] {
            assert_eq!(date_time(text), wanted, "{text}");
        }
        for text in
            ["2016-11-02", "2016-11-02 17", "2016-11-02 25:00", "17:00", "2016-11-02 17:00Z"]
        {
            assert_eq!(date_time(text), None, "{text}");
        }
    }

    #[test]
    fn a_duration_is_more_than_nothing() {
        assert_eq!(duration("2h"), Some(SignedDuration::from_hours(2)));
        assert_eq!(duration("90min"), Some(SignedDuration::from_mins(90)));
        for text in ["0h", "-2h", "2", "soon"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn languages_have_the_shape_of_a_tag() {
        assert!(["en", "en-GB", "zh-Hant-TW", "ko"].iter().all(|tag| language(tag).is_some()));
        assert!(
            ["", "e", "en_GB", "English!", "en-", "en-toolongtag"]
                .iter()
                .all(|tag| language(tag).is_none())
        );
    }

    #[test]
    fn links_and_addresses_become_links() {
        let link = |text| url_or_address(text);
        assert_eq!(link("https://example.org/r?x=1").as_deref(), Some("https://example.org/r?x=1"));
        assert_eq!(link("rsvp@appg.example").as_deref(), Some("mailto:rsvp@appg.example"));
        for text in
            ["example.org", "javascript:x", "https://", "https://a b", "a@b", "a b@c.example"]
        {
            assert_eq!(link(text), None, "{text}");
        }
    }
}

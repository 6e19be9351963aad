//! What has changed of an event, in the words that its guests read.

use std::fmt;

use serde_json::Value;

use crate::render::{long_date, time_of_day};

/// One thing that has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub aspect: Aspect,
    /// What they were told.
    pub was: Option<String>,
    /// What holds now.
    pub is: Option<String>,
}

/// What can change of an event. The first five are when and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// The day.
    Date,
    /// The day, and the time too.
    DateAndTime,
    /// The time of the same day.
    Time,
    /// The room in the same house.
    Room,
    /// The place.
    Place,
    /// How to get in.
    Access,
    /// Who may come, and what it costs.
    Admission,
    /// Who speaks.
    Speakers,
    /// Whom it is held with.
    Partners,
    /// Where to register.
    Registration,
    /// What it is called.
    Title,
}

impl Aspect {
    /// Whether guests would stand before a closed door if they did not know.
    pub fn is_vital(self) -> bool {
        self <= Self::Place
    }
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Date => "Date",
            Self::DateAndTime => "Date and time",
            Self::Time => "Time",
            Self::Room => "Room",
            Self::Place => "Place",
            Self::Access => "Way in",
            Self::Admission => "Admission",
            Self::Speakers => "Speakers",
            Self::Partners => "Held with",
            Self::Registration => "Registration",
            Self::Title => "Title",
        })
    }
}

/// All that has changed of an event, as its front matter was and is, in the order of [`Aspect`]. An
/// event that names no zone is in `zone`; dates are in words of this language.
pub fn facts(was: &Value, is: &Value, zone: &str, language: &str) -> Vec<Fact> {
    let when = when(was, is, zone, language);
    let mut facts: Vec<Fact> = when.into_iter().chain(place(was, is)).collect();
    let others = [
        (Aspect::Access, "access"),
        (Aspect::Admission, "admission"),
        (Aspect::Speakers, "speakers"),
        (Aspect::Partners, "partners"),
        (Aspect::Registration, "register"),
        (Aspect::Title, "title"),
    ];
    for (aspect, key) in others {
        let (was, is) = (words(was.get(key)), words(is.get(key)));
        if was != is {
            facts.push(Fact { aspect, was, is });
        }
    }
    facts
}

/// Another day, another time of the same day, or both. A night that ends later is another time; a
/// whole day more is another date.
fn when(was: &Value, is: &Value, zone: &str, language: &str) -> Option<Fact> {
    let zone_of = |event: &Value| text(event, "timezone").unwrap_or(zone).to_owned();
    let is_whole = |event: &Value| hour(event, "starts").is_none();
    let differs = |key: &str| text(was, key) != text(is, key);
    let zone_changed = zone_of(was) != zone_of(is);
    let hours_differ = ["starts", "ends"].iter().any(|key| hour(was, key) != hour(is, key));
    let last = |event| day(event, "ends").or(day(event, "starts"));
    let is_longer = is_whole(was) && is_whole(is) && last(was) != last(is);
    let day_differs = day(was, "starts") != day(is, "starts") || is_longer;
    let time_differs = hours_differ || zone_changed || differs("ends") && !day_differs;
    let aspect = match (day_differs, time_differs) {
        (false, false) => return None,
        (true, false) => Aspect::Date,
        (true, true) => Aspect::DateAndTime,
        (false, true) => Aspect::Time,
    };
    let in_one_day = |event| last(event) == day(event, "starts");
    let told = |event: &Value| {
        let words = match aspect == Aspect::Time && in_one_day(was) && in_one_day(is) {
            true => hours(event),
            false => moment(event, language),
        };
        let named = text(event, "timezone").is_some() && aspect != Aspect::Time;
        match zone_changed && !named {
            true => Some(format!("{words} ({})", zone_of(event))),
            false => Some(words),
        }
    };
    Some(Fact { aspect, was: told(was), is: told(is) })
}

fn place(was: &Value, is: &Value) -> Option<Fact> {
    let (was, is) = (words(was.get("place")), words(is.get("place")));
    if was == is {
        return None;
    }
    let houses = [&was, &is].map(|place| place.as_deref().and_then(house));
    let aspect = match houses {
        [Some(was), Some(is)] if was == is => Aspect::Room,
        _ => Aspect::Place,
    };
    Some(Fact { aspect, was, is })
}

/// The house of a room: `houses of parliament` of `Committee Room 20, Houses of Parliament`. None
/// where what stands first need not be a room: of two halls in London nobody can say that.
fn house(place: &str) -> Option<String> {
    const ROOMS: [&str; 7] =
        ["room", "suite", "floor", "theatre", "auditorium", "studio", "chamber"];
    let (first, house) = place.split_once(',')?;
    let first = first.to_lowercase();
    let mut parts = first.split(|c: char| !c.is_alphanumeric());
    let is_room = parts.any(|word| ROOMS.contains(&word));
    is_room.then(|| house.trim().to_lowercase())
}

/// `Wednesday 2 November 2016, 17:00–18:30`, with the zone where the event names one.
pub(super) fn moment(event: &Value, language: &str) -> String {
    let date = |key| text(event, key).and_then(|value| long_date(value, language).ok());
    let Some(first) = date("starts") else { return String::new() };
    let last = date("ends").filter(|last| *last != first);
    let time = |key| hour(event, key).map(|hour| format!(", {hour}")).unwrap_or_default();
    let words = match last {
        None if hour(event, "starts").is_some() => format!("{first}, {}", hours(event)),
        None => first,
        Some(last) => format!("{first}{} to {last}{}", time("starts"), time("ends")),
    };
    let zone = text(event, "timezone");
    zone.map_or_else(|| words.clone(), |zone| format!("{words} ({zone})"))
}

/// `17:00–18:30`.
fn hours(event: &Value) -> String {
    let Some(starts) = hour(event, "starts") else { return "all day".to_owned() };
    let ends = hour(event, "ends");
    ends.map_or_else(|| starts.clone(), |ends| format!("{starts}–{ends}"))
}

fn hour(event: &Value, key: &str) -> Option<String> {
    let value = text(event, key).filter(|value| value.contains('T'))?;
    time_of_day(value).ok()
}

fn day<'a>(event: &'a Value, key: &str) -> Option<&'a str> {
    text(event, key).map(|value| value.split('T').next().unwrap_or(value))
}

fn text<'a>(event: &'a Value, key: &str) -> Option<&'a str> {
    event.get(key).and_then(Value::as_str)
}

/// A value as it reads in a line: of people their names and offices.
fn words(value: Option<&Value>) -> Option<String> {
    let join = |items: &[Value], between: &str| {
        let items: Vec<String> = items.iter().filter_map(|item| words(Some(item))).collect();
        (!items.is_empty()).then(|| items.join(between))
    };
    match value? {
        Value::Null => None,
        Value::String(text) => Some(text.strip_prefix("mailto:").unwrap_or(text).to_owned()),
        Value::Array(items) if items.iter().any(Value::is_object) => join(items, "; "),
        Value::Array(items) => join(items, ", "),
        Value::Object(table) => {
            let parts: Vec<Value> =
                ["name", "role"].iter().filter_map(|key| table.get(*key)).cloned().collect();
            join(&parts, ", ")
        }
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(was: &Value, is: &Value) -> Vec<String> {
        let line = |fact: Fact| {
            let or_nothing = |text: Option<String>| text.unwrap_or_else(|| "nothing".to_owned());
            format!("{}: {} → {}", fact.aspect, or_nothing(fact.was), or_nothing(fact.is))
        };
        facts(was, is, "Europe/London", "en-GB").into_iter().map(line).collect()
    }

    fn talk() -> Value {
        json!({
            "starts": "2016-11-02T17:00:00",
            "ends": "2016-11-02T18:30:00",
            "place": "Committee Room 20, Houses of Parliament",
            "speakers": [{ "name": "Ana Example", "role": "University of Example" }],
        })
    }

    fn with(key: &str, value: Value) -> Value {
        let mut event = talk();
        event[key] = value;
        event
    }

    #[test]
    fn another_room_in_the_same_house_is_a_room_and_another_house_a_place() {
        let room = with("place", "Committee Room 14, Houses of Parliament".into());
        assert_eq!(
            told(&talk(), &room),
            [
                "Room: Committee Room 20, Houses of Parliament → Committee Room 14, Houses of Parliament"
            ]
        );
        let hall = with("place", "Town Hall, Leeds".into());
        assert_eq!(
            told(&talk(), &hall),
            ["Place: Committee Room 20, Houses of Parliament → Town Hall, Leeds"]
        );
        assert_eq!(told(&talk(), &talk()), [""; 0]);
        let [old, new] = ["The Old Library, London", "The New Library, London"]
            .map(|place| with("place", place.into()));
        assert_eq!(told(&old, &new), ["Place: The Old Library, London → The New Library, London"]);
    }

    #[test]
    fn another_day_says_its_time_too_and_another_time_says_no_day() {
        let mut later = with("starts", "2016-11-03T17:00:00".into());
        later["ends"] = "2016-11-03T18:30:00".into();
        assert_eq!(
            told(&talk(), &later),
            [
                "Date: Wednesday 2 November 2016, 17:00–18:30 → Thursday 3 November 2016, 17:00–18:30"
            ]
        );
        let mut later = with("starts", "2016-11-03T18:00:00".into());
        later["ends"] = "2016-11-03T18:30:00".into();
        assert!(
            told(&talk(), &later)[0].starts_with("Date and time: Wednesday 2 November 2016, 17:00")
        );
        let mut open = talk();
        open.as_object_mut().unwrap().remove("ends");
        assert_eq!(told(&talk(), &open), ["Time: 17:00–18:30 → 17:00"]);
        let whole = json!({
            "starts": "2016-11-02",
            "place": talk()["place"],
            "speakers": talk()["speakers"],
        });
        assert_eq!(told(&talk(), &whole), ["Time: 17:00–18:30 → all day"]);
        let end = with("ends", "2016-11-02T19:00:00".into());
        assert_eq!(told(&talk(), &end), ["Time: 17:00–18:30 → 17:00–19:00"]);
        let night = with("ends", "2016-11-03T01:00:00".into());
        assert_eq!(
            told(&talk(), &night),
            ["Time: Wednesday 2 November 2016, 17:00–18:30 → \
              Wednesday 2 November 2016, 17:00 to Thursday 3 November 2016, 01:00"]
        );
        let day = json!({ "starts": "2016-11-02" });
        let days = json!({ "starts": "2016-11-02", "ends": "2016-11-03" });
        assert_eq!(
            told(&day, &days),
            ["Date: Wednesday 2 November 2016 → \
              Wednesday 2 November 2016 to Thursday 3 November 2016"]
        );
    }

    #[test]
    fn what_comes_and_goes_is_told_in_words() {
        let mut other =
            with("speakers", json!([{ "name": "Bo" }, { "name": "Cho", "role": "MP" }]));
        other["admission"] = "Free".into();
        assert_eq!(
            told(&talk(), &other),
            [
                "Admission: nothing → Free",
                "Speakers: Ana Example, University of Example → Bo; Cho, MP"
            ]
        );
        let zone = with("timezone", "Asia/Seoul".into());
        assert_eq!(
            told(&talk(), &zone),
            ["Time: 17:00–18:30 (Europe/London) → 17:00–18:30 (Asia/Seoul)"]
        );
        let same = with("timezone", "Europe/London".into());
        assert_eq!(told(&talk(), &same), [""; 0], "it was in that zone before");
    }
}

//! Dates and times as people write them in the language of a draft.

use jiff::civil::{Date, DateTime, Time, Weekday};

/// How a language writes dates.
struct Language {
    tag: &'static str,
    /// Monday first.
    weekdays: [&'static str; 7],
    months: [&'static str; 12],
    /// `{w}` weekday, `{d}` day, `{m}` month by name, `{n}` month by number, `{y}` year.
    long: &'static str,
    short: &'static str,
}

const NO_MONTHS: [&str; 12] = [""; 12];

const LANGUAGES: [Language; 7] = [
    Language {
        tag: "en",
        weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        months: [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        long: "{w} {d} {m} {y}",
        short: "{d} {m} {y}",
    },
    Language {
        tag: "ko",
        weekdays: ["월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"],
        months: NO_MONTHS,
        long: "{y}년 {n}월 {d}일 {w}",
        short: "{y}년 {n}월 {d}일",
    },
    Language {
        tag: "ja",
        weekdays: ["月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日", "日曜日"],
        months: NO_MONTHS,
        long: "{y}年{n}月{d}日 {w}",
        short: "{y}年{n}月{d}日",
    },
    Language {
        tag: "zh",
        weekdays: ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"],
        months: NO_MONTHS,
        long: "{y}年{n}月{d}日 {w}",
        short: "{y}年{n}月{d}日",
    },
    Language {
        tag: "fr",
        weekdays: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
        months: [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
        long: "{w} {d} {m} {y}",
        short: "{d} {m} {y}",
    },
    Language {
        tag: "de",
        weekdays: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
        months: [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
        long: "{w}, {d}. {m} {y}",
        short: "{d}. {m} {y}",
    },
    Language {
        tag: "es",
        weekdays: ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
        months: [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        long: "{w}, {d} de {m} de {y}",
        short: "{d} de {m} de {y}",
    },
];

/// `Wednesday 2 November 2016`. A language that is not known gets `2016-11-02`.
pub(crate) fn long(value: &str, language: &str) -> Result<String, String> {
    let date = date_of(value)?;
    Ok(find(language).map_or_else(|| date.to_string(), |known| fill(known, known.long, date)))
}

/// `2 November 2016`. A language that is not known gets `2016-11-02`.
pub(super) fn short(value: &str, language: &str) -> Result<String, String> {
    let date = date_of(value)?;
    Ok(find(language).map_or_else(|| date.to_string(), |known| fill(known, known.short, date)))
}

/// `17:00`.
pub(crate) fn time(value: &str) -> Result<String, String> {
    let value = value.trim();
    let time = if value.contains(['T', 't', ' ']) {
        value.parse::<DateTime>().ok().map(DateTime::time)
    } else {
        value.contains(':').then(|| value.parse::<Time>().ok()).flatten()
    };
    let time =
        time.ok_or_else(|| format!("`{value}` has no time of day such as `2016-11-02 17:00`"))?;
    Ok(format!("{:02}:{:02}", time.hour(), time.minute()))
}

fn date_of(value: &str) -> Result<Date, String> {
    let value = value.trim();
    value
        .parse::<DateTime>()
        .map(DateTime::date)
        .map_err(|_| format!("`{value}` is not a date such as `2016-11-02`"))
}

fn find(tag: &str) -> Option<&'static Language> {
    let primary = tag.split(['-', '_']).next().unwrap_or(tag);
    LANGUAGES.iter().find(|language| language.tag.eq_ignore_ascii_case(primary))
}

fn fill(language: &Language, pattern: &str, date: Date) -> String {
    let weekday = match date.weekday() {
        Weekday::Monday => 0,
        Weekday::Tuesday => 1,
        Weekday::Wednesday => 2,
        Weekday::Thursday => 3,
        Weekday::Friday => 4,
        Weekday::Saturday => 5,
        Weekday::Sunday => 6,
    };
    let month = usize::try_from(date.month() - 1).unwrap_or_default();
    pattern
        .replace("{w}", language.weekdays[weekday])
        .replace("{d}", &date.day().to_string())
        .replace("{m}", language.months[month])
        .replace("{n}", &date.month().to_string())
        .replace("{y}", &date.year().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read_in_the_language_of_the_draft() {
        let written = |language| long("2016-11-02T17:00:00", language).unwrap();
        assert_eq!(written("en-GB"), "Wednesday 2 November 2016");
        assert_eq!(written("ko"), "2016년 11월 2일 수요일");
        assert_eq!(written("de-AT"), "Mittwoch, 2. November 2016");
        assert_eq!(written("tlh"), "2016-11-02");
        assert_eq!(short("2016-11-02", "en").unwrap(), "2 November 2016");
    }

    #[test]
    fn a_time_needs_a_time_of_day() {
        assert_eq!(time("2016-11-02T17:00:00").unwrap(), "17:00");
        assert_eq!(time("09:05").unwrap(), "09:05");
        assert!(time("2016-11-02").is_err());
        assert!(long("2 November", "en").is_err());
    }
}

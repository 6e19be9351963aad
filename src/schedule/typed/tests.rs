//! Times as people type them on a Thursday morning in London.

use super::*;

/// A Thursday.
const NOW: &str = "2026-11-26T10:00:00Z";

fn read_now(text: &str) -> Result<Moment, Diagnostic> {
    read(text, NOW.parse().unwrap(), &TimeZone::get("Europe/London").unwrap())
}

fn local(text: &str) -> String {
    read_now(text).map_or_else(|fault| fault.to_string(), |moment| moment.local.to_string())
}

fn fault(text: &str) -> (String, String) {
    let fault = read_now(text).expect_err(text);
    (fault.message, fault.hint.expect("every fault says what to do"))
}

#[test]
fn one_time_is_typed_in_many_ways() {
    for text in [
        "2026-12-10 08:00",
        "2026-12-10T08:00",
        "2026-12-10 8:00",
        "  2026-12-10   08:00 ",
        "Thu 2026-12-10 08:00",
        "thu, 2026-12-10 08.00",
        "THURSDAY 2026-12-10 at 8am",
        "Thurs. 10 Dec 2026, 8 am",
        "10 December 2026 08:00",
        "10 Dec 2026 at 08:00",
        "Thursday, 10th December 2026 at 8:00 a.m.",
        "December 10, 2026 8:00am",
        "08:00 on Thursday the 10th December 2026",
    ] {
        assert_eq!(local(text), "2026-12-10T08:00:00", "{text}");
    }
}

#[test]
fn noon_and_midnight_are_twelve() {
    for (text, time) in [
        ("today 12pm", "12:00:00"),
        ("today 12am", "00:00:00"),
        ("today 12:30 am", "00:30:00"),
        ("today 5pm", "17:00:00"),
        ("today 11:59pm", "23:59:00"),
    ] {
        assert_eq!(local(text), format!("2026-11-26T{time}"), "{text}");
    }
}

#[test]
fn days_are_counted_from_now() {
    for (text, day) in [
        ("today 17:00", "2026-11-26T17:00:00"),
        ("today 08:00", "2026-11-26T08:00:00"),
        ("tomorrow 08:00", "2026-11-27T08:00:00"),
        ("Friday tomorrow 08:00", "2026-11-27T08:00:00"),
        ("Fri 08:00", "2026-11-27T08:00:00"),
        ("wednesday 08:00", "2026-12-02T08:00:00"),
        // Today, as long as it is to come.
        ("Thursday 10:01", "2026-11-26T10:01:00"),
        ("Thursday 10:00", "2026-12-03T10:00:00"),
        ("Thursday 08:00", "2026-12-03T08:00:00"),
    ] {
        assert_eq!(local(text), day, "{text}");
    }
}

#[test]
fn the_day_is_that_of_the_senders_zone() {
    // In Seoul it is Friday already.
    let seoul = TimeZone::get("Asia/Seoul").unwrap();
    let moment = read("today 08:00", "2026-11-26T20:00:00Z".parse().unwrap(), &seoul);
    assert_eq!(moment.unwrap().at.to_string(), "2026-11-26T23:00:00Z");
}

#[test]
fn what_is_wrong_is_named_with_the_way_to_write_it() {
    let example = "write it as `Fri 2026-11-27 08:00` or `tomorrow 08:00`, in the time of \
                   Europe/London";
    for (text, message, hint) in [
        (
            "Fri 2026-12-10 08:00",
            "10 December 2026 is a Thursday, not a Friday",
            "write `Fri 2026-12-11 08:00`, or `Thu 2026-12-10 08:00` for the day that you have \
             written",
        ),
        ("8:00", "`8:00` names no day", "the next one is `tomorrow 08:00`"),
        ("noon", "`noon` names no day", "the next one is `today 12:00`"),
        ("5pm", "`5pm` names no day", "the next one is `today 17:00`"),
        ("Friday", "`Friday` names no time of day", "write it too: `Friday 08:00`"),
        (
            "10 December 08:00",
            "`10 December 08:00` names no year",
            "the next one is `Thu 2026-12-10 08:00`",
        ),
        (
            "1 March 08:00",
            "`1 March 08:00` names no year",
            "the next one is `Mon 2027-03-01 08:00`",
        ),
        ("29 February 08:00", "`29 February 08:00` names no year", example),
        ("2027-02-29 08:00", "there is no `29 February 2027`", "February 2027 has 28 days"),
        ("31 November 2026 08:00", "there is no `31 November 2026`", "November 2026 has 30 days"),
        ("2026-13-01 08:00", "there is no month `13`", example),
        ("today 24:00", "`24:00` is no time of day", example),
        ("today 13pm", "`13pm` is no time of day", example),
        ("today 08:60", "`08:60` is no time of day", example),
        (
            "2026-12-10 08:00:30",
            "`08:00:30` names seconds, and mail goes out by the minute",
            example,
        ),
        ("next Friday 08:00", "`next` is not understood in `next Friday 08:00`", example),
        (
            "10/12/2026 08:00",
            "`10/12/2026` could be two days",
            "write `2026-12-10` or `2026-10-12`, as you mean it",
        ),
        ("25/12/2026 08:00", "`25/12/2026` is not understood in `25/12/2026 08:00`", example),
        (
            "tomorow 08:00",
            "`tomorow` is not understood in `tomorow 08:00`",
            "did you mean `tomorrow`?",
        ),
        (
            "tomorrow 8",
            "`tomorrow 8` names no time of day",
            "write it with its minutes: `tomorrow 08:00`",
        ),
        ("2026-12-10 08:00Z", "`08:00z` is not understood in `2026-12-10 08:00Z`", example),
        ("soon", "`soon` is not understood as a time", example),
        ("", "no time is given", example),
        (" at ", "`at` names no time of day", "write it too: `at 08:00`"),
        ("today 08:00 09:00", "`09:00` is one too many in `today 08:00 09:00`", example),
        (
            "today 2026-12-10 08:00",
            "`2026-12-10` is one too many in `today 2026-12-10 08:00`",
            example,
        ),
        ("today 10 Dec 08:00", "`today 10 Dec 08:00` names two days", example),
        ("10 2026 08:00", "`10 2026 08:00` names no whole date", example),
        ("9999-12-31 23:59", "`9999-12-31 23:59` is too far away", example),
    ] {
        assert_eq!(fault(text), (message.to_owned(), hint.to_owned()), "{text}");
    }
}

#[test]
fn a_time_that_clocks_leave_out_or_show_twice_is_told() {
    let moment = read_now("2027-03-28 01:30").unwrap();
    assert_eq!(
        moment.remark().as_deref(),
        Some("clocks go forward that day and leave `01:30` out: it goes out at 02:00")
    );
    let moment = read_now("2027-10-31 01:30").unwrap();
    assert_eq!(
        moment.remark().as_deref(),
        Some("clocks go back that day and show `01:30` twice: it goes out the first time")
    );
    assert_eq!(read_now("2027-10-31 02:00").unwrap().remark(), None);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_fail_otherwise(text in "[0-9a-z:. ,T-]{0,24}|\\PC{0,16}") {
        if let Err(fault) = read_now(&text) {
            proptest::prop_assert!(fault.hint.is_some());
        }
    }

    #[test]
    fn a_date_is_read_as_it_is_shown(
        day in 0_i64..40_000, minute in 0_i64..1440, form in 0_usize..5,
    ) {
        let local = civil::date(1990, 1, 1).at(0, 0, 0, 0) + day.days() + minute.minutes();
        let form = [
            "%Y-%m-%d %H:%M", "%a %Y-%m-%dT%H:%M", "%A, %-d %B %Y at %-I:%M %p",
            "%-d %b %Y %H.%M", "%B %d, %Y %I:%M%P",
        ][form];
        let text = local.strftime(form).to_string();
        proptest::prop_assert_eq!(read_now(&text).map(|moment| moment.local), Ok(local));
    }
}

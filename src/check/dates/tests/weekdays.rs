//! The right weekday is silent and each wrong one is found, for any date in any form.

use jiff::{Span, civil::date};
use proptest::prelude::*;

use super::{
    fill::{Facts, fill},
    *,
};

const FORMS: [(&str, &str); 14] = [
    ("en-GB", "{Thursday} {3} {December} {2026}"),
    ("en-GB", "{Thursday}, {December} {3rd}, {2026}"),
    ("en-GB", "the {3rd} of {December} {2026} ({Thursday})"),
    ("en-GB", "{Thu} {3}/{12}/{2026}"),
    ("en-GB", "{Thu}. {3} {Dec} {2026}"),
    ("en-US", "{Thurs} {12}/{3}/{2026}"),
    ("en-US", "{2026}-{12}-{03}, {Thursday}"),
    ("ko", "{2026}년 {12}월 {3}일({목})"),
    ("ko", "{2026}년 {12}월 {3}일 {목요일}"),
    ("ko", "{2026}.{12}.{3}({목})"),
    ("de", "{Donnerstag}, den {3}. {Dezember} {2026}"),
    ("de", "{Do} {3}.{12}.{2026}"),
    ("en-GB", "{Thursday} {3} {December}"),
    ("ko", "{12}/{3}({목})"),
];

proptest! {
    #[test]
    fn only_the_right_weekday_is_silent(days in 0_i64..25_900, form in 0..FORMS.len(), off in 0_i64..7) {
        let day = date(1990, 1, 1).checked_add(Span::new().days(days)).unwrap();
        let (language, form) = FORMS[form];
        let facts = Facts {
            day, starts: (17, 0), ends: (18, 30), room: 1, deadline: day, weekday_off: off,
        };
        let said = fill(form, &facts);
        let text = format!(
            "---\nkind: article\nsubject: S\nlists: [members]\nlanguage: {language}\n\
             send_at: {day} 09:00\n---\nText: {said}, and so on.\n"
        );
        let found = findings(&text, None);
        let found: Vec<&Finding> = found.iter().filter(|found| found.rule.code == "B4").collect();
        prop_assert_eq!(found.len(), usize::from(off != 0), "{}: {:?}", said, found);
    }
}

//! The constants of a campaign, as templates see them.

use serde_json::{Map, Value, json};

use super::Input;
use crate::draft::Draft;

/// `draft`, `event`, `sender` and `calendar`. What a draft may leave out and does is null.
pub(super) fn constants(input: &Input<'_>, language: &str) -> Value {
    let front = &input.draft.front;
    let mut draft = front.fields.clone();
    let event = draft.get("event").and_then(Value::as_object).map(event);
    let mut put = |name: &str, value: Value| draft.insert(name.to_owned(), value);
    put("subject", front.subject.value.clone().into());
    put("preheader", front.preheader.as_ref().map(|text| text.value.clone()).into());
    put("kind", front.kind.value.clone().into());
    put("language", language.into());
    put("dir", direction(language).into());
    put("attachments", attachments(input.draft));
    put("author", front.author.as_ref().map(|author| json!(author)).into());
    let sender = serde_json::to_value(input.sender).unwrap_or_default();
    let mut root = Map::new();
    root.insert("draft".to_owned(), draft.into());
    root.insert("event".to_owned(), event.into());
    root.insert("sender".to_owned(), sender);
    root.insert("calendar".to_owned(), input.calendar.map(|calendar| json!(calendar)).into());
    root.into()
}

/// The event, and whether it is on whole days.
fn event(fields: &Map<String, Value>) -> Value {
    let mut event = fields.clone();
    let starts = fields.get("starts").and_then(Value::as_str);
    let is_date = starts.is_some_and(|starts| !starts.contains('T'));
    event.entry("all_day").or_insert(is_date.into());
    event.into()
}

/// The language of a draft, or its sender's.
pub(super) fn language(input: &Input<'_>) -> String {
    let own = input.draft.front.language.as_ref().map(|language| &language.value);
    own.unwrap_or(&input.sender.language).clone()
}

/// `rtl` for languages written from right to left. A script subtag decides first (RFC 5646 §2.2.3).
fn direction(language: &str) -> &'static str {
    const LANGUAGES: [&str; 11] =
        ["ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ur", "yi"];
    const SCRIPTS: [&str; 5] = ["arab", "hebr", "syrc", "thaa", "nkoo"];
    let language = language.to_ascii_lowercase();
    let mut subtags = language.split(['-', '_']);
    let primary = subtags.next().unwrap_or_default();
    let script = subtags.find(|subtag| subtag.len() == 4);
    let is_rtl = script.map_or(LANGUAGES.contains(&primary), |script| SCRIPTS.contains(&script));
    if is_rtl { "rtl" } else { "ltr" }
}

fn attachments(draft: &Draft) -> Value {
    let named = draft.front.attachments.iter().map(|attachment| {
        let file = &attachment.file.value;
        let name = file.rsplit('/').next().unwrap_or(file);
        json!({ "title": attachment.title.as_deref().unwrap_or(name), "name": name })
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_and_language_decide_the_direction() {
        assert_eq!(direction("en-GB"), "ltr");
        assert_eq!(direction("ar"), "rtl");
        assert_eq!(direction("fa-IR"), "rtl");
        assert_eq!(direction("az-Arab"), "rtl");
        assert_eq!(direction("ks-Deva"), "ltr");
    }
}

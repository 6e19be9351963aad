//! What a subject begins with before it names the matter.

const LABELS: [&str; 7] =
    ["event", "invitation", "programme", "program", "cancelled", "reminder", "save the date"];

/// `Event: The hidden revolution` without its label; other colons are part of a title.
pub fn without_label(subject: &str) -> &str {
    let subject = subject.trim();
    match subject.split_once(':') {
        Some((label, title)) if LABELS.contains(&label.trim().to_lowercase().as_str()) => {
            Some(title.trim()).filter(|title| !title.is_empty()).unwrap_or(subject)
        }
        _ => subject,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_label_is_taken_off_a_subject() {
        for (subject, title) in [
            ("Invitation: a talk", "a talk"),
            ("Save the date : a talk", "a talk"),
            ("North Korea: a talk", "North Korea: a talk"),
            ("Event:", "Event:"),
        ] {
            assert_eq!(without_label(subject), title);
        }
    }
}

//! The seven samples: whole, light, accessible, and loading nothing from anywhere.

use std::{fs, path::Path, process::Command, sync::LazyLock};

use crate::{readme::sample_newsroom, workspace::emails};

/// Slug and HTML part of the first mail of every sample, rehearsed once for all tests.
fn samples() -> &'static [(String, String)] {
    static SAMPLES: LazyLock<Vec<(String, String)>> = LazyLock::new(rehearse);
    &SAMPLES
}

fn rehearse() -> Vec<(String, String)> {
    let newsroom = sample_newsroom();
    let mut slugs: Vec<String> = fs::read_dir(newsroom.path().join("drafts"))
        .expect("drafts")
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".md").map(str::to_owned))
        .collect();
    slugs.sort();
    slugs
        .into_iter()
        .map(|slug| {
            let html = html(&first_mail(newsroom.path(), &slug));
            (slug, html)
        })
        .collect()
}

fn first_mail(newsroom: &Path, slug: &str) -> String {
    let sent = Command::new(env!("CARGO_BIN_EXE_announce"))
        .args(["send", slug, "--yes"])
        .current_dir(newsroom)
        .output()
        .expect("to run");
    assert!(sent.status.success(), "{slug}: {sent:#?}");
    emails(&newsroom.join(".announce/sandbox")).swap_remove(0)
}

/// The HTML part, its quoted-printable (RFC 2045 §6.7) undone.
fn html(mail: &str) -> String {
    let part = mail.split("Content-Type: text/html").nth(1).expect("an HTML part");
    let body = part.split_once("\r\n\r\n").expect("a body").1;
    let body = body.split("\r\n--=_").next().expect("an end").replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = body.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'=' {
            let digits = [rest.next().expect("two digits"), rest.next().expect("two digits")];
            let digits = std::str::from_utf8(&digits).expect("ASCII");
            bytes.push(u8::from_str_radix(digits, 16).expect("hexadecimal digits"));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// All tags of this name, whole.
fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let open = format!("<{name}");
    let begins = html.match_indices(&open).filter(|(at, _)| {
        html[at + open.len()..].starts_with(|next: char| !next.is_alphanumeric())
    });
    begins.map(|(at, _)| html[at..].split('>').next().unwrap_or_default()).collect()
}

#[test]
fn there_are_seven_and_each_is_below_60_kb() {
    let samples = samples();
    assert_eq!(samples.len(), 7);
    for (slug, html) in samples {
        assert!(html.len() < 60_000, "{slug}: {} bytes", html.len());
    }
}

#[test]
fn they_load_nothing_from_anywhere() {
    for (slug, html) in samples() {
        for picture in tags(html, "img") {
            assert!(picture.contains("src=\"cid:"), "{slug}: {picture}");
        }
        for remote in ["<link", "<script", "<iframe", "@import", "@font-face", "url("] {
            assert!(!html.contains(remote), "{slug} has {remote}");
        }
    }
}

#[test]
fn they_can_be_read_by_ear_and_by_keyboard() {
    for (slug, html) in samples() {
        let page = tags(html, "html")[0];
        assert!(page.contains("lang=\"en-GB\"") && page.contains("dir=\"ltr\""), "{slug}: {page}");
        assert_eq!(tags(html, "h1").len(), 1, "{slug} has one title");
        for table in html.split("<table").skip(1) {
            // One that is no layout is a table to be read, and says so with a head.
            let (tag, inside) = table.split_once('>').expect("a whole tag");
            let is_data = inside.trim_start().starts_with("<thead");
            assert!(is_data || tag.contains("role=\"presentation\""), "{slug}: {tag}");
        }
        for picture in tags(html, "img") {
            assert!(
                picture.contains(" alt=\"") && picture.contains(" width="),
                "{slug}: {picture}"
            );
        }
        let levels: Vec<u8> = html
            .match_indices("<h")
            .filter_map(|(at, _)| html.as_bytes().get(at + 2).copied())
            .filter(u8::is_ascii_digit)
            .collect();
        let steps = levels.windows(2).all(|pair| pair[1] <= pair[0] + 1);
        assert!(steps, "{slug} skips a level of headings: {levels:?}");
    }
}

#[test]
fn they_say_who_writes_why_and_how_to_leave() {
    for (slug, html) in samples() {
        for text in ["APPG on North Korea", "London SW1A 0AA", "You receive this", "Unsubscribe"] {
            assert!(html.contains(text), "{slug} does not say `{text}`");
        }
        assert!(html.contains("href=\"mailto:unsubscribe@appg.example?subject="), "{slug}");
    }
}

//! What a file is.

use super::Error;

/// File name extensions, lower-case, with their media types (IANA).
const BY_EXTENSION: &[(&str, &str)] = &[
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("epub", "application/epub+zip"),
    ("gif", "image/gif"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("hwp", "application/x-hwp"),
    ("hwpx", "application/hwp+zip"),
    ("ics", "text/calendar"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("m4a", "audio/mp4"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("rtf", "application/rtf"),
    ("svg", "image/svg+xml"),
    ("txt", "text/plain"),
    ("webp", "image/webp"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("zip", "application/zip"),
];

/// The media type of a file: by its first bytes where they are certain, else by its extension,
/// else `application/octet-stream`. Messages (`.eml`) are octets too: base64 must not be applied
/// to `message/rfc822` (RFC 2046 §5.2.1).
pub fn media_type(file_name: &str, bytes: &[u8]) -> &'static str {
    let extension = file_name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let by_extension = || {
        let known = |(name, _): &&(&str, &str)| name.eq_ignore_ascii_case(extension);
        BY_EXTENSION.iter().find(known).map(|(_, media_type)| *media_type)
    };
    by_signature(bytes).or_else(by_extension).unwrap_or("application/octet-stream")
}

/// The formats whose first bytes say it all.
fn by_signature(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("application/pdf"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

/// Refuses what is not `type/subtype` (RFC 2045 §5.1), and the types that must not be base64.
pub(super) fn check(media_type: &str) -> Result<(), Error> {
    let is_token = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b))
    };
    let is_leaf =
        |name: &str| !["multipart", "message"].iter().any(|t| name.eq_ignore_ascii_case(t));
    match media_type.split_once('/') {
        Some((name, subtype)) if is_token(name) && is_token(subtype) && is_leaf(name) => Ok(()),
        _ => {
            let expected = "a media type such as `image/png`";
            Err(Error::Invalid { header: "Content-Type", expected })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_prevails_over_the_name() {
        assert_eq!(media_type("photo.jpg", b"\x89PNG\r\n\x1a\n..."), "image/png");
        assert_eq!(media_type("programme", b"%PDF-1.7"), "application/pdf");
        assert_eq!(media_type("Papers.PDF", b""), "application/pdf");
        assert_eq!(media_type("list.csv", b"a,b"), "text/csv");
    }

    #[test]
    fn the_unknown_is_octets() {
        for name in ["", "README", "x.", "tool.exe", "old.eml", "pdf"] {
            assert_eq!(media_type(name, b"?"), "application/octet-stream", "{name}");
        }
    }

    #[test]
    fn every_guess_is_a_sound_media_type() {
        for (_, media_type) in BY_EXTENSION {
            assert_eq!(check(media_type), Ok(()), "{media_type}");
        }
        for bad in [
            "",
            "pdf",
            "a/",
            "/b",
            "a/b; c=d",
            "a/b\r\nBcc: x",
            "multipart/mixed",
            "message/rfc822",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}

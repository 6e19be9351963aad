//! Reads files of a workspace, and says in its words why one cannot be read.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use crate::diagnostic::{Diagnostic, Source};

/// Drafts, templates and settings are texts that people write.
pub(super) const MAX_TEXT_BYTES: u64 = 1024 * 1024;

/// The whole of a regular file, at most `limit` bytes. A device or a pipe is refused unopened:
/// opening a pipe would wait for its writer.
pub(super) fn bytes(path: &Path, shown: &str, limit: u64) -> Result<Vec<u8>, Diagnostic> {
    let unreadable = |error: io::Error| {
        Diagnostic::new(format!("`{shown}` cannot be read: {}", reason(&error)))
            .hint("check the path and its permissions")
    };
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(Diagnostic::new(format!("`{shown}` is not a regular file"))
            .hint("only files are read, no folders and no devices"));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    // One byte more than the limit, so that a longer file shows.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit {
        let megabytes = limit / (1024 * 1024);
        let most =
            if megabytes == 0 { format!("{limit} bytes") } else { format!("{megabytes} MB") };
        return Err(Diagnostic::new(format!("`{shown}` is larger than {most}"))
            .hint("make it smaller, or link to it"));
    }
    Ok(bytes)
}

/// A text file, UTF-8.
pub(super) fn text(path: &Path, shown: &str) -> Result<Source, Diagnostic> {
    let text = String::from_utf8(bytes(path, shown, MAX_TEXT_BYTES)?).map_err(|error| {
        let position = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let line = bytes[..position].split(|byte| *byte == b'\n').count();
        let byte = bytes.get(position).copied().unwrap_or_default();
        Diagnostic::new(format!("byte 0x{byte:02X} is not UTF-8"))
            .at_line(shown, u64::try_from(line).unwrap_or(u64::MAX))
            .hint("save the file as UTF-8")
    })?;
    Ok(Source::new(shown, text))
}

/// Why the system refused, without its error numbers.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        kind => kind.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(content: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        fs::write(&path, content).unwrap();
        (folder, path)
    }

    #[test]
    fn a_file_of_exactly_the_limit_is_read_and_one_byte_more_is_not() {
        let (_folder, path) = with(b"12345");
        assert_eq!(bytes(&path, "x", 5).unwrap(), b"12345");
        assert_eq!(bytes(&path, "x", 4).unwrap_err().to_string(), "`x` is larger than 4 bytes");
    }

    #[test]
    fn folders_and_devices_are_refused() {
        let (folder, _) = with(b"");
        for path in [folder.path(), Path::new("/dev/zero")] {
            let fault = bytes(path, "x", 5).unwrap_err();
            assert_eq!(fault.to_string(), "`x` is not a regular file");
        }
    }

    #[test]
    fn text_that_is_not_utf8_names_line_and_byte() {
        let (_folder, path) = with(b"a\nb\xE9\n");
        let fault = text(&path, "drafts/x.md").unwrap_err();
        assert_eq!(fault.to_string(), "drafts/x.md:2: byte 0xE9 is not UTF-8");
    }
}

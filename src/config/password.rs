//! Where the SMTP password comes from. It is never an argument, never in `announce.toml`, and
//! never printed.

use std::{
    ffi::OsString,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use secrecy::{SecretString, zeroize::Zeroizing};

use super::file;
use crate::diagnostic::Diagnostic;

/// More is no password but a mistake.
const MAX_BYTES: u64 = 4096;

/// Where the password is to be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordSource {
    /// `password_command`: the first line that this program prints.
    Command(Vec<String>),
    /// `password_file`: the first line of a file that nobody else can read.
    File(PathBuf),
    /// The file `smtp-password` in `$CREDENTIALS_DIRECTORY` (systemd's `LoadCredential=`), else
    /// `$ANNOUNCE_SMTP_PASSWORD`.
    Environment,
}

impl PasswordSource {
    /// Fetches the password. Paths count from `root`, where the command also runs; `variable`
    /// reads the environment.
    pub fn resolve(
        &self,
        root: &Path,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<SecretString, Diagnostic> {
        let text = match self {
            Self::Command(words) => from_command(words, root)?,
            Self::File(path) => from_file(&root.join(path), &path.display().to_string())?,
            Self::Environment => from_environment(variable)?,
        };
        // `pass` and friends print comments after the first line.
        let password = text.lines().next().unwrap_or_default();
        if password.is_empty() {
            return Err(Diagnostic::new(format!("{} is empty", self.describe()))
                .hint("the password must be its first line"));
        }
        Ok(SecretString::from(password))
    }

    fn describe(&self) -> String {
        match self {
            Self::Command(words) => format!("the output of `{}`", program(words)),
            Self::File(path) => format!("`{}`", path.display()),
            Self::Environment => "the password in the environment".to_owned(),
        }
    }
}

/// The program without its arguments: they may say more than a log should know.
fn program(words: &[String]) -> &str {
    words.first().map_or("", String::as_str)
}

fn from_command(words: &[String], root: &Path) -> Result<Zeroizing<String>, Diagnostic> {
    let name = program(words);
    let output = Command::new(name)
        .args(words.iter().skip(1))
        .current_dir(root)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| {
            Diagnostic::new(format!("`{name}` cannot be run: {error}"))
                .hint("check `smtp.password_command` in `announce.toml`")
        })?;
    let printed = Zeroizing::new(output.stdout);
    if !output.status.success() {
        return Err(Diagnostic::new(format!("`{name}` gave no password: {}", output.status))
            .hint("run `smtp.password_command` yourself to see why"));
    }
    text(&printed, &format!("the output of `{name}`"))
}

fn from_file(path: &Path, shown: &str) -> Result<Zeroizing<String>, Diagnostic> {
    let readable = |error: std::io::Error| {
        Diagnostic::new(format!("`{shown}` cannot be read: {}", file::reason(&error)))
            .hint("put the password in its first line, `chmod 600`")
    };
    let mode = fs::metadata(path).map_err(readable)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(Diagnostic::new(format!(
            "others can read `{shown}` (mode {:o})",
            mode & 0o777
        ))
        .hint(format!("`chmod 600 {shown}`, and change the password if others were there")));
    }
    text(&Zeroizing::new(file::bytes(path, shown, MAX_BYTES)?), &format!("`{shown}`"))
}

fn from_environment(
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<Zeroizing<String>, Diagnostic> {
    let credential = variable("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    if let Some(path) =
        credential.map(|folder| folder.join("smtp-password")).filter(|path| path.exists())
    {
        // The service manager keeps others out; its mode bits may still say group.
        let shown = "$CREDENTIALS_DIRECTORY/smtp-password";
        return text(&Zeroizing::new(file::bytes(&path, shown, MAX_BYTES)?), shown);
    }
    let Some(value) = variable("ANNOUNCE_SMTP_PASSWORD") else {
        return Err(Diagnostic::new("there is no password for the mail server").hint(
            "set `smtp.password_command` or `smtp.password_file` in `announce.toml`, or the \
             variable ANNOUNCE_SMTP_PASSWORD",
        ));
    };
    text(value.as_encoded_bytes(), "ANNOUNCE_SMTP_PASSWORD")
}

fn text(bytes: &[u8], shown: &str) -> Result<Zeroizing<String>, Diagnostic> {
    let text = std::str::from_utf8(bytes).map_err(|_| {
        Diagnostic::new(format!("{shown} is not UTF-8")).hint("the password must be plain text")
    })?;
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    const CANARY: &str = "kan4rie";

    fn nothing(_: &str) -> Option<OsString> {
        None
    }

    fn command(script: &str) -> PasswordSource {
        PasswordSource::Command(vec!["sh".into(), "-c".into(), script.into()])
    }

    fn file_with(text: &str, mode: u32) -> (tempfile::TempDir, PasswordSource) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("smtp-password");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        (folder, PasswordSource::File("smtp-password".into()))
    }

    fn fault(source: &PasswordSource, root: &Path) -> String {
        let fault = source.resolve(root, nothing).unwrap_err();
        assert!(fault.hint.is_some());
        assert!(!format!("{fault:?}").contains(CANARY));
        fault.to_string()
    }

    #[test]
    fn a_command_gives_its_first_line() {
        let root = tempfile::tempdir().unwrap();
        let source = command("printf 'kan4rie\\nurl: x\\n'");
        let password = source.resolve(root.path(), nothing).unwrap();
        assert_eq!(password.expose_secret(), CANARY);
        assert!(!format!("{password:?}").contains(CANARY));
    }

    #[test]
    fn a_command_that_fails_says_so_without_its_output() {
        let root = tempfile::tempdir().unwrap();
        let shown = fault(&command("echo kan4rie; exit 3"), root.path());
        assert_eq!(shown, "`sh` gave no password: exit status: 3");
        assert_eq!(fault(&command("true"), root.path()), "the output of `sh` is empty");
        let missing = PasswordSource::Command(vec!["/nowhere/pass".into()]);
        assert!(fault(&missing, root.path()).starts_with("`/nowhere/pass` cannot be run: "));
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let (root, source) = file_with("kan4rie\n", 0o640);
        assert_eq!(fault(&source, root.path()), "others can read `smtp-password` (mode 640)");
    }

    #[test]
    fn a_private_file_gives_its_first_line() {
        let (root, source) = file_with("kan4rie\r\n", 0o600);
        let password = source.resolve(root.path(), nothing).unwrap();
        assert_eq!(password.expose_secret(), CANARY);
    }

    #[test]
    fn a_file_that_is_missing_or_empty_is_reported() {
        let (root, source) = file_with("\nkan4rie", 0o600);
        assert_eq!(fault(&source, root.path()), "`smtp-password` is empty");
        let missing = PasswordSource::File("nowhere".into());
        assert_eq!(fault(&missing, root.path()), "`nowhere` cannot be read: no such file");
    }

    #[test]
    fn the_credentials_directory_comes_before_the_variable() {
        let (folder, _) = file_with("from-file", 0o440);
        let root = folder.path().as_os_str().to_owned();
        let variable = |name: &str| match name {
            "CREDENTIALS_DIRECTORY" => Some(root.clone()),
            "ANNOUNCE_SMTP_PASSWORD" => Some("from-variable".into()),
            _ => None,
        };
        let resolve = || PasswordSource::Environment.resolve(folder.path(), variable).unwrap();
        assert_eq!(resolve().expose_secret(), "from-file");
        fs::remove_file(folder.path().join("smtp-password")).unwrap();
        assert_eq!(resolve().expose_secret(), "from-variable");
    }

    #[test]
    fn no_password_anywhere_says_where_to_put_one() {
        let root = tempfile::tempdir().unwrap();
        let shown = fault(&PasswordSource::Environment, root.path());
        assert_eq!(shown, "there is no password for the mail server");
    }
}

//! The one secret of a workspace, and the file it lives in.

use std::{
    fmt, fs,
    io::{self, Read as _, Write as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    str::FromStr,
};

use secrecy::{ExposeSecret as _, SecretBox};

use super::{
    base32,
    random::{NoRandomness, random},
};
use crate::diagnostic::Diagnostic;

/// Octets of a secret.
const SIZE: usize = 32;
/// Characters of its text form.
const TEXT_SIZE: usize = 52;

/// 256 random bits, from which everything in [`Keys`](super::Keys) is derived. As text it is one
/// line of 52 characters of base32, so that it can be printed, kept in a safe and typed in again.
pub struct Secret(SecretBox<[u8; SIZE]>);

/// Why there is no secret. What was found in its place is never shown.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// No file of that name.
    #[error("{}: there is no secret", .0.display())]
    Missing(PathBuf),
    /// A new secret would take the place of another.
    #[error("{}: there is a secret already", .0.display())]
    Exists(PathBuf),
    /// A symbolic link, a folder or a device.
    #[error("{}: the secret is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// Others than its owner may read it.
    #[error("{}: others can read the secret (its mode is {mode:04o})", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Something else stands in the file.
    #[error("{}: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: BadSecret,
    },
    /// The system refused.
    #[error("{}: the secret cannot be {action}: {reason}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// `read` or `written`.
        action: &'static str,
        /// What the system says.
        reason: io::Error,
    },
    /// There is nothing to make it of.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// Why a text is not a secret. The text is never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSecret {
    /// Nothing but white space.
    #[error("the secret is empty")]
    Empty,
    /// Too short or too long.
    #[error("the secret has {0} characters instead of 52")]
    Length(usize),
    /// Not base32.
    #[error("the secret has a character that is not `a` to `z` or `2` to `7`, or is mistyped")]
    Character,
}

impl SecretError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Missing(_) => {
                Some("restore it from the backup: without it the ledger cannot tell who got what")
            }
            Self::Exists(_) => Some("keep it: the ledger is useless without it"),
            Self::NotAFile(_) => Some("put the file itself there, not a link to it"),
            Self::Exposed { .. } => Some("run `chmod 600` on it"),
            Self::Malformed { .. } => Some(
                "restore it from the backup; only if nothing has ever been sent from here, delete it",
            ),
            Self::Unusable { .. } => Some("check who owns it and whether the disk is full"),
            Self::NoRandomness(_) => None,
        }
    }
}

impl From<SecretError> for Diagnostic {
    fn from(error: SecretError) -> Self {
        let diagnostic = Self::new(error.to_string());
        match error.hint() {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        }
    }
}

impl Secret {
    /// The secret of these bytes.
    pub fn from_bytes(bytes: [u8; SIZE]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    /// A secret that is nowhere stored: a dry run forgets it with everything made from it.
    pub fn throwaway() -> Result<Self, SecretError> {
        Ok(Self::from_bytes(random()?))
    }

    /// Reads a secret file. It must be a regular file that only its owner can read. A file under
    /// `$CREDENTIALS_DIRECTORY`, whose mode systemd decides, is to be read and parsed instead.
    pub fn load(path: &Path) -> Result<Self, SecretError> {
        let unusable = |reason| SecretError::Unusable { path: path.into(), action: "read", reason };
        let listed = match fs::symlink_metadata(path) {
            Ok(listed) => listed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(SecretError::Missing(path.into()));
            }
            Err(error) => return Err(unusable(error)),
        };
        if !listed.is_file() {
            return Err(SecretError::NotAFile(path.into()));
        }
        let file = fs::File::open(path).map_err(unusable)?;
        let opened = file.metadata().map_err(unusable)?;
        // A link put in its place between the two looks would lead elsewhere.
        if (opened.dev(), opened.ino()) != (listed.dev(), listed.ino()) {
            return Err(SecretError::NotAFile(path.into()));
        }
        let mode = opened.mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(SecretError::Exposed { path: path.into(), mode });
        }
        let mut text = String::new();

        match file.take(4096).read_to_string(&mut text) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                let reason = BadSecret::Character;
                return Err(SecretError::Malformed { path: path.into(), reason });
            }
            Err(error) => return Err(unusable(error)),
        }
        text.parse().map_err(|reason| SecretError::Malformed { path: path.into(), reason })
    }

    /// Makes a new secret and stores it, durable before this returns. The file appears whole or
    /// not at all, readable by its owner only, and never in the place of another.
    pub fn create(path: &Path) -> Result<Self, SecretError> {
        let unusable =
            |reason| SecretError::Unusable { path: path.into(), action: "written", reason };
        let secret = Self::from_bytes(random()?);
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        // A temporary file has mode 0600 from the start.
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(unusable)?;
        writeln!(file, "{}", secret.to_text()).map_err(unusable)?;
        file.as_file().sync_all().map_err(unusable)?;
        file.persist_noclobber(path).map_err(|failed| match failed.error.kind() {
            io::ErrorKind::AlreadyExists => SecretError::Exists(path.into()),
            _ => unusable(failed.error),
        })?;
        fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(unusable)?;
        Ok(secret)
    }

    pub(super) fn expose(&self) -> &[u8; SIZE] {
        self.0.expose_secret()
    }

    fn to_text(&self) -> String {
        base32::encode(self.expose())
    }
}

/// Reads the text form, surrounding white space aside.
impl FromStr for Secret {
    type Err = BadSecret;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "" => Err(BadSecret::Empty),
            text if text.chars().count() != TEXT_SIZE => {
                Err(BadSecret::Length(text.chars().count()))
            }
            text => base32::decode(text).map(Self::from_bytes).ok_or(BadSecret::Character),
        }
    }
}

/// Shows nothing.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    /// A secret file with this content and mode.
    fn stored(folder: &tempfile::TempDir, content: &[u8], mode: u32) -> PathBuf {
        let path = folder.path().join("secret");
        fs::write(&path, content).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("permitted");
        path
    }

    /// The fault without the folder's name.
    fn fault(path: &Path) -> String {
        let fault = Secret::load(path).expect_err("a fault");
        let folder = format!("{}/", path.parent().expect("a folder").display());
        fault.to_string().replace(&folder, "")
    }

    #[test]
    fn a_new_secret_is_private_and_comes_back() {
        let folder = folder();
        let path = folder.path().join("secret");
        let made = Secret::create(&path).expect("made");
        assert_eq!(Secret::load(&path).expect("loaded").expose(), made.expose());
        assert_eq!(fs::metadata(&path).expect("a file").mode() & 0o7777, 0o600);
        let text = fs::read_to_string(&path).expect("text");
        assert_eq!((text.len(), text.lines().count()), (53, 1));
        let other = Secret::create(&folder.path().join("other")).expect("made");
        assert_ne!(other.expose(), made.expose());
    }

    #[test]
    fn a_secret_never_takes_the_place_of_another() {
        let folder = folder();
        let path = folder.path().join("secret");
        let made = Secret::create(&path).expect("made");
        assert!(matches!(Secret::create(&path), Err(SecretError::Exists(_))));
        assert_eq!(Secret::load(&path).expect("loaded").expose(), made.expose());
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn a_secret_that_others_could_read_is_refused() {
        let folder = folder();
        let text = Secret::from_bytes([7; 32]).to_text();
        for mode in [0o640, 0o604, 0o620, 0o666] {
            let path = stored(&folder, text.as_bytes(), mode);
            assert_eq!(
                fault(&path),
                format!("secret: others can read the secret (its mode is {mode:04o})")
            );
        }
        let read_only = stored(&folder, format!("  {}\r\n", text.to_uppercase()).as_bytes(), 0o400);
        assert_eq!(Secret::load(&read_only).expect("loaded").expose(), &[7; 32]);
    }

    #[test]
    fn what_is_no_file_is_refused() {
        let folder = folder();
        let path = stored(&folder, Secret::from_bytes([7; 32]).to_text().as_bytes(), 0o600);
        let link = folder.path().join("link");
        symlink(&path, &link).expect("linked");
        assert_eq!(fault(&link), "link: the secret is not a regular file");
        let nested = folder.path().join("nested");
        fs::create_dir(&nested).expect("a folder");
        assert_eq!(fault(&nested), "nested: the secret is not a regular file");
        assert_eq!(fault(&folder.path().join("none")), "none: there is no secret");
    }

    #[test]
    fn damaged_secrets_are_named_and_not_shown() {
        let folder = folder();
        let good = Secret::from_bytes([7; 32]).to_text();
        for (content, expected) in [
            (Vec::new(), "secret: the secret is empty".to_owned()),
            (b" \n".to_vec(), "secret: the secret is empty".to_owned()),
            (
                good.as_bytes()[..40].to_vec(),
                "secret: the secret has 40 characters instead of 52".to_owned(),
            ),
            (
                [good.as_bytes(), b"\n", good.as_bytes()].concat(),
                "secret: the secret has 105 characters instead of 52".to_owned(),
            ),
            (good.replace('a', "1").into_bytes(), format!("secret: {}", BadSecret::Character)),
            (vec![0xFF; 32], format!("secret: {}", BadSecret::Character)),
        ] {
            assert_eq!(fault(&stored(&folder, &content, 0o600)), expected);
        }
    }

    #[test]
    fn a_diagnostic_says_what_to_do() {
        let missing = Diagnostic::from(SecretError::Missing("secret".into()));
        assert_eq!(missing.to_string(), "secret: there is no secret");
        assert!(missing.hint.is_some_and(|hint| hint.contains("backup")));
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Secret::from_bytes([7; 32])), "Secret(..)");
    }
}

//! A workspace in a temporary folder and the binary run in it. Every run compares status, stdout
//! and stderr.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// A newsroom of its own, thrown away at the end.
pub(crate) struct Workspace {
    folder: TempDir,
}

/// The settings that most tests share; `SERVER` and `MORE` are filled in.
const SETTINGS: &str = r#"[sender]
name = "Example Group"
address = "news@group.example"
reply_to = "office@group.example"
postal_address = "1 Example Street, London"
timezone = "Europe/London"
language = "en-GB"

[smtp]
url = "SERVER"
MORE

[pace]
limit = "1000/s"

[lists]
members = { file = "lists/members.csv", title = "You are a member of the Example Group." }

[unsubscribe]
mailto = "unsubscribe@group.example"
"#;

/// A letter that uses one column.
pub(crate) const LETTER: &str = "---\nkind: letter\nsubject: A letter for {{first_name}}\n\
    preheader: What happened this month, and what comes next in our work\n\
    lists: [members]\n---\nDear {{first_name}},\n\n\
    Thank you for your support in this long and busy month.\n";

impl Workspace {
    /// A newsroom that mails its own sandbox: one letter, three members.
    pub(crate) fn new() -> Self {
        Self::with_server("sandbox:", "")
    }

    /// A newsroom that mails the server at `url`; `more` are further lines of `[smtp]`.
    pub(crate) fn with_server(url: &str, more: &str) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let workspace = Self { folder };
        workspace
            .file("announce.toml", SETTINGS.replace("SERVER", url).replace("MORE", more))
            .file("drafts/letter.md", LETTER)
            .members(&[
                ("ann@one.example", "Ann"),
                ("bob@two.example", "Bob"),
                ("cho@three.example", "Cho"),
            ]);
        workspace
    }

    /// Writes a file.
    pub(crate) fn file(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("to make a folder");
        fs::write(path, text).expect("to write a file");
        self
    }

    /// Replaces the list of members.
    pub(crate) fn members(&self, people: &[(&str, &str)]) -> &Self {
        let rows: String = people.iter().map(|(email, name)| format!("{email},{name}\n")).collect();
        self.file("lists/members.csv", format!("email,first_name\n{rows}"))
    }

    /// Changes a file by replacing a text that must be there.
    pub(crate) fn edit(&self, name: &str, from: &str, to: &str) -> &Self {
        let text = fs::read_to_string(self.path(name)).expect("a file to edit");
        assert!(text.contains(from), "{name} has no `{from}`");
        self.file(name, text.replace(from, to))
    }

    /// A path in the workspace.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `announce` with these arguments.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_in("", arguments, &[])
    }

    /// Runs `announce` in a folder of the workspace, with more environment.
    pub(crate) fn run_in(
        &self,
        folder: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Ran {
        let output = self.command(folder, arguments, environment).output().expect("to run");
        Ran::new(&output, self.folder.path(), arguments)
    }

    /// Another program, in the workspace and with what `announce` is to know of its surroundings.
    pub(crate) fn program(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(name);
        command
            .args(arguments)
            .current_dir(self.path(""))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("XDG_STATE_HOME", self.path(".xdg-state"))
            .stdin(Stdio::null());
        command
    }

    /// The command, for tests that need the process.
    pub(crate) fn command(
        &self,
        folder: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Command {
        let mut command = self.program(env!("CARGO_BIN_EXE_announce"), arguments);
        command.current_dir(self.path(folder)).envs(environment.iter().copied());
        command
    }

    /// The command, run by another program (`strace -f …`) that is given it as its last arguments.
    pub(crate) fn command_by(&self, wrapper: &[&str], arguments: &[&str]) -> Command {
        let mut command = self.program(wrapper[0], &wrapper[1..]);
        command.arg(env!("CARGO_BIN_EXE_announce")).args(arguments);
        command
    }

    /// Runs such a command.
    pub(crate) fn run_by(&self, wrapper: &[&str], arguments: &[&str]) -> Ran {
        let output = self.command_by(wrapper, arguments).output().expect("to run");
        Ran::new(&output, self.folder.path(), arguments)
    }

    /// The mails that the sandbox caught, in order of arrival.
    pub(crate) fn caught(&self) -> Vec<String> {
        emails(&self.path(".announce/sandbox"))
    }
}

/// The `.eml` files of a folder, by name.
pub(crate) fn emails(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).expect("a mail")).collect()
}

/// What a run ended with.
#[derive(Debug)]
pub(crate) struct Ran {
    command: String,
    /// Exit code; 128 and up when a signal ended it.
    pub(crate) status: i32,
    /// All of stdout, the workspace's path replaced by `[workspace]`.
    pub(crate) stdout: String,
    /// All of stderr, likewise.
    pub(crate) stderr: String,
}

impl Ran {
    fn new(output: &Output, root: &Path, arguments: &[&str]) -> Self {
        let text = |bytes: &[u8]| {
            String::from_utf8_lossy(bytes).replace(&root.display().to_string(), "[workspace]")
        };
        Self {
            command: format!("announce {}", arguments.join(" ")),
            status: output.status.code().unwrap_or(128),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// What a process that was started in `workspace` ended with.
    pub(crate) fn of(output: Output, workspace: &Workspace) -> Self {
        Self::new(&output, workspace.folder.path(), &[])
    }

    /// Compares everything at once and shows all of it when something differs.
    #[track_caller]
    pub(crate) fn ends(self, status: i32, stdout: &str, stderr: &str) -> Self {
        assert!(
            self.status == status && self.stdout == stdout && self.stderr == stderr,
            "{}\nstatus {} (expected {status})\n--- stdout\n{}--- expected\n{stdout}\
             --- stderr\n{}--- expected\n{stderr}---",
            self.command,
            self.status,
            self.stdout,
            self.stderr,
        );
        self
    }

    /// Compares the exit code and looks for texts on stderr.
    #[track_caller]
    pub(crate) fn fails(self, status: i32, texts: &[&str]) -> Self {
        assert_eq!(self.status, status, "{self:#?}");
        assert_eq!(self.stdout, "", "a failed command has no result: {self:#?}");
        for text in texts {
            assert!(self.stderr.contains(text), "no `{text}` in {self:#?}");
        }
        self
    }

    /// Compares the exit code alone: it did what it was told.
    #[track_caller]
    pub(crate) fn fails_not(self) -> Self {
        assert_eq!(self.status, 0, "{self:#?}");
        self
    }

    /// The JSON document on stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

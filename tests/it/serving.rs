//! A server of ours that runs while a test asks it things.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, ChildStdout, Command, Stdio},
};

/// A process that says in its first line where it is. It ends with the test.
pub(crate) struct Serving {
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// Its first line, without the end.
    pub(crate) first_line: String,
}

impl Serving {
    /// Starts `command` and waits for its first line.
    pub(crate) fn start(mut command: Command) -> Self {
        let spawned = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = spawned.expect("to run");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("its first line");
        Self { child, stdout, first_line: line.trim_end().to_owned() }
    }

    /// Sends SIGTERM; returns the rest of stdout, all of stderr, and the exit code.
    pub(crate) fn stop(mut self) -> (String, String, Option<i32>) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill").success());
        let (mut told, mut said) = (String::new(), String::new());
        self.stdout.read_to_string(&mut told).expect("the rest of stdout");
        let mut stderr = self.child.stderr.take().expect("a pipe");
        stderr.read_to_string(&mut said).expect("stderr");
        (told, said, self.child.wait().expect("an end").code())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! Where a run is killed, and how.

use std::{
    env,
    os::unix::process::ExitStatusExt as _,
    process::{Command, ExitStatus, Stdio},
    sync::OnceLock,
    thread,
};

use announce::sandbox::Journal;

const SIGKILL: i32 = 9;

/// Where a run is killed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kill {
    /// Nowhere.
    Never,
    /// Instead of a thread's Nth system call of this name. The ledger is written by one thread, the
    /// sockets are served by another, so that every call is the Nth for some N.
    Call(&'static str, usize),
    /// When the server has seen so many things more.
    Event(usize),
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Killed,
    Exit(i32),
}

impl From<ExitStatus> for Ended {
    fn from(status: ExitStatus) -> Self {
        match status.signal() {
            // `strace` dies of what its program died of.
            Some(SIGKILL) => Self::Killed,
            _ => Self::Exit(status.code().unwrap_or(128)),
        }
    }
}

impl Kill {
    /// Runs the command to its end or to the kill.
    pub(crate) fn run(self, mut command: Command, server: &Journal) -> Ended {
        match self {
            Self::Never => silent(&mut command).status().expect("to run").into(),
            Self::Call(name, number) => {
                silent(&mut traced(&command, name, number)).status().expect("strace").into()
            }
            Self::Event(number) => {
                let until = server.len() + number;
                let mut child = silent(&mut command).spawn().expect("to run");
                while server.len() < until && child.try_wait().expect("a child").is_none() {
                    thread::yield_now();
                }
                // It may have ended by itself meanwhile.
                let _ = child.kill();
                child.wait().expect("an end").into()
            }
        }
    }
}

fn silent(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}

/// The same command under `strace`, which kills it instead of the call.
fn traced(command: &Command, name: &str, number: usize) -> Command {
    let mut traced = Command::new("strace");
    traced
        .args(["-f", "-qq", "-o", "/dev/null", "-e"])
        .arg(format!("trace={name}"))
        .arg("-e")
        .arg(format!("inject={name}:signal=KILL:when={number}"))
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .env("TOKIO_WORKER_THREADS", "1");
    if let Some(folder) = command.get_current_dir() {
        traced.current_dir(folder);
    }
    traced
}

/// Whether `strace` works here. Where it does not that is said, and is a failure under `CI=true`.
pub(crate) fn has_strace() -> bool {
    static HAS: OnceLock<bool> = OnceLock::new();
    *HAS.get_or_init(|| {
        let mut tried = Command::new("strace");
        tried.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "true"]);
        let works = silent(&mut tried).status().is_ok_and(|status| status.success());
        if !works {
            eprintln!("NOT TESTED: kills at system calls, because strace is not here");
            assert!(env::var_os("CI").is_none_or(|ci| ci != "true"), "CI needs strace");
        }
        works
    })
}

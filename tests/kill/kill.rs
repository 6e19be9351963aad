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
    /// Instead of the Nth of these system calls of a thread. The ledger is written by one thread,
    /// the sockets are served by another, so that every call is the Nth for some N.
    Call(Calls, usize),
    /// When the server has seen so many things more.
    Event(usize),
}

/// System calls that leave a trace outside of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Calls {
    /// A page, or half of one, written to the ledger or its log.
    Page,
    /// The ledger, its log or the note of its generation brought to the disk.
    Sync,
    /// A file made, renamed, cut or removed: lock, secret, note of the generation, receipt, log.
    Name,
    /// The log of the ledger removed.
    Removal,
    /// Connecting, saying, hearing, hanging up.
    Socket,
}

impl Calls {
    fn names(self) -> &'static str {
        match self {
            Self::Page => "pwrite64",
            Self::Sync => "fsync,fdatasync",
            Self::Name => "rename,renameat,renameat2,link,linkat,mkdir,mkdirat,ftruncate",
            Self::Removal => "unlink,unlinkat",
            Self::Socket => {
                "connect,sendto,sendmsg,writev,recvfrom,recvmsg,readv,shutdown,setsockopt"
            }
        }
    }
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
            Self::Call(calls, number) => {
                silent(&mut traced(&command, calls, number)).status().expect("strace").into()
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
fn traced(command: &Command, calls: Calls, number: usize) -> Command {
    let names = calls.names();
    let mut traced = Command::new("strace");
    traced
        .args(["-f", "-qq", "-o", "/dev/null", "-e"])
        .arg(format!("trace={names}"))
        .arg("-e")
        .arg(format!("inject={names}:signal=KILL:when={number}"))
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

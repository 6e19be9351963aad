//! The password reaches the relay and nobody else.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    relay::{Relay, account, certificate},
    reliability::found,
    workspace::Workspace,
};

/// The password as it is, in base64, as `AUTH PLAIN` sends it, and in hexadecimal.
fn forms(password: &str) -> [String; 4] {
    let base64 = |text: String| {
        const ALPHABET: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let groups = text.as_bytes().chunks_exact(3);
        let digits = groups.flat_map(|group| {
            let bits = group.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
            [18, 12, 6, 0].map(|shift| char::from(ALPHABET[bits >> shift & 63]))
        });
        digits.collect::<String>()
    };
    let hexadecimal = password.bytes().map(|byte| format!("{byte:02x}")).collect();
    let plain = base64(format!("\0office\0{password}"));
    [password.to_owned(), base64(password.to_owned()), plain, hexadecimal]
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .flat_map(|entry| match entry.path() {
            path if path.is_dir() => files(&path),
            path => vec![path],
        })
        .collect()
}

/// What the system shows others of a process and those it has started, and its limits.
fn shown(process: u32) -> (String, String) {
    let read = |process: u32, name: &str| {
        let bytes = fs::read(format!("/proc/{process}/{name}")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let children = read(process, &format!("task/{process}/children"));
    let all = children.split_whitespace().filter_map(|child| child.parse().ok()).chain([process]);
    let lines: Vec<String> =
        all.flat_map(|process| [read(process, "cmdline"), read(process, "environ")]).collect();
    (lines.join("\n"), read(process, "limits"))
}

/// Sends with this password from this source while looking at the process, then at what is left.
#[track_caller]
fn send(source: &str, password: &str, status: i32) {
    let (config, pem) = certificate("localhost");
    let relay = Relay::start(|options| {
        options.tls = announce::sandbox::Tls::Implicit(config);
        options.auth = Some(account());
    });
    let url = format!("smtps://office@localhost:{}", relay.port());
    let workspace = Workspace::with_server(&url, &format!("ca_file = \"ca.pem\"\n{source}"));
    workspace.file("ca.pem", pem).file("password", format!("{password}\n"));
    let only_ours = fs::Permissions::from_mode(0o600);
    fs::set_permissions(workspace.path("password"), only_ours).expect("to set a mode");

    let environment = [("RUST_LOG", "trace"), ("RUST_BACKTRACE", "full")];
    let asked = workspace.command("", &["send", "letter", "--yes"], &environment);
    // Where the shell may, it allows core files: the program has to forbid them itself.
    let mut sending = Command::new("sh")
        .args(["-c", "ulimit -S -c unlimited 2>/dev/null; exec \"$0\" \"$@\""])
        .arg(asked.get_program())
        .args(asked.get_args())
        .env_clear()
        .envs(asked.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .current_dir(workspace.path(""))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("to run");
    let mut seen = Vec::new();
    while sending.try_wait().expect("a child").is_none() {
        seen.push(shown(sending.id()));
    }
    let output = sending.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(status), "{output:?}");
    let no_core = |limits: &str| {
        let line = limits.lines().find(|line| line.starts_with("Max core file size"));
        line.is_some_and(|line| line.split_whitespace().nth(4) == Some("0"))
    };
    assert!(seen.iter().any(|(_, limits)| no_core(limits)), "a core file may be written");

    let told = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into());
    let left = [".announce", ".xdg-state", "drafts"].map(|folder| files(&workspace.path(folder)));
    let left: Vec<String> = left
        .iter()
        .flatten()
        .map(|path| String::from_utf8_lossy(&fs::read(path).expect("a file")).into_owned())
        .collect();
    assert!(left.len() > 2, "a ledger at least");
    for form in forms(password) {
        let places = told.iter().chain(&left).chain(seen.iter().map(|(lines, _)| lines));
        for place in places {
            assert!(!place.contains(&form), "{form} in {place:?}");
        }
    }
}

#[test]
fn the_password_is_in_no_argument_output_or_file() {
    send("password_command = [\"cat\", \"password\"]", "canary-right", 0);
    send("password_file = \"password\"", "canary-right", 0);
    send("password_file = \"password\"", "canary-wrong-7", 78);
    found(
        "T14",
        "whoever looks at processes, outputs, the ledger or a core file for the password",
        "accepted or refused, from a file or a command: found nowhere; core files are off",
    );
}

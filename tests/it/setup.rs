//! Setting up: what cron and systemd are given, read by these themselves.

use std::{
    env,
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

use crate::{
    readme::{announce, blocks, words},
    workspace::Workspace,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_announce");

/// A folder whose name means something to a shell, to cron and to systemd.
const ODD: &str = "Ann's 50% $HOME \"뉴스\"";

/// Whether a program is here. Where it is not that is said, and is a failure under `CI=true`.
pub(crate) fn has(program: &str) -> bool {
    let found = env::split_paths(&env::var_os("PATH").unwrap_or_default())
        .any(|folder| folder.join(program).is_file());
    if !found {
        eprintln!("NOT TESTED: {program} is not here");
        assert!(env::var_os("CI").is_none_or(|ci| ci != "true"), "CI needs {program}");
    }
    found
}

/// What a program has printed that ended well.
#[track_caller]
pub(crate) fn succeeds(output: &Output) -> String {
    assert!(output.status.success(), "{output:#?}");
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn user() -> String {
    let told = Command::new("id").arg("-un").output().expect("to run");
    succeeds(&told).trim().to_owned()
}

/// A newsroom in a folder of an odd name.
fn odd_newsroom() -> (Workspace, PathBuf) {
    let workspace = Workspace::new();
    let made = workspace.run(&["init", ODD]);
    assert_eq!(made.status, 0, "{made:?}");
    let folder = workspace.path(ODD);
    (workspace, folder)
}

#[test]
fn a_crontab_is_ready_to_paste_and_says_where() {
    let workspace = Workspace::with_server("smtp://127.0.0.1:2525", "");
    let lines = format!(
        "# announce: each minute, send what is due in [workspace]\n\
         # It is silent unless a person is needed; then cron mails what it says. To whom:\n\
         #MAILTO=office@example.org\n\
         * * * * * env XDG_STATE_HOME=[workspace]/.xdg-state {PROGRAM} -C [workspace] dispatch\n"
    );
    let user = user();
    let how = format!(
        "these lines belong into the crontab of `{user}`, who sends by hand too: paste them into \
         `crontab -e`, or\n  \
         (crontab -l; {PROGRAM} -C [workspace] schedule --print crontab) | crontab -\n\
         next: announce schedule\n"
    );
    workspace.run(&["schedule", "--print", "crontab"]).ends(0, &lines, &how);
}

#[test]
fn the_line_for_cron_works_as_cron_hands_it_over() {
    let (workspace, folder) = odd_newsroom();
    let printed = workspace.run_in(ODD, &["schedule", "--print", "crontab"], &[]);
    let root = workspace.path("").display().to_string();
    let line = printed.stdout.lines().last().expect("a line").replace("[workspace]/", &root);
    let command = line.strip_prefix("* * * * * ").expect("each minute");
    assert!(!command.replace(r"\%", "").contains('%'), "cron would cut {command}");
    let looks = command.replace(" dispatch", " lists");
    // Some crons hand the backslash on.
    for handed in [looks.replace(r"\%", "%"), looks] {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &handed]).current_dir("/").env_clear().env("HOME", &folder);
        let shown = succeeds(&shell.output().expect("to run"));
        assert!(shown.starts_with("members (lists/members.csv"), "{shown}");
    }
}

#[test]
fn cron_is_told_the_name_that_outlives_an_upgrade() {
    let workspace = Workspace::new();
    let bin = workspace.path("bin");
    fs::create_dir(&bin).expect("a folder");
    symlink(PROGRAM, bin.join("announce")).expect("a link");
    let wanted = format!(" {}/announce -C ", bin.display());
    for called in ["announce", "bin/announce", "./bin/announce"] {
        let mut shell =
            workspace.program("sh", &["-c", &format!("{called} schedule --print crontab")]);
        let line = succeeds(
            &shell
                .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
                .output()
                .expect("to run"),
        );
        assert!(line.contains(&wanted), "{called}: {line}");
    }
}

#[test]
fn a_folder_that_no_line_can_name_is_refused() {
    let workspace = Workspace::new();
    workspace.run(&["init", "two\nlines"]);
    workspace.run_in("two\nlines", &["schedule", "--print", "crontab"], &[]).fails(
        2,
        &["two\\nlines` cannot stand in a crontab or a unit", "hint: rename that folder"],
    );
}

/// The files that the units are for, written as the command on stderr does it, below `folder`.
fn install(workspace: &Workspace, newsroom: &str, folder: &Path) -> Vec<PathBuf> {
    let printed = workspace.run_in(newsroom, &["schedule", "--print", "systemd"], &[]);
    assert_eq!(printed.status, 0, "{printed:?}");
    let awk = printed.stderr.split('\'').find(|part| part.contains("print > file"));
    let awk = awk.expect("how to install them");
    let root = workspace.path("").display().to_string();
    let units = printed.stdout.replace("[workspace]/", &root);
    let units = units.replace("[workspace]", root.trim_end_matches('/'));
    // Below the test's own folder instead of the machine's.
    let units = units
        .replace("# /etc/systemd/system", &format!("# {}/etc/systemd/system", folder.display()));
    let awk = awk.replace("^# \\/etc", "^# .*\\/etc");
    fs::create_dir_all(folder.join("etc/systemd/system")).expect("a folder");
    fs::write(folder.join("units"), units).expect("to write");
    let split = Command::new("awk").arg(awk).arg(folder.join("units")).output().expect("awk");
    succeeds(&split);
    let files = fs::read_dir(folder.join("etc/systemd/system")).expect("a folder");
    let mut files: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    files.sort();
    files
}

#[track_caller]
fn systemd_accepts(files: &[PathBuf]) {
    let [service, timer] = files else { panic!("a service and a timer: {files:?}") };
    assert_eq!(service.with_extension("timer"), *timer);
    if !has("systemd-analyze") {
        return;
    }
    let verified =
        Command::new("systemd-analyze").args(["verify"]).args(files).output().expect("to run");
    assert!(verified.status.success() && verified.stderr.is_empty(), "{verified:#?}");
    // Of 100: below 30 is what systemd calls OK.
    let judged = Command::new("systemd-analyze")
        .args(["security", "--offline=true", "--threshold=30"])
        .arg(service)
        .output()
        .expect("to run");
    succeeds(&judged);
}

#[test]
fn systemd_accepts_the_units_of_a_newsroom() {
    let workspace = Workspace::with_server("smtp://127.0.0.1:2525", "");
    systemd_accepts(&install(&workspace, "", &workspace.path("root")));
}

#[test]
fn systemd_accepts_the_units_of_a_folder_with_an_odd_name() {
    let (workspace, folder) = odd_newsroom();
    let files = install(&workspace, ODD, &workspace.path("root"));
    systemd_accepts(&files);
    let service = fs::read_to_string(&files[0]).expect("a service");
    let written = folder.display().to_string();
    let written = written.replace('%', "%%").replace('"', "\\\"");
    assert!(
        service.contains(&format!("-C \"{}\" dispatch", written.replace('$', "$$"))),
        "{service}"
    );
    assert!(folder.join(".announce").is_dir(), "a unit may not name a folder that is not there");
}

#[test]
fn a_password_from_the_environment_becomes_a_credential() {
    let workspace = Workspace::with_server("smtps://news@mail.example", "");
    let printed = workspace.run(&["schedule", "--print", "systemd"]);
    let file = "/etc/announce/announce-";
    assert!(
        printed.stdout.contains(&format!("\nLoadCredential=smtp-password:{file}")),
        "{printed:?}"
    );
    assert!(
        printed.stderr.contains(&format!("sudo install -D -m 600 /dev/stdin {file}")),
        "{printed:?}"
    );
    systemd_accepts(&install(&workspace, "", &workspace.path("root")));
}

#[test]
fn a_password_command_is_left_its_home() {
    let more = "password_command = [\"pass\", \"show\", \"smtp\"]";
    let workspace = Workspace::with_server("smtps://news@mail.example", more);
    let files = install(&workspace, "", &workspace.path("root"));
    let service = fs::read_to_string(&files[0]).expect("a service");
    assert!(service.contains("\nProtectSystem=full\n"), "{service}");
    for line in ["ProtectHome=", "MemoryDenyWriteExecute=", "LoadCredential=smtp-password:"] {
        assert!(!service.contains(line), "{service}");
    }
}

#[test]
fn the_secret_is_a_credential_once_there_is_one() {
    let workspace = Workspace::with_server("smtp://127.0.0.1:2525", "");
    let units = || workspace.run(&["schedule", "--print", "systemd"]).stdout;
    let line = "\nLoadCredential=announce-secret:[workspace]/.announce/secret\n";
    assert!(!units().contains(line), "a service does not start while that is missing");
    workspace.run(&["suppress", "add", "ann@one.example"]);
    assert!(units().contains(line), "{}", units());
}

/// `docs/setting-up.md`, and a newsroom as it is for.
fn page_and_newsroom() -> (String, TempDir) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/setting-up.md");
    let newsroom = TempDir::new().expect("a folder");
    announce(newsroom.path(), &["init"]);
    (fs::read_to_string(page).expect("the page"), newsroom)
}

#[test]
fn every_command_for_setting_up_works_as_shown() {
    let (page, newsroom) = page_and_newsroom();
    let commands = blocks(&page, "console").join("");
    for command in commands.lines() {
        let words = words(command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let ["announce", arguments @ ..] = words.as_slice() else { panic!("{command} is not run") };
        announce(newsroom.path(), arguments);
    }
    assert!(commands.lines().count() >= 8, "{commands}");
}

#[test]
fn every_line_for_a_shell_works_as_shown() {
    let (page, newsroom) = page_and_newsroom();
    let bin = newsroom.path().join("bin");
    fs::create_dir(&bin).expect("a folder");
    symlink(PROGRAM, bin.join("announce")).expect("a link");
    // The crontab of whoever runs the tests is theirs.
    let stand_in = "#!/bin/sh\ncase $1 in -l) echo '# before';; -) cat >crontab;; esac\n";
    fs::write(bin.join("crontab"), stand_in).expect("to write");
    fs::set_permissions(bin.join("crontab"), Permissions::from_mode(0o755)).expect("a mode");
    let lines = blocks(&page, "sh");
    assert_eq!(lines.len(), 2, "{lines:?}");
    for line in lines {
        let line = line.trim_start_matches("0 * * * * ");
        let line = line.replace("/srv/newsroom", &newsroom.path().display().to_string());
        let mut shell = Command::new("sh");
        shell
            .args(["-e", "-c", &line])
            .current_dir(newsroom.path())
            .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
            .env("XDG_STATE_HOME", newsroom.path().join("state"));
        succeeds(&shell.output().expect("to run"));
    }
    let crontab = fs::read_to_string(newsroom.path().join("crontab")).expect("a crontab");
    assert!(crontab.starts_with("# before\n"), "{crontab}");
    assert!(crontab.ends_with(" dispatch\n"), "{crontab}");
}

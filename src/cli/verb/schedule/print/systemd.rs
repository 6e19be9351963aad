//! The service and the timer for systemd.

use super::{
    Password, Site,
    crontab::called,
    quote::{self, argument, value, word},
};

/// Where an administrator's units live.
const FOLDER: &str = "/etc/systemd/system";

/// What a run may do that has nothing of its own to run.
const HARDENING: &str = include_str!("hardening.conf");

/// Both units, each below a comment with the name of its file.
pub(super) fn units(site: &Site) -> String {
    let (unit, workspace) = (unit(site), value(&site.workspace));
    format!(
        "# {FOLDER}/{unit}.service\n{service}\n\
         # {FOLDER}/{unit}.timer\n\
         [Unit]\n\
         Description=Each minute, send what is due in {workspace}\n\
         \n\
         [Timer]\n\
         # A minute in which the last run is still at work is passed over.\n\
         OnCalendar=minutely\n\
         # On the minute: what is due at eight leaves at eight.\n\
         AccuracySec=1s\n\
         # After the machine was off, once at its start. What is late by then is held.\n\
         Persistent=true\n\
         \n\
         [Install]\n\
         WantedBy=timers.target\n",
        service = service(site),
    )
}

/// How they get there.
pub(super) fn how(site: &Site) -> String {
    let (unit, called) = (unit(site), called(site));
    let password = match site.password {
        Password::Environment => format!(
            "the password first, one line that root alone can read (Ctrl-D ends it):\n  \
             sudo install -D -m 600 /dev/stdin {}\n",
            credential(site)
        ),
        _ => String::new(),
    };
    let root = match site.user.as_str() {
        "root" => {
            "note: these run as root, as you do now; better, print them as the user who sends by \
             hand\n"
        }
        _ => "",
    };
    format!(
        "{root}{password}to install them:\n  \
         {called} schedule --print systemd |\n    \
         sudo awk '/^# \\/etc\\/systemd\\// {{ file = $2 }} {{ print > file }}'\n  \
         sudo systemctl daemon-reload\n  \
         sudo systemctl enable --now {unit}.timer\n\
         next: journalctl -u {unit}"
    )
}

fn unit(site: &Site) -> String {
    format!("announce-{}", quote::unit(&site.workspace))
}

/// Where the password is kept for the service alone.
fn credential(site: &Site) -> String {
    format!("/etc/announce/{}.password", unit(site))
}

fn service(site: &Site) -> String {
    let Site { user, .. } = site;
    let workspace = value(&site.workspace);
    // No variable is looked for in the name of the program.
    let (program, folder) = (word(&site.program), argument(&site.workspace));
    let state = site.register.strip_suffix("/announce").unwrap_or(&site.register);
    let state = word(&format!("XDG_STATE_HOME={state}"));
    format!(
        "[Unit]\n\
         Description=Send what is due in {workspace}\n\
         # Failures are in the journal and nobody is mailed: OnFailure= names a unit that tells\n\
         # somebody, and `announce status --overdue` is for whatever watches this machine.\n\
         Wants=network-online.target\n\
         After=network-online.target\n\
         \n\
         [Service]\n\
         Type=oneshot\n\
         # Who sends by hand: the secret and the ledger are for their eyes alone.\n\
         User={user}\n\
         WorkingDirectory={workspace}\n\
         ExecStart={program} -C {folder} dispatch\n\
         # At a cap, or with somebody to be tried again: the next minute goes on.\n\
         SuccessExitStatus=75\n\
         # Asked to stop, it finishes what is on the wire, which may take ten minutes.\n\
         TimeoutStopSec=11min\n\
         # Where a note of the ledger lies, by which a restored backup is noticed.\n\
         Environment={state}\n\
         \n{credentials}\n{confinement}",
        credentials = credentials(site),
        confinement = confinement(site),
    )
}

fn credentials(site: &Site) -> String {
    // A service does not start while the file of a credential is missing.
    let off = if site.has_secret { "" } else { "#" };
    let note = if site.has_secret {
        "# Read by systemd and handed over to this service.\n"
    } else {
        "# The secret is made by the first run. From then on, systemd can hand it over.\n"
    };
    let secret = format!("{note}{off}LoadCredential=announce-secret:{}\n", value(&site.secret));
    let password = match site.password {
        Password::Environment => {
            format!("LoadCredential=smtp-password:{}\n", credential(site))
        }
        Password::File => "# The password is read from `smtp.password_file`.\n".to_owned(),
        Password::Command => "# The password comes from `smtp.password_command`.\n".to_owned(),
        Password::Unused => "# The server asks for no password.\n".to_owned(),
    };
    secret + &password
}

/// What the service can reach. A password command may need the home and more, so that it gets it.
fn confinement(site: &Site) -> String {
    let runs_another = site.password == Password::Command;
    let mut lines = Vec::new();
    let mut writes = vec![format!("{}/.announce", site.workspace)];
    if site.has_drafts {
        writes.push(format!("{}/drafts", site.workspace));
    }
    writes.push(site.register.clone());
    let writes: Vec<String> = writes.iter().map(|path| word(path)).collect();
    if runs_another {
        lines.push("# The password command may write to its home: only the system is kept.".into());
        lines.push("ProtectSystem=full".into());
    } else {
        lines
            .push("# It writes to its state, its receipts and that note, and nowhere else.".into());
        lines.push("ProtectSystem=strict".into());
        lines.push(format!("ReadWritePaths={}", writes.join(" ")));
        let home = if site.touches(&["/home", "/root", "/run/user"]) { "read-only" } else { "yes" };
        lines.push(format!("ProtectHome={home}"));
        // It makes no code while it runs; a command might.
        lines.push("MemoryDenyWriteExecute=yes".into());
    }
    if site.touches(&["/tmp", "/var/tmp"]) {
        lines.push("# PrivateTmp= is left out: the newsroom or a part of it lies there.".into());
    } else {
        lines.push("PrivateTmp=yes".into());
    }
    lines.push(match site.user.as_str() {
        // Else root could not read what belongs to somebody else.
        "root" => "CapabilityBoundingSet=CAP_DAC_OVERRIDE CAP_FOWNER".into(),
        _ => "CapabilityBoundingSet=".into(),
    });
    lines.join("\n") + "\n" + HARDENING
}

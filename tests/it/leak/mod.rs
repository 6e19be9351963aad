//! A thousand people with a canary in every cell of their rows: each may be found in their own
//! mail, and nowhere else.

pub(crate) mod canary;
mod password;
mod relay;
mod tokens;
mod unhappy;
mod watch;

use std::{
    collections::BTreeSet,
    fs::{self, File},
    process::{Child, Command, Stdio},
    sync::LazyLock,
};

use announce::sandbox::Caught;

use self::{
    canary::{address, canaries, canary, trace_in_text},
    watch::Finds,
};
use crate::{mail::Mail, relay::Relay, reliability::found, workspace::Workspace};

const PEOPLE: usize = 1_000;

/// Prints four columns, one of them in a link, and leaves two alone.
const LETTER: &str = "---\nkind: letter\nsubject: For {{first_name}}\n\
    preheader: What happened this month\nlists: [members]\n\
    attachments: [files/programme.pdf]\n---\nDear {{first_name}},\n\n\
    See you in *{{city}}* at the end of this long and busy month: [your page](https://group.example/?c={{code}}).\n";

/// A newsroom of a thousand people whose relay is at `port`.
fn newsroom(port: u16) -> Workspace {
    let workspace = Workspace::with_server(&format!("smtp://127.0.0.1:{port}"), "");
    let rows: String = (0..PEOPLE)
        .map(|person| {
            let [name, city, code, note, phone] =
                ['n', 'c', 'w', 'q', 'p'].map(|cell| canary(person, cell));
            format!("{},Zoë {name},{city},{code},\"{note}\n, {note}\",{phone}\n", address(person))
        })
        .collect();
    let bounces = "[bounces]\naddress = \"bounces@group.example\"\n\n[unsubscribe]";
    workspace
        .edit("announce.toml", "[unsubscribe]", bounces)
        .edit("announce.toml", "1000/s", "1000/s,burst=100")
        .file("drafts/letter.md", LETTER)
        .file("drafts/files/programme.pdf", b"%PDF-1.7\n.\n%%EOF\n")
        .file("lists/members.csv", format!("email,first_name,city,code,note,phone\n{rows}"))
        .file("tmp/.keep", "")
        .file("output/.keep", "");
    workspace
}

/// The program under a umask that forbids nothing, writing to files that are watched.
fn begin(workspace: &Workspace, arguments: &[&str]) -> Child {
    let named = |name: &str| {
        let path = workspace.path(&format!("output/{name}"));
        File::options().create(true).append(true).open(path).expect("a file")
    };
    let mut careless = Command::new("sh");
    careless.args(["-c", "umask 000; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_announce")]);
    let environment = [("RUST_LOG", "trace"), ("RUST_BACKTRACE", "full")];
    let bare = workspace.command("", &[], &environment);
    careless
        .args(arguments)
        .env_clear()
        .envs(bare.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .env("TMPDIR", workspace.path("tmp"))
        .current_dir(workspace.path(""))
        .stdin(Stdio::null())
        .stdout(named("stdout"))
        .stderr(named("stderr"));
    careless.spawn().expect("to run")
}

/// A campaign that was killed on its way and then finished, watched from outside.
struct Campaign {
    finds: Finds,
    /// What was said by each command, and what the receipt says.
    said: Vec<(String, String)>,
    caught: Vec<Caught>,
}

/// One campaign for all the tests here: it is the long part.
static CAMPAIGN: LazyLock<Campaign> = LazyLock::new(|| {
    let relay = Relay::start(|options| options.script = relay::script(PEOPLE));
    let workspace = newsroom(relay.port());
    let (mut finds, mut said) = (Finds::default(), Vec::new());

    let sending = begin(&workspace, &["send", "letter", "--yes"]);
    assert_eq!(watch(&workspace, &relay, sending, 300, &mut finds), 128, "it was killed");
    said.extend(asked(&workspace));
    let resumed = begin(&workspace, &["resume", "letter", "--json"]);
    let status = watch(&workspace, &relay, resumed, usize::MAX, &mut finds);
    assert_eq!(status, 75, "some are still to be tried again");
    said.extend(asked(&workspace));
    for name in ["output/stdout", "output/stderr", "drafts/letter.sent.toml"] {
        let text = fs::read_to_string(workspace.path(name)).expect(name);
        said.push((name.to_owned(), text));
    }
    assert!(relay.journal.faults().is_empty(), "{:?}", relay.journal.faults());
    let caught = relay.caught.lock().expect("no panic").clone();
    Campaign { finds, said, caught }
});

/// Looks around while the program runs, each time some more messages were taken, and kills it
/// when there are `most`. Returns the exit code.
fn watch(
    workspace: &Workspace,
    relay: &Relay,
    mut running: Child,
    most: usize,
    finds: &mut Finds,
) -> i32 {
    let taken = || relay.caught.lock().expect("no panic").len();
    let mut next = taken();
    let kept = [".announce", ".xdg-state", "tmp", "output", "drafts"];
    let watched = kept.map(|folder| workspace.path(folder));
    let private = [".announce", ".xdg-state/announce"].map(|folder| workspace.path(folder));
    loop {
        let ended = running.try_wait().expect("a child");
        if taken() >= next || ended.is_some() {
            finds.look(&watched, &private);
            next = taken() + 60;
        }
        if let Some(status) = ended {
            return status.code().unwrap_or(128);
        }
        if taken() >= most {
            running.kill().expect("to kill");
        }
        std::thread::yield_now();
    }
}

/// What the program answers about its books, and to mistakes.
fn asked(workspace: &Workspace) -> Vec<(String, String)> {
    [
        &["status"][..],
        &["status", "letter"],
        &["status", "letter", "--json"],
        &["log"],
        &["log", "letter"],
        &["log", "letter", "--format", "csv"],
        &["log", "letter", "--format", "jsonl"],
        &["lists"],
        &["send", "letter", "--dry-run"],
        &["send", "letter", "--dry-run", "--json"],
        &["send", "letter", "--yes", "--expect-count", "7"],
        &["resume", "lettre"],
    ]
    .map(|arguments| {
        let ran = workspace.run(arguments);
        (format!("announce {}", arguments.join(" ")), format!("{}{}", ran.stdout, ran.stderr))
    })
    .to_vec()
}

#[test]
fn each_of_a_thousand_messages_holds_its_own_person_and_nobody_else() {
    let caught = &CAMPAIGN.caught;
    assert!(caught.len() > 800, "{} messages", caught.len());
    for mail in caught {
        holds_its_own_person_only(mail);
    }
    found(
        "T15",
        "1,000 people, a canary in each of their 6 cells: somebody's in another's mail",
        "envelope, raw bytes, decoded header and parts of each message: its own person's, and \
         only the columns that the template prints",
    );
}

#[test]
fn whatever_the_relay_repeats_no_output_names_anybody() {
    let mut redacted = 0;
    for (command, text) in &CAMPAIGN.said {
        assert_eq!(trace_in_text(text), None, "{command}");
        redacted += text.matches("[address]").count();
    }
    assert!(redacted > 300, "the relay named {redacted} people");
    found(
        "T16",
        "the relay repeats addresses in 18 forms: as xtext, as VERP, in pieces, over two lines",
        "no word of one in stdout, stderr, JSON, CSV, the log, the receipt",
    );
}

#[test]
fn the_ledger_names_nobody_at_any_moment() {
    let Finds { looks, bytes, canaries, .. } = &CAMPAIGN.finds;
    assert_eq!(*canaries, [""; 0]);
    assert!(*looks >= 4 && *bytes > 1_000_000, "{looks} looks at {bytes} bytes");
    found(
        "T17",
        "a stolen ledger: database, log, index, temporary files, in mid-run, killed, finished",
        "no cell as UTF-8, UTF-16, base64 or hexadecimal",
    );
}

#[test]
fn what_is_kept_is_for_its_owner_alone_whatever_the_umask() {
    assert_eq!(CAMPAIGN.finds.exposed, [""; 0]);
    let happened = "every file 0600, every folder 0700 at every moment; planted links refused";
    for (planted, is_folder) in [
        (".announce", true),
        (".announce/secret", false),
        (".announce/lock", false),
        (".announce/sandbox", true),
        (".announce/sandbox/ledger.db", false),
    ] {
        let workspace = Workspace::new();
        workspace.file("elsewhere/file", "kept");
        let target = if is_folder { "elsewhere" } else { "elsewhere/file" };
        let link = workspace.path(planted);
        fs::create_dir_all(link.parent().expect("a folder")).expect("a folder");
        std::os::unix::fs::symlink(workspace.path(target), &link).expect("a link");
        let ran = workspace.run(&["send", "letter", "--yes"]);
        assert_ne!(ran.status, 0, "{planted}: {ran:#?}");
        assert_eq!(fs::read_dir(workspace.path("elsewhere")).expect("a folder").count(), 1);
        assert_eq!(fs::read_to_string(workspace.path("elsewhere/file")).expect("it"), "kept");
    }
    found("T18", "umask 000; links planted in the state folder", happened);
}

/// The raw message, its decoded header and its decoded parts hold what the template prints of
/// this one person, and the envelope holds the address.
fn holds_its_own_person_only(mail: &Caught) {
    let [to] = &mail.recipients[..] else { panic!("{} recipients", mail.recipients.len()) };
    let (person, _) = canaries(to).into_iter().next().expect("a canary");
    let only = |cells: &str| cells.chars().map(|cell| (person, cell)).collect::<BTreeSet<_>>();
    assert_eq!(*to, address(person));
    assert_eq!(canaries(&mail.sender), only(""), "a return path carries a token");

    let raw = String::from_utf8(mail.message.clone()).expect("messages are ASCII");
    let whole: String = raw.replace("=\r\n", "");
    assert_eq!(canaries(&whole), only("cdlnw"));
    let read = Mail::read(&mail.message);
    let header: Vec<String> =
        read.header.iter().map(|(name, _)| format!("{name}: {}", read.shown(name))).collect();
    assert_eq!(canaries(&header.join("\n")), only("dln"));
    assert_eq!(read.shown("Subject"), format!("For Zoë {}", canary(person, 'n')));
    for part in ["text/plain", "text/html"] {
        assert_eq!(canaries(&read.text_of(part)), only("cnw"), "{part}");
    }
    for part in read.all() {
        let content = String::from_utf8_lossy(&part.content);
        assert!(canaries(&content).is_subset(&only("cnw")));
    }
}

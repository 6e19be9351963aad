//! Who is never mailed: by hand, by what came back, by what a server said.

use std::{
    io::Write as _,
    process::{Output, Stdio},
};

use announce::{
    deliver::Stage,
    sandbox::{Rule, Script},
};

use crate::{
    relay::Relay,
    reliability::found,
    workspace::{Ran, Workspace},
};

/// The same letter once more, to whoever may be mailed.
const NEXT: [&str; 8] =
    ["send", "letter", "--as", "next", "--yes", "--json", "--allow", "S5/repeat"];

#[test]
fn whoever_is_on_the_list_gets_no_campaign_until_they_are_taken_off() {
    let workspace = Workspace::new();
    let added = workspace.run(&["suppress", "add", "BOB@two.example"]);
    let key = added.stdout[..8].to_owned();
    added.ends(
        0,
        &format!("{key}  manual\n"),
        "1 person added: no campaign mails them from now on\n\
         the list holds for real campaigns and for rehearsals\n\
         next: announce suppress list\n",
    );
    let checked = workspace.run(&["check", "letter"]);
    let told =
        "fixed[M9/suppressed]: lists/members.csv: 1 person on the suppression list gets nothing";
    assert!(checked.stdout.contains(told), "{checked:#?}");
    let sent = workspace.run(&["send", "letter", "--yes", "--json"]).json();
    assert_eq!((&sent["accepted"], &sent["skipped"]["suppressed"]), (&2.into(), &1.into()));

    let again = workspace.run(&["suppress", "add", "bob@two.example", "--reason", "complained"]);
    assert!(again.stdout.starts_with(&format!("{key}  already on the list: manual, at ")));
    assert_eq!(
        (again.status, &*again.stderr),
        (0, "nobody was added\nnext: announce suppress list\n")
    );

    let removed = workspace.run(&["suppress", "remove", &key, "ann@one.example"]);
    assert!(removed.stdout.starts_with(&format!("{key}  may be mailed again\n")), "{removed:#?}");
    assert!(removed.stdout.ends_with("  is not on the list\n"), "{removed:#?}");
    workspace.run(&["suppress", "list"]).ends(0, "", "nobody is suppressed\n");
    let next = workspace.run(&["send", "letter", "--as", "again", "--yes", "--json"]).json();
    assert_eq!(next["accepted"], 3, "{next}");
}

#[test]
fn whoever_is_on_the_list_gets_no_test_either() {
    let relay = Relay::start(|_| {});
    let workspace = Workspace::with_server(&relay.url(), "");
    let added = workspace.run(&["suppress", "add", "Office@group.test"]).stdout;
    let remove = format!("announce suppress remove {}", &added[..8]);
    let test = ["test", "letter", "--to", "office@GROUP.test"];
    let refused = workspace.run(&test).fails(1, &["never mailed", &remove]);
    assert!(!refused.stderr.to_lowercase().contains("office@"), "{refused:#?}");
    let remove: Vec<&str> = remove.split(' ').skip(1).collect();
    assert_eq!(workspace.run(&remove).status, 0);
    assert_eq!(workspace.run(&test).status, 0);
    assert_eq!(relay.seen("EHLO"), (1, 1), "no connection before");
}

#[test]
fn an_unsubscribe_mail_or_a_bounce_names_its_person_by_the_token_alone() {
    let relay = Relay::start(|_| {});
    let workspace = Workspace::with_server(&relay.url(), "");
    let bounces = "[unsubscribe]\n";
    let address = "[bounces]\naddress = \"bounces@group.example\"\n\n[unsubscribe]\n";
    workspace.edit("announce.toml", bounces, address);
    assert_eq!(workspace.run(&["send", "letter", "--yes"]).status, 0);
    let caught = relay.caught.lock().expect("no panic").clone();
    let of = |to: &str| caught.iter().find(|mail| mail.recipients == [to]).expect("their mail");
    let text = String::from_utf8_lossy(&of("ann@one.example").message).replace("=\r\n", "");
    let token = text.split("unsubscribe%20").nth(1).expect("a token")[..26].to_owned();
    let came_back = format!("<{}>", of("bob@two.example").sender);
    assert!(came_back.starts_with("<bounces+"), "{came_back}");

    let subject = format!("Re: UNSUBSCRIBE {token}");
    let added = workspace.run(&["suppress", "add", &subject, &came_back]);
    let told: Vec<&str> = added.stdout.lines().map(|line| &line[10..]).collect();
    assert_eq!((added.status, told), (0, vec!["unsubscribed", "bounced"]), "{added:#?}");
    let exported = workspace.run(&["suppress", "export"]).stdout;
    assert!(exported.contains("ann@one.example") && exported.contains("bob@two.example"));
    let next = workspace.run(&NEXT).json();
    assert_eq!((&next["accepted"], &next["skipped"]["suppressed"]), (&1.into(), &2.into()));
}

#[test]
fn what_names_nobody_is_told_by_its_place_and_holds_nobody_else_up() {
    let workspace = Workspace::new();
    let input = "unsubscribe aaaaaaaaaaaaaaaaaaaaaaaaaa\n\nann@one.example\nnot-an-address\n";
    let mut child = workspace
        .command("", &["suppress", "add", "-"], &[])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("to run");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("to write");
    let Output { status, stdout, stderr } = child.wait_with_output().expect("an end");
    let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert_eq!(status.code(), Some(1), "{stderr}");
    assert!(stdout.lines().count() == 1 && stdout.ends_with("  manual\n"), "{stdout}");
    for told in ["line 1 of the input: no message of this workspace", "line 4 of the input is no"] {
        assert!(stderr.contains(told), "no `{told}` in {stderr}");
    }
    assert!(!stderr.contains("aaaaaa") && !stderr.contains("not-an"), "{stderr}");
}

#[test]
fn our_own_mailboxes_damaged_return_paths_and_two_tokens_in_one_are_refused() {
    let workspace = Workspace::new();
    let address = "[bounces]\naddress = \"bounces@group.example\"\n\n[unsubscribe]\n";
    workspace.edit("announce.toml", "[unsubscribe]\n", address);
    let (one, other) = ("gaytemzugu3doobzmfrggzdfmy", "aaaaaaaaaaaaaaaaaaaaaaaaaa");
    let both = format!("unsubscribe {one}, unsubscribe {other}");
    let paths = format!("bounces+{one}@group.example,bounces+{other}@group.example");
    for (given, told) in [
        ("bounces+qitujscm@group.example", "the token in it is not complete"),
        ("Bounces+qitujscm@GROUP.example", "the token in it is not complete"),
        ("unsubscribe+x@group.example", "the token in it is not complete"),
        ("bounces@group.example", "argument 1 is a mailbox of this newsroom"),
        ("unsubscribe@group.example", "argument 1 is a mailbox of this newsroom"),
        ("news@group.example", "argument 1 is a mailbox of this newsroom"),
        ("office@group.example", "argument 1 is a mailbox of this newsroom"),
        (&both, "argument 1 carries more than one token"),
        (&paths, "argument 1 carries more than one token"),
    ] {
        workspace.run(&["suppress", "add", given]).fails(1, &[told, "nobody was added"]);
    }
    workspace.run(&["suppress", "list"]).ends(0, "", "nobody is suppressed\n");
    // Whoever else is in that domain is somebody.
    let added = workspace.run(&["suppress", "add", "newsroom+x@group.example"]);
    assert_eq!(added.status, 0, "{added:#?}");
}

#[test]
fn only_when_asked_for_does_the_list_show_addresses() {
    let workspace = Workspace::new();
    workspace.run(&["suppress", "add", "ann@one.example", "gone@nine.example"]);
    let plain = workspace.run(&["suppress", "list"]);
    assert!(plain.stdout.starts_with("person    reason        since\n"), "{plain:#?}");
    assert_eq!(plain.stderr, "2 people suppressed\n");
    let jsonl = workspace.run(&["suppress", "list", "--format", "jsonl"]);
    assert!(!format!("{}{}", plain.stdout, jsonl.stdout).contains(".example"));
    let shown = workspace.run(&["suppress", "list", "--addresses"]).stdout;
    assert!(shown.contains("  ann@one.example\n"), "{shown}");
    assert!(!shown.contains("nine.example"), "no list has it, so nobody knows it: {shown}");
}

#[test]
fn an_export_is_safe_to_open_and_can_be_imported_again() {
    let workspace = Workspace::new();
    workspace.members(&[("=1+1@one.example", "Ann"), ("bob@two.example", "Bob")]);
    workspace.run(&["suppress", "add", "=1+1@one.example", "gone@nine.example"]);
    let exported = workspace.run(&["suppress", "export"]).stdout;
    assert!(exported.starts_with("key,secret,reason,date,email\n"), "{exported}");
    assert!(exported.contains(",'=1+1@one.example\n"), "no formula: {exported}");
    workspace.file("kept.csv", &exported);
    workspace.run(&["suppress", "import", "kept.csv"]).ends(
        0,
        "0 people added, 2 already on the list\n",
        "the list holds for real campaigns and for rehearsals\nnext: announce suppress list\n",
    );
    // Without its key, the guarded cell is still the same person.
    let without: String = exported
        .lines()
        .filter(|line| line.starts_with("key") || line.contains("one.example"))
        .map(|line| format!("{}\n", line.rsplit(',').next().expect("a cell")))
        .collect();
    workspace.file("other.csv", without);
    let again = workspace.run(&["suppress", "import", "other.csv"]);
    assert_eq!(again.stdout, "0 people added, 1 already on the list\n");
}

#[test]
fn a_key_without_an_address_is_taken_from_our_own_export_only() {
    let theirs = Workspace::new();
    theirs.run(&["suppress", "add", "ann@one.example", "gone@nine.example"]);
    let ours = Workspace::new();
    ours.file("theirs.csv", theirs.run(&["suppress", "export"]).stdout);
    let imported = ours.run(&["suppress", "import", "theirs.csv"]);
    assert_eq!(
        (imported.status, &*imported.stdout),
        (1, "1 person added, 0 already on the list\n")
    );
    for told in ["a key of another newsroom means nobody here", "export it there", "1 row left out"]
    {
        assert!(imported.stderr.contains(told), "no `{told}` in {imported:#?}");
    }
    let list = ours.run(&["suppress", "export"]).stdout;
    assert!(list.lines().count() == 2 && list.contains(",ann@one.example\n"), "{list}");
    // Nor from a file that does not say whose key it is.
    let key = list.lines().nth(1).expect("Ann's").split(',').next().expect("a key");
    ours.file("bare.csv", format!("key,email\n{key},\n"));
    let bare = ours.run(&["suppress", "import", "bare.csv"]);
    assert_eq!((bare.status, &*bare.stdout), (1, "0 people added, 0 already on the list\n"));
    assert!(bare.stderr.contains("bare.csv:2: a key of another newsroom"), "{bare:#?}");
}

#[test]
fn an_import_names_bad_rows_by_line_and_takes_the_good_ones() {
    let workspace = Workspace::new();
    let good: String = (0..120).map(|n| format!("p{n}@one.example;bounced;2026-11-02\n")).collect();
    workspace.file("old.csv", format!("E-Mail;Reason;Date\n{good}nobody;;\nx@one.example;;soon\n"));
    let imported = workspace.run(&["suppress", "import", "old.csv"]);
    assert_eq!(
        (imported.status, &*imported.stdout),
        (1, "120 people added, 0 already on the list\n")
    );
    for told in ["old.csv:122: `nobody`", "old.csv:123: the date", "2 rows left out"] {
        assert!(imported.stderr.contains(told), "no `{told}` in {imported:#?}");
    }
    let list = workspace.run(&["suppress", "list"]).stdout;
    assert_eq!(list.matches("  bounced       2026-11-02 00:00").count(), 120);

    workspace.file("wrong.csv", "email\nann@one.example\nLondon\nLeeds\n");
    workspace
        .run(&["suppress", "import", "wrong.csv"])
        .fails(1, &["wrong.csv:3:", "2 of 3 rows cannot be read: nobody was added", "2 %"]);
    assert_eq!(workspace.run(&["suppress", "list"]).stderr, "120 people suppressed\n");
}

#[test]
fn a_rehearsal_at_work_goes_by_the_list_too() {
    let workspace = Workspace::new();
    assert_eq!(workspace.run(&["send", "letter", "--yes", "--limit", "1"]).status, 75);
    workspace.run(&["suppress", "add", "cho@three.example"]);
    let rest = workspace.run(&["resume", "letter", "--json"]).json();
    assert_eq!(
        (&rest["accepted"], &rest["skipped"]["suppressed"]),
        (&1.into(), &1.into()),
        "{rest}"
    );
    assert_eq!(workspace.caught().len(), 2);
}

#[test]
fn an_address_that_does_not_exist_is_suppressed_and_one_that_was_refused_is_not() {
    let relay = Relay::start(|options| {
        let dead = Rule::reply(Stage::Rcpt, "550 5.1.1 no such user");
        let refused = Rule::reply(Stage::Rcpt, "550 5.7.1 blocked by policy");
        options.script = Script::new()
            .rule(dead.recipient("ann@one.example"))
            .rule(refused.recipient("bob@two.example"));
    });
    let workspace = Workspace::with_server(&relay.url(), "");
    let first = workspace.run(&["send", "letter", "--yes", "--json"]);
    assert_eq!((first.status, &first.json()["rejected"]), (3, &2.into()), "{first:#?}");
    let next = workspace.run(&NEXT).json();
    assert_eq!(
        (&next["planned"], &next["skipped"]["suppressed"]),
        (&2.into(), &1.into()),
        "{next}"
    );
    let list = workspace.run(&["suppress", "export"]).stdout;
    assert!(list.contains(",bounced,") && list.contains(",ann@one.example\n"), "{list}");
    assert!(!list.contains("bob@two.example"), "{list}");
}

#[test]
fn somebody_suppressed_from_another_terminal_is_skipped_by_the_run_at_work() {
    let relay = Relay::start(|_| {});
    let workspace = Workspace::with_server(&relay.url(), "");
    workspace.edit("announce.toml", "1000/s", "10/s");
    let rows: String = (0..12).map(|n| format!("p{n}@one.example,P{n}\n")).collect();
    workspace.file("lists/members.csv", format!("email,first_name\n{rows}"));
    let mut sending = workspace
        .command("", &["send", "letter", "--yes", "--json"], &[])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("to run");
    while relay.caught.lock().expect("no panic").len() < 2 {
        assert!(sending.try_wait().expect("a child").is_none(), "it ended too early");
        std::thread::yield_now();
    }
    let added = workspace.run(&["suppress", "add", "p11@one.example"]);
    assert_eq!(added.status, 0, "beside a run: {added:#?}");
    let sent = Ran::of(sending.wait_with_output().expect("an end"), &workspace);
    let books = sent.json();
    assert_eq!((sent.status, &books["accepted"]), (0, &11.into()), "{sent:#?}");
    assert_eq!((&books["planned"], &books["skipped"]["suppressed"]), (&11.into(), &1.into()));
    assert_eq!(relay.seen("RCPT"), (11, 11), "p11 was never named to the server");
    let happened = "skipped without a RCPT; the other 11 accepted, the books balance";
    found("F41b", "`announce suppress add` in another terminal in mid-run", happened);
}

//! The main job: a draft becomes one mail a person, once, and the books say so.

use crate::workspace::Workspace;

#[test]
fn everybody_on_the_list_gets_one_mail_and_one_line_in_the_log() {
    let workspace = Workspace::new();
    let sent = workspace.run(&["send", "letter", "--yes", "--json"]);
    assert_eq!(sent.status, 0, "{sent:#?}");
    let books = sent.json();
    assert_eq!((&books["planned"], &books["accepted"]), (&3.into(), &3.into()), "{books}");
    let mails = workspace.caught();
    assert_eq!(mails.len(), 3);
    for (name, address) in [("Ann", "ann@one"), ("Bob", "bob@two"), ("Cho", "cho@three")] {
        let own: Vec<&String> = mails.iter().filter(|mail| mail.contains(address)).collect();
        assert_eq!(own.len(), 1, "{address} got {} mails", own.len());
        assert!(own[0].contains(&format!("Subject: A letter for {name}\r\n")), "{}", own[0]);
    }
    let log = workspace.run(&["log", "--format", "jsonl"]);
    assert_eq!(log.stdout.lines().count(), 3);
    for line in log.stdout.lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(line["status"], "accepted", "{line}");
        assert!(line.get("address").is_none(), "{line}");
    }
}

#[test]
fn a_send_ends_with_the_books_and_the_next_command() {
    let workspace = Workspace::new();
    workspace.run(&["send", "letter", "--yes"]).ends(
        0,
        "letter\n  \
         3 planned = 3 accepted + 0 rejected + 0 deferred + 0 uncertain + 0 pending\n  \
         3 rows on the lists\n",
        "nothing left this machine: the mail is in .announce/sandbox/\n\
         next: announce preview --sandbox\n",
    );
}

#[test]
fn the_same_send_again_mails_nobody() {
    let workspace = Workspace::new();
    workspace.run(&["send", "letter", "--yes"]);
    let again = workspace.run(&["send", "letter", "--yes", "--json"]);
    assert_eq!(again.status, 0, "{again:#?}");
    let books = again.json();
    assert_eq!(books["planned"], 0, "{books}");
    assert_eq!(books["skipped"]["already_sent"], 3, "{books}");
    assert_eq!(workspace.caught().len(), 3);
}

#[test]
fn who_joins_later_gets_it_with_the_next_send() {
    let workspace = Workspace::new();
    workspace.run(&["send", "letter", "--yes"]);
    workspace.members(&[
        ("ann@one.example", "Ann"),
        ("bob@two.example", "Bob"),
        ("cho@three.example", "Cho"),
        ("dan@four.example", "Dan"),
    ]);
    let again = workspace.run(&["send", "letter", "--yes", "--json"]);
    assert_eq!(again.json()["accepted"], 1, "{again:#?}");
    assert_eq!(workspace.caught().len(), 4);
}

#[test]
fn a_named_workspace_is_meant_even_where_another_one_is_around() {
    let (here, there) = (Workspace::new(), Workspace::new());
    let folder = there.path("").display().to_string();
    let sent = here.run(&["-C", &folder, "send", "drafts/letter.md", "--yes"]);
    assert_eq!((sent.status, there.caught().len(), here.caught().len()), (0, 3, 0), "{sent:#?}");
}

#[test]
fn a_row_that_cannot_be_mailed_is_left_out_and_named() {
    let workspace = Workspace::new();
    workspace.members(&[("ann@@one.example", "Ann"), ("bob@two.example", "Bob")]);
    let sent = workspace.run(&["send", "letter", "--yes", "--json"]);
    let books = sent.json();
    assert_eq!((&books["accepted"], &books["skipped"]["invalid"]), (&1.into(), &1.into()));
    let told = "lists/members.csv:2: the row is left out, its address cannot be mailed: it has more than \
                one `@`";
    assert!(sent.stderr.contains(told), "{sent:#?}");
    assert!(!sent.stderr.contains("ann@@"), "no address is repeated: {sent:#?}");
}

#[test]
fn more_bad_rows_than_slips_stop_a_send_until_somebody_has_looked() {
    let workspace = Workspace::new();
    workspace.members(&[("ann@@one.example", "Ann"), ("bob", "Bob"), ("cho@three.example", "Cho")]);
    let told = ["members.csv:2: ", "members.csv:3: ", "2 of 3 rows cannot be mailed", "M8/many"];
    workspace.run(&["send", "letter", "--yes"]).fails(1, &told);
    assert_eq!(workspace.caught().len(), 0);
    let sent = workspace.run(&["send", "letter", "--yes", "--allow", "M8/many"]);
    assert_eq!((sent.status, workspace.caught().len()), (0, 1), "{sent:#?}");
}

#[test]
fn a_limit_pauses_and_resume_goes_on() {
    let workspace = Workspace::new();
    let first = workspace.run(&["send", "letter", "--yes", "--limit", "2", "--json"]);
    assert_eq!(first.status, 75, "{first:#?}");
    assert_eq!((&first.json()["accepted"], &first.json()["pending"]), (&2.into(), &1.into()));
    let status = workspace.run(&["status", "letter"]);
    assert!(status.stdout.contains("paused"), "{status:#?}");
    let rest = workspace.run(&["resume", "letter", "--json"]);
    assert_eq!((rest.status, &rest.json()["accepted"]), (0, &1.into()), "{rest:#?}");
    assert_eq!(workspace.caught().len(), 3);
    let whole = workspace.run(&["status", "letter", "--json"]).json();
    assert_eq!((&whole["planned"], &whole["accepted"]), (&3.into(), &3.into()), "{whole}");
}

#[test]
fn a_dry_run_says_who_and_leaves_no_trace() {
    let workspace = Workspace::new();
    workspace.members(&[
        ("ann@one.example", "Ann"),
        ("ANN@one.example", "Ann"),
        ("bob@two.example", "Bob"),
    ]);
    let plan = workspace.run(&["send", "letter", "--dry-run"]);
    assert_eq!(plan.status, 0, "{plan:#?}");
    for text in ["2 people", "1 duplicate", "members", "at once", "sandbox"] {
        assert!(plan.stdout.contains(text), "no `{text}` in {plan:#?}");
    }
    assert!(!workspace.path(".announce").exists(), "a dry run writes nothing");
}

#[test]
fn a_refused_person_costs_nobody_else_their_mail() {
    let workspace = Workspace::new();
    workspace.members(&[
        ("550-5.1.1@dead.fault.test", "Dead"),
        ("450@busy.fault.test", "Busy"),
        ("cho@three.example", "Cho"),
    ]);
    let sent = workspace.run(&["send", "letter", "--yes", "--json"]);
    let books = sent.json();
    assert_eq!(sent.status, 75, "a deferred delivery wants another run: {sent:#?}");
    assert_eq!(books["accepted"], 1, "{books}");
    assert_eq!(books["rejected"], 1, "{books}");
    assert_eq!(books["deferred"], 1, "{books}");
    let output = format!("{}{}", sent.stdout, sent.stderr);
    assert!(!output.contains("fault.test"), "no address in the output: {output}");
}

#[test]
fn an_edited_draft_is_a_new_rehearsal() {
    let workspace = Workspace::new();
    workspace.run(&["send", "letter", "--yes"]);
    workspace.edit("drafts/letter.md", "Thank you", "Many thanks");
    let again = workspace.run(&["send", "letter", "--yes", "--json"]);
    assert_eq!((again.status, &again.json()["accepted"]), (0, &3.into()), "{again:#?}");
    let mails = workspace.caught();
    assert_eq!(mails.len(), 3, "the mail of the last rehearsal only");
    assert!(mails[0].contains("Many thanks"), "{}", mails[0]);
}

#[test]
fn a_filter_narrows_and_the_rest_is_counted() {
    let workspace = Workspace::new();
    let sent = workspace.run(&["send", "letter", "--where", "first_name=ann", "--yes", "--json"]);
    let books = sent.json();
    assert_eq!((&books["accepted"], &books["skipped"]["filtered"]), (&1.into(), &2.into()));
}

#[test]
fn the_log_answers_for_one_person_by_address() {
    let workspace = Workspace::new();
    workspace.run(&["send", "letter", "--yes"]);
    let log = workspace.run(&["log", "--to", "bob@TWO.example", "--format", "jsonl"]);
    assert_eq!(log.stdout.lines().count(), 1, "{log:#?}");
    assert!(log.stdout.contains("bob@TWO.example"), "asked for by name: {log:#?}");
    let nobody = workspace.run(&["log", "--to", "eve@five.example"]);
    assert_eq!(nobody.stdout, "", "{nobody:#?}");
}

#[test]
fn a_second_run_hears_who_is_at_work() {
    let workspace = Workspace::new();
    workspace.run(&["send", "letter", "--yes"]);
    let lock = std::fs::File::open(workspace.path(".announce/lock")).expect("the lock");
    lock.lock().expect("to lock");
    let ran = workspace.run(&["resume", "letter"]);
    ran.fails(75, &["another run is at work"]);
}

#[test]
fn no_address_stands_in_the_ledger() {
    let workspace = Workspace::new();
    workspace.run(&["send", "letter", "--yes", "--limit", "1"]);
    for name in ["ledger.db", "ledger.db-wal", "sandbox/ledger.db", "sandbox/ledger.db-wal"] {
        let Ok(bytes) = std::fs::read(workspace.path(".announce").join(name)) else { continue };
        for canary in ["ann@one", "bob@two", "cho@three", "Cho"] {
            let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
            assert!(!found, "`{canary}` in {name}");
        }
    }
}

/// Two of three have got it; Cho is still to.
fn paused() -> Workspace {
    let workspace = Workspace::new();
    workspace.run(&["send", "letter", "--yes", "--limit", "2"]);
    workspace
}

#[test]
fn a_narrowed_send_never_mails_those_whom_an_earlier_one_left() {
    let workspace = paused();
    let narrowed = ["send", "letter", "--yes", "--where", "first_name=Ann", "--expect-count", "0"];
    workspace.run(&narrowed).fails(1, &["1 person of an earlier send", "announce resume letter"]);
    assert_eq!(workspace.caught().len(), 2);
}

#[test]
fn somebody_taken_off_the_list_meanwhile_stops_the_send() {
    let workspace = paused();
    workspace.members(&[("ann@one.example", "Ann"), ("bob@two.example", "Bob")]);
    workspace.run(&["send", "letter", "--yes"]).fails(1, &["1 person of an earlier send"]);
    assert_eq!(workspace.caught().len(), 2);
}

#[test]
fn those_whom_an_earlier_send_left_are_counted_before_the_question() {
    let workspace = paused();
    let plan = workspace.run(&["send", "letter", "--dry-run", "--json"]).json();
    assert_eq!((&plan["planned"], &plan["skipped"]["already_sent"]), (&1.into(), &2.into()));
    workspace.run(&["send", "letter"]).fails(2, &["--yes"]);
    assert_eq!(workspace.run(&["send", "letter", "--yes"]).status, 0);
    assert_eq!(workspace.caught().len(), 3);
}

#[test]
fn everybody_reads_why_they_got_it_whatever_was_narrowed_before() {
    let workspace = Workspace::new();
    workspace
        .edit(
            "announce.toml",
            "[lists]",
            "[lists]\npress = { file = \"press.csv\", title = \"You write about us.\" }",
        )
        .edit("drafts/letter.md", "[members]", "[members, press]")
        .file("press.csv", "email,first_name\npia@press.example,Pia\nquy@press.example,Quy\n");
    workspace.run(&["send", "letter", "--yes", "--list", "press"]);
    let rest = workspace.run(&["send", "letter", "--yes"]);
    assert_eq!(rest.status, 0, "{rest:#?}");
    let mails = workspace.caught();
    assert_eq!(mails.len(), 5);
    for mail in mails {
        let is_press = mail.contains("@press.example\r\n");
        assert_eq!(mail.contains("You write about us."), is_press, "{mail}");
        assert_eq!(mail.contains("You are a member"), !is_press, "{mail}");
    }
}

#[test]
fn a_name_for_a_campaign_cannot_leave_the_workspace() {
    let workspace = Workspace::new();
    for name in ["../../escaped", "a/b", "", "second round"] {
        let asked = format!("--as={name}");
        workspace.run(&["send", "letter", "--yes", &asked]).fails(2, &["`--as`", "hint"]);
    }
    assert!(workspace.caught().is_empty());
}

#[test]
fn a_dry_run_refuses_what_the_send_would_refuse() {
    let workspace = Workspace::new();
    workspace.edit("announce.toml", "sandbox:", "smtp://127.0.0.1:9");
    workspace.file("drafts/letter.sent.toml", "ledger = \"of another desk\"\n");
    workspace.run(&["send", "letter", "--dry-run"]).fails(1, &["another desk"]);
}

#[test]
fn the_secret_may_come_as_a_credential() {
    let workspace = Workspace::new();
    workspace.run(&["send", "letter", "--yes"]);
    let kept = workspace.path("credentials/announce-secret");
    std::fs::create_dir(workspace.path("credentials")).expect("a folder");
    std::fs::rename(workspace.path(".announce/secret"), &kept).expect("to move it");
    let folder = workspace.path("credentials").display().to_string();
    let environment = [("CREDENTIALS_DIRECTORY", folder.as_str())];
    let again = workspace.run_in("", &["send", "letter", "--yes", "--json"], &environment);
    assert_eq!(again.json()["skipped"]["already_sent"], 3, "{again:#?}");
}

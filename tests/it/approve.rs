//! Approvals: who has looked at what, and what no longer holds.

use std::fs;

use crate::workspace::{Ran, Workspace};

/// What sends an approved draft; every claim about holding back is one about this command.
const SEND: [&str; 3] = ["send", "letter", "--yes"];

const TEMPLATE: &str = "{{> headline label=\"OPEN LETTER\"}}\n\n{{{body}}}\n{{> signature}}\n";

/// A newsroom that lets nothing out without an approval. Its letter has a template of its own, a
/// picture and an author.
fn office() -> Workspace {
    office_with("")
}

fn office_with(more: &str) -> Workspace {
    let workspace = Workspace::new();
    let settings = fs::read_to_string(workspace.path("announce.toml")).expect("settings");
    workspace
        .file("announce.toml", format!("{settings}\n[approval]\nrequired = true\n{more}"))
        .file("templates/letter/text.hbs", TEMPLATE)
        .file("drafts/files/dot.gif", picture(1))
        .edit("drafts/letter.md", "lists:", "author: { name: Cho Min }\nlists:")
        .edit(
            "drafts/letter.md",
            "Thank you",
            "![A dot](files/dot.gif \"A dot (Cho Min)\")\n\nThank you",
        );
    workspace
}

/// A GIF of one dot of this colour.
fn picture(colour: u8) -> Vec<u8> {
    let mut bytes = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00".to_vec();
    bytes.extend([colour, 0, 0]);
    bytes.extend(b"\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b");
    bytes
}

fn approve(workspace: &Workspace) -> Ran {
    let approved = workspace.run(&["approve", "letter", "--by", "Ann Lee", "--yes"]);
    assert_eq!(approved.status, 0, "{approved:#?}");
    approved
}

fn approved() -> Workspace {
    let workspace = office();
    approve(&workspace);
    workspace
}

/// The draft is held: `texts` are said, and nobody gets anything.
#[track_caller]
fn held(workspace: &Workspace, texts: &[&str]) {
    let texts = [texts, &["nothing was sent"]].concat();
    workspace.run(&SEND).fails(1, &texts);
    let draft = due(workspace);
    // What has been said of it is forgotten: it is to be said of this.
    let _ = fs::remove_file(workspace.path(".announce/dispatch-rehearsal.json"));
    // It has two lines more.
    let texts: Vec<&str> = texts.into_iter().filter(|text| !text.starts_with("-->")).collect();
    workspace.run(&["dispatch"]).fails(1, &[&texts[..], &["`letter` is held"]].concat());
    workspace.run(&["dispatch"]).ends(0, "", "");
    workspace.file("drafts/letter.md", draft);
    assert_eq!(workspace.caught().len(), 0, "nothing was sent");
}

/// Lets the letter go by itself, which no approval is about; returns what it was.
fn due(workspace: &Workspace) -> String {
    let draft = fs::read_to_string(workspace.path("drafts/letter.md")).expect("a draft");
    workspace.edit(
        "drafts/letter.md",
        "\nlists:",
        "\nstatus: ready\nsend_at: 2020-01-06 09:00\nlists:",
    );
    draft
}

#[track_caller]
fn goes_out(workspace: &Workspace) {
    let sent = workspace.run(&SEND);
    assert_eq!((sent.status, workspace.caught().len()), (0, 3), "{sent:#?}");
}

#[test]
fn nothing_goes_out_until_somebody_has_approved_it() {
    let workspace = office();
    let hint = "hint: once somebody has read it: `announce approve letter --by NAME`";
    held(&workspace, &["nobody has approved `letter`", hint]);
    let plan = workspace.run(&["send", "letter", "--dry-run"]);
    assert_eq!(plan.status, 1, "{plan:#?}");
    assert!(plan.stdout.contains("\n  approval not approved yet\n"), "{plan:#?}");

    let approved = approve(&workspace);
    assert!(approved.stdout.starts_with("letter: approved by Ann Lee at "), "{approved:#?}");
    assert!(approved.stdout.ends_with(", for 3 people (members 3)\n"), "{approved:#?}");
    let plan = workspace.run(&["send", "letter", "--dry-run"]);
    assert_eq!(plan.status, 0, "{plan:#?}");
    assert!(plan.stdout.contains("\n  approval by Ann Lee at "), "{plan:#?}");
    goes_out(&workspace);
    let status = workspace.run(&["status", "letter"]);
    assert!(status.stdout.contains("\n  text approved by Ann Lee at "), "{status:#?}");
}

#[test]
fn what_is_approved_goes_out_by_itself() {
    let workspace = office();
    due(&workspace);
    let listed = workspace.run(&["schedule"]);
    assert!(listed.stdout.contains("held: not approved yet"), "{listed:#?}");
    approve(&workspace);
    let listed = workspace.run(&["schedule"]);
    assert!(listed.stdout.contains("\n  approved by Ann Lee at "), "{listed:#?}");
    workspace.run(&["dispatch"]).ends(0, "", "");
    assert_eq!(workspace.caught().len(), 3);
}

#[test]
fn an_approval_that_is_taken_back_while_a_plan_is_looked_at_does_not_hold() {
    let workspace = approved();
    // Everything under the lock sees the newest word.
    let by = ["approve", "letter", "--by", "Ann Lee", "--withdraw"];
    workspace.run(&by).fails_not();
    held(&workspace, &["took the approval of `letter` back"]);
}

#[test]
fn whoever_has_it_already_needs_no_approval() {
    let workspace = approved();
    goes_out(&workspace);
    workspace.run(&["approve", "letter", "--by", "Ann Lee", "--withdraw"]).fails_not();
    workspace.run(&SEND).fails_not();
    assert_eq!(workspace.caught().len(), 3);
}

#[test]
fn whoever_approves_is_shown_what_they_approve() {
    let workspace = office();
    workspace
        .file("lists/press.csv", "email,first_name\n")
        .edit("announce.toml", "[lists]", "[lists]\npress = \"lists/press.csv\"")
        .file("drafts/files/programme.txt", "17:00 Welcome\n")
        .edit(
            "drafts/letter.md",
            "---\nDear",
            "where: { first_name: [Ann, Bob] }\nexclude: [press]\nattachments: [files/programme.txt]\n\
             send_at: 2036-12-10 08:00\n---\nDear",
        );
    let shown = approve(&workspace).stderr;
    for text in [
        "A letter for {{first_name}}\n  \
         preheader What happened this month, and what comes next in our work\n  \
         from      Example Group <news@group.example>\n  \
         to        2 people (members 2)\n  \
         where     first_name = Ann or Bob\n  \
         without   press\n  \
         skipped   1 filtered out\n  \
         due       Wednesday 10 December 2036 at 08:00, once its `status` is `ready`\n  \
         attached  files/programme.txt, 14 bytes\n  \
         picture   files/dot.gif, 35 bytes\n",
        "  │ Dear Alex,\n",
        "\nit holds until its text, templates, files, settings or audience change\n\
         next: announce schedule letter --at TIME, or at once: announce send letter\n",
    ] {
        assert!(shown.contains(text), "no `{text}` in {shown}");
    }
    assert!(!shown.contains("@one.example"), "nobody's address: {shown}");
}

#[test]
fn an_approved_draft_whose_template_is_changed_by_one_byte_is_held() {
    let workspace = approved();
    workspace.edit("templates/letter/text.hbs", "OPEN LETTER", "OPEN  LETTER");
    let line = "error: this line was `{{> headline label=\"OPEN LETTER\"}}`, and is \
                `{{> headline label=\"OPEN ␣LETTER\"}}`\n \
                --> templates/letter/text.hbs:1:26\n  \
                |\n\
                1 | {{> headline label=\"OPEN  LETTER\"}}\n  \
                |                          ^\n";
    held(&workspace, &[line, "`letter` has changed since Ann Lee approved it at "]);
    let plan = workspace.run(&["send", "letter", "--dry-run"]);
    assert!(plan.stdout.contains("  approval by Ann Lee, but changed since\n"), "{plan:#?}");
    workspace.file("templates/letter/text.hbs", TEMPLATE);
    goes_out(&workspace);
}

#[test]
fn whatever_an_approval_covers_voids_it_and_is_named() {
    let name = ["name = \"Example Group\"", "name = \"Example Croup\""];
    let title = ["You are a member", "You were a member"];
    for (file, [from, to], told) in [
        ("drafts/letter.md", ["busy month", "busy year"], "--> drafts/letter.md:12:"),
        ("drafts/letter.md", ["A letter for", "The letter for"], "`subject`: was `A letter for"),
        ("drafts/letter.md", ["Cho Min }", "Ann Cho }"], "--> drafts/letter.md:5:"),
        (
            "announce.toml",
            name,
            "announce.toml: `sender.name`: was `Example Group`, is `Example Cr",
        ),
        ("announce.toml", title, "`lists.members.title`: was `You are a member"),
    ] {
        let workspace = approved();
        workspace.edit(file, from, to);
        held(&workspace, &[told, "has changed since Ann Lee approved it"]);
    }
}

#[test]
fn another_picture_of_the_same_size_is_another_picture() {
    let workspace = approved();
    workspace.file("drafts/files/dot.gif", picture(2));
    held(&workspace, &["`files/dot.gif`: same size, other bytes"]);
}

#[test]
fn another_list_is_another_audience() {
    let workspace = office();
    workspace.file("press.csv", "email,first_name\npia@press.example,Pia\n").edit(
        "announce.toml",
        "[lists]",
        "[lists]\npress = \"press.csv\"",
    );
    approve(&workspace);
    workspace.edit("drafts/letter.md", "[members]", "[members]\nexclude: [press]");
    held(&workspace, &["`exclude`: nothing → press", "--> drafts/letter.md:7:1"]);
    workspace.edit("drafts/letter.md", "[members]\nexclude: [press]", "[members, press]");
    held(&workspace, &["`lists`: members → members, press", "--> drafts/letter.md:6:1"]);
}

#[test]
fn when_it_goes_out_how_it_is_spelled_and_who_joins_change_no_approval() {
    let workspace = approved();
    workspace
        .edit("drafts/letter.md", "kind: letter", "kind:   'letter'  # a letter")
        .edit(
            "drafts/letter.md",
            "lists: [members]",
            "lists:\n  - members\nstatus: ready\nsend_at: 2036-12-10 08:00\nlate_after: 3h",
        )
        .edit("announce.toml", "1000/s", "900/s")
        .edit("lists/members.csv", "Cho\n", "Cho\ndan@four.example,Dan\n");
    let text = fs::read_to_string(workspace.path("drafts/letter.md")).expect("a draft");
    workspace.file("drafts/letter.md", text.replace('\n', "\r\n"));
    let sent = workspace.run(&SEND);
    assert_eq!((sent.status, workspace.caught().len()), (0, 4), "{sent:#?}");
}

#[test]
fn an_approval_again_shows_what_has_changed_since_the_last_one() {
    let workspace = approved();
    workspace.edit("drafts/letter.md", "busy month", "busy  month");
    let again = workspace.run(&["approve", "letter", "--by", "Jo Park", "--yes"]);
    assert_eq!(again.status, 0, "{again:#?}");
    let diff = ":\n  drafts/letter.md:12\n    \
                - Thank you for your support in this long and busy month.\n    \
                + Thank you for your support in this long and busy ␣month.\n";
    assert!(again.stderr.contains("changed since Ann Lee approved it at "), "{again:#?}");
    assert!(again.stderr.contains(diff), "{again:#?}");
    goes_out(&workspace);
}

#[test]
fn the_same_approval_is_recorded_once() {
    let workspace = approved();
    let again = approve(&workspace);
    assert_eq!(again.stdout, "", "{again:#?}");
    assert!(again.stderr.contains("Ann Lee approved exactly this at "), "{again:#?}");
    let noted = ["approve", "letter", "--by", "Ann Lee", "--note", "by telephone", "--yes"];
    assert_ne!(workspace.run(&noted).stdout, "", "another note is another word");
}

#[test]
fn nobody_is_waited_for_without_a_terminal() {
    let workspace = office();
    let asked = workspace.run(&["approve", "letter", "--by", "Ann Lee"]);
    asked.fails(2, &["  │ Dear Alex,\n", "nobody is here to confirm", "add `--yes`"]);
    assert!(!workspace.path(".announce").exists(), "nothing was recorded");
    held(&workspace, &["nobody has approved"]);
}

#[test]
fn an_author_does_not_approve_their_own() {
    let by = ["approve", "letter", "--yes", "--by", " cho  MIN "];
    let told = ["`cho  MIN` wrote it, and nobody approves their own", "nothing was approved"];
    office().run(&by).fails(1, &told);
    let allowed = office_with("by_author = true\n");
    assert_eq!(allowed.run(&by).status, 0);
    goes_out(&allowed);

    // What was right by the settings of then does not count by those of now.
    let workspace = office_with("by_author = true\n");
    workspace.run(&by);
    workspace.edit("announce.toml", "by_author = true\n", "");
    held(&workspace, &["does not count: `cho  MIN` wrote it"]);
}

#[test]
fn only_the_approvers_named_may() {
    let workspace = office_with("approvers = [\"Ann Lee\", \"Cho Min\"]\n");
    let by = |name| workspace.run(&["approve", "letter", "--yes", "--by", name]);
    by("An Lee").fails(1, &["`An Lee` is not among the `approvers`", "did you mean `Ann Lee`?"]);
    by("Jo Park").fails(1, &["`Jo Park` is not among the `approvers`", "these may: Ann Lee\n"]);
    by("Cho Min").fails(1, &["`Cho Min` wrote it", "these may: Ann Lee\n"]);
    assert!(by("ann lee").stdout.starts_with("letter: approved by Ann Lee at "));
    workspace.edit("announce.toml", "\"Ann Lee\", ", "");
    held(&workspace, &["does not count: `Ann Lee` is not among the `approvers`"]);
    workspace.edit("announce.toml", "approvers = [\"Cho Min\"]\n", "");
    goes_out(&workspace);
}

#[test]
fn an_approval_can_be_taken_back() {
    let workspace = approved();
    let back = ["approve", "letter", "--by", "Jo Park", "--withdraw"];
    let taken = workspace.run(&back);
    assert_eq!(taken.stdout, "letter: approval taken back by Jo Park\n", "{taken:#?}");
    assert!(taken.stderr.starts_with("Ann Lee had approved it at "), "{taken:#?}");
    held(&workspace, &["Jo Park took the approval of `letter` back at "]);
    assert_eq!(workspace.run(&back).status, 0, "nothing more to take back");
    approve(&workspace);
    goes_out(&workspace);

    let never = office().run(&back);
    never.ends(
        0,
        "",
        "nobody has approved `letter`: nothing to take back\n\
         next: announce approve letter --by NAME\n",
    );
}

#[test]
fn what_is_allowed_with_an_approval_needs_no_allowing_again() {
    let workspace = office();
    workspace.members(&[("ann@@one.example", "Ann"), ("bob", "Bob"), ("cho@three.example", "Cho")]);
    let by = ["approve", "letter", "--by", "Ann Lee", "--yes"];
    let refused = ["nothing was approved", "can approve with `--allow M8/many`"];
    workspace.run(&by).fails(1, &refused);
    let allowed = workspace.run(&[&by[..], &["--allow", "M8/many"]].concat());
    assert_eq!(allowed.status, 0, "{allowed:#?}");
    assert_eq!(workspace.run(&by).stdout, "", "exactly this is approved");
    let sent = workspace.run(&SEND);
    assert_eq!((sent.status, workspace.caught().len()), (0, 1), "{sent:#?}");
    let status = workspace.run(&["status", "letter"]);
    assert!(status.stdout.contains("\n  sent although: M8/many"), "{status:#?}");
}

#[test]
fn where_no_approval_is_asked_for_a_void_one_is_no_obstacle() {
    let workspace = Workspace::new();
    let told = approve(&workspace).stderr;
    assert!(told.contains("`announce.toml` asks for no approval"), "{told}");
    workspace.edit("drafts/letter.md", "busy month", "busy year");
    let plan = workspace.run(&["send", "letter", "--dry-run"]);
    assert_eq!(plan.status, 0, "{plan:#?}");
    assert!(plan.stdout.contains("  approval by Ann Lee, but changed since\n"), "{plan:#?}");
    goes_out(&workspace);
    let status = workspace.run(&["status", "letter"]);
    assert!(!status.stdout.contains("approved"), "another text was: {status:#?}");
}

#[test]
fn an_approval_stands_beside_a_run() {
    let workspace = office();
    workspace.run(&["send", "letter", "--dry-run"]);
    approve(&workspace);
    let lock = fs::File::create(workspace.path(".announce/lock")).expect("the lock");
    lock.lock().expect("to lock");
    let noted = ["approve", "letter", "--by", "Jo Park", "--yes"];
    assert_eq!(workspace.run(&noted).status, 0);
}

#[test]
fn a_name_is_one_line_and_no_address() {
    let workspace = office();
    for (name, told) in [
        ("", "`--by` is empty"),
        (" \t", "`--by` is empty"),
        ("Ann\nLee", "`--by` is not one line"),
        ("Ann <ann@lee.example>", "`--by` holds an e-mail address"),
    ] {
        let ran = workspace.run(&["approve", "letter", "--yes", "--by", name]);
        assert!(!ran.stderr.contains("ann@lee"), "{ran:#?}");
        ran.fails(2, &[told, "hint: "]);
    }
}

//! Drafts that are let go at a time: two lines of front matter, and nothing else.

use std::{fs, path::Path};

use announce::{local_time, schedule::Moment};
use jiff::civil;

use crate::{
    server::Relay,
    workspace::{LETTER, Ran, Workspace},
};

/// A Thursday that is far away.
const AT: &str = "Thu 2099-12-10 08:00";
const IN_FULL: &str = "Thursday 10 December 2099 at 08:00";

/// `(in 73 years)` as `(in …)`, and not that this is far: it depends on the day of the test.
fn timeless(mut ran: Ran) -> Ran {
    for text in [&mut ran.stdout, &mut ran.stderr] {
        let mut rest = text.as_str();
        let mut timeless = String::new();
        while let Some((before, after)) = rest.split_once("(in ") {
            timeless.push_str(before);
            timeless.push_str("(in …)");
            rest = after.split_once(')').map_or("", |(_, rest)| rest);
        }
        timeless.push_str(rest);
        *text = timeless.replace("that is more than a year away: is the year right?\n", "");
    }
    ran
}

fn schedule(workspace: &Workspace, arguments: &[&str]) -> Ran {
    timeless(workspace.run(&[&["schedule"], arguments].concat()))
}

fn letter(workspace: &Workspace) -> String {
    fs::read_to_string(workspace.path("drafts/letter.md")).expect("the letter")
}

#[test]
fn a_draft_gets_two_lines_and_no_other_change() {
    let workspace = Workspace::with_server("smtp://127.0.0.1:1", "");
    schedule(&workspace, &["letter", "--at", AT]).ends(
        0,
        &format!(
            "letter goes out on {IN_FULL} (in …) to 3 people\n\
             written into drafts/letter.md:\n  send_at: 2099-12-10 08:00\n  status: ready\n"
        ),
        "next: announce schedule\n",
    );
    let scheduled = LETTER.replace(
        "lists: [members]\n",
        "lists: [members]\nsend_at: 2099-12-10 08:00\nstatus: ready\n",
    );
    assert_eq!(letter(&workspace), scheduled);
}

#[test]
fn a_rehearsal_is_told_to_be_one() {
    let workspace = Workspace::new();
    schedule(&workspace, &["letter", "--at", AT]).ends(
        0,
        &format!(
            "letter goes out on {IN_FULL} (in …) to 3 people\n\
             written into drafts/letter.md:\n  send_at: 2099-12-10 08:00\n  status: ready\n"
        ),
        "it goes to the sandbox: nothing will leave this machine\nnext: announce schedule\n",
    );
}

#[test]
fn another_time_says_the_one_before_and_the_same_again_changes_nothing() {
    let workspace = Workspace::with_server("smtp://127.0.0.1:1", "");
    schedule(&workspace, &["letter", "--at", "2099-12-08 09:00"]);
    schedule(&workspace, &["letter", "--at", AT]).ends(
        0,
        &format!(
            "letter goes out on {IN_FULL} (in …) to 3 people\n\
             written into drafts/letter.md:\n  send_at: 2099-12-10 08:00\n  status: ready\n"
        ),
        "until now it was due on Tuesday 8 December 2099 at 09:00 (in …)\n\
         next: announce schedule\n",
    );
    let before = letter(&workspace);
    schedule(&workspace, &["letter", "--at", AT]).ends(
        0,
        &format!("letter goes out on {IN_FULL} (in …) to 3 people\n"),
        "drafts/letter.md says so already\nnext: announce schedule\n",
    );
    assert_eq!(letter(&workspace), before);
}

#[test]
fn a_time_that_clocks_leave_out_says_when_it_goes_out_then() {
    let workspace = Workspace::with_server("smtp://127.0.0.1:1", "");
    let ran = schedule(&workspace, &["letter", "--at", "2099-03-29 01:30"]);
    assert_eq!(ran.status, 0, "{ran:#?}");
    assert!(
        ran.stdout.starts_with("letter goes out on Sunday 29 March 2099 at 02:00 (in …)"),
        "{ran:#?}"
    );
    let told = "clocks go forward that day and leave `01:30` out: it goes out at 02:00\n";
    assert!(ran.stderr.contains(told) && ran.stderr.contains("warning[C3/gap]"), "{ran:#?}");
}

#[test]
fn a_time_that_is_over_or_not_understood_is_refused() {
    let workspace = Workspace::new();
    let over = schedule(&workspace, &["letter", "--at", "Wed 2016-10-26 09:00"]);
    over.fails(
        2,
        &[
            "error: Wednesday 26 October 2016 at 09:00 is over: it was ",
            " years ago\n",
            "hint: name a time to come; `announce send letter` sends it now\n",
        ],
    );
    schedule(&workspace, &["letter", "--at", "Fri 2099-12-10 08:00"]).ends(
        2,
        "",
        "error: 10 December 2099 is a Thursday, not a Friday\n\n\
         hint: write `Fri 2099-12-11 08:00`, or `Thu 2099-12-10 08:00` for the day that you have \
         written\n\n",
    );
    assert_eq!(letter(&workspace), LETTER);
}

#[test]
fn a_draft_with_an_error_at_that_time_is_not_written() {
    let workspace = Workspace::new();
    let event = "---\nkind: event\nsubject: A talk about our work\npreheader: Come and listen\n\
                 lists: [members]\nstatus: draft\nevent:\n  starts: 2099-12-09 17:00\n  place: Room 20\n\
                 ---\nDear {{first_name}},\n\nPlease come and listen to what we have found.\n";
    workspace.file("drafts/talk.md", event);
    schedule(&workspace, &["talk", "--at", AT]).fails(
        1,
        &[
            "error[B5/past-event]: the event began on `9 December 2099 at 17:00`, before this mail \
             goes out",
            "error: 1 error: nothing was written\n",
            "hint: `announce explain B5` says more; dispatch sends nothing that has an error\n",
        ],
    );
    let talk = fs::read_to_string(workspace.path("drafts/talk.md")).expect("the talk");
    assert_eq!(talk, event);
    assert_eq!(schedule(&workspace, &["talk", "--at", "2099-12-08 08:00"]).status, 0);
}

#[test]
fn front_matter_in_braces_says_which_lines_to_write() {
    let workspace = Workspace::new();
    let braces = LETTER
        .replace(
            "kind: letter\nsubject: A letter for {{first_name}}\n",
            "{ kind: letter, subject: A letter,\n",
        )
        .replace(
            "preheader: What happened this month, and what comes next in our work\n",
            "preheader: What happened,\n",
        )
        .replace("lists: [members]\n", "lists: [members] }\n");
    workspace.file("drafts/letter.md", &braces);
    schedule(&workspace, &["letter", "--at", AT]).ends(
        1,
        "",
        "error: drafts/letter.md: `send_at` and `status` cannot be written into this front matter \
         without changing more\n\n\
         hint: write by hand, each on a line of its own: `send_at: 2099-12-10 08:00`, `status: \
         ready`\n\n",
    );
    assert_eq!(letter(&workspace), braces);
}

#[test]
fn a_draft_where_dispatch_does_not_look_is_refused() {
    let workspace = Workspace::new();
    workspace.file("later/idea.md", LETTER);
    schedule(&workspace, &["later/idea.md", "--at", AT]).ends(
        1,
        "",
        "error: `later/idea.md` is not in `drafts/`, where dispatch looks\n\n\
         hint: move it there with its files, or send it by hand\n\n",
    );
}

#[test]
fn a_rehearsed_draft_can_be_scheduled() {
    let workspace = Workspace::new();
    workspace.run(&["send", "letter", "--yes"]);
    let ran = workspace.run(&["schedule", "letter", "--at", AT]);
    assert_eq!(ran.status, 0, "{ran:#?}");
    assert!(ran.stderr.contains("more than a year away: is the year right?"), "{ran:#?}");
    // Before its time it was rehearsed by hand; at its time it is again.
    let listed = schedule(&workspace, &[]);
    assert!(listed.stdout.contains("goes out on Thursday 10 December 2099"), "{listed:#?}");
    let only = schedule(&workspace, &["letter"]);
    assert_eq!(only.stdout, listed.stdout);
    workspace.run(&["dispatch"]).ends(0, "", "");
    assert_eq!(workspace.caught().len(), 3);
}

#[test]
fn a_draft_that_was_sent_does_not_go_out_again() {
    let server = Relay::start(|_| {});
    let workspace = Workspace::with_server(&server.url(), "");
    assert_eq!(workspace.run(&["send", "letter", "--yes"]).status, 0);
    schedule(&workspace, &["letter", "--at", AT]).fails(
        1,
        &[
            "error: `letter` has been sent: it was finished at ",
            "hint: `announce send letter` sends it to those who have joined since; as a new \
             announcement it needs a file of its own\n",
        ],
    );
    assert_eq!(letter(&workspace), LETTER);
}

#[test]
fn unscheduling_takes_it_back_and_leaves_the_time() {
    let workspace = Workspace::with_server("smtp://127.0.0.1:1", "");
    schedule(&workspace, &["letter", "--at", AT]);
    let before = letter(&workspace);
    timeless(workspace.run(&["unschedule", "letter"])).ends(
        0,
        &format!(
            "letter does not go out by itself any more; it was due on {IN_FULL} (in …)\n\
             written into drafts/letter.md:\n  status: draft\n"
        ),
        "next: announce schedule letter --at TIME\n",
    );
    assert_eq!(letter(&workspace), before.replace("status: ready", "status: draft"));
    workspace.run(&["unschedule", "letter"]).ends(
        0,
        "",
        "letter is not scheduled: there is nothing to undo\n\
         next: announce schedule letter --at TIME\n",
    );
}

#[test]
fn a_draft_with_a_fault_elsewhere_can_be_taken_back() {
    let workspace = Workspace::new();
    workspace.edit("drafts/letter.md", "kind: letter\n", "kind: lettre\nstatus: ready\n");
    workspace.run(&["unschedule", "letter"]).ends(
        0,
        "letter is not ready any more; it had no time\n\
         written into drafts/letter.md:\n  status: draft\n",
        "next: announce schedule letter --at TIME\n",
    );
}

#[test]
fn what_is_being_sent_is_stopped_and_not_unscheduled() {
    let workspace = Workspace::new();
    workspace.edit("lists/members.csv", "cho@three.example", "450@busy.fault.test");
    schedule(&workspace, &["letter", "--at", AT]);
    let sent = workspace.run(&["send", "letter", "--yes", "--no-wait"]);
    assert_eq!(sent.status, 75, "{sent:#?}");
    let before = letter(&workspace);
    workspace.run(&["unschedule", "letter"]).ends(
        1,
        "",
        "error: `letter` is being sent already, as it was a moment ago\n\n\
         hint: `announce stop letter` stops it before more people get it\n\n",
    );
    assert_eq!(letter(&workspace), before);
}

#[test]
fn an_empty_schedule_says_how_to_begin() {
    let workspace = Workspace::new();
    workspace.run(&["schedule"]).ends(
        0,
        "",
        "nothing is scheduled\nnext: announce schedule DRAFT --at TIME\n",
    );
    workspace.run(&["schedule", "--json"]).ends(0, "", "");
}

/// A letter with more front matter.
fn draft(workspace: &Workspace, slug: &str, more: &str) {
    let text = LETTER.replace("lists: [members]\n", &format!("lists: [members]\n{more}"));
    workspace.file(&format!("drafts/{slug}.md"), text);
}

#[test]
fn the_list_begins_with_what_is_held_and_ends_with_what_is_not_ready() {
    let workspace = Workspace::with_server("smtp://127.0.0.1:1", "");
    draft(&workspace, "a-later", "send_at: 2099-12-11 08:00\nstatus: ready\n");
    draft(&workspace, "b-sooner", "send_at: 2099-12-10 08:00\nstatus: ready\n");
    draft(&workspace, "c-written", "send_at: 2099-12-09 08:00\n");
    draft(&workspace, "d-late", "send_at: 2016-10-26 09:00\nstatus: ready\n");
    draft(&workspace, "e-timeless", "status: ready\n");
    draft(&workspace, "f-due", "send_at: 2016-10-26 09:00\nlate_after: 900000h\nstatus: ready\n");
    draft(
        &workspace,
        "g-broken",
        "send_at: 2099-12-12 08:00\nstatus: ready\nwhere: { city: Rome }\n",
    );
    let ran = ago(schedule(&workspace, &[]));
    ran.ends(
        0,
        "d-late: A letter for {{first_name}}\n  \
         held: it was due on Wednesday 26 October 2016 at 09:00 (… ago), too long ago to go out by \
         itself\n  \
         now to 3 people: `announce send d-late`\n  \
         at another time: `announce schedule d-late --at TIME`\n\
         e-timeless: A letter for {{first_name}}\n  \
         ready, and has no time: it does not go out by itself\n  \
         give it one: `announce schedule e-timeless --at TIME`\n\
         f-due: A letter for {{first_name}}\n  \
         was due on Wednesday 26 October 2016 at 09:00 (… ago): the next dispatch sends it to 3 \
         people\n\
         b-sooner: A letter for {{first_name}}\n  \
         goes out on Thursday 10 December 2099 at 08:00 (in …) to 3 people\n\
         a-later: A letter for {{first_name}}\n  \
         goes out on Friday 11 December 2099 at 08:00 (in …) to 3 people\n\
         g-broken: A letter for {{first_name}}\n  \
         is due on Saturday 12 December 2099 at 08:00 (in …)\n  \
         held while it has 1 error: `announce check g-broken`\n\
         not ready, and not sent\n  \
         c-written: Wednesday 9 December 2099 at 08:00 (in …)\n",
        "no dispatch has run here yet: nothing goes out by itself until one runs\n\
         next: announce schedule --print crontab\n",
    );
    let lines = workspace.run(&["schedule", "--json"]);
    let lines: Vec<serde_json::Value> =
        lines.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let told: Vec<String> = lines
        .iter()
        .map(|line| {
            let Some(campaign) = line["campaign"].as_str() else { panic!("{line}") };
            format!("{campaign} {} {} {}", line["place"], line["people"], line["errors"])
        })
        .collect();
    assert_eq!(
        told,
        [
            "d-late \"late\" 3 0",
            "e-timeless \"unclear\" 3 0",
            "f-due \"due\" 3 0",
            "b-sooner \"ahead\" 3 0",
            "a-later \"ahead\" 3 0",
            "g-broken \"ahead\" 0 1",
            "c-written \"not_ready\" null null",
        ]
    );
    assert_eq!(lines[3]["due"], "2099-12-10T08:00:00Z");
}

#[test]
fn where_an_approval_is_needed_the_schedule_says_whether_there_is_one() {
    let workspace = Workspace::with_server("smtp://127.0.0.1:1", "");
    workspace.edit("announce.toml", "[pace]", "[approval]\nrequired = true\n\n[pace]");
    schedule(&workspace, &["letter", "--at", AT]).ends(
        0,
        &format!(
            "letter goes out on {IN_FULL} (in …) to 3 people\n\
             written into drafts/letter.md:\n  send_at: 2099-12-10 08:00\n  status: ready\n"
        ),
        "nobody has approved it as it is: until somebody does, it does not go out\n\
         next: announce approve letter --by NAME\n",
    );
    let listed = schedule(&workspace, &[]);
    assert!(
        listed.stdout.ends_with(
            "(in …), for 3 people\n  held: not approved yet: `announce approve letter --by NAME`\n"
        ),
        "{listed:#?}"
    );
    assert_eq!(workspace.run(&["schedule", "--json"]).json()["approval"], "missing");
    assert_eq!(workspace.run(&["approve", "letter", "--by", "Ann Lee", "--yes"]).status, 0);
    let listed = schedule(&workspace, &[]);
    assert!(listed.stdout.contains("to 3 people\n  approved by Ann Lee at "), "{listed:#?}");
    assert_eq!(workspace.run(&["schedule", "--json"]).json()["approval"], "approved");
}

#[test]
fn where_dispatch_runs_the_list_says_no_more_of_it() {
    let workspace = Workspace::with_server("smtp://127.0.0.1:1", "");
    draft(&workspace, "later", "send_at: 2099-12-10 08:00\nstatus: ready\n");
    let listed = "later: A letter for {{first_name}}\n  \
                  goes out on Thursday 10 December 2099 at 08:00 (in …) to 3 people\n";
    schedule(&workspace, &[]).ends(
        0,
        listed,
        "no dispatch has run here yet: nothing goes out by itself until one runs\n\
         next: announce schedule --print crontab\n",
    );
    workspace.run(&["dispatch"]).ends(0, "", "");
    schedule(&workspace, &[]).ends(0, listed, "next: announce dispatch --dry-run\n");
}

/// `(10 years ago)` as `(… ago)`.
fn ago(mut ran: Ran) -> Ran {
    let mut lines: Vec<String> = Vec::new();
    for line in ran.stdout.lines() {
        lines.push(match line.split_once(" ago)") {
            Some((before, after)) => {
                let (before, _) = before.rsplit_once('(').expect("a bracket");
                format!("{before}(… ago){after}\n")
            }
            None => format!("{line}\n"),
        });
    }
    ran.stdout = lines.concat();
    ran
}

#[test]
fn every_row_of_the_table_of_clock_changes_is_so() {
    let doc = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scheduling.md");
    let doc = fs::read_to_string(doc).expect("the page about scheduling");
    let rows = doc.lines().filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let zone = local_time::zone(cells[0])?;
        Some((zone, cells[1..].to_vec()))
    });
    let mut ran = 0;
    for (zone, row) in rows {
        let [written, goes_out, utc, why] = row[..] else { panic!("{row:?}") };
        let local: civil::DateTime = written.parse().expect("a time");
        let moment = Moment::new(local, &zone).expect("an instant");
        let form = "%Y-%m-%d %H:%M";
        assert_eq!(moment.shown.strftime(form).to_string(), goes_out, "{row:?}");
        assert_eq!(moment.at.strftime(form).to_string(), utc, "{row:?}");
        let remark = moment.remark().unwrap_or_default();
        assert_eq!(why.starts_with("left out"), remark.contains("leave"), "{row:?}");
        assert_eq!(why.starts_with("twice"), remark.contains("twice"), "{row:?}");
        ran += 1;
    }
    assert!(ran >= 15, "only {ran} rows found");
}

//! `announce check` and `announce explain` as people, programs and hooks use them.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use super::{
    checks::from_hex,
    readme::sample_newsroom,
    workspace::{LETTER, Workspace},
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A draft with a greeting that has lost its name.
const FAULTY: &str = "---\nkind: letter\nsubject: A letter from all of us\n\
    preheader: What happened this month, and what comes next in our work\nlists: [members]\n---\n\
    Dear ,\n\nThank you for your support in this long and busy month.\n";

fn document(name: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join("docs").join(name)).expect("a document")
}

#[test]
fn the_seven_sample_drafts_are_clean() {
    let newsroom = sample_newsroom();
    let output = Command::new(env!("CARGO_BIN_EXE_announce"))
        .args(["check", "--format", "json"])
        .current_dir(newsroom.path())
        .output()
        .expect("to run");
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    let findings: Value = serde_json::from_str(&stdout).expect("JSON");
    // What was set right in a list, a change of clocks that is true, and an end that nobody wrote,
    // are no fault.
    let is_told = |finding: &&Value| {
        let is_true = matches!(finding["rule"].as_str(), Some("clock-change" | "open-end"));
        finding["level"] != "fixed" && !is_true
    };
    let faults = findings["findings"].as_array().expect("findings").iter().filter(is_told);
    assert_eq!(faults.collect::<Vec<_>>(), Vec::<&Value>::new());
    assert!(output.status.success());
}

#[test]
fn the_page_about_the_checks_says_what_explain_says() {
    let workspace = Workspace::new();
    let ran = workspace.run(&["explain", "--markdown"]);
    assert_eq!(
        ran.stdout,
        document("checks.md"),
        "write it anew: announce explain --markdown >docs/checks.md"
    );
}

#[test]
fn what_is_printed_for_programs_is_what_the_schema_describes() {
    let schema: Value = serde_json::from_str(&document("findings.schema.json")).expect("JSON");
    let workspace = Workspace::new();
    workspace.file("drafts/faulty.md", FAULTY).file("drafts/unread.md", "Dear");
    for drafts in [&["letter"][..], &["faulty"], &["unread", "faulty"], &[]] {
        let arguments = [&["check", "--format", "json"], drafts].concat();
        let ran = workspace.run(&arguments);
        let document: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        conforms(&document, &schema, "document");
        let errors = document["errors"].as_u64().expect("a number");
        assert_eq!(ran.status, i32::from(errors > 0), "{}", ran.stdout);
    }
}

/// As much of JSON Schema as ours uses.
fn conforms(value: &Value, schema: &Value, path: &str) {
    if let Some(constant) = schema.get("const") {
        assert_eq!(value, constant, "{path}");
    }
    if let Some(all) = schema.get("enum") {
        assert!(all.as_array().expect("values").contains(value), "{path}: {value}");
    }
    let name = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    match schema.get("type") {
        Some(Value::String(wanted)) => assert_eq!(name, wanted, "{path}"),
        Some(Value::Array(wanted)) => assert!(wanted.contains(&name.into()), "{path}: {name}"),
        _ => {}
    }
    if let (Value::Array(items), Some(schema)) = (value, schema.get("items")) {
        for item in items {
            conforms(item, schema, &format!("{path}[]"));
        }
    }
    if let (Value::Object(entries), Some(Value::Object(known))) = (value, schema.get("properties"))
    {
        for (key, value) in entries {
            let schema = known.get(key).unwrap_or_else(|| panic!("{path} has a `{key}`"));
            conforms(value, schema, &format!("{path}.{key}"));
        }
        for key in schema["required"].as_array().expect("keys") {
            assert!(entries.contains_key(key.as_str().expect("a key")), "{path} lacks {key}");
        }
    }
}

#[test]
fn a_draft_that_cannot_be_read_hides_nothing_about_the_others() {
    let workspace = Workspace::new();
    workspace.file("drafts/faulty.md", FAULTY).file("drafts/archive.md/old.txt", "");
    std::os::unix::fs::symlink("nowhere.md", workspace.path("drafts/lost.md")).expect("a link");
    for (bytes, told) in
        [(vec![b'x'; (1 << 20) + 1], "larger than 1 MB"), (vec![0xE9], "not UTF-8")]
    {
        workspace.file("drafts/broken.md", bytes);
        let ran = workspace.run(&["check", "--format", "json"]);
        let document: Value = serde_json::from_str(&ran.stdout).expect(&ran.stderr);
        let rules = document["findings"].as_array().expect("findings").iter();
        let rules: Vec<_> = rules.map(|finding| finding["rule"].as_str()).collect();
        assert_eq!(rules, [Some("front-matter"), Some("greeting")], "{}", ran.stdout);
        assert!(ran.status == 1 && ran.stdout.contains(told), "{}", ran.stdout);
    }
}

#[test]
fn a_file_name_gives_no_orders_to_a_terminal_or_a_runner() {
    let workspace = Workspace::new();
    workspace.file("drafts/a\u{1b}[31m\n::add-mask::b.md", LETTER);
    for format in ["human", "json", "github"] {
        let ran = workspace.run_in("", &["check", "--format", format], &[("CLICOLOR_FORCE", "1")]);
        let told = format!("{}{}", ran.stdout, ran.stderr);
        assert_eq!(ran.status, 1, "{told}");
        assert!(!told.contains("\u{1b}[31m\n") && !told.contains("\n::add-mask"), "{told}");
    }
}

#[test]
fn a_person_reads_the_line_the_fix_and_the_next_step() {
    let workspace = Workspace::new();
    workspace.file("drafts/faulty.md", FAULTY);
    workspace.run(&["check", "faulty", "letter"]).ends(
        1,
        "error[M3/greeting]: the mail greets nobody: `Dear ,`\n \
         --> drafts/faulty.md:7:1\n  |\n7 | Dear ,\n  | ^^^^^^\n\n\
         fix: write whom you greet: `Dear {{default first_name \"friend\"}},`\n\n\
         faulty: 1 error; 3 copies read\nletter: nothing to mend; 3 copies read\n",
        "next: announce explain M3\n",
    );
}

#[test]
fn github_shows_findings_beside_their_lines_from_the_root_of_the_repository() {
    let workspace = Workspace::new();
    workspace
        .file("news/announce.toml", fs::read(workspace.path("announce.toml")).expect("settings"));
    workspace.file("news/lists/members.csv", "email,first_name\nann@one.example,Ann\n");
    workspace.file("news/drafts/faulty.md", FAULTY);
    let root = workspace.path("").display().to_string();
    let arguments = ["check", "faulty", "--format", "github"];
    let ran = workspace.run_in("news", &arguments, &[("GITHUB_WORKSPACE", &root)]);
    assert_eq!(ran.status, 1);
    assert!(
        ran.stdout
            .starts_with("::error file=news/drafts/faulty.md,line=7,col=1,title=M3/greeting::"),
        "{}",
        ran.stdout
    );
}

/// A picture that shows a wall and tells where it stands.
fn telling_picture() -> Vec<u8> {
    let example = fs::read_to_string(Path::new(ROOT).join("tests/checks/I6a-metadata.txt"));
    let example = example.expect("an example");
    let (_, rest) = example.split_once("(hex) --\n").expect("a picture");
    from_hex(rest.split_once("-- ").expect("its end").0)
}

/// The letter with a picture in it.
fn with_picture(bytes: &[u8]) -> Workspace {
    let workspace = Workspace::new();
    let text = format!("{LETTER}\n![A wall](files/wall.png)\n");
    workspace.file("drafts/letter.md", text).file("drafts/files/wall.png", bytes);
    workspace
}

#[test]
fn a_picture_of_more_than_a_megabyte_is_heavy() {
    let sample = fs::read(Path::new(ROOT).join("drafts/files/two-members.png")).expect("a picture");
    let found = |bytes: usize| {
        let padded: Vec<u8> =
            sample.iter().copied().chain([0].into_iter().cycle()).take(bytes).collect();
        with_picture(&padded).run(&["check", "letter"]).stdout.contains("I4/bytes")
    };
    assert!(found((1 << 20) + 1) && !found(1 << 20));
}

#[test]
fn a_picture_loses_what_it_tells_and_nothing_else() {
    let workspace = with_picture(&telling_picture());
    let told = workspace.run(&["check", "letter"]);
    assert!(told.status == 1 && told.stdout.contains("I6a/metadata"), "{told:#?}");
    let refused = workspace.run(&["send", "letter", "--yes"]);
    assert!(refused.status == 1 && refused.stderr.contains("--fix"), "{refused:#?}");
    assert_eq!(
        fs::read(workspace.path("drafts/files/wall.png")).expect("a file"),
        telling_picture()
    );

    let fixed = workspace.run(&["check", "letter", "--fix"]);
    assert!(fixed.status == 0 && fixed.stdout.contains("fixed[I6a/metadata]"), "{fixed:#?}");
    let bare = fs::read(workspace.path("drafts/files/wall.png")).expect("a file");
    assert!(bare.len() < telling_picture().len() && bare.starts_with(b"\x89PNG"));
    let again = workspace.run(&["check", "letter", "--fix"]);
    assert!(again.status == 0 && !again.stdout.contains("I6a"), "{again:#?}");
    assert_eq!(fs::read(workspace.path("drafts/files/wall.png")).expect("a file"), bare);
}

#[test]
fn a_picture_that_cannot_be_mended_is_told_beside_the_rest() {
    let workspace = with_picture(&telling_picture());
    workspace.file("drafts/faulty.md", FAULTY);
    let no_file_grows = "trap '' XFSZ; ulimit -f 0; exec \"$@\"";
    let arguments = ["check", "letter", "faulty", "--fix", "--format", "json"];
    let ran = workspace.run_by(&["sh", "-c", no_file_grows, "sh"], &arguments);
    let document: Value = serde_json::from_str(&ran.stdout).expect(&ran.stderr);
    let told = document["findings"].as_array().expect("findings").iter();
    let told: Vec<_> = told.filter_map(|finding| finding["code"].as_str()).collect();
    assert_eq!(told, ["I6a", "I6a", "M3"], "{}", ran.stdout);
    assert!(ran.status == 1 && ran.stdout.contains("cannot be written"), "{}", ran.stdout);
    let left = fs::read(workspace.path("drafts/files/wall.png")).expect("a file");
    assert_eq!(left, telling_picture());
}

#[test]
fn what_is_asked_for_and_is_no_check_is_told_with_its_neighbour() {
    let workspace = Workspace::new();
    for (arguments, told) in [
        (&["explain", "M3/greting"][..], "did you mean `M3/greeting`?"),
        (&["explain", "greting"], "did you mean `M3/greeting`?"),
        (&["explain", "Z9"], "lists them all"),
        (&["check", "lettre"], "did you mean `drafts/letter.md`?"),
        (&["send", "letter", "--allow", "M3"], "name one: `M3/greeting`, `M3/stand-in`"),
        (&["send", "letter", "--allow", "M1/empty-field"], "`M1/empty-field` cannot be allowed"),
        (&["send", "letter", "--allow", "m3/greetings"], "did you mean `M3/greeting`?"),
    ] {
        let ran = workspace.run(arguments);
        assert!(ran.status == 2 && ran.stderr.contains(told), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn a_draft_with_an_error_is_sent_only_when_that_is_allowed() {
    let workspace = Workspace::new();
    workspace.file("drafts/faulty.md", FAULTY);
    let refused = workspace.run(&["send", "faulty", "--yes"]);
    assert_eq!(refused.status, 1);
    assert!(refused.stderr.contains("--allow M3/greeting"), "{}", refused.stderr);
    assert!(!workspace.path(".announce/sandbox").exists());
    let sent = workspace.run(&["send", "faulty", "--yes", "--allow", "M3/greeting"]);
    assert_eq!(sent.status, 0, "{}", sent.stderr);
    assert!(sent.stderr.contains("(allowed)"), "{}", sent.stderr);
}

#[test]
fn a_link_that_no_mail_can_follow_is_told_once_where_it_stands() {
    let workspace = Workspace::new();
    workspace.file("drafts/linked.md", format!("{LETTER}\n[a](foo:bar)\n\n[b](fax:1)\n"));
    let ran = workspace.run(&["check", "linked", "--format", "json"]);
    let document: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let lines = document["findings"].as_array().expect("findings").iter();
    let lines: Vec<_> = lines.map(|finding| finding["line"].as_u64()).collect();
    assert_eq!(lines, [Some(11), Some(13)], "{}", ran.stdout);
}

#[test]
fn a_send_that_everybody_has_had_ends_well_and_passes_over_nothing() {
    let workspace = Workspace::new();
    workspace.file("drafts/faulty.md", FAULTY);
    let sent = workspace.run(&["send", "faulty", "--yes", "--allow", "M3/greeting"]);
    assert_eq!(sent.status, 0, "{}", sent.stderr);
    for allowed in [&[][..], &["--allow", "M3/greeting"]] {
        let again = workspace.run(&[&["send", "faulty", "--yes"], allowed].concat());
        assert!(again.status == 0 && again.stderr.contains("nobody left"), "{}", again.stderr);
    }
    let status = workspace.run(&["status", "faulty"]).stdout;
    assert_eq!(status.matches("M3/greeting").count(), 1, "{status}");
}

#[test]
fn a_rule_that_can_be_allowed_is_named_once() {
    let workspace = Workspace::new();
    let text = format!("{FAULTY}\nTODO [[name]]\n\nTBC\n");
    workspace.file("drafts/faulty.md", text);
    let refused = workspace.run(&["send", "faulty", "--yes"]);
    let ids = "with `--allow M2/leftover` `--allow M3/greeting` `--allow M4/placeholder`\n";
    assert!(refused.stderr.contains(ids), "{}", refused.stderr);
}

#[test]
fn a_house_sets_levels_of_its_own() {
    let settings =
        |level: &str| format!("\n[check]\nlevels = {{ \"M3/greeting\" = \"{level}\" }}\n");
    for (level, status, shown) in [
        ("error", 1, "error[M3"),
        ("warning", 0, "warning[M3"),
        ("note", 0, "note[M3"),
        ("off", 0, ""),
    ] {
        let workspace = Workspace::new();
        let text = fs::read_to_string(workspace.path("announce.toml")).expect("settings");
        workspace.file("announce.toml", text + &settings(level)).file("drafts/faulty.md", FAULTY);
        let ran = workspace.run(&["check", "faulty"]);
        assert_eq!(ran.status, status, "{level}: {}", ran.stdout);
        assert_eq!(ran.stdout.contains("M3/greeting"), level != "off", "{}", ran.stdout);
        assert!(ran.stdout.contains(shown), "{}", ran.stdout);
    }
}

#[test]
fn a_level_that_cannot_be_is_a_fault_of_the_settings() {
    for (line, told) in [
        ("levels = { \"M1/empty-field\" = \"warning\" }", "cannot be anything but an error"),
        ("levels = { \"M3/greting\" = \"off\" }", "did you mean `M3/greeting`?"),
        ("levels = { M3 = \"off\" }", "name one of its rules"),
        ("levels = { \"M3/greeting\" = \"fatal\" }", "`error`, `warning`, `note`, `off`"),
        ("html_kb = [100, 80]", "the lesser first"),
        ("html_kb = 80", "not a list"),
        ("link = 20", "did you mean `links`?"),
    ] {
        let workspace = Workspace::new();
        let text = fs::read_to_string(workspace.path("announce.toml")).expect("settings");
        workspace.file("announce.toml", format!("{text}\n[check]\n{line}\n"));
        let ran = workspace.run(&["check", "letter"]);
        assert!(ran.status == 78 && ran.stderr.contains(told), "{line}: {}", ran.stderr);
    }
}

#[test]
fn the_hook_of_the_documents_stops_a_commit_with_an_error() {
    let workspace = Workspace::new();
    let git = |arguments: &[&str]| {
        let announce = Path::new(env!("CARGO_BIN_EXE_announce")).parent().expect("a folder");
        let path = std::env::var("PATH").unwrap_or_default();
        let mut git = workspace.program("git", arguments);
        git.env("PATH", format!("{}:{path}", announce.display()));
        for who in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{who}_NAME"), "Ann")
                .env(format!("GIT_{who}_EMAIL"), "a@b.example");
        }
        git.output()
    };
    if git(&["init", "--quiet"]).is_err() {
        assert!(std::env::var("CI").is_err(), "git is not installed");
        return eprintln!("NOT TESTED: git is not installed");
    }
    let page = document("checking-in-a-repository.md");
    let hook = page.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next());
    workspace.file(".git/hooks/pre-commit", hook.expect("a hook"));
    let made = workspace.program("chmod", &["+x", ".git/hooks/pre-commit"]).status();
    assert!(made.expect("chmod").success());
    let commit = |name: &str| {
        git(&["add", name]).expect("git");
        git(&["commit", "--quiet", "-m", "Write"]).expect("git")
    };
    assert!(commit("announce.toml").status.success());
    let sound = commit("drafts/letter.md");
    assert!(sound.status.success(), "{sound:?}");
    workspace.file("drafts/files/notes.md", "What we talked about");
    let other = commit("drafts/files/notes.md");
    assert!(other.status.success(), "{other:?}");
    workspace.file("drafts/faulty.md", FAULTY);
    let refused = commit("drafts/faulty.md");
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("M3/greeting"), "{refused:?}");
}

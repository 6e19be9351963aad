//! The help texts, as a snapshot: they are interface, and change on purpose only.

use std::process::Command;

#[test]
fn help_says_what_it_said() {
    let mut all = help(&["--help"]);
    for verb in [
        "init",
        "new",
        "check",
        "explain",
        "preview",
        "send",
        "approve",
        "schedule",
        "unschedule",
        "dispatch",
        "test",
        "resume",
        "stop",
        "resolve",
        "status",
        "log",
        "suppress",
        "suppress add",
        "suppress remove",
        "suppress list",
        "suppress import",
        "suppress export",
        "lists",
        "sandbox",
        "completions",
        "man",
    ] {
        let arguments: Vec<&str> = verb.split(' ').chain(["--help"]).collect();
        all += &["\n== announce ", verb, " --help\n", &help(&arguments)].concat();
    }
    insta::assert_snapshot!(all);
}

fn help(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_announce"))
        .args(arguments)
        .env("COLUMNS", "100")
        .output()
        .expect("to run");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

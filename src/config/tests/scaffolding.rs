//! Claims about `init` and `new`.

use super::*;

fn files(folder: &TempDir) -> Vec<String> {
    scaffold::init(folder.path()).unwrap()
}

#[test]
fn init_lists_what_it_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let wanted = ["announce.toml", "lists/members.csv", "drafts/welcome.md", ".gitignore"];
    assert_eq!(files(&folder), wanted);
}

#[test]
fn init_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "lists/members.csv", "mine");
    let faults = scaffold::init(folder.path()).unwrap_err();
    assert_eq!(faults[0].to_string(), "lists/members.csv: it is there already");
    assert!(!folder.path().join("announce.toml").exists(), "all or nothing");
    assert_eq!(fs::read_to_string(folder.path().join("lists/members.csv")).unwrap(), "mine");
}

#[test]
fn init_adds_to_a_gitignore_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, ".gitignore", "target");
    files(&folder);
    let ignored = fs::read_to_string(folder.path().join(".gitignore")).unwrap();
    assert_eq!(ignored, "target\n.announce/\n");
}

#[test]
fn every_line_that_init_comments_out_can_be_used() {
    let folder = tempfile::tempdir().unwrap();
    files(&folder);
    let text = fs::read_to_string(folder.path().join("announce.toml")).unwrap();
    let is_setting = |line: &&str| {
        line.strip_prefix("# ").is_some_and(|line| {
            line.starts_with('[')
                || line.split(" = ").next().is_some_and(|key| {
                    line.contains(" = ") && key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                })
        })
    };
    let settings: Vec<&str> = text.lines().filter(is_setting).collect();
    assert_eq!(settings.len(), 10, "{settings:?}");
    let used: Vec<&str> =
        text.lines().map(|line| if is_setting(&line) { &line[2..] } else { line }).collect();
    parse(&used.join("\n")).unwrap();
}

fn new_draft(workspace: &Workspace, answers: Answers) -> Result<String, Diagnostic> {
    let kinds = workspace.templates().unwrap().kinds;
    scaffold::new_draft(workspace, &kinds["event"], answers, civil::date(2026, 11, 23))
}

#[test]
fn a_new_draft_is_named_by_day_and_title_and_can_be_read() {
    let (folder, workspace) = newsroom();
    let answers = Answers {
        title: "North Korea’s “Hidden” Révolution: #1".into(),
        all_day: false,
        at: Some(civil::date(2026, 12, 3).at(18, 30, 0, 0)),
        place: Some("Room 20".into()),
        lists: Vec::new(),
    };
    let shown = new_draft(&workspace, answers.clone()).unwrap();
    assert_eq!(shown, "drafts/2026-12-03-north-koreas-hidden-revolution-1.md");
    let kinds = workspace.templates().unwrap().kinds;
    let draft = workspace.draft(&shown, folder.path(), &kinds).unwrap();
    assert_eq!(draft.front.subject.value, answers.title);
    assert_eq!(draft.front.lists[0].value, "members", "the only list there is");
    let again = new_draft(&workspace, answers).unwrap_err();
    assert_eq!(again.to_string(), format!("{shown}: it is there already"));
}

#[test]
fn a_title_without_latin_letters_takes_the_name_of_its_kind() {
    let (_folder, workspace) = newsroom();
    let answers = Answers { title: "숨겨진 혁명".into(), ..Answers::default() };
    assert_eq!(new_draft(&workspace, answers).unwrap(), "drafts/2026-11-23-event.md");
}

#[test]
fn a_title_is_one_line() {
    let (_folder, workspace) = newsroom();
    for title in [" ", "a\nb"] {
        let answers = Answers { title: title.into(), ..Answers::default() };
        assert!(new_draft(&workspace, answers).is_err(), "{title:?}");
    }
}

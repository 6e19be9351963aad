//! Claims about `announce.toml` and about files of a workspace.

use std::{fs, os::unix::fs::symlink, path::Path};

use jiff::civil;
use tempfile::TempDir;

use super::*;
use crate::{
    diagnostic::{Diagnostic, Place, Source},
    draft::{Answers, Draft},
};

const SENDER: &str = "[sender]
name = \"APPG on North Korea\"
address = \"news@appg.example\"
postal_address = \"Houses of Parliament, London SW1A 0AA\"
timezone = \"Europe/London\"
";
const UNSUBSCRIBE: &str = "[unsubscribe]\nmailto = \"unsubscribe@appg.example\"\n";

fn parse(text: &str) -> Result<Settings, Vec<Diagnostic>> {
    Settings::parse(Source::new("announce.toml", text))
}

/// Settings with this `[smtp]` and whatever follows it.
fn with(smtp_and_more: &str) -> Result<Settings, Vec<Diagnostic>> {
    parse(&format!("{SENDER}{UNSUBSCRIBE}[smtp]\n{smtp_and_more}"))
}

fn shown(faults: &[Diagnostic]) -> Vec<String> {
    let show = |fault: &Diagnostic| {
        let hint = fault.hint.as_ref().expect("every fault says what to do");
        format!("{fault} ({hint})").trim_start_matches("announce.toml:").to_owned()
    };
    faults.iter().map(show).collect()
}

/// The one thing wrong with this `[smtp]` and whatever follows it, without its line.
fn fault(smtp_and_more: &str) -> String {
    let faults = shown(&with(smtp_and_more).unwrap_err());
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults[0].splitn(3, ':').nth(2).unwrap().trim_start().to_owned()
}

mod settings {
    use super::*;

    #[test]
    fn a_short_file_has_safe_defaults() {
        let settings = with("url = \"sandbox:\"\n").unwrap();
        assert_eq!(settings.smtp.server, Server::Sandbox);
        assert_eq!(settings.smtp.helo, "appg.example");
        assert_eq!((settings.smtp.connections, settings.smtp.messages_per_connection), (4, 100));
        assert_eq!(settings.smtp.password, PasswordSource::Environment);
        assert!(settings.pace.limits.is_empty(), "a rehearsal need not wait");
        assert_eq!(settings.sender.language, "en");
        assert!(settings.bounces.is_none() && settings.secret_file.is_none());
    }

    #[test]
    fn a_full_file_is_read() {
        let text = "url = \"smtps://news@mail.example\"
helo = \"mail.appg.example\"
password_command = [\"pass\", \"show\", \"smtp\"]
connections = 8
messages_per_connection = 50
ca_file = \"ca.pem\"
[pace]
limit = [\"5/s\", \"2000/day\"]
domains = { \"Gmail.com\" = \"1/s\", \"bücher.example\" = \"30/min\" }
[lists]
members = \"lists/members.csv\"
press = { file = \"lists/press.csv\", email = \"E-Mail\", title = \"You cover us.\" }
[bounces]
address = \"bounces@appg.example\"
[ledger]
secret_file = \"/etc/announce/secret\"
";
        let settings = with(text).unwrap();
        let limits: Vec<_> = settings.pace.limits.iter().map(ToString::to_string).collect();
        assert_eq!(limits, ["5/s", "2000/day"]);
        let domains: Vec<_> = settings.pace.domains.keys().collect();
        assert_eq!(domains, ["gmail.com", "xn--bcher-kva.example"]);
        assert_eq!(settings.lists["press"].email.as_deref(), Some("E-Mail"));
        assert_eq!(settings.lists["press"].title, "You cover us.");
        assert_eq!(
            settings.lists["members"].title,
            "You get this because you are on the mailing list of APPG on North Korea."
        );
        assert_eq!(settings.smtp.helo, "mail.appg.example");
        assert_eq!(settings.smtp.ca_file.as_deref(), Some(Path::new("ca.pem")));
        assert_eq!(settings.secret_file.as_deref(), Some(Path::new("/etc/announce/secret")));
    }

    #[test]
    fn one_limit_needs_no_list_and_a_relay_has_a_careful_default() {
        let limits = |text: &str| {
            let limits = with(text).unwrap().pace.limits;
            limits.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let relay = "url = \"smtps://mail.example\"\n";
        assert_eq!(
            limits(&format!("{relay}[pace]\nlimit = \"100/min,burst=10\"\n")),
            ["100/min,burst=10"]
        );
        assert_eq!(limits(relay), ["5/s"]);
        assert!(limits(&format!("{relay}[pace]\nlimit = []\n")).is_empty());
        assert!(limits("url = \"smtp://localhost:2525\"\n").is_empty());
    }

    #[test]
    fn an_empty_file_names_all_that_is_missing() {
        let faults = shown(&parse("").unwrap_err());
        assert_eq!(faults.len(), 3, "{faults:?}");
        for (fault, section) in faults.iter().zip(["sender", "smtp", "unsubscribe"]) {
            assert!(fault.starts_with(&format!("1:1: `{section}` is missing (")), "{fault}");
        }
    }

    #[test]
    fn unknown_keys_are_refused_with_a_suggestion_all_at_once() {
        let text = format!(
            "{}{UNSUBSCRIBE}[smtp]\nurl = \"sandbox:\"\nconections = 3\n[check]\n[pace]\nlimits = \"5/s\"\n",
            SENDER.replace("name", "nmae")
        );
        assert_eq!(
            shown(&parse(&text).unwrap_err()),
            [
                "1:2: `sender.name` is missing (write the name that inboxes show)",
                "2:1: unknown key `sender.nmae` (did you mean `name`?)",
                "10:1: unknown key `smtp.conections` (did you mean `connections`?)",
                "11:2: unknown key `check` (known here: bounces, ledger, lists, pace, sender, smtp, \
                 unsubscribe)",
                "13:1: unknown key `pace.limits` (did you mean `limit`?)",
            ]
        );
    }

    #[test]
    fn broken_toml_is_placed() {
        let faults = parse("[sender\nname = 1\n").unwrap_err();
        assert!(faults[0].to_string().starts_with("announce.toml:1:"), "{}", faults[0]);
    }

    #[test]
    fn a_mail_without_a_postal_address_is_refused() {
        let text = SENDER.lines().filter(|line| !line.starts_with("postal")).collect::<Vec<_>>();
        let text = format!("{}\n{UNSUBSCRIBE}[smtp]\nurl = \"sandbox:\"\n", text.join("\n"));
        let wanted = "1:2: `sender.postal_address` is missing (laws on bulk mail ask for a postal \
                      address in each mail)";
        assert_eq!(shown(&parse(&text).unwrap_err()), [wanted]);
    }

    #[test]
    fn an_unknown_time_zone_suggests_its_neighbour() {
        let text = SENDER.replace("Europe/London", "Europe/Lodnon");
        let text = format!("{text}{UNSUBSCRIBE}[smtp]\nurl = \"sandbox:\"\n");
        let wanted = "5:12: no time zone `Europe/Lodnon` (did you mean `Europe/London`?)";
        assert_eq!(shown(&parse(&text).unwrap_err()), [wanted]);
    }

    #[test]
    fn a_password_in_the_url_is_refused_and_never_shown() {
        let faults = with("url = \"smtps://news:kan4rie@mail.example\"\n").unwrap_err();
        assert!(faults[0].message.contains("`smtp.url` holds a password"));
        assert!(faults[0].hint.as_deref().unwrap().contains("password_command"));
        assert!(!format!("{faults:?}").contains("kan4rie"));
    }

    #[test]
    fn a_password_key_is_refused_and_never_shown() {
        let faults = with("url = \"sandbox:\"\npassword = \"kan4rie\"\n").unwrap_err();
        assert_eq!(faults[0].message, "`smtp.password` does not belong in this file");
        assert!(!format!("{faults:?}").contains("kan4rie"));
        let broken = with("url = \"smtps://news:kan4rie@mail.example\n").unwrap_err();
        assert!(!format!("{broken:?}").contains("kan4rie"));
    }

    #[test]
    fn a_password_needs_a_user_and_has_one_source() {
        let user = "url = \"smtps://news@mail.example\"\n";
        let nobody = "url = \"smtps://mail.example\"\n";
        let file = "password_file = \"secrets/smtp\"\n";
        let command = "password_command = [\"pass\"]\n";
        let password = |text: String| with(&text).unwrap().smtp.password;
        assert_eq!(password(format!("{user}{file}")), PasswordSource::File("secrets/smtp".into()));
        assert_eq!(
            password(format!("{user}{command}")),
            PasswordSource::Command(vec!["pass".into()])
        );
        assert!(fault(&format!("{user}{file}{command}")).contains("stands beside"));
        assert!(fault(&format!("{nobody}{file}")).contains("has no user to log in"));
        assert!(fault(&format!("{user}password_command = []\n")).contains("is empty"));
        assert!(
            fault(&format!("{user}password_command = \"pass\"\n")).contains("is text, not a list")
        );
    }

    #[test]
    fn numbers_out_of_bounds_are_refused() {
        for key in ["connections = 0", "connections = 65", "connections = -1", "connections = 1.5"]
        {
            let fault = fault(&format!("url = \"sandbox:\"\n{key}\n"));
            assert!(
                fault.starts_with("`smtp.connections` is not a whole number from 1 to 64"),
                "{fault}"
            );
        }
        assert!(with("url = \"sandbox:\"\nconnections = 64\n").is_ok());
    }

    #[test]
    fn helo_is_a_domain_or_a_literal() {
        let helo = |helo: &str| with(&format!("url = \"sandbox:\"\nhelo = \"{helo}\"\n"));
        for good in ["appg.example", "[192.0.2.1]", "[IPv6:2001:db8::1]"] {
            assert_eq!(helo(good).unwrap().smtp.helo, good);
        }
        for bad in ["a b", "192.0.2.1", "[nowhere]", "a\\r\\nMAIL"] {
            assert!(helo(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_pace_that_cannot_be_kept_is_refused() {
        let pace = |pace: &str| fault(&format!("url = \"sandbox:\"\n[pace]\n{pace}\n"));
        assert!(pace("limit = \"5\"").starts_with("`5` is not a pace (write a whole number"));
        assert!(pace("limit = [\"5/s\", \"x\"]").starts_with("`x` is not a pace"));
        assert!(pace("domains = { \"a b\" = \"1/s\" }").starts_with("`a b` is not a domain"));
        assert!(pace("domains = { \"a.example\" = \"9/day\" }").contains("cannot have a cap"));
        assert!(
            pace("domains = { \"a.example\" = \"1/s\", \"A.example\" = \"1/s\" }")
                .starts_with("`a.example` stands twice")
        );
    }

    #[test]
    fn people_must_be_able_to_leave() {
        let unsubscribe = |text: &str| {
            let text = format!("{SENDER}[smtp]\nurl = \"sandbox:\"\n[unsubscribe]\n{text}\n");
            shown(&parse(&text).err().unwrap_or_default()).join("; ")
        };
        assert!(unsubscribe("").contains("`unsubscribe` has neither `mailto` nor `url`"));
        assert_eq!(unsubscribe("url = \"https://appg.example/u/\""), "");
        assert_eq!(unsubscribe("url = \"https://appg.example/u?t=\""), "");
        let long = format!("https://appg.example/{}/", "u".repeat(130));
        for bad in [
            "http://appg.example/u/",
            "https://appg.example/u",
            "https://appg.example/#u/",
            "https://appg.example/ü/",
            "https://a:b@appg.example/",
            long.as_str(),
        ] {
            let fault = unsubscribe(&format!("url = \"{bad}\""));
            assert!(
                fault.contains("is not an https link that a token can be appended to"),
                "{bad}"
            );
        }
    }

    #[test]
    fn bad_addresses_are_refused_without_being_repeated() {
        let text = format!(
            "{SENDER}reply_to = \"office@@appg.example\"\n{UNSUBSCRIBE}[smtp]\nurl = \"sandbox:\"\n"
        );
        let faults = parse(&text).unwrap_err();
        let wanted = "6:12: `sender.reply_to` is not an e-mail address: it has more than one `@` (write it \
                      as `name@example.org`)";
        assert_eq!(shown(&faults), [wanted]);
    }

    #[test]
    fn addresses_have_the_form_of_the_wire() {
        let text = SENDER.replace("news@appg", "News@bücher");
        let settings = parse(&format!("{text}{UNSUBSCRIBE}[smtp]\nurl = \"sandbox:\"\n")).unwrap();
        assert_eq!(settings.sender.address, "News@xn--bcher-kva.example");
        assert_eq!(settings.smtp.helo, "xn--bcher-kva.example");
    }

    #[test]
    fn a_bounce_mailbox_has_room_for_a_token() {
        let bounces = |length: usize| {
            let local = "b".repeat(length);
            format!("url = \"sandbox:\"\n[bounces]\naddress = \"{local}@appg.example\"\n")
        };
        assert!(with(&bounces(37)).unwrap().bounces.is_some());
        assert!(fault(&bounces(38)).starts_with("`bounces.address` has no room for a token"));
        assert!(
            fault("url = \"sandbox:\"\n[bounces]\n").starts_with("`bounces.address` is missing")
        );
    }

    #[test]
    fn a_sender_name_with_a_line_break_is_refused() {
        let text = SENDER.replace("APPG on", "APPG\\r\\nBcc: x");
        let faults =
            parse(&format!("{text}{UNSUBSCRIBE}[smtp]\nurl = \"sandbox:\"\n")).unwrap_err();
        assert!(faults[0].message.contains("`sender.name` holds a line break"));
    }

    #[test]
    fn debug_output_shows_no_address() {
        let settings = with("url = \"smtps://news@appg.example@mail.example\"\n").unwrap();
        assert!(!format!("{settings:?}").contains('@'));
    }
}

/// A new workspace, and the folder that keeps it.
fn newsroom() -> (TempDir, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    scaffold::init(folder.path()).unwrap();
    let workspace = Workspace::open(folder.path()).unwrap();
    (folder, workspace)
}

fn write(folder: &TempDir, path: &str, text: impl AsRef<[u8]>) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

mod workspace {
    use super::*;

    #[test]
    fn a_new_newsroom_passes_every_check_of_its_files() {
        let (folder, workspace) = newsroom();
        let kinds = workspace.templates().unwrap().kinds;
        let draft = workspace.draft("welcome", folder.path(), &kinds).unwrap();
        assert_eq!(draft.slug, "welcome");
        for list in &draft.front.lists {
            let list = workspace.list(&list.value).unwrap();
            let text = std::io::read_to_string(list.open().unwrap()).unwrap();
            assert_eq!(text.lines().count(), 4, "a header and three people");
        }
        let ignored = fs::read_to_string(folder.path().join(".gitignore")).unwrap();
        assert_eq!(ignored, ".announce/\n");
    }

    #[test]
    fn a_workspace_is_found_from_below() {
        let (folder, workspace) = newsroom();
        let below = folder.path().join("drafts/files");
        fs::create_dir_all(&below).unwrap();
        assert_eq!(Workspace::find(&below).unwrap().root(), workspace.root());
    }

    #[test]
    fn without_a_workspace_init_is_suggested() {
        let folder = tempfile::tempdir().unwrap();
        let faults = Workspace::find(folder.path()).unwrap_err();
        let wanted = "there is no `announce.toml` in this folder or above it";
        assert_eq!(faults[0].to_string(), wanted);
        assert!(faults[0].hint.as_deref().unwrap().contains("`announce init`"));
        assert!(Workspace::open(folder.path()).is_err());
    }

    #[test]
    fn a_missing_list_suggests_its_neighbour() {
        let (folder, workspace) = newsroom();
        let fault = workspace.list("membres").unwrap_err();
        assert_eq!(fault.to_string(), "no list `membres`");
        assert_eq!(fault.hint.as_deref(), Some("did you mean `members`?"));
        fs::remove_file(folder.path().join("lists/members.csv")).unwrap();
        let fault = workspace.list("members").unwrap().open().unwrap_err();
        assert_eq!(fault.to_string(), "`lists/members.csv` cannot be read: no such file");
    }
}

/// The repository is a newsroom itself.
#[test]
fn the_newsroom_of_this_repository_is_sound() {
    let workspace = Workspace::open(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let kinds = workspace.templates().unwrap().kinds;
    for name in workspace.settings().lists.keys() {
        workspace.list(name).unwrap().open().unwrap();
    }
    for slug in workspace.slugs().unwrap() {
        let draft = workspace.draft(&slug, workspace.root(), &kinds).unwrap();
        draft.front.lists.iter().for_each(|list| drop(workspace.list(&list.value).unwrap()));
        workspace.attachments(&draft).unwrap();
    }
}

mod drafts {
    use super::*;

    fn read(workspace: &Workspace, named: &str, here: &Path) -> Result<Draft, String> {
        let kinds = workspace.templates().unwrap().kinds;
        workspace.draft(named, here, &kinds).map_err(|faults| shown(&faults).join("; "))
    }

    #[test]
    fn a_draft_answers_to_slug_and_path() {
        let (folder, workspace) = newsroom();
        let root = folder.path();
        let absolute = root.join("drafts/welcome.md");
        for (named, here) in [
            ("welcome", root),
            ("drafts/welcome.md", root),
            ("drafts/welcome", root),
            ("welcome.md", &root.join("drafts")),
            ("../drafts/welcome.md", &root.join("lists")),
            ("drafts/welcome.md", &root.join("lists")),
            (absolute.to_str().unwrap(), Path::new("/")),
        ] {
            let draft = read(&workspace, named, here).unwrap();
            assert_eq!(
                (draft.slug.as_str(), &*draft.source.name),
                ("welcome", "drafts/welcome.md")
            );
        }
        assert_eq!(workspace.slugs().unwrap(), ["welcome"]);
    }

    #[test]
    fn a_misspelt_draft_suggests_its_neighbour() {
        let (folder, workspace) = newsroom();
        let fault = read(&workspace, "drafts/welcmoe.md", folder.path()).unwrap_err();
        assert_eq!(fault, "no draft `drafts/welcmoe.md` (did you mean `drafts/welcome.md`?)");
    }

    #[test]
    fn a_draft_outside_the_workspace_is_refused() {
        let (folder, workspace) = newsroom();
        let outside = tempfile::tempdir().unwrap();
        write(&outside, "x.md", "---\n---\n");
        let fault = read(&workspace, "x.md", outside.path()).unwrap_err();
        assert!(fault.starts_with("`x.md` is not in the workspace"), "{fault}");
        symlink(outside.path().join("x.md"), folder.path().join("drafts/y.md")).unwrap();
        let fault = read(&workspace, "y", folder.path()).unwrap_err();
        assert!(fault.starts_with("`y` is not in the workspace"), "{fault}");
    }

    #[test]
    fn the_name_of_a_draft_must_do_as_an_id() {
        let (folder, workspace) = newsroom();
        write(&folder, "drafts/a b.md", "---\n---\n");
        let fault = read(&workspace, "a b", folder.path()).unwrap_err();
        assert!(fault.starts_with("drafts/a b.md: the name of a draft is the id"), "{fault}");
    }
}

mod assets {
    use super::*;

    fn draft(workspace: &Workspace) -> Draft {
        let kinds = workspace.templates().unwrap().kinds;
        workspace.draft("welcome", workspace.root(), &kinds).unwrap()
    }

    fn refused(workspace: &Workspace, written: &str) -> String {
        let fault = workspace.asset(&draft(workspace), written).unwrap_err();
        assert!(fault.hint.is_some());
        fault.to_string()
    }

    #[test]
    fn a_file_beside_the_draft_travels_along() {
        let (folder, workspace) = newsroom();
        write(&folder, "drafts/files/프로그램.pdf", "PDF");
        write(&folder, "shared/map.png", "PNG");
        let draft = draft(&workspace);
        let asset = workspace.asset(&draft, "files/프로그램.pdf").unwrap();
        assert_eq!((asset.name.as_str(), asset.bytes.as_slice()), ("프로그램.pdf", &b"PDF"[..]));
        assert_eq!(asset.shown, "drafts/files/프로그램.pdf");
        assert_eq!(workspace.asset(&draft, "../shared/map.png").unwrap().shown, "shared/map.png");
    }

    #[test]
    fn a_path_out_of_the_workspace_is_refused() {
        let (folder, workspace) = newsroom();
        let outside = tempfile::tempdir_in(folder.path().parent().unwrap()).unwrap();
        write(&outside, "x.pdf", "secret");
        let name = outside.path().file_name().unwrap().to_str().unwrap();
        let traversal = format!("../../{name}/x.pdf");
        let wanted = format!("`{traversal}` is not in the workspace");
        assert_eq!(refused(&workspace, &traversal), wanted);
        assert_eq!(refused(&workspace, "/etc/passwd"), "`/etc/passwd` is not a relative path");
        assert_eq!(refused(&workspace, "a\0b"), "`a\\0b` is not a relative path");
        assert_eq!(refused(&workspace, "..\\x"), "`..\\\\x` is not a relative path");
        let wanted = "`..%2fx.pdf` cannot be read: no such file";
        assert_eq!(refused(&workspace, "..%2fx.pdf"), wanted);
    }

    #[test]
    fn a_link_out_of_the_workspace_is_refused() {
        let (folder, workspace) = newsroom();
        let outside = tempfile::tempdir().unwrap();
        write(&outside, "x.pdf", "secret");
        symlink(outside.path().join("x.pdf"), folder.path().join("drafts/x.pdf")).unwrap();
        symlink(outside.path(), folder.path().join("drafts/files")).unwrap();
        assert_eq!(refused(&workspace, "x.pdf"), "`x.pdf` is not in the workspace");
        assert_eq!(refused(&workspace, "files/x.pdf"), "`files/x.pdf` is not in the workspace");
    }

    #[test]
    fn state_settings_and_lists_never_travel() {
        let (folder, workspace) = newsroom();
        write(&folder, "lists/old-members.csv", "email\n");
        write(&folder, ".announce/secret", "x");
        let private = ["../lists/members.csv", "../lists/old-members.csv", "../announce.toml"];
        for written in private {
            let wanted = format!("`{written}` lies with lists or secrets");
            assert_eq!(refused(&workspace, written), wanted);
        }
        let wanted = "`../.announce/secret` is not in the workspace";
        assert_eq!(refused(&workspace, "../.announce/secret"), wanted);
    }

    #[test]
    fn only_regular_files_up_to_ten_megabytes_travel() {
        let (folder, workspace) = newsroom();
        fs::create_dir_all(folder.path().join("drafts/files")).unwrap();
        assert_eq!(refused(&workspace, "files"), "`files` is not a regular file");
        write(&folder, "drafts/big.pdf", vec![0; 10 * 1024 * 1024 + 1]);
        assert_eq!(refused(&workspace, "big.pdf"), "`big.pdf` is larger than 10 MB");
    }

    #[test]
    fn every_missing_attachment_is_reported_where_it_is_named() {
        let (folder, workspace) = newsroom();
        let text = "---\nkind: letter\nsubject: S\nlists: [members]\n\
                    attachments: [a.pdf, { file: b.pdf, title: B }]\n---\n";
        write(&folder, "drafts/x.md", text);
        let kinds = workspace.templates().unwrap().kinds;
        let draft = workspace.draft("x", folder.path(), &kinds).unwrap();
        let faults = workspace.attachments(&draft).unwrap_err();
        let shown: Vec<_> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "drafts/x.md:5:15: `a.pdf` cannot be read: no such file",
                "drafts/x.md:5:30: `b.pdf` cannot be read: no such file",
            ]
        );
    }
}

mod templates {
    use super::*;

    #[test]
    fn a_file_of_the_workspace_wins_over_the_built_in_one() {
        let (folder, workspace) = newsroom();
        write(&folder, "templates/article/kind.toml", "description = \"ours\"\n");
        write(&folder, "templates/partials/logo.html.hbs", "LOGO");
        write(&folder, "templates/README.txt", "notes");
        let templates = workspace.templates().unwrap();
        assert_eq!(templates.kinds["article"].description, "ours");
        assert_eq!(templates.kinds["event"].description, "an invitation to an event");
        let logo = &templates.set.files["partials/logo.html.hbs"];
        assert_eq!((&*logo.name, &*logo.text), ("templates/partials/logo.html.hbs", "LOGO"));
        assert!(!templates.set.files.contains_key("README.txt"));
        assert!(!templates.set.files.contains_key("article/kind.toml"));
    }

    #[test]
    fn a_kind_of_ones_own_is_a_folder() {
        let (folder, workspace) = newsroom();
        write(&folder, "templates/notice/html.hbs", "");
        let shown = shown(&workspace.templates().unwrap_err());
        assert!(shown[0].starts_with("templates/notice: kind `notice` has no `kind.toml` (add it"));
        assert!(shown[1].starts_with("templates/notice: kind `notice` has no `draft.md` (add it"));
        write(&folder, "templates/notice/kind.toml", "description = \"a notice\"\n");
        write(&folder, "templates/notice/draft.md", "---\nkind: notice\n---\n");
        assert!(workspace.templates().unwrap().kinds.contains_key("notice"));
    }

    #[test]
    fn a_template_that_is_a_link_out_is_refused() {
        let (folder, workspace) = newsroom();
        let outside = tempfile::tempdir().unwrap();
        write(&outside, "x.hbs", "");
        fs::create_dir_all(folder.path().join("templates")).unwrap();
        symlink(outside.path(), folder.path().join("templates/partials")).unwrap();
        let faults = workspace.templates().unwrap_err();
        assert_eq!(faults[0].to_string(), "`templates/partials` is not in the workspace");
    }
}

mod scaffolding {
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
                        line.contains(" = ")
                            && key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                    })
            })
        };
        let settings: Vec<&str> = text.lines().filter(is_setting).collect();
        assert_eq!(settings.len(), 6, "{settings:?}");
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
}

proptest::proptest! {
    /// Whatever stands in `announce.toml`: no panic, and places that can be shown.
    #[test]
    fn no_settings_break_the_reader(
        toml in "(\\[sender\\]\n|\\[smtp\\]\n|\\[pace\\]\n|\\[lists\\]\n|url|password|name|limit|members| = |\
                 \\[|\\]|\\{|\\}|\"|'|#|\n|\r|, |5/s|1|smtps://|u|:|@|h|é|\\.|\u{0}|\u{feff}){0,30}",
    ) {
        let Err(faults) = parse(&toml) else { return Ok(()) };
        for fault in faults {
            let Some(Place::Span { source, span }) = fault.place else { panic!("no place") };
            proptest::prop_assert!(source.text.get(span).is_some());
        }
    }
}

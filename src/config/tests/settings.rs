//! Claims about `announce.toml`.

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
        "{}{UNSUBSCRIBE}[smtp]\nurl = \"sandbox:\"\nconections = 3\n[chekc]\n[pace]\nlimits = \"5/s\"\n",
        SENDER.replace("name", "nmae")
    );
    assert_eq!(
        shown(&parse(&text).unwrap_err()),
        [
            "1:2: `sender.name` is missing (write the name that inboxes show)",
            "2:1: unknown key `sender.nmae` (did you mean `name`?)",
            "10:1: unknown key `smtp.conections` (did you mean `connections`?)",
            "11:2: unknown key `chekc` (did you mean `check`?)",
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
    assert_eq!(password(format!("{user}{command}")), PasswordSource::Command(vec!["pass".into()]));
    assert!(fault(&format!("{user}{file}{command}")).contains("stands beside"));
    assert!(fault(&format!("{nobody}{file}")).contains("has no user to log in"));
    assert!(fault(&format!("{user}password_command = []\n")).contains("is empty"));
    assert!(fault(&format!("{user}password_command = \"pass\"\n")).contains("is text, not a list"));
}

#[test]
fn numbers_out_of_bounds_are_refused() {
    for key in ["connections = 0", "connections = 65", "connections = -1", "connections = 1.5"] {
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
        assert!(fault.contains("is not an https link that a token can be appended to"), "{bad}");
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
    assert!(fault("url = \"sandbox:\"\n[bounces]\n").starts_with("`bounces.address` is missing"));
}

#[test]
fn a_sender_name_with_a_line_break_is_refused() {
    let text = SENDER.replace("APPG on", "APPG\\r\\nBcc: x");
    let faults = parse(&format!("{text}{UNSUBSCRIBE}[smtp]\nurl = \"sandbox:\"\n")).unwrap_err();
    assert!(faults[0].message.contains("`sender.name` holds a line break"));
}

#[test]
fn debug_output_shows_no_address() {
    let settings = with("url = \"smtps://news@appg.example@mail.example\"\n").unwrap();
    assert!(!format!("{settings:?}").contains('@'));
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

#[test]
fn an_approval_is_asked_for_by_name() {
    let approval = |text: &str| with(&format!("url = \"sandbox:\"\n[approval]\n{text}"));
    let plain = with("url = \"sandbox:\"\n").unwrap().approval;
    assert!(!plain.required && !plain.by_author && plain.approvers.is_empty());
    let text = "required = true\napprovers = [\"Ann Lee\", \" Jo Park \"]\nby_author = true\n";
    let full = approval(text).unwrap().approval;
    assert!(full.required && full.by_author);
    assert_eq!(full.approvers, ["Ann Lee", "Jo Park"]);
    for (text, expected) in [
        ("requierd = true\n", "did you mean `required`?"),
        ("required = \"yes\"\n", "write `true` or `false`, without quotes"),
        ("approvers = []\n", "or take it out: then anybody may"),
        ("approvers = \"Ann Lee\"\n", "name who may approve"),
        ("approvers = [\"Ann Lee\", \"ann  lee\"]\n", "keep one of them"),
    ] {
        let faults = approval(text).expect_err(text);
        let hints: Vec<&str> = faults.iter().filter_map(|fault| fault.hint.as_deref()).collect();
        assert!(hints.len() == 1 && hints[0].contains(expected), "{text}: {hints:?}");
    }
}

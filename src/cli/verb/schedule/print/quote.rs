//! Words as a shell, cron and systemd read them.

/// What none of them makes anything of.
fn is_plain(word: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+=:,@".contains(&byte);
    !word.is_empty() && word.bytes().all(plain)
}

/// One word of a POSIX shell (XCU §2.2).
pub(super) fn shell(word: &str) -> String {
    if is_plain(word) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// The same in a crontab, where `%` begins the standard input (crontab(5)). Some crons leave the
/// backslash that guards it to the shell and some take it away, so that it stands outside of the
/// shell's quotes: both read it alike.
pub(super) fn cron(word: &str) -> String {
    shell(word).replace('%', r"'\%'")
}

/// A setting that is one value to its end: only specifiers have to be kept off (systemd.unit(5)).
pub(super) fn value(text: &str) -> String {
    text.replace('%', "%%")
}

/// One word of a setting that is a list of words (systemd.syntax(7), "Quoting").
pub(super) fn word(word: &str) -> String {
    if is_plain(word) {
        return word.to_owned();
    }
    format!("\"{}\"", value(word).replace('\\', r"\\").replace('"', "\\\""))
}

/// One argument of `ExecStart=`, where `$` begins a variable (systemd.service(5)).
pub(super) fn argument(text: &str) -> String {
    word(text).replace('$', "$$")
}

/// A folder's path as a part of a unit's name, another one for every path: a `-` for the `/`,
/// doubled where the path has one, and `_` with two hexadecimal digits for a byte that a shell or
/// systemd might make something of.
pub(super) fn unit(folder: &str) -> String {
    let part = |byte: u8| match byte {
        b'/' => "-".to_owned(),
        b'-' => "--".to_owned(),
        _ if byte == b'.' || byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("_{byte:02x}"),
    };
    folder.trim_matches('/').bytes().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_means_nothing_else_stays_as_it_is() {
        let path = "/srv/news_room-2/a+b.d";
        assert_eq!([shell(path), cron(path), word(path), argument(path)], [path; 4]);
    }

    #[test]
    fn a_shell_word_is_quoted() {
        assert_eq!(shell("/srv/my news"), "'/srv/my news'");
        assert_eq!(shell("/srv/ann's"), r"'/srv/ann'\''s'");
        assert_eq!(shell("/srv/뉴스"), "'/srv/뉴스'");
    }

    #[test]
    fn a_percent_sign_is_kept_from_cron_outside_of_the_quotes() {
        assert_eq!(cron("/srv/50% news"), r"'/srv/50'\%' news'");
    }

    #[test]
    fn systemd_gets_its_signs_doubled() {
        assert_eq!(word("/srv/50% \"news\"\\"), "\"/srv/50%% \\\"news\\\"\\\\\"");
        assert_eq!(argument("/srv/a$b"), "\"/srv/a$$b\"");
        assert_eq!(value("/srv/50% of it"), "/srv/50%% of it");
    }

    #[test]
    fn folders_that_look_alike_have_units_of_their_own() {
        let folders = ["/srv/a-b", "/srv/a/b", "/srv/a_b", "/srv/a b", "/srv/뉴스", "/srv/소식"];
        let units = folders.map(unit);
        let wanted = [
            "srv-a--b",
            "srv-a-b",
            "srv-a_5fb",
            "srv-a_20b",
            "srv-_eb_89_b4_ec_8a_a4",
            "srv-_ec_86_8c_ec_8b_9d",
        ];
        assert_eq!(units, wanted);
    }
}

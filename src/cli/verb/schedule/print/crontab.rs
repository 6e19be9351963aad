//! The line for cron.

use super::{
    Password, Site,
    quote::{cron, shell},
};

/// What belongs into the crontab.
pub(super) fn lines(site: &Site) -> String {
    let Site { program, workspace, state_home, .. } = site;
    // On the line itself: a line of its own would hold for all that follows in the crontab.
    let state = state_home.as_ref().map_or(String::new(), |folder| {
        format!("env {} ", cron(&format!("XDG_STATE_HOME={folder}")))
    });
    let (program, folder) = (cron(program), cron(workspace));
    format!(
        "# announce: each minute, send what is due in {workspace}\n\
         # It is silent unless a person is needed; then cron mails what it says. To whom:\n\
         #MAILTO=office@example.org\n\
         * * * * * {state}{program} -C {folder} dispatch\n"
    )
}

/// How it gets there.
pub(super) fn how(site: &Site) -> String {
    let Site { user, password, .. } = site;
    let again = format!("{} schedule --print crontab", called(site));
    let password = match password {
        Password::Environment => {
            "note: cron does not know ANNOUNCE_SMTP_PASSWORD; set `smtp.password_file` or \
             `smtp.password_command` in `announce.toml`\n"
        }
        _ => "",
    };
    format!(
        "{password}\
         these lines belong into the crontab of `{user}`, who sends by hand too: paste them into \
         `crontab -e`, or\n  (crontab -l; {again}) | crontab -\n\
         next: announce schedule"
    )
}

/// This program, for this workspace, as typed in a shell.
pub(super) fn called(site: &Site) -> String {
    format!("{} -C {}", shell(&site.program), shell(&site.workspace))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_names_program_and_workspace_in_full() {
        let site = Site::sample();
        let last = "* * * * * /usr/local/bin/announce -C /srv/newsroom dispatch\n";
        assert!(lines(&site).ends_with(&format!("\n{last}")), "{}", lines(&site));
    }

    #[test]
    fn a_state_folder_of_ones_own_travels_on_the_line() {
        let site = Site { state_home: Some("/var/lib/my state".into()), ..Site::sample() };
        let last = "\n* * * * * env 'XDG_STATE_HOME=/var/lib/my state' /usr/local/bin/announce -C \
                    /srv/newsroom dispatch\n";
        assert!(lines(&site).ends_with(last), "{}", lines(&site));
    }

    #[test]
    fn a_password_that_cron_does_not_know_is_told() {
        let says =
            |password| how(&Site { password, ..Site::sample() }).contains("ANNOUNCE_SMTP_PASSWORD");
        assert!(says(Password::Environment));
        assert!(!says(Password::File) && !says(Password::Command) && !says(Password::Unused));
    }
}

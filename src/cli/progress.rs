//! What a person sees while a run goes on: a bar on a terminal, a line for what matters elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use jiff::tz::TimeZone;

use super::{output, terminal::Presence};
use crate::{
    campaign::{Event, Reporter},
    deliver::Slowed,
    diagnostic::count,
    ledger::AttemptStatus,
};

/// Shows a run to people on stderr.
pub(super) struct Progress {
    bar: ProgressBar,
    zone: TimeZone,
    failed: u64,
    /// Rejected because it was put off too often.
    pub(super) given_up: u64,
}

impl Progress {
    /// The bar is drawn only where a person looks; times are shown in `zone`.
    pub(super) fn new(presence: Presence, zone: TimeZone) -> Self {
        let target = if presence.is_attended() {
            ProgressDrawTarget::stderr_with_hz(10)
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        let style = ProgressStyle::with_template(
            "{wide_bar:.green/dim} {human_pos}/{human_len} · {pace} · {eta} left {msg}",
        );
        if let Ok(style) = style {
            let pace = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
                // The first goes at once; the pace is what lies between.
                let gaps = u32::try_from(state.pos().saturating_sub(1)).unwrap_or(u32::MAX);
                let seconds = state.elapsed().as_secs_f64().max(0.001);
                let _ = write!(out, "{:.1}/s", f64::from(gaps) / seconds);
            };
            bar.set_style(style.with_key("pace", pace).progress_chars("━━─"));
        }
        Self { bar, zone, failed: 0, given_up: 0 }
    }

    fn say(&self, text: &str) {
        self.bar.suspend(|| output::say(text));
    }
}

impl Reporter for Progress {
    fn report(&mut self, event: &Event) {
        match event {
            Event::Started { ahead } => self.bar.set_length(*ahead),
            Event::Tried { person, status, code, reply, given_up, suppressed, .. } => {
                self.bar.inc(1);
                self.given_up += u64::from(*given_up);
                if *status != AttemptStatus::Accepted {
                    self.failed += 1;
                    self.bar.set_message(format!("· {} not accepted", self.failed));
                    let status = match status {
                        AttemptStatus::Deferred => "deferred",
                        AttemptStatus::Rejected => "rejected",
                        _ => "uncertain",
                    };
                    let code = code.map(|code| format!("{code} ")).unwrap_or_default();
                    let dead = if *suppressed { "; on the suppression list now" } else { "" };
                    self.say(&format!("{status} {}: {code}{reply}{dead}", person.short()));
                }
            }
            Event::Skipped => self.bar.inc(1),
            Event::Slowed { reply, slowed } => {
                let said = reply.as_ref().map(|reply| format!(" (it said `{reply}`)"));
                let said = said.unwrap_or_default();
                self.say(&format!("the server asks us to slow down{said}: {}", pace(*slowed)));
            }
            Event::Reconnecting { reason, wait } => {
                self.say(&format!("{reason}; connecting again in {}", span(*wait)));
            }
            Event::Waiting { deferred, until } => {
                let time = until.to_zoned(self.zone.clone()).strftime("%H:%M:%S");
                let people = count(*deferred, "delivery");
                self.say(&format!(
                    "{people} deferred; the next try is at {time} (Ctrl-C to leave)"
                ));
            }
            Event::Stopping => self.bar.set_message("· stopping"),
            Event::Recovered(found) if found.uncertain > 0 => {
                let lost = count(found.uncertain, "delivery");
                self.say(&format!("an earlier run was cut short: {lost} uncertain now"));
            }
            Event::Recovered(_) => {}
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// What slowing down means.
fn pace(Slowed { divisor, rest }: Slowed) -> String {
    match (divisor, rest.map(span)) {
        (Some(divisor), None) => format!("going on at 1/{divisor} of the pace"),
        (Some(divisor), Some(rest)) => {
            format!("nothing goes for {rest}, then at 1/{divisor} of the pace")
        }
        (None, rest) => format!("nothing goes for {}", rest.unwrap_or_default()),
    }
}

/// A duration as people say it: `3 min 20 s`, `2 h 5 min`, `4 days 3 h`.
pub(super) fn span(duration: Duration) -> String {
    let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let two = |a: String, n: u64, unit: &str| if n > 0 { format!("{a} {n} {unit}") } else { a };
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => two(format!("{minutes} min"), seconds % 60, "s"),
        (0, _, _) => two(format!("{hours} h"), minutes, "min"),
        _ => two(count(days, "day"), hours, "h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_say_them() {
        let of = |seconds| span(Duration::from_secs(seconds));
        assert_eq!(of(0), "0 s");
        assert_eq!(of(59), "59 s");
        assert_eq!(of(200), "3 min 20 s");
        assert_eq!(of(7_200), "2 h");
        assert_eq!(of(4 * 86_400 + 3 * 3_600), "4 days 3 h");
    }
}

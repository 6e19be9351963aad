//! When a draft is to go, read by itself: a draft with a fault elsewhere is still due.

use jiff::{SignedDuration, civil};

use super::{
    Publication,
    document::{self, Faults, Table},
    fence, read,
};
use crate::diagnostic::{Diagnostic, Source};

/// What a draft says of its sending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// Whether dispatch may send it.
    pub status: Publication,
    /// When it is due, local to the sender's time zone.
    pub send_at: Option<civil::DateTime>,
    /// How late dispatch may still send it.
    pub late_after: Option<SignedDuration>,
}

impl Timing {
    /// Reads these keys alone, or says why that cannot be done.
    pub fn read(source: &Source) -> Result<Self, Vec<Diagnostic>> {
        let fences = fence::split(&source.text).map_err(|fault| vec![fault.diagnostic(source)])?;
        let node = document::parse_yaml(source, fences.yaml).map_err(|fault| vec![fault])?;
        let mut faults = Faults::new(source);
        let table = Table::document(node, fences.opening, &mut faults);
        let timing = table.map(|mut table| Self {
            status: read::status(&mut table, &mut faults),
            send_at: read::send_at(&mut table, &mut faults).map(|at| at.value),
            late_after: read::late_after(&mut table, &mut faults),
        });
        faults.finish(timing)
    }
}

/// Whether a text that cannot be read as a draft may have been meant to go: it has the line.
pub fn sounds_ready(text: &str) -> bool {
    let is_ready = |value: &str| {
        let value = value.trim().trim_start_matches(['"', '\'']);
        value.to_ascii_lowercase().starts_with("ready")
    };
    let mut keys = text.lines().filter_map(|line| line.split_once(':'));
    keys.any(|(key, value)| key.trim() == "status" && is_ready(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timing(front: &str) -> Option<Timing> {
        Timing::read(&Source::new("drafts/x.md", format!("---\n{front}---\nText\n"))).ok()
    }

    #[test]
    fn a_draft_with_a_fault_elsewhere_still_says_when_it_is_due() {
        let read =
            timing("kind: nonsense\nstatus: ready # soon\nsend_at: 2026-12-10 08:00\nx: [\"a\"]\n");
        let at = civil::date(2026, 12, 10).at(8, 0, 0, 0);
        let ready = Timing { status: Publication::Ready, send_at: Some(at), late_after: None };
        assert_eq!(read, Some(ready));
        assert_eq!(timing("kind: letter\n"), Some(Timing::default()));
    }

    #[test]
    fn what_cannot_be_read_is_ready_when_it_sounds_so() {
        assert_eq!(timing("status: reddy\nsend_at: 2026-12-10 08:00\n"), None);
        assert_eq!(timing("status: ready\nsend_at: tomorrow\n"), None);
        assert_eq!(timing("status: [ready\n"), None);
        assert!(sounds_ready("---\nsubject: [\nstatus : ready\n"));
        assert!(!sounds_ready("---\nstatus: draft\n---\nWe are ready: come.\n"));
    }
}

//! Lines that have changed.

use std::ops::Range;

use similar::{Algorithm, capture_diff_slices};

use super::visible;
use crate::diagnostic::{count, group_thousands};

/// So many lines of a change are shown.
const SHOWN: usize = 8;
/// So many lines are told one by one.
const PAIRED: usize = 5;
/// Texts that have more differing lines than this, one times the other, are not compared line by
/// line: it would take long, and nobody reads it.
const COMPARED: usize = 4_000_000;

/// Lines that stand in a text and were not there, or were others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// The line (from 1) of the text as it is now at which it begins.
    pub line: usize,
    /// The lines as they were, with their ends.
    pub was: Vec<String>,
    /// The lines as they are, with their ends.
    pub is: Vec<String>,
}

/// All that has changed from one text to the other, top to bottom.
pub(super) fn hunks(then: &str, now: &str) -> Vec<Hunk> {
    let then: Vec<&str> = then.split_inclusive('\n').collect();
    let now: Vec<&str> = now.split_inclusive('\n').collect();
    let above = then.iter().zip(&now).take_while(|(a, b)| a == b).count();
    let below = then[above..].iter().rev().zip(now[above..].iter().rev());
    let below = below.take_while(|(a, b)| a == b).count();
    let (then, now) = (&then[above..then.len() - below], &now[above..now.len() - below]);
    let hunk = |was: Range<usize>, is: Range<usize>| Hunk {
        line: above + is.start + 1,
        was: then[was].iter().map(|line| (*line).to_owned()).collect(),
        is: now[is].iter().map(|line| (*line).to_owned()).collect(),
    };
    if then.len().saturating_mul(now.len()) > COMPARED {
        return vec![hunk(0..then.len(), 0..now.len())];
    }
    let ops = capture_diff_slices(Algorithm::Myers, then, now);
    let changed = ops.iter().flat_map(|op| pairs(op.old_range(), op.new_range()));
    changed
        .filter(|(was, is)| then[was.clone()] != now[is.clone()])
        .map(|(was, is)| hunk(was, is))
        .collect()
}

/// A few lines that have taken the place of as many others: one by one they are read most easily.
fn pairs(was: Range<usize>, is: Range<usize>) -> Vec<(Range<usize>, Range<usize>)> {
    if was.len() == is.len() && was.len() <= PAIRED {
        was.zip(is).map(|(was, is)| (was..was + 1, is..is + 1)).collect()
    } else {
        vec![(was, is)]
    }
}

impl Hunk {
    /// What has happened here, in words.
    pub fn words(&self) -> String {
        match (self.was.as_slice(), self.is.as_slice()) {
            ([was], [is]) => {
                let pair = visible::pair(was, is);
                let (was, is) = (self.ended(was, pair.shown.0), self.ended(is, pair.shown.1));
                let lookalikes = pair.lookalikes.map(|numbers| format!(": {numbers}"));
                // Where the line is shown, nobody sees its blanks.
                let is_plain = !pair.is_blank && !is.contains("<U+") && !is.contains("<no line");
                let is = if is_plain { String::new() } else { format!(", and is `{is}`") };
                format!("this line was `{was}`{is}{}", lookalikes.unwrap_or_default())
            }
            ([], [_]) => "this line is new".to_owned(),
            ([], is) => format!("these {} lines are new", is.len()),
            (was @ [_], []) => format!("a line is gone from here: {}", self.quoted(was)),
            (was, []) => {
                let gone = count(was.len() as u64, "line");
                format!("{gone} are gone from here: {}", self.quoted(was))
            }
            (was, _) => format!("here stood {}", self.quoted(was)),
        }
    }

    /// The lines, those that were with `-` before them, those that are with `+`.
    pub fn diff(&self) -> Vec<String> {
        if let ([was], [is]) = (self.was.as_slice(), self.is.as_slice()) {
            let pair = visible::pair(was, is);
            let (was, is) = (self.ended(was, pair.shown.0), self.ended(is, pair.shown.1));
            let lookalikes = pair.lookalikes.map(|numbers| format!("  ({numbers})"));
            return [format!("- {was}"), format!("+ {is}")].into_iter().chain(lookalikes).collect();
        }
        let side = |sign: char, lines: &[String]| {
            let shown = lines.iter().take(SHOWN);
            let mut side: Vec<String> =
                shown.map(|line| format!("{sign} {}", self.line(line))).collect();
            if let Some(more @ 1..) = lines.len().checked_sub(SHOWN) {
                side.push(format!("{sign} … {}", lines_more(more)));
            }
            side
        };
        [side('-', &self.was), side('+', &self.is)].concat()
    }

    /// Of a single line that was another one: the bytes in which it differs.
    pub fn changed(&self) -> Option<Range<usize>> {
        match (self.was.as_slice(), self.is.as_slice()) {
            ([was], [is]) => Some(visible::difference(was, is).1),
            _ => None,
        }
    }

    fn quoted(&self, lines: &[String]) -> String {
        let shown = lines.iter().take(3).map(|line| format!("`{}`", self.line(line)));
        let shown = shown.collect::<Vec<_>>().join(" / ");
        match lines.len().checked_sub(3) {
            Some(more @ 1..) => format!("{shown} and {}", lines_more(more)),
            _ => shown,
        }
    }

    fn line(&self, line: &str) -> String {
        self.ended(line, visible::line(line))
    }

    /// That a line has no end is said where that makes a difference.
    fn ended(&self, line: &str, mut shown: String) -> String {
        let mut all = self.was.iter().chain(&self.is);
        if !line.ends_with('\n') && all.any(|line| line.ends_with('\n')) {
            shown.push_str("<no line end>");
        }
        shown
    }
}

fn lines_more(n: usize) -> String {
    if n == 1 {
        "1 more line".to_owned()
    } else {
        format!("{} more lines", group_thousands(n as u64))
    }
}

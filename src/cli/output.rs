//! Results go to stdout, talk to stderr. A reader that has gone away (`| head`) never stops the
//! bookkeeping, so failures to print are no reason to end; those of a verb that does nothing but
//! tell are an error at its end.

use std::{
    fmt::Display,
    io::{ErrorKind, Write as _},
    sync::atomic::{AtomicBool, Ordering},
};

static LOST: AtomicBool = AtomicBool::new(false);

/// Prints a result, with a line end; false when nobody reads any more.
pub(super) fn result(text: impl Display) -> bool {
    let printed = writeln!(anstream::stdout(), "{text}");
    if printed.as_ref().is_err_and(|error| error.kind() != ErrorKind::BrokenPipe) {
        LOST.store(true, Ordering::Relaxed);
    }
    printed.is_ok()
}

/// Whether a result could not be written, though somebody wanted it: the disk is full.
pub(super) fn is_lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// Says something to the person, with a line end.
pub(super) fn say(text: impl Display) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

//! Results go to stdout, talk to stderr. A reader that has gone away (`| head`) never stops the
//! bookkeeping, so failures to print are ignored.

use std::{fmt::Display, io::Write as _};

/// Prints a result, with a line end; false when nobody reads any more.
pub(super) fn result(text: impl Display) -> bool {
    writeln!(anstream::stdout(), "{text}").is_ok()
}

/// Says something to the person, with a line end.
pub(super) fn say(text: impl Display) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

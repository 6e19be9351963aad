//! One file a verb: its arguments, the calls it makes, what it prints.

pub(super) mod approve;
pub(super) mod cancel_event;
pub(super) mod check;
pub(super) mod completions;
pub(super) mod correct;
pub(super) mod dispatch;
pub(super) mod explain;
pub(super) mod init;
pub(super) mod lists;
pub(super) mod log;
pub(super) mod man;
pub(super) mod new;
pub(super) mod preview;
pub(super) mod resolve;
pub(super) mod resume;
pub(super) mod sandbox;
pub(super) mod schedule;
pub(super) mod send;
pub(super) mod status;
pub(super) mod stop;
pub(super) mod suppress;
pub(super) mod test;
pub(super) mod unschedule;

//! What goes out by itself: drafts that are let go at a time, and campaigns that are to be gone on
//! with. `schedule` and `status` look at the same queue that `dispatch` works off.

mod queue;

pub(in crate::cli) use queue::{Place, Queue, Scheduled};

//! Whole messages: as text, through a foreign parser, under attack.

mod canary;
pub(super) mod decode;
mod ends;
mod golden;
mod hostile;
mod oracle;
mod samples;
mod shared;

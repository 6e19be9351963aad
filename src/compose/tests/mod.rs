//! Whole messages: as text, through a foreign parser, under attack.

pub(super) mod decode;

//! Pictures: what their files tell besides the picture, and how heavy they are.
//!
//! A photograph that goes to a list can name a person in danger: where it was taken, with whose
//! camera, who is in it. [`check`] says which of these a file tells, never the values, so that no
//! log repeats them. [`strip`] makes the same picture without them: what is needed to show it stays
//! byte for byte, the rest goes. Both follow from one walk through the file (`anatomy`).
//!
//! | file | its one idea |
//! |---|---|
//! | `rules` | the rules, and what of a photograph breaks them |
//! | `anatomy` | a file taken apart: what is needed, what the rest told, whether it is whole |
//! | `trace` | the kinds of things that a picture can tell, in words |
//! | `cursor` | reads forward through bytes that cannot be trusted |
//! | *files* | |
//! | `jpeg`, `png`, `gif`, `webp` | which parts of such a file are needed |
//! | `crc` | the checksum of PNG |
//! | `heif` | looks into HEIC and AVIF, which are not rewritten |
//! | *what is written inside them* | |
//! | `exif` | the tags of cameras |
//! | `xmp` | the tags of picture editors |
//! | `photoshop`, `iptc` | the tags of newsrooms |
//! | `words` | comments, which anybody may have written |

mod anatomy;
mod crc;
mod cursor;
mod exif;
mod gif;
mod heif;
mod iptc;
mod jpeg;
mod photoshop;
mod png;
mod rules;
mod trace;
mod webp;
mod words;
mod xmp;

pub use anatomy::strip;
pub(super) use rules::RULES;
pub use rules::{METADATA, Photo, check};

#[cfg(test)]
mod tests;

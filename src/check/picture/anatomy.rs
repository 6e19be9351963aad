//! A picture file taken apart.

use super::{
    gif, jpeg, png,
    trace::{Trace, Traces},
    webp,
};

/// How a kind of file is known, and how it is walked through: `None` where it is damaged.
type Kind = (fn(&[u8]) -> bool, fn(&[u8], &mut Anatomy) -> Option<()>);

const KINDS: [Kind; 4] = [
    (jpeg::is_jpeg, jpeg::walk),
    (png::is_png, png::walk),
    (gif::is_gif, gif::walk),
    (webp::is_webp, webp::walk),
];

/// What a file is made of. It is filled while the file is read, up to its end or to the damage.
#[derive(Default)]
pub(super) struct Anatomy {
    /// What is needed to show the picture, in order.
    pub(super) needed: Vec<u8>,
    /// What the rest told.
    pub(super) traces: Traces,
    /// Whether the file could be read to its end.
    pub(super) is_whole: bool,
}

impl Anatomy {
    /// Takes a picture apart. `None` if it is of no kind known here.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let (_, walk) = KINDS.iter().find(|(is_kind, _)| is_kind(bytes))?;
        let mut anatomy = Self::default();
        anatomy.is_whole = walk(bytes, &mut anatomy).is_some();
        Some(anatomy)
    }

    pub(super) fn keep(&mut self, part: &[u8]) {
        self.needed.extend_from_slice(part);
    }

    pub(super) fn tell(&mut self, traces: impl IntoIterator<Item = Trace>) {
        self.traces.extend(traces);
    }

    /// Judges what stands behind the end of the picture. Padding is nothing.
    pub(super) fn tell_of_appended(&mut self, rest: &[u8]) {
        let is_padding =
            rest.iter().all(|byte| matches!(byte, 0 | 0xff) || byte.is_ascii_whitespace());
        self.tell((!is_padding).then_some(Trace::Appended));
    }
}

/// The same picture with nothing but what is needed to show it: image data, colours, density,
/// animation, and which side is up. Image data is copied, never encoded anew. `None` if it is no
/// picture known here (PNG, JPEG, GIF, WebP), or damaged.
pub fn strip(bytes: &[u8]) -> Option<Vec<u8>> {
    Anatomy::of(bytes).filter(|anatomy| anatomy.is_whole).map(|anatomy| anatomy.needed)
}

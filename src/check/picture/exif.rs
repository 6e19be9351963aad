//! EXIF: the tags of cameras, as directories of a TIFF file (EXIF 3.0, TIFF 6.0 §2).

use std::collections::HashSet;

use super::{
    trace::{Trace, Traces, is_blank},
    words,
};

/// More directories than a file can have need of.
const DIRECTORIES_READ: usize = 16;

/// What an EXIF block holds.
#[derive(Default)]
pub(super) struct Exif {
    pub(super) traces: Traces,
    /// Which side is up (2 to 8), where it is not the top.
    orientation: Option<u8>,
}

/// What a directory is about: the same tag numbers mean other things in another.
#[derive(Clone, Copy, PartialEq)]
enum Directory {
    Picture,
    Thumbnail,
    Camera,
    Gps,
}

impl Exif {
    /// Reads a block from its TIFF header on, as far as it can be understood.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut exif = Self::default();
        if let Some(tiff) = Tiff::open(bytes) {
            exif.walk(&tiff);
        }
        exif
    }

    /// An EXIF block that says which side is up and nothing else. None if that is the top.
    pub(super) fn upright(&self) -> Option<[u8; 26]> {
        let orientation = self.orientation?;
        let mut block = *b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
        *block.get_mut(19)? = orientation;
        Some(block)
    }

    fn walk(&mut self, tiff: &Tiff<'_>) {
        // Values do not share bytes in an honest file, so together they are no longer than it. In
        // another one, what is too much is passed over.
        let mut bytes_left = tiff.bytes.len();
        let mut seen = HashSet::new();
        let mut ahead: Vec<_> =
            tiff.word(4).map(|at| (at, Directory::Picture)).into_iter().collect();
        while let Some((at, directory)) = ahead.pop() {
            if seen.len() >= DIRECTORIES_READ || !seen.insert(at) {
                continue;
            }
            let entries = tiff.short(at).map_or(0, usize::from);
            let first = at.saturating_add(2);
            for entry in (0..entries).map_while(|n| tiff.entry(first.saturating_add(12 * n))) {
                let Some(left) = bytes_left.checked_sub(entry.value.len()) else { continue };
                bytes_left = left;
                match entry.tag {
                    0x8769 => ahead.extend(tiff.number(&entry).map(|at| (at, Directory::Camera))),
                    0x8825 => ahead.extend(tiff.number(&entry).map(|at| (at, Directory::Gps))),
                    0x0112 if directory == Directory::Picture && self.orientation.is_none() => {
                        self.orientation = tiff
                            .number(&entry)
                            .and_then(|number| u8::try_from(number).ok())
                            .filter(|number| (2..=8).contains(number));
                    }
                    tag => self.traces.extend(told(directory, tag, entry.value)),
                }
            }
            if matches!(directory, Directory::Picture | Directory::Thumbnail) {
                let next = tiff.word(first.saturating_add(12 * entries)).filter(|at| *at != 0);
                ahead.extend(next.map(|at| (at, Directory::Thumbnail)));
            }
        }
    }
}

/// What a tag with this value tells.
fn told(directory: Directory, tag: u16, value: &[u8]) -> Traces {
    let trace = match (directory, tag) {
        // Latitude, longitude, the same of what is shown, and the name of the area.
        (Directory::Gps, 0x02 | 0x04 | 0x14 | 0x16 | 0x1c) => Trace::Position,
        (Directory::Gps, 0x07 | 0x1d) => Trace::Time,
        (Directory::Gps, _) => return Traces::new(),
        (Directory::Thumbnail, 0x0111 | 0x0201) => Trace::Thumbnail,
        // Make, model, host computer; make and model of the lens.
        (_, 0x010f | 0x0110 | 0x013c | 0xa433 | 0xa434) => Trace::Device,
        (_, 0xa430) => Trace::Owner,
        // Of the body, of the lens, and Adobe's of the camera.
        (_, 0xa431 | 0xa435 | 0xc62f) => Trace::Serial,
        (_, 0x9003 | 0x9004) => Trace::Time,
        (_, 0x927c | 0xc634) => Trace::MakerNote,
        // Artist, copyright, Windows' author; photographer and editor of EXIF 3.0.
        (_, 0x013b | 0x8298 | 0x9c9d | 0xa437 | 0xa438) => Trace::Credit,
        // Description, software, comment; Windows' title, comment, keywords and subject.
        (_, 0x010e | 0x0131 | 0x9286 | 0x9c9b | 0x9c9c | 0x9c9e | 0x9c9f) => {
            return words::traces(value);
        }
        _ => return Traces::new(),
    };
    Traces::from_iter((!is_blank(value)).then_some(trace))
}

/// The bytes that all offsets count in, and their order.
struct Tiff<'a> {
    bytes: &'a [u8],
    is_little_endian: bool,
}

/// One tag with its value as it stands in the file.
struct Entry<'a> {
    tag: u16,
    kind: u16,
    value: &'a [u8],
}

impl<'a> Tiff<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let is_little_endian = match bytes.first_chunk()? {
            b"II\x2a\0" => true,
            b"MM\0\x2a" => false,
            _ => return None,
        };
        Some(Self { bytes, is_little_endian })
    }

    fn entry(&self, at: usize) -> Option<Entry<'a>> {
        let (tag, kind) = (self.short(at)?, self.short(at.checked_add(2)?)?);
        let width = match kind {
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => 1,
        };
        let length = self.word(at.checked_add(4)?)?.saturating_mul(width);
        let inline = at.checked_add(8)?;
        let start = if length <= 4 { inline } else { self.word(inline)? };
        // A value beyond the end of the file tells nothing.
        let value = self.bytes.get(start..start.saturating_add(length)).unwrap_or_default();
        Some(Entry { tag, kind, value })
    }

    /// The first number of a value.
    fn number(&self, entry: &Entry<'a>) -> Option<usize> {
        let value = Self { bytes: entry.value, is_little_endian: self.is_little_endian };
        match entry.kind {
            3 => value.short(0).map(usize::from),
            4 | 13 => value.word(0),
            _ => None,
        }
    }

    fn short(&self, at: usize) -> Option<u16> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.is_little_endian {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    }

    fn word(&self, at: usize) -> Option<usize> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        let word = if self.is_little_endian {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        };
        usize::try_from(word).ok()
    }
}

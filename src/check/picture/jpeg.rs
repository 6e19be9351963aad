//! JPEG: segments and scans (ITU-T T.81 annex B, T.871 for JFIF).

use super::{
    anatomy::Anatomy,
    cursor::Cursor,
    exif::Exif,
    photoshop,
    trace::{Trace, is_blank},
    words, xmp,
};

const START: [u8; 2] = [0xff, 0xd8];
const END: [u8; 2] = [0xff, 0xd9];

pub(super) fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(&START)
}

/// `None` where the file is damaged.
pub(super) fn walk(bytes: &[u8], anatomy: &mut Anatomy) -> Option<()> {
    let mut cursor = Cursor::new(bytes.strip_prefix(&START)?);
    anatomy.keep(&START);
    let (mut has_frame, mut has_scan, mut has_exif) = (false, false, false);
    loop {
        let marker = marker(&mut cursor)?;
        if marker == 0xd9 {
            break;
        }
        let length = u16::from_be_bytes(cursor.array()?);
        let content = cursor.take(usize::from(length).checked_sub(2)?)?;
        match marker {
            // Tables, and how lines and restarts are counted.
            0xc4 | 0xcc | 0xdb..=0xdf => keep(anatomy, marker, content),
            0xc0..=0xcf if marker != 0xc8 => {
                has_frame = true;
                keep(anatomy, marker, content);
            }
            0xda if has_frame => {
                has_scan = true;
                keep(anatomy, marker, content);
                anatomy.keep(scan(&mut cursor)?);
            }
            0xe0 => jfif(anatomy, content),
            0xe1 => has_exif |= exif_or_xmp(anatomy, content, has_exif),
            0xe2 if content.starts_with(b"ICC_PROFILE\0") => keep(anatomy, marker, content),
            0xee if content.starts_with(b"Adobe") => {
                // Longer ones carry something else behind; shorter ones say nothing.
                if let Some(adobe) = content.get(..12) {
                    keep(anatomy, marker, adobe);
                }
            }
            0xed => match content.strip_prefix(b"Photoshop 3.0\0") {
                Some(resources) => anatomy.tell(photoshop::traces(resources)),
                None => anatomy.tell(unknown(content)),
            },
            0xe2..=0xef => anatomy.tell(unknown(content)),
            0xfe => anatomy.tell(words::traces(content)),
            _ => return None,
        }
    }
    anatomy.keep(&END);
    anatomy.tell_of_appended(cursor.rest());
    has_scan.then_some(())
}

/// The next marker; any number of 0xFF may precede it (B.1.1.2).
fn marker(cursor: &mut Cursor<'_>) -> Option<u8> {
    if cursor.byte()? != 0xff {
        return None;
    }
    loop {
        match cursor.byte()? {
            0xff => {}
            marker => return Some(marker),
        }
    }
}

/// The coded data behind the header of a scan, up to the next marker that is no restart.
fn scan<'a>(cursor: &mut Cursor<'a>) -> Option<&'a [u8]> {
    let start = *cursor;
    loop {
        let to_marker = memchr::memchr(0xff, cursor.rest())?;
        cursor.take(to_marker)?;
        match cursor.rest().get(1)? {
            0x00 | 0xd0..=0xd7 => cursor.take(2)?,
            0xff => cursor.take(1)?,
            _ => return Some(cursor.since(start)),
        };
    }
}

fn keep(anatomy: &mut Anatomy, marker: u8, content: &[u8]) {
    let Ok(length) = u16::try_from(content.len() + 2) else { return };
    anatomy.keep(&[0xff, marker]);
    anatomy.keep(&length.to_be_bytes());
    anatomy.keep(content);
}

/// Version and density stay; a thumbnail may follow them, or stand in an extension of its own.
fn jfif(anatomy: &mut Anatomy, content: &[u8]) {
    const WITHOUT_THUMBNAIL: [u8; 2] = [0, 0];
    match content.split_at_checked(12) {
        Some((density, thumbnail)) if density.starts_with(b"JFIF\0") && thumbnail.len() >= 2 => {
            keep(anatomy, 0xe0, &[density, &WITHOUT_THUMBNAIL].concat());
            anatomy.tell((thumbnail.len() > 2).then_some(Trace::Thumbnail));
        }
        _ if content.starts_with(b"JFXX\0") => anatomy.tell([Trace::Thumbnail]),
        _ if content.starts_with(b"JFIF\0") => {}
        _ => anatomy.tell(unknown(content)),
    }
}

/// Whether it was EXIF, of which only the first says which side is up.
fn exif_or_xmp(anatomy: &mut Anatomy, content: &[u8], has_exif: bool) -> bool {
    // The last byte pads; some write another there.
    if let Some((b"Exif\0", [_, tiff @ ..])) = content.split_at_checked(5) {
        let exif = Exif::read(tiff);
        if let Some(upright) = exif.upright().filter(|_| !has_exif) {
            keep(anatomy, 0xe1, &[b"Exif\0\0", &upright[..]].concat());
        }
        anatomy.tell(exif.traces);
        return true;
    }
    if content.starts_with(b"http://ns.adobe.com/") {
        anatomy.tell(xmp::traces(content));
    } else {
        anatomy.tell(unknown(content));
    }
    false
}

/// A block of a camera or a program. Some are known to say nothing of anybody.
fn unknown(content: &[u8]) -> Option<Trace> {
    // An index of appended pictures, a map of brightness, the quality chosen in Photoshop.
    let is_harmless = [&b"MPF\0"[..], b"urn:iso:std:iso:ts:21496:", b"Ducky"]
        .iter()
        .any(|name| content.starts_with(name));
    (!is_harmless && !is_blank(content)).then_some(Trace::Unreadable)
}

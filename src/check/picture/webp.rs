//! WebP: chunks of a RIFF file (WebP container specification).

use super::{anatomy::Anatomy, cursor::Cursor, exif::Exif, trace::Trace, xmp};

/// Where the size of the RIFF stands, counted from the start of the file.
const RIFF_SIZE: std::ops::Range<usize> = 4..8;
/// Where the flags of a first `VP8X` chunk stand.
const EXTENDED_FLAGS: usize = 20;
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;

pub(super) fn is_webp(bytes: &[u8]) -> bool {
    bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP")
}

/// Whether the first chunk kept has room for flags; only then may others than the image follow.
fn is_extended(needed: &[u8]) -> bool {
    needed.get(12..).is_some_and(|chunks| chunks.starts_with(b"VP8X"))
}

/// `None` where the file is damaged.
pub(super) fn walk(bytes: &[u8], anatomy: &mut Anatomy) -> Option<()> {
    let (header, _) = bytes.split_at_checked(12)?;
    let size = usize::try_from(u32::from_le_bytes(*header.get(RIFF_SIZE)?.first_chunk()?)).ok()?;
    let (riff, appended) = bytes.split_at_checked(size.checked_add(8)?)?;
    let mut cursor = Cursor::new(riff.get(12..)?);
    anatomy.keep(header);
    let (mut has_image, mut has_exif, mut is_turned) = (false, false, false);
    while !cursor.rest().is_empty() {
        let name = cursor.array::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(cursor.array()?)).ok()?;
        let content = cursor.take(length)?;
        // Padded to an even length; some writers forget it at the end.
        cursor.take(length % 2);
        has_image |= matches!(&name, b"VP8 " | b"VP8L" | b"ANMF");
        match &name {
            b"VP8 " | b"VP8L" | b"VP8X" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP" => {
                keep(anatomy, name, content);
            }
            b"EXIF" => {
                let exif = Exif::read(content.strip_prefix(b"Exif\0\0").unwrap_or(content));
                let upright = exif.upright().filter(|_| is_extended(&anatomy.needed) && !has_exif);
                has_exif = true;
                if let Some(upright) = upright {
                    is_turned = true;
                    keep(anatomy, name, &upright);
                }
                anatomy.tell(exif.traces);
            }
            // A signed record of how the picture was made.
            b"C2PA" => anatomy.tell([Trace::Unreadable]),
            b"XMP " => anatomy.tell(xmp::traces(content)),
            _ => {}
        }
    }
    anatomy.tell_of_appended(appended);
    if is_extended(&anatomy.needed) {
        let flags = anatomy.needed.get_mut(EXTENDED_FLAGS)?;
        *flags &= !(HAS_EXIF | HAS_XMP);
        *flags |= if is_turned { HAS_EXIF } else { 0 };
    }
    let size = u32::try_from(anatomy.needed.len().checked_sub(8)?).ok()?;
    anatomy.needed.get_mut(RIFF_SIZE)?.copy_from_slice(&size.to_le_bytes());
    has_image.then_some(())
}

fn keep(anatomy: &mut Anatomy, name: [u8; 4], content: &[u8]) {
    let Ok(length) = u32::try_from(content.len()) else { return };
    anatomy.keep(&name);
    anatomy.keep(&length.to_le_bytes());
    anatomy.keep(content);
    if content.len() % 2 == 1 {
        anatomy.keep(&[0]);
    }
}

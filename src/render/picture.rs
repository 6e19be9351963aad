//! Width and height of a picture, read from the first bytes of its file.

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureSize {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// Reads the size from the header of a PNG, JPEG or GIF; `None` for anything else, and for a
/// picture without extent.
pub fn size(bytes: &[u8]) -> Option<PictureSize> {
    let size = png(bytes).or_else(|| gif(bytes)).or_else(|| jpeg(bytes))?;
    (size.width > 0 && size.height > 0).then_some(size)
}

/// PNG specification §5.2 and §11.2.2: the signature, then `IHDR`.
fn png(bytes: &[u8]) -> Option<PictureSize> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    if header.get(4..8)? != b"IHDR" {
        return None;
    }
    let word = |at: usize| header.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    Some(PictureSize { width: word(8)?, height: word(12)? })
}

/// GIF 89a §18: the logical screen descriptor follows the signature.
fn gif(bytes: &[u8]) -> Option<PictureSize> {
    let header = bytes.strip_prefix(b"GIF87a").or_else(|| bytes.strip_prefix(b"GIF89a"))?;
    let word = |at: usize| header.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes);
    Some(PictureSize { width: word(0)?.into(), height: word(2)?.into() })
}

/// ITU-T T.81 annex B: segments up to the first start-of-frame.
fn jpeg(bytes: &[u8]) -> Option<PictureSize> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    loop {
        rest = rest.strip_prefix(b"\xff")?;
        // Fill bytes may precede a marker (B.1.1.2).
        while let Some(shorter) = rest.strip_prefix(b"\xff") {
            rest = shorter;
        }
        let (&marker, segment) = rest.split_first()?;
        if matches!(marker, 0x01 | 0xd0..=0xd7) {
            rest = segment;
            continue;
        }
        let word = |at: usize| segment.get(at..at + 2)?.try_into().ok().map(u16::from_be_bytes);
        let is_frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        if is_frame {
            return Some(PictureSize { width: word(5)?.into(), height: word(3)?.into() });
        }
        if matches!(marker, 0xd9 | 0xda) {
            return None;
        }
        rest = segment.get(usize::from(word(0)?)..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Option<PictureSize> = Some(PictureSize { width: 640, height: 480 });

    #[test]
    fn headers_tell_the_size() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x02";
        assert_eq!(size(png), SIZE);
        assert_eq!(size(b"GIF89a\x80\x02\xe0\x01\0\0"), SIZE);
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc2\0\x0b\x08\x01\xe0\x02\x80\x03";
        assert_eq!(size(jpeg), SIZE);
    }

    #[test]
    fn a_cut_or_foreign_file_has_no_size() {
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc2\0\x0b\x08\x01\xe0\x02\x80";
        for end in 0..jpeg.len() {
            assert_eq!(size(&jpeg[..end]), None);
        }
        assert_eq!(size(b"<svg width='1'/>"), None);
        assert_eq!(size(b"GIF89a\0\0\xe0\x01"), None);
    }
}

//! HEIC and AVIF, as telephones write them. Their boxes are full of offsets, so such a file is
//! looked into and not rewritten; the blocks inside are known by how they begin.

use memchr::memmem;

use super::{exif::Exif, trace::Traces, xmp};

/// More blocks of a sort than a file can have need of.
const BLOCKS_READ: usize = 4;

/// What a file tells; nothing if it is neither HEIC nor AVIF.
pub(super) fn traces(bytes: &[u8]) -> Traces {
    if !is_heif(bytes) {
        return Traces::new();
    }
    let from = |start: &'static [u8]| {
        memmem::find_iter(bytes, start).take(BLOCKS_READ).filter_map(|at| bytes.get(at..))
    };
    let exif = from(b"MM\0\x2a\0\0\0\x08").chain(from(b"II\x2a\0\x08\0\0\0"));
    let packets = from(b"<x:xmpmeta").map(|packet| {
        memmem::find(packet, b"</x:xmpmeta").and_then(|end| packet.get(..end)).unwrap_or(packet)
    });
    exif.flat_map(|block| Exif::read(block).traces).chain(packets.flat_map(xmp::traces)).collect()
}

fn is_heif(bytes: &[u8]) -> bool {
    let brand = bytes.get(4..12).and_then(|kind| kind.strip_prefix(b"ftyp"));
    brand.is_some_and(|brand| {
        matches!(
            brand,
            b"heic"
                | b"heix"
                | b"heim"
                | b"heis"
                | b"hevc"
                | b"hevx"
                | b"mif1"
                | b"msf1"
                | b"avif"
                | b"avis"
        )
    })
}

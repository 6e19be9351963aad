//! Makes tiny pictures that every viewer shows, with chosen blocks in them.

use super::super::crc::checksum;

/// A tag: number, kind (2 text, 3 short, 7 bytes), value.
pub(super) type Tag<'a> = (u16, u16, &'a [u8]);

/// The directories of an EXIF block.
#[derive(Default)]
pub(super) struct Exif<'a> {
    pub(super) is_little_endian: bool,
    pub(super) picture: Vec<Tag<'a>>,
    pub(super) camera: Vec<Tag<'a>>,
    pub(super) gps: Vec<Tag<'a>>,
    pub(super) thumbnail: Vec<Tag<'a>>,
}

impl Exif<'_> {
    /// The block from its TIFF header on.
    pub(super) fn tiff(&self) -> Vec<u8> {
        let lengths = [&self.picture, &self.camera, &self.gps, &self.thumbnail].map(|tags| {
            let values: usize = tags.iter().map(|(.., value)| outside(value)).sum();
            6 + 12 * tags.len() + values
        });
        let camera = 8 + lengths[0] + 24;
        let (gps, thumbnail) = (camera + lengths[1], camera + lengths[1] + lengths[2]);
        let pointers = [(0x8769, camera), (0x8825, gps)];
        let mut tiff = if self.is_little_endian { b"II\x2a\0" } else { b"MM\0\x2a" }.to_vec();
        tiff.extend(self.word(8));
        tiff.extend(self.directory(8, &self.picture, &pointers, thumbnail));
        tiff.extend(self.directory(camera, &self.camera, &[], 0));
        tiff.extend(self.directory(gps, &self.gps, &[], 0));
        tiff.extend(self.directory(thumbnail, &self.thumbnail, &[], 0));
        tiff
    }

    fn directory(
        &self,
        at: usize,
        tags: &[Tag<'_>],
        pointers: &[(u16, usize)],
        next: usize,
    ) -> Vec<u8> {
        let entries = tags.len() + pointers.len();
        let mut bytes = self.short(entries).to_vec();
        let mut values = Vec::new();
        for (tag, kind, value) in tags {
            let width = if *kind == 3 { 2 } else { 1 };
            bytes.extend(self.short((*tag).into()));
            bytes.extend(self.short((*kind).into()));
            bytes.extend(self.word(value.len() / width));
            if outside(value) == 0 {
                bytes.extend(value.iter().copied().chain([0; 4]).take(4));
            } else {
                bytes.extend(self.word(at + 6 + 12 * entries + values.len()));
                values.extend_from_slice(value);
            }
        }
        for (tag, target) in pointers {
            bytes.extend(self.short((*tag).into()));
            bytes.extend(self.short(4));
            bytes.extend(self.word(1));
            bytes.extend(self.word(*target));
        }
        bytes.extend(self.word(next));
        bytes.extend(values);
        bytes
    }

    fn short(&self, number: usize) -> [u8; 2] {
        let number = u16::try_from(number).expect("a short number");
        if self.is_little_endian { number.to_le_bytes() } else { number.to_be_bytes() }
    }

    fn word(&self, number: usize) -> [u8; 4] {
        let number = u32::try_from(number).expect("a small file");
        if self.is_little_endian { number.to_le_bytes() } else { number.to_be_bytes() }
    }

    pub(super) fn turned(orientation: u8) -> Vec<u8> {
        Exif { picture: vec![(0x0112, 3, &[0, orientation])], ..Exif::default() }.tiff()
    }
}

/// How much of a value does not fit into its entry.
fn outside(value: &[u8]) -> usize {
    if value.len() > 4 { value.len() } else { 0 }
}

/// A segment: its marker and what stands in it.
pub(super) type Segment = (u8, Vec<u8>);

/// A grey JPEG of 8×8 pixels with these segments behind its start.
pub(super) fn jpeg(segments: &[Segment]) -> Vec<u8> {
    let image = [
        (0xdb, [vec![0], vec![1; 64]].concat()),
        (0xc0, vec![8, 0, 8, 0, 8, 1, 1, 0x11, 0]),
        // One code each: no difference, and end of block.
        (0xc4, [vec![0x00, 1], vec![0; 15], vec![0]].concat()),
        (0xc4, [vec![0x10, 1], vec![0; 15], vec![0]].concat()),
        (0xda, vec![1, 1, 0, 0, 63, 0]),
    ];
    let mut bytes = vec![0xff, 0xd8];
    for (marker, content) in segments.iter().chain(&image) {
        let length = u16::try_from(content.len() + 2).expect("a short segment");
        bytes.extend([0xff, *marker]);
        bytes.extend(length.to_be_bytes());
        bytes.extend(content);
    }
    bytes.extend([0x3f, 0xff, 0xd9]);
    bytes
}

pub(super) fn jfif(thumbnail: &[u8]) -> Segment {
    let pixels = u8::try_from(thumbnail.len() / 3).expect("a small thumbnail");
    let header = [b"JFIF\0\x01\x02\x01\0\x48\0\x48", &[pixels, pixels.min(1)][..], thumbnail];
    (0xe0, header.concat())
}

pub(super) fn app1_exif(tiff: &[u8]) -> Segment {
    (0xe1, [b"Exif\0\0", tiff].concat())
}

pub(super) fn app1_xmp(packet: &str) -> Segment {
    (0xe1, [b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat())
}

pub(super) fn app13(id: u16, data: &[u8]) -> Segment {
    (0xed, [b"Photoshop 3.0\0", &resource(id, data)[..]].concat())
}

pub(super) fn resource(id: u16, data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).expect("a short resource");
    let padding = vec![0; data.len() % 2];
    [b"8BIM", &id.to_be_bytes()[..], b"\0\0", &length.to_be_bytes(), data, &padding].concat()
}

pub(super) fn data_set(number: u8, value: &str) -> Vec<u8> {
    let length = u16::try_from(value.len()).expect("a short value");
    [&[0x1c, 2, number][..], &length.to_be_bytes(), value.as_bytes()].concat()
}

/// A chunk of PNG or WebP: its name and what stands in it.
pub(super) type Chunk = ([u8; 4], Vec<u8>);

/// A grey PNG of one pixel with these chunks before its data.
pub(super) fn png(chunks: &[Chunk]) -> Vec<u8> {
    let header = (*b"IHDR", vec![0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
    let data = (*b"IDAT", b"\x78\x01\x01\x02\0\xfd\xff\0\x80\0\x82\0\x81".to_vec());
    let end = (*b"IEND", Vec::new());
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, content) in [&header].into_iter().chain(chunks).chain([&data, &end]) {
        let length = u32::try_from(content.len()).expect("a short chunk");
        bytes.extend(length.to_be_bytes());
        bytes.extend(name);
        bytes.extend(content);
        bytes.extend(checksum(name, content).to_be_bytes());
    }
    bytes
}

/// A GIF of one pixel with these extensions before its image.
pub(super) fn gif(extensions: &[Vec<u8>]) -> Vec<u8> {
    let screen = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff";
    let image = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3b";
    [&screen[..], &extensions.concat(), image].concat()
}

/// An extension with its data in one piece.
pub(super) fn extension(label: u8, name: &[u8], data: &[u8]) -> Vec<u8> {
    let sized = |bytes: &[u8]| {
        let length = u8::try_from(bytes.len()).expect("a short piece");
        [&[length][..], bytes].concat()
    };
    let name = if name.is_empty() { Vec::new() } else { sized(name) };
    [&[0x21, label][..], &name, &sized(data), &[0]].concat()
}

/// A WebP of one pixel with these chunks behind its image; `flags` announce them.
pub(super) fn webp(flags: u8, chunks: &[Chunk]) -> Vec<u8> {
    let extended = (*b"VP8X", vec![flags, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let image = b"\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0".get(..13).expect("13 bytes");
    let mut body = b"WEBP".to_vec();
    for (name, content) in [extended, (*b"VP8L", image.to_vec())].iter().chain(chunks) {
        let length = u32::try_from(content.len()).expect("a short chunk");
        body.extend(name);
        body.extend(length.to_le_bytes());
        body.extend(content);
        body.extend(vec![0; content.len() % 2]);
    }
    let length = u32::try_from(body.len()).expect("a small file");
    [b"RIFF", &length.to_le_bytes()[..], &body].concat()
}

//! An ELF file as the tracer sees it: where its bytes are and where it wants them in memory.
//!
//! The headers are read at once, everything else when it is asked for. Headers are hostile: every size has a
//! cap, and what makes no sense is absent. Source: elf(5).

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use object::Endianness;
use object::elf::{self, FileHeader32, FileHeader64};
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader};
use object::read::{ReadCache, ReadRef};

use super::registers::Machine;
use super::tables::{Section, Tables};

/// Largest part of a file that is read at once; the debug information of large browsers fits.
const MOST_BYTES: u64 = 1 << 30;
/// Sections of one file that are looked at; a program with a section per function has as many.
const MOST_SECTIONS: usize = 1 << 18;

/// Where the bytes of a file are.
#[derive(Debug)]
pub enum Bytes {
    /// In a file.
    File(File),
    /// In memory: the vdso's.
    Memory(Arc<[u8]>),
}

impl Bytes {
    /// Copies the bytes at `offset` to `buf` and returns how many there were.
    pub fn read_at(&self, offset: u64, buf: &mut [u8]) -> usize {
        match self {
            Self::File(file) => file.read_at(buf, offset).unwrap_or(0),
            Self::Memory(bytes) => {
                let rest = usize::try_from(offset).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
                let count = rest.len().min(buf.len());
                buf[..count].copy_from_slice(&rest[..count]);
                count
            }
        }
    }

    fn size_bytes(&self) -> u64 {
        match self {
            Self::File(file) => file.metadata().map_or(0, |data| data.len()),
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }

    /// All of a range, if the file has it and it is not absurdly large.
    pub fn range(&self, offset: u64, size_bytes: u64) -> Option<Vec<u8>> {
        let end = offset.checked_add(size_bytes)?;
        if size_bytes > MOST_BYTES || end > self.size_bytes() {
            return None;
        }
        let mut bytes = vec![0; usize::try_from(size_bytes).ok()?];
        let mut done = 0;
        while done < bytes.len() {
            match self.read_at(offset + done as u64, &mut bytes[done..]) {
                0 => return None,
                count => done += count,
            }
        }
        Some(bytes)
    }
}

/// Reads headers for the ELF parser.
struct Reader<'a> {
    bytes: &'a Bytes,
    at: u64,
}

impl Read for Reader<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read_at(self.at, buf);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Reader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            // The cap on the length bounds what the parser may allocate.
            SeekFrom::End(_) => self.bytes.size_bytes().min(MOST_BYTES * 4),
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
        };
        Ok(self.at)
    }
}

/// A part of the file that is mapped.
#[derive(Debug, Clone, Copy)]
struct Segment {
    offset: u64,
    size_bytes: u64,
    address: u64,
    executable: bool,
}

/// A section header.
#[derive(Debug, Clone)]
pub struct Header {
    /// The section's name.
    pub name: Box<[u8]>,
    /// SHT_*.
    pub kind: u32,
    /// Address that the file wants for it.
    pub address: u64,
    /// Where it begins in the file.
    pub offset: u64,
    /// Its size.
    pub size_bytes: u64,
    /// Index of the section that belongs to it.
    pub link: usize,
    /// Its bytes are packed.
    pub compressed: bool,
}

/// An ELF file.
#[derive(Debug)]
pub struct Image {
    bytes: Bytes,
    machine: Machine,
    segments: Vec<Segment>,
    sections: Vec<Header>,
    thread_block: Option<u64>,
}

impl Image {
    /// Reads the headers; `None` for what is no ELF file of a machine that is known.
    pub fn open(bytes: Bytes) -> Option<Self> {
        let mut ident = [0; 20];
        if bytes.read_at(0, &mut ident) < ident.len() {
            return None;
        }
        let machine = u16::from_le_bytes([ident[18], ident[19]]);
        // EM_X86_64 and EM_386; the x32 ABI's 32-bit files of the former are left out.
        let (machine, (segments, sections, thread_block)) = match (machine, ident[4]) {
            (62, 2) => (Machine::X86_64, headers::<FileHeader64<Endianness>>(&bytes)?),
            (3, 1) => (Machine::I386, headers::<FileHeader32<Endianness>>(&bytes)?),
            _ => return None,
        };
        Some(Self { bytes, machine, segments, sections, thread_block })
    }

    /// The machine that it is for.
    pub fn machine(&self) -> Machine {
        self.machine
    }

    /// Its bytes.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Section headers in the file's order.
    pub fn sections(&self) -> &[Header] {
        &self.sections
    }

    /// The address that the file wants for a position in it.
    pub fn address(&self, offset: u64) -> Option<u64> {
        let inside = |s: &&Segment| offset.checked_sub(s.offset).is_some_and(|skip| skip < s.size_bytes);
        let segment = self.segments.iter().find(inside)?;
        Some(segment.address.wrapping_add(offset - segment.offset))
    }

    /// The size of the file's block of thread-local storage with its padding: in a program, the block begins so far
    /// below the thread pointer.
    pub fn thread_block(&self) -> Option<u64> {
        self.thread_block
    }

    /// The address that the file wants for executable memory that begins with this position: segments are mapped
    /// by whole pages, so that the first one may begin with what belongs to another segment.
    pub fn page_address(&self, offset: u64) -> Option<u64> {
        let page = |s: &&Segment| s.executable && s.offset & !0xfff == offset;
        let first = self.segments.iter().find(page).map(|s| s.address.wrapping_sub(s.offset - offset));
        let inside = |s: &&Segment| {
            s.executable && offset.checked_sub(s.offset).is_some_and(|skip| skip < s.size_bytes)
        };
        first.or_else(|| {
            let segment = self.segments.iter().find(inside)?;
            Some(segment.address.wrapping_add(offset - segment.offset))
        })
    }

    /// The bytes of a section by name; `None` where it is absent, empty or packed.
    pub fn section(&self, name: &[u8]) -> Option<Section> {
        let header = self.sections.iter().find(|header| *header.name == *name)?;
        let bytes = self.contents(header)?;
        Some(Section { address: header.address, bytes: bytes.into() })
    }

    /// The bytes of a section.
    pub fn contents(&self, header: &Header) -> Option<Vec<u8>> {
        if header.compressed || header.kind == elf::SHT_NOBITS.0 {
            return None;
        }
        self.bytes.range(header.offset, header.size_bytes)
    }

    /// Its unwind tables.
    pub fn tables(&self) -> Tables {
        let text = self.sections.iter().find(|header| *header.name == *b".text").map_or(0, |h| h.address);
        Tables::new(
            self.section(b".eh_frame"),
            self.section(b".eh_frame_hdr"),
            self.section(b".debug_frame"),
            text,
            self.machine.word_bytes() as u8,
        )
    }
}

/// What the headers of a file say: segments, sections, the size of thread-local storage.
type Headers = (Vec<Segment>, Vec<Header>, Option<u64>);

fn headers<E: FileHeader<Endian = Endianness>>(bytes: &Bytes) -> Option<Headers> {
    let cache = ReadCache::new(Reader { bytes, at: 0 });
    let header = E::parse(&cache).ok()?;
    let endian = header.endian().ok()?;
    let (mut segments, mut thread_block) = (Vec::new(), None);
    for segment in header.program_headers(endian, &cache).ok()? {
        if segment.p_type(endian) == elf::PT_TLS {
            let (size, align): (u64, u64) = (segment.p_memsz(endian).into(), segment.p_align(endian).into());
            thread_block = size.checked_next_multiple_of(align.max(1));
        }
        if segment.p_type(endian) == elf::PT_LOAD {
            let (offset, size_bytes) = segment.file_range(endian);
            let executable = segment.p_flags(endian).0 & elf::PF_X.0 != 0;
            segments.push(Segment {
                offset,
                size_bytes,
                address: segment.p_vaddr(endian).into(),
                executable,
            });
        }
    }
    Some((segments, sections(header, endian, &cache).unwrap_or_default(), thread_block))
}

fn sections<'a, E, R>(header: &E, endian: Endianness, data: R) -> Option<Vec<Header>>
where
    E: FileHeader<Endian = Endianness>,
    R: ReadRef<'a>,
    E: 'a,
{
    let table = header.sections(endian, data).ok()?;
    let section = |section: &E::SectionHeader| Header {
        name: table.section_name(endian, section).unwrap_or_default().into(),
        kind: section.sh_type(endian).0,
        address: section.sh_addr(endian).into(),
        offset: section.sh_offset(endian).into(),
        size_bytes: section.sh_size(endian).into(),
        link: section.sh_link(endian) as usize,
        compressed: section.sh_flags(endian).0 & elf::SHF_COMPRESSED.0 != 0,
    };
    Some(table.iter().take(MOST_SECTIONS).map(section).collect())
}

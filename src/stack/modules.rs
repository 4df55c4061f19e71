//! The files that are mapped as code, opened once for all processes: unwind tables, symbols and lines, and
//! what was found for each address.
//!
//! A file is known by device, inode, time of change and size. Its path is the tracee's, so it is opened below
//! /proc/PID/root; one without a name any more through /proc/PID/map_files, or /proc/PID/exe.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::image::{Bytes, Image};
use super::lines::Lines;
use super::maps::{Region, unescape};
use super::registers::Machine;
use super::symbols::{Symbols, demangle};
use super::tables::{Row, Tables};
use crate::event::stack::{Place, Symbol};
use crate::sys::vm;

/// Files that are kept open; then all are forgotten.
const MOST_FILES: usize = 256;
/// Addresses of one file that are remembered; then they are forgotten.
const MOST_PLACES: usize = 1 << 16;
/// Largest vdso that is read from memory; it has a few pages.
const MOST_VDSO: u64 = 1 << 20;

/// What is known of an address.
#[derive(Debug, Clone)]
pub struct Entry {
    /// How its frame is left; `None` where the tables say nothing.
    pub row: Option<Arc<Row>>,
    /// What stands there.
    pub place: Arc<Place>,
}

/// A file that is mapped as code.
pub struct Module {
    image: Image,
    tables: Tables,
    symbols: Option<Symbols>,
    lines: Option<Lines>,
    entries: HashMap<(u64, bool), Entry>,
}

impl Module {
    /// A file whose headers were read; `None` for what is no ELF file.
    pub fn new(bytes: Bytes) -> Option<Self> {
        let image = Image::open(bytes)?;
        let tables = image.tables();
        Some(Self { image, tables, symbols: None, lines: None, entries: HashMap::new() })
    }

    /// The machine that it is for.
    pub fn machine(&self) -> Machine {
        self.image.machine()
    }

    /// What is known of a position in the file. A return address stands for the call before it, which may be
    /// the last instruction of its function: `returning` says that it is one.
    pub fn entry(&mut self, offset: u64, returning: bool, lines: bool) -> Option<&Entry> {
        let back = u64::from(returning);
        let address = self.image.address(offset.checked_sub(back)?)?.wrapping_add(back);
        if self.entries.len() >= MOST_PLACES {
            self.entries.clear();
        }
        if !self.entries.contains_key(&(address, returning)) {
            let entry = self.resolve(address, back, lines);
            self.entries.insert((address, returning), entry);
        }
        self.entries.get(&(address, returning))
    }

    fn resolve(&mut self, address: u64, back: u64, lines: bool) -> Entry {
        let inside = address.saturating_sub(back);
        let row = self.tables.row(inside).map(Arc::new);
        let symbols = self.symbols.get_or_insert_with(|| Symbols::read(&self.image));
        let symbol = symbols.find(inside, self.image.bytes());
        let symbol = symbol.map(|(name, offset)| Symbol { name: demangle(name), offset: offset + back });
        let mut place = Place { symbol, ..Place::default() };
        if lines {
            let source = self.lines.get_or_insert_with(|| Lines::read(&self.image)).find(inside);
            place.line = source.line;
            place.inlined = source.inlined;
        }
        Entry { row, place: Arc::new(place) }
    }
}

/// What a file is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    device: u64,
    inode: u64,
    changed_s: i64,
    changed_ns: i64,
    size_bytes: u64,
}

/// Names a file among those that are open; [`Files::generation`] tells whether it still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileId(usize);

/// All files that are mapped as code somewhere.
#[derive(Default)]
pub struct Files {
    modules: Vec<Module>,
    known: HashMap<Key, Option<FileId>>,
    /// The vdso of each machine.
    vdsos: Vec<(Arc<[u8]>, FileId)>,
    generation: u32,
}

impl Files {
    /// Changes when all files were forgotten: a [`FileId`] from before means nothing then.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// A file by its id.
    pub fn get(&mut self, id: FileId) -> Option<&mut Module> {
        self.modules.get_mut(id.0)
    }

    /// The file behind a region of a task; `None` where there is none or it cannot be read.
    pub fn open(&mut self, tid: i32, region: &Region) -> Option<FileId> {
        if self.modules.len() >= MOST_FILES || self.known.len() >= 4 * MOST_FILES {
            *self = Self { generation: self.generation.wrapping_add(1), ..Self::default() };
        }
        if region.inode == 0 {
            return self.vdso(tid, region);
        }
        let file = open(tid, region)?;
        let data = file.metadata().ok()?;
        let key = Key {
            device: data.dev(),
            inode: data.ino(),
            changed_s: data.mtime(),
            changed_ns: data.mtime_nsec(),
            size_bytes: data.len(),
        };
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let id = self.add(Bytes::File(file));
        self.known.insert(key, id);
        id
    }

    fn vdso(&mut self, tid: i32, region: &Region) -> Option<FileId> {
        let size = region.end - region.start;
        if region.path.as_deref() != Some(b"[vdso]") || size > MOST_VDSO {
            return None;
        }
        let mut bytes = vec![0; usize::try_from(size).ok()?];
        let got = vm::read(tid, region.start, &mut bytes);
        bytes.truncate(got);
        if let Some((_, id)) = self.vdsos.iter().find(|(known, _)| **known == *bytes) {
            return Some(*id);
        }
        let bytes: Arc<[u8]> = bytes.into();
        let id = self.add(Bytes::Memory(bytes.clone()))?;
        self.vdsos.push((bytes, id));
        Some(id)
    }

    fn add(&mut self, bytes: Bytes) -> Option<FileId> {
        self.modules.push(Module::new(bytes)?);
        Some(FileId(self.modules.len() - 1))
    }
}

/// Opens the file of a region as the tracee has it. A path that leads to something else by now is not it.
pub fn open(tid: i32, region: &Region) -> Option<File> {
    if !region.deleted {
        let path = unescape(region.path.as_deref()?);
        let mut below = PathBuf::from(format!("/proc/{tid}/root"));
        below.push(Path::new(OsStr::from_bytes(path.strip_prefix(b"/")?)));
        return regular(&below, libc::O_NOFOLLOW);
    }
    let mapped = format!("/proc/{tid}/map_files/{:x}-{:x}", region.start, region.end);
    regular(Path::new(&mapped), 0).or_else(|| {
        let program = regular(Path::new(&format!("/proc/{tid}/exe")), 0)?;
        (program.metadata().ok()?.ino() == region.inode).then_some(program)
    })
}

/// Opens a regular file, without waiting for anything.
fn regular(path: &Path, flags: i32) -> Option<File> {
    let file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | flags).open(path).ok()?;
    file.metadata().ok()?.is_file().then_some(file)
}

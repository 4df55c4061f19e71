//! The files that a process runs: where each is loaded, its symbols, unwind tables and debug information.
//!
//! A file is read once, however often the program is started or loads it. Addresses are the file's own here and
//! become run-time addresses by the module's bias.

pub mod locate;
pub mod prologue;
pub mod source;
pub mod symbols;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::dwarf::Info;
use super::dwarf::lines::{SourceFile, Stretch};
use super::dwarf::scope::Scope;
use super::error::{Error, Result};
use crate::stack::image::{Bytes, Image};
use crate::stack::maps::{Maps, Region, unescape};
use crate::stack::registers::Machine;
use crate::stack::tables::{Row, Tables};
use crate::stack::{lines, modules, symbols as names};
use crate::sys::vm;
use symbols::Symbols;

/// Largest vdso that is read from memory.
const MOST_VDSO: u64 = 1 << 20;

/// A file.
pub struct Binary {
    /// Its path, as the process or the person names it.
    pub path: String,
    image: Image,
    tables: RefCell<Tables>,
    symbols: OnceCell<Symbols>,
    info: OnceCell<Option<Rc<Info>>>,
}

impl Binary {
    fn new(path: String, bytes: Bytes) -> Option<Self> {
        let image = Image::open(bytes)?;
        let tables = RefCell::new(image.tables());
        Some(Self { path, image, tables, symbols: OnceCell::new(), info: OnceCell::new() })
    }

    /// Its headers.
    pub fn image(&self) -> &Image {
        &self.image
    }

    /// Its symbols.
    pub fn symbols(&self) -> &Symbols {
        self.symbols.get_or_init(|| Symbols::read(&self.image))
    }

    /// Its debug information, its own or what is installed for it.
    pub fn info(&self) -> Option<&Rc<Info>> {
        let read = || {
            if lines::has(&self.image) {
                return Info::read(&self.image);
            }
            Info::read(&lines::separate(&self.image)?)
        };
        self.info.get_or_init(|| read().map(Rc::new)).as_ref()
    }

    /// The rules by which the frame at an address is left.
    pub fn row(&self, address: u64) -> Option<Row> {
        self.tables.borrow_mut().row(address)
    }
}

/// A file that is loaded.
#[derive(Clone)]
pub struct Module {
    /// The file.
    pub binary: Rc<Binary>,
    /// What is added to its addresses.
    pub bias: u64,
    /// Executable memory of it.
    pub ranges: Vec<(u64, u64)>,
}

/// What is known of an address of the process, kept while nothing is loaded or unloaded.
pub struct Place {
    /// Number of the module; none for an address in no file.
    pub module: Option<usize>,
    /// The address in the file's own address space.
    pub address: u64,
    /// How the frame is left.
    pub row: Option<Arc<Row>>,
    scope: OnceCell<Option<Rc<Scope>>>,
}

/// A line of source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLine {
    /// The file.
    pub file: SourceFile,
    /// The line.
    pub line: u32,
}

/// What a file is known by: device, inode, time of change, size.
type Key = (u64, u64, i64, i64, u64);

/// All files of a process, the program first.
#[derive(Default)]
pub struct Program {
    /// Those that are loaded; before a start, the program where it would like to be.
    pub modules: Vec<Module>,
    known: HashMap<Key, Rc<Binary>>,
    vdso: Option<(Arc<[u8]>, Rc<Binary>)>,
    maps: Maps,
    places: RefCell<HashMap<u64, Rc<Place>>>,
}

impl Program {
    /// The program that will be run, from its file.
    ///
    /// # Errors
    /// What is wrong with the file, in one sentence.
    pub fn open(&mut self, path: &Path) -> Result<()> {
        let shown = path.display().to_string();
        let no = |why: String| Error::says(format!("{shown}: {why}."));
        let file = File::open(path).map_err(|error| no(crate::debug::error_text(&error)))?;
        if !file.metadata().is_ok_and(|data| data.is_file()) {
            return Err(no("not a regular file".into()));
        }
        let binary = self
            .binary(file, &shown)
            .ok_or_else(|| no("not in executable format: file format not recognized".into()))?;
        if binary.image.machine() != Machine::X86_64 {
            return Err(no("32-bit programs cannot be debugged; trace them instead".into()));
        }
        self.modules = vec![Module { binary, bias: 0, ranges: Vec::new() }];
        self.places.borrow_mut().clear();
        Ok(())
    }

    fn binary(&mut self, file: File, path: &str) -> Option<Rc<Binary>> {
        let data = file.metadata().ok()?;
        let key = (data.dev(), data.ino(), data.mtime(), data.mtime_nsec(), data.len());
        if let Some(known) = self.known.get(&key) {
            return Some(known.clone());
        }
        let binary = Rc::new(Binary::new(path.to_owned(), Bytes::File(file))?);
        self.known.insert(key, binary.clone());
        Some(binary)
    }

    /// Looks what a process has mapped. Returns whether that changed.
    pub fn refresh(&mut self, pid: i32) -> bool {
        let maps = Maps::parse(&std::fs::read(format!("/proc/{pid}/maps")).unwrap_or_default());
        if maps.code == self.maps.code {
            return false;
        }
        let exe = crate::sys::process::link(pid, "exe");
        let mut modules: Vec<Module> = Vec::new();
        let mut main = 0;
        for region in &maps.code {
            let Some(binary) = self.of_region(pid, region) else { continue };
            let Some(address) = binary.image.page_address(region.offset) else { continue };
            let bias = region.start.wrapping_sub(address);
            let same = |module: &&mut Module| Rc::ptr_eq(&module.binary, &binary) && module.bias == bias;
            match modules.iter_mut().find(same) {
                Some(module) => module.ranges.push((region.start, region.end)),
                None => {
                    if region.path.as_deref().is_some_and(|path| Some(unescape(path)) == exe) {
                        main = modules.len();
                    }
                    modules.push(Module { binary, bias, ranges: vec![(region.start, region.end)] });
                }
            }
        }
        if !modules.is_empty() {
            modules[..=main].rotate_right(1);
            self.modules = modules;
        }
        self.maps = maps;
        self.places.borrow_mut().clear();
        true
    }

    fn of_region(&mut self, pid: i32, region: &Region) -> Option<Rc<Binary>> {
        if region.inode != 0 {
            let path = String::from_utf8_lossy(&unescape(region.path.as_deref()?)).into_owned();
            let file = modules::open(pid, region)?;
            return self.binary(file, &path);
        }
        let size = region.end - region.start;
        if region.path.as_deref() != Some(b"[vdso]") || size > MOST_VDSO {
            return None;
        }
        let mut bytes = vec![0; usize::try_from(size).ok()?];
        let got = vm::read(pid, region.start, &mut bytes);
        bytes.truncate(got);
        if let Some((known, binary)) = &self.vdso
            && **known == *bytes
        {
            return Some(binary.clone());
        }
        let bytes: Arc<[u8]> = bytes.into();
        let name = "system-supplied DSO".to_owned();
        let binary = Rc::new(Binary::new(name, Bytes::Memory(bytes.clone()))?);
        self.vdso = Some((bytes, binary.clone()));
        Some(binary)
    }

    /// The process is gone: the program is where its file wants it.
    pub fn unload(&mut self) {
        self.modules.truncate(1);
        if let Some(main) = self.modules.first_mut() {
            main.bias = 0;
            main.ranges.clear();
        }
        self.maps = Maps::default();
        self.places.borrow_mut().clear();
    }

    /// The module whose code holds an address.
    pub fn module_of(&self, address: u64) -> Option<usize> {
        let inside =
            |module: &Module| module.ranges.iter().any(|(low, high)| (*low..*high).contains(&address));
        self.modules.iter().position(inside)
    }

    /// Whether an address lies in executable memory.
    pub fn is_code(&self, address: u64) -> bool {
        self.maps.find(address).is_some()
    }

    /// Where the writable memory that holds an address ends.
    pub fn data_end(&self, address: u64) -> Option<u64> {
        self.maps.data_end(address)
    }

    /// What is known of an address. `inside` is one that lies in the same instruction or the call before.
    pub fn place(&self, inside: u64) -> Rc<Place> {
        if let Some(known) = self.places.borrow().get(&inside) {
            return known.clone();
        }
        let module = self.module_of(inside);
        let (address, row) = match module.map(|number| &self.modules[number]) {
            Some(module) => {
                let address = inside.wrapping_sub(module.bias);
                (address, module.binary.row(address).map(Arc::new))
            }
            None => (inside, None),
        };
        let place = Rc::new(Place { module, address, row, scope: OnceCell::new() });
        self.places.borrow_mut().insert(inside, place.clone());
        place
    }

    /// The debug information of the file of a place.
    pub fn info(&self, place: &Place) -> Option<&Rc<Info>> {
        self.modules[place.module?].binary.info()
    }

    /// The blocks around a place.
    pub fn scope(&self, place: &Place) -> Option<Rc<Scope>> {
        let read = || self.info(place)?.scope(place.address).map(Rc::new);
        place.scope.get_or_init(read).clone()
    }

    /// The stretch of code of one line around a place, in run-time addresses, and its line.
    pub fn stretch(&self, place: &Place) -> Option<(Stretch, SourceLine)> {
        let info = self.info(place)?;
        let unit = info.unit_of(place.address)?;
        let found = info.lines(unit).find(place.address)?;
        let file = info.lines(unit).file(found.row.file)?.clone();
        let bias = self.modules[place.module?].bias;
        let row =
            crate::debug::dwarf::lines::Row { address: found.row.address.wrapping_add(bias), ..found.row };
        let line = SourceLine { file, line: found.row.line };
        Some((Stretch { row, end: found.end.wrapping_add(bias) }, line))
    }

    /// The function or variable that a run-time address belongs to, and the distance from its beginning.
    pub fn symbol(&self, address: u64, data_too: bool) -> Option<(String, u64)> {
        let inside = self.module_of(address);
        let module = match inside {
            Some(number) => number,
            // Data lies behind the code of its file, before the next file's.
            None if data_too => {
                let before = |m: &Module| m.ranges.first().map(|r| r.0).filter(|low| *low <= address);
                let near = (0..self.modules.len()).filter_map(|n| Some((before(&self.modules[n])?, n))).max();
                near?.1
            }
            None => return None,
        };
        let module = &self.modules[module];
        let (symbol, distance) =
            module.binary.symbols().at(address.wrapping_sub(module.bias), data_too, inside.is_some())?;
        Some((names::demangle(symbol.name.clone()), distance))
    }

    /// A symbol by name, in any file: the run-time address, and what it stands for.
    pub fn named_symbol(&self, name: &str) -> Option<(u64, symbols::Kind, usize)> {
        self.modules.iter().enumerate().find_map(|(number, module)| {
            let symbol = module.binary.symbols().named(name).next()?;
            Some((symbol.address.wrapping_add(module.bias), symbol.kind, number))
        })
    }

    /// The program itself.
    pub fn main(&self) -> Option<&Module> {
        self.modules.first()
    }

    /// The program's file.
    pub fn path(&self) -> Option<PathBuf> {
        self.main().map(|module| PathBuf::from(OsStr::from_bytes(module.binary.path.as_bytes())))
    }

    /// Whether any file has debug information.
    pub fn has_info(&self) -> bool {
        self.main().is_some_and(|module| module.binary.info().is_some())
    }
}

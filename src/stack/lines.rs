//! From an address to lines of source, and to the functions that the compiler inlined there, by DWARF.
//!
//! Debug information is searched in the file itself and, by its build id, below /usr/lib/debug. Packed
//! sections are not unpacked: they count as absent.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use addr2line::{Context, Location};
use gimli::{Dwarf, EndianArcSlice, LittleEndian};

use super::image::{Bytes, Image};
use super::symbols::demangle;
use crate::event::stack::{Inlined, Line};

/// Functions inlined into each other that are told; compilers stop far earlier.
const MOST_INLINED: usize = 64;

/// What the source says about an address.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The line, in the function that has the address.
    pub line: Option<Line>,
    /// Inlined functions, innermost first.
    pub inlined: Vec<Inlined>,
}

/// The debug information of a file.
pub struct Lines {
    context: Option<Context<EndianArcSlice<LittleEndian>>>,
}

impl Lines {
    /// Reads the debug information of a file, if there is any.
    pub fn read(image: &Image) -> Self {
        let context =
            if has(image) { context(image) } else { separate(image).and_then(|image| context(&image)) };
        Self { context }
    }

    /// What is known of an address of the file's own address space.
    pub fn find(&self, address: u64) -> Source {
        let mut source = Source::default();
        let Some(context) = &self.context else { return source };
        let Ok(mut frames) = context.find_frames(address).skip_all_loads() else { return source };
        let mut functions = Vec::new();
        while let Ok(Some(frame)) = frames.next() {
            let name = frame.function.as_ref().and_then(|function| function.raw_name().ok());
            let name = name.map_or_else(|| "?".to_owned(), |name| demangle(name.into_owned()));
            functions.push(Inlined { name, line: frame.location.and_then(line) });
            if functions.len() > MOST_INLINED {
                break;
            }
        }
        source.line = functions.pop().and_then(|outermost| outermost.line);
        source.inlined = functions;
        source
    }
}

fn line(location: Location<'_>) -> Option<Line> {
    Some(Line { file: location.file?.to_owned(), number: location.line.unwrap_or(0) })
}

/// Whether a file has debug information that can be read.
pub fn has(image: &Image) -> bool {
    image.sections().iter().any(|header| *header.name == *b".debug_info" && !header.compressed)
}

fn context(image: &Image) -> Option<Context<EndianArcSlice<LittleEndian>>> {
    let load = |id: gimli::SectionId| -> Result<_, gimli::Error> {
        let bytes: Arc<[u8]> = match image.section(id.name().as_bytes()) {
            Some(section) => section.bytes,
            None => Arc::new([]),
        };
        Ok(EndianArcSlice::new(bytes, LittleEndian))
    };
    Context::from_dwarf(Dwarf::load(load).ok()?).ok()
}

/// The file with the debug information of a stripped one, by its build id.
pub fn separate(image: &Image) -> Option<Image> {
    Image::open(Bytes::File(File::open(place(image)?).ok()?)).filter(has)
}

/// Where distributions put the debug information of a stripped file.
fn place(image: &Image) -> Option<PathBuf> {
    let note = image.section(b".note.gnu.build-id")?;
    // Elf_Nhdr: namesz, descsz, type; "GNU\0"; then the id.
    let size = u32::from_le_bytes(*note.bytes.get(4..)?.first_chunk()?) as usize;
    let id = note.bytes.get(16..)?.get(..size)?;
    let (first, rest) = id.split_first()?;
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    Some(PathBuf::from(format!("/usr/lib/debug/.build-id/{first:02x}/{}.debug", hex(rest))))
}

//! A recording as a file: its head, its frames by the index or by walking, and what is damaged.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::format::{self, Error, Kind, Malformed, Meta};
use super::frame::{self, Head, Unpacker};
use super::index::{Entry, Index};

/// Bytes that can be read at a position.
pub trait Source {
    /// Copies bytes at `offset` to `buf`; fewer only at the end.
    ///
    /// # Errors
    /// What pread(2) says.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize>;
    /// Number of bytes.
    ///
    /// # Errors
    /// What fstat(2) says.
    fn size_bytes(&self) -> io::Result<u64>;
}

impl Source for File {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buf.len() {
            match FileExt::read_at(self, &mut buf[filled..], offset + filled as u64) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    fn size_bytes(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
}

impl Source for &[u8] {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|at| self.get(at..)).unwrap_or_default();
        let count = rest.len().min(buf.len());
        buf[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn size_bytes(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }
}

/// A stretch of a recording that is no frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Where it begins.
    pub offset: u64,
    /// What is wrong.
    pub what: &'static str,
}

/// A recording that can be read.
pub struct Recording<S> {
    source: S,
    /// What it is of.
    pub meta: Meta,
    /// Where its frames are.
    pub index: Index,
    /// It was finished: its recorder lived to write the index.
    pub finished: bool,
    /// What walking found damaged.
    pub damage: Vec<Damage>,
    unpacker: Unpacker,
    packed: Vec<u8>,
}

impl Recording<File> {
    /// Opens a recording.
    ///
    /// # Errors
    /// One sentence with the name of the file.
    pub fn open(path: &Path) -> Result<Self, String> {
        let shown = path.display();
        let file = File::open(path).map_err(|error| format!("cannot open '{shown}': {error}"))?;
        let kind = file.metadata().map_err(|error| format!("cannot read '{shown}': {error}"))?.file_type();
        if !kind.is_file() {
            return Err(format!("'{shown}' is no regular file: a recording is read from a file"));
        }
        Self::new(file).map_err(|error| match error {
            Error::Io(error) => format!("cannot read '{shown}': {error}"),
            other => format!("'{shown}': {other}"),
        })
    }
}

/// How far walking looks ahead at once for a frame behind damage.
const WINDOW: usize = 64 * 1024;

impl<S: Source> Recording<S> {
    /// The recording in `source`.
    ///
    /// # Errors
    /// It is none, a newer one, or cannot be read.
    pub fn new(source: S) -> Result<Self, Error> {
        let mut head = [0; format::HEAD_BYTES];
        let size = source.read_at(0, &mut head).map_err(Error::Io)?;
        format::check_head(&head[..size])?;
        let unpacker = Unpacker::new().map_err(Error::Io)?;
        let mut recording = Self {
            source,
            meta: Meta::default(),
            index: Index::default(),
            finished: false,
            damage: Vec::new(),
            unpacker,
            packed: Vec::new(),
        };
        match recording.stored_index().map_err(Error::Io)? {
            Some(index) => {
                recording.index = index;
                recording.finished = true;
            }
            None => recording.walk().map_err(Error::Io)?,
        }
        let first = recording.index.frames.iter().find(|frame| frame.kind == Kind::Meta).copied();
        let mut raw = Vec::new();
        if let Some(first) = first
            && let Ok(Ok(_)) = recording.read(&first, &mut raw)
            && let Ok(meta) = Meta::parse(&raw)
        {
            recording.meta = meta;
        }
        Ok(recording)
    }

    fn head_at(&self, offset: u64) -> io::Result<Option<Head>> {
        let mut bytes = [0; frame::HEAD_BYTES];
        let size = self.source.read_at(offset, &mut bytes)?;
        Ok(frame::head(&bytes[..size]))
    }

    /// The index at the end, where there is a good one.
    fn stored_index(&mut self) -> io::Result<Option<Index>> {
        let size = self.source.size_bytes()?;
        let Some(at) = size.checked_sub(frame::END_BYTES as u64) else { return Ok(None) };
        let mut end = [0; frame::END_BYTES];
        self.source.read_at(at, &mut end)?;
        let Some(offset) = frame::index_offset(&end) else { return Ok(None) };
        let entry = Entry { offset, kind: Kind::Index, events: 0, calls: 0, first: Default::default() };
        let mut raw = Vec::new();
        if self.read(&entry, &mut raw)?.is_err() {
            return Ok(None);
        }
        let index = Index::parse(&raw).ok();
        Ok(index.filter(|index| index.frames.iter().all(|frame| frame.offset < size)))
    }

    /// Finds the frames one behind the other.
    fn walk(&mut self) -> io::Result<()> {
        let size = self.source.size_bytes()?;
        let mut offset = format::HEAD_BYTES as u64;
        while offset < size {
            match self.head_at(offset)? {
                Some(head) if offset + head.size_bytes() <= size => {
                    let (kind, events) = (head.kind, head.events);
                    if kind != Kind::Index {
                        let first = Default::default();
                        self.index.frames.push(Entry { offset, kind, events, calls: 0, first });
                        offset += head.size_bytes();
                        continue;
                    }
                    // What stands behind a good index is its end; a damaged one hides nothing.
                    break;
                }
                Some(_) => break,
                None => {}
            }
            let next = self.next_frame(offset + 1, size)?;
            if next.is_some() {
                self.damage.push(Damage { offset, what: "these bytes are no frame" });
            }
            match next {
                Some(next) => offset = next,
                None => break,
            }
        }
        Ok(())
    }

    /// Where the next good head begins.
    fn next_frame(&self, mut from: u64, size: u64) -> io::Result<Option<u64>> {
        let mut window = vec![0; WINDOW];
        while from < size {
            let got = self.source.read_at(from, &mut window)?;
            let starts = window[..got].windows(frame::MAGIC.len()).enumerate();
            for (at, _) in starts.filter(|(_, bytes)| **bytes == frame::MAGIC) {
                if self.head_at(from + at as u64)?.is_some() {
                    return Ok(Some(from + at as u64));
                }
            }
            if got < window.len() {
                return Ok(None);
            }
            from += (got - frame::MAGIC.len()) as u64;
        }
        Ok(None)
    }

    /// Looks for frames behind those that are known, in a file that is still being written; how many there are.
    ///
    /// # Errors
    /// What reading the file says.
    pub fn grow(&mut self) -> io::Result<usize> {
        let known = self.index.frames.len();
        let size = self.source.size_bytes()?;
        let mut offset = match self.index.frames.last() {
            Some(last) => match self.head_at(last.offset)? {
                Some(head) => last.offset + head.size_bytes(),
                None => return Ok(0),
            },
            None => format::HEAD_BYTES as u64,
        };
        while !self.finished
            && let Some(head) = self.head_at(offset)?.filter(|head| offset + head.size_bytes() <= size)
        {
            if head.kind == Kind::Index {
                self.finished = true;
                break;
            }
            let (kind, events) = (head.kind, head.events);
            self.index.frames.push(Entry { offset, kind, events, calls: 0, first: Default::default() });
            offset += head.size_bytes();
        }
        Ok(self.index.frames.len() - known)
    }

    /// Number of rows that a list shows of a frame, by its head alone; `None` where nobody counted them.
    ///
    /// # Errors
    /// What reading the file says.
    pub fn rows(&self, entry: &Entry) -> io::Result<Option<u32>> {
        let head = self.head_at(entry.offset)?;
        Ok(head.filter(|head| head.rows > 0 || head.events == 0).map(|head| head.rows))
    }

    /// Reads what the frame of an entry holds into `raw`; gives its head.
    ///
    /// # Errors
    /// The outer error is the file's, the inner one the frame's.
    pub fn read(&mut self, entry: &Entry, raw: &mut Vec<u8>) -> io::Result<Result<Head, Malformed>> {
        let Some(head) = self.head_at(entry.offset)?.filter(|head| head.kind == entry.kind) else {
            return Ok(Err(Malformed("these bytes are no frame")));
        };
        let left = self.source.size_bytes()?.saturating_sub(entry.offset);
        if head.size_bytes() > left {
            return Ok(Err(Malformed("the frame is not whole")));
        }
        self.packed.resize(head.packed_bytes as usize, 0);
        let size = self.source.read_at(entry.offset + frame::HEAD_BYTES as u64, &mut self.packed)?;
        Ok(self.unpacker.unpack(&head, &self.packed[..size], raw).map(|()| head))
    }
}

//! Calls as tables in Parquet, a row each, for engines that query many runs of many machines at once.
//!
//! Files lie below the directory as `host=H/run=R/part-N.parquet`, so that host and run are columns that a query can
//! leave out whole files by. Rows are kept until a group is full, then written: memory is bounded. Format: Apache
//! Parquet, with zstd.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::TypePtr;
use syscall_tables::class::{self, Class};
use syscall_tables::errno;
use syscall_tables::model::Shape;

use super::Setup;
use super::out::Trouble;
use super::roster::Roster;
use super::targets::Targets;
use crate::decode::{self, Options};
use crate::engine::sink::{Processes, Rings, Sink};
use crate::event::ring::{Completion, Traffic, Unseen};
use crate::event::{Call, End, Program, Stamp, Started, Tid};
use crate::output::json::render::{Frame, JsonRender, Notes};
use crate::output::text::pieces;

/// The columns; host and run are in the names of directories.
const SCHEMA: &str = "message call {
  REQUIRED INT64 ts (TIMESTAMP(NANOS,true));
  OPTIONAL INT64 duration_ns;
  REQUIRED INT32 pid;
  REQUIRED INT32 tid;
  OPTIONAL BYTE_ARRAY comm (STRING);
  OPTIONAL BYTE_ARRAY exe (STRING);
  REQUIRED BYTE_ARRAY name (STRING);
  REQUIRED GROUP class (LIST) { REPEATED GROUP list { REQUIRED BYTE_ARRAY element (STRING); } }
  OPTIONAL INT64 ret;
  OPTIONAL BYTE_ARRAY errno (STRING);
  REQUIRED GROUP paths (LIST) { REPEATED GROUP list { REQUIRED BYTE_ARRAY element (STRING); } }
  OPTIONAL INT32 fd;
  OPTIONAL BYTE_ARRAY target (STRING);
  REQUIRED BYTE_ARRAY args (JSON);
}";
/// A group of rows is written when it has so many, or so many bytes of text.
const GROUP_ROWS: usize = 1 << 17;
const GROUP_BYTES: usize = 32 << 20;
/// The key of what of io_uring was not seen, as far as it was known when the file was closed.
const UNSEEN: &str = "trace.io_uring.unseen";
/// The next file begins after so many rows.
const PART_ROWS: usize = 1 << 22;

/// Values of a column with the levels that Parquet has for what is missing and for lists.
#[derive(Debug)]
struct Column<T> {
    values: Vec<T>,
    defined: Vec<i16>,
    repeated: Vec<i16>,
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self { values: Vec::new(), defined: Vec::new(), repeated: Vec::new() }
    }
}

impl<T> Column<T> {
    /// Adds a value of a column that has one in every row.
    fn always(&mut self, value: T) {
        self.values.push(value);
    }

    /// Adds a value or none.
    fn maybe(&mut self, value: Option<T>) {
        self.defined.push(i16::from(value.is_some()));
        self.values.extend(value);
    }

    /// Adds a list.
    fn list(&mut self, values: impl Iterator<Item = T>) {
        let before = self.values.len();
        for value in values {
            self.repeated.push(i16::from(self.values.len() > before));
            self.defined.push(1);
            self.values.push(value);
        }
        if self.values.len() == before {
            self.repeated.push(0);
            self.defined.push(0);
        }
    }

    fn write<D: DataType<T = T>>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, File>,
    ) -> Result<(), ParquetError> {
        let Some(mut column) = group.next_column()? else { return Ok(()) };
        let levels = |levels: &Vec<i16>| (!levels.is_empty()).then(|| levels.clone());
        let (defined, repeated) = (levels(&self.defined), levels(&self.repeated));
        column.typed::<D>().write_batch(&self.values, defined.as_deref(), repeated.as_deref())?;
        *self = Self::default();
        column.close()
    }
}

/// Rows that are not written yet, by column in the order of the schema.
#[derive(Debug, Default)]
struct Rows {
    ts: Column<i64>,
    duration_ns: Column<i64>,
    pid: Column<i32>,
    tid: Column<i32>,
    comm: Column<ByteArray>,
    exe: Column<ByteArray>,
    name: Column<ByteArray>,
    class: Column<ByteArray>,
    ret: Column<i64>,
    errno: Column<ByteArray>,
    paths: Column<ByteArray>,
    fd: Column<i32>,
    target: Column<ByteArray>,
    args: Column<ByteArray>,
    count: usize,
    text_bytes: usize,
}

impl Rows {
    fn write(&mut self, mut group: SerializedRowGroupWriter<'_, File>) -> Result<(), ParquetError> {
        let group_writer = &mut group;
        self.ts.write::<Int64Type>(group_writer)?;
        self.duration_ns.write::<Int64Type>(group_writer)?;
        self.pid.write::<Int32Type>(group_writer)?;
        self.tid.write::<Int32Type>(group_writer)?;
        self.comm.write::<ByteArrayType>(group_writer)?;
        self.exe.write::<ByteArrayType>(group_writer)?;
        self.name.write::<ByteArrayType>(group_writer)?;
        self.class.write::<ByteArrayType>(group_writer)?;
        self.ret.write::<Int64Type>(group_writer)?;
        self.errno.write::<ByteArrayType>(group_writer)?;
        self.paths.write::<ByteArrayType>(group_writer)?;
        self.fd.write::<Int32Type>(group_writer)?;
        self.target.write::<ByteArrayType>(group_writer)?;
        self.args.write::<ByteArrayType>(group_writer)?;
        (self.count, self.text_bytes) = (0, 0);
        group.close().map(drop)
    }
}

/// Text as Parquet has it: UTF-8.
fn text(bytes: &[u8]) -> ByteArray {
    ByteArray::from(String::from_utf8_lossy(bytes).into_owned().into_bytes())
}

/// A file that is being written.
struct Part {
    writer: SerializedFileWriter<File>,
    rows: usize,
}

struct Parquet {
    directory: PathBuf,
    schema: TypePtr,
    properties: Arc<WriterProperties>,
    trouble: Trouble,
    options: Options,
    roster: Roster,
    targets: Targets,
    frames: Vec<Frame>,
    rows: Rows,
    part: Option<Part>,
    /// Files that were begun.
    made: Vec<PathBuf>,
    /// What of io_uring was not seen, which no row tells.
    unseen: Unseen,
}

/// The exporter.
pub(super) fn sink(setup: Setup, directory: &Path, trouble: Trouble) -> Result<Box<dyn Sink>, String> {
    let host = format!("host={}", value(&setup.host));
    let directory = directory.join(host).join(format!("run={}", run(setup.header.wall_ns)));
    let shown = directory.display();
    fs::create_dir_all(&directory).map_err(|error| format!("cannot make directory '{shown}': {error}"))?;
    let schema = parse_message_type(SCHEMA).map_err(|error| format!("the schema of the table: {error}"))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(concat!("trace ", env!("CARGO_PKG_VERSION")).into())
        .build();
    Ok(Box::new(Parquet {
        directory,
        schema: Arc::new(schema),
        properties: Arc::new(properties),
        trouble,
        options: setup.options,
        roster: Roster::default(),
        targets: Targets::default(),
        frames: Vec::new(),
        rows: Rows::default(),
        part: None,
        made: Vec::new(),
        unseen: Unseen::default(),
    }))
}

/// A value in the name of a directory: what may have a meaning there is written as `%HH`.
fn value(text: &str) -> String {
    if text.is_empty() {
        return "unknown".into();
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let part = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(part).collect()
}

/// A run by its begin, in UTC: `20261130T143603.123456789Z`. Names in order are runs in order.
fn run(wall_ns: u64) -> String {
    let (seconds, ns) = (wall_ns / 1_000_000_000, wall_ns % 1_000_000_000);
    let (day, second) = (seconds / 86_400, seconds % 86_400);
    // Days since 1 March of the year 0, by eras of 400 years: the leap day is the last of its year.
    let days = day + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = (era * 400 + year + month / 10, (month + 2) % 12 + 1);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}{month:02}{date:02}T{hour:02}{minute:02}{second:02}.{ns:09}Z")
}

/// The names of a call's classes without their sign.
fn classes(name: &str) -> impl Iterator<Item = &'static str> {
    let member = class::membership(name);
    Class::names()
        .filter(move |(name, class)| name.starts_with('%') && *name != "%net" && member.contains(*class))
        .map(|(name, _)| name.trim_start_matches('%'))
}

impl Parquet {
    fn call(&mut self, call: &Call) {
        if self.trouble.any() {
            return;
        }
        let name = pieces::name(call);
        let process = self.roster.of(call.tid);
        let rows = &mut self.rows;
        rows.ts.always(call.entered.wall_ns as i64);
        let took = call.outcome.map(|_| call.left.mono_ns.saturating_sub(call.entered.mono_ns));
        rows.duration_ns.maybe(took.and_then(|ns| i64::try_from(ns).ok()));
        rows.pid.always(process.pid);
        rows.tid.always(call.tid.0);
        rows.comm.maybe((!process.comm.is_empty()).then(|| text(&process.comm)));
        let exe = process.program.as_ref().map(|program| &program.exe[..]).filter(|exe| !exe.is_empty());
        rows.exe.maybe(exe.map(text));
        rows.class.list(classes(&call.name()).map(|name| text(name.as_bytes())));
        rows.name.always(text(name.as_bytes()));
        rows.ret.maybe(call.outcome.filter(|outcome| !outcome.failed).map(|outcome| outcome.value));
        let code = call.outcome.and_then(|outcome| outcome.errno());
        let code = code.map(|code| errno::name(code).map_or_else(|| code.to_string(), str::to_owned));
        rows.errno.maybe(code.map(|name| text(name.as_bytes())));
        self.targets.take(call, &self.options);
        rows.text_bytes += self.targets.paths.iter().map(Vec::len).sum::<usize>();
        rows.paths.list(self.targets.paths.iter().map(|path| text(path)));
        let (fd, late) = descriptor(call);
        rows.fd.maybe(fd);
        rows.target.maybe(fd.and_then(|fd| call.fd_note(fd, late)).map(|note| text(&note.target)));
        let mut json = Vec::with_capacity(128);
        json.push(b'[');
        let notes = Notes { fds: &call.fds, late: false, pids: &call.pids, raw: decode::arguments(call) };
        let mut render = JsonRender::arguments(&mut json, &mut self.frames, notes);
        decode::call(call, &self.options, &mut render);
        render.finish();
        json.push(b']');
        rows.text_bytes += json.len();
        rows.args.always(text(&json));
        rows.count += 1;
        if rows.count >= GROUP_ROWS || rows.text_bytes >= GROUP_BYTES {
            self.flush();
        }
    }

    /// Writes the rows that are kept.
    fn flush(&mut self) {
        if let Err(error) = self.write() {
            self.fail(error);
        }
    }

    fn write(&mut self) -> Result<(), ParquetError> {
        if self.part.is_none() {
            let path = self.directory.join(format!("part-{}.parquet", self.made.len()));
            let file = File::create(&path)?;
            self.made.push(path);
            let (schema, properties) = (Arc::clone(&self.schema), Arc::clone(&self.properties));
            self.part = Some(Part { writer: SerializedFileWriter::new(file, schema, properties)?, rows: 0 });
        }
        let Some(part) = &mut self.part else { return Ok(()) };
        part.rows += self.rows.count;
        self.rows.write(part.writer.next_row_group()?)?;
        if part.rows >= PART_ROWS {
            self.close()?;
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), ParquetError> {
        let Some(Part { mut writer, .. }) = self.part.take() else { return Ok(()) };
        if !self.unseen.is_empty() {
            writer.append_key_value_metadata(KeyValue::new(UNSEEN.to_owned(), self.unseen.to_string()));
        }
        writer.close().map(drop)
    }

    /// Half a table is of no use: what was written goes, and the error stays.
    fn fail(&mut self, error: ParquetError) {
        self.part = None;
        for path in self.made.drain(..) {
            fs::remove_file(path).ok();
        }
        self.trouble.keep(match error {
            ParquetError::External(inner) => match inner.downcast::<io::Error>() {
                Ok(error) => *error,
                Err(other) => io::Error::other(other),
            },
            other => io::Error::other(other),
        });
    }
}

/// The descriptor that a call is about, and whether it is known when the call has returned: its first argument that
/// is one, else what it returns.
fn descriptor(call: &Call) -> (Option<i32>, bool) {
    let Some(signature) = call.signature else { return (None, false) };
    let args = decode::arguments(call);
    let first = signature.args.iter().position(|arg| matches!(arg.kind.shape, Shape::Fd));
    if let Some(at) = first {
        // An index of a ring's own table of files is no descriptor.
        let registered = call.entry.is_some_and(|entry| entry.names_registered_file());
        return ((!registered).then_some(args[at] as i32), false);
    }
    let returns = matches!(signature.ret.shape, Shape::Fd);
    let fd = call.outcome.filter(|outcome| returns && !outcome.failed);
    (fd.and_then(|outcome| i32::try_from(outcome.value).ok()), true)
}

impl Sink for Parquet {
    fn processes(&self) -> Processes {
        Processes::Programs
    }

    fn started(&mut self, started: &Started) {
        self.roster.started(started);
    }

    fn executed(&mut self, program: &Program) {
        self.roster.executed(program);
    }

    fn entered(&mut self, call: &Call) {
        self.roster.entered(call.tid);
    }

    fn left(&mut self, call: &Call) {
        self.call(call);
    }

    fn rings(&self) -> Rings {
        Rings::Apart
    }

    fn completed(&mut self, _tid: Tid, completion: &Completion) {
        if let Some(operation) = &completion.operation {
            // Who completes an operation runs its program, whether its call is told or not.
            self.roster.entered(operation.call.tid);
            self.call(&operation.call);
        }
    }

    fn unseen(&mut self, _tid: Tid, traffic: &Traffic) {
        self.unseen.add(traffic);
    }

    fn ended(&mut self, tid: Tid, _end: End, pending: Option<&Call>, _at: Stamp) {
        if let Some(call) = pending {
            self.call(call);
        }
        self.roster.ended(tid);
    }

    fn renamed(&mut self, from: Tid, to: Tid) {
        self.roster.renamed(from, to);
    }

    fn finish(&mut self) {
        if self.trouble.any() {
            return;
        }
        // A recording without calls is a table without rows.
        if self.rows.count > 0 || self.made.is_empty() {
            self.flush();
        }
        if let Err(error) = self.close() {
            self.fail(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_directories() {
        assert_eq!(value("build-7.example"), "build-7.example");
        assert_eq!(value("a/../b=c d"), "a%2F..%2Fb%3Dc%20d");
        assert_eq!(value(""), "unknown");
        assert_eq!(run(0), "19700101T000000.000000000Z");
        assert_eq!(run(951_782_399_000_000_001), "20000228T235959.000000001Z");
        assert_eq!(run(951_782_400_000_000_000), "20000229T000000.000000000Z");
        assert_eq!(run(1_735_689_599_000_000_000), "20241231T235959.000000000Z");
    }

    #[test]
    fn classes_have_their_plain_names() {
        let all: Vec<&str> = classes("openat").collect();
        assert!(all.contains(&"file") && all.contains(&"desc"), "{all:?}");
        assert_eq!(classes("no such call").count(), 0);
    }
}

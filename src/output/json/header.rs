//! The first line of a JSON trace: the version of the schema, who wrote it, what it is about.

use super::write::{self, raw, seconds, signed};

/// The version of `docs/events.schema.json` that the lines keep to. It rises when a reader of the version
/// before would go wrong.
pub const SCHEMA: u32 = 1;

/// What the first line says.
#[derive(Debug, Clone, Default)]
pub struct Header {
    /// Release of the kernel.
    pub kernel: String,
    /// The kind of machine.
    pub machine: String,
    /// The command that is traced, empty when there is none.
    pub command: Vec<Vec<u8>>,
    /// Processes that are attached to.
    pub attached: Vec<i32>,
    /// When tracing began, in nanoseconds since 1970.
    pub wall_ns: u64,
}

impl Header {
    /// Appends the line.
    pub fn write(&self, out: &mut Vec<u8>) {
        raw(out, "{\"type\":\"header\",\"schema\":");
        write::digits(out, u64::from(SCHEMA));
        raw(out, ",\"ts\":\"");
        seconds(out, self.wall_ns);
        raw(out, "\",\"tracer\":\"trace\",\"version\":");
        write::string(out, env!("CARGO_PKG_VERSION"));
        raw(out, ",\"kernel\":");
        write::string(out, &self.kernel);
        raw(out, ",\"machine\":");
        write::string(out, &self.machine);
        raw(out, ",\"command\":");
        texts(out, &self.command);
        raw(out, ",\"attached\":[");
        for (index, pid) in self.attached.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            signed(out, i64::from(*pid));
        }
        raw(out, "]}\n");
    }
}

/// Appends a list of strings of the tracee.
pub fn texts(out: &mut Vec<u8>, texts: &[Vec<u8>]) {
    out.push(b'[');
    for (index, text) in texts.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write::text(out, text, false);
        out.push(b'}');
    }
    out.push(b']');
}

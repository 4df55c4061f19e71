//! A timeline in Perfetto's own form: a stream of TracePackets with track events. Sources: perfetto.dev, "Writing
//! TrackEvent Protos Synthetically", and protos/perfetto/trace of the Perfetto project for the fields' numbers.
//!
//! Names are interned: the packet that first uses one carries it. Times are those of CLOCK_MONOTONIC, and a
//! snapshot of the clocks relates them to the wall clock.

use std::collections::HashMap;

use super::Setup;
use super::notation::{Fact, Facts, Flow, Instant, Notation, Role, Slice, Track};
use super::out::Out;
use super::protobuf::{fixed64, int, message, string, uint};
use super::roster::Process;
use super::timeline::Timeline;
use crate::engine::sink::Sink;
use crate::event::Stamp;

/// Numbers of fields.
mod field {
    /// Trace.packet.
    pub const PACKET: u32 = 1;
    /// TracePacket.
    pub const CLOCK_SNAPSHOT: u32 = 6;
    pub const TIMESTAMP: u32 = 8;
    pub const SEQUENCE: u32 = 10;
    pub const TRACK_EVENT: u32 = 11;
    pub const INTERNED_DATA: u32 = 12;
    pub const SEQUENCE_FLAGS: u32 = 13;
    pub const DEFAULTS: u32 = 59;
    pub const TRACK_DESCRIPTOR: u32 = 60;
    pub const FIRST_ON_SEQUENCE: u32 = 87;
    /// TracePacketDefaults.
    pub const TIMESTAMP_CLOCK: u32 = 58;
    /// ClockSnapshot, and its Clock.
    pub const CLOCKS: u32 = 1;
    pub const PRIMARY_CLOCK: u32 = 2;
    pub const CLOCK_ID: u32 = 1;
    pub const CLOCK_TIMESTAMP: u32 = 2;
    /// TrackDescriptor.
    pub const UUID: u32 = 1;
    pub const TRACK_NAME: u32 = 2;
    pub const PROCESS: u32 = 3;
    pub const THREAD: u32 = 4;
    pub const PARENT_UUID: u32 = 5;
    /// ProcessDescriptor.
    pub const PROCESS_PID: u32 = 1;
    pub const PROCESS_CMDLINE: u32 = 2;
    pub const PROCESS_NAME: u32 = 6;
    /// ThreadDescriptor.
    pub const THREAD_PID: u32 = 1;
    pub const THREAD_TID: u32 = 2;
    pub const THREAD_NAME: u32 = 5;
    /// TrackEvent.
    pub const ANNOTATION: u32 = 4;
    pub const TYPE: u32 = 9;
    pub const NAME_IID: u32 = 10;
    pub const TRACK_UUID: u32 = 11;
    pub const CATEGORY: u32 = 22;
    pub const NAME: u32 = 23;
    pub const FLOW: u32 = 47;
    pub const TERMINATING_FLOW: u32 = 48;
    /// DebugAnnotation.
    pub const KEY_IID: u32 = 1;
    pub const INT: u32 = 4;
    pub const STRING: u32 = 6;
    pub const ENTRY: u32 = 11;
    pub const ITEM: u32 = 12;
    /// InternedData, and its entries.
    pub const EVENT_NAMES: u32 = 2;
    pub const ANNOTATION_NAMES: u32 = 3;
    pub const IID: u32 = 1;
    pub const TEXT: u32 = 2;
}

/// Types of track events.
const SLICE_BEGIN: u64 = 1;
const SLICE_END: u64 = 2;
const INSTANT: u64 = 3;
/// Clocks.
const REALTIME: u64 = 1;
const MONOTONIC: u64 = 3;
/// Flags of a packet: what was interned before is void; it uses what was interned.
const CLEARED: u64 = 1;
const NEEDS: u64 = 2;
/// All packets are of one sequence.
const SEQUENCE: u64 = 1;
/// Most names of events that are interned; further ones are written out.
const MOST_NAMES: usize = 100_000;

/// How it is written.
#[derive(Debug, Default)]
struct Perfetto {
    names: HashMap<String, u64>,
    keys: HashMap<&'static str, u64>,
    /// What the packet that is being written interns.
    interned: Vec<u8>,
    event: Vec<u8>,
}

/// The exporter.
pub(super) fn sink(setup: Setup, out: Out) -> Box<dyn Sink> {
    Box::new(Timeline::new(Perfetto::default(), setup, out))
}

/// The id of a process's track, or of a thread's.
fn uuid(track: Track, thread: bool) -> u64 {
    track.process << 32 | if thread { u64::from(track.tid as u32) } else { 0 }
}

/// Appends a packet.
fn packet(out: &mut Vec<u8>, at_ns: u64, flags: u64, write: impl FnOnce(&mut Vec<u8>)) {
    message(out, field::PACKET, |out| {
        uint(out, field::TIMESTAMP, at_ns);
        uint(out, field::SEQUENCE, SEQUENCE);
        uint(out, field::SEQUENCE_FLAGS, flags);
        write(out);
    });
}

/// The number of an entry of `table`, and whether it is new.
fn intern(interned: &mut Vec<u8>, table: u32, iid: u64, text: &str) {
    message(interned, table, |out| {
        uint(out, field::IID, iid);
        string(out, field::TEXT, text);
    });
}

impl Perfetto {
    fn name(&mut self, name: &str) {
        let iid = match self.names.get(name) {
            Some(&iid) => iid,
            None if self.names.len() < MOST_NAMES => {
                let iid = self.names.len() as u64 + 1;
                self.names.insert(name.to_owned(), iid);
                intern(&mut self.interned, field::EVENT_NAMES, iid, name);
                iid
            }
            None => return string(&mut self.event, field::NAME, name),
        };
        uint(&mut self.event, field::NAME_IID, iid);
    }

    fn key(&mut self, key: &'static str) -> u64 {
        let next = self.keys.len() as u64 + 1;
        *self.keys.entry(key).or_insert_with(|| {
            intern(&mut self.interned, field::ANNOTATION_NAMES, next, key);
            next
        })
    }

    /// The annotations of the event that is being written.
    fn facts(&mut self, facts: &Facts<'_>) {
        for (key, fact) in facts {
            let iid = self.key(key);
            let entries: Vec<(u64, &str)> = match fact {
                Fact::Named(list) => list.iter().map(|(key, text)| (self.key(key), &**text)).collect(),
                _ => Vec::new(),
            };
            message(&mut self.event, field::ANNOTATION, |out| {
                uint(out, field::KEY_IID, iid);
                match fact {
                    Fact::Text(text) => string(out, field::STRING, text),
                    Fact::Number(value) => int(out, field::INT, *value),
                    Fact::Named(_) => {
                        for (iid, text) in entries {
                            message(out, field::ENTRY, |out| {
                                uint(out, field::KEY_IID, iid);
                                string(out, field::STRING, text);
                            });
                        }
                    }
                    Fact::List(list) => {
                        for text in list {
                            message(out, field::ITEM, |out| string(out, field::STRING, text));
                        }
                    }
                }
            });
        }
    }

    fn begin_event(&mut self, kind: u64, track: Track) {
        self.event.clear();
        self.interned.clear();
        uint(&mut self.event, field::TYPE, kind);
        uint(&mut self.event, field::TRACK_UUID, uuid(track, true));
    }

    fn flows<'f>(&mut self, flows: impl Iterator<Item = &'f Flow>) {
        for flow in flows {
            let last = matches!(flow.role, Role::Target | Role::Awaited);
            fixed64(&mut self.event, if last { field::TERMINATING_FLOW } else { field::FLOW }, flow.id);
        }
    }

    /// Appends the packet of the event that was written.
    fn end_event(&mut self, out: &mut Vec<u8>, at_ns: u64) {
        packet(out, at_ns, NEEDS, |out| {
            if !self.interned.is_empty() {
                message(out, field::INTERNED_DATA, |out| out.extend_from_slice(&self.interned));
            }
            message(out, field::TRACK_EVENT, |out| out.extend_from_slice(&self.event));
        });
    }
}

impl Notation for Perfetto {
    fn begin(&mut self, out: &mut Vec<u8>, _setup: &Setup, at: Stamp) {
        packet(out, at.mono_ns, CLEARED, |out| {
            uint(out, field::FIRST_ON_SEQUENCE, 1);
            message(out, field::DEFAULTS, |out| uint(out, field::TIMESTAMP_CLOCK, MONOTONIC));
            message(out, field::CLOCK_SNAPSHOT, |out| {
                for (clock, now_ns) in [(MONOTONIC, at.mono_ns), (REALTIME, at.wall_ns)] {
                    message(out, field::CLOCKS, |out| {
                        uint(out, field::CLOCK_ID, clock);
                        uint(out, field::CLOCK_TIMESTAMP, now_ns);
                    });
                }
                uint(out, field::PRIMARY_CLOCK, MONOTONIC);
            });
        });
    }

    fn process(&mut self, out: &mut Vec<u8>, track: Track, at_ns: u64, name: Option<(&str, &Process)>) {
        packet(out, at_ns, NEEDS, |out| {
            message(out, field::TRACK_DESCRIPTOR, |out| {
                uint(out, field::UUID, uuid(track, false));
                message(out, field::PROCESS, |out| {
                    int(out, field::PROCESS_PID, track.pid.into());
                    let Some((name, process)) = name else { return };
                    for word in process.program.iter().flat_map(|program| &program.argv) {
                        string(out, field::PROCESS_CMDLINE, &String::from_utf8_lossy(word));
                    }
                    // The first name that a process is given stays, so that only its last one is told.
                    string(out, field::PROCESS_NAME, name);
                });
            });
        });
    }

    fn thread(&mut self, out: &mut Vec<u8>, track: Track, at_ns: u64, name: &str) {
        packet(out, at_ns, NEEDS, |out| {
            message(out, field::TRACK_DESCRIPTOR, |out| {
                uint(out, field::UUID, uuid(track, true));
                uint(out, field::PARENT_UUID, uuid(track, false));
                if track.tid < 0 {
                    return string(out, field::TRACK_NAME, name);
                }
                message(out, field::THREAD, |out| {
                    int(out, field::THREAD_PID, track.pid.into());
                    int(out, field::THREAD_TID, track.tid.into());
                    if !name.is_empty() {
                        string(out, field::THREAD_NAME, name);
                    }
                });
            });
        });
    }

    fn slice(&mut self, out: &mut Vec<u8>, slice: &Slice<'_>) {
        self.begin_event(SLICE_BEGIN, slice.track);
        self.name(slice.name);
        string(&mut self.event, field::CATEGORY, slice.category);
        if slice.failed {
            string(&mut self.event, field::CATEGORY, "failed");
        }
        self.facts(slice.facts);
        self.flows(slice.flows.iter().filter(|flow| flow.role != Role::Awaited));
        self.end_event(out, slice.from_ns);
        self.begin_event(SLICE_END, slice.track);
        self.flows(slice.flows.iter().filter(|flow| flow.role == Role::Awaited));
        self.end_event(out, slice.to_ns);
    }

    fn instant(&mut self, out: &mut Vec<u8>, instant: &Instant<'_>) {
        self.begin_event(INSTANT, instant.track);
        self.name(instant.name);
        string(&mut self.event, field::CATEGORY, instant.category);
        self.facts(instant.facts);
        self.end_event(out, instant.at_ns);
    }

    fn end(&mut self, _out: &mut Vec<u8>) {}
}

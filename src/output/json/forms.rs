//! The forms of single values as JSON: constants, devices, signals, wait status.

use std::fmt::Arguments;
use std::io::Write;

use syscall_tables::signal;

use super::write::{self, hex, raw, signed, unsigned};
use crate::decode::render::{Items, WaitStatus, Waited};

/// Ends a list of names: the word, and its bits without a name.
pub fn word_end(out: &mut Vec<u8>, value: u64, unknown: u64) {
    raw(out, "],\"value\":");
    unsigned(out, value);
    if unknown != 0 {
        raw(out, ",\"unknown\":");
        unsigned(out, unknown);
    }
    out.push(b'}');
}

/// Appends a constant: its name or null, and its value.
pub fn constant(out: &mut Vec<u8>, name: Option<&str>, value: i64) {
    name_of(out, name);
    signed(out, value);
    out.push(b'}');
}

/// Begins a constant: its name or null.
pub fn name_of(out: &mut Vec<u8>, name: Option<&str>) {
    raw(out, "{\"name\":");
    match name {
        Some(name) => write::string(out, name),
        None => raw(out, "null"),
    }
    raw(out, ",\"value\":");
}

/// Appends a signal as a constant.
pub fn signal_name(out: &mut Vec<u8>, signo: u32) {
    constant(out, signal::name(signo), i64::from(signo));
}

/// Appends an IP address.
pub fn ip(out: &mut Vec<u8>, address: Arguments<'_>) {
    raw(out, "{\"ip\":\"");
    // Writing to a Vec cannot fail; an address holds nothing to escape.
    out.write_fmt(address).ok();
    raw(out, "\"}");
}

/// Appends the address of a list that was counted.
pub fn counted(out: &mut Vec<u8>, addr: u64, count: usize, what: Items) {
    let name = if what == Items::Entries { "entries" } else { "variables" };
    raw(out, "{\"address\":");
    hex(out, addr);
    raw(out, ",\"");
    raw(out, name);
    raw(out, "\":");
    unsigned(out, count as u64);
    if what == Items::UnterminatedVariables {
        raw(out, ",\"truncated\":true");
    }
    out.push(b'}');
}

/// Appends a device number.
pub fn device(out: &mut Vec<u8>, major: u64, minor: u64) {
    raw(out, "{\"major\":");
    unsigned(out, major);
    raw(out, ",\"minor\":");
    unsigned(out, minor);
    out.push(b'}');
}

/// Appends an ioctl command without a name.
pub fn ioctl(out: &mut Vec<u8>, command: u32) {
    name_of(out, None);
    unsigned(out, u64::from(command));
    let parts = [
        (",\"dir\":", command >> 30),
        (",\"ioctl_type\":", command >> 8 & 0xff),
        (",\"nr\":", command & 0xff),
        (",\"size\":", command >> 16 & 0x3fff),
    ];
    for (name, part) in parts {
        raw(out, name);
        unsigned(out, u64::from(part));
    }
    out.push(b'}');
}

/// Appends a set of signals.
pub fn signals(out: &mut Vec<u8>, listed: u64, count: u32, negated: bool) {
    raw(out, "{\"signals\":[");
    let mut any = false;
    for signo in (1..=count).filter(|signo| listed >> (signo - 1) & 1 != 0) {
        if std::mem::replace(&mut any, true) {
            out.push(b',');
        }
        write::string(out, signal::name(signo).unwrap_or("?"));
    }
    raw(out, if negated { "],\"negated\":true}" } else { "],\"negated\":false}" });
}

/// Appends a status of wait(2).
pub fn wait_status(out: &mut Vec<u8>, status: WaitStatus) {
    match status.what {
        Waited::Exited(status) => {
            raw(out, "{\"wait\":\"exited\",\"status\":");
            unsigned(out, u64::from(status));
        }
        Waited::Continued => raw(out, "{\"wait\":\"continued\""),
        Waited::Stopped { signo, syscall } => {
            raw(out, "{\"wait\":\"stopped\",\"signal\":");
            signal_name(out, signo);
            raw(out, if syscall { ",\"syscall\":true" } else { "" });
        }
        Waited::Killed { signo, core } => {
            raw(out, "{\"wait\":\"killed\",\"signal\":");
            signal_name(out, signo);
            raw(out, if core { ",\"core\":true" } else { ",\"core\":false" });
        }
        Waited::Unknown(word) => {
            raw(out, "{\"wait\":\"unknown\",\"status\":");
            unsigned(out, u64::from(word));
        }
    }
    for (name, value) in [(",\"event\":", status.event), (",\"rest\":", status.rest)] {
        if value != 0 {
            raw(out, name);
            unsigned(out, u64::from(value));
        }
    }
    out.push(b'}');
}

/// Appends a mode.
pub fn mode(out: &mut Vec<u8>, kind: Option<&str>, mode: u64) {
    raw(out, "{\"octal\":");
    write::octal(out, mode);
    raw(out, ",\"value\":");
    unsigned(out, mode);
    if let Some(kind) = kind {
        raw(out, ",\"file_type\":");
        write::string(out, kind);
    }
    out.push(b'}');
}

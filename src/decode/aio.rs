//! Requests of the kernel's own asynchronous I/O: `struct iocb`. Source: io_submit(2), linux/aio_abi.h.

use syscall_tables::model::Dir;
use syscall_tables::set::Base;
use syscall_tables::sets::io;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render};
use crate::memory::Memory;

/// Size of `struct iocb`.
const IOCB: usize = 64;
const READ: u64 = 0;
const WRITE: u64 = 1;
const POLL: u64 = 5;
const READ_VECTOR: u64 = 7;
const WRITE_VECTOR: u64 = 8;
/// IOCB_FLAG_RESFD: the descriptor of an event file follows.
const HAS_EVENT: u64 = 1;
/// IOCB_FLAG_IOPRIO: the priority is one of ioprio_set(2).
const HAS_PRIORITY: u64 = 2;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// The requests behind an array of pointers.
    pub(super) fn iocbs(&mut self, addr: u64, count: u64) {
        let word = usize::from(self.abi.data_model().word_bytes);
        let negative = if word == 4 { (count as i32) < 0 } else { (count as i64) < 0 };
        if negative || addr == 0 {
            return self.render.address(addr);
        }
        self.elements(addr, count, word, |decoder, bytes, _| decoder.iocb(load(bytes), true));
    }

    /// One request; `whole` with what it reads or writes.
    pub(super) fn iocb(&mut self, addr: u64, whole: bool) {
        let mut buf = [0u8; IOCB];
        if addr == 0 || self.read(addr, &mut buf) < IOCB {
            return self.render.address(addr);
        }
        let int = |at: usize| load(&buf[at..at + 4]);
        let long = |at: usize| load(&buf[at..at + 8]);
        let (key, rw_flags, opcode, priority) = (int(8), int(12), load(&buf[16..18]), load(&buf[18..20]));
        let flags = int(56);
        self.render.open(Group::Struct);
        self.render.field("aio_data");
        self.render.number(long(0), false, Base::Hex, 8);
        if key != 0 {
            self.render.field("aio_key");
            self.render.number(key, false, Base::Dec, 4);
        }
        if rw_flags != 0 {
            self.render.field("aio_rw_flags");
            self.render.set(&io::RWF, rw_flags, self.abi);
        }
        self.render.field("aio_lio_opcode");
        self.render.set(&io::AIO_CMD, opcode, self.abi);
        if flags & HAS_PRIORITY != 0 {
            self.render.field("aio_reqprio");
            self.io_priority_of(priority, priority, Base::Hex, false);
        } else if priority != 0 {
            self.render.field("aio_reqprio");
            self.render.number(i64::from(priority as u16 as i16) as u64, true, Base::Dec, 2);
        }
        self.render.field("aio_fildes");
        self.render.fd(int(20) as i32);
        if whole {
            self.iocb_buffer(opcode, long(24), long(32), long(40));
            self.iocb_flags(opcode, flags, int(60));
        }
        self.render.close(Group::Struct);
    }

    fn iocb_buffer(&mut self, opcode: u64, buffer: u64, count: u64, offset: u64) {
        match opcode {
            READ | WRITE => {
                self.render.field("aio_buf");
                if opcode == WRITE {
                    self.bytes(buffer, count)
                } else {
                    self.render.number(buffer, false, Base::Hex, 8)
                }
                self.render.field("aio_nbytes");
                self.render.number(count, false, Base::Dec, 8);
            }
            READ_VECTOR | WRITE_VECTOR if (count as i64) < 0 => {
                self.render.field("aio_buf");
                self.render.address(buffer);
                self.render.field("aio_nbytes");
                self.render.number(count, false, Base::Dec, 8);
            }
            READ_VECTOR | WRITE_VECTOR => {
                self.render.field("aio_buf");
                let dir = if opcode == WRITE_VECTOR { Dir::In } else { Dir::Out };
                self.iovec(buffer, count, u64::MAX, dir);
            }
            POLL => {
                self.render.field("aio_buf");
                self.render.set(&io::POLL, buffer, self.abi);
            }
            _ => {}
        }
        if matches!(opcode, READ | WRITE | READ_VECTOR | WRITE_VECTOR) {
            self.render.field("aio_offset");
            self.render.number(offset, true, Base::Dec, 8);
        }
    }

    fn iocb_flags(&mut self, opcode: u64, flags: u64, event: u64) {
        if !matches!(opcode, READ | WRITE | READ_VECTOR | WRITE_VECTOR | POLL) {
            return;
        }
        if flags != 0 {
            self.render.field("aio_flags");
            self.render.set(&io::AIO_FLAGS, flags, self.abi);
        }
        if flags & HAS_EVENT != 0 {
            self.render.field("aio_resfd");
            self.render.fd(event as i32);
        } else if event != 0 {
            self.render.field("aio_resfd");
            self.render.number(event, false, Base::Hex, 4);
        }
    }
}

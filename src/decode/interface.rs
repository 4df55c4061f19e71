//! `struct ifreq` and `struct ifconf` of ioctl(2): netdevice(7).

use syscall_tables::ioctl::argument::Member;
use syscall_tables::ioctl::sockets;
use syscall_tables::model::Dir;
use syscall_tables::net::Net;
use syscall_tables::set::Base;
use syscall_tables::sets::sockaddr::ARPHRD;

use super::Decoder;
use super::interpret::load;
use super::render::{Group, Render};
use crate::memory::Memory;

/// Bytes of the name of an interface.
const NAME: usize = 16;
/// Bytes of `struct ifreq` with 64-bit pointers.
const LARGEST: usize = 40;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// Bytes of `struct ifreq` on this ABI.
    pub(super) fn request_bytes(&self) -> usize {
        if self.abi.data_model().word_bytes == 8 { LARGEST } else { 32 }
    }

    /// Bytes of `struct ifreq` at `addr`: what the caller put there, or what a call that succeeded left.
    fn request(&mut self, addr: u64, dir: Dir, buf: &mut [u8; LARGEST]) -> bool {
        let size = self.request_bytes();
        let asked = dir != Dir::In && !self.succeeded();
        let got =
            if asked { self.before.read(addr, &mut buf[..size]) } else { self.read(addr, &mut buf[..size]) };
        addr != 0 && got == size
    }

    pub(super) fn interface_request(&mut self, addr: u64, dir: Dir, name: &'static str, member: Member) {
        let mut buf = [0u8; LARGEST];
        if !self.request(addr, dir, &mut buf) {
            return self.render.address(addr);
        }
        let size = self.request_bytes();
        self.render.open(Group::Struct);
        self.net_member("ifr_name", Net::Name(NAME as u8), &buf[..NAME], addr);
        if dir == Dir::In || self.succeeded() {
            self.render.field(name);
            self.interface_member(member, &buf[NAME..size], addr.wrapping_add(NAME as u64));
        }
        self.render.close(Group::Struct);
    }

    fn interface_member(&mut self, member: Member, bytes: &[u8], addr: u64) {
        let int = load(&bytes[..4]) as u32 as i32;
        match member {
            Member::Address => self.sockaddr_bytes(&bytes[..16], addr),
            Member::Flags => self.render.set(sockets::IFF, load(&bytes[..2]), self.abi),
            Member::Int => self.render.number(i64::from(int) as u64, true, Base::Dec, 4),
            Member::Name => self.net_value(Net::Name(NAME as u8), &bytes[..NAME], addr),
            Member::Hardware => {
                let kind = load(&bytes[..2]);
                let length = sockets::hardware_bytes(kind);
                self.render.open(Group::Struct);
                self.render.field("sa_family");
                self.render.set(&ARPHRD, kind, self.abi);
                self.render.field("sa_data");
                if self.render.begin_octets(&bytes[2..16]) {
                    self.mac(&bytes[2..2 + length]);
                    self.render.end_whole();
                }
                self.render.close(Group::Struct);
            }
            Member::Map => {
                let word = usize::from(self.abi.data_model().word_bytes);
                let parts = [
                    ("mem_start", 0, word),
                    ("mem_end", word, word),
                    ("base_addr", 2 * word, 2),
                    ("irq", 2 * word + 2, 1),
                    ("dma", 2 * word + 3, 1),
                    ("port", 2 * word + 4, 1),
                ];
                self.render.open(Group::Struct);
                for (name, at, size) in parts {
                    self.render.field(name);
                    self.render.number(load(&bytes[at..at + size]), false, Base::Hex, size as u8);
                }
                self.render.close(Group::Struct);
            }
        }
    }

    /// SIOCGIFNAME: asked by index.
    pub(super) fn interface_name(&mut self, addr: u64) {
        let mut buf = [0u8; LARGEST];
        if !self.request(addr, Dir::Out, &mut buf) {
            return self.render.address(addr);
        }
        self.render.open(Group::Struct);
        self.render.field("ifr_ifindex");
        self.interface_member(Member::Int, &buf[NAME..], addr);
        if self.succeeded() {
            self.net_member("ifr_name", Net::Name(NAME as u8), &buf[..NAME], addr);
        }
        self.render.close(Group::Struct);
    }

    /// `struct ifconf`: all interfaces with their addresses.
    pub(super) fn interface_list(&mut self, addr: u64) {
        let word = usize::from(self.abi.data_model().word_bytes);
        let mut buf = [0u8; 16];
        let mut old = [0u8; 16];
        let size = 2 * word;
        let asked = self.before.read(addr, &mut old[..size]) == size;
        let done = self.succeeded() && self.read(addr, &mut buf[..size]) == size;
        if addr == 0 || !asked && !done {
            return self.render.address(addr);
        }
        let int = |bytes: &[u8; 16]| i64::from(load(&bytes[..4]) as u32 as i32) as u64;
        let buffer = |bytes: &[u8; 16]| load(&bytes[word..size]);
        self.render.open(Group::Struct);
        self.render.field("ifc_len");
        self.render.number(int(&old), true, Base::Dec, 4);
        if done && int(&old) != int(&buf) {
            self.render.becomes();
            self.render.number(int(&buf), true, Base::Dec, 4);
        }
        self.render.field("ifc_buf");
        if !done || buffer(&buf) == 0 {
            self.render.address(buffer(if done { &buf } else { &old }));
            return self.render.close(Group::Struct);
        }
        let each = self.request_bytes();
        let Ok(length) = u64::try_from(int(&buf) as i64) else {
            self.render.address(buffer(&buf));
            return self.render.close(Group::Struct);
        };
        let count = length / each as u64;
        self.elements(buffer(&buf), count, each, |decoder, bytes, at| {
            decoder.render.open(Group::Struct);
            decoder.net_member("ifr_name", Net::Name(NAME as u8), &bytes[..NAME], at);
            decoder.render.field("ifr_addr");
            decoder.interface_member(Member::Address, &bytes[NAME..], at.wrapping_add(NAME as u64));
            decoder.render.close(Group::Struct);
        });
        self.render.close(Group::Struct);
    }
}

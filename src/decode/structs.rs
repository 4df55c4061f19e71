//! Structs in memory: which of their members are shown, and where each lies. Source: the layouts of syscall-tables.

use syscall_tables::layout;
use syscall_tables::model::{Custom, Shape, Sibling};
use syscall_tables::structs::Struct;

use super::Decoder;
use super::interpret::Frame;
use super::piece::nothing;
use super::render::{Group, Render};
use crate::memory::Memory;

impl<I: Memory, O: Memory, R: Render> Decoder<'_, I, O, R> {
    /// A struct of which `bytes` are known.
    pub(super) fn strukt(&mut self, strukt: &'static Struct, bytes: &[u8], addr: u64) {
        self.render.open(Group::Struct);
        self.members(strukt, bytes, addr);
        self.render.close(Group::Struct);
    }

    /// The members of a struct without its brackets, as far as `bytes` holds them.
    pub(super) fn members(&mut self, strukt: &'static Struct, bytes: &[u8], addr: u64) {
        let brief = self.options.abbreviate && !strukt.brief.is_empty();
        let listed = if brief { strukt.brief } else { strukt.show };
        self.listed(strukt, listed, bytes, addr);
        if brief {
            self.render.item();
            self.render.more();
        }
    }

    /// The same, none left out.
    pub(super) fn every_member(&mut self, strukt: &'static Struct, bytes: &[u8], addr: u64) {
        self.listed(strukt, strukt.show, bytes, addr);
    }

    fn listed(&mut self, strukt: &'static Struct, listed: &[Sibling], bytes: &[u8], addr: u64) {
        let model = self.abi.data_model();
        let frame = Frame { strukt, bytes };
        let mut offsets = layout::Offsets::new(strukt, model);
        let count = if listed.is_empty() { strukt.members.len() } else { listed.len() };
        for position in 0..count {
            let index = listed.get(position).map_or(position, |s| usize::from(s.index));
            let member = &strukt.members[index];
            let kind = self.resolve(&member.kind, Some(frame));
            let hidden = member.name.starts_with('_') && listed.is_empty();
            let there = self.holds(member.kind.when, Some(frame)) && self.holds(kind.when, Some(frame));
            if hidden || matches!(kind.shape, Shape::Absent) || !there {
                continue;
            }
            let at = offsets.of(index);
            let size = layout::kind(kind, model).size;
            // Of an array at the end, as much is shown as there is.
            let field = match bytes.get(at..at + size) {
                Some(field) => field,
                None if at < bytes.len() && matches!(kind.shape, Shape::Inline(..)) => &bytes[at..],
                None => continue,
            };
            let addr = addr.wrapping_add(at as u64);
            if nothing(kind, field) {
                continue;
            }
            if let Shape::Custom(Custom::Net(net)) = kind.shape {
                self.net_member(member.name, net, field, addr);
                continue;
            }
            if let Shape::Custom(Custom::Device(device)) = kind.shape {
                self.device_member(member.name, device, field, addr, frame);
                continue;
            }
            self.render.field(member.name);
            self.place(&member.kind, field, addr, Some(frame));
        }
    }
}

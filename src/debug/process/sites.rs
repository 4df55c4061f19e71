//! Breakpoint instructions in the code of a process, and the bytes that they replaced.

use std::collections::BTreeMap;

use super::Process;
use crate::debug::error::Result;
use crate::sys::{ptrace, vm};

/// The instruction `int3`.
pub const INT3: u8 = 0xcc;

#[derive(Debug, Clone, Copy)]
struct Site {
    /// The byte that belongs there.
    byte: u8,
    /// How many want it.
    users: u32,
    inserted: bool,
}

/// All breakpoint instructions, by address.
#[derive(Debug, Default)]
pub struct Sites(BTreeMap<u64, Site>);

impl Sites {
    /// Whether a breakpoint instruction is at an address.
    pub fn is_inserted(&self, address: u64) -> bool {
        self.0.get(&address).is_some_and(|site| site.inserted)
    }

    /// Puts the bytes that belong there over those of breakpoints.
    pub fn put_over(&self, address: u64, bytes: &mut [u8]) {
        for (at, site) in self.0.range(address..address.saturating_add(bytes.len() as u64)) {
            bytes[(at - address) as usize] = site.byte;
        }
    }

    /// Bytes that are about to be written: those under breakpoints are kept, the breakpoints put in their place.
    pub fn put_under(&mut self, address: u64, bytes: &mut [u8]) {
        for (at, site) in self.0.range_mut(address..address.saturating_add(bytes.len() as u64)) {
            let byte = &mut bytes[(at - address) as usize];
            site.byte = *byte;
            if site.inserted {
                *byte = INT3;
            }
        }
    }

    /// Addresses that somebody wants.
    pub fn addresses(&self) -> Vec<u64> {
        self.0.keys().copied().collect()
    }
}

impl Process {
    /// Puts a breakpoint at an address, or counts one more who wants it. A thread must be stopped.
    ///
    /// # Errors
    /// Where the memory cannot be changed.
    pub fn add_site(&mut self, address: u64) -> Result<()> {
        if let Some(site) = self.sites.0.get_mut(&address) {
            site.users += 1;
            return Ok(());
        }
        let mut byte = [0];
        if vm::read(self.pid, address, &mut byte) == 0 {
            return Err(crate::debug::error::Error::Memory(address));
        }
        self.poke(address, &[INT3])?;
        self.sites.0.insert(address, Site { byte: byte[0], users: 1, inserted: true });
        Ok(())
    }

    /// One less wants a breakpoint at an address.
    pub fn remove_site(&mut self, address: u64) {
        let Some(site) = self.sites.0.get_mut(&address) else { return };
        site.users -= 1;
        if site.users > 0 {
            return;
        }
        let site = *site;
        if site.inserted {
            self.poke(address, &[site.byte]).ok();
        }
        self.sites.0.remove(&address);
        self.slots.forget(address);
    }

    /// Takes a breakpoint out of the code, or puts it back.
    ///
    /// # Errors
    /// Where the memory cannot be changed.
    pub fn lift_site(&mut self, address: u64, lifted: bool) -> Result<()> {
        let Some(site) = self.sites.0.get_mut(&address) else { return Ok(()) };
        if site.inserted != lifted {
            return Ok(());
        }
        site.inserted = !lifted;
        let byte = if lifted { site.byte } else { INT3 };
        self.poke(address, &[byte])
    }

    /// Takes all breakpoints out of the code, or puts them back.
    pub fn lift_all(&mut self, lifted: bool) {
        for address in self.sites.addresses() {
            self.lift_site(address, lifted).ok();
        }
    }

    /// Takes all breakpoints out of the code for good.
    pub fn remove_sites(&mut self) {
        self.lift_all(true);
        self.sites.0.clear();
    }

    /// The process runs another program: nothing of before is in its memory.
    pub fn forget_sites(&mut self) {
        self.sites.0.clear();
        self.slots.clear();
    }

    /// Takes all breakpoints out of the copy of the memory that a stopped child has.
    pub fn clean_child(&self, child: i32) {
        for (address, site) in &self.sites.0 {
            let start = address & !7;
            let mut word = [0u8; 8];
            if !site.inserted || vm::read(child, start, &mut word) < 8 {
                continue;
            }
            word[(address - start) as usize] = site.byte;
            // Others in the same word.
            self.sites.put_over(start, &mut word);
            ptrace::poke(child, start, u64::from_le_bytes(word)).ok();
        }
    }
}

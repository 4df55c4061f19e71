//! Which processes have a socket open, as far as the events tell it: by whom it was made, to whom it was inherited.
//!
//! Only sockets whose making was seen are held: of others somebody unseen may have a descriptor. What is not known
//! makes a socket live longer, never shorter.

use std::collections::{BTreeMap, HashMap};

/// Most descriptors that are remembered; then all are forgotten.
const MOST: usize = 1 << 16;

#[derive(Debug, Clone, Copy)]
struct Held {
    inode: u64,
    /// An execve closes it.
    short: bool,
}

/// The descriptors of all processes, which go by their serial numbers.
#[derive(Debug, Default)]
pub(super) struct Holders {
    tables: HashMap<u64, BTreeMap<i32, Held>>,
    /// Number of descriptors of a socket.
    counts: HashMap<u64, usize>,
    total: usize,
}

impl Holders {
    /// A process made a socket, which an execve closes when `short`.
    pub fn made(&mut self, process: u64, fd: i32, inode: u64, short: bool) {
        if self.total >= MOST {
            *self = Self::default();
        }
        self.put(process, fd, Held { inode, short });
    }

    /// A process has another descriptor of a socket.
    pub fn copied(&mut self, process: u64, fd: i32, inode: u64, short: bool) {
        if self.counts.contains_key(&inode) {
            self.made(process, fd, inode, short);
        }
    }

    /// Whether an execve closes a descriptor.
    pub fn mark(&mut self, process: u64, fd: i32, short: bool) {
        if let Some(held) = self.tables.get_mut(&process).and_then(|table| table.get_mut(&fd)) {
            held.short = short;
        }
    }

    /// Somebody unseen may have a descriptor of a socket from now on.
    pub fn lost(&mut self, inode: u64) {
        if let Some(count) = self.counts.remove(&inode) {
            self.total = self.total.saturating_sub(count);
            for table in self.tables.values_mut() {
                table.retain(|_, held| held.inode != inode);
            }
        }
    }

    fn put(&mut self, process: u64, fd: i32, held: Held) {
        *self.counts.entry(held.inode).or_default() += 1;
        self.total += 1;
        let old = self.tables.entry(process).or_default().insert(fd, held);
        if let Some(old) = old {
            self.drop_one(old.inode);
        }
    }

    /// One descriptor less; the socket, where that was the last.
    fn drop_one(&mut self, inode: u64) -> Option<u64> {
        self.total = self.total.saturating_sub(1);
        let count = self.counts.get_mut(&inode)?;
        *count -= 1;
        if *count > 0 {
            return None;
        }
        self.counts.remove(&inode);
        Some(inode)
    }

    /// A process closes a descriptor; the socket, where that was the last.
    pub fn close(&mut self, process: u64, fd: i32) -> Option<u64> {
        let held = self.tables.get_mut(&process)?.remove(&fd)?;
        self.drop_one(held.inode)
    }

    /// A process has a child.
    pub fn forked(&mut self, parent: u64, child: u64) {
        let table = self.tables.get(&parent).cloned().unwrap_or_default();
        for (fd, held) in table {
            self.put(child, fd, held);
        }
    }

    /// A process runs another program; the sockets that this closes for good.
    pub fn executed(&mut self, process: u64) -> Vec<u64> {
        let Some(table) = self.tables.get_mut(&process) else { return Vec::new() };
        let short: Vec<Held> = table.values().filter(|held| held.short).copied().collect();
        table.retain(|_, held| !held.short);
        short.into_iter().filter_map(|held| self.drop_one(held.inode)).collect()
    }

    /// A process ended; the sockets that this closes for good.
    pub fn ended(&mut self, process: u64) -> Vec<u64> {
        let table = self.tables.remove(&process).unwrap_or_default();
        table.into_values().filter_map(|held| self.drop_one(held.inode)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_descriptor_is_found() {
        let mut all = Holders::default();
        all.made(1, 3, 77, true);
        all.copied(1, 4, 77, false);
        all.copied(1, 5, 99, false);
        assert_eq!(all.close(1, 5), None, "it was not made here");
        all.forked(1, 2);
        assert_eq!((all.close(1, 3), all.close(1, 4)), (None, None));
        assert!(all.executed(2).is_empty(), "one of two goes");
        assert_eq!(all.ended(2), [77]);
        all.made(3, 3, 5, false);
        all.mark(3, 3, true);
        assert_eq!(all.executed(3), [5]);
        all.made(3, 3, 6, false);
        all.lost(6);
        assert!(all.ended(3).is_empty());
        all.made(4, 3, 7, false);
        all.made(4, 3, 8, false);
        assert_eq!((all.close(4, 3), all.total), (Some(8), 0), "a descriptor is used again");
    }
}

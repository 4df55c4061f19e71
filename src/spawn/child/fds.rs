//! Descriptors of the child, in two passes so that no order of numbers overwrites a source.

use std::os::fd::RawFd;

use super::{Child, Done, sys};

impl Child<'_> {
    /// Pass 1: the channel, the descriptor to execute and every source that is also a target go above.
    pub(super) fn move_descriptors(&mut self, map: &[(RawFd, Option<RawFd>)], above: RawFd) -> Done {
        let raise = |fd: i32| sys!(0; libc::SYS_fcntl, fd, libc::F_DUPFD_CLOEXEC, above).map(|fd| fd as i32);
        if (0..above).contains(&self.channel) {
            let low = self.channel;
            self.channel = raise(low)?;
            // A source that the parent has not open may have this number: it must not become the channel.
            sys!(0; libc::SYS_close, low)?;
        }
        if (0..above).contains(&self.exec_fd) {
            self.exec_fd = raise(self.exec_fd)?;
        }
        for (slot, (to, from)) in self.moved.iter_mut().zip(map) {
            *slot = from.unwrap_or(-1);
            let in_the_way = map.iter().any(|(other, _)| *other == *slot);
            if *slot >= 0 && slot != to && in_the_way {
                *slot = raise(*slot)?;
            }
        }
        Ok(())
    }

    /// Pass 2: every descriptor gets its number, without close-on-exec.
    pub(super) fn place_descriptors(&mut self, map: &[(RawFd, Option<RawFd>)]) -> Done {
        for (&from, &(to, _)) in self.moved.iter().zip(map) {
            if from < 0 {
                // A number that is not open is closed already.
                sys!(0; libc::SYS_close, to).ok();
            } else if from == to {
                sys!(0; libc::SYS_fcntl, to, libc::F_SETFD, 0)?;
            } else {
                sys!(0; libc::SYS_dup3, from, to, 0)?;
            }
        }
        Ok(())
    }

    /// Executes a descriptor; one that an interpreter opens again has to stay open.
    pub(super) fn exec_fd(&mut self, fd: RawFd, keep: bool) -> Done {
        let fd = if self.exec_fd >= 0 { self.exec_fd } else { fd };
        let flags = if keep { 0 } else { libc::FD_CLOEXEC };
        sys!(0; libc::SYS_fcntl, fd, libc::F_SETFD, flags)?;
        self.exec(fd, c"", libc::AT_EMPTY_PATH)
    }
}

/// Marks a range close-on-exec: what runs until then, the channel for one, stays open.
pub(super) fn close_range(from: u32, to: u32) -> Done {
    const CLOSE_RANGE_CLOEXEC: u32 = 4;
    sys!(0; libc::SYS_close_range, from, to, CLOSE_RANGE_CLOEXEC).map(drop)
}

//! The flags byte of a call in a frame: what is written of it because it is new.

/// Flags of a call that was entered.
pub(super) mod entry {
    pub const ARGS: u8 = 1;
    pub const IP: u8 = 2;
    pub const SP: u8 = 4;
    pub const LAYOUT: u8 = 8;
    pub const BYTES: u8 = 16;
    pub const FDS: u8 = 32;
    pub const PIDS: u8 = 64;
    pub const STACK: u8 = 128;
}

/// Flags of a call that returned.
pub(super) mod exit {
    pub const FAILED: u8 = 1;
    pub const VALUE: u8 = 2;
    pub const RING: u8 = 4;
    pub const LAYOUT: u8 = 8;
    pub const BYTES: u8 = 16;
    pub const FDS: u8 = 32;
    pub const PIDS: u8 = 64;
    pub const STACK: u8 = 128;
}

/// Flags of a signal.
pub(super) mod signals {
    pub const INFO: u8 = 1;
    pub const IP: u8 = 2;
}

//! Commands of ioctl(2) by number; `A or B` where several subsystems gave out one number.

pub mod argument;
pub mod btrfs;
pub mod clocks;
pub mod console;
pub mod family;
pub mod flash;
pub mod gpio;
pub mod input;
pub mod kernel;
pub mod kvm;
pub mod layouts;
pub mod names;
pub mod newer;
pub mod notify;
pub mod scsi;
pub mod sockets;
pub mod terminals;
pub mod trusted;
pub mod video;
pub mod video_names;
pub mod volumes;

use crate::abi::Abi;
use crate::set::Set;

crate::sets! {
    /// The types of events in EVIOCGBIT.
    EVENT_TYPE: Values, Hex, "EV_???" {
        EV_SYN = 0, EV_KEY = 1, EV_REL = 2, EV_ABS = 3, EV_MSC = 4, EV_SW = 5, EV_LED = 0x11, EV_SND = 0x12, EV_REP = 0x14,
        EV_FF = 0x15, EV_PWR = 0x16, EV_FF_STATUS = 0x17,
    }

    /// The axis in EVIOCGABS, EVIOCSABS.
    ABSOLUTE_AXIS: Values, Hex, "ABS_???" {
        ABS_X = 0, ABS_Y = 1, ABS_Z = 2, ABS_RX = 3, ABS_RY = 4, ABS_RZ = 5, ABS_THROTTLE = 6, ABS_RUDDER = 7, ABS_WHEEL = 8,
        ABS_GAS = 9, ABS_BRAKE = 0xa, ABS_HAT0X = 0x10, ABS_HAT0Y = 0x11, ABS_HAT1X = 0x12, ABS_HAT1Y = 0x13,
        ABS_HAT2X = 0x14, ABS_HAT2Y = 0x15, ABS_HAT3X = 0x16, ABS_HAT3Y = 0x17, ABS_PRESSURE = 0x18, ABS_DISTANCE = 0x19,
        ABS_TILT_X = 0x1a, ABS_TILT_Y = 0x1b, ABS_TOOL_WIDTH = 0x1c, ABS_VOLUME = 0x20, ABS_PROFILE = 0x21, ABS_SND_PROFILE = 0x22,
        ABS_MISC = 0x28, ABS_RESERVED = 0x2e, ABS_MT_SLOT = 0x2f, ABS_MT_TOUCH_MAJOR = 0x30, ABS_MT_TOUCH_MINOR = 0x31,
        ABS_MT_WIDTH_MAJOR = 0x32, ABS_MT_WIDTH_MINOR = 0x33, ABS_MT_ORIENTATION = 0x34, ABS_MT_POSITION_X = 0x35,
        ABS_MT_POSITION_Y = 0x36, ABS_MT_TOOL_TYPE = 0x37, ABS_MT_BLOB_ID = 0x38, ABS_MT_TRACKING_ID = 0x39,
        ABS_MT_PRESSURE = 0x3a, ABS_MT_DISTANCE = 0x3b, ABS_MT_TOOL_X = 0x3c, ABS_MT_TOOL_Y = 0x3d,
    }
}

/// What the name of a command carries in parentheses.
#[derive(Debug, Clone, Copy)]
pub enum Carried {
    /// The number of the command.
    Number,
    /// The size of the argument.
    Size,
    /// A value of a set, counted from this number.
    Value(&'static Set, u8),
    /// The same and the size.
    ValueAndSize(&'static Set, u8),
}

/// The parts of a command, see ioctl(2): direction, type, number, size.
pub const fn parts(command: u32) -> (u8, u8, u8, u16) {
    ((command >> 30) as u8, (command >> 8) as u8, command as u8, (command >> 16 & 0x3fff) as u16)
}

/// Commands whose name carries something: directions as bits, type, numbers, name, what it carries.
pub type Carrying = (u8, u8, (u8, u8), &'static str, Carried);

/// All commands whose names carry something.
pub static CARRYING: &[Carrying] = &[
    (0b0010, b'M', (0, 255), "MIXER_WRITE", Carried::Number),
    (0b0100, b'M', (0, 255), "MIXER_READ", Carried::Number),
    (0b0010, b'k', (0, 0), "SPI_IOC_MESSAGE", Carried::Size),
    (0b0100, b'H', (4, 4), "HIDIOCGRAWNAME", Carried::Size),
    (0b0100, b'H', (5, 5), "HIDIOCGRAWPHYS", Carried::Size),
    (0b1100, b'H', (6, 6), "HIDIOCSFEATURE", Carried::Size),
    (0b1000, b'H', (7, 7), "HIDIOCGFEATURE", Carried::Size),
    (0b0100, b'H', (8, 8), "HIDIOCGRAWUNIQ", Carried::Size),
    (0b0100, b'H', (0x12, 0x12), "HIDIOCGPHYS", Carried::Size),
    (0b0100, b'j', (0x13, 0x13), "JSIOCGNAME", Carried::Size),
    (0b0100, b'U', (0x2c, 0x2c), "UI_GET_SYSNAME", Carried::Size),
    (0b0100, b'E', (6, 6), "EVIOCGNAME", Carried::Size),
    (0b0100, b'E', (7, 7), "EVIOCGPHYS", Carried::Size),
    (0b0100, b'E', (8, 8), "EVIOCGUNIQ", Carried::Size),
    (0b0100, b'E', (9, 9), "EVIOCGPROP", Carried::Size),
    (0b0100, b'E', (0xa, 0xa), "EVIOCGMTSLOTS", Carried::Size),
    (0b0100, b'E', (0x18, 0x18), "EVIOCGKEY", Carried::Size),
    (0b0100, b'E', (0x19, 0x19), "EVIOCGLED", Carried::Size),
    (0b0100, b'E', (0x1a, 0x1a), "EVIOCGSND", Carried::Size),
    (0b0100, b'E', (0x1b, 0x1b), "EVIOCGSW", Carried::Size),
    (0b0100, b'E', (0x20, 0x3f), "EVIOCGBIT", Carried::ValueAndSize(&EVENT_TYPE, 0x20)),
    (0b0100, b'E', (0x40, 0x7f), "EVIOCGABS", Carried::Value(&ABSOLUTE_AXIS, 0x40)),
    (0b0010, b'E', (0xc0, 0xff), "EVIOCSABS", Carried::Value(&ABSOLUTE_AXIS, 0xc0)),
];

/// The name of a command that carries something, and what.
pub fn carrying(command: u32) -> Option<(&'static str, Carried)> {
    let (direction, kind, number, _) = parts(command);
    let row = CARRYING
        .iter()
        .find(|row| row.0 >> direction & 1 != 0 && row.1 == kind && (row.2.0..=row.2.1).contains(&number))?;
    Some((row.3, row.4))
}

/// Every table of names.
pub static TABLES: &[&[(u32, &str)]] = &[names::WIDE, names::NARROW, newer::WIDE, newer::NARROW];

/// The name of a command, or the names of all that share its number.
pub fn name(abi: Abi, command: u32) -> Option<&'static str> {
    let narrow = if abi == Abi::I386 { find(newer::NARROW, command) } else { None };
    let layouts = if abi == Abi::I386 { layouts::NARROW } else { layouts::WIDE };
    narrow
        .or_else(|| find(newer::WIDE, command))
        .or_else(|| older_name(abi, command))
        .or_else(|| find(layouts, command))
}

/// What strace 6.1 and the headers of its time call a command.
pub fn older_name(abi: Abi, command: u32) -> Option<&'static str> {
    let narrow = if abi == Abi::I386 { find(names::NARROW, command) } else { None };
    narrow.or_else(|| find(names::WIDE, command)).filter(|name| !name.is_empty())
}

fn find(table: &'static [(u32, &'static str)], command: u32) -> Option<&'static str> {
    table.binary_search_by_key(&command, |row| row.0).ok().map(|at| table[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_by_number_and_abi() {
        assert_eq!(name(Abi::X86_64, 0x5401), Some("TCGETS"));
        assert_eq!(name(Abi::X86_64, 0x8008_6601), Some("FS_IOC_GETFLAGS"));
        assert_eq!(name(Abi::I386, 0x8004_6601), Some("FS_IOC32_GETFLAGS"));
        assert_eq!(name(Abi::I386, 0xdead_beef), None);
        assert_eq!(name(Abi::X86_64, 0xff0b), None);
        assert_eq!(name(Abi::I386, 0xc058_ff0b), Some("PIDFD_GET_INFO"));
        let shared = "VFIO_DEVICE_BIND_IOMMUFD or VFIO_IOMMU_SPAPR_UNREGISTER_MEMORY";
        assert_eq!(name(Abi::X86_64, 0x3b76), Some(shared));
    }

    #[test]
    fn tables_are_sorted() {
        for table in TABLES {
            assert!(table.windows(2).all(|pair| pair[0].0 < pair[1].0));
            assert!(table.len() > 50);
        }
        for table in [layouts::WIDE, layouts::NARROW] {
            assert!(table.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }

    #[test]
    fn sizes_are_carried() {
        assert!(matches!(carrying(0x8004_4506), Some(("EVIOCGNAME", Carried::Size))));
        assert!(carrying(0x4004_4506).is_none());
    }
}

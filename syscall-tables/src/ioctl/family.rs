//! Commands of ioctl(2) by family: all tables of what they take and answer, and which row a command has.
//!
//! A family is the commands of one type, the second byte of their number. Source: the kernel's uapi headers of each,
//! the behaviour of strace 6.1.

use super::argument::{Argument, Code, Row};
use super::{
    btrfs, clocks, console, flash, gpio, input, kernel, kvm, name, notify, parts, scsi, sockets, terminals,
    trusted, video, volumes,
};
use crate::abi::Abi;
use crate::model::Dir;

/// The commands of one type, or some of them.
#[derive(Debug)]
pub struct Family {
    /// The type: the second byte of the number.
    pub kind: u8,
    /// The commands.
    pub rows: &'static [Row],
    /// Where they are known.
    pub known: Known,
}

/// On which ABIs a command is known by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Where it has a name.
    Named,
    /// The same, of those whose words have 64 bits.
    Wide,
    /// Everywhere.
    Anywhere,
}

const fn family(kind: u8, rows: &'static [Row]) -> Family {
    Family { kind, rows, known: Known::Named }
}

/// All families. No command has two rows.
pub static FAMILIES: &[Family] = &[
    family(0x03, scsi::DRIVES),
    Family { kind: 0x03, rows: scsi::DISKS, known: Known::Wide },
    family(0x12, volumes::BLOCKS),
    family(0x15, kernel::FILE_SYSTEMS),
    family(b'!', notify::SECCOMP),
    family(0x22, scsi::GENERIC),
    family(b'$', kvm::PERF),
    family(b'=', clocks::ROWS),
    family(b'>', clocks::COUNTERS),
    family(b'E', input::ROWS),
    family(b'I', kernel::NOTIFICATIONS),
    family(b'K', console::ROWS),
    family(b'L', volumes::LOOPS),
    family(b'M', flash::MTD),
    Family { kind: b'M', rows: flash::MTD_WIDE, known: Known::Wide },
    family(b'O', flash::UBI_VOLUME),
    family(b'R', notify::RANDOM),
    family(b'T', terminals::ROWS),
    family(b'V', video::ROWS),
    family(b'W', kernel::WATCHDOGS),
    family(b'X', volumes::EXTENDED),
    family(b'f', volumes::FILES),
    Family { kind: b'f', rows: volumes::FLAGS, known: Known::Anywhere },
    family(b'i', clocks::INFRARED),
    family(b'o', flash::UBI),
    family(b'p', notify::CLOCK),
    family(0x89, sockets::SOCKETS),
    family(0x89, sockets::INTERFACES),
    family(0x89, sockets::POINTERS),
    family(0x8a, kernel::POLLING),
    family(0x94, btrfs::ROWS),
    family(0x94, volumes::CLONES),
    family(0xa4, trusted::ROWS),
    family(0xaa, kernel::FAULTS),
    family(0xab, volumes::NETWORK_BLOCKS),
    family(0xae, kvm::ROWS),
    family(0xb4, gpio::ROWS),
    family(0xb7, kernel::NAMESPACES),
    family(0xfd, volumes::MAPPER),
];

/// The types of commands whose argument is a bare number where structs are not looked at.
pub static BARE: &[u8] = b"V=";

/// Commands whose result is a descriptor: KVM_CREATE_VM, KVM_CREATE_VCPU, NS_GET_USERNS, NS_GET_PARENT, NS_MNT_GET_NEXT,
/// NS_MNT_GET_PREV.
pub static DESCRIPTORS: &[u32] = &[0xae01, 0xae41, 0xb701, 0xb702, 0x8010_b70b, 0x8010_b70c];

/// What the argument of a command is, where that is known.
pub fn find(abi: Abi, command: u32) -> Option<Argument> {
    let (_, kind, ..) = parts(command);
    let narrow = abi.data_model().word_bytes == 4;
    let known = |family: &&Family| match family.known {
        Known::Named => name(abi, command).is_some(),
        Known::Wide => !narrow && name(abi, command).is_some(),
        Known::Anywhere => true,
    };
    let families = FAMILIES.iter().filter(|family| family.kind == kind).filter(known);
    let row = families.flat_map(|family| family.rows).find(|row| row.0.contains(&command));
    row.map(|row| row.1).or_else(|| input::sized(command))
}

/// What the argument of a command is that no table knows: as many bytes as its number says, which are read, written, or
/// both where it does not say.
pub fn unknown(command: u32) -> Option<Argument> {
    let (direction, .., size) = parts(command);
    let dir = match direction {
        1 => Dir::In,
        2 => Dir::Out,
        _ => Dir::InOut,
    };
    (size != 0).then_some(Argument::Coded(Code::Bytes(dir, size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_has_one_row_of_its_own_type() {
        let mut seen = std::collections::BTreeSet::new();
        for family in FAMILIES {
            for command in family.rows.iter().flat_map(|row| row.0) {
                assert_eq!((command >> 8) as u8, family.kind, "{command:#x}");
                assert!(seen.insert(command), "{command:#x}");
                assert!(
                    [Abi::X86_64, Abi::I386].iter().any(|abi| name(*abi, *command).is_some()),
                    "{command:#x}"
                );
            }
        }
        assert!(seen.len() > 600, "{}", seen.len());
    }
}

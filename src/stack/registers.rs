//! The registers of one frame by their DWARF numbers, for both machines that a tracee can be.
//!
//! Numbers: System V ABI for x86-64, figure 3.36; for i386, table 2.14.

use crate::sys::ptrace::UserRegs;

/// Which machine a frame belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Machine {
    /// 64-bit.
    X86_64,
    /// 32-bit.
    I386,
}

/// Most registers of any machine, the return address among them.
const MOST: usize = 17;

/// DWARF numbers of `user_regs_struct`'s words, 64-bit; `None` for words that unwinding does not use.
const USER_X86_64: [Option<u8>; 27] = {
    let mut map = [None; 27];
    // r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi
    let order = [15, 14, 13, 12, 6, 3, 11, 10, 9, 8, 0, 2, 1, 4, 5];
    let mut at = 0;
    while at < order.len() {
        map[at] = Some(order[at]);
        at += 1;
    }
    map[16] = Some(16);
    map[19] = Some(7);
    map
};

/// The same, 32-bit: ebx ecx edx esi edi ebp eax, then eip and esp.
const USER_I386: [Option<u8>; 17] = {
    let mut map = [None; 17];
    let order = [3, 1, 2, 6, 7, 5, 0];
    let mut at = 0;
    while at < order.len() {
        map[at] = Some(order[at]);
        at += 1;
    }
    map[12] = Some(8);
    map[15] = Some(4);
    map
};

impl Machine {
    /// Bytes of an address.
    pub const fn word_bytes(self) -> usize {
        match self {
            Self::X86_64 => 8,
            Self::I386 => 4,
        }
    }

    /// DWARF number of the instruction pointer, which is the return address's column.
    pub const fn ip(self) -> u16 {
        match self {
            Self::X86_64 => 16,
            Self::I386 => 8,
        }
    }

    /// DWARF number of the stack pointer.
    pub const fn sp(self) -> u16 {
        match self {
            Self::X86_64 => 7,
            Self::I386 => 4,
        }
    }

    /// DWARF number of the frame pointer.
    pub const fn fp(self) -> u16 {
        match self {
            Self::X86_64 => 6,
            Self::I386 => 5,
        }
    }

    /// Cuts a computed address to the machine's width.
    pub const fn wrap(self, address: u64) -> u64 {
        match self {
            Self::X86_64 => address,
            Self::I386 => address & 0xffff_ffff,
        }
    }
}

/// The registers of a frame; some may be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registers {
    machine: Machine,
    values: [u64; MOST],
    known: u32,
}

impl Registers {
    /// No register known.
    pub const fn unknown(machine: Machine) -> Self {
        Self { machine, values: [0; MOST], known: 0 }
    }

    /// The machine they belong to.
    pub const fn machine(&self) -> Machine {
        self.machine
    }

    /// The register with this DWARF number.
    pub fn get(&self, number: u16) -> Option<u64> {
        let value = self.values.get(usize::from(number))?;
        ((self.known >> number) & 1 == 1).then_some(*value)
    }

    /// Sets a register, or makes it unknown. Numbers that unwinding does not use are ignored.
    pub fn set(&mut self, number: u16, value: Option<u64>) {
        let Some(slot) = self.values.get_mut(usize::from(number)) else { return };
        match value {
            Some(value) => {
                *slot = self.machine.wrap(value);
                self.known |= 1 << number;
            }
            None => self.known &= !(1 << number),
        }
    }

    /// Instruction pointer; 0 when unknown.
    pub fn ip(&self) -> u64 {
        self.get(self.machine.ip()).unwrap_or(0)
    }

    /// Stack pointer; 0 when unknown.
    pub fn sp(&self) -> u64 {
        self.get(self.machine.sp()).unwrap_or(0)
    }
}

impl From<UserRegs> for Registers {
    fn from(regs: UserRegs) -> Self {
        match regs {
            UserRegs::X86_64(words) => collect(Machine::X86_64, &USER_X86_64, words.into_iter()),
            UserRegs::I386(words) => collect(Machine::I386, &USER_I386, words.into_iter().map(u64::from)),
        }
    }
}

fn collect(machine: Machine, map: &[Option<u8>], words: impl Iterator<Item = u64>) -> Registers {
    let mut registers = Registers::unknown(machine);
    for (number, word) in map.iter().zip(words) {
        if let Some(number) = number {
            registers.set(u16::from(*number), Some(word));
        }
    }
    registers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_land_at_their_numbers() {
        let registers = Registers::from(UserRegs::X86_64(std::array::from_fn(|at| at as u64 + 100)));
        assert_eq!((registers.ip(), registers.sp(), registers.get(6)), (116, 119, Some(104)));
        assert_eq!((registers.get(0), registers.get(5)), (Some(110), Some(114)));
        let registers = Registers::from(UserRegs::I386(std::array::from_fn(|at| at as u32 + 100)));
        assert_eq!((registers.ip(), registers.sp(), registers.get(5)), (112, 115, Some(105)));
        assert_eq!((registers.get(0), registers.get(3), registers.get(9)), (Some(106), Some(100), None));
    }

    #[test]
    fn numbers_out_of_range_are_ignored() {
        let mut registers = Registers::unknown(Machine::I386);
        registers.set(900, Some(1));
        assert_eq!(registers.get(900), None);
        registers.set(4, Some(0x1_0000_0004));
        assert_eq!(registers.sp(), 4);
        registers.set(4, None);
        assert_eq!(registers.get(4), None);
    }
}

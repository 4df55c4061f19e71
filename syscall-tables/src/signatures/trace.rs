//! ptrace(2): what each request takes.

use crate::cases;
use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Scope, Shape, Sibling};
use crate::sets::process as set;
use crate::structs::Struct;
use crate::structs::trace as s;

const REQUEST: Sibling = Sibling { scope: Scope::Arg, index: 0 };
const ADDRESS: Sibling = Sibling { scope: Scope::Arg, index: 2 };
const OFFSET: Kind = custom(Custom::UserOffset);
const OPTIONS: Kind = longbits(&set::PTRACE_OPTIONS);
const REGSET: Kind = bits(&set::NT_REGSET);

const fn place(of: &'static Struct) -> Kind {
    Kind::new(Shape::Struct(of))
}

/// The process; PTRACE_TRACEME has none.
pub const PROCESS: Kind = by(REQUEST, cases![(0, ABSENT)], &PID);
/// The third argument.
pub const ADDR_ARG: Kind = by(
    REQUEST,
    cases![
        (0, ABSENT),
        (3, OFFSET),
        (6, OFFSET),
        (8, ABSENT),
        (12, ABSENT),
        (13, ABSENT),
        (14, ABSENT),
        (15, ABSENT),
        (16, ABSENT),
        (0x4204, REGSET),
        (0x4205, REGSET),
        (0x4207, ABSENT),
        (0x4208, ABSENT),
        (0x4209, input(&const { place(&s::PEEKSIGINFO) })),
        (0x420a, ULONG),
        (0x420b, ULONG),
        (0x420c, ULONG),
        (0x420d, ULONG),
        (0x420e, ULONG),
        (0x4210, ULONG),
        (0x4211, ULONG),
        (0x4212, ULONG),
    ],
    &ADDR,
);
/// The fourth argument, but for the registers of i386.
pub const DATA: Kind = by(
    REQUEST,
    cases![
        (0, ABSENT),
        (1, output(&ADDR)),
        (2, output(&ADDR)),
        (3, output(&ADDR)),
        (7, SIGNO),
        (8, ABSENT),
        (9, SIGNO),
        (12, output(&const { place(&s::USER_REGS) })),
        (13, input(&const { place(&s::USER_REGS) })),
        (14, output(&const { place(&s::FP_REGS) })),
        (15, input(&const { place(&s::FP_REGS) })),
        (16, ABSENT),
        (17, SIGNO),
        (21, OPTIONS),
        (24, SIGNO),
        (31, SIGNO),
        (32, SIGNO),
        (33, SIGNO),
        (0x4200, OPTIONS),
        (0x4201, output(&ULONG)),
        (0x4202, custom(Custom::SigInfo(Dir::Out))),
        (0x4203, custom(Custom::SigInfo(Dir::In))),
        (0x4204, custom(Custom::RegisterSet(Dir::Out, ADDRESS))),
        (0x4205, custom(Custom::RegisterSet(Dir::In, ADDRESS))),
        (0x4206, OPTIONS),
        (0x4207, ABSENT),
        (0x4208, ABSENT),
        (0x4209, custom(Custom::SigInfos)),
        (0x420a, out_sigset(of(ADDRESS))),
        (0x420b, in_sigset(of(ADDRESS))),
        (0x420c, custom(Custom::BpfOut)),
        (0x420d, custom(Custom::FilterMetadata(ADDRESS))),
        (0x420e, custom(Custom::SyscallInfo(Dir::Out, ADDRESS))),
        (0x4210, input(&const { place(&s::DISPATCH_CONFIG) })),
        (0x4211, output(&const { place(&s::DISPATCH_CONFIG) })),
        (0x4212, custom(Custom::SyscallInfo(Dir::In, ADDRESS))),
    ],
    &ADDR,
);
/// The fourth argument on i386.
pub const DATA_I386: Kind = by(
    REQUEST,
    cases![
        (12, output(&const { place(&s::USER_REGS_I386) })),
        (13, input(&const { place(&s::USER_REGS_I386) })),
        (14, output(&const { place(&s::FP_REGS_I386) })),
        (15, input(&const { place(&s::FP_REGS_I386) })),
    ],
    &DATA,
);

//! prctl(2) and arch_prctl(2): what each option takes and returns. Every option stands once: the arguments that it has
//! follow from the list that it is in.

use crate::cases;
use crate::kinds::*;
use crate::model::{Custom, Dir, Kind, Scope, Sibling, Width};
use crate::set::Base;
use crate::sets::{process as set, security};

const OPTION: Sibling = Sibling { scope: Scope::Arg, index: 0 };
const SECOND: Sibling = Sibling { scope: Scope::Arg, index: 1 };
const THIRD: Sibling = Sibling { scope: Scope::Arg, index: 2 };
/// The option is an `int`.
const INT_MASK: u64 = 0xffff_ffff;

/// Options with no argument or one, by their second argument.
const SHORT: &[(u64, Kind)] = &[
    (1, custom(Custom::LongSignal)),
    (2, output(&SIGNO)),
    (3, ABSENT),
    (4, longbits(&set::PR_DUMPABLE)),
    (5, output(&const { bits(&set::PR_UNALIGN) })),
    (6, bits(&set::PR_UNALIGN)),
    (7, ABSENT),
    (8, ULONG),
    (9, output(&UINT)),
    (10, ULONG),
    (11, output(&UINT)),
    (12, ULONG),
    (13, ABSENT),
    (14, ULONG),
    (15, custom(Custom::Name(Dir::In, 15))),
    (16, custom(Custom::Name(Dir::Out, 16))),
    (19, output(&UINT)),
    (20, ULONG),
    (21, ABSENT),
    (23, longbits(&security::CAP)),
    (24, longbits(&security::CAP)),
    (25, output(&const { bits(&set::PR_TSC) })),
    (26, bits(&set::PR_TSC)),
    (27, ABSENT),
    (28, longbits(&security::SECUREBITS)),
    (29, I64),
    (30, ABSENT),
    (31, ABSENT),
    (32, ABSENT),
    (36, ULONG),
    (37, output(&UINT)),
    (40, output(&ADDR)),
    (45, bits(&set::PR_FP_MODE)),
    (46, ABSENT),
    (50, custom(Custom::VectorLength(&set::PR_SVE_VL))),
    (51, ABSENT),
    (52, longbits(&set::PR_SPEC)),
    (63, custom(Custom::VectorLength(&set::PR_SME_VL))),
    (64, ABSENT),
    (PTRACER, by(SECOND, cases![(INT_MASK, ANYONE), (u64::MAX, ANYONE)], &PID)),
];
/// PR_SET_PTRACER.
const PTRACER: u64 = 0x5961_6d61;
const ANYONE: Kind = longbits(&set::PR_SET_PTRACER_ARG);

/// The options of [`SHORT`], which print no third argument.
const SHORT_OPTIONS: &[u64] = &{
    let mut options = [0; SHORT.len()];
    let mut at = 0;
    while at < SHORT.len() {
        options[at] = SHORT[at].0;
        at += 1;
    }
    options
};

/// PR_SET_VMA.
const VMA: u64 = 0x5356_4d41;
/// The second argument of the options that have more.
const LONG_2: Kind = by(
    OPTION,
    cases![
        (22, longbits(&security::SECCOMP_MODE)),
        (33, longbits(&set::PR_MCE_KILL_OP)),
        (35, bits(&set::PR_SET_MM_OP)),
        (38, ULONG),
        (41, ULONG),
        (47, longbits(&set::PR_CAP_AMBIENT_OP)),
        (53, longbits(&set::PR_SPEC)),
        (54, longbits(&set::PR_PAC)),
        (55, custom(Custom::TaggedAddress)),
        (57, ULONG),
        (59, longbits(&set::PR_DISPATCH)),
        (60, longbits(&set::PR_PAC_ENABLED)),
        (62, bits(&set::PR_SCHED_CORE_OP)),
        (65, longbits(&set::PR_MDWE)),
        (67, ULONG),
        (77, longbits(&set::PR_TIMER_RESTORE)),
        (78, longbits(&set::PR_FUTEX_HASH_OP)),
        (79, longbits(&set::PR_RSEQ_SLICE_OP)),
        (VMA, longbits(&set::PR_SET_VMA_OP)),
    ],
    &HEXLONG,
);
const CONTROL: Kind = longbits(&set::PR_SPEC_CONTROL);
const AMBIENT: Kind = longbits(&security::CAP);
const LONG_3: Kind = by(
    OPTION,
    cases![
        (22, by(SECOND, cases![(1, ABSENT), (2, custom(Custom::Bpf))], &HEXLONG)),
        (33, by(SECOND, cases![(1, longbits(&set::PR_MCE_KILL_POLICY))], &HEXLONG)),
        (41, by(THIRD, cases![(2, longbits(&set::PR_THP_DISABLE))], &HEXLONG)),
        (47, by(SECOND, cases![(1, AMBIENT), (2, AMBIENT), (3, AMBIENT)], &HEXLONG)),
        (53, by(SECOND, cases![(0, CONTROL), (1, CONTROL), (2, CONTROL)], &HEXLONG)),
        (60, longbits(&set::PR_PAC_ENABLED)),
        (62, PID),
        (78, by(SECOND, cases![(1, ULONG)], &HEXLONG)),
        (79, by(SECOND, cases![(2, longbits(&set::PR_RSEQ_SLICE_EXT))], &HEXLONG)),
        (VMA, by(SECOND, cases![(0, ADDR)], &HEXLONG)),
    ],
    &HEXLONG,
);
/// What PR_SET_SECCOMP and PR_SET_SPECULATION_CTRL have no more of.
const SECCOMP_REST: Kind = by(SECOND, cases![(1, ABSENT), (2, ABSENT)], &HEXLONG);
const LONG_4: Kind = by(
    OPTION,
    cases![
        (22, SECCOMP_REST),
        (53, ABSENT),
        (62, custom(Custom::Commented(&set::PR_SCHED_CORE_SCOPE, Width::W32))),
        (VMA, by(SECOND, cases![(0, ULONG)], &HEXLONG)),
    ],
    &HEXLONG,
);
const LONG_5: Kind = by(
    OPTION,
    cases![
        (22, SECCOMP_REST),
        (53, ABSENT),
        (59, ADDR),
        (62, by_masked(SECOND, INT_MASK, cases![(0, output(&HEX64))], &ADDR)),
        (VMA, by(SECOND, cases![(0, STR)], &HEXLONG)),
    ],
    &HEXLONG,
);

/// The second argument of prctl.
pub const PRCTL_2: Kind = by(OPTION, SHORT, &LONG_2);
/// The third argument of prctl.
pub const PRCTL_3: Kind = LONG_3.when_not_in(OPTION, INT_MASK, SHORT_OPTIONS);
/// The fourth argument of prctl.
pub const PRCTL_4: Kind = LONG_4.when_not_in(OPTION, INT_MASK, SHORT_OPTIONS);
/// The fifth argument of prctl.
pub const PRCTL_5: Kind = LONG_5.when_not_in(OPTION, INT_MASK, SHORT_OPTIONS);

const fn noted(base: Base, kind: &'static Kind) -> Kind {
    custom(Custom::Noted(base, kind))
}

const STATUS: Kind = longbits(&set::PR_SPEC_STATUS);
const SPEC: Kind = noted(Base::Hex, &STATUS);

/// What prctl returns.
pub const PRCTL_RETURN: Kind = by(
    OPTION,
    cases![
        (3, noted(Base::Dec, &const { longbits(&set::PR_DUMPABLE) })),
        (27, noted(Base::Hex, &const { longbits(&security::SECUREBITS) })),
        (34, noted(Base::Dec, &const { longbits(&set::PR_MCE_KILL_POLICY) })),
        (46, noted(Base::Hex, &const { longbits(&set::PR_FP_MODE) })),
        (50, noted(Base::Hex, &const { custom(Custom::VectorLength(&set::PR_SVE_VL)) })),
        (51, noted(Base::Hex, &const { custom(Custom::VectorLength(&set::PR_SVE_VL)) })),
        (52, by(SECOND, cases![(0, SPEC), (1, SPEC), (2, SPEC)], &LONG)),
        (56, noted(Base::Hex, &const { custom(Custom::TaggedAddress) })),
        (61, noted(Base::Hex, &const { longbits(&set::PR_PAC_ENABLED) })),
        (63, noted(Base::Hex, &const { custom(Custom::VectorLength(&set::PR_SME_VL)) })),
        (64, noted(Base::Hex, &const { custom(Custom::VectorLength(&set::PR_SME_VL)) })),
        (66, noted(Base::Hex, &const { longbits(&set::PR_MDWE) })),
    ],
    &LONG,
);

const FEATURE: Kind = custom(Custom::Commented(&set::XFEATURE, Width::Long));
const FEATURES: Kind = output(&const { custom(Custom::Commented(&set::XFEATURE_MASK, Width::W64)) });
/// What arch_prctl returns.
pub const ARCH_RETURN: Kind = by(OPTION, cases![(0x1023, HEXLONG), (0x1025, HEXLONG)], &INT);
/// The second argument of arch_prctl.
pub const ARCH_ARG: Kind = by(
    OPTION,
    cases![
        (0x1003, output(&ADDR)),
        (0x1004, output(&ADDR)),
        (0x1011, ABSENT),
        (0x1021, FEATURES),
        (0x1022, FEATURES),
        (0x1023, FEATURE),
        (0x1024, FEATURES),
        (0x1025, FEATURE),
    ],
    &HEXLONG,
);

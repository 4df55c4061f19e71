//! Keys: add_key(2), request_key(2), keyctl(2) with the arguments of each operation.

use crate::cases;
use crate::kinds::*;
use crate::model::{Custom, Kind, Len, Scope, Shape, Sibling};
use crate::sets::security as set;
use crate::structs::Struct;
use crate::structs::security as s;

const KEY: Kind = bits(&set::KEY_SPEC);
const OPERATION: Sibling = arg(0);
/// Members `in_len` and `out_len` of `struct keyctl_pkey_params` behind the second argument.
const IN_LEN: Len = Len::Field(arg(1), 4, 40);
const OUT_LEN: Len = Len::Field(arg(1), 8, 40);

const fn arg(index: u8) -> Sibling {
    Sibling { scope: Scope::Arg, index }
}
const fn place(of: &'static Struct) -> Kind {
    Kind::new(Shape::Struct(of))
}

const ARG_2: Kind = by(
    OPERATION,
    cases![
        (0, KEY),
        (1, STR),
        (2, KEY),
        (3, KEY),
        (4, KEY),
        (5, KEY),
        (6, KEY),
        (7, KEY),
        (8, KEY),
        (9, KEY),
        (10, KEY),
        (11, KEY),
        (12, KEY),
        (13, KEY),
        (14, bits(&set::KEY_REQKEY)),
        (15, KEY),
        (16, KEY),
        (17, KEY),
        (18, ABSENT),
        (19, KEY),
        (20, KEY),
        (21, KEY),
        (22, ID),
        (23, input(&const { place(&s::DH_PARAMS) })),
        (24, KEY),
        (25, input(&const { place(&s::PKEY_PARAMS) })),
        (26, input(&const { place(&s::PKEY_PARAMS) })),
        (27, input(&const { place(&s::PKEY_PARAMS) })),
        (28, input(&const { place(&s::PKEY_VERIFY) })),
        (29, KEY),
        (30, KEY),
        (31, custom(Custom::KeyCapabilities)),
    ],
    &HEXLONG,
);
/// Operations with one argument or none.
const ONE: &[u64] = &[1, 3, 7, 14, 16, 18, 21];
const ARG_3: Kind = by(
    OPERATION,
    cases![
        (0, INT),
        (2, in_bytes(of(arg(3)))),
        (4, ID),
        (5, bits(&set::KEY_PERM)),
        (6, custom(Custom::KeyText(arg(3), true))),
        (8, KEY),
        (9, KEY),
        (10, STR),
        (11, custom(Custom::KeyText(arg(3), false))),
        (12, in_bytes(of(arg(3)))),
        (13, UINT),
        (15, UINT),
        (17, custom(Custom::KeyText(arg(3), true))),
        (19, UINT),
        (20, in_iovec(arg(3))),
        (22, KEY),
        (23, custom(Custom::KeyText(arg(3), false))),
        (24, HEXLONG),
        (25, STR),
        (26, STR),
        (27, STR),
        (28, STR),
        (29, STR),
        (30, KEY),
        (31, ULONG),
    ],
    &HEXLONG,
)
.when_not_in(OPERATION, u64::MAX, ONE);
/// Operations with two arguments or less.
const TWO: &[u64] = &[0, 1, 3, 5, 7, 8, 9, 14, 15, 16, 18, 21, 22, 31];
const ARG_4: Kind = by(
    OPERATION,
    cases![
        (2, ULONG),
        (4, ID),
        (6, ULONG),
        (10, STR),
        (11, ULONG),
        (12, ULONG),
        (13, KEY),
        (17, ULONG),
        (19, custom(Custom::Errno)),
        (20, ULONG),
        (23, ULONG),
        (24, STR),
        (25, in_bytes(IN_LEN)),
        (26, in_bytes(IN_LEN)),
        (27, in_bytes(IN_LEN)),
        (28, in_bytes(IN_LEN)),
        (29, STR),
        (30, KEY),
    ],
    &HEXLONG,
)
.when_not_in(OPERATION, u64::MAX, TWO);
/// Operations with three arguments or less.
const THREE: &[u64] = &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14, 15, 16, 17, 18, 21, 22, 29, 31];
const ARG_5: Kind = by(
    OPERATION,
    cases![
        (10, KEY),
        (12, KEY),
        (19, KEY),
        (20, KEY),
        (23, input(&const { place(&s::KDF_PARAMS) })),
        (24, output(&const { place(&s::PKEY_QUERY) })),
        (25, out_bytes(OUT_LEN)),
        (26, out_bytes(OUT_LEN)),
        (27, out_bytes(OUT_LEN)),
        (28, in_bytes(OUT_LEN)),
        (30, bits(&set::KEYCTL_MOVE_FLAGS)),
    ],
    &HEXLONG,
)
.when_not_in(OPERATION, u64::MAX, THREE);

crate::signatures! {
    /// The family's rows.
    TABLE:
    add_key(r#type: STR, description: STR, payload: in_bytes(of(plen)), plen: SIZE, ringid: KEY) -> INT;
    request_key(r#type: STR, description: STR, callout_info: STR, dest_keyring: KEY) -> INT;
    keyctl(operation: bits(&set::KEYCTL), arg2: ARG_2, arg3: ARG_3, arg4: ARG_4, arg5: ARG_5) -> INT;
}

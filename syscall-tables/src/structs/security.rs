//! Structs of security: landlock_add_rule(2), seccomp(2), keyctl(2).

use crate::kinds::*;
use crate::model::{Kind, Shape};
use crate::sets::security as sets;

const SERIAL: Kind = bits(&sets::KEY_SPEC);
const HEX_7: Kind = Kind::new(Shape::Inline(&HEX, 7));
const HEX_8: Kind = Kind::new(Shape::Inline(&HEX, 8));

crate::structs! {
    /// `struct landlock_path_beneath_attr`.
    PATH_BENEATH "landlock_path_beneath_attr" packed { allowed_access: bits64(&sets::LANDLOCK_ACCESS_FS), parent_fd: FD };
    /// `struct landlock_net_port_attr`.
    NET_PORT "landlock_net_port_attr" { allowed_access: bits64(&sets::LANDLOCK_ACCESS_NET), port: U64 };
    /// `struct seccomp_notif_sizes`.
    NOTIF_SIZES "seccomp_notif_sizes" { seccomp_notif: U16, seccomp_notif_resp: U16, seccomp_data: U16 };
    /// `struct keyctl_dh_params`.
    DH_PARAMS "keyctl_dh_params" { r#private: SERIAL, prime: SERIAL, base: SERIAL };
    /// `struct keyctl_kdf_params`.
    KDF_PARAMS "keyctl_kdf_params" { hashname: STR, otherinfo: by(otherinfolen, &[(0, ADDR)], &const { in_bytes(of(otherinfolen)) }), otherinfolen: UINT, __spare: HEX_8.when(__spare, u64::MAX) }
        show [hashname, otherinfo, otherinfolen, __spare];
    /// `struct keyctl_pkey_params`.
    PKEY_PARAMS "keyctl_pkey_params" { key_id: SERIAL, in_len: UINT, out_len: UINT, __spare: HEX_7.when(__spare, u64::MAX) }
        show [key_id, in_len, out_len, __spare];
    /// `struct keyctl_pkey_params` of KEYCTL_PKEY_VERIFY.
    PKEY_VERIFY "keyctl_pkey_params" { key_id: SERIAL, in_len: UINT, in2_len: UINT, __spare: HEX_7.when(__spare, u64::MAX) }
        show [key_id, in_len, in2_len, __spare];
    /// `struct keyctl_pkey_query`.
    PKEY_QUERY "keyctl_pkey_query" {
        supported_ops: bits(&sets::KEYCTL_SUPPORTS), key_size: UINT, max_data_size: U16, max_sig_size: U16, max_enc_size: U16,
        max_dec_size: U16, __spare: Kind::new(Shape::Inline(&HEX, 10)),
    } show [supported_ops, key_size, max_data_size, max_sig_size, max_enc_size, max_dec_size, __spare];
}

//! Structs of the rest: capget(2), seccomp(2), landlock(7), keyctl(2), kexec_load(2).

use crate::kinds::*;
use crate::model::{Custom, Kind};
use crate::sets::security as sets;

const KEY: Kind = custom(Custom::KeySerial);

crate::structs! {
    /// `struct __user_cap_header_struct`.
    CAP_HEADER "__user_cap_header_struct" { version: value(&sets::CAP_VERSION), pid: PID };
    /// `struct seccomp_notif_sizes`.
    SECCOMP_NOTIF_SIZES "seccomp_notif_sizes" { seccomp_notif: U16, seccomp_notif_resp: U16, seccomp_data: U16 };
    /// `struct landlock_ruleset_attr` of its first release.
    LANDLOCK_RULESET1 "landlock_ruleset_attr" { handled_access_fs: bits64(&sets::LANDLOCK_ACCESS_FS) };
    /// `struct landlock_ruleset_attr`; strace 6.1 knows the first member.
    LANDLOCK_RULESET "landlock_ruleset_attr" {
        handled_access_fs: bits64(&sets::LANDLOCK_ACCESS_FS), handled_access_net: bits64(&sets::LANDLOCK_ACCESS_NET),
    } brief [handled_access_fs];
    /// `struct landlock_path_beneath_attr`.
    LANDLOCK_PATH_BENEATH "landlock_path_beneath_attr" packed {
        allowed_access: bits64(&sets::LANDLOCK_ACCESS_FS), parent_fd: FD,
    };
    /// `struct landlock_net_port_attr`.
    LANDLOCK_NET_PORT "landlock_net_port_attr" { allowed_access: bits64(&sets::LANDLOCK_ACCESS_NET), port: U64 };
    /// `struct keyctl_dh_params`.
    KEY_DH "keyctl_dh_params" { private: KEY, prime: KEY, base: KEY };
    /// `struct keyctl_pkey_query`.
    KEY_QUERY "keyctl_pkey_query" {
        supported_ops: HEX, key_size: UINT, max_data_size: U16, max_sig_size: U16, max_enc_size: U16, max_dec_size: U16,
    };
    /// `struct keyctl_pkey_params`.
    KEY_PARAMS "keyctl_pkey_params" { key_id: KEY, in_len: UINT, out_len: UINT };
    /// `struct keyctl_pkey_params` of KEYCTL_PKEY_VERIFY.
    KEY_VERIFY "keyctl_pkey_params" { key_id: KEY, in_len: UINT, in2_len: UINT };
    /// `struct kexec_segment`.
    KEXEC_SEGMENT "kexec_segment" { buf: ADDR, bufsz: SIZE, mem: ADDR, memsz: SIZE };
}

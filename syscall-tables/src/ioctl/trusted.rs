//! What ioctl takes and gives for trusted execution environments. Source: include/uapi/linux/tee.h.

use super::argument::{Argument, Code, Row, Trusted, place};
use crate::cases;
use crate::device::Device;
use crate::kinds::*;
use crate::model::Custom;

crate::sets! {
    /// Tee_ioctl_version_data.impl_id.
    TEE_IMPL: Values, Hex, "TEE_IMPL_ID_???" {
        TEE_IMPL_ID_OPTEE = 1, TEE_IMPL_ID_AMDTEE = 2,
        TEE_IMPL_ID_TSTEE = 3, TEE_IMPL_ID_QTEE = 4,
    }

    /// Tee_ioctl_version_data.gen_caps.
    TEE_GEN: Bits, Hex, "TEE_GEN_CAP_???" {
        TEE_GEN_CAP_GP = 1, TEE_GEN_CAP_PRIVILEGED = 2, TEE_GEN_CAP_REG_MEM = 4, TEE_GEN_CAP_MEMREF_NULL = 8,
    }

    /// Tee_ioctl_version_data.impl_caps of OP-TEE.
    TEE_OPTEE: Bits, Hex, "TEE_OPTEE_CAP_???" {
        TEE_OPTEE_CAP_TZ = 1,
    }

    /// Tee_ioctl_shm_alloc_data.flags.
    TEE_SHM: Bits, Hex, "TEE_IOCTL_SHM_???" {
        TEE_IOCTL_SHM_MAPPED = 1, TEE_IOCTL_SHM_DMA_BUF = 2, TEE_IOCTL_SHM_EXT_DMA_BUF = 4,
        TEE_IOCTL_SHM_REGISTER = 8, TEE_IOCTL_SHM_USER_MAPPED = 0x10, TEE_IOCTL_SHM_POOL = 0x20,
        TEE_IOCTL_SHM_KERNEL_MAPPED = 0x40,
    }

    /// Tee_ioctl_open_session_arg.clnt_login.
    TEE_LOGIN: Values, Hex, "TEE_IOCTL_LOGIN_???" {
        TEE_IOCTL_LOGIN_PUBLIC = 0, TEE_IOCTL_LOGIN_USER = 1, TEE_IOCTL_LOGIN_GROUP = 2,
        TEE_IOCTL_LOGIN_APPLICATION = 4, TEE_IOCTL_LOGIN_USER_APPLICATION = 5,
        TEE_IOCTL_LOGIN_GROUP_APPLICATION = 6, TEE_IOCTL_LOGIN_REE_KERNEL_MIN = 0x80000000,
        TEE_IOCTL_LOGIN_REE_KERNEL_MAX = 0xbfffffff, TEE_IOCTL_LOGIN_REE_KERNEL = 0x80000000,
    }

    /// Tee_ioctl_param.attr under TEE_IOCTL_PARAM_ATTR_MASK.
    TEE_PARAM: Values, Hex, "TEE_IOCTL_PARAM_ATTR_" {
        TEE_IOCTL_PARAM_ATTR_TYPE_NONE = 0, TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT = 1,
        TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT = 2, TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT = 3,
        TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT = 5, TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT = 6,
        TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT = 7,
    }

    /// Tee_ioctl_open_session_arg.ret_origin.
    TEE_ORIGIN: Values, Hex, "TEEC_ORIGIN_???" {
        TEEC_ORIGIN_API = 1, TEEC_ORIGIN_COMMS = 2, TEEC_ORIGIN_TEE = 3, TEEC_ORIGIN_TRUSTED_APP = 4,
    }
}

crate::structs! {
    /// `struct tee_ioctl_version_data`.
    VERSION "tee_ioctl_version_data" {
        impl_id: bits(&TEE_IMPL), impl_caps: by(impl_id, cases![(1, bits(&TEE_OPTEE))], &HEX), gen_caps: bits(&TEE_GEN),
    } show [impl_id, gen_caps, impl_caps];
    /// `struct tee_ioctl_shm_alloc_data` as it is asked.
    ALLOC "tee_ioctl_shm_alloc_data" { size: HEX64, flags: bits(&TEE_SHM), id: INT } show [size, flags];
    /// `struct tee_ioctl_shm_alloc_data`.
    ALLOC_DONE "tee_ioctl_shm_alloc_data" { size: HEX64, flags: bits(&TEE_SHM), id: INT };
    /// `struct tee_ioctl_shm_register_data` as it is asked.
    REGISTER "tee_ioctl_shm_register_data" {
        addr: custom(Custom::Address64), length: HEX64, flags: bits(&TEE_SHM), id: INT,
    } show [addr, length, flags];
    /// `struct tee_ioctl_shm_register_data` as it is answered.
    REGISTER_DONE "tee_ioctl_shm_register_data" {
        addr: custom(Custom::Address64), length: HEX64, flags: bits(&TEE_SHM), id: INT,
    } show [length, flags, id];
    /// `struct tee_ioctl_cancel_arg`.
    CANCEL "tee_ioctl_cancel_arg" { cancel_id: UINT, session: HEX };
    /// `struct tee_ioctl_close_session_arg`.
    CLOSE "tee_ioctl_close_session_arg" { session: HEX };
    /// `struct tee_ioctl_param` with values.
    VALUES "tee_ioctl_param" { attr: device(Device::TrustedAttribute), a: HEX64, b: HEX64, c: HEX64 };
    /// `struct tee_ioctl_param` with memory.
    MEMORY "tee_ioctl_param" { attr: device(Device::TrustedAttribute), shm_offs: HEX64, size: HEX64, shm_id: I64 };
    /// `struct tee_ioctl_param` with nothing.
    NOTHING "tee_ioctl_param" { attr: device(Device::TrustedAttribute), a: HEX64, b: HEX64, c: HEX64 } show [attr];
}

/// Commands, and what their arguments point to.
pub static ROWS: &[Row] = &[
    (&[0x800c_a400], Argument::told(&const { place(&VERSION) })),
    (&[0xc010_a401], Argument::Becomes(&const { place(&ALLOC) }, &const { place(&ALLOC_DONE) })),
    (&[0x8010_a402], Argument::Coded(Code::Trusted(Trusted::Open))),
    (&[0x8010_a403], Argument::Coded(Code::Trusted(Trusted::Invoke))),
    (&[0x8008_a404], Argument::given(&const { place(&CANCEL) })),
    (&[0x8004_a405], Argument::given(&const { place(&CLOSE) })),
    (&[0x8010_a406], Argument::Coded(Code::Trusted(Trusted::Receive))),
    (&[0x8010_a407], Argument::Coded(Code::Trusted(Trusted::Send))),
    (&[0xc018_a409], Argument::Becomes(&const { place(&REGISTER) }, &const { place(&REGISTER_DONE) })),
];

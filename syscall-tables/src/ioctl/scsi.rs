//! What commands of disks and of generic SCSI devices take.
//!
//! Source: include/uapi/linux/hdreg.h, include/linux/ata.h, include/scsi/sg.h and include/uapi/linux/bsg.h, and the
//! behaviour of strace 6.1.

use super::argument::{Argument, Code, Row, place, some};
use crate::kinds::*;

crate::sets! {
    /// HDIO_SET_BUSSTATE.
    BUS_STATE: Values, Hex, "BUSSTATE_???" { BUSSTATE_OFF = 0, BUSSTATE_ON = 1, BUSSTATE_TRISTATE = 2 }

    /// HDIO_SET_NICE.
    IDE_NICE: Bits, Hex, "IDE_NICE_???" {
        "1 << IDE_NICE_DSC_OVERLAP" = 1, "1 << IDE_NICE_ATAPI_OVERLAP" = 2, "1 << IDE_NICE_1" = 8, "1 << IDE_NICE_0" = 4,
        "1 << IDE_NICE_2" = 0x10,
    }

    /// Commands of ATA.
    ATA_COMMAND: Values, Hex, "ATA_CMD_???" {
        ATA_CMD_NOP = 0x0, ATA_CMD_CFA_REQ_EXT_ERR = 0x3, ATA_CMD_DSM = 0x6, ATA_CMD_DEV_RESET = 0x8,
        ATA_CMD_REQ_SENSE_DATA = 0xb, ATA_CMD_RESTORE = 0x10, ATA_CMD_PIO_READ = 0x20, ATA_CMD_READ_LONG = 0x22,
        ATA_CMD_READ_LONG_ONCE = 0x23, ATA_CMD_PIO_READ_EXT = 0x24, ATA_CMD_READ_EXT = 0x25, ATA_CMD_READ_QUEUED =
        0x26, ATA_CMD_READ_NATIVE_MAX_EXT = 0x27, ATA_CMD_READ_MULTI_EXT = 0x29, ATA_CMD_READ_STREAM_DMA_EXT =
        0x2a, ATA_CMD_READ_STREAM_EXT = 0x2b, ATA_CMD_READ_LOG_EXT = 0x2f, ATA_CMD_PIO_WRITE = 0x30,
        ATA_CMD_WRITE_LONG = 0x32, ATA_CMD_WRITE_LONG_ONCE = 0x33, ATA_CMD_PIO_WRITE_EXT = 0x34, ATA_CMD_WRITE_EXT
        = 0x35, ATA_CMD_WRITE_QUEUED = 0x36, ATA_CMD_SET_MAX_EXT = 0x37, ATA_CMD_CFA_WRITE_NE = 0x38,
        ATA_CMD_WRITE_MULTI_EXT = 0x39, ATA_CMD_WRITE_STREAM_DMA_EXT = 0x3a, ATA_CMD_WRITE_STREAM_EXT = 0x3b,
        ATA_CMD_WRITE_FUA_EXT = 0x3d, ATA_CMD_WRITE_QUEUED_FUA_EXT = 0x3e, ATA_CMD_WRITE_LOG_EXT = 0x3f,
        ATA_CMD_VERIFY = 0x40, ATA_CMD_VERIFY_EXT = 0x42, ATA_CMD_WRITE_UNCORR_EXT = 0x45, ATA_CMD_READ_LOG_DMA_EXT
        = 0x47, ATA_CMD_ZAC_MGMT_IN = 0x4a, ATA_CMD_CONFIG_STREAM = 0x51, ATA_CMD_WRITE_LOG_DMA_EXT = 0x57,
        ATA_CMD_TRUSTED_NONDATA = 0x5b, ATA_CMD_TRUSTED_RCV = 0x5c, ATA_CMD_TRUSTED_RCV_DMA = 0x5d,
        ATA_CMD_TRUSTED_SND = 0x5e, ATA_CMD_TRUSTED_SND_DMA = 0x5f, ATA_CMD_FPDMA_READ = 0x60, ATA_CMD_FPDMA_WRITE
        = 0x61, ATA_CMD_NCQ_NON_DATA = 0x63, ATA_CMD_FPDMA_SEND = 0x64, ATA_CMD_FPDMA_RECV = 0x65,
        ATA_CMD_CFA_TRANS_SECT = 0x87, ATA_CMD_EDD = 0x90, ATA_CMD_INIT_DEV_PARAMS = 0x91, ATA_CMD_DOWNLOAD_MICRO =
        0x92, ATA_CMD_DOWNLOAD_MICRO_DMA = 0x93, ATA_CMD_ZAC_MGMT_OUT = 0x9f, ATA_CMD_PACKET = 0xa0,
        ATA_CMD_ID_ATAPI = 0xa1, ATA_CMD_SERVICE = 0xa2, ATA_CMD_SMART = 0xb0, ATA_CMD_CONF_OVERLAY = 0xb1,
        ATA_CMD_SANITIZE_DEVICE = 0xb4, ATA_CMD_CFA_ERASE = 0xc0, ATA_CMD_READ_MULTI = 0xc4, ATA_CMD_WRITE_MULTI =
        0xc5, ATA_CMD_SET_MULTI = 0xc6, ATA_CMD_READ = 0xc8, ATA_CMD_WRITE = 0xca, ATA_CMD_CFA_WRITE_MULT_NE =
        0xcd, ATA_CMD_WRITE_MULTI_FUA_EXT = 0xce, ATA_CMD_CHK_MED_CRD_TYP = 0xd1, ATA_CMD_MEDIA_LOCK = 0xde,
        ATA_CMD_MEDIA_UNLOCK = 0xdf, ATA_CMD_STANDBYNOW1 = 0xe0, ATA_CMD_IDLEIMMEDIATE = 0xe1, ATA_CMD_STANDBY =
        0xe2, ATA_CMD_IDLE = 0xe3, ATA_CMD_PMP_READ = 0xe4, ATA_CMD_CHK_POWER = 0xe5, ATA_CMD_SLEEP = 0xe6,
        ATA_CMD_FLUSH = 0xe7, ATA_CMD_PMP_WRITE = 0xe8, ATA_CMD_PMP_READ_DMA = 0xe9, ATA_CMD_FLUSH_EXT = 0xea,
        ATA_CMD_PMP_WRITE_DMA = 0xeb, ATA_CMD_ID_ATA = 0xec, ATA_CMD_SET_FEATURES = 0xef, ATA_CMD_SEC_SET_PASS =
        0xf1, ATA_CMD_SEC_UNLOCK = 0xf2, ATA_CMD_SEC_ERASE_PREP = 0xf3, ATA_CMD_SEC_ERASE_UNIT = 0xf4,
        ATA_CMD_SEC_FREEZE_LOCK = 0xf5, ATA_CMD_SEC_DISABLE_PASS = 0xf6, ATA_CMD_READ_NATIVE_MAX = 0xf8,
        ATA_CMD_SET_MAX = 0xf9,
    }

    /// What SG_SCSI_RESET resets.
    RESET: Values, Hex, "SG_SCSI_RESET_???" {
        SG_SCSI_RESET_NOTHING = 0, SG_SCSI_RESET_DEVICE = 1, SG_SCSI_RESET_BUS = 2, SG_SCSI_RESET_HOST = 3,
        SG_SCSI_RESET_TARGET = 4,
    }

    /// How SG_SCSI_RESET resets.
    RESET_FLAG: Bits, Hex, "SG_SCSI_RESET_???" { SG_SCSI_RESET_NO_ESCALATE = 0x100 }

    /// Sg_io_hdr.dxfer_direction.
    TRANSFER: Values, Hex, "SG_DXFER_???" {
        SG_DXFER_TO_FROM_DEV = 0xffff_fffc, SG_DXFER_FROM_DEV = 0xffff_fffd,
        SG_DXFER_TO_DEV = 0xffff_fffe, SG_DXFER_NONE = 0xffff_ffff,
    }

    /// Sg_io_hdr.flags.
    REQUEST_FLAGS: Bits, Hex, "SG_FLAG_???" {
        SG_FLAG_DIRECT_IO = 1, SG_FLAG_UNUSED_LUN_INHIBIT = 2, SG_FLAG_MMAP_IO = 4, SG_FLAG_NO_DXFER = 0x10000,
        SG_FLAG_Q_AT_TAIL = 0x10, SG_FLAG_Q_AT_HEAD = 0x20,
    }

    /// Sg_io_hdr.info, and sg_io_v4.info.
    REQUEST_INFO: Bits, Hex, "SG_INFO_???" { SG_INFO_CHECK = 1, SG_INFO_DIRECT_IO = 2, SG_INFO_MIXED_IO = 4 }

    /// Sg_io_v4.protocol.
    PROTOCOL: Values, Hex, "BSG_PROTOCOL_???" { BSG_PROTOCOL_SCSI = 0 }

    /// Sg_io_v4.subprotocol.
    SUBPROTOCOL: Values, Hex, "BSG_SUB_PROTOCOL_???" {
        BSG_SUB_PROTOCOL_SCSI_CMD = 0, BSG_SUB_PROTOCOL_SCSI_TMF = 1, BSG_SUB_PROTOCOL_SCSI_TRANSPORT = 2,
    }

    /// Sg_io_v4.flags.
    BLOCK_FLAGS: Bits, Hex, "BSG_FLAG_???" { BSG_FLAG_Q_AT_TAIL = 0x10, BSG_FLAG_Q_AT_HEAD = 0x20 }
}

crate::structs! {
    /// `struct hd_geometry`.
    GEOMETRY "hd_geometry" { heads: U8, sectors: U8, cylinders: U16, start: ULONG };
    /// `struct sg_scsi_id`.
    SCSI_ID "sg_scsi_id" {
        host_no: INT, channel: INT, scsi_id: HEX, lun: INT, scsi_type: HEX, h_cmd_per_lun: I16, d_queue_depth: I16,
        _unused: some(&INT, 2),
    } show [host_no, channel, scsi_id, lun, scsi_type, h_cmd_per_lun, d_queue_depth];
    /// The bytes of HDIO_DRIVE_CMD as they are asked.
    DRIVE_ASKED "hdio_drive_cmd" {
        command: bits8(&ATA_COMMAND), sector_number: U8, feature: U8, sector_count: U8,
    };
    /// The same as they are answered.
    DRIVE_DONE "hdio_drive_cmd" { status: HEX8, error: U8, nsector: U8 };
    /// `struct sg_req_info`.
    REQUEST "sg_req_info" {
        req_state: I8, orphan: I8, sg_io_owned: I8, problem: I8, pack_id: INT, usr_ptr: ADDR, duration: UINT,
        _unused: UINT,
    };
}

/// A command of disks that is known on every ABI.
pub static DRIVES: &[Row] = &[
    (&[0x31f], Argument::Coded(Code::DriveCommand)),
    (&[0x301], Argument::told(&const { place(&GEOMETRY) })),
];

/// Commands of disks.
pub static DISKS: &[Row] = &[
    (&[0x307], Argument::Value(&const { out_bytes(fixed(142)) })),
    (&[0x30d], Argument::Value(&const { out_bytes(fixed(512)) })),
    (&[0x31c], Argument::Value(&const { in_array(&HEX, fixed(3)) })),
    (&[0x328], Argument::Value(&const { in_array(&HEX, fixed(3)) })),
    (&[0x321, 0x322, 0x323, 0x324, 0x325, 0x326, 0x327, 0x32a, 0x32b, 0x32c, 0x32f], Argument::Value(&ULONG)),
    (&[0x32d], Argument::Value(&const { longbits(&BUS_STATE) })),
    (&[0x329], Argument::Value(&const { longbits(&IDE_NICE) })),
    (&[0x302, 0x304, 0x308, 0x309, 0x30a, 0x30b, 0x30e, 0x30f, 0x310], Argument::told(&ULONG)),
    (&[0x30c], Argument::told(&const { longbits(&IDE_NICE) })),
    (&[0x31a], Argument::told(&const { longbits(&BUS_STATE) })),
];

/// Commands of generic SCSI devices.
pub static GENERIC: &[Row] = &[
    (&[0x2284], Argument::Coded(Code::ScsiReset)),
    (&[0x2285], Argument::Coded(Code::ScsiRequest)),
    (&[0x2286], Argument::told(&const { place(&REQUEST) })),
    (&[0x2202], Argument::Nothing),
    (&[0x2204], Argument::Value(&HEX)),
    (&[0x2201, 0x2271, 0x2275, 0x2279, 0x227b, 0x227e, 0x2283, 0x2287], Argument::given(&INT)),
    (
        &[0x2203, 0x2205, 0x2270, 0x2272, 0x227a, 0x227c, 0x227d, 0x227f, 0x2282, 0x2288, 0x2289],
        Argument::told(&INT),
    ),
    (&[0x2276], Argument::told(&const { place(&SCSI_ID) })),
];

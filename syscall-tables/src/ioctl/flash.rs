//! What commands of flash memory take: memory technology devices, and unsorted block images on them.
//!
//! Source: include/uapi/mtd/mtd-abi.h and ubi-user.h, and the behaviour of strace 6.1.

use super::argument::{Argument, Code, Row, Silence, place, some};
use crate::kinds::*;
use crate::model::{Custom, Kind, Shape};
use crate::piece::Piece;

crate::sets! {
    /// MTDFILEMODE.
    MTD_MODE: Values, Hex, "MTD_FILE_MODE_???" {
        MTD_FILE_MODE_NORMAL = 0, MTD_FILE_MODE_OTP_FACTORY = 1, MTD_FILE_MODE_OTP_USER = 2, MTD_FILE_MODE_RAW = 3,
    }

    /// OTPSELECT.
    MTD_OTP: Values, Hex, "MTD_OTP_???" { MTD_OTP_OFF = 0, MTD_OTP_FACTORY = 1, MTD_OTP_USER = 2 }

    /// Mtd_info_user.type.
    MTD_TYPE: Values, Hex, "MTD_???" {
        MTD_ABSENT = 0, MTD_RAM = 1, MTD_ROM = 2, MTD_NORFLASH = 3, MTD_NANDFLASH = 4, MTD_DATAFLASH = 6,
        MTD_UBIVOLUME = 7, MTD_MLCNANDFLASH = 8,
    }

    /// Mtd_info_user.flags.
    MTD_FLAGS: Bits, Hex, "MTD_???" {
        MTD_WRITEABLE = 0x400, MTD_BIT_WRITEABLE = 0x800, MTD_NO_ERASE = 0x1000, MTD_POWERUP_LOCK = 0x2000,
        MTD_SLC_ON_MLC_EMULATION = 0x4000,
    }

    /// Nand_oobinfo.useecc.
    USE_ECC: Values, Hex, "MTD_NANDECC_???" {
        MTD_NANDECC_OFF = 0, MTD_NANDECC_PLACE = 1, MTD_NANDECC_AUTOPLACE = 2, MTD_NANDECC_PLACEONLY = 3,
        MTD_NANDECC_AUTOPL_USR = 4,
    }

    /// Mtd_write_req.mode.
    MTD_OPS: Values, Hex, "MTD_OPS_???" { MTD_OPS_PLACE_OOB = 0, MTD_OPS_AUTO_OOB = 1, MTD_OPS_RAW = 2 }

    /// Types of data in old requests of UBI.
    DATA_TYPE: Values, Hex, "UBI_???" { UBI_LONGTERM = 1, UBI_SHORTTERM = 2, UBI_UNKNOWN = 3 }

    /// Ubi_set_vol_prop_req.property.
    PROPERTY: Values, Hex, "UBI_VOL_PROP_???" { UBI_VOL_PROP_DIRECT_WRITE = 1 }

    /// Ubi_mkvol_req.vol_type.
    VOLUME_TYPE: Values, Hex, "UBI_???_VOLUME" { UBI_DYNAMIC_VOLUME = 3, UBI_STATIC_VOLUME = 4 }

    /// Ubi_mkvol_req.flags.
    VOLUME_FLAGS: Bits, Hex, "UBI_VOL_???" { UBI_VOL_SKIP_CRC_CHECK_FLG = 1 }
}

const ADDR64: Kind = Kind::new(Shape::Custom(Custom::Address64));

crate::structs! {
    /// `struct erase_info_user`.
    ERASE "erase_info_user" { start: HEX, length: HEX };
    /// `struct erase_info_user64`.
    ERASE64 "erase_info_user64" { start: HEX64, length: HEX64 };
    /// `struct mtd_info_user`.
    INFO "mtd_info_user" {
        r#type: bits8(&MTD_TYPE), flags: bits(&MTD_FLAGS), size: HEX, erasesize: HEX, writesize: HEX, oobsize: HEX,
        padding: HEX64,
    };
    /// `struct region_info_user` as it is asked.
    REGION_ASKED "region_info_user" {
        offset: HEX, erasesize: HEX, numblocks: HEX, regionindex: HEX,
    } show [regionindex];
    /// `struct region_info_user`.
    REGION "region_info_user" {
        offset: HEX, erasesize: HEX, numblocks: HEX, regionindex: HEX,
    } show [regionindex, offset, erasesize, numblocks];
    /// `struct otp_info`.
    OTP "otp_info" { start: HEX, length: HEX, locked: UINT };
    /// `struct mtd_oob_buf`.
    OOB "mtd_oob_buf" { start: HEX, length: HEX, ptr: ADDR };
    /// `struct mtd_oob_buf64`.
    OOB64 "mtd_oob_buf64" { start: HEX64, _pad: UINT, length: HEX, usr_ptr: ADDR64 };
    /// `struct nand_oobinfo`.
    OOB_INFO "nand_oobinfo" {
        useecc: bits(&USE_ECC), eccbytes: HEX, oobfree: some(&const { some(&HEX, 2) }, 8), eccpos: some(&HEX, 32),
    };
    /// `struct nand_oobfree`.
    OOB_FREE "nand_oobfree" { offset: HEX, length: HEX };
    /// `struct nand_ecclayout_user`.
    LAYOUT "nand_ecclayout_user" {
        eccbytes: HEX, eccpos: some(&HEX, 64), oobavail: HEX, oobfree: some(&const { place(&OOB_FREE) }, 8),
    };
    /// `struct mtd_ecc_stats`.
    ECC_STATS "mtd_ecc_stats" { corrected: HEX, failed: HEX, badblocks: HEX, bbtblocks: HEX };
    /// `struct mtd_write_req`.
    WRITE "mtd_write_req" {
        start: HEX64, len: HEX64, ooblen: HEX64, usr_data: ADDR64, usr_oob: ADDR64, mode: bits8(&MTD_OPS),
        _padding: some(&U8, 7),
    };
    /// `struct ubi_leb_change_req`.
    CHANGE "ubi_leb_change_req" { lnum: INT, bytes: INT, dtype: bits8(&DATA_TYPE), _padding: some(&U8, 7) };
    /// `struct ubi_map_req`.
    MAP "ubi_map_req" { lnum: INT, dtype: bits8(&DATA_TYPE), _padding: some(&U8, 3) };
    /// `struct ubi_rsvol_req`.
    RESIZE "ubi_rsvol_req" packed { bytes: I64, vol_id: INT };
    /// `struct ubi_set_vol_prop_req`.
    SET_PROPERTY "ubi_set_vol_prop_req" packed { property: bits8(&PROPERTY), _padding: some(&U8, 7), value: HEX64 };
    /// `struct ubi_attach_req`.
    ATTACH "ubi_attach_req" {
        ubi_num: INT, mtd_num: INT, vid_hdr_offset: INT, max_beb_per1024: I16, disable_fm: I8, need_resv_pool: I8,
        _padding: some(&U8, 8),
    };
    /// `struct ubi_mkvol_req`.
    MAKE "ubi_mkvol_req" packed {
        vol_id: INT, alignment: INT, bytes: I64, vol_type: bits8(&VOLUME_TYPE), flags: bits8(&VOLUME_FLAGS),
        name_len: I16, _padding2: some(&U8, 4), name: piece(Piece::Text(name_len, 128)),
    };
    /// An entry of `struct ubi_rnvol_req`.
    RENAMED "ubi_rnvol_req" packed {
        vol_id: INT, name_len: I16, _padding2: some(&U8, 2), name: piece(Piece::Text(name_len, 128)),
    };
}

const OOB_HERE: Argument = Argument::given(&const { place(&OOB) });
const OOB64_HERE: Argument = Argument::given(&const { place(&OOB64) });

/// Commands of memory technology devices.
pub static MTD: &[Row] = &[
    (&[0x8020_4d01], Argument::told(&const { place(&INFO) })),
    (&[0xc00c_4d03, 0xc00c_4d04], OOB_HERE),
    (&[0xc010_4d08], Argument::Continued(&const { place(&REGION_ASKED) }, &const { place(&REGION) })),
    (&[0x80c8_4d0a], Argument::told(&const { place(&OOB_INFO) })),
    (&[0x400c_4d0f], Argument::told(&const { place(&OTP) })),
    (&[0x800c_4d10], Argument::given(&const { place(&OTP) })),
    (&[0x8148_4d11], Argument::told(&const { place(&LAYOUT) })),
    (&[0x8010_4d12], Argument::told(&const { place(&ECC_STATS) })),
    (&[0xc018_4d15], OOB64_HERE),
    (&[0xc018_4d16], OOB64_HERE),
    (&[0xc030_4d18], Argument::given(&const { place(&WRITE) })),
    (&[0x4d13], Argument::Value(&const { longbits(&MTD_MODE) })),
    (&[0x8004_4d07], Argument::told(&INT)),
    (&[0x4004_4d0e], Argument::told(&UINT)),
    (&[0x4008_4d0b, 0x4008_4d0c], Argument::given(&U64)),
    (&[0x8004_4d0d], Argument::given(&const { bits(&MTD_OTP) })),
    (&[0x4008_4d02, 0x4008_4d05, 0x4008_4d06, 0x8008_4d17], Argument::given(&const { place(&ERASE) })),
    (&[0x4010_4d14], Argument::given(&const { place(&ERASE64) })),
];

/// MEMWRITEOOB and MEMREADOOB with pointers of 64 bits: MTRRIOC_GET_ENTRY has a number of theirs on i386.
pub static MTD_WIDE: &[Row] = &[(&[0xc010_4d03, 0xc010_4d04], OOB_HERE)];

/// Commands of volumes of UBI.
pub static UBI_VOLUME: &[Row] = &[
    (&[0x4004_4f02], Argument::given(&const { place(&CHANGE) })),
    (&[0x4008_4f03], Argument::given(&const { place(&MAP) })),
    (&[0x4010_4f06], Argument::given(&const { place(&SET_PROPERTY) })),
    (&[0x4f08, 0x4080_4f07], Argument::Nothing),
    (&[0x4004_4f01, 0x4004_4f04, 0x8004_4f05], Argument::given(&INT)),
    (&[0x4008_4f00], Argument::given(&I64)),
];

/// Commands of UBI itself.
pub static UBI: &[Row] = &[
    (&[0x4098_6f00], Argument::Exchanged(&const { place(&MAKE) }, &INT, Silence::Failed)),
    (&[0x400c_6f02], Argument::given(&const { place(&RESIZE) })),
    (&[0x5110_6f03], Argument::Coded(Code::VolumeNames)),
    (&[0x4018_6f40], Argument::Exchanged(&const { place(&ATTACH) }, &INT, Silence::Failed)),
    (&[0x4004_6f01, 0x4004_6f04, 0x4004_6f05, 0x4004_6f41], Argument::given(&INT)),
];

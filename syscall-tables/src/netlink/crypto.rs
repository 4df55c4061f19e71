//! Messages of NETLINK_CRYPTO. Source: linux/cryptouser.h.

use super::{Attributes, Body, Class, Content, Family, Flags, Message, Types, place};
use crate::kinds::*;
use crate::model::{Kind, Shape};

crate::numbered! {
    /// Types of messages.
    TYPES: "CRYPTO_MSG_???" {
        CRYPTO_MSG_NEWALG = 0x10, CRYPTO_MSG_DELALG, CRYPTO_MSG_UPDATEALG, CRYPTO_MSG_GETALG, CRYPTO_MSG_DELRNG,
        CRYPTO_MSG_GETSTAT,
    }

    /// Attributes of algorithms.
    ATTR: "CRYPTOCFGA_???" {
        CRYPTOCFGA_UNSPEC, CRYPTOCFGA_PRIORITY_VAL, CRYPTOCFGA_REPORT_LARVAL, CRYPTOCFGA_REPORT_HASH,
        CRYPTOCFGA_REPORT_BLKCIPHER, CRYPTOCFGA_REPORT_AEAD, CRYPTOCFGA_REPORT_COMPRESS, CRYPTOCFGA_REPORT_RNG,
        CRYPTOCFGA_REPORT_CIPHER, CRYPTOCFGA_REPORT_AKCIPHER, CRYPTOCFGA_REPORT_KPP, CRYPTOCFGA_REPORT_ACOMP,
        CRYPTOCFGA_STAT_LARVAL, CRYPTOCFGA_STAT_HASH, CRYPTOCFGA_STAT_BLKCIPHER, CRYPTOCFGA_STAT_AEAD,
        CRYPTOCFGA_STAT_COMPRESS, CRYPTOCFGA_STAT_RNG, CRYPTOCFGA_STAT_CIPHER, CRYPTOCFGA_STAT_AKCIPHER,
        CRYPTOCFGA_STAT_KPP, CRYPTOCFGA_STAT_ACOMP, CRYPTOCFGA_REPORT_SIG,
    }
}

/// CRYPTO_MAX_NAME.
const NAME: Kind = Kind::new(Shape::Chars(64));

crate::structs! {
    /// `struct crypto_user_alg`.
    ALGORITHM "crypto_user_alg" {
        cru_name: NAME, cru_driver_name: NAME, cru_module_name: NAME, cru_type: HEX, cru_mask: HEX, cru_refcnt: UINT,
        cru_flags: HEX,
    };
    /// `struct crypto_report_larval`, and others that hold no more than a type.
    TYPE "crypto_report_larval" { r#type: NAME };
    /// `struct crypto_report_hash`.
    HASH "crypto_report_hash" { r#type: NAME, blocksize: UINT, digestsize: UINT };
    /// `struct crypto_report_cipher`.
    CIPHER "crypto_report_cipher" { r#type: NAME, blocksize: UINT, min_keysize: UINT, max_keysize: UINT };
    /// `struct crypto_report_blkcipher`.
    BLOCKS "crypto_report_blkcipher" {
        r#type: NAME, geniv: NAME, blocksize: UINT, min_keysize: UINT, max_keysize: UINT, ivsize: UINT,
    };
    /// `struct crypto_report_aead`.
    AEAD "crypto_report_aead" { r#type: NAME, geniv: NAME, blocksize: UINT, maxauthsize: UINT, ivsize: UINT };
    /// `struct crypto_report_rng`.
    RNG "crypto_report_rng" { r#type: NAME, seedsize: UINT };
}

static STRUCT_TYPE: Kind = place(&TYPE);
static STRUCT_HASH: Kind = place(&HASH);
static STRUCT_CIPHER: Kind = place(&CIPHER);
static STRUCT_BLOCKS: Kind = place(&BLOCKS);
static STRUCT_AEAD: Kind = place(&AEAD);
static STRUCT_RNG: Kind = place(&RNG);

static ATTRIBUTES: Attributes = Attributes {
    names: &ATTR,
    rows: &[
        (1, Content::One(&UINT)),
        (2, Content::One(&STRUCT_TYPE)),
        (3, Content::One(&STRUCT_HASH)),
        (4, Content::One(&STRUCT_BLOCKS)),
        (5, Content::One(&STRUCT_AEAD)),
        (6, Content::One(&STRUCT_TYPE)),
        (7, Content::One(&STRUCT_RNG)),
        (8, Content::One(&STRUCT_CIPHER)),
        (9, Content::One(&STRUCT_TYPE)),
        (10, Content::One(&STRUCT_TYPE)),
        (11, Content::One(&STRUCT_TYPE)),
        (22, Content::One(&STRUCT_TYPE)),
    ],
};

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {}

static MESSAGES: &[Message] =
    &[Message { types: &[0x10, 0x11, 0x12, 0x13], body: Body::Struct(&ALGORITHM, &ATTRIBUTES) }];

/// NETLINK_CRYPTO.
pub static FAMILY: Family = Family {
    protocol: 21,
    types: Types::Named(&TYPES),
    flags: Flags::Rows(&[(0x10, Class::New), (0x11, Class::Delete), (0x13, Class::Get)]),
    messages: &[MESSAGES],
    others: Body::Bytes,
};

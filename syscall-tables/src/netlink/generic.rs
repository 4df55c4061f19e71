//! Messages of NETLINK_GENERIC: the type is the number of a family that the kernel gave out, by its name.
//!
//! The first family tells of all others: its messages are shown here. Sources: linux/genetlink.h,
//! linux/netlink.h.

use super::{Attributes, Body, Content, Family, Flags, Message, Types};
use crate::kinds::*;
use crate::model::Kind;

crate::numbered! {
    /// Families whose numbers never change.
    TYPES: "GENERIC_FAMILY_???" { nlctrl = 0x10 }

    /// Commands of the first family.
    COMMAND: "CTRL_CMD_???" {
        CTRL_CMD_UNSPEC, CTRL_CMD_NEWFAMILY, CTRL_CMD_DELFAMILY, CTRL_CMD_GETFAMILY, CTRL_CMD_NEWOPS, CTRL_CMD_DELOPS,
        CTRL_CMD_GETOPS, CTRL_CMD_NEWMCAST_GRP, CTRL_CMD_DELMCAST_GRP, CTRL_CMD_GETMCAST_GRP, CTRL_CMD_GETPOLICY,
    }

    /// Attributes of families.
    ATTR: "CTRL_ATTR_???" {
        CTRL_ATTR_UNSPEC, CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME, CTRL_ATTR_VERSION, CTRL_ATTR_HDRSIZE,
        CTRL_ATTR_MAXATTR, CTRL_ATTR_OPS, CTRL_ATTR_MCAST_GROUPS, CTRL_ATTR_POLICY, CTRL_ATTR_OP_POLICY, CTRL_ATTR_OP,
    }

    /// Attributes of operations.
    OPERATION: "CTRL_ATTR_OP_???" { CTRL_ATTR_OP_UNSPEC, CTRL_ATTR_OP_ID, CTRL_ATTR_OP_FLAGS }

    /// Attributes of groups.
    GROUP: "CTRL_ATTR_MCAST_GRP_???" {
        CTRL_ATTR_MCAST_GRP_UNSPEC, CTRL_ATTR_MCAST_GRP_NAME, CTRL_ATTR_MCAST_GRP_ID,
    }

    /// Attributes of policies of an operation.
    POLICY: "CTRL_ATTR_POLICY_???" { CTRL_ATTR_POLICY_UNSPEC, CTRL_ATTR_POLICY_DO, CTRL_ATTR_POLICY_DUMP }

    /// What a policy says of an attribute.
    RULE: "NL_POLICY_TYPE_ATTR_???" {
        NL_POLICY_TYPE_ATTR_UNSPEC, NL_POLICY_TYPE_ATTR_TYPE, NL_POLICY_TYPE_ATTR_MIN_VALUE_S,
        NL_POLICY_TYPE_ATTR_MAX_VALUE_S, NL_POLICY_TYPE_ATTR_MIN_VALUE_U, NL_POLICY_TYPE_ATTR_MAX_VALUE_U,
        NL_POLICY_TYPE_ATTR_MIN_LENGTH, NL_POLICY_TYPE_ATTR_MAX_LENGTH, NL_POLICY_TYPE_ATTR_POLICY_IDX,
        NL_POLICY_TYPE_ATTR_POLICY_MAXTYPE, NL_POLICY_TYPE_ATTR_BITFIELD32_MASK, NL_POLICY_TYPE_ATTR_PAD,
        NL_POLICY_TYPE_ATTR_MASK,
    }

    /// Types of attributes that policies know.
    RULE_TYPE: "NL_ATTR_TYPE_???" {
        NL_ATTR_TYPE_INVALID, NL_ATTR_TYPE_FLAG, NL_ATTR_TYPE_U8, NL_ATTR_TYPE_U16, NL_ATTR_TYPE_U32, NL_ATTR_TYPE_U64,
        NL_ATTR_TYPE_S8, NL_ATTR_TYPE_S16, NL_ATTR_TYPE_S32, NL_ATTR_TYPE_S64, NL_ATTR_TYPE_BINARY,
        NL_ATTR_TYPE_STRING, NL_ATTR_TYPE_NUL_STRING, NL_ATTR_TYPE_NESTED, NL_ATTR_TYPE_NESTED_ARRAY,
        NL_ATTR_TYPE_BITFIELD32, NL_ATTR_TYPE_SINT, NL_ATTR_TYPE_UINT,
    }
}

crate::sets! {
    /// Flags of operations.
    OPERATION_FLAG: Bits, Hex, "GENL_???" {
        GENL_ADMIN_PERM = 1, GENL_CMD_CAP_DO = 2, GENL_CMD_CAP_DUMP = 4, GENL_CMD_CAP_HASPOL = 8,
        GENL_UNS_ADMIN_PERM = 0x10,
    }
}

crate::structs! {
    /// `struct genlmsghdr` of the first family.
    HEADER "genlmsghdr" { cmd: bits8(&COMMAND), version: U8, _reserved: U16 };
}

static OPERATION_FLAGS: Kind = bits(&OPERATION_FLAG);
static OPERATIONS: Attributes =
    Attributes { names: &OPERATION, rows: &[(1, Content::One(&UINT)), (2, Content::One(&OPERATION_FLAGS))] };
static GROUPS: Attributes =
    Attributes { names: &GROUP, rows: &[(1, Content::Text), (2, Content::One(&UINT))] };
static POLICIES: Attributes =
    Attributes { names: &POLICY, rows: &[(1, Content::One(&UINT)), (2, Content::One(&UINT))] };

static RULES: Attributes = Attributes {
    names: &RULE,
    rows: &[
        (1, Content::One(&const { bits(&RULE_TYPE) })),
        (2, Content::One(&I64)),
        (3, Content::One(&I64)),
        (4, Content::One(&U64)),
        (5, Content::One(&U64)),
        (6, Content::One(&UINT)),
        (7, Content::One(&UINT)),
        (8, Content::One(&UINT)),
        (9, Content::One(&UINT)),
        (10, Content::One(&HEX)),
        (12, Content::One(&HEX64)),
    ],
};

static ONE_OPERATION: Content = Content::Nested(&OPERATIONS);
static ONE_GROUP: Content = Content::Nested(&GROUPS);
static ONE_POLICY: Content = Content::Nested(&POLICIES);
static ONE_RULE: Content = Content::Nested(&RULES);
/// By number of the policy, then by type of the attribute.
static RULES_OF_ONE: Content = Content::List(None, &ONE_RULE);

static ATTRIBUTES: Attributes = Attributes {
    names: &ATTR,
    rows: &[
        (1, Content::One(&U16)),
        (2, Content::Text),
        (3, Content::One(&UINT)),
        (4, Content::One(&UINT)),
        (5, Content::One(&UINT)),
        (6, Content::List(None, &ONE_OPERATION)),
        (7, Content::List(None, &ONE_GROUP)),
        (8, Content::List(None, &RULES_OF_ONE)),
        (9, Content::List(None, &ONE_POLICY)),
        (10, Content::One(&UINT)),
    ],
};

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {
    /// The name of a family.
    Type,
}

static MESSAGES: &[Message] = &[Message { types: &[0x10], body: Body::Struct(&HEADER, &ATTRIBUTES) }];

/// NETLINK_GENERIC.
pub static FAMILY: Family = Family {
    protocol: 16,
    types: Types::Special(super::Special::Generic(Special::Type)),
    flags: Flags::Plain,
    messages: &[MESSAGES],
    others: Body::Bytes,
};

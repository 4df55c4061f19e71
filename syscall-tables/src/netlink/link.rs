//! Messages of NETLINK_ROUTE about links, RTM_NEWLINK and its like. Sources: rtnetlink(7), linux/if_link.h.

use super::Message;

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {}

/// What the messages hold.
pub static MESSAGES: &[Message] = &[];

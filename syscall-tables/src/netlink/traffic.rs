//! Messages of NETLINK_ROUTE about traffic control: queueing disciplines, classes, filters, actions. Sources: tc(8), linux/pkt_sched.h, linux/pkt_cls.h.

use super::Message;

/// What needs code.
#[derive(Debug, Clone, Copy)]
pub enum Special {}

/// What the messages hold.
pub static MESSAGES: &[Message] = &[];

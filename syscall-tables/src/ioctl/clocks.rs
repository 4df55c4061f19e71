//! What ioctl takes and gives for hardware clocks, counters and infrared devices.
//!
//! Source: include/uapi/linux/ptp_clock.h, counter.h, lirc.h.

use super::argument::{Argument, Row, chars, place, some};
use crate::device::Device;
use crate::kinds::*;
use crate::model::Kind;

crate::sets! {
    /// Modes of infrared devices.
    LIRC_MODE: Values, Hex, "LIRC_MODE_???" {
        LIRC_MODE_RAW = 1, LIRC_MODE_PULSE = 2, LIRC_MODE_MODE2 = 4, LIRC_MODE_SCANCODE = 8, LIRC_MODE_LIRCCODE = 0x10,
    }

    /// Ptp_extts_request.flags.
    EXTTS: Bits, Hex, "PTP_???" {
        PTP_ENABLE_FEATURE = 1, PTP_RISING_EDGE = 2, PTP_FALLING_EDGE = 4, PTP_STRICT_FLAGS = 8,
        PTP_EXT_OFFSET = 0x10,
    }

    /// Ptp_perout_request.flags.
    PEROUT: Bits, Hex, "PTP_PEROUT_???" {
        PTP_PEROUT_ONE_SHOT = 1, PTP_PEROUT_DUTY_CYCLE = 2, PTP_PEROUT_PHASE = 4,
    }

    /// Ptp_pin_desc.func.
    PIN: Values, Hex, "PTP_PF_???" {
        PTP_PF_NONE = 0, PTP_PF_EXTTS = 1, PTP_PF_PEROUT = 2, PTP_PF_PHYSYNC = 3,
    }

    /// Counter_component.type.
    COUNTER_COMPONENT: Values, Hex, "COUNTER_COMPONENT_???" {
        COUNTER_COMPONENT_NONE = 0, COUNTER_COMPONENT_SIGNAL = 1, COUNTER_COMPONENT_COUNT = 2,
        COUNTER_COMPONENT_FUNCTION = 3, COUNTER_COMPONENT_SYNAPSE_ACTION = 4, COUNTER_COMPONENT_EXTENSION = 5,
    }

    /// Counter_component.scope.
    COUNTER_SCOPE: Values, Hex, "COUNTER_SCOPE_???" {
        COUNTER_SCOPE_DEVICE = 0, COUNTER_SCOPE_SIGNAL = 1, COUNTER_SCOPE_COUNT = 2,
    }

    /// Counter_watch.event.
    COUNTER_EVENT: Values, Hex, "COUNTER_EVENT_???" {
        COUNTER_EVENT_OVERFLOW = 0, COUNTER_EVENT_UNDERFLOW = 1, COUNTER_EVENT_OVERFLOW_UNDERFLOW = 2,
        COUNTER_EVENT_THRESHOLD = 3, COUNTER_EVENT_INDEX = 4, COUNTER_EVENT_CHANGE_OF_STATE = 5,
        COUNTER_EVENT_CAPTURE = 6,
        COUNTER_EVENT_DIRECTION_CHANGE = 7,
    }

    /// What an infrared device can do.
    LIRC_FEATURES: Bits, Hex, "LIRC_CAN_???" {
        LIRC_CAN_SEND_PULSE = 2, LIRC_CAN_SEND_LIRCCODE = 0x10, LIRC_CAN_SET_SEND_CARRIER = 0x100,
        LIRC_CAN_SET_SEND_DUTY_CYCLE = 0x200, LIRC_CAN_SET_TRANSMITTER_MASK = 0x400, LIRC_CAN_REC_MODE2 = 0x40000,
        LIRC_CAN_REC_SCANCODE = 0x80000, LIRC_CAN_REC_LIRCCODE = 0x100000, LIRC_CAN_SET_REC_CARRIER = 0x1000000,
        LIRC_CAN_MEASURE_CARRIER = 0x2000000, LIRC_CAN_USE_WIDEBAND_RECEIVER = 0x4000000,
        LIRC_CAN_SET_REC_TIMEOUT = 0x10000000, LIRC_CAN_GET_REC_RESOLUTION = 0x20000000,
        LIRC_CAN_SET_REC_CARRIER_RANGE = 0x80000000,
    }

}

const TIME: Kind = place(&CLOCK_TIME);
const DATED: Kind = device(Device::Dated(&TIME));

crate::structs! {
    /// `struct ptp_clock_time`.
    CLOCK_TIME "ptp_clock_time" { sec: I64, nsec: UINT, reserved: device(Device::Nonzero(&HEX)) };
    /// `struct ptp_clock_caps`.
    CAPS "ptp_clock_caps" {
        max_adj: INT, n_alarm: INT, n_ext_ts: INT, n_per_out: INT, pps: INT, n_pins: INT, cross_timestamping: INT,
        adjust_phase: INT, rsv: device(Device::Rest(&HEX, 12)),
    };
    /// `struct ptp_extts_request` of the first calls.
    EXTTS_OLD "ptp_extts_request" { index: UINT, flags: bits(&EXTTS), rsv: some(&HEX, 2) } show [index, flags];
    /// `struct ptp_extts_request`.
    EXTTS_REQUEST "ptp_extts_request" { index: UINT, flags: bits(&EXTTS), rsv: device(Device::Rest(&HEX, 2)) };
    /// `struct ptp_perout_request` of the first calls.
    PEROUT_OLD "ptp_perout_request" {
        start: device(Device::ByBits(flags, 4, ("phase", &TIME), Some(("start", &DATED)))), period: TIME, index: UINT,
        flags: bits(&PEROUT), on: device(Device::ByBits(flags, 2, ("on", &TIME), None)),
    };
    /// `struct ptp_perout_request`.
    PEROUT_REQUEST "ptp_perout_request" {
        start: device(Device::ByBits(flags, 4, ("phase", &TIME), Some(("start", &DATED)))), period: TIME, index: UINT,
        flags: bits(&PEROUT), on: device(Device::ByBits(flags, 2, ("on", &TIME), Some(("rsv", &RESERVED)))),
    };
    /// `struct ptp_sys_offset` as it is asked.
    OFFSET_ASKED "ptp_sys_offset" {
        n_samples: UINT, rsv: device(Device::Rest(&HEX, 3)), ts: device(Device::Samples(&DATED, 51, n_samples)),
    } show [n_samples, rsv];
    /// `struct ptp_sys_offset`.
    OFFSET "ptp_sys_offset" {
        n_samples: UINT, rsv: device(Device::Rest(&HEX, 3)), ts: device(Device::Samples(&DATED, 51, n_samples)),
    };
    /// `struct ptp_sys_offset_extended` as it is asked.
    EXTENDED_ASKED "ptp_sys_offset_extended" {
        n_samples: UINT, rsv: device(Device::Rest(&HEX, 3)), ts: device(Device::First(&TRIPLE, 25, n_samples)),
    } show [n_samples, rsv];
    /// `struct ptp_sys_offset_extended`.
    EXTENDED "ptp_sys_offset_extended" {
        n_samples: UINT, rsv: device(Device::Rest(&HEX, 3)), ts: device(Device::First(&TRIPLE, 25, n_samples)),
    };
    /// `struct ptp_sys_offset_precise`.
    PRECISE "ptp_sys_offset_precise" {
        device: DATED, sys_realtime: DATED, sys_monoraw: TIME, rsv: crate::kinds::device(Device::Rest(&HEX, 4)),
    };
    /// `struct ptp_pin_desc` as it is asked.
    PIN_ASKED "ptp_pin_desc" {
        name: chars(64), index: UINT, func: bits(&PIN), chan: UINT, rsv: device(Device::Rest(&HEX, 5)),
    } show [index];
    /// `struct ptp_pin_desc` as it is asked by the second calls.
    PIN_ASKED2 "ptp_pin_desc" {
        name: chars(64), index: UINT, func: bits(&PIN), chan: UINT, rsv: device(Device::Rest(&HEX, 5)),
    } show [index, rsv];
    /// `struct ptp_pin_desc`.
    PIN_DONE "ptp_pin_desc" {
        name: chars(64), index: UINT, func: bits(&PIN), chan: UINT, rsv: device(Device::Rest(&HEX, 5)),
    } show [index, name, func, chan];
    /// `struct ptp_pin_desc` of the second calls.
    PIN_DONE2 "ptp_pin_desc" {
        name: chars(64), index: UINT, func: bits(&PIN), chan: UINT, rsv: device(Device::Rest(&HEX, 5)),
    } show [index, rsv, name, func, chan];
    /// `struct ptp_pin_desc` as it is set.
    PIN_SET "ptp_pin_desc" {
        name: chars(64), index: UINT, func: bits(&PIN), chan: UINT, rsv: device(Device::Rest(&HEX, 5)),
    } show [index, func, chan];
    /// `struct ptp_pin_desc` as it is set by the second calls.
    PIN_SET2 "ptp_pin_desc" {
        name: chars(64), index: UINT, func: bits(&PIN), chan: UINT, rsv: device(Device::Rest(&HEX, 5)),
    } show [index, func, chan, rsv];
    /// `struct counter_component`.
    COMPONENT "counter_component" {
        r#type: bits8(&COUNTER_COMPONENT), scope: bits8(&COUNTER_SCOPE), parent: U8, id: U8,
    };
    /// `struct counter_watch`.
    WATCH "counter_watch" { component: place(&COMPONENT), event: bits8(&COUNTER_EVENT), channel: U8 };
}

const TRIPLE: Kind = some(&DATED, 3);
const RESERVED: Kind = device(Device::Rest(&HEX, 4));

/// Commands of precise clocks.
pub static ROWS: &[Row] = &[
    (&[0x8050_3d01, 0x8050_3d0a], Argument::told(&const { place(&CAPS) })),
    (&[0x4010_3d02], Argument::given(&const { place(&EXTTS_OLD) })),
    (&[0x4010_3d0b], Argument::given(&const { place(&EXTTS_REQUEST) })),
    (&[0x4038_3d03], Argument::given(&const { place(&PEROUT_OLD) })),
    (&[0x4038_3d0c], Argument::given(&const { place(&PEROUT_REQUEST) })),
    (
        &[0x4340_3d05, 0x4340_3d0e],
        Argument::Replaced(&const { place(&OFFSET_ASKED) }, &const { place(&OFFSET) }),
    ),
    (
        &[0xc4c0_3d09, 0xc4c0_3d12],
        Argument::Replaced(&const { place(&EXTENDED_ASKED) }, &const { place(&EXTENDED) }),
    ),
    (&[0xc040_3d08, 0xc040_3d11], Argument::told(&const { place(&PRECISE) })),
    (&[0xc060_3d06], Argument::Replaced(&const { place(&PIN_ASKED) }, &const { place(&PIN_DONE) })),
    (&[0xc060_3d0f], Argument::Replaced(&const { place(&PIN_ASKED2) }, &const { place(&PIN_DONE2) })),
    (&[0x4060_3d07], Argument::given(&const { place(&PIN_SET) })),
    (&[0x4060_3d10], Argument::given(&const { place(&PIN_SET2) })),
];

/// Commands of counters.
pub static COUNTERS: &[Row] =
    &[(&[0x4006_3e00], Argument::given(&const { place(&WATCH) })), (&[0x3e01, 0x3e02], Argument::Nothing)];

/// Commands of infrared devices.
pub static INFRARED: &[Row] = &[
    (&[0x8004_6900], Argument::told(&const { bits(&LIRC_FEATURES) })),
    (
        &[
            0x4004_6913,
            0x4004_6914,
            0x4004_6915,
            0x4004_6918,
            0x4004_6919,
            0x4004_691d,
            0x4004_691f,
            0x4004_6923,
        ],
        Argument::given(&UINT),
    ),
    (&[0x8004_6907, 0x8004_6908, 0x8004_6909, 0x8004_690f, 0x8004_6924], Argument::told(&UINT)),
    (&[0x4004_6917], Argument::given(&HEX)),
    (&[0x4004_6911, 0x4004_6912], Argument::given(&const { bits(&LIRC_MODE) })),
    (&[0x8004_6901, 0x8004_6902], Argument::told(&const { bits(&LIRC_MODE) })),
];

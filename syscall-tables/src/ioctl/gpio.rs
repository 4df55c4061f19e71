//! What ioctl takes and gives for GPIO. Source: include/uapi/linux/gpio.h.

use super::argument::{Argument, Row, chars, place, skip, some};
use crate::device::Device;
use crate::kinds::*;

crate::sets! {
    /// Gpioline_info.flags.
    LINE_FLAGS: Bits, Hex, "GPIOLINE_FLAG_???" {
        GPIOLINE_FLAG_KERNEL = 1, GPIOLINE_FLAG_IS_OUT = 2, GPIOLINE_FLAG_ACTIVE_LOW = 4,
        GPIOLINE_FLAG_OPEN_DRAIN = 8, GPIOLINE_FLAG_OPEN_SOURCE = 0x10, GPIOLINE_FLAG_BIAS_PULL_UP = 0x20,
        GPIOLINE_FLAG_BIAS_PULL_DOWN = 0x40, GPIOLINE_FLAG_BIAS_DISABLE = 0x80,
    }

    /// Gpiohandle_request.flags.
    HANDLE_FLAGS: Bits, Hex, "GPIOHANDLE_REQUEST_???" {
        GPIOHANDLE_REQUEST_INPUT = 1, GPIOHANDLE_REQUEST_OUTPUT = 2, GPIOHANDLE_REQUEST_ACTIVE_LOW = 4,
        GPIOHANDLE_REQUEST_OPEN_DRAIN = 8, GPIOHANDLE_REQUEST_OPEN_SOURCE = 0x10,
        GPIOHANDLE_REQUEST_BIAS_PULL_UP = 0x20, GPIOHANDLE_REQUEST_BIAS_PULL_DOWN = 0x40,
        GPIOHANDLE_REQUEST_BIAS_DISABLE = 0x80,
    }

    /// Gpioevent_request.eventflags.
    EVENT_FLAGS: Bits, Hex, "GPIOEVENT_REQUEST_???" {
        GPIOEVENT_REQUEST_BOTH_EDGES = 3, GPIOEVENT_REQUEST_RISING_EDGE = 1, GPIOEVENT_REQUEST_FALLING_EDGE = 2,
    }

    /// Gpio_v2_line_config.flags.
    LINE_V2_FLAGS: Bits, Hex, "GPIO_V2_LINE_FLAG_???" {
        GPIO_V2_LINE_FLAG_USED = 1, GPIO_V2_LINE_FLAG_ACTIVE_LOW = 2, GPIO_V2_LINE_FLAG_INPUT = 4,
        GPIO_V2_LINE_FLAG_OUTPUT = 8, GPIO_V2_LINE_FLAG_EDGE_RISING = 0x10, GPIO_V2_LINE_FLAG_EDGE_FALLING = 0x20,
        GPIO_V2_LINE_FLAG_OPEN_DRAIN = 0x40, GPIO_V2_LINE_FLAG_OPEN_SOURCE = 0x80,
        GPIO_V2_LINE_FLAG_BIAS_PULL_UP = 0x100, GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN = 0x200,
        GPIO_V2_LINE_FLAG_BIAS_DISABLED = 0x400, GPIO_V2_LINE_FLAG_EVENT_CLOCK_REALTIME = 0x800,
        GPIO_V2_LINE_FLAG_EVENT_CLOCK_HTE = 0x1000,
    }
}

crate::structs! {
    /// `struct gpiochip_info`.
    CHIP "gpiochip_info" { name: chars(32), label: chars(32), lines: UINT };
    /// What GPIO_GET_LINEINFO_UNWATCH_IOCTL takes.
    OFFSET "offset" { offset: UINT };
    /// `struct gpioline_info` as it is asked.
    LINE_ASKED "gpioline_info" {
        line_offset: UINT, flags: bits(&LINE_FLAGS), name: chars(32), consumer: chars(32),
    } show [line_offset];
    /// `struct gpioline_info` as it is answered.
    LINE "gpioline_info" {
        line_offset: UINT, flags: bits(&LINE_FLAGS), name: chars(32), consumer: chars(32),
    } show [flags, name, consumer];
    /// `struct gpiohandle_request` as it is asked.
    HANDLE "gpiohandle_request" {
        lineoffsets: device(Device::First(&UINT, 64, lines)), flags: bits(&HANDLE_FLAGS),
        default_values: device(Device::First(&U8, 64, lines)), consumer_label: chars(32), lines: UINT, fd: FD,
    } show [lines, lineoffsets, flags, default_values, consumer_label];
    /// `struct gpiohandle_request` as it is answered.
    HANDLE_DONE "gpiohandle_request" { _rest: skip(360), fd: FD };
    /// `struct gpiohandle_config`.
    HANDLE_CONFIG "gpiohandle_config" { flags: bits(&HANDLE_FLAGS), default_values: some(&U8, 64), _padding: skip(16) };
    /// `struct gpiohandle_data`.
    HANDLE_DATA "gpiohandle_data" { values: some(&U8, 64) };
    /// `struct gpioevent_request` as it is asked.
    EVENT "gpioevent_request" {
        lineoffset: UINT, handleflags: bits(&HANDLE_FLAGS), eventflags: bits(&EVENT_FLAGS),
        consumer_label: chars(32), fd: FD,
    } show [lineoffset, handleflags, eventflags, consumer_label];
    /// `struct gpioevent_request` as it is answered.
    EVENT_DONE "gpioevent_request" { _rest: skip(44), fd: FD };
    /// `struct gpio_v2_line_attribute`.
    ATTRIBUTE "gpio_v2_line_attribute" { id: UINT, padding: device(Device::Nonzero(&HEX)), data: HEX64 };
    /// `struct gpio_v2_line_config_attribute`.
    CONFIG_ATTRIBUTE "gpio_v2_line_config_attribute" { attr: place(&ATTRIBUTE), mask: HEX64 };
    /// `struct gpio_v2_line_config`.
    CONFIG "gpio_v2_line_config" {
        flags: bits64(&LINE_V2_FLAGS), num_attrs: UINT, padding: device(Device::Rest(&HEX, 5)),
        attrs: device(Device::First(&const { device(Device::LineAttribute(true)) }, 10, num_attrs)).when_not(num_attrs, 0),
    };
    /// `struct gpio_v2_line_request` as it is asked.
    REQUEST "gpio_v2_line_request" {
        offsets: device(Device::First(&UINT, 64, num_lines)), consumer: chars(32), config: place(&CONFIG),
        num_lines: UINT, event_buffer_size: device(Device::Nonzero(&UINT)), padding: device(Device::Rest(&HEX, 5)),
        fd: FD,
    } show [num_lines, offsets, consumer, config, event_buffer_size, padding];
    /// `struct gpio_v2_line_request` as it is answered.
    REQUEST_DONE "gpio_v2_line_request" { _rest: skip(588), fd: FD };
    /// `struct gpio_v2_line_info` as it is asked.
    INFO_ASKED "gpio_v2_line_info" {
        name: chars(32), consumer: chars(32), offset: UINT, num_attrs: UINT, flags: bits64(&LINE_V2_FLAGS),
        attrs: device(Device::First(&const { device(Device::LineAttribute(false)) }, 10, num_attrs)),
        padding: device(Device::Rest(&HEX, 4)),
    } show [offset];
    /// `struct gpio_v2_line_info` as it is answered.
    INFO "gpio_v2_line_info" {
        name: chars(32), consumer: chars(32), offset: UINT, num_attrs: UINT, flags: bits64(&LINE_V2_FLAGS),
        attrs: device(Device::First(&const { device(Device::LineAttribute(false)) }, 10, num_attrs)).when_not(num_attrs, 0),
        padding: device(Device::Rest(&HEX, 4)),
    } show [name, consumer, flags, num_attrs, attrs, padding];
    /// `struct gpio_v2_line_values` as it is asked.
    VALUES_ASKED "gpio_v2_line_values" { bits: HEX64, mask: HEX64 } show [mask];
    /// `struct gpio_v2_line_values` as it is answered.
    VALUES_DONE "gpio_v2_line_values" { bits: HEX64, mask: HEX64 } show [bits];
    /// `struct gpio_v2_line_values`.
    VALUES "gpio_v2_line_values" { bits: HEX64, mask: HEX64 };
}

/// Commands, and what their arguments point to.
pub static ROWS: &[Row] = &[
    (&[0x8044_b401], Argument::told(&const { place(&CHIP) })),
    (&[0xc004_b40c], Argument::given(&const { place(&OFFSET) })),
    (&[0xc048_b402, 0xc048_b40b], Argument::Becomes(&const { place(&LINE_ASKED) }, &const { place(&LINE) })),
    (&[0xc16c_b403], Argument::Becomes(&const { place(&HANDLE) }, &const { place(&HANDLE_DONE) })),
    (&[0xc030_b404], Argument::Becomes(&const { place(&EVENT) }, &const { place(&EVENT_DONE) })),
    (&[0xc040_b408], Argument::told(&const { place(&HANDLE_DATA) })),
    (&[0xc040_b409], Argument::given(&const { place(&HANDLE_DATA) })),
    (&[0xc054_b40a], Argument::given(&const { place(&HANDLE_CONFIG) })),
    (&[0xc100_b405, 0xc100_b406], Argument::Becomes(&const { place(&INFO_ASKED) }, &const { place(&INFO) })),
    (&[0xc250_b407], Argument::Becomes(&const { place(&REQUEST) }, &const { place(&REQUEST_DONE) })),
    (&[0xc110_b40d], Argument::given(&const { place(&CONFIG) })),
    (&[0xc010_b40e], Argument::Becomes(&const { place(&VALUES_ASKED) }, &const { place(&VALUES_DONE) })),
    (&[0xc010_b40f], Argument::given(&const { place(&VALUES) })),
];

//! What ioctl takes and gives for video devices. Source: include/uapi/linux/videodev2.h, v4l2-controls.h.

use super::argument::{Argument, Code, Row, chars, place, skip, some};
use super::video_names::*;
use crate::device::Device;
use crate::kinds::*;
use crate::model::{Kind, Len};

const fn pixel() -> Kind {
    device(Device::Pixel(&PIX_FORMAT))
}

const FRACTION: Kind = device(Device::Fraction);

crate::structs! {
    /// `struct v4l2_rect`.
    RECT "v4l2_rect" { left: INT, top: INT, width: UINT, height: UINT };
    /// `struct v4l2_capability`.
    CAPABILITY "v4l2_capability" {
        driver: chars(16), card: chars(32), bus_info: chars(32), version: device(Device::Version),
        capabilities: bits(&CAPABILITIES), device_caps: device(Device::Nonzero(&const { bits(&CAPABILITIES) })),
        _reserved: skip(12),
    };
    /// `struct v4l2_fmtdesc` as it is asked.
    FORMAT_LISTED_ASKED "v4l2_fmtdesc" {
        index: UINT, r#type: bits(&BUF_TYPE), flags: bits(&FMT_FLAGS), description: chars(32), pixelformat: pixel(),
        _reserved: skip(16),
    } show [index, r#type];
    /// `struct v4l2_fmtdesc`.
    FORMAT_LISTED "v4l2_fmtdesc" {
        index: UINT, r#type: bits(&BUF_TYPE), flags: bits(&FMT_FLAGS), description: chars(32), pixelformat: pixel(),
        _reserved: skip(16),
    };
    /// `struct v4l2_pix_format`.
    PIX "v4l2_pix_format" {
        width: UINT, height: UINT, pixelformat: pixel(), field: bits(&FIELD), bytesperline: UINT, sizeimage: UINT,
        colorspace: bits(&COLORSPACE),
    };
    /// `struct v4l2_plane_pix_format`.
    PLANE_PIX "v4l2_plane_pix_format" { sizeimage: UINT, bytesperline: UINT, _reserved: skip(12) };
    /// `struct v4l2_pix_format_mplane`.
    PIX_MP "v4l2_pix_format_mplane" {
        width: UINT, height: UINT, pixelformat: pixel(), field: bits(&FIELD), colorspace: bits(&COLORSPACE),
        plane_fmt: device(Device::First(&const { place(&PLANE_PIX) }, 8, num_planes)), num_planes: U8,
    };
    /// `struct v4l2_clip`.
    CLIP "v4l2_clip" { c: place(&RECT), _next: ADDR };
    /// `struct v4l2_window`.
    WINDOW "v4l2_window" {
        w: place(&RECT), field: bits(&FIELD), chromakey: HEX,
        clips: in_array(&const { place(&CLIP) }, Len::Of(clipcount)), clipcount: UINT, bitmap: ADDR,
        global_alpha: device(Device::Nonzero(&HEX8)),
    };
    /// `struct v4l2_vbi_format`.
    VBI "v4l2_vbi_format" {
        sampling_rate: UINT, offset: UINT, samples_per_line: UINT, sample_format: pixel(), start: some(&INT, 2),
        count: some(&UINT, 2), flags: bits(&VBI_FLAGS),
    };
    /// `struct v4l2_sliced_vbi_format`.
    SLICED_VBI "v4l2_sliced_vbi_format" {
        service_set: bits16(&SLICED), service_lines: device(Device::Whole(&const { device(Device::Whole(&HEX16, 24)) }, 2)), io_size: UINT,
    };
    /// `struct v4l2_sdr_format`.
    SDR "v4l2_sdr_format" { pixelformat: device(Device::Pixel(&SDR_FORMAT)), buffersize: device(Device::Nonzero(&UINT)) };
    /// `struct v4l2_meta_format`.
    META "v4l2_meta_format" { dataformat: device(Device::Pixel(&META_FORMAT)), buffersize: UINT };
    /// `struct v4l2_format` as it is asked.
    FORMAT_ASKED "v4l2_format" {
        r#type: bits(&BUF_TYPE), fmt: device(Device::Union(r#type, FORMATS, 200, true)),
    } show [r#type];
    /// `struct v4l2_format`.
    FORMAT "v4l2_format" { r#type: bits(&BUF_TYPE), fmt: device(Device::Union(r#type, FORMATS, 200, true)) };
    /// `struct v4l2_format` as it is answered to what was shown.
    FORMAT_DONE "v4l2_format" {
        r#type: bits(&BUF_TYPE), fmt: device(Device::Union(r#type, FORMATS, 200, true)),
    } show [fmt];
    /// `struct v4l2_requestbuffers`.
    REQUEST "v4l2_requestbuffers" {
        count: device(Device::Changed(&UINT)), r#type: bits(&BUF_TYPE), memory: bits(&MEMORY), _reserved: skip(8),
    } show [r#type, memory, count];
    /// `struct v4l2_create_buffers`.
    CREATE "v4l2_create_buffers" {
        index: UINT, count: UINT, memory: bits(&MEMORY), format: place(&FORMAT), _reserved: skip(32),
    } show [count, memory, format];
    /// `struct timeval` of 64 bits.
    TIME "timeval" { tv_sec: I64, tv_usec: U64 };
    /// `struct v4l2_buffer` as it is asked when buffers are queued.
    BUFFER_ASKED "v4l2_buffer" {
        index: UINT, r#type: bits(&BUF_TYPE), bytesused: UINT, flags: device(Device::BufferFlags), field: UINT,
        timestamp: place(&TIME), _timecode: skip(16), _sequence: UINT, memory: bits(&MEMORY),
        m: device(Device::Union(memory, MEMORIES, 0, true)), length: UINT, _reserved: skip(8), more: device(Device::More),
    } show [r#type, index];
    /// `struct v4l2_buffer` as it is asked when buffers are taken.
    BUFFER_WANTED "v4l2_buffer" {
        index: UINT, r#type: bits(&BUF_TYPE), bytesused: UINT, flags: device(Device::BufferFlags), field: UINT,
        timestamp: place(&TIME), _timecode: skip(16), _sequence: UINT, memory: bits(&MEMORY), m: ADDR, length: UINT,
        _reserved: skip(8),
    } show [r#type];
    /// `struct v4l2_buffer`.
    BUFFER "v4l2_buffer" {
        index: UINT, r#type: bits(&BUF_TYPE), bytesused: UINT, flags: device(Device::BufferFlags), field: UINT,
        timestamp: place(&TIME), _timecode: skip(16), _sequence: UINT, memory: bits(&MEMORY),
        m: device(Device::Union(memory, MEMORIES, 0, true)), length: UINT, _reserved: skip(8), more: device(Device::More),
    } show [r#type, index, memory, m, length, bytesused, flags, more];
    /// `struct v4l2_buffer` that was taken.
    BUFFER_TAKEN "v4l2_buffer" {
        index: UINT, r#type: bits(&BUF_TYPE), bytesused: UINT, flags: device(Device::BufferFlags), field: UINT,
        timestamp: place(&TIME), _timecode: skip(16), _sequence: UINT, memory: bits(&MEMORY),
        m: device(Device::Union(memory, MEMORIES, 0, true)), length: UINT, _reserved: skip(8), more: device(Device::More),
    } show [r#type, index, memory, m, length, bytesused, flags, timestamp, more];
    /// `struct v4l2_framebuffer`.
    FRAMEBUFFER "v4l2_framebuffer" { capability: HEX, flags: HEX, base: ADDR, _fmt: skip(32) };
    /// `struct v4l2_captureparm`.
    CAPTURE "v4l2_captureparm" {
        capability: bits(&FRAME_CAPABILITIES), capturemode: bits(&CAPTURE_MODE), timeperframe: FRACTION, extendedmode: HEX,
        readbuffers: UINT,
    };
    /// `struct v4l2_outputparm`.
    OUTPUT "v4l2_outputparm" {
        capability: bits(&FRAME_CAPABILITIES), outputmode: bits(&CAPTURE_MODE), timeperframe: FRACTION, extendedmode: HEX,
        writebuffers: UINT,
    };
    /// `struct v4l2_streamparm` as it is asked.
    PARM_ASKED "v4l2_streamparm" {
        r#type: bits(&BUF_TYPE), parm: device(Device::Union(r#type, PARAMETERS, 200, false)),
    } show [r#type];
    /// `struct v4l2_streamparm`.
    PARM "v4l2_streamparm" { r#type: bits(&BUF_TYPE), parm: device(Device::Union(r#type, PARAMETERS, 200, false)) };
    /// `struct v4l2_streamparm` as it is answered to what was shown.
    PARM_DONE "v4l2_streamparm" {
        r#type: bits(&BUF_TYPE), parm: device(Device::Union(r#type, PARAMETERS, 200, false)),
    } show [parm];
    /// `struct v4l2_standard` as it is asked.
    STANDARD_ASKED "v4l2_standard" {
        index: UINT, _id: U64, name: chars(24), frameperiod: FRACTION, framelines: UINT, _reserved: skip(16),
    } show [index];
    /// `struct v4l2_standard`.
    STANDARD "v4l2_standard" {
        index: UINT, _id: U64, name: chars(24), frameperiod: FRACTION, framelines: UINT, _reserved: skip(16),
    };
    /// `struct v4l2_input` as it is asked.
    INPUT_ASKED "v4l2_input" {
        index: UINT, name: chars(32), r#type: bits(&INPUT_TYPE), _rest: skip(8), _std: U64, _more: skip(20),
    } show [index];
    /// `struct v4l2_input`.
    INPUT "v4l2_input" {
        index: UINT, name: chars(32), r#type: bits(&INPUT_TYPE), _rest: skip(8), _std: U64, _more: skip(20),
    };
    /// `struct v4l2_control` as it is asked.
    CONTROL_ASKED "v4l2_control" { id: device(Device::Control(false)), value: INT } show [id];
    /// `struct v4l2_control`.
    CONTROL_GOT "v4l2_control" { id: device(Device::Control(false)), value: INT };
    /// `struct v4l2_control` as it is set.
    CONTROL_SET "v4l2_control" { id: device(Device::Control(false)), value: device(Device::Changed(&INT)) };
    /// `struct v4l2_tuner` as it is asked.
    TUNER_ASKED "v4l2_tuner" {
        index: UINT, name: chars(32), r#type: bits(&TUNER_TYPE), capability: bits(&TUNER_CAP), rangelow: UINT,
        rangehigh: UINT, rxsubchans: bits(&TUNER_SUB), audmode: bits(&TUNER_MODE), signal: INT, afc: INT,
        _reserved: skip(16),
    } show [index];
    /// `struct v4l2_tuner`.
    TUNER "v4l2_tuner" {
        index: UINT, name: chars(32), r#type: bits(&TUNER_TYPE), capability: bits(&TUNER_CAP), rangelow: UINT,
        rangehigh: UINT, rxsubchans: bits(&TUNER_SUB), audmode: bits(&TUNER_MODE), signal: INT, afc: INT,
        _reserved: skip(16),
    };
    /// `struct v4l2_tuner` as it is answered to what was shown.
    TUNER_DONE "v4l2_tuner" {
        index: UINT, name: chars(32), r#type: bits(&TUNER_TYPE), capability: bits(&TUNER_CAP), rangelow: UINT,
        rangehigh: UINT, rxsubchans: bits(&TUNER_SUB), audmode: bits(&TUNER_MODE), signal: INT, afc: INT,
        _reserved: skip(16),
    } show [name, r#type, capability, rangelow, rangehigh, rxsubchans, audmode, signal, afc];
    /// `struct v4l2_queryctrl` as it is asked.
    QUERY_ASKED "v4l2_queryctrl" { id: device(Device::Control(true)), _rest: skip(64) } show [id];
    /// `struct v4l2_queryctrl`.
    QUERY "v4l2_queryctrl" {
        id: device(Device::Control(true)), r#type: bits(&CTRL_TYPE), name: chars(32), minimum: INT, maximum: INT, step: INT,
        default_value: INT, flags: bits(&CTRL_FLAGS), reserved: device(Device::Rest(&HEX, 2)),
    } brief [id, r#type, name];
    /// `struct v4l2_query_ext_ctrl` as it is asked.
    QUERY_EXT_ASKED "v4l2_query_ext_ctrl" { id: device(Device::Control(true)), _rest: skip(228) } show [id];
    /// `struct v4l2_query_ext_ctrl`.
    QUERY_EXT "v4l2_query_ext_ctrl" {
        id: device(Device::Control(true)), r#type: bits(&CTRL_TYPE), name: chars(32), minimum: I64, maximum: I64, step: U64,
        default_value: I64, flags: bits(&CTRL_FLAGS), elem_size: UINT, elems: UINT, nr_of_dims: UINT,
        dims: device(Device::First(&UINT, 4, nr_of_dims)), reserved: device(Device::Rest(&HEX, 32)),
    } brief [id, r#type, name];
    /// `struct v4l2_cropcap` as it is asked.
    CROPCAP_ASKED "v4l2_cropcap" { r#type: bits(&BUF_TYPE), _rest: skip(40) } show [r#type];
    /// `struct v4l2_cropcap`.
    CROPCAP "v4l2_cropcap" {
        r#type: bits(&BUF_TYPE), bounds: place(&RECT), defrect: place(&RECT), pixelaspect: FRACTION,
    };
    /// `struct v4l2_crop` as it is asked.
    CROP_ASKED "v4l2_crop" { r#type: bits(&BUF_TYPE), c: place(&RECT) } show [r#type];
    /// `struct v4l2_crop`.
    CROP "v4l2_crop" { r#type: bits(&BUF_TYPE), c: place(&RECT) };
    /// `struct v4l2_frmsize_discrete`.
    SIZE "v4l2_frmsize_discrete" { width: UINT, height: UINT };
    /// `struct v4l2_frmsize_stepwise`.
    SIZES "v4l2_frmsize_stepwise" {
        min_width: UINT, max_width: UINT, step_width: UINT, min_height: UINT, max_height: UINT, step_height: UINT,
    };
    /// `struct v4l2_frmsizeenum` as it is asked.
    SIZE_ASKED "v4l2_frmsizeenum" { index: UINT, pixel_format: pixel(), _rest: skip(36) } show [index, pixel_format];
    /// `struct v4l2_frmsizeenum`.
    SIZE_LISTED "v4l2_frmsizeenum" {
        index: UINT, pixel_format: pixel(), r#type: bits(&FRAME_SIZE),
        size: device(Device::Union(r#type, FRAME_SIZES, 24, false)), _reserved: skip(8),
    };
    /// `struct v4l2_frmival_stepwise`.
    INTERVALS "v4l2_frmival_stepwise" { min: FRACTION, max: FRACTION, step: FRACTION };
    /// `struct v4l2_frmivalenum` as it is asked.
    INTERVAL_ASKED "v4l2_frmivalenum" {
        index: UINT, pixel_format: pixel(), width: UINT, height: UINT, _rest: skip(36),
    } show [index, pixel_format, width, height];
    /// `struct v4l2_frmivalenum`.
    INTERVAL_LISTED "v4l2_frmivalenum" {
        index: UINT, pixel_format: pixel(), width: UINT, height: UINT, r#type: bits(&FRAME_INTERVAL),
        interval: device(Device::Union(r#type, FRAME_INTERVALS, 24, false)), _reserved: skip(8),
    };
}

static FORMATS: &[crate::device::Variant] = &[
    (&[1, 2], "fmt.pix", place(&PIX)),
    (&[9, 10], "fmt.pix_mp", place(&PIX_MP)),
    (&[3, 8], "fmt.win", place(&WINDOW)),
    (&[4, 5], "fmt.vbi", place(&VBI)),
    (&[6, 7], "fmt.sliced", place(&SLICED_VBI)),
    (&[11, 12], "fmt.sdr", place(&SDR)),
    (&[13, 14], "fmt.meta", place(&META)),
];
static MEMORIES: &[crate::device::Variant] = &[(&[1], "m.offset", HEX), (&[2], "m.userptr", ADDR)];
static PARAMETERS: &[crate::device::Variant] =
    &[(&[1], "parm.capture", place(&CAPTURE)), (&[2], "parm.output", place(&OUTPUT))];
static FRAME_SIZES: &[crate::device::Variant] =
    &[(&[1], "discrete", place(&SIZE)), (&[3], "stepwise", place(&SIZES))];
static FRAME_INTERVALS: &[crate::device::Variant] =
    &[(&[1], "discrete", FRACTION), (&[2, 3], "stepwise", place(&INTERVALS))];

/// VIDIOC_CREATE_BUFS, which answers with its result.
pub static CREATE_BUFFERS: &[u32] = &[0xc100_565c, 0xc0f8_565c];

/// Commands, and what their arguments point to.
pub static ROWS: &[Row] = &[
    (&[0x8068_5600], Argument::told(&const { place(&CAPABILITY) })),
    (
        &[0xc040_5602],
        Argument::Replaced(&const { place(&FORMAT_LISTED_ASKED) }, &const { place(&FORMAT_LISTED) }),
    ),
    (
        &[0xc0d0_5604, 0xc0cc_5604],
        Argument::Replaced(&const { place(&FORMAT_ASKED) }, &const { place(&FORMAT) }),
    ),
    (
        &[0xc0d0_5605, 0xc0cc_5605, 0xc0d0_5640, 0xc0cc_5640],
        Argument::Becomes(&const { place(&FORMAT) }, &const { place(&FORMAT_DONE) }),
    ),
    (&[0xc014_5608], Argument::Updated(&const { place(&REQUEST) })),
    (
        &[0xc058_5609, 0xc04c_5609, 0xc058_560f, 0xc04c_560f],
        Argument::Replaced(&const { place(&BUFFER_ASKED) }, &const { place(&BUFFER) }),
    ),
    (
        &[0xc058_5611, 0xc04c_5611],
        Argument::Replaced(&const { place(&BUFFER_WANTED) }, &const { place(&BUFFER_TAKEN) }),
    ),
    (&[0x8030_560a, 0x802c_560a], Argument::told(&const { place(&FRAMEBUFFER) })),
    (&[0x4030_560b, 0x402c_560b], Argument::given(&const { place(&FRAMEBUFFER) })),
    (&[0x4004_5612, 0x4004_5613], Argument::given(&const { bits(&BUF_TYPE) })),
    (&[0xc0cc_5615], Argument::Replaced(&const { place(&PARM_ASKED) }, &const { place(&PARM) })),
    (&[0xc0cc_5616], Argument::Becomes(&const { place(&PARM) }, &const { place(&PARM_DONE) })),
    (&[0x8008_5617], Argument::told(&HEX64)),
    (&[0x4008_5618], Argument::given(&HEX64)),
    (
        &[0xc048_5619, 0xc040_5619],
        Argument::Replaced(&const { place(&STANDARD_ASKED) }, &const { place(&STANDARD) }),
    ),
    (
        &[0xc050_561a, 0xc04c_561a],
        Argument::Replaced(&const { place(&INPUT_ASKED) }, &const { place(&INPUT) }),
    ),
    (&[0xc008_561b], Argument::Replaced(&const { place(&CONTROL_ASKED) }, &const { place(&CONTROL_GOT) })),
    (&[0xc008_561c], Argument::Updated(&const { place(&CONTROL_SET) })),
    (&[0xc054_561d], Argument::Replaced(&const { place(&TUNER_ASKED) }, &const { place(&TUNER) })),
    (&[0x4054_561e], Argument::Becomes(&const { place(&TUNER) }, &const { place(&TUNER_DONE) })),
    (&[0xc044_5624], Argument::Replaced(&const { place(&QUERY_ASKED) }, &const { place(&QUERY) })),
    (&[0x8004_5626], Argument::told(&UINT)),
    (&[0xc004_5627], Argument::given(&UINT)),
    (&[0xc02c_563a], Argument::Replaced(&const { place(&CROPCAP_ASKED) }, &const { place(&CROPCAP) })),
    (&[0xc014_563b], Argument::Replaced(&const { place(&CROP_ASKED) }, &const { place(&CROP) })),
    (&[0x4014_563c], Argument::given(&const { place(&CROP) })),
    (&[0xc020_5647, 0xc018_5647], Argument::Coded(Code::Controls(false))),
    (&[0xc020_5648, 0xc018_5648, 0xc020_5649, 0xc018_5649], Argument::Coded(Code::Controls(true))),
    (&[0xc02c_564a], Argument::Replaced(&const { place(&SIZE_ASKED) }, &const { place(&SIZE_LISTED) })),
    (
        &[0xc034_564b],
        Argument::Replaced(&const { place(&INTERVAL_ASKED) }, &const { place(&INTERVAL_LISTED) }),
    ),
    (&[0xc100_565c, 0xc0f8_565c], Argument::given(&const { place(&CREATE) })),
    (&[0xc0e8_5667], Argument::Replaced(&const { place(&QUERY_EXT_ASKED) }, &const { place(&QUERY_EXT) })),
];

//! Commands of ioctl(2) that a header gives another number than the one in `names`: with time of 64 bits on i386, of 32
//! bits on 64-bit ABIs, and with structs that the headers of user programs do not size as the kernel does.
//!
//! Source: include/media/v4l2-ioctl.h, include/uapi/sound/asound.h, linux/ivtv.h, linux/android/binder.h of the kernel
//! and the behaviour of strace 6.1.

/// Commands of 64-bit ABIs, sorted.
pub static WIDE: &[(u32, &str)] = &[
    (0x4040_56c0, "IVTV_IOC_DMA_FRAME"),
    (0x4040_6301, "BC_REPLY"),
    (0x4048_6312, "BC_REPLY_SG"),
    (0x8080_5659, "VIDIOC_DQEVENT_TIME32"),
    (0xc030_644a, "DRM_IOCTL_VIRTGPU_RESOURCE_CREATE_BLOB"),
    (0xc050_5609, "VIDIOC_QUERYBUF_TIME32"),
    (0xc050_560f, "VIDIOC_QBUF_TIME32"),
    (0xc050_5611, "VIDIOC_DQBUF_TIME32"),
    (0xc050_565d, "VIDIOC_PREPARE_BUF_TIME32"),
];

/// Those of i386, sorted.
pub static NARROW: &[(u32, &str)] = &[
    (0x4038_56c0, "IVTV_IOC_DMA_FRAME"),
    (0x4040_6301, "BC_REPLY"),
    (0x4048_6312, "BC_REPLY_SG"),
    (0x8080_4120, "SNDRV_PCM_IOCTL_STATUS64"),
    (0x8080_5659, "VIDIOC_DQEVENT"),
    (0xc030_644a, "DRM_IOCTL_VIRTGPU_RESOURCE_CREATE_BLOB"),
    (0xc04c_5609, "VIDIOC_QUERYBUF"),
    (0xc04c_560f, "VIDIOC_QBUF"),
    (0xc04c_5611, "VIDIOC_DQBUF"),
    (0xc04c_565d, "VIDIOC_PREPARE_BUF"),
    (0xc080_4124, "SNDRV_PCM_IOCTL_STATUS_EXT64"),
];

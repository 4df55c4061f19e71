/* ioctl of video devices: formats by the type of the buffer, buffers, controls, frame sizes and intervals. */
#define _TIME_BITS 64
#define _FILE_OFFSET_BITS 64
#include "decode.h"
#include <linux/videodev2.h>

/* A struct that ends at the page's end. */
static void give(W command, const void *thing, unsigned long size)
{
	W at = own(thing, size);
	P(SYS_ioctl, L(-1), L((unsigned)command), L(at));
}

/* One that reaches beyond it. */
static void give_part(W command, unsigned long size)
{
	P(SYS_ioctl, L(-1), L((unsigned)command), L(END(COUNT) - size + 1, END(SMALL) - size + 4, END(SMALL) - 4, END(SMALL) - size));
}

/* The same with each of `count` values of 32 bits in one place. */
static void each(W command, void *thing, unsigned long size, void *member, const unsigned *values, int count)
{
	for (int i = 0; i < count; i++) {
		memcpy(member, values + i, 4);
		give(command, thing, size);
	}
}

#define EACH(command, thing, member, ...)                                           \
	do {                                                                        \
		const unsigned v_[] = {__VA_ARGS__};                                \
		each(command, &(thing), sizeof(thing), &(member), v_, sizeof(v_) / 4); \
	} while (0)
#define BITS 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 0x800, 0x1000, 0x2000, 0x4000, 0x8000, 0x10000, 0x20000, \
	0x40000, 0x80000, 0x100000, 0x200000, 0x400000, 0x800000, 0x1000000, 0x2000000, 0x4000000, 0x8000000,          \
	0x10000000, 0x20000000, 0x40000000, 0x80000000, 0xffffffff
#define LOW 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 0x80, 0x81

static void fill(void *thing, unsigned long size, int from)
{
	uint32_t *word = thing;
	for (unsigned i = 0; i < size / 4; i++)
		word[i] = from ? from + i : 0;
}

static const unsigned commands[] = {
	VIDIOC_QUERYCAP, VIDIOC_ENUM_FMT, VIDIOC_G_FMT, VIDIOC_S_FMT, VIDIOC_REQBUFS, VIDIOC_QUERYBUF, VIDIOC_G_FBUF,
	VIDIOC_S_FBUF, VIDIOC_OVERLAY, VIDIOC_QBUF, VIDIOC_EXPBUF, VIDIOC_DQBUF, VIDIOC_STREAMON, VIDIOC_STREAMOFF,
	VIDIOC_G_PARM, VIDIOC_S_PARM, VIDIOC_G_STD, VIDIOC_S_STD, VIDIOC_ENUMSTD, VIDIOC_ENUMINPUT, VIDIOC_G_CTRL,
	VIDIOC_S_CTRL, VIDIOC_G_TUNER, VIDIOC_S_TUNER, VIDIOC_G_AUDIO, VIDIOC_S_AUDIO, VIDIOC_QUERYCTRL,
	VIDIOC_QUERYMENU, VIDIOC_G_INPUT, VIDIOC_S_INPUT, VIDIOC_G_EDID, VIDIOC_S_EDID, VIDIOC_G_OUTPUT,
	VIDIOC_S_OUTPUT, VIDIOC_ENUMOUTPUT, VIDIOC_G_AUDOUT, VIDIOC_S_AUDOUT, VIDIOC_G_MODULATOR, VIDIOC_S_MODULATOR,
	VIDIOC_G_FREQUENCY, VIDIOC_S_FREQUENCY, VIDIOC_CROPCAP, VIDIOC_G_CROP, VIDIOC_S_CROP, VIDIOC_G_JPEGCOMP,
	VIDIOC_S_JPEGCOMP, VIDIOC_QUERYSTD, VIDIOC_TRY_FMT, VIDIOC_ENUMAUDIO, VIDIOC_ENUMAUDOUT, VIDIOC_G_PRIORITY,
	VIDIOC_S_PRIORITY, VIDIOC_G_SLICED_VBI_CAP, VIDIOC_LOG_STATUS, VIDIOC_G_EXT_CTRLS, VIDIOC_S_EXT_CTRLS,
	VIDIOC_TRY_EXT_CTRLS, VIDIOC_ENUM_FRAMESIZES, VIDIOC_ENUM_FRAMEINTERVALS, VIDIOC_G_ENC_INDEX,
	VIDIOC_ENCODER_CMD, VIDIOC_TRY_ENCODER_CMD, VIDIOC_DBG_S_REGISTER, VIDIOC_DBG_G_REGISTER,
	VIDIOC_S_HW_FREQ_SEEK, VIDIOC_S_DV_TIMINGS, VIDIOC_G_DV_TIMINGS, VIDIOC_DQEVENT, VIDIOC_SUBSCRIBE_EVENT,
	VIDIOC_UNSUBSCRIBE_EVENT, VIDIOC_CREATE_BUFS, VIDIOC_PREPARE_BUF, VIDIOC_G_SELECTION, VIDIOC_S_SELECTION,
	VIDIOC_DECODER_CMD, VIDIOC_TRY_DECODER_CMD, VIDIOC_ENUM_DV_TIMINGS, VIDIOC_QUERY_DV_TIMINGS,
	VIDIOC_DV_TIMINGS_CAP, VIDIOC_ENUM_FREQ_BANDS, VIDIOC_DBG_G_CHIP_INFO, VIDIOC_QUERY_EXT_CTRL,
};

/* Formats of pixels. */
static const unsigned pixels[] = {
	0x20303159, 0x20323159, 0x20343059, 0x20343159, 0x20363059, 0x20363159, 0x2036315a, 0x20385655, 0x20493859,
	0x30313050, 0x30313054, 0x3031334d, 0x30313953, 0x30314142, 0x30314247, 0x30314442, 0x30314742, 0x30314752,
	0x3032344d, 0x30323953, 0x30324350, 0x30324c4a, 0x30364d54, 0x30383653, 0x30385056, 0x30395056, 0x31303453,
	0x31303553, 0x3131354f, 0x31324d4d, 0x31324d4e, 0x31324d59, 0x3132544d, 0x3132564e, 0x31363553, 0x31364d4e,
	0x31364d59, 0x3136564e, 0x31384142, 0x31424752, 0x31435641, 0x31435750, 0x3147504d, 0x32314142, 0x32314147,
	0x3231414e, 0x32314152, 0x32314241, 0x32314247, 0x32314258, 0x32314742, 0x32314752, 0x32314d48, 0x32314d4e,
	0x32314d54, 0x32314d56, 0x32314d59, 0x32315241, 0x32315258, 0x32315453, 0x32315456, 0x32315552, 0x32315559,
	0x3231564e, 0x32315659, 0x32315842, 0x32315852, 0x32344d59, 0x3234564e, 0x32435750, 0x3247504d, 0x32525942,
	0x33363248, 0x33424752, 0x33524742, 0x33565348, 0x33565559, 0x34314247, 0x34314742, 0x34314752, 0x34315247,
	0x34315343, 0x34324142, 0x34324152, 0x34324241, 0x34324258, 0x34324948, 0x34324d59, 0x34325241, 0x34325258,
	0x3432564e, 0x34325842, 0x34325852, 0x34343452, 0x34343459, 0x34363248, 0x3436324d, 0x34363253, 0x34424752,
	0x34464e43, 0x3447504d, 0x34524742, 0x34565348, 0x34565559, 0x35303553, 0x35314142, 0x35314152, 0x35314241,
	0x35314258, 0x35315241, 0x35315258, 0x35315842, 0x35315852, 0x35323645, 0x35363253, 0x36314247, 0x36314350,
	0x36314454, 0x36314752, 0x36314d4e, 0x36314d59, 0x36315247, 0x36315543, 0x36315554, 0x3631564e, 0x37303250,
	0x38303553, 0x38304454, 0x38305343, 0x38305543, 0x38305554, 0x3831354f, 0x38314350, 0x38414261, 0x38414262,
	0x38414761, 0x38414762, 0x38415261, 0x38415262, 0x38416761, 0x384c4150, 0x39555659, 0x39565559, 0x41414270,
	0x41414770, 0x41415270, 0x41416770, 0x41495043, 0x41564e57, 0x41565559, 0x41595556, 0x42303159, 0x42474752,
	0x43303151, 0x43353039, 0x43383051, 0x43434270, 0x43434770, 0x43435270, 0x43436770, 0x43564548, 0x44495658,
	0x44564956, 0x45454270, 0x45454770, 0x45455270, 0x45456770, 0x46385056, 0x46395056, 0x47314356, 0x47337069,
	0x47425247, 0x4745504a, 0x4745504d, 0x47504a4d, 0x47504a50, 0x47524247, 0x48435655, 0x48505356, 0x48524742,
	0x48574653, 0x49323159, 0x49433553, 0x494e4f4b, 0x495a4e49, 0x4c314356, 0x4c47504a, 0x4f424752, 0x4f565559,
	0x50303159, 0x50313134, 0x50313459, 0x50314b52, 0x50323234, 0x50424752, 0x50565559, 0x51424752, 0x52424752,
	0x53314b52, 0x5332474d, 0x54485746, 0x54505356, 0x55595659, 0x56544943, 0x56555941, 0x56555958, 0x56555959,
	0x56595559, 0x584e4f53, 0x58565559, 0x58583444, 0x58595556, 0x59455247, 0x59555956, 0x59565955, 0x62337069,
	0x64737664, 0x67337069, 0x72337069, 0x79337069, 0xa0363159, 0xb231544e, 0xb5315241, 0xb5315258
};

static void pixel_formats(void)
{
	struct v4l2_format f;
	fill(&f, sizeof f, 0);
	for (unsigned i = 0; i < sizeof pixels / sizeof *pixels; i++) {
		f.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
		EACH(VIDIOC_G_FMT, f, f.fmt.pix.pixelformat, pixels[i], pixels[i] + 1);
		f.fmt.pix.pixelformat = 0;
		f.type = V4L2_BUF_TYPE_SDR_CAPTURE;
		EACH(VIDIOC_G_FMT, f, f.fmt.sdr.pixelformat, pixels[i]);
		f.type = V4L2_BUF_TYPE_META_CAPTURE;
		EACH(VIDIOC_G_FMT, f, f.fmt.meta.dataformat, pixels[i]);
		f.type = V4L2_BUF_TYPE_VBI_CAPTURE;
		memset(&f.fmt, 0, sizeof f.fmt);
		EACH(VIDIOC_G_FMT, f, f.fmt.vbi.sample_format, pixels[i]);
		memset(&f.fmt, 0, sizeof f.fmt);
		struct v4l2_fmtdesc desc = {1, 1, 0, "x", pixels[i]};
		give(VIDIOC_ENUM_FMT, &desc, sizeof desc);
		struct v4l2_frmsizeenum size = {1, pixels[i]};
		give(VIDIOC_ENUM_FRAMESIZES, &size, sizeof size);
	}
}

static void formats(W command)
{
	struct v4l2_format f;
	for (int from = 0; from < 200; from += 99) {
		fill(&f, sizeof f, from);
		EACH(command, f, f.type, LOW, 0xffffffff);
	}
	fill(&f, sizeof f, 1);
	f.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	EACH(command, f, f.fmt.pix.pixelformat, V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_Y16_BE, 0x275c0a41, 0x7f1f20ff, 0);
	EACH(command, f, f.fmt.pix.field, LOW);
	EACH(command, f, f.fmt.pix.colorspace, LOW);
	f.type = V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE;
	for (int planes = 0; planes < 12; planes++) {
		f.fmt.pix_mp.num_planes = planes;
		EACH(command, f, f.fmt.pix_mp.field, 1, 77);
	}
	EACH(command, f, f.fmt.pix_mp.colorspace, LOW);
	f.type = V4L2_BUF_TYPE_VIDEO_OVERLAY;
	struct v4l2_clip clips[2] = {{{1, 2, 3, 4}, 0}, {{-1, -2, 5, 6}, 0}};
	W at = (W)memcpy((void *)TEXT + 512, clips, sizeof clips);
	f.fmt.win.clips = (void *)at;
	f.fmt.win.bitmap = 0;
	EACH(command, f, f.fmt.win.clipcount, 0, 1, 2, 3, 40, 3000, 0xffffffff);
	EACH(command, f, f.fmt.win.field, LOW);
	f.fmt.win.clips = (void *)(END(SMALL) - 40);
	EACH(command, f, f.fmt.win.clipcount, 0, 1, 2, 3, 3000);
	f.fmt.win.clips = 0;
	EACH(command, f, f.fmt.win.clipcount, 0, 1);
	f.type = V4L2_BUF_TYPE_VBI_CAPTURE;
	EACH(command, f, f.fmt.vbi.flags, 0, 1, 2, 3, 4, 0xfffffff8);
	f.type = V4L2_BUF_TYPE_SLICED_VBI_OUTPUT;
	EACH(command, f, f.fmt.sliced, BITS);
	f.type = V4L2_BUF_TYPE_SDR_CAPTURE;
	EACH(command, f, f.fmt.sdr.buffersize, 0, 5);
	memset(&f.fmt, 0, sizeof f.fmt);
	f.fmt.sdr.pixelformat = V4L2_SDR_FMT_CU8;
	give(command, &f, sizeof f);
	f.type = V4L2_BUF_TYPE_META_OUTPUT;
	give(command, &f, sizeof f);
}

static void buffers(W command)
{
	struct v4l2_buffer b;
	struct v4l2_plane planes[3];
	fill(planes, sizeof planes, 500);
	W at = (W)memcpy((void *)TEXT + 512, planes, sizeof planes);
	fill(&b, sizeof b, 1);
	EACH(command, b, b.type, LOW);
	EACH(command, b, b.flags, BITS, 0x6000, 0x30000, 0x2001, 0x14000);
	for (int memory = 0; memory < 6; memory++) {
		b.memory = memory;
		EACH(command, b, b.type, 1, 2, 9, 10, 11);
		b.m.planes = 0;
		EACH(command, b, b.type, 1, 2, 9, 10);
		b.m.planes = (void *)at;
		for (int length = 0; length < 4; length++) {
			b.length = length;
			EACH(command, b, b.type, 1, 9, 10);
		}
		b.length = 40;
		EACH(command, b, b.type, 9);
		b.m.planes = (void *)(END(SMALL) - 100);
		EACH(command, b, b.type, 9);
		b.length = 2;
	}
	b.type = 9;
	b.memory = 1;
	b.m.planes = (void *)at;
	EACH(command, b, b.flags, 0, 4, 0x2000, 0x4000);
	b.timestamp.tv_sec = -5;
	b.timestamp.tv_usec = 1000001;
	b.type = 1;
	EACH(command, b, b.flags, 0, 4, 0x2000, 0x4000);
}

static void controls(W command)
{
	struct v4l2_ext_controls c;
	struct v4l2_ext_control list[4];
	fill(&c, sizeof c, 1);
	fill(list, sizeof list, 600);
	list[0].id = V4L2_CID_BRIGHTNESS, list[0].size = 0;
	list[1].id = V4L2_CID_TUNE_DEEMPHASIS, list[1].size = 5, list[1].string = (char *)TEXT;
	list[2].id = 0x12345, list[2].size = 40, list[2].string = (char *)COUNT;
	list[3].size = 8, list[3].string = (char *)BAD;
	W at = (W)memcpy((void *)TEXT + 512, list, sizeof list);
	W end = (W)memcpy((void *)(END(COUNT) - sizeof list), list, sizeof list);
	for (int which = 0; which < 3; which++) {
		c.controls = which == 0 ? (void *)at : which == 1 ? (void *)end : 0;
		EACH(command, c, c.count, 0, 1, 2, 3, 4, 5, 33, 0x10000, 0xffffffff);
	}
	c.controls = (void *)at;
	c.count = 1;
	EACH(command, c, c.ctrl_class, 0, 0x00980000, 0x00990000, 0x009a0000, 0x009b0000, 0x009c0000, 0x009d0000, 0x009e0000,
		0x009f0000, 0x00a00000, 0x00a10000, 0x00a20000, 0x00a30000, 0x00a40000, 0x00a50000, 0x0f000000, 0x0f010000, 1);
	EACH(command, c, c.error_idx, 0, 1, 2);
	EACH(command, c, c.request_fd, 0, 0xffffffff);
}

static void control_ids(void)
{
	struct v4l2_control c = {0, -3};
	for (unsigned class = 0x980000; class <= 0xa60000; class += 0x10000)
		for (unsigned id = 0; id < 0x2000; id++) {
			/* Ids begin at 0x900, and those of drivers at 0x1000. */
			unsigned low = id & 0xfff;
			if (low < 0x80 || (low >= 0x100 && low < 0x140) || (low >= 0x900 && low < (class == 0x990000 ? 0xd00 : 0xa00)))
				EACH(VIDIOC_G_CTRL, c, c.id, class + id);
		}
	for (unsigned id = 0; id < 0x40; id++)
		EACH(VIDIOC_S_CTRL, c, c.id, 0x8000000 + id, 0x991000 + id, 0x992000 + id, 0x980000 | id << 8);
}

static void parameters(W command)
{
	struct v4l2_streamparm p;
	fill(&p, sizeof p, 1);
	EACH(command, p, p.type, LOW);
	p.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	EACH(command, p, p.parm.capture.capability, 0, 1, 0x1000, 0x1001);
	EACH(command, p, p.parm.capture.capturemode, 0, 1, 2, 3);
	p.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
	EACH(command, p, p.parm.output.capability, 0, 1, 0x1000, 0x1001);
	EACH(command, p, p.parm.output.outputmode, 0, 1, 2, 3);
}

static void lists(void)
{
	struct v4l2_capability cap;
	fill(&cap, sizeof cap, 0);
	strcpy((char *)cap.driver, "uvcvideo"), strcpy((char *)cap.card, "Camera \"x\""), cap.version = 0x60132;
	EACH(VIDIOC_QUERYCAP, cap, cap.capabilities, BITS, 0x84a00001);
	EACH(VIDIOC_QUERYCAP, cap, cap.device_caps, BITS);
	struct v4l2_fmtdesc desc;
	fill(&desc, sizeof desc, 0);
	EACH(VIDIOC_ENUM_FMT, desc, desc.type, LOW);
	EACH(VIDIOC_ENUM_FMT, desc, desc.flags, BITS);
	EACH(VIDIOC_ENUM_FMT, desc, desc.mbus_code, 1);
	struct v4l2_frmsizeenum size;
	fill(&size, sizeof size, 1);
	EACH(VIDIOC_ENUM_FRAMESIZES, size, size.type, LOW);
	struct v4l2_frmivalenum interval;
	fill(&interval, sizeof interval, 1);
	EACH(VIDIOC_ENUM_FRAMEINTERVALS, interval, interval.type, LOW);
	struct v4l2_input input;
	fill(&input, sizeof input, 0);
	EACH(VIDIOC_ENUMINPUT, input, input.type, LOW);
	struct v4l2_tuner tuner;
	fill(&tuner, sizeof tuner, 1);
	for (W command = VIDIOC_G_TUNER;; command = VIDIOC_S_TUNER) {
		EACH(command, tuner, tuner.type, LOW);
		EACH(command, tuner, tuner.capability, BITS);
		EACH(command, tuner, tuner.rxsubchans, BITS);
		EACH(command, tuner, tuner.audmode, LOW);
		if (command == (W)VIDIOC_S_TUNER)
			break;
	}
	struct v4l2_queryctrl query;
	fill(&query, sizeof query, 0);
	EACH(VIDIOC_QUERYCTRL, query, query.type, LOW, 0x100, 0x101, 0x102, 0x106, 0x110, 0x111, 0x200, 0x201, 0x202, 0x203, 0x204,
		0x205, 0x206, 0x220, 0x240, 0x250, 0x251, 0x252, 0x253, 0x260, 0x261, 0x270, 0x271, 0x272, 0x273, 0x274);
	EACH(VIDIOC_QUERYCTRL, query, query.flags, BITS);
	EACH(VIDIOC_QUERYCTRL, query, query.id, 0x80000000, 0x40000000, 0xc0000000, 0x80980900, 0x980900, 0xc0980901, 0x8000001);
	struct v4l2_query_ext_ctrl ext;
	fill(&ext, sizeof ext, 0);
	EACH(VIDIOC_QUERY_EXT_CTRL, ext, ext.type, 0, 1, 0x101, 0x274);
	EACH(VIDIOC_QUERY_EXT_CTRL, ext, ext.flags, BITS);
	EACH(VIDIOC_QUERY_EXT_CTRL, ext, ext.id, 0x80000000, 0x40000000, 0xc0000000, 0x80980900, 0x980900, 0xc0980901);
	EACH(VIDIOC_QUERY_EXT_CTRL, ext, ext.nr_of_dims, 0, 1, 2, 4, 5, 0xffffffff);
	EACH(VIDIOC_QUERY_EXT_CTRL, ext, ext.reserved[31], 1);
	struct v4l2_requestbuffers request;
	fill(&request, sizeof request, 1);
	EACH(VIDIOC_REQBUFS, request, request.memory, LOW);
	EACH(VIDIOC_REQBUFS, request, request.type, LOW);
	fill(&request, sizeof request, 0);
	EACH(VIDIOC_REQBUFS, request, request.capabilities, BITS);
	memset(&request.capabilities, 0, 8);
	EACH(VIDIOC_REQBUFS, request, request.capabilities, 0, 1);
	struct v4l2_create_buffers create;
	fill(&create, sizeof create, 0);
	EACH(VIDIOC_CREATE_BUFS, create, create.memory, LOW);
	EACH(VIDIOC_CREATE_BUFS, create, create.format.type, LOW);
	EACH(VIDIOC_CREATE_BUFS, create, create.capabilities, 1, 0);
	EACH(VIDIOC_CREATE_BUFS, create, create.flags, 1, 2, 0);
	for (int type = 1; type < 15; type++) {
		unsigned one = type;
		EACH(VIDIOC_STREAMON, one, one, type);
		EACH(VIDIOC_STREAMOFF, one, one, type);
		struct v4l2_crop crop = {type, {-1, 2, 3, 4}};
		give(VIDIOC_S_CROP, &crop, sizeof crop);
		give(VIDIOC_G_CROP, &crop, sizeof crop);
	}
}

int main(int argc, char **argv)
{
	set_up(argc, argv);
	for (unsigned i = 0; i < sizeof commands / sizeof *commands; i++) {
		P(SYS_ioctl, L(-1), L(commands[i]), PTRS);
		give_part(commands[i], commands[i] >> 16 & 0x3fff);
	}
	lists();
	pixel_formats();
	formats(VIDIOC_G_FMT), formats(VIDIOC_S_FMT), formats(VIDIOC_TRY_FMT);
	buffers(VIDIOC_QUERYBUF), buffers(VIDIOC_QBUF), buffers(VIDIOC_DQBUF);
	controls(VIDIOC_G_EXT_CTRLS), controls(VIDIOC_S_EXT_CTRLS), controls(VIDIOC_TRY_EXT_CTRLS);
	parameters(VIDIOC_G_PARM), parameters(VIDIOC_S_PARM);
	control_ids();
	return 0;
}

/* ioctl: disks, SCSI devices, flash memory, block devices and extents of files. */
#include "decode.h"
#include <linux/blktrace_api.h>
#include <linux/bsg.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/hdreg.h>
#include <linux/loop.h>
#include <mtd/mtd-user.h>
#include <mtd/ubi-user.h>
#include <scsi/sg.h>

struct piece {
	const void *base;
	W length;
};

static void call(unsigned command, W at)
{
	P(SYS_ioctl, L(-1), L(command), L(at));
}

/* Two pieces of memory. */
static void *pieces(void)
{
	const struct piece list[] = {{(void *)COUNT, 3}, {(void *)SMALL, 9}};
	return memcpy((void *)(OWN + 100), list, sizeof list);
}

static void third(int direction, int n)
{
	struct sg_io_hdr h = {
		.interface_id = 'S', .dxfer_direction = direction, .cmd_len = 6, .mx_sb_len = 8, .dxfer_len = n ? n * 7 : 5,
		.dxferp = (void *)COUNT, .cmdp = (void *)COUNT, .sbp = (void *)COUNT, .timeout = 12, .flags = 0x31,
		.pack_id = -3, .usr_ptr = (void *)0x55, .status = n, .masked_status = n, .msg_status = 4, .sb_len_wr = 3,
		.host_status = n * 3, .driver_status = 8, .resid = n, .duration = 99, .info = n
	};
	call(SG_IO, own(&h, sizeof h));
	h.resid = -n;
	h.flags = h.info = ~0;
	h.dxferp = (void *)(n % 2 ? BAD : 0);
	call(SG_IO, own(&h, sizeof h));
	h.cmdp = (void *)(END(COUNT) - n);
	h.sbp = (void *)(n % 2 ? BAD : 0);
	h.iovec_count = 2;
	h.dxferp = n == 3 ? (void *)BAD : pieces();
	call(SG_IO, own(&h, sizeof h));
	h.cmd_len = h.sb_len_wr = 200;
	h.resid = 1000;
	call(SG_IO, own(&h, sizeof h));
	call(SG_IO, own(&h, sizeof h - 1));
}

static void fourth(int n)
{
	struct sg_io_v4 v = {
		.guard = 'Q', .protocol = n == 7 ? 3 : 0, .subprotocol = n % 4, .request_len = 6, .request = COUNT,
		.request_tag = 77, .request_attr = n, .request_priority = 2, .request_extra = 9, .max_response_len = 12,
		.response = COUNT, .dout_xfer_len = 7, .din_xfer_len = n == 1 ? 0 : 9, .dout_xferp = SMALL, .din_xferp = SMALL,
		.timeout = 5, .flags = n == 2 ? ~0 : n * 8, .usr_ptr = 1234, .spare_in = n, .driver_status = 1,
		.transport_status = n, .device_status = 3, .retry_delay = 4, .info = n, .duration = 6, .response_len = n * 6,
		.din_resid = n - 3, .dout_resid = 1 - n, .generated_tag = n, .spare_out = n
	};
	call(SG_IO, own(&v, sizeof v));
	v.dout_iovec_count = v.din_iovec_count = 2;
	v.dout_xferp = v.din_xferp = (unsigned long)pieces();
	call(SG_IO, own(&v, sizeof v));
	v.request = v.response = n % 2 ? BAD : 0;
	v.dout_xferp = v.din_xferp = BAD;
	call(SG_IO, own(&v, sizeof v));
	call(SG_IO, own(&v, sizeof v - 1));
}

static void flash(void)
{
	for (int n = 0; n < 10; n++) {
		uint8_t *o = (void *)(OWN + 512);
		memset(o, 0, 512);
		o[0] = o[4] = o[8] = o[40] = n;
		call(MEMGETINFO, (W)o);
		call(MEMGETOOBSEL, (W)o);
		call(MEMWRITE, (W)o);
		call(MEMGETREGIONINFO, (W)o);
		call(UBI_IOCEBCH, (W)o);
		call(UBI_IOCEBMAP, (W)o);
		call(UBI_IOCSETVOLPROP, (W)o);
		struct ubi_mkvol_req make = {n, 1 - n, -5, n, n, n * 20 - 40, {0}, "a name of a volume"};
		call(UBI_IOCMKVOL, own(&make, sizeof make));
		make.name_len = 18;
		call(UBI_IOCMKVOL, own(&make, sizeof make));
		struct ubi_rnvol_req *names = (void *)(OWN + 0x100000);
		memset(names, 0, sizeof *names);
		names->count = n * 9 - 9;
		for (int i = 0; i < n; i++) {
			names->ents[i].vol_id = i;
			names->ents[i].name_len = i * 2;
			strcpy(names->ents[i].name, "another");
		}
		call(UBI_IOCRNVOL, (W)names);
	}
}

static void extents(void)
{
	for (int n = 0; n < 40; n += 5) {
		struct fiemap *map = (void *)(OWN + 512);
		memset(map, 0, 2048);
		*map = (struct fiemap){n, ~0ULL, n, n, n + 1};
		for (int i = 0; i < n; i++)
			map->fm_extents[i] = (struct fiemap_extent){i, i * 2, i * 3, .fe_flags = 1 << i % 16};
		call(FS_IOC_FIEMAP, (W)map);
	}
	struct fiemap_extent last = {1, 2, 3, .fe_flags = 0x1000};
	W at = own(&last, sizeof last);
	struct fiemap before = {1, 2, 3, 4, 5};
	memcpy((void *)(at - sizeof before), &before, sizeof before);
	call(FS_IOC_FIEMAP, at - sizeof before);
}

/* How a loop is encrypted decides what is told of its key. */
static void loops(void)
{
	for (int kind = 0; kind < 20; kind += 1 + kind / 3 * 5)
		for (int size = 0; size < 40; size += 13) {
			struct loop_info info = {.lo_encrypt_type = kind, .lo_encrypt_key_size = size, .lo_name = "/", .lo_encrypt_key = "abc"};
			struct loop_info64 wide = {.lo_encrypt_type = kind, .lo_encrypt_key_size = size, .lo_file_name = "/", .lo_encrypt_key = "abc"};
			P(SYS_ioctl, L(-1), L(LOOP_SET_STATUS, LOOP_GET_STATUS), L(own(&info, sizeof info)));
			P(SYS_ioctl, L(-1), L(LOOP_SET_STATUS64, LOOP_GET_STATUS64), L(own(&wide, sizeof wide)));
		}
}

int main(int argc, char **argv)
{
	static const unsigned commands[] = {
		SG_IO, SG_SCSI_RESET, SG_GET_REQUEST_TABLE, 0x307, HDIO_GET_IDENTITY, 0x31c, HDIO_DRIVE_CMD, 0x328,
		HDIO_DRIVE_TASK, HDIO_DRIVE_TASKFILE, MEMGETINFO, MEMERASE, MEMWRITEOOB, MEMREADOOB, MEMGETREGIONINFO,
		MEMGETOOBSEL, OTPGETREGIONINFO, OTPLOCK, ECCGETLAYOUT, ECCGETSTATS, MEMWRITEOOB64, MEMREADOOB64, MEMWRITE,
		UBI_IOCMKVOL, UBI_IOCRSVOL, UBI_IOCRNVOL, UBI_IOCATT, UBI_IOCEBCH, UBI_IOCEBMAP, UBI_IOCSETVOLPROP,
		BLKTRACESETUP, FS_IOC_FIEMAP
	};
	mmap((void *)(OWN + 0x100000), 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	set_up(argc, argv);
	loops();
	for (unsigned i = 0; i < sizeof commands / sizeof *commands; i++)
		P(SYS_ioctl, L(-1), L(commands[i]), PTRS);
	for (int direction = -6; direction < 2; direction++)
		for (int n = 0; n < 4; n++)
			third(direction, n);
	for (int n = 0; n < 8; n++)
		fourth(n);
	uint8_t *o = (void *)(OWN + 512);
	for (int n = 0; n < 256; n++) {
		memset(o, n, 4);
		call(HDIO_DRIVE_CMD, (W)o);
		memset(o, 0, 4);
		o[0] = n, o[1] = n / 128;
		call(SG_SCSI_RESET, (W)o);
	}
	flash();
	extents();
	return 0;
}

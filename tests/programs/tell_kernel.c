/* Commands of ioctl and operations of io_uring that are newer than the oracle. */
#include "tell.h"

#define EVERY(r, line, name, number, rest, ...) \
	ROW(r, line(name) rest, line(number) rest, line(number " /* " name " */") rest, __VA_ARGS__)
#define IOCTL(command) "ioctl(3, " command ", "
#define COMMAND(r, name, number, rest, argument) \
	EVERY(r, IOCTL, name, #number, rest, SYS_ioctl, L(3), L(number), L(argument))

static void commands(void)
{
	memset(buffer, 0, sizeof buffer);
	put(0, 50, 4), put(4, 8, 2), put(6, 1, 1);
	W at = place(8);
	COMMAND(-22, "EPIOCSPARAMS", 0x40088a01, "{busy_poll_usecs=50, busy_poll_budget=8, prefer_busy_poll=1})", at);
	COMMAND(0, "EPIOCGPARAMS", 0x80088a02, "{busy_poll_usecs=50, busy_poll_budget=8, prefer_busy_poll=1})", at);
	COMMAND(-22, "EPIOCGPARAMS", 0x80088a02, "0x2000aff8)", at);
	put(7, 9, 1);
	at = place(8);
	COMMAND(5, "EPIOCSPARAMS", 0x40088a01, "{busy_poll_usecs=50, busy_poll_budget=8, prefer_busy_poll=1, __pad=0x9})", at);

	COMMAND(0, "NS_GET_MNTNS_ID", 0x8008b705, "[0x807060504030201])", COUNT);
	COMMAND(0, "NS_GET_ID", 0x8008b70d, "[0x807060504030201])", COUNT);
	COMMAND(5, "NS_GET_PID_FROM_PIDNS", 0x8004b706, "12)", 12);
	COMMAND(5, "NS_GET_TGID_FROM_PIDNS", 0x8004b707, "12)", 12);
	COMMAND(5, "NS_GET_PID_IN_PIDNS", 0x8004b708, "12)", 12);
	COMMAND(-22, "NS_GET_TGID_IN_PIDNS", 0x8004b709, "12)", 12);
	memset(buffer, 0, sizeof buffer);
	put(0, 16, 4), put(4, 30, 4), put(8, 0x99, 8);
	at = place(16);
	COMMAND(0, "NS_MNT_GET_INFO", 0x8010b70a, "{size=16, nr_mounts=30, mnt_ns_id=0x99})", at);
	COMMAND(5, "NS_MNT_GET_NEXT", 0x8010b70b, "{size=16, nr_mounts=30, mnt_ns_id=0x99})", at);
	COMMAND(-22, "NS_MNT_GET_PREV", 0x8010b70c, "0x2000aff0)", at);

	ROW(0, "ioctl(3, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP)", "ioctl(3, 0x40082104, 0x1)",
		"ioctl(3, 0x40082104 /* SECCOMP_IOCTL_NOTIF_SET_FLAGS */, 0x1 /* SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP */)",
		SYS_ioctl, L(3), L(0x40082104), L(1));
	ROW(0, "ioctl(3, WDIOC_SETOPTIONS, [WDIOS_DISABLECARD])", "ioctl(3, 0x80045704, [0x1])",
		"ioctl(3, 0x80045704 /* WDIOC_SETOPTIONS */, [0x1 /* WDIOS_DISABLECARD */])", SYS_ioctl, L(3), L(0x80045704), L(SMALL));

	memset(buffer, 0, sizeof buffer);
	put(0, 0x1000, 8), put(8, 0x2000, 8), put(16, 1, 8), put(24, 0x3000, 8);
	at = place(32);
#define RANGE(mode) "{range={start=0x1000, len=0x2000}, mode=" mode
#define FAULT(r, name, number, mode, rest) \
	ROW(r, "ioctl(3, " name ", " RANGE(mode) rest, "ioctl(3, " #number ", " RANGE("0x1") rest, \
		"ioctl(3, " #number " /* " name " */, " RANGE("0x1 /* " mode " */") rest, SYS_ioctl, L(3), L(number), L(at))
	FAULT(-22, "UFFDIO_CONTINUE", 0xc020aa07, "UFFDIO_CONTINUE_MODE_DONTWAKE", "})");
	FAULT(0, "UFFDIO_CONTINUE", 0xc020aa07, "UFFDIO_CONTINUE_MODE_DONTWAKE", ", mapped=0x3000})");
	FAULT(-22, "UFFDIO_POISON", 0xc020aa08, "UFFDIO_POISON_MODE_DONTWAKE", "})");
	FAULT(0, "UFFDIO_POISON", 0xc020aa08, "UFFDIO_POISON_MODE_DONTWAKE", ", updated=0x3000})");
	FAULT(0, "UFFDIO_WRITEPROTECT", 0xc018aa06, "UFFDIO_WRITEPROTECT_MODE_WP", "})");

	memset(buffer, 0, sizeof buffer);
	put(0, 0x1000, 8), put(8, 0x2000, 8), put(16, 0x3000, 8), put(24, 2, 8), put(32, 0x4000, 8);
	at = place(40);
#define MOVED(r, rest)                                                                                       \
	ROW(r, "ioctl(3, UFFDIO_MOVE, {dst=0x1000, src=0x2000, len=0x3000, mode=UFFDIO_MOVE_MODE_ALLOW_SRC_HOLES" rest, \
		"ioctl(3, 0xc028aa05, {dst=0x1000, src=0x2000, len=0x3000, mode=0x2" rest,                    \
		"ioctl(3, 0xc028aa05 /* UFFDIO_MOVE */, {dst=0x1000, src=0x2000, len=0x3000, mode=0x2 "      \
		"/* UFFDIO_MOVE_MODE_ALLOW_SRC_HOLES */" rest,                                               \
		SYS_ioctl, L(3), L(0xc028aa05), L(at))
	MOVED(0, ", move=0x4000})");
	MOVED(-22, "})");

	memset(buffer, 0, sizeof buffer);
	put(0, 16, 1);
	for (int i = 0; i < 16; i++)
		put(1 + i, 0xf0 + i, 1);
	at = place(17);
	COMMAND(0, "FS_IOC_GETFSUUID", 0x80111500, "{len=16, uuid=f0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfeff})", at);
	COMMAND(-22, "FS_IOC_GETFSUUID", 0x80111500, "0x2000afef)", at);
	COMMAND(0, "FS_IOC_GETFSUUID", 0x80111500, "0x2000aff0)", at + 1);
	memset(buffer, 0, sizeof buffer);
	put(0, 8, 1);
	memcpy(buffer + 1, "ext4/sda", 8);
	at = place(129);
	COMMAND(5, "FS_IOC_GETFSSYSFSPATH", 0x80811501, "{len=8, name=\"ext4/sda\"})", at);
	COMMAND(-22, "FS_IOC_GETFSSYSFSPATH", 0x80811501, "0x2000af7f)", at);
	memset(buffer, 0, sizeof buffer);
	put(0, 1, 4), put(4, 512, 2);
	for (int i = 0; i < 9; i++)
		put(6 + i, i + 1, 1);
	put(11, 4, 1);
	at = place(16);
#define METADATA(flags, tag)                                                                                           \
	"{lbmd_flags=" flags ", lbmd_interval=512, lbmd_size=1, lbmd_opaque_size=2, lbmd_opaque_offset=3, lbmd_pi_size=4, " \
	"lbmd_pi_offset=5, lbmd_guard_tag_type=" tag ", lbmd_app_tag_size=7, lbmd_ref_tag_size=8, lbmd_storage_tag_size=9})"
	ROW(0, "ioctl(3, FS_IOC_GETLBMD_CAP, " METADATA("LBMD_PI_CAP_INTEGRITY", "LBMD_PI_CSUM_CRC64_NVME"),
		"ioctl(3, 0xc0101502, " METADATA("0x1", "0x4"),
		"ioctl(3, 0xc0101502 /* FS_IOC_GETLBMD_CAP */, " METADATA("0x1 /* LBMD_PI_CAP_INTEGRITY */", "0x4 /* LBMD_PI_CSUM_CRC64_NVME */"),
		SYS_ioctl, L(3), L(0xc0101502), L(at));
	COMMAND(-22, "FS_IOC_GETLBMD_CAP", 0xc0101502, "0x2000aff0)", at);

	memset(buffer, 0, sizeof buffer);
	put(0, 5, 4), put(4, 1, 4), put(8, 2048, 4), put(12, 20, 2), put(14, 1, 1), put(15, -1, 1);
	at = place(24);
#define ATTACH "{ubi_num=5, mtd_num=1, vid_hdr_offset=2048, max_beb_per1024=20, disable_fm=1, need_resv_pool=-1}"
	COMMAND(-22, "UBI_IOCATT", 0x40186f40, ATTACH ")", at);
	COMMAND(0, "UBI_IOCATT", 0x40186f40, ATTACH " => [5])", at);

	/* Names alone. */
	COMMAND(0, "PIDFD_GET_PID_NAMESPACE", 0xff05, "0x7)", 7);
	COMMAND(0, "PIDFD_GET_INFO", 0xc058ff0b, "0x7)", 7);
	COMMAND(0, "PROCMAP_QUERY", 0xc0686611, "0x7)", 7);
	COMMAND(0, "IOMMU_IOAS_MAP", 0x3b85, "0x7)", 7);
	COMMAND(0, "VFIO_DEVICE_BIND_IOMMUFD or VFIO_IOMMU_SPAPR_UNREGISTER_MEMORY", 0x3b76, "0x7)", 7);
}

#define REGISTER(operation) "io_uring_register(3, " operation ", "
#define OPERATION(r, name, number, rest, argument) \
	EVERY(r, REGISTER, name, #number, rest, 427, L(3), L(number), L(argument), L(1))

static void operations(void)
{
	memset(buffer, 0, sizeof buffer);
	put(0, 7, 4), put(4, 9, 4);
	W at = place(16);
	OPERATION(0, "IORING_REGISTER_FILE_ALLOC_RANGE", 0x19, "{off=7, len=9}, 1)", at);
	put(8, 1, 8);
	at = place(16);
	OPERATION(-22, "IORING_REGISTER_FILE_ALLOC_RANGE", 0x19, "{off=7, len=9, resv=0x1}, 1)", at);
	OPERATION(0, "IORING_REGISTER_CLOCK", 0x1d, "NULL, 1)", 0);

	memset(buffer, 0, sizeof buffer);
	put(0, 60, 4), put(4, 1, 1), put(5, 1, 1), put(8, 9, 4);
	at = place(16);
#define NAPI(shown, opcode, rest) "io_uring_register(3, " shown ", {busy_poll_to=60, prefer_busy_poll=1, opcode=" opcode rest
	ROW(0, NAPI("IORING_REGISTER_NAPI", "IO_URING_NAPI_STATIC_ADD_ID", ", op_param=9}, 1)"), NAPI("0x1b", "0x1", ", op_param=9}, 1)"),
		NAPI("0x1b /* IORING_REGISTER_NAPI */", "0x1 /* IO_URING_NAPI_STATIC_ADD_ID */", ", op_param=9}, 1)"), 427, L(3), L(27),
		L(at), L(1));
	put(5, 0, 1), put(6, 2, 2), put(8, 1, 4), put(12, 8, 4);
	at = place(16);
	ROW(-22, NAPI("IORING_REGISTER_NAPI", "IO_URING_NAPI_REGISTER_OP", ", pad=[0x2, 0], op_param=IO_URING_NAPI_TRACKING_STATIC, resv=0x8}, 1)"),
		NAPI("0x1b", "0", ", pad=[0x2, 0], op_param=0x1, resv=0x8}, 1)"),
		NAPI("0x1b /* IORING_REGISTER_NAPI */", "0 /* IO_URING_NAPI_REGISTER_OP */",
			", pad=[0x2, 0], op_param=0x1 /* IO_URING_NAPI_TRACKING_STATIC */, resv=0x8}, 1)"), 427, L(3), L(27), L(at), L(1));
	memset(buffer, 0, sizeof buffer);
	put(0, 4, 4), put(4, 6, 4);
	at = place(40);
	OPERATION(0, "IORING_REGISTER_PBUF_STATUS", 0x1a, "{buf_group=4, head=6}, 1)", at);
	OPERATION(-22, "IORING_REGISTER_PBUF_STATUS", 0x1a, "{buf_group=4}, 1)", at);
	put(36, 7, 4);
	at = place(40);
	OPERATION(5, "IORING_REGISTER_PBUF_STATUS", 0x1a, "{buf_group=4, head=6, resv=[0, 0, 0, 0, 0, 0, 0, 0x7]}, 1)", at);

	memset(buffer, 0, sizeof buffer);
	put(0, 3, 4), put(4, 2, 4), put(8, 5, 4), put(12, 6, 4), put(16, 7, 4);
	at = place(32);
	ROW(0, "io_uring_register(4, IORING_REGISTER_CLONE_BUFFERS, {src_fd=3, flags=IORING_REGISTER_DST_REPLACE, src_off=5, dst_off=6, nr=7}, 1)",
		"io_uring_register(4, 0x1e, {src_fd=3, flags=0x2, src_off=5, dst_off=6, nr=7}, 1)",
		"io_uring_register(4, 0x1e /* IORING_REGISTER_CLONE_BUFFERS */, {src_fd=3, flags=0x2 /* IORING_REGISTER_DST_REPLACE */, src_off=5, dst_off=6, nr=7}, 1)",
		427, L(4), L(30), L(at), L(1));

	uint64_t time[2] = {5, 6};
	memset(buffer, 0, sizeof buffer);
	memcpy(buffer + 24, time, sizeof time);
	place(40);
	put(0, END(OWN) - 16, 8), put(8, 8, 4), put(12, 7, 4), put(16, END(OWN) - 16, 8);
	at = place(40);
	SAME(0, "io_uring_enter(3, 1, 2, 0, [], 8)", 426, L(3), L(1), L(2), L(0), L(ZERO), L(8));
	ROW(0, "io_uring_enter(3, 1, 2, IORING_ENTER_EXT_ARG, {sigmask=[HUP QUIT], sigmask_sz=8, min_wait_usec=7, ts={tv_sec=5, tv_nsec=6}}, 24)",
		"io_uring_enter(3, 1, 2, 0x8, {sigmask=[1 3], sigmask_sz=8, min_wait_usec=7, ts={tv_sec=5, tv_nsec=6}}, 24)",
		"io_uring_enter(3, 1, 2, 0x8 /* IORING_ENTER_EXT_ARG */, {sigmask=[1 /* HUP */ 3 /* QUIT */], sigmask_sz=8, min_wait_usec=7, ts={tv_sec=5, tv_nsec=6}}, 24)",
		426, L(3), L(1), L(2), L(8), L(at), L(24));
	ROW(0, "io_uring_enter(3, 1, 2, IORING_ENTER_EXT_ARG, 0x2000afd8, 23)", "io_uring_enter(3, 1, 2, 0x8, 0x2000afd8, 23)",
		"io_uring_enter(3, 1, 2, 0x8 /* IORING_ENTER_EXT_ARG */, 0x2000afd8, 23)", 426, L(3), L(1), L(2), L(8), L(at), L(23));
}

#define OPTION(name, number, value, means, rest, ...)                                                        \
	ROW(0, "prctl(" name ", " means rest, "prctl(" #number ", " value rest,                              \
		"prctl(" #number " /* " name " */, " value " /* " means " */" rest, SYS_prctl, L(number), __VA_ARGS__)

/* Options of prctl, requests of ptrace, and flags of other calls. */
static void flags(void)
{
	OPTION("PR_TIMER_CREATE_RESTORE_IDS", 0x4d, "0x1", "PR_TIMER_CREATE_RESTORE_IDS_ON", ", 0, 0, 0)", L(1), L(0), L(0), L(0));
	OPTION("PR_TIMER_CREATE_RESTORE_IDS", 0x4d, "0", "PR_TIMER_CREATE_RESTORE_IDS_OFF", ", 0, 0, 0)", L(0), L(0), L(0), L(0));
	OPTION("PR_FUTEX_HASH", 0x4e, "0x1", "PR_FUTEX_HASH_SET_SLOTS", ", 16, 0, 0)", L(1), L(16), L(0), L(0));
	OPTION("PR_FUTEX_HASH", 0x4e, "0x2", "PR_FUTEX_HASH_GET_SLOTS", ", 0, 0, 0)", L(2), L(0), L(0), L(0));
	OPTION("PR_RSEQ_SLICE_EXTENSION", 0x4f, "0x1", "PR_RSEQ_SLICE_EXTENSION_GET", ", 0x1, 0, 0)", L(1), L(1), L(0), L(0));
	ROW(0, "prctl(PR_RSEQ_SLICE_EXTENSION, PR_RSEQ_SLICE_EXTENSION_SET, PR_RSEQ_SLICE_EXT_ENABLE, 0, 0)",
		"prctl(0x4f, 0x2, 0x1, 0, 0)",
		"prctl(0x4f /* PR_RSEQ_SLICE_EXTENSION */, 0x2 /* PR_RSEQ_SLICE_EXTENSION_SET */, 0x1 /* PR_RSEQ_SLICE_EXT_ENABLE */, 0, 0)",
		SYS_prctl, L(79), L(2), L(1), L(0), L(0));
	ROW(0, "prctl(PR_SET_THP_DISABLE, 1, PR_THP_DISABLE_EXCEPT_ADVISED, 0, 0)", "prctl(0x29, 1, 0x2, 0, 0)",
		"prctl(0x29 /* PR_SET_THP_DISABLE */, 1, 0x2 /* PR_THP_DISABLE_EXCEPT_ADVISED */, 0, 0)", SYS_prctl, L(41), L(1),
		L(2), L(0), L(0));

	memset(buffer, 0, sizeof buffer);
	put(0, 1, 8), put(8, 0x99, 8), put(16, 0x1000, 8), put(24, 0x2000, 8);
	W at = place(32);
#define CONFIG(request, mode) "ptrace(" request ", 7, 32, {mode=" mode ", selector=0x99, offset=0x1000, len=0x2000})"
	ROW(0, CONFIG("PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG", "PR_SYS_DISPATCH_ON"), CONFIG("0x4210", "0x1"),
		CONFIG("0x4210 /* PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG */", "0x1 /* PR_SYS_DISPATCH_ON */"), SYS_ptrace, L(0x4210),
		L(7), L(32), L(at));
	ROW(0, CONFIG("PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG", "PR_SYS_DISPATCH_ON"), CONFIG("0x4211", "0x1"),
		CONFIG("0x4211 /* PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG */", "0x1 /* PR_SYS_DISPATCH_ON */"), SYS_ptrace, L(0x4211),
		L(7), L(32), L(at));
	ROW(-22, "ptrace(PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG, 7, 32, 0x2000afe0)", "ptrace(0x4211, 7, 32, 0x2000afe0)",
		"ptrace(0x4211 /* PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG */, 7, 32, 0x2000afe0)", SYS_ptrace, L(0x4211), L(7), L(32), L(at));

	ROW(-22, "map_shadow_stack(NULL, 4096, SHADOW_STACK_SET_TOKEN|0x4)", "map_shadow_stack(NULL, 4096, 0x5)",
		"map_shadow_stack(NULL, 4096, 0x5 /* SHADOW_STACK_SET_TOKEN|0x4 */)", 453, L(0), L(4096), L(5));
	ROW(0, "landlock_add_rule(3, LANDLOCK_RULE_PATH_BENEATH, NULL, LANDLOCK_ADD_RULE_QUIET)", "landlock_add_rule(3, 0x1, NULL, 0x1)",
		"landlock_add_rule(3, 0x1 /* LANDLOCK_RULE_PATH_BENEATH */, NULL, 0x1 /* LANDLOCK_ADD_RULE_QUIET */)", 445, L(3), L(1),
		L(0), L(1));
}

/* Call chains that wait until the task goes back to its own code. */
static void events(void)
{
#define EVENT(type, size, config) "perf_event_open({type=" type ", size=" size ", config=" config \
	", sample_period=0, sample_type=0, read_format=0, precise_ip=0 /* arbitrary skid */, defer_callchain=1, defer_output=1, ...}, 0, -1, -1, "
	memset(buffer, 0, sizeof buffer);
	put(4, 64, 4), put(40, 3ull << 38, 8);
	W at = place(64);
	ROW(5, EVENT("PERF_TYPE_HARDWARE", "PERF_ATTR_SIZE_VER0", "PERF_COUNT_HW_CPU_CYCLES") "PERF_FLAG_FD_CLOEXEC)",
		EVENT("0", "0x40", "0") "0x8)",
		EVENT("0 /* PERF_TYPE_HARDWARE */", "0x40 /* PERF_ATTR_SIZE_VER0 */", "0 /* PERF_COUNT_HW_CPU_CYCLES */") "0x8 /* PERF_FLAG_FD_CLOEXEC */)",
		SYS_perf_event_open, L(at), L(0), L(-1), L(-1), L(8));
}

int main(int argc, char **argv)
{
	start(argc, argv);
	commands();
	flags();
	operations();
	events();
	return 0;
}

/* What io_uring_register and io_uring_enter of Linux 6.2 to 7.2 point to: submissions by opcode, regions, queues, queries. */
#include <sys/socket.h>
#include "tell.h"

/* A name in the three styles. */
#define NAME(name, number) name
#define NUMBER(name, number) number
#define BOTH(name, number) number " /* " name " */"
/* A row whose line is the macro `LINE` of a style. */
#define TELL(r, LINE, ...) ROW(r, LINE(NAME), LINE(NUMBER), LINE(BOTH), __VA_ARGS__)

#define REGISTER 427
#define OPERATION(F, name, number) "io_uring_register(-1, " F("IORING_REGISTER_" name, number) ", "
#define SENT(F) OPERATION(F, "SEND_MSG_RING", "0x1f")
#define SEND(at) REGISTER, L(-1), L(31), L(at), L(1)

/* A submission in which nothing but the flags is set. */
static W flagged(int opcode, int value)
{
	memset(buffer, 0, sizeof buffer);
	put(0, opcode, 1), put(4, -1, 4), put(28, value, 4);
	return place(opcode < 63 ? 64 : 128);
}

#define HEAD(F, name, number, ioprio) "{opcode=" F("IORING_OP_" name, number) ", flags=0, ioprio=" ioprio ", fd=-1, "
#define MIDDLE "off=0, addr=NULL, len=0, "
#define TAIL ", user_data=0, buf_index=0, personality=0, "
#define SLOT "file_index=0, "
#define THIRD SLOT "addr3=NULL}, 1)"
#define PAIR SLOT "attr_ptr=NULL, attr_type_mask=0}, 1)"
#define FLAGS(name, opcode, number, member, flag, value, rest)                                              \
	do {                                                                                                \
		W at_ = flagged(opcode, value);                                                             \
		ROW(-22, SENT(NAME) HEAD(NAME, name, number, "0") MIDDLE member "=" flag TAIL rest,         \
			SENT(NUMBER) HEAD(NUMBER, name, number, "0") MIDDLE member "=" #value TAIL rest,    \
			SENT(BOTH) HEAD(BOTH, name, number, "0") MIDDLE member "=" #value " /* " flag " */" \
			TAIL rest, SEND(at_));                                                              \
	} while (0)

static void flags(void)
{
	FLAGS("NOP", 0, "0", "nop_flags", "IORING_NOP_INJECT_RESULT", 0x1, THIRD);
	FLAGS("READV", 1, "0x1", "rw_flags", "RWF_HIPRI", 0x1, PAIR);
	FLAGS("WRITE", 23, "0x17", "rw_flags", "RWF_DSYNC", 0x2, PAIR);
	FLAGS("WRITEV_FIXED", 61, "0x3d", "rw_flags", "RWF_SYNC", 0x4, PAIR);
	FLAGS("FSYNC", 3, "0x3", "fsync_flags", "IORING_FSYNC_DATASYNC", 0x1, THIRD);
	FLAGS("POLL_ADD", 6, "0x6", "poll32_events", "POLLIN|POLLOUT", 0x5, THIRD);
	FLAGS("SYNC_FILE_RANGE", 8, "0x8", "sync_range_flags", "SYNC_FILE_RANGE_WRITE", 0x2, THIRD);
	FLAGS("RECVMSG", 10, "0xa", "msg_flags", "MSG_PEEK", 0x2, THIRD);
	FLAGS("TIMEOUT", 11, "0xb", "timeout_flags", "IORING_TIMEOUT_ABS", 0x1, THIRD);
	FLAGS("ACCEPT", 13, "0xd", "accept_flags", "SOCK_NONBLOCK", 0x800, THIRD);
	FLAGS("ASYNC_CANCEL", 14, "0xe", "cancel_flags", "IORING_ASYNC_CANCEL_ALL|IORING_ASYNC_CANCEL_ANY", 0x5, THIRD);
	FLAGS("FADVISE", 24, "0x18", "fadvise_advice", "POSIX_FADV_WILLNEED", 0x3, THIRD);
	FLAGS("MADVISE", 25, "0x19", "fadvise_advice", "MADV_DONTNEED", 0x4, THIRD);
	FLAGS("RENAMEAT", 35, "0x23", "rename_flags", "RENAME_EXCHANGE", 0x2, THIRD);
	FLAGS("UNLINKAT", 36, "0x24", "unlink_flags", "AT_REMOVEDIR", 0x200, THIRD);
	FLAGS("LINKAT", 39, "0x27", "hardlink_flags", "AT_SYMLINK_FOLLOW", 0x400, THIRD);
	FLAGS("SETXATTR", 42, "0x2a", "xattr_flags", "XATTR_REPLACE", 0x2, THIRD);
	FLAGS("MSG_RING", 40, "0x28", "msg_ring_flags", "IORING_MSG_RING_FLAGS_PASS", 0x2, THIRD);
	FLAGS("FIXED_FD_INSTALL", 54, "0x36", "install_fd_flags", "IORING_FIXED_FD_NO_CLOEXEC", 0x1, THIRD);
	FLAGS("PIPE", 62, "0x3e", "pipe_flags", "O_CLOEXEC", 0x80000, THIRD);
	FLAGS("NOP128", 63, "0x3f", "nop_flags", "IORING_NOP_TW", 0x10, THIRD);
#define NONE(F) SENT(F) HEAD(F, "LISTEN", "0x39", "0") MIDDLE "rw_flags=0" TAIL THIRD
	W at = flagged(57, 0);
	TELL(0, NONE, SEND(at));
}

/* Members that the opcode gives a meaning. */
static void members(int socket)
{
	memset(buffer, 0, sizeof buffer);
	put(0, 40, 1), put(1, 0x11, 1), put(4, -1, 4), put(8, 9, 8), put(16, 1, 8), put(24, 3, 4), put(32, 0xabcd, 8);
	put(40, 5, 2), put(42, 6, 2), put(44, 7, 4), put(48, 0x30, 8), put(56, 8, 8);
	W at = place(64);
#define MESSAGE(F)                                                                                                     \
	SENT(F) "{opcode=" F("IORING_OP_MSG_RING", "0x28") ", flags=" F("IOSQE_FIXED_FILE|IOSQE_ASYNC", "0x11")        \
		", ioprio=0, fd=-1, off=9, addr=0x1, len=3, msg_ring_flags=0, user_data=0xabcd, buf_index=5, personality=6, " \
		"file_index=7, addr3=0x30, __pad2=[0x8]}, 1)"
	TELL(0, MESSAGE, SEND(at));

	memset(buffer, 0, sizeof buffer);
	put(0, 26, 1), put(2, 3, 2), put(4, -1, 4), put(44, 16, 2);
	at = place(64);
#define SENDING(F)                                                                                                  \
	SENT(F) HEAD(F, "SEND", "0x1a", F("IORING_RECVSEND_POLL_FIRST|0x2", "0x3")) MIDDLE "msg_flags=0" TAIL       \
		"addr_len=16, addr3=NULL}, 1)"
	TELL(0, SENDING, SEND(at));
	put(0, 27, 1), put(44, 0, 4);
	at = place(64);
#define RECEIVING(F)                                                                                                \
	SENT(F) HEAD(F, "RECV", "0x1b", F("IORING_RECVSEND_POLL_FIRST|IORING_RECV_MULTISHOT", "0x3")) MIDDLE "msg_flags=0" TAIL THIRD
	TELL(0, RECEIVING, SEND(at));
	put(0, 13, 1);
	at = place(64);
#define ACCEPTING(F)                                                                                                \
	SENT(F) HEAD(F, "ACCEPT", "0xd", F("IORING_ACCEPT_MULTISHOT|IORING_ACCEPT_DONTWAIT", "0x3")) MIDDLE "accept_flags=0" TAIL THIRD
	TELL(0, ACCEPTING, SEND(at));
	put(0, 58, 1), put(2, 0, 2), put(44, 2, 4);
	at = place(64);
#define ZERO_COPY(F) SENT(F) HEAD(F, "RECV_ZC", "0x3a", "0") MIDDLE "msg_flags=0" TAIL "zcrx_ifq_idx=2, addr3=NULL}, 1)"
	TELL(0, ZERO_COPY, SEND(at));
	put(0, 30, 1), put(16, 77, 8);
	at = place(64);
#define SPLICING(F)                                                                                                 \
	SENT(F) HEAD(F, "SPLICE", "0x1e", "0") "off=0, splice_off_in=77, len=0, splice_flags=0" TAIL "splice_fd_in=2, addr3=NULL}, 1)"
	TELL(0, SPLICING, SEND(at));
	memset(buffer, 0, sizeof buffer);
	put(0, 22, 1), put(4, -1, 4), put(48, SMALL, 8), put(56, 3, 8);
	at = place(64);
#define READING(F)                                                                                                  \
	SENT(F) HEAD(F, "READ", "0x16", "0") MIDDLE "rw_flags=0" TAIL SLOT "attr_ptr=0x20006000, attr_type_mask="   \
		F("IORING_RW_ATTR_FLAG_PI|0x2", "0x3") "}, 1)"
	TELL(0, READING, SEND(at));

	/* Commands: of a file that is none, and of a socket. */
	memset(buffer, 0, sizeof buffer);
	put(0, 46, 1), put(4, -1, 4), put(8, 2, 4), put(28, 1, 4), put(48, 0x0102, 8);
	at = place(64);
#define COMMAND(F, name, number, fd, rest)                                                                          \
	SENT(F) "{opcode=" F("IORING_OP_" name, number) ", flags=0, ioprio=0, fd=" fd ", cmd_op=" rest
#define PLAIN(F)                                                                                                    \
	COMMAND(F, "URING_CMD", "0x2e", "-1", "0x2, addr=NULL, len=0, uring_cmd_flags=")                            \
	F("IORING_URING_CMD_FIXED", "0x1") TAIL SLOT                                                                \
	"cmd=\"\\x02\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\"}, 1)"
	TELL(0, PLAIN, SEND(at));
	put(4, socket, 4), put(16, 1, 4), put(20, 9, 4), put(28, 0, 4), put(44, 4, 4), put(48, SMALL, 8);
	at = place(64);
#define OPTION(F, name, number)                                                                                     \
	COMMAND(F, name, number, "900", ) F("SOCKET_URING_OP_GETSOCKOPT", "0x2") ", level=" F("SOL_SOCKET", "0x1")  \
		", optname=" F("SO_KEEPALIVE", "0x9") ", len=0, uring_cmd_flags=0" TAIL "optlen=4, optval=0x20006000}, 1)"
#define OPTION64(F) OPTION(F, "URING_CMD", "0x2e")
	TELL(0, OPTION64, SEND(at));
	put(0, 64, 1);
	at = place(128);
#define OPTION128(F) OPTION(F, "URING_CMD128", "0x40")
	TELL(0, OPTION128, SEND(at));
	/* A long entry of which half can be read. */
	at = place(64);
#define HALF(F) SENT(F) "0x2000afc0, 1)"
	TELL(0, HALF, SEND(at));
	at = place(63);
#define SHORT(F) SENT(F) "0x2000afc1, 1)"
	TELL(-22, SHORT, SEND(at));
}

#define REGISTERED(operation, ...) REGISTER, L(-1), L(operation), L(__VA_ARGS__), L(1)
#define DESCRIBED(F, offset) \
	"{user_addr=0x20006000, size=4096, flags=" F("IORING_MEM_REGION_TYPE_USER|0x2", "0x3") ", id=1" offset "}"

static void regions(void)
{
	memset(buffer, 0, sizeof buffer);
	put(0, SMALL, 8), put(8, 4096, 8), put(16, 3, 4), put(20, 1, 4), put(24, 0x7000, 8);
	place(192);
	/* The region lies before what points to it. */
	W region = END(OWN) - 192;
	memset(buffer, 0, sizeof buffer);
	put(0, region, 8), put(8, 1, 8);
	W at = place(32);
#define REGION(F, offset)                                                                                           \
	OPERATION(F, "MEM_REGION", "0x22") "{region_uptr=" DESCRIBED(F, offset) ", flags="                          \
		F("IORING_MEM_REGION_REG_WAIT_ARG", "0x1")
#define ASKED(F) REGION(F, "") "}, 1)"
	TELL(-22, ASKED, REGISTERED(34, at));
#define ANSWERED(F) REGION(F, ", mmap_offset=0x7000") "}, 1)"
	TELL(0, ANSWERED, REGISTERED(34, at));
	put(24, 5, 8);
	at = place(32);
#define RESERVED(F) REGION(F, "") ", __resv=[0, 0x5]}, 1)"
	TELL(-22, RESERVED, REGISTERED(34, at));
	put(0, END(SMALL) - 32, 8), put(8, 2, 8), put(24, 0, 8);
	at = place(32);
	ROW(0, OPERATION(NAME, "MEM_REGION", "0x22") "{region_uptr=0x20006fe0, flags=0x2 /* IORING_MEM_REGION_REG_??? */}, 1)",
		OPERATION(NUMBER, "MEM_REGION", "0x22") "{region_uptr=0x20006fe0, flags=0x2}, 1)",
		OPERATION(BOTH, "MEM_REGION", "0x22") "{region_uptr=0x20006fe0, flags=0x2 /* IORING_MEM_REGION_REG_??? */}, 1)",
		REGISTERED(34, at));

	/* A queue of a device, with the area before the region. */
	memset(buffer, 0, sizeof buffer);
	put(0, SMALL, 8), put(8, 8192, 8), put(16, 0x1000000000000, 8), put(24, 1, 4), put(28, -1, 4);
	put(64, SMALL, 8), put(72, 4096, 8), put(80, 3, 4), put(84, 1, 4), put(88, 0x7000, 8);
	place(256);
	W area = END(OWN) - 256;
	memset(buffer, 0, sizeof buffer);
	put(0, 0x7fffffff, 4), put(4, 2, 4), put(8, 64, 4), put(12, 1, 4), put(16, area, 8), put(24, region, 8);
	put(32, 8, 4), put(36, 16, 4), put(40, 24, 4), put(64, 3, 4), put(68, 4096, 4);
	at = place(96);
#define QUEUE(F, token, offset, answer)                                                                              \
	OPERATION(F, "ZCRX_IFQ", "0x20") "{if_idx=2147483647, if_rxq=2, rq_entries=64, flags=" F("ZCRX_REG_IMPORT", "0x1") \
		", area_ptr={addr=0x20006000, len=8192" token ", flags=" F("IORING_ZCRX_AREA_DMABUF", "0x1")         \
		", dmabuf_fd=-1}, region_ptr=" DESCRIBED(F, offset) answer ", rx_buf_len=4096}, 1)"
#define QUEUE_ASKED(F) QUEUE(F, "", "", "")
	TELL(-22, QUEUE_ASKED, REGISTERED(32, at));
#define QUEUE_ANSWERED(F) QUEUE(F, ", rq_area_token=0x1000000000000", ", mmap_offset=0x7000", ", offsets={head=8, tail=16, rqes=24}, zcrx_id=3")
	TELL(5, QUEUE_ANSWERED, REGISTERED(32, at));
	at = place(95);
#define QUEUE_SHORT(F) OPERATION(F, "ZCRX_IFQ", "0x20") "0x2000afa1, 1)"
	TELL(5, QUEUE_SHORT, REGISTERED(32, at));

	memset(buffer, 0, sizeof buffer);
	put(0, 7, 4), put(4, 1, 4), put(24, -1, 4);
	at = place(72);
#define EXPORT(F, rest) OPERATION(F, "ZCRX_CTRL", "0x24") "{zcrx_id=7, op=" F("ZCRX_CTRL_EXPORT", "0x1") rest
#define EXPORTED(F) EXPORT(F, ", zc_export={zcrx_fd=-1}}, 1)")
	TELL(0, EXPORTED, REGISTERED(36, at));
#define EXPORTING(F) EXPORT(F, ", zc_export={}}, 1)")
	TELL(-22, EXPORTING, REGISTERED(36, at));
	put(4, 0, 4), put(24, 0, 4);
	at = place(72);
#define FLUSH(F) OPERATION(F, "ZCRX_CTRL", "0x24") "{zcrx_id=7, op=" F("ZCRX_CTRL_FLUSH_RQ", "0") "}, 1)"
	TELL(-22, FLUSH, REGISTERED(36, at));
	put(4, 2, 4), put(24, 1, 4);
	at = place(72);
#define ARM(F)                                                                                                       \
	OPERATION(F, "ZCRX_CTRL", "0x24") "{zcrx_id=7, op=" F("ZCRX_CTRL_ARM_EVENT", "0x2") ", zc_arm_event={event_type=" \
		F("ZCRX_EVENT_COPY", "0x1") "}}, 1)"
	TELL(-22, ARM, REGISTERED(36, at));
}

static void sizes(void)
{
	memset(buffer, 0, sizeof buffer);
	put(0, 4, 4), put(4, 8, 4), put(8, 8, 4), put(20, 1, 4), put(40, 64, 4), put(80, 128, 4);
	W at = place(120);
#define RESIZE(F, rest)                                                                                              \
	OPERATION(F, "RESIZE_RINGS", "0x21") "{sq_entries=4, cq_entries=8, flags=" F("IORING_SETUP_CQSIZE", "0x8")    \
		", sq_thread_cpu=0, sq_thread_idle=0" rest
#define RESIZING(F) RESIZE(F, "}, 1)")
	TELL(-22, RESIZING, REGISTERED(33, at));
#define RESIZED(F)                                                                                                    \
	RESIZE(F, ", features=") F("IORING_FEAT_SINGLE_MMAP", "0x1")                                                  \
		", sq_off={head=64, tail=0, ring_mask=0, ring_entries=0, flags=0, dropped=0, array=0}, "                \
		"cq_off={head=128, tail=0, ring_mask=0, ring_entries=0, overflow=0, cqes=0, flags=0}}, 1)"
	TELL(0, RESIZED, REGISTERED(33, at));

	/* Queries: the first leads to the second. */
	memset(buffer, 0, sizeof buffer);
	put(0, 65, 4), put(4, 38, 4), put(8, 1, 8), put(16, 2, 8), put(24, 1, 8), put(32, 1, 8), put(40, 4, 4);
	place(200);
	memset(buffer, 0, sizeof buffer);
	put(8, 0x1000, 8), put(16, 99, 4), put(20, 16, 4), put(24, -22, 4);
	place(80);
	put(0, END(OWN) - 80, 8), put(8, END(OWN) - 200, 8), put(16, 0, 4), put(20, 48, 4), put(24, 0, 4), put(36, 9, 4);
	at = place(40);
#define QUERY(F) OPERATION(F, "QUERY", "0x23")
#define SECOND(F, result)                                                                                             \
	"{next_entry={next_entry=NULL, query_data=0x1000, query_op=" F##_UNKNOWN("0x63", "IO_URING_QUERY_???") ", size=16" result "}, query_data="
#define NAME_UNKNOWN(number, note) number " /* " note " */"
#define NUMBER_UNKNOWN(number, note) number
#define BOTH_UNKNOWN(number, note) number " /* " note " */"
#define QUERIED(F)                                                                                                     \
	QUERY(F) SECOND(F, ", result=-22") "{nr_request_opcodes=65, nr_register_opcodes=38, feature_flags="           \
		F("IORING_FEAT_SINGLE_MMAP", "0x1") ", ring_setup_flags=" F("IORING_SETUP_SQPOLL", "0x2")              \
		", enter_flags=" F("IORING_ENTER_GETEVENTS", "0x1") ", sqe_flags=" F("IOSQE_FIXED_FILE", "0x1")        \
		", nr_query_opcodes=4}, query_op=" F("IO_URING_QUERY_OPCODES", "0") ", size=48, result=0, __resv=[0, 0, 0x9]}, 1)"
	TELL(0, QUERIED, REGISTERED(35, at));
#define QUERYING(F)                                                                                                     \
	QUERY(F) SECOND(F, "") "0x2000af38, query_op=" F("IO_URING_QUERY_OPCODES", "0") ", size=48, __resv=[0, 0, 0x9]}, 1)"
	TELL(-22, QUERYING, REGISTERED(35, at));
}

/* A query that leads to itself is followed no further than sixteen times. */
static void circle(void)
{
	static const char *const operations[] = {"IORING_REGISTER_QUERY", "0x23", "0x23 /* IORING_REGISTER_QUERY */"};
	static const char *const queries[] = {"IO_URING_QUERY_OPCODES", "0", "0 /* IO_URING_QUERY_OPCODES */"};
	static char told[3][4096];
	memset(buffer, 0, sizeof buffer);
	put(0, END(OWN) - 40, 8);
	W at = place(40);
	for (int i = 0; i < 3; i++) {
		char *end = told[i] + sprintf(told[i], "io_uring_register(-1, %s, ", operations[i]);
		for (int depth = 0; depth < 16; depth++)
			end += sprintf(end, "{next_entry=");
		end += sprintf(end, "0x2000afd8");
		for (int depth = 0; depth < 16; depth++)
			end += sprintf(end, ", query_data=NULL, query_op=%s, size=0}", queries[i]);
		sprintf(end, ", 1)");
	}
	ROW(-22, told[0], told[1], told[2], REGISTERED(35, at));
}

static void others(void)
{
	W at;
	memset(buffer, 0, sizeof buffer);
	put(0, 60, 4), put(4, 1, 1);
	at = place(16);
#define NAPI(F, shown)                                                                                                  \
	"io_uring_register(-1, " F("IORING_UNREGISTER_NAPI", "0x1c") ", " shown ", 1)"
#define NAPI_GONE(F)                                                                                                     \
	NAPI(F, "{busy_poll_to=60, prefer_busy_poll=1, opcode=" F("IO_URING_NAPI_REGISTER_OP", "0") ", op_param="       \
		F("IO_URING_NAPI_TRACKING_DYNAMIC", "0") "}")
	TELL(0, NAPI_GONE, REGISTERED(28, at));
#define NAPI_STAYS(F) NAPI(F, "0x2000aff0")
	TELL(-22, NAPI_STAYS, REGISTERED(28, at));

	memset(buffer, 0, sizeof buffer);
	put(0, 1, 4), put(8, 2, 4);
	at = place(16);
#define CLOCK(F) OPERATION(F, "CLOCK", "0x1d") "{clockid=" F("CLOCK_MONOTONIC", "0x1") ", __resv=[0, 0x2, 0]}, 1)"
	TELL(-22, CLOCK, REGISTERED(29, at));
	memset(buffer, 0, sizeof buffer);
	put(0, 0xab, 8), put(8, -1, 4), put(12, 0x21, 4), put(16, 1, 8), put(24, 2, 8), put(32, 1, 1), put(39, 6, 1), put(48, 7, 8);
	at = place(64);
#define CANCEL(F)                                                                                                        \
	OPERATION(F, "SYNC_CANCEL", "0x18") "{addr=0xab, fd=-1, flags="                                                 \
		F("IORING_ASYNC_CANCEL_ALL|IORING_ASYNC_CANCEL_OP", "0x21") ", timeout={tv_sec=1, tv_nsec=2}, opcode="     \
		F("IORING_OP_READV", "0x1") ", pad=[0, 0, 0, 0, 0, 0, 0x6], pad2=[0, 0x7, 0]}, 1)"
	TELL(-22, CANCEL, REGISTERED(24, at));

	/* The ring by its number: a flag beside the operation. */
#define BY_NUMBER(F)                                                                                                      \
	"io_uring_register(0, " F("IORING_REGISTER_EVENTFD|IORING_REGISTER_USE_REGISTERED_RING", "0x80000004") ", [1], 1)"
	TELL(0, BY_NUMBER, REGISTER, L(0), L(0x80000004), L(SMALL), L(1));
#define NO_OPERATION(F) "io_uring_register(0, " F##_UNKNOWN("0x80000063", "IORING_REGISTER_???") ", NULL, 1)"
	TELL(0, NO_OPERATION, REGISTER, L(0), L(0x80000063), L(0), L(1));

	/* Waiting as a region says, where that is given by its address. */
	memset(buffer, 0, sizeof buffer);
	put(0, 5, 8), put(8, 6, 8), put(16, 7, 4), put(20, 1, 4), put(24, ZERO, 8), put(32, 8, 4);
	at = place(64);
#define WAIT(F, shown)                                                                                                      \
	"io_uring_enter(3, 1, 2, " F("IORING_ENTER_EXT_ARG|IORING_ENTER_EXT_ARG_REG", "0x48") ", " shown ", 64)"
#define WAITING(F)                                                                                                          \
	WAIT(F, "{ts={tv_sec=5, tv_nsec=6}, min_wait_usec=7, flags=" F("IORING_REG_WAIT_TS", "0x1") ", sigmask=[], sigmask_sz=8}")
	TELL(0, WAITING, 426, L(3), L(1), L(2), L(0x48), L(at), L(64));
#define OFFSET(F) WAIT(F, "0x40")
	TELL(0, OFFSET, 426, L(3), L(1), L(2), L(0x48), L(0x40), L(64));
#define AT_ONCE(F) WAIT(F, "NULL")
	TELL(-22, AT_ONCE, 426, L(3), L(1), L(2), L(0x48), L(0), L(64));
}

int main(int argc, char **argv)
{
	int made = socket(AF_UNIX, SOCK_STREAM, 0);
	dup2(made, 900);
	start(argc, argv);
	flags();
	members(900);
	regions();
	sizes();
	circle();
	others();
	return 0;
}

/* Attributes of bpf that are newer than the oracle. */
#include "tell.h"
#ifndef SYS_bpf
# define SYS_bpf 357
#endif

#define COMMAND(r, name, number, shown, size)                                                                 \
	ROW(r, "bpf(" name ", " shown, "bpf(" #number ", " shown, "bpf(" #number " /* " name " */, " shown, SYS_bpf, \
		L(number), L(place(size)), L(size))
#define LINK(before, type, after) "{link_create={prog_fd=3, target_fd=4, attach_type=" type ", flags=0" after
#define ATTACHED(type, number, shown, size)                                                                      \
	ROW(0, "bpf(BPF_LINK_CREATE, " LINK(, type, shown), "bpf(0x1c, " LINK(, #number, shown),                 \
		"bpf(0x1c /* BPF_LINK_CREATE */, " LINK(, #number " /* " type " */", shown), SYS_bpf, L(28),       \
		L(place(size)), L(size))

static void attachments(void)
{
	memset(buffer, 0, sizeof buffer);
	put(0, 3, 4), put(4, 4, 4), put(8, 24, 4), put(16, 7, 4), put(24, 0x99, 8);
	ATTACHED("BPF_TRACE_FENTRY", 0x18, ", tracing={target_btf_id=7, cookie=0x99}}}, 32)", 32);
	ATTACHED("BPF_TRACE_FENTRY", 0x18, ", tracing={target_btf_id=7, cookie=0x99}}}, 64)", 64);
	ATTACHED("BPF_TRACE_FENTRY", 0x18, ", tracing={target_btf_id=7, cookie=0}}}, 20)", 20);
	ATTACHED("BPF_TRACE_FENTRY", 0x18, "}}, 16)", 16);
	put(60, 1, 1);
	ATTACHED("BPF_TRACE_FENTRY", 0x18, ", tracing={target_btf_id=7, cookie=0x99}}, ...}, 64)", 64);

	memset(buffer + 16, 0, sizeof buffer - 16);
	put(8, 45, 4);
	ATTACHED("BPF_NETFILTER", 0x2d, "}}, 32)", 32);
	put(16, 2, 4), put(20, 1, 4), put(24, -128, 4);
	ATTACHED("BPF_NETFILTER", 0x2d, ", netfilter={pf=2, hooknum=1, priority=-128, flags=0}}}, 32)", 32);
	memset(buffer + 16, 0, 16);
	put(8, 46, 4), put(16, 5, 4), put(24, 8, 8);
	ATTACHED("BPF_TCX_INGRESS", 0x2e, ", tcx={relative_fd=5, expected_revision=8}}}, 32)", 32);
	put(8, 55, 4);
	ATTACHED("BPF_NETKIT_PEER", 0x37, ", netkit={relative_fd=5, expected_revision=8}}}, 32)", 32);
	memset(buffer + 16, 0, 48);
	put(8, 48, 4), put(16, TEXT + 90, 8), put(24, COUNT, 8), put(48, 2, 4), put(56, -1, 4);
	ATTACHED("BPF_TRACE_UPROBE_MULTI", 0x30, ", uprobe_multi={path=\"mnopqrstuv\", offsets=[0x807060504030201,"
		" 0x100f0e0d0c0b0a09], ref_ctr_offsets=NULL, cookies=NULL, cnt=2, flags=0, pid=-1}}}, 60)", 60);
	memset(buffer + 16, 0, 48);
	put(8, 56, 4), put(20, 1, 4), put(32, COUNT, 8);
	ATTACHED("BPF_TRACE_KPROBE_SESSION", 0x38, ", kprobe_multi={flags=0, cnt=1, syms=NULL,"
		" addrs=[0x807060504030201], cookies=NULL}}}, 48)", 48);
}

static void others(void)
{
	memset(buffer, 0, sizeof buffer);
	put(0, 5, 4), put(4, 6, 4), put(8, 7, 4);
	COMMAND(0, "BPF_TOKEN_CREATE", 0x24, "{token_create={flags=0x5, bpffs_fd=6}, ...}, 12)", 12);
	COMMAND(5, "BPF_TOKEN_CREATE", 0x24, "{token_create={flags=0x5, bpffs_fd=6}}, 8)", 8);
	COMMAND(0, "BPF_PROG_ASSOC_STRUCT_OPS", 0x26, "{prog_assoc_struct_ops={map_fd=5, prog_fd=6, flags=0x7}}, 12)", 12);
	COMMAND(0, "BPF_PROG_BIND_MAP", 0x23, "{prog_bind_map={prog_fd=5, map_fd=6, flags=0x7}}, 12)", 12);
	COMMAND(5, "BPF_ITER_CREATE", 0x21, "{iter_create={link_fd=5, flags=0x6}}, 8)", 8);
	COMMAND(0, "BPF_LINK_DETACH", 0x22, "{link_detach={link_fd=5}}, 4)", 4);
	put(12, 8, 4), put(16, 9, 4);
	COMMAND(-22, "BPF_PROG_STREAM_READ_BY_FD", 0x25,
		"{prog_stream_read={stream_buf=0x600000005, stream_buf_len=7, stream_id=8, prog_fd=9}}, 20)", 20);
	memset(buffer, 0, sizeof buffer);
	put(0, TEXT + 90, 8), put(8, 5, 4), put(12, 8, 4);
	COMMAND(0, "BPF_RAW_TRACEPOINT_OPEN", 0x11, "{raw_tracepoint={name=\"mnopqrstuv\", prog_fd=5}, ...}, 16)", 16);
	put(12, 0, 4), put(16, 0x99, 8);
	COMMAND(0, "BPF_RAW_TRACEPOINT_OPEN", 0x11, "{raw_tracepoint={name=\"mnopqrstuv\", prog_fd=5, cookie=0x99}}, 24)", 24);
	memset(buffer, 0, sizeof buffer);
	put(0, TEXT + 90, 8), put(8, 5, 4), put(16, 6, 4);
	COMMAND(0, "BPF_OBJ_PIN", 0x6, "{pathname=\"mnopqrstuv\", bpf_fd=5, file_flags=0, path_fd=6}, 20)", 20);
}

int main(int argc, char **argv)
{
	start(argc, argv);
	attachments();
	others();
	return 0;
}

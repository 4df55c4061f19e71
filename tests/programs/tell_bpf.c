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
	COMMAND(0, "BPF_RAW_TRACEPOINT_OPEN", 0x11, "{raw_tracepoint={name=\"mnopqrstuv\", prog_fd=5}}, 16)", 16);
	put(12, 0, 4), put(16, 0x99, 8);
	COMMAND(0, "BPF_RAW_TRACEPOINT_OPEN", 0x11, "{raw_tracepoint={name=\"mnopqrstuv\", prog_fd=5, cookie=0x99}}, 24)", 24);
	memset(buffer, 0, sizeof buffer);
	put(0, TEXT + 90, 8), put(8, 5, 4), put(16, 6, 4);
	COMMAND(0, "BPF_OBJ_PIN", 0x6, "{pathname=\"mnopqrstuv\", bpf_fd=5, file_flags=0, path_fd=6}, 20)", 20);
}

#define SHOWN(r, name, number, before, named, raw, after, size)                                              \
	ROW(r, "bpf(" name ", {" before named after, "bpf(" #number ", {" before raw after,                  \
		"bpf(" #number " /* " name " */, {" before raw " /* " named " */" after, SYS_bpf, L(number),     \
		L(place(size)), L(size))

/* Members of Linux 6.4 to 6.18, which structs of that size have. */
static void longer(void)
{
	memset(buffer, 0, sizeof buffer);
	put(0, 7, 4), put(12, 9, 4);
	COMMAND(5, "BPF_PROG_GET_FD_BY_ID", 0xd, "{prog_id=7, next_id=0, open_flags=0, fd_by_id_token_fd=9}, 16)", 16);
	COMMAND(5, "BPF_MAP_GET_FD_BY_ID", 0xe, "{map_id=7, next_id=0, open_flags=0}, 12)", 12);
	COMMAND(5, "BPF_BTF_GET_FD_BY_ID", 0x13, "{btf_id=7, next_id=0, open_flags=0, fd_by_id_token_fd=9}, 16)", 16);
	COMMAND(5, "BPF_BTF_GET_FD_BY_ID", 0x13, "{btf_id=7}, 12)", 12);
	COMMAND(0, "BPF_MAP_GET_NEXT_ID", 0xc, "{start_id=7, next_id=0, open_flags=0, fd_by_id_token_fd=9}, 16)", 16);

	memset(buffer, 0, sizeof buffer);
	put(0, 5, 4), put(20, 6, 4), put(24, 8, 8);
	SHOWN(0, "BPF_PROG_DETACH", 0x9, "target_fd=5, attach_type=", "BPF_CGROUP_INET_INGRESS", "0",
		", attach_flags=0, relative_fd=6, expected_revision=8}, 32)", 32);
	put(12, 0x20, 4);
	ROW(0, "bpf(BPF_PROG_DETACH, {target_fd=5, attach_type=BPF_CGROUP_INET_INGRESS, attach_flags=BPF_F_ID, relative_id=6, expected_revision=8}, 32)",
		"bpf(0x9, {target_fd=5, attach_type=0, attach_flags=0x20, relative_id=6, expected_revision=8}, 32)",
		"bpf(0x9 /* BPF_PROG_DETACH */, {target_fd=5, attach_type=0 /* BPF_CGROUP_INET_INGRESS */, attach_flags=0x20 /* BPF_F_ID */, relative_id=6, expected_revision=8}, 32)",
		SYS_bpf, L(9), L(place(32)), L(32));

	memset(buffer, 0, sizeof buffer);
	put(32, 0x10, 4), put(36, 6, 4);
	COMMAND(5, "BPF_BTF_LOAD", 0x12, "{btf=NULL, btf_log_buf=NULL, btf_size=0, btf_log_size=0, btf_log_level=0, btf_log_true_size=0}, 32)", 32);
	put(32, 0, 4), put(36, 0, 4);
	COMMAND(5, "BPF_BTF_LOAD", 0x12, "{btf=NULL, btf_log_buf=NULL, btf_size=0, btf_log_size=0, btf_log_level=0, btf_log_true_size=0,"
		" btf_flags=0, btf_token_fd=0}, 40)", 40);

	put(72, 6, 4), put(76, 7, 4), put(80, TEXT + 95, 8), put(88, 5, 4);
#define CREATED ", key_size=0, value_size=0, max_entries=0, map_flags=0, inner_map_fd=0, map_name=\"\", map_ifindex=0," \
	" btf_fd=0, btf_key_type_id=0, btf_value_type_id=0, btf_vmlinux_value_type_id=0, map_extra=0, value_type_btf_obj_fd=6"
	SHOWN(5, "BPF_MAP_CREATE", 0, "map_type=", "BPF_MAP_TYPE_UNSPEC", "0", CREATED ", map_token_fd=7, excl_prog_hash=\"rstuv\", excl_prog_hash_size=5}, 92)", 92);
	SHOWN(5, "BPF_MAP_CREATE", 0, "map_type=", "BPF_MAP_TYPE_UNSPEC", "0", CREATED ", map_token_fd=7}, 80)", 80);
	SHOWN(5, "BPF_MAP_CREATE", 0, "map_type=", "BPF_MAP_TYPE_UNSPEC", "0", CREATED "}, 76)", 76);
}

int main(int argc, char **argv)
{
	start(argc, argv);
	attachments();
	others();
	longer();
	return 0;
}

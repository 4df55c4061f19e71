/* Makes a map and programs, and asks what the kernel knows of them, with room for all of it and for less. What is told is
 * put to fixed addresses. It ends with 77 where it may not. */
#define _GNU_SOURCE
#include <linux/bpf.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE 0x20000000UL
#define MORE 0x20002000UL

static long bpf(int command, void *attributes, int size)
{
	return syscall(SYS_bpf, command, attributes, size);
}

static uint8_t *page(unsigned long at)
{
	mmap((void *)at, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	munmap((void *)(at + 4096), 4096);
	return (uint8_t *)at;
}

struct question {
	uint32_t fd, len;
	uint64_t info;
};

static void ask(int fd, uint32_t len, uint64_t at)
{
	struct question question = {fd, len, at};
	bpf(BPF_OBJ_GET_INFO_BY_FD, memcpy((void *)MORE, &question, sizeof question), sizeof question);
}

int main(void)
{
	page(PAGE), page(MORE);
	union bpf_attr make;
	memset(&make, 0, sizeof make);
	make.map_type = BPF_MAP_TYPE_ARRAY, make.key_size = 4, make.value_size = 8, make.max_entries = 2;
	strcpy(make.map_name, "some_map");
	int map = bpf(BPF_MAP_CREATE, &make, 72);
	static struct bpf_insn code[64];
	for (int i = 0; i < 64; i++)
		code[i] = (struct bpf_insn){.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = i};
	code[0] = (struct bpf_insn){.code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = 1, .src_reg = 1, .imm = map};
	code[1] = (struct bpf_insn){};
	code[63] = (struct bpf_insn){.code = BPF_JMP | BPF_EXIT};
	union bpf_attr load;
	memset(&load, 0, sizeof load);
	load.prog_type = BPF_PROG_TYPE_SOCKET_FILTER, load.insn_cnt = 64;
	load.insns = (uintptr_t)code, load.license = (uintptr_t) "GPL";
	strcpy(load.prog_name, "some_program");
	int program = bpf(BPF_PROG_LOAD, &load, 120);
	if (map < 0 || program < 0)
		return 77;

	for (int size = 0; size <= 260; size += 4)
		for (int i = 0; i < 3; i++) {
			memset((void *)PAGE, 0, 4096);
			ask((int[]){map, program, 99}[i], size, PAGE + 4096 - size);
		}
	/* With room for what is behind pointers: none, too little, enough, none that can be written. */
	struct bpf_prog_info *info = (void *)PAGE;
	for (int i = 0; i < 8; i++) {
		memset(info, 0, 4096);
		info->nr_map_ids = (int[]){0, 4, 1, 0, 4, 0, 2, 0}[i];
		info->map_ids = (uint64_t[]){0, MORE + 64, MORE + 64, MORE, 16, 0, 0, 0}[i];
		info->xlated_prog_len = (int[]){0, 4096, 16, 20, 4096, 8, 8, 0}[i];
		info->xlated_prog_insns = (uint64_t[]){0, MORE + 1024, MORE + 1024, MORE + 1024, MORE + 1024, 16, 0, 0}[i];
		info->jited_prog_len = (int[]){0, 1024, 8, 0, 0, 0, 8, 99}[i];
		info->jited_prog_insns = (uint64_t[]){0, MORE + 2048, MORE + 2048, MORE + 2048, 0, 0, 0, 16}[i];
		info->nr_prog_tags = i, info->nr_func_info = i, info->func_info_rec_size = 8 * (i & 1);
		ask(program, sizeof *info, PAGE);
	}
	ask(program, 200, 16), ask(map, 200, 16), ask(map, 200, 0), ask(-1, 200, PAGE);
	struct question question = {map, 64, PAGE};
	bpf(BPF_OBJ_GET_INFO_BY_FD, memcpy((void *)(PAGE + 1024), &question, sizeof question), 12);
	memset((void *)(PAGE + 1024 + 16), 5, 8);
	bpf(BPF_OBJ_GET_INFO_BY_FD, (void *)(PAGE + 1024), 24);
	return 0;
}

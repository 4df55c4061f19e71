/* Calls of System V and POSIX IPC, with all commands and all kinds of memory. */
#include "decode.h"

int main(int argc, char **argv)
{
	set_up(argc, argv);
	const struct list keys = L(0, 1, H(0xdeadbeef));
	const struct list cmds = L(0, 1, 2, 3, 0x100, 0x101, 0x102, 0x103, 77, -1, H(2));
	P(SYS_shmget, keys, L(0, 4096, -1), L(0, 0777, 07777, 01000, 03644, 0xffffffff, 0x54000000, 0x04000000 | 0x78000000, 0x8000));
	P(SYS_semget, keys, L(0, -1), L(0, 0777, 07000, 0xffffffff, 0x8000, H(01666)));
	P(SYS_msgget, keys, L(0, 0777, 07000, 0xffffffff, 0x8000, H(01666)));
	P(SYS_shmat, INTS, L(0, 0x1234000), L(0, 010000, 020000, 040000, 0100000, 0xffffffff, 7));
	P(SYS_shmdt, L(0, BAD, -1));
	P(SYS_shmctl, L(-1, H(1)), cmds, PTRS);
	P(SYS_shmctl, L(1), L(11, 12, 13, 14, 15, 0x10d, 0x10e, 0x10f, 16), PTRS);
	P(SYS_msgctl, L(-1, H(1)), cmds, PTRS);
	P(SYS_msgctl, L(1), L(11, 12, 13, 0x10b, 0x10c, 0x10d, 14), PTRS);
	P(SYS_semctl, L(-1, H(1)), L(-1, 2), cmds, PTRS);
	P(SYS_semctl, L(1), L(0), L(11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 0x112, 0x113, 0x114, 21), PTRS);
#ifdef SYS_semop
	P(SYS_semop, INTS, PTRS, L(0, 1, 2, 3, 40, -1, H(1)));
#endif
#ifdef SYS_semtimedop
	P(SYS_semtimedop, L(1), PTRS, L(0, 1, 2, 40), PTRS);
#endif
#ifdef SYS_semtimedop_time64
	P(SYS_semtimedop_time64, L(1), PTRS, L(0, 1, 2, 40), PTRS);
#endif
	const struct list op = L(0, 010000, 020000, 040000, 04000, 0xffffffff, 1);
	P(SYS_msgsnd, INTS, PTRS, L(0, 1, 4, 40, -1), L(0));
	P(SYS_msgsnd, L(1), L(0, COUNT), L(8), op);
	P(SYS_msgrcv, INTS, PTRS, L(0, 1, 4, 40, -1), L(0), L(0));
	P(SYS_msgrcv, L(1), L(0, COUNT), L(8), L(0, -1, H(5)), op);
	P(SYS_mq_open, L(0, BAD, TEXT, TEXT + 101), L(0, 1, 0102, 0102 | 02000000, 0xffffffff), L(0, 0600, 07777, 0177777), PTRS);
	P(SYS_mq_unlink, L(0, BAD, TEXT, TEXT + 101));
	P(SYS_mq_timedsend, FDS, PTRS, L(0, 4, 40, -1), L(0, -1, H(1)), L(0, COUNT, BAD));
	P(SYS_mq_timedreceive, FDS, PTRS, L(0, 4, 40, -1), PTRS, L(0, COUNT, BAD));
#ifdef SYS_mq_timedsend_time64
	P(SYS_mq_timedsend_time64, FDS, PTRS, L(4), L(1), PTRS);
	P(SYS_mq_timedreceive_time64, FDS, L(COUNT), L(40), L(0), PTRS);
#endif
	P(SYS_mq_notify, FDS, PTRS);
	struct {
		union { int i; void *p; } value;
		int signo, notify;
		union { int tid; void *p[2]; } u;
	} event;
	memset(&event, 0, sizeof event);
	event.value.i = 0xdefaced, event.u.p[1] = (void *)0x1234;
	for (int notify = 0; notify < 6; notify++) {
		const int signals[] = {0, 10, 34, 64, 99};
		for (int i = 0; i < 5; i++) {
			event.notify = notify, event.signo = signals[i];
			event.u.p[0] = i ? (void *)0xabcdef : 0;
			char whole[64] = {0};
			memcpy(whole, &event, sizeof event);
			P(SYS_mq_notify, L(-1), L(own(whole, 64)));
		}
	}
	P(SYS_mq_getsetattr, FDS, PTRS, PTRS);
#ifdef SYS_ipc
	P(SYS_ipc, L(0x10000, 0x10005, 0x7fff0009, 0xffff0063, -1), L(1), L(2), L(3), L(4), L(5));
	const W unions[] = {SMALL, BAD, 0};
	for (int i = 0; i < 3; i++)
		for (int cmd = 0; cmd < 22; cmd++)
			P(SYS_ipc, L(3), L(1), L(2), L(cmd, cmd | 0x100), L(own(&unions[i], 4), BAD, 0, END(SMALL) - 2), L(0));
	P(SYS_ipc, L(12, 0x1000c, 0x2000c), L(1), L(8), L(0), PTRS, L(7));
	P(SYS_ipc, L(21, 0x10015, 0x20015), L(1), L(0, 010000), PTRS, L(5), L(7));
	P(SYS_ipc, L(0, 1, 2, 3, 4, 5, 11, 12, 0x1000c, 13, 14, 15, 21, 0x10015, 22, 23, 24, 25, H(2), -1, 0x20002), L(1), L(2), L(0, 3, 0x102, 0x103),
	  L(0, BAD, COUNT, SMALL), L(0, COUNT));
#endif
	/* How much of the structs must be there. */
	for (int size = 4; size <= 132; size += 4) {
		P(SYS_msgctl, L(7), L(1, 2, 0x101, 0x102), L(END(ZERO) - size));
		P(SYS_shmctl, L(7), L(1, 2, 3, 13, 14, 0x101, 0x102), L(END(ZERO) - size));
		P(SYS_semctl, L(7), L(0), L(1, 2, 3, 18, 19, 0x101, 0x102), L(END(ZERO) - size));
	}
	return 0;
}

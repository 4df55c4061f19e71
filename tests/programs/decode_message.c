/* sendmsg, recvmsg, sendmmsg and recvmmsg: headers, vectors, addresses and every kind of control message. */
#include "decode.h"
#include <sys/socket.h>
#include <sys/uio.h>

#define HEADERS 0x2000c000UL /* headers and vectors at the end, or anywhere */

static struct msghdr header;

static W put(const void *thing, unsigned long size)
{
	return (W)memcpy((void *)(END(HEADERS) - size), thing, size);
}

static void messages(void)
{
	W at = put(&header, sizeof header);
	P(SYS_sendmsg, L(-1), L(at), L(0x4000));
	P(SYS_recvmsg, L(-1), L(at), L(0));
}

/* One control message of the level and type with so many of the bytes that `data` begins with. */
static void control(int level, int type, const void *data, unsigned size, unsigned claimed)
{
	uint8_t buffer[CMSG_SPACE(512)];
	memset(buffer, 0, sizeof buffer);
	struct cmsghdr *head = (void *)buffer;
	head->cmsg_len = CMSG_LEN(claimed), head->cmsg_level = level, head->cmsg_type = type;
	memcpy(CMSG_DATA(head), data, size);
	header.msg_controllen = CMSG_LEN(size);
	header.msg_control = (void *)own(buffer, CMSG_LEN(size));
	messages();
}

static void controls(void)
{
	static uint8_t count[512], ones[512], small[512];
	for (int i = 0; i < 512; i++)
		count[i] = i + 1, ones[i] = 0xff, small[i] = i % 4 ? 0 : i / 4;
	const uint8_t *contents[] = {count, ones, small};
	const int sizes[] = {0, 1, 2, 3, 4, 8, 12, 13, 16, 20, 24, 28, 32, 40, 48};
	for (int type = 0; type < 76; type++)
		for (int i = 0; i < (type < 4 || (type > 28 && type < 66) ? 15 : 2) && type != 4; i++) {
			control(SOL_SOCKET, type, count, sizes[i], sizes[i]);
			if (type < 4)
				control(SOL_SOCKET, type, small, sizes[i], sizes[i]);
		}
	const int levels[] = {0, 2, 6, 17, 41, 58, 132, 136, 255, 263, 270, 271, 273, 279, 282, 283, 300, -1};
	for (int i = 0; i < 18; i++)
		for (int type = 0; type < 3; type++)
			for (int size = 0; size < 16; size += 4)
				control(levels[i], type, count, size, size);
	for (int type = 0; type < 52; type++)
		for (int i = 0; i < 15; i++)
			for (int what = 0; what < (i % 2 ? 1 : 3); what++) {
				if (type < 26 || i == 4)
					control(0, type, contents[what], sizes[i], sizes[i]);
			}
	/* Lengths that are not true. */
	for (int claimed = -17; claimed < 30; claimed++) {
		control(SOL_SOCKET, 1, small, 12, claimed);
		control(SOL_SOCKET, 2, small, 12, claimed);
	}
	/* Many descriptors, and several messages. */
	control(SOL_SOCKET, 1, small, 31 * 4, 31 * 4);
	control(SOL_SOCKET, 1, small, 32 * 4, 32 * 4);
	control(SOL_SOCKET, 1, small, 33 * 4, 33 * 4);
	control(SOL_SOCKET, 1, small, 40 * 4, 40 * 4);
	uint8_t buffer[1024];
	for (int room = 0; room < 128; room++) {
		memset(buffer, 0, sizeof buffer);
		header.msg_control = buffer, header.msg_controllen = 256;
		struct cmsghdr *head = CMSG_FIRSTHDR(&header);
		head->cmsg_len = CMSG_LEN(8), head->cmsg_level = SOL_SOCKET, head->cmsg_type = SCM_RIGHTS;
		memcpy(CMSG_DATA(head), (int[]){0, 1}, 8);
		head = CMSG_NXTHDR(&header, head);
		head->cmsg_len = CMSG_LEN(12), head->cmsg_level = SOL_SOCKET, head->cmsg_type = SCM_CREDENTIALS;
		memcpy(CMSG_DATA(head), (int[]){3, 2, 1}, 12);
		head = CMSG_NXTHDR(&header, head);
		head->cmsg_len = CMSG_LEN(4), head->cmsg_level = 0, head->cmsg_type = 2;
		header.msg_control = (void *)own(buffer, room), header.msg_controllen = room;
		messages();
	}
	for (int size = 0; size < 128; size += 7) {
		header.msg_control = (void *)END(OWN) - size, header.msg_controllen = size + 8;
		messages();
	}
}

static void many(void)
{
	static struct mmsghdr vector[40];
	static struct iovec parts[40];
	for (int i = 0; i < 40; i++) {
		parts[i] = (struct iovec){(void *)(i & 1 ? TEXT : COUNT), i * 2};
		vector[i].msg_hdr.msg_iov = (void *)TEXT;
		vector[i].msg_len = i * 3;
	}
	W iov = own(parts, sizeof parts);
	for (int i = 0; i < 40; i++) {
		vector[i].msg_hdr.msg_iov = (void *)(iov + i * sizeof *parts);
		vector[i].msg_hdr.msg_iovlen = i % 4 + (i > 36);
		vector[i].msg_hdr.msg_name = (void *)(i & 1 ? SMALL : 0), vector[i].msg_hdr.msg_namelen = 16 * (i % 3);
		vector[i].msg_hdr.msg_flags = i;
	}
	for (int count = 1; count < 41; count += 3) {
		W at = put(vector, count * sizeof *vector);
		P(SYS_sendmmsg, L(-1), L(at), L(count, count + 1, 0, -1), L(0));
		P(SYS_recvmmsg, L(-1), L(at), L(count, count + 1, 0, -1), L(0x10000), L(0, SMALL, ONES, BAD));
#ifdef SYS_recvmmsg_time64
		P(SYS_recvmmsg_time64, L(-1), L(at), L(count, count + 1, 0), L(0x10040), L(0, SMALL, ONES, BAD));
#endif
	}
	P(SYS_sendmmsg, FDS, PTRS, INTS, L(0, 0x4000));
	P(SYS_recvmmsg, FDS, PTRS, INTS, L(0), L(0, COUNT));
}

int main(int argc, char **argv)
{
	page(HEADERS);
	set_up(argc, argv);
	P(SYS_sendmsg, FDS, PTRS, L(0, 0x4000, -1));
	P(SYS_recvmsg, FDS, PTRS, L(0, 0x40000000, -1));
	for (int i = 0; i < 10; i++) {
		const W names[] = {0, BAD, SMALL, COUNT, END(SMALL) - 4, END(COUNT) - 12, ZERO, ONES, SMALL + 4, TEXT};
		const int lengths[] = {0, 1, 2, 3, 16, 28, 110, 128, 129, -1};
		for (int j = 0; j < 10; j++) {
			header.msg_name = (void *)names[i], header.msg_namelen = lengths[j], header.msg_flags = 1 << i;
			messages();
		}
	}
	header.msg_name = 0, header.msg_namelen = 0, header.msg_flags = 0;
	struct iovec parts[3] = {{(void *)TEXT, 40}, {(void *)COUNT, 60}, {(void *)BAD, 3}};
	const W places[] = {0, BAD, ZERO, ONES, SMALL, END(SMALL) - 8, END(SMALL) - 24, 0};
	for (int i = 0; i < 8; i++)
		for (int count = -1; count < 5; count++) {
			header.msg_iov = (void *)(i == 7 ? own(parts, sizeof parts) : places[i]), header.msg_iovlen = count;
			messages();
		}
	for (int bit = 0; bit < 32; bit++) {
		header.msg_iov = (void *)TEXT, header.msg_iovlen = 0, header.msg_flags = 1u << bit;
		messages();
	}
	header.msg_flags = 0;
	controls();
	header.msg_control = 0, header.msg_controllen = 16;
	messages();
	header.msg_control = (void *)BAD;
	messages();
	many();
	return 0;
}

/* ioctl: listeners of seccomp, clocks, the random number generator, user faults, bridges. */
#include "decode.h"
#include <linux/audit.h>
#include <linux/random.h>
#include <linux/rtc.h>
#include <linux/sockios.h>
#include <linux/userfaultfd.h>

static void call(unsigned command, W at)
{
	P(SYS_ioctl, L(-1), L(command), L(at));
}

static void listeners(void)
{
	static const unsigned architectures[] = {0, AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64, 7};
	static const int numbers[] = {0, 1, 59, 5000, -1, 0x40000000, 0x40000001, 0x40000200};
	for (int i = 0; i < 5; i++)
		for (int k = 0; k < 8; k++) {
			struct seccomp_notif notification = {
				.id = i, .pid = k, .flags = k,
				.data = {numbers[k], architectures[i], 0x123456789aULL, {1, 0, 0xffffffffffULL}}
			};
			call(SECCOMP_IOCTL_NOTIF_RECV, own(&notification, sizeof notification));
		}
	for (int i = -140; i < 3; i++) {
		struct seccomp_notif_resp response = {3, i, i, i};
		call(SECCOMP_IOCTL_NOTIF_SEND, own(&response, sizeof response));
	}
}

static void clocks(void)
{
	for (int i = 0; i < 5; i++)
		for (int k = -1; k < 300; k += k < 8 ? 1 : 60) {
			struct {
				uint64_t param, value;
				uint32_t index, pad;
			} parameter = {i, k, i, k == 3};
			call(0x40187013, own(&parameter, sizeof parameter));
			call(0x40187014, own(&parameter, sizeof parameter));
		}
}

int main(int argc, char **argv)
{
	static const unsigned commands[] = {
		SECCOMP_IOCTL_NOTIF_RECV, SECCOMP_IOCTL_NOTIF_SEND, SECCOMP_IOCTL_NOTIF_ID_VALID, 0x40182103, 0x80082102,
		0x40187013, 0x40187014, RNDADDENTROPY, RNDADDTOENTCNT, RNDGETENTCNT, UFFDIO_API, UFFDIO_REGISTER,
		UFFDIO_UNREGISTER, UFFDIO_WAKE, UFFDIO_COPY, UFFDIO_ZEROPAGE, SIOCBRADDIF, SIOCBRDELIF
	};
	set_up(argc, argv);
	for (unsigned i = 0; i < sizeof commands / sizeof *commands; i++)
		P(SYS_ioctl, L(-1), L(commands[i]), PTRS);
	listeners();
	clocks();
	for (int n = -2; n < 60; n += 3) {
		int pool[16] = {n, n};
		call(RNDADDENTROPY, own(pool, sizeof pool));
	}
	for (int n = 16; n < 42; n++)
		call(SIOCBRADDIF, own((void *)ZERO, n));
	return 0;
}

/* ioctl of devices whose commands carry structs: GPIO, hardware clocks, KVM, trusted environments, counters, infrared and
 * perf. */
#define _GNU_SOURCE
#include "decode.h"
#include <linux/counter.h>
#include <linux/gpio.h>
#include <linux/kvm.h>
#include <linux/lirc.h>
#include <linux/perf_event.h>
#include <linux/ptp_clock.h>
#include <linux/tee.h>

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

/* A struct that ends at the page's end. */
static void give(W command, const void *thing, unsigned long size)
{
	W at = own(thing, size);
	P(SYS_ioctl, L(-1), L((unsigned)command), L(at));
}

/* One that is short of `size` bytes, and others. */
static void all_pages(W command)
{
	unsigned long size = command >> 16 & 0x3fff;
	P(SYS_ioctl, L(-1), L((unsigned)command), PTRS);
	P(SYS_ioctl, L(-1), L((unsigned)command), L(1, TEXT, END(COUNT) - size, END(COUNT) - size + 1, END(SMALL) - size, END(SMALL) - size + 4));
}

/* The same with each of `count` values of `width` bytes in one place. */
static void each(W command, void *thing, unsigned long size, void *member, int width, const uint64_t *values, int count)
{
	for (int i = 0; i < count; i++) {
		memcpy(member, values + i, width);
		give(command, thing, size);
	}
}

#define EACH(command, thing, member, ...)                                                                 \
	do {                                                                                              \
		const uint64_t v_[] = {__VA_ARGS__};                                                      \
		each(command, &(thing), sizeof(thing), &(member), sizeof(member), v_, sizeof(v_) / 8); \
	} while (0)
#define BITS 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 0x800, 0x1000, 0x2000, 0x4000, 0x8000, 0x10000, 0x20000, \
	0x40000, 0x80000, 0x80000000, 0xffffffff, 0x100000000, -1
#define LOW 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0xff

static void fill(void *thing, unsigned long size, int from)
{
	uint32_t *word = thing;
	for (unsigned i = 0; i < size / 4; i++)
		word[i] = from ? from + i : 0;
}

static const W gpio[] = {
	GPIO_GET_CHIPINFO_IOCTL, GPIO_GET_LINEINFO_UNWATCH_IOCTL, GPIO_V2_GET_LINEINFO_IOCTL,
	GPIO_V2_GET_LINEINFO_WATCH_IOCTL, GPIO_V2_GET_LINE_IOCTL, GPIO_V2_LINE_SET_CONFIG_IOCTL,
	GPIO_V2_LINE_GET_VALUES_IOCTL, GPIO_V2_LINE_SET_VALUES_IOCTL, GPIO_GET_LINEINFO_IOCTL,
	GPIO_GET_LINEHANDLE_IOCTL, GPIO_GET_LINEEVENT_IOCTL, GPIOHANDLE_GET_LINE_VALUES_IOCTL,
	GPIOHANDLE_SET_LINE_VALUES_IOCTL, GPIOHANDLE_SET_CONFIG_IOCTL, GPIO_GET_LINEINFO_WATCH_IOCTL,
};

static void lines(void)
{
	for (unsigned i = 0; i < COUNT_OF(gpio); i++)
		all_pages(gpio[i]);
	struct gpioline_info info = {3};
	EACH(GPIO_GET_LINEINFO_IOCTL, info, info.flags, BITS);
	struct gpiohandle_request request = {{1, 2, 3}, 0, {1, 0, 1}, "label", 2, 7};
	EACH(GPIO_GET_LINEHANDLE_IOCTL, request, request.flags, BITS);
	EACH(GPIO_GET_LINEHANDLE_IOCTL, request, request.lines, 0, 1, 31, 32, 33, 63, 64, 65);
	struct gpioevent_request event = {5, 1, 0, "x\"y", 3};
	EACH(GPIO_GET_LINEEVENT_IOCTL, event, event.eventflags, BITS);
	struct gpiohandle_config config = {0, {1, 2, 3}};
	EACH(GPIOHANDLE_SET_CONFIG_IOCTL, config, config.padding[1], 0, 1);
	struct gpio_v2_line_info line = {"name", "user", 4};
	EACH(GPIO_V2_GET_LINEINFO_IOCTL, line, line.flags, BITS);
	EACH(GPIO_V2_GET_LINEINFO_IOCTL, line, line.num_attrs, 0, 1, 2, 9, 10, 11, 1);
	for (unsigned id = 0; id < 5; id++) {
		line.attrs[0].id = id;
		EACH(GPIO_V2_GET_LINEINFO_IOCTL, line, line.attrs[0].values, 0, 1, 0xffff, 0x1000000000);
	}
	EACH(GPIO_V2_GET_LINEINFO_WATCH_IOCTL, line, line.attrs[0].padding, 1, 0);
	EACH(GPIO_V2_GET_LINEINFO_WATCH_IOCTL, line, line.padding[3], 1, 0);
	struct gpio_v2_line_request wanted = {{6, 7, 8}, "who", {4, 1}, 2, 0};
	for (unsigned id = 0; id < 5; id++) {
		wanted.config.attrs[0].attr.id = id;
		wanted.config.attrs[0].mask = id * 3;
		EACH(GPIO_V2_GET_LINE_IOCTL, wanted, wanted.config.attrs[0].attr.values, 0, 1, 0xffff, 0x1000000000);
	}
	EACH(GPIO_V2_GET_LINE_IOCTL, wanted, wanted.num_lines, 0, 1, 33, 64, 65, 2);
	EACH(GPIO_V2_GET_LINE_IOCTL, wanted, wanted.event_buffer_size, 0, 1, 64);
	EACH(GPIO_V2_GET_LINE_IOCTL, wanted, wanted.padding[0], 1, 0);
	EACH(GPIO_V2_GET_LINE_IOCTL, wanted, wanted.config.num_attrs, 0, 1, 10, 11);
	EACH(GPIO_V2_LINE_SET_CONFIG_IOCTL, wanted.config, wanted.config.num_attrs, 0, 1, 10, 11, 2);
	EACH(GPIO_V2_LINE_SET_CONFIG_IOCTL, wanted.config, wanted.config.padding[4], 1, 0);
	for (unsigned id = 0; id < 5; id++) {
		wanted.config.attrs[0].attr.id = id;
		EACH(GPIO_V2_LINE_SET_CONFIG_IOCTL, wanted.config, wanted.config.attrs[0].attr.values, 0, 6, 0x1000000000);
	}
}

static const W clocks[] = {
	PTP_CLOCK_GETCAPS, PTP_EXTTS_REQUEST, PTP_PEROUT_REQUEST, PTP_ENABLE_PPS, PTP_SYS_OFFSET, PTP_PIN_GETFUNC,
	PTP_PIN_SETFUNC, PTP_SYS_OFFSET_PRECISE, PTP_SYS_OFFSET_EXTENDED, PTP_CLOCK_GETCAPS2, PTP_EXTTS_REQUEST2,
	PTP_PEROUT_REQUEST2, PTP_ENABLE_PPS2, PTP_SYS_OFFSET2, PTP_PIN_GETFUNC2, PTP_PIN_SETFUNC2,
	PTP_SYS_OFFSET_PRECISE2, PTP_SYS_OFFSET_EXTENDED2,
};

static void hardware_clocks(void)
{
	for (unsigned i = 0; i < COUNT_OF(clocks); i++)
		all_pages(clocks[i]);
	struct ptp_clock_caps caps = {-1, 2, 3, 4, 1, 6, 1, 1};
	EACH(PTP_CLOCK_GETCAPS, caps, caps.adjust_phase, 0, 1);
	EACH(PTP_CLOCK_GETCAPS2, caps, caps.rsv[0], 0, 1);
	EACH(PTP_CLOCK_GETCAPS, caps, caps.rsv[11], 0, 1);
	struct ptp_extts_request request = {3};
	EACH(PTP_EXTTS_REQUEST, request, request.flags, BITS);
	EACH(PTP_EXTTS_REQUEST2, request, request.flags, BITS);
	EACH(PTP_EXTTS_REQUEST, request, request.rsv[1], 0, 1);
	EACH(PTP_EXTTS_REQUEST2, request, request.rsv[1], 0, 1);
	struct ptp_perout_request out = {{{1, 2, 0}}, {0, 500000000, 0}, 1, 0};
	EACH(PTP_PEROUT_REQUEST, out, out.flags, BITS, 3, 5, 6, 7);
	EACH(PTP_PEROUT_REQUEST2, out, out.flags, BITS, 3, 5, 6, 7);
	out.flags = 0;
	EACH(PTP_PEROUT_REQUEST, out, out.rsv[3], 0, 1);
	EACH(PTP_PEROUT_REQUEST2, out, out.rsv[3], 0, 1);
	out.on.sec = 12345678, out.on.nsec = 1, out.flags = PTP_PEROUT_DUTY_CYCLE;
	EACH(PTP_PEROUT_REQUEST2, out, out.on.reserved, 0, 1);
	out.flags = PTP_PEROUT_PHASE;
	EACH(PTP_PEROUT_REQUEST2, out, out.phase.sec, 0, 1, -1, 1700000000);
	EACH(PTP_PEROUT_REQUEST2, out, out.phase.nsec, 0, 999999999, 1000000000, -1);
	EACH(PTP_PEROUT_REQUEST, out, out.phase.reserved, 0, 1);
	struct ptp_sys_offset offset;
	fill(&offset, sizeof offset, 1);
	EACH(PTP_SYS_OFFSET, offset, offset.n_samples, 0, 1, 2, 24, 25, 26, 1000);
	EACH(PTP_SYS_OFFSET2, offset, offset.n_samples, 0, 1, 2, 24, 25, 26, 1000);
	EACH(PTP_SYS_OFFSET, offset, offset.rsv[0], 0, 1);
	struct ptp_sys_offset_extended extended;
	fill(&extended, sizeof extended, 1);
	EACH(PTP_SYS_OFFSET_EXTENDED, extended, extended.n_samples, 0, 1, 2, 24, 25, 26, 1000);
	EACH(PTP_SYS_OFFSET_EXTENDED2, extended, extended.n_samples, 0, 1, 2, 24, 25, 26, 1000);
	memset(extended.rsv, 0, sizeof extended.rsv);
	EACH(PTP_SYS_OFFSET_EXTENDED, extended, extended.rsv[2], 0, 1);
	struct ptp_sys_offset_precise precise = {{1700000000, 5, 0}, {1700000001, 999999999, 0}, {77, 8, 0}};
	EACH(PTP_SYS_OFFSET_PRECISE, precise, precise.rsv[0], 0, 1);
	EACH(PTP_SYS_OFFSET_PRECISE2, precise, precise.device.nsec, 0, 1000000000);
	struct ptp_pin_desc pin = {"pin", 2, 0, 4};
	EACH(PTP_PIN_GETFUNC, pin, pin.func, LOW);
	EACH(PTP_PIN_GETFUNC2, pin, pin.func, LOW);
	EACH(PTP_PIN_SETFUNC, pin, pin.func, LOW);
	EACH(PTP_PIN_SETFUNC2, pin, pin.func, LOW);
	EACH(PTP_PIN_GETFUNC, pin, pin.rsv[4], 0, 1);
	EACH(PTP_PIN_GETFUNC2, pin, pin.rsv[4], 0, 1);
	EACH(PTP_PIN_SETFUNC, pin, pin.rsv[4], 0, 1);
	EACH(PTP_PIN_SETFUNC2, pin, pin.rsv[4], 0, 1);
	P(SYS_ioctl, L(-1), L(PTP_ENABLE_PPS, PTP_ENABLE_PPS2), L(0, 1, 2, H(5)));
}

static const W machines[] = {
	KVM_GET_SUPPORTED_CPUID, KVM_GET_EMULATED_CPUID, KVM_SET_CPUID2, KVM_GET_CPUID2, KVM_GET_REGS, KVM_SET_REGS,
	KVM_GET_SREGS, KVM_SET_SREGS, KVM_SET_USER_MEMORY_REGION, KVM_GET_FPU, KVM_SET_FPU, KVM_GET_MSRS, KVM_SET_MSRS,
	KVM_IRQ_LINE, KVM_IOEVENTFD, KVM_IRQFD, KVM_GET_DIRTY_LOG, KVM_GET_MP_STATE, KVM_GET_VCPU_EVENTS,
	KVM_CREATE_DEVICE, KVM_ENABLE_CAP, KVM_SET_GSI_ROUTING, KVM_GET_LAPIC, KVM_TRANSLATE, KVM_INTERRUPT,
	KVM_SET_SIGNAL_MASK, KVM_GET_CLOCK, KVM_SET_GUEST_DEBUG, KVM_X86_SETUP_MCE, KVM_GET_XSAVE, KVM_GET_ONE_REG,
};

static void virtual_machines(void)
{
	for (unsigned i = 0; i < COUNT_OF(machines); i++)
		all_pages(machines[i]);
	P(SYS_ioctl, L(-1), L(KVM_GET_API_VERSION, KVM_CREATE_VM, KVM_CHECK_EXTENSION, KVM_GET_VCPU_MMAP_SIZE, KVM_CREATE_VCPU, KVM_CREATE_IRQCHIP, KVM_SET_TSS_ADDR, KVM_SET_NR_MMU_PAGES, KVM_SET_TSC_KHZ, KVM_GET_TSC_KHZ, KVM_NMI, KVM_SMI, KVM_SET_BOOT_CPU_ID),
	  L(0, 1, 4, H(5), 100, 222, 10000, -1));
	struct kvm_userspace_memory_region region = {1, 0, 0xfee00000, 0x1000, 0x7f0000000000};
	EACH(KVM_SET_USER_MEMORY_REGION, region, region.flags, 0, 1, 2, 3, 8, 0xffffffff);
	struct {
		struct kvm_cpuid2 head;
		struct kvm_cpuid_entry2 entries[3];
	} ids;
	fill(&ids, sizeof ids, 1);
	for (int i = 0; i < 3; i++) {
		W command = (W[]){KVM_GET_SUPPORTED_CPUID, KVM_GET_EMULATED_CPUID, KVM_SET_CPUID2}[i];
		EACH(command, ids, ids.head.nent, 0, 1, 2, 3, 4, 50, 0xffffffff);
		ids.head.nent = 2;
		EACH(command, ids, ids.entries[0].flags, BITS);
	}
}

static void trusted(void)
{
	static const W commands[] = {
		TEE_IOC_VERSION, TEE_IOC_SHM_ALLOC, TEE_IOC_OPEN_SESSION, TEE_IOC_INVOKE, TEE_IOC_CANCEL,
		TEE_IOC_CLOSE_SESSION, TEE_IOC_SUPPL_RECV, TEE_IOC_SUPPL_SEND, TEE_IOC_SHM_REGISTER,
	};
	for (unsigned i = 0; i < COUNT_OF(commands); i++)
		all_pages(commands[i]);
	struct tee_ioctl_version_data version = {1, 1, 1};
	for (unsigned id = 0; id < 5; id++) {
		version.impl_id = id;
		EACH(TEE_IOC_VERSION, version, version.impl_caps, 0, 1, 2, 3, 0x80000000);
		EACH(TEE_IOC_VERSION, version, version.gen_caps, BITS);
	}
	struct tee_ioctl_shm_alloc_data alloc = {4096, 0, 3};
	EACH(TEE_IOC_SHM_ALLOC, alloc, alloc.flags, BITS);
	struct tee_ioctl_shm_register_data reg = {0x1000, 4096, 0, -1};
	EACH(TEE_IOC_SHM_REGISTER, reg, reg.flags, BITS);
	struct {
		union {
			struct tee_ioctl_open_session_arg open;
			struct tee_ioctl_invoke_arg invoke;
			struct tee_iocl_supp_recv_arg receive;
			struct tee_iocl_supp_send_arg send;
			uint8_t room[56];
		};
		struct tee_ioctl_param params[5];
	} arg;
	const int heads[] = {sizeof arg.open, sizeof arg.invoke, sizeof arg.receive, sizeof arg.send};
	const W with[] = {TEE_IOC_OPEN_SESSION, TEE_IOC_INVOKE, TEE_IOC_SUPPL_RECV, TEE_IOC_SUPPL_SEND};
	for (unsigned i = 0; i < COUNT_OF(with); i++)
		for (unsigned count = 0; count < 6; count++)
			for (int variant = 0; variant < 20; variant++) {
				fill(&arg, sizeof arg, 1);
				struct tee_ioctl_param *params = (void *)((char *)&arg + heads[i]);
				switch (i) {
				case 0:
					arg.open.num_params = count, arg.open.clnt_login = variant > 6 ? 0x80000000u + variant : variant;
					arg.open.ret_origin = variant, arg.open.ret = variant > 5 ? 0xffff0000 + variant - 4 : 0;
					break;
				case 1:
					arg.invoke.num_params = count;
					arg.invoke.ret_origin = variant, arg.invoke.ret = variant > 5 ? 0xffff0000 + variant + 12 : 0xffff3024 + variant;
					break;
				case 2: arg.receive.num_params = count; break;
				case 3: arg.send.num_params = count, arg.send.ret = variant; break;
				}
				for (unsigned n = 0; n < count && n < 4; n++)
					params[n].attr = (n + variant) % 12 + (variant > 12 ? 0x100 : 0) + (variant == 19 ? 0x10000 : 0);
				W at = own(&arg, heads[i] + count * sizeof *params);
				struct tee_ioctl_buf_data data = {at, heads[i] + count * sizeof *params};
				W place = (W)memcpy((void *)ZERO + 256, &data, sizeof data);
				P(SYS_ioctl, L(-1), L((unsigned)with[i]), L(place));
				if (variant)
					continue;
				for (int less = 1; less < 60; less += 7) {
					data.buf_len = heads[i] + count * sizeof *params - less;
					memcpy((void *)ZERO + 256, &data, sizeof data);
					P(SYS_ioctl, L(-1), L((unsigned)with[i]), L(place));
				}
				data.buf_len = heads[i] + (count + 1) * sizeof *params;
				memcpy((void *)ZERO + 256, &data, sizeof data);
				P(SYS_ioctl, L(-1), L((unsigned)with[i]), L(place));
			}
	memset((void *)ZERO + 256, 0, 16);
}

static void counters(void)
{
	all_pages(COUNTER_ADD_WATCH_IOCTL);
	P(SYS_ioctl, L(-1), L(COUNTER_ENABLE_EVENTS_IOCTL, COUNTER_DISABLE_EVENTS_IOCTL), L(0, 5));
	struct counter_watch watch = {{0, 0, 1, 2}, 3, 4};
	EACH(COUNTER_ADD_WATCH_IOCTL, watch, watch.component.type, LOW);
	EACH(COUNTER_ADD_WATCH_IOCTL, watch, watch.component.scope, LOW);
	EACH(COUNTER_ADD_WATCH_IOCTL, watch, watch.event, LOW);
	static const W infrared[] = {
		LIRC_GET_FEATURES, LIRC_GET_SEND_MODE, LIRC_GET_REC_MODE, LIRC_GET_REC_RESOLUTION, LIRC_GET_MIN_TIMEOUT,
		LIRC_GET_MAX_TIMEOUT, LIRC_GET_LENGTH, LIRC_SET_SEND_MODE, LIRC_SET_REC_MODE, LIRC_SET_SEND_CARRIER,
		LIRC_SET_REC_CARRIER, LIRC_SET_SEND_DUTY_CYCLE, LIRC_SET_TRANSMITTER_MASK, LIRC_SET_REC_TIMEOUT,
		LIRC_SET_REC_TIMEOUT_REPORTS, LIRC_SET_MEASURE_CARRIER_MODE, LIRC_SET_REC_CARRIER_RANGE,
		LIRC_SET_WIDEBAND_RECEIVER, LIRC_GET_REC_TIMEOUT,
	};
	unsigned value;
	for (unsigned i = 0; i < COUNT_OF(infrared); i++) {
		all_pages(infrared[i]);
		EACH(infrared[i], value, value, BITS, 0x1000000, 0x2000000, 0x10000000, 0x20000000, 0x40000000);
	}
}

static void perf(void)
{
	static const W commands[] = {
		PERF_EVENT_IOC_PERIOD, PERF_EVENT_IOC_SET_FILTER, PERF_EVENT_IOC_ID, PERF_EVENT_IOC_QUERY_BPF,
		PERF_EVENT_IOC_MODIFY_ATTRIBUTES,
	};
	for (unsigned i = 0; i < COUNT_OF(commands); i++)
		all_pages(commands[i]);
	P(SYS_ioctl, L(-1), L(PERF_EVENT_IOC_ENABLE, PERF_EVENT_IOC_DISABLE, PERF_EVENT_IOC_REFRESH, PERF_EVENT_IOC_RESET, PERF_EVENT_IOC_SET_OUTPUT, PERF_EVENT_IOC_SET_BPF, PERF_EVENT_IOC_PAUSE_OUTPUT),
	  L(0, 1, 2, H(3), -1));
	struct {
		struct perf_event_query_bpf head;
		uint32_t ids[6];
	} query = {{6, 3}, {1, 2, 3, 4, 5, 6}};
	EACH(PERF_EVENT_IOC_QUERY_BPF, query, query.head.prog_cnt, 0, 1, 5, 6, 7, 100);
	query.head.prog_cnt = 4;
	EACH(PERF_EVENT_IOC_QUERY_BPF, query, query.head.ids_len, 0, 1, 3, 4, 5, 6, 7, 8, 0xffffffff);
	struct perf_event_attr attr;
	fill(&attr, sizeof attr, 0);
	attr.size = sizeof attr, attr.type = PERF_TYPE_SOFTWARE, attr.config = 2, attr.sample_period = 5, attr.disabled = 1;
	EACH(PERF_EVENT_IOC_MODIFY_ATTRIBUTES, attr, attr.size, 0, 64, 72, 80, 96, 104, 112, 120, 128);
}

int main(int argc, char **argv)
{
	set_up(argc, argv);
	lines();
	hardware_clocks();
	virtual_machines();
	trusted();
	counters();
	perf();
	return 0;
}

/* ioctl: the device mapper. A head says where its data begins and how long all is; the data is at the end of a page. */
#include "decode.h"
#include <linux/dm-ioctl.h>

static const unsigned commands[] = {
	DM_VERSION, DM_REMOVE_ALL, DM_LIST_DEVICES, DM_DEV_CREATE, DM_DEV_REMOVE, DM_DEV_RENAME, DM_DEV_SUSPEND,
	DM_DEV_STATUS, DM_DEV_WAIT, DM_TABLE_LOAD, DM_TABLE_CLEAR, DM_TABLE_DEPS, DM_TABLE_STATUS, DM_LIST_VERSIONS,
	DM_TARGET_MSG, DM_DEV_SET_GEOMETRY, DM_DEV_ARM_POLL, DM_GET_TARGET_VERSION
};

static char bytes[4096];
static struct dm_ioctl *const dm = (void *)bytes;
#define HEAD 312

static void head(unsigned size, unsigned start, unsigned count)
{
	memset(bytes, 0, sizeof bytes);
	dm->version[0] = 4;
	dm->version[1] = 1;
	dm->version[2] = 2;
	dm->data_size = size;
	dm->data_start = start;
	dm->target_count = count;
	dm->dev = 0x1234;
	dm->flags = DM_READONLY_FLAG | DM_SUSPEND_FLAG;
	dm->event_nr = 77;
	dm->open_count = -5;
	strcpy(dm->name, "nam\"e");
	strcpy(dm->uuid, "uuu");
}

/* The head and what follows it, all commands; `size` bytes of it can be read. */
static void every(unsigned size)
{
	W at = own(bytes, size);
	for (unsigned i = 0; i < sizeof commands / sizeof *commands; i++)
		P(SYS_ioctl, L(-1), L(commands[i]), L(at));
}

static void target(unsigned at, W start, W length, int status, unsigned next, const char *type, const char *text)
{
	struct dm_target_spec *spec = (void *)(bytes + at);
	spec->sector_start = start;
	spec->length = length;
	spec->status = status;
	spec->next = next;
	for (int i = 0; i < 16 && type[i]; i++)
		spec->target_type[i] = type[i];
	strcpy(bytes + at + sizeof *spec, text);
}

static void targets(unsigned first, unsigned second)
{
	head(HEAD + 240, HEAD, 3);
	target(HEAD, 1, 2, 3, first, "aaa", "A b\"c");
	target(HEAD + 80, 4, 5, -6, second, "sixteen characters", "");
	target(HEAD + 160, 7, 8, 9, 80, "ccc", "C and a text that is longer than thirty-two bytes");
	P(SYS_ioctl, L(-1), L(DM_TABLE_LOAD, DM_TABLE_STATUS, DM_DEV_WAIT), L(own(bytes, HEAD + 240)));
}

static void heads(void)
{
	for (unsigned size = 0; size < HEAD + 20; size += size < 30 || size > 300 ? 1 : 45) {
		head(size, 0, 0);
		P(SYS_ioctl, L(-1), L(DM_VERSION, DM_TABLE_LOAD), L(own(bytes, HEAD)));
		dm->version[0] = size / 4;
		P(SYS_ioctl, L(-1), L(DM_VERSION, DM_TABLE_LOAD), L(own(bytes, HEAD), own(bytes, 305), own(bytes, 16)));
	}
	head(HEAD, 0, 0);
	dm->dev = dm->name[0] = dm->uuid[0] = 0;
	every(HEAD);
	memset(dm->name, 'n', 128);
	memset(dm->uuid, 'u', 129);
	dm->flags = ~0;
	every(HEAD);
	for (unsigned i = 0; i < sizeof commands / sizeof *commands; i++)
		P(SYS_ioctl, L(-1), L(commands[i]), PTRS);
}

static void places(void)
{
	static const unsigned starts[] = {1000, 300, 598, 600, 601, 312, 0, 592, 588, 584, 560, 0xfffffff0};
	for (unsigned i = 0; i < sizeof starts / sizeof *starts; i++)
		for (unsigned size = 600; size <= 4000; size += 3400) {
			head(size, starts[i], 2);
			every(600);
			memset(bytes + HEAD, 'x', 600 - HEAD);
			every(600);
			every(320);
			dm->flags = DM_DATA_OUT_FLAG;
			P(SYS_ioctl, L(-1), L(DM_TARGET_MSG), L(own(bytes, 600)));
		}
	head(-1, 0xfffffff0, 2);
	every(600);
	head(600, HEAD, 0);
	every(600);
	head(600, HEAD, 200);
	every(600);
}

static void lists(void)
{
	for (unsigned next = 0; next < 48; next += 4) {
		head(400, HEAD, 1);
		struct dm_name_list *names = (void *)(bytes + HEAD);
		names->dev = 0x101;
		names->next = next;
		strcpy(names->name, "f");
		strcpy(bytes + HEAD + 28, "a name that is longer than thirty-two bytes");
		P(SYS_ioctl, L(-1), L(DM_LIST_DEVICES, DM_LIST_VERSIONS), L(own(bytes, 400)));
		struct dm_target_versions *versions = (void *)(bytes + HEAD);
		versions->next = next;
		versions->version[0] = 1;
		strcpy(versions->name, "lin");
		P(SYS_ioctl, L(-1), L(DM_LIST_DEVICES, DM_LIST_VERSIONS), L(own(bytes, 400)));
		struct dm_target_deps *deps = (void *)(bytes + HEAD);
		deps->count = next;
		deps->dev[0] = 0x101;
		deps->dev[1] = 0x1234567890;
		P(SYS_ioctl, L(-1), L(DM_TABLE_DEPS), L(own(bytes, 400), own(bytes, 330)));
		struct dm_target_msg *message = (void *)(bytes + HEAD);
		message->sector = next;
		strcpy(message->message, "hello \n world");
		P(SYS_ioctl, L(-1), L(DM_TARGET_MSG, DM_DEV_RENAME, DM_DEV_SET_GEOMETRY), L(own(bytes, 400)));
	}
}

int main(int argc, char **argv)
{
	static const unsigned nexts[] = {0, 39, 40, 41, 80, 81, 160, 199, 200, 201, 240, -1, -80};
	set_up(argc, argv);
	heads();
	places();
	lists();
	for (unsigned i = 0; i < sizeof nexts / sizeof *nexts; i++)
		for (unsigned k = 0; k < sizeof nexts / sizeof *nexts; k++)
			targets(nexts[i], nexts[k]);
	return 0;
}

/* ioctl of input devices: the names, sets of bits, keys, axes and effects of evdev, joysticks, uinput and raw HID. */
#include "decode.h"
#include <linux/hidraw.h>
#include <linux/hiddev.h>
#include <linux/input.h>
#include <linux/joystick.h>
#include <linux/uinput.h>

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))
#define IO(dir, type, nr, size) ((W)(unsigned)((dir) << 30 | (size) << 16 | (type) << 8 | (nr)))

/* A struct that ends at the page's end. */
static void give(W command, const void *thing, unsigned long size)
{
	W at = own(thing, size);
	P(SYS_ioctl, L(-1), L((unsigned)command), L(at));
}

static void all_pages(W command)
{
	unsigned long size = command >> 16 & 0x3fff;
	P(SYS_ioctl, L(-1), L((unsigned)command), PTRS);
	P(SYS_ioctl, L(-1), L((unsigned)command), L(1, TEXT, END(COUNT) - size, END(COUNT) - size + 1, END(SMALL) - size, END(SMALL) - size + 4));
}

/* A set of bits of one, some and all, of each size. */
static void bit_sets(int number)
{
	static const int sizes[] = {0, 1, 2, 3, 4, 7, 8, 12, 16, 24, 96, 100, 512};
	for (unsigned i = 0; i < COUNT_OF(sizes); i++)
		P(SYS_ioctl, L(-1), L(IO(2, 'E', number, sizes[i])), L(0, BAD, ZERO, ONES, COUNT, SMALL, END(COUNT) - sizes[i], END(SMALL) - 8, END(ONES) - 4, END(ZERO) - 1));
	uint8_t bits[128];
	for (int at = 0; at < 1024; at += at < 64 ? 1 : 3) {
		memset(bits, 0, sizeof bits);
		bits[at / 8] = 1 << at % 8;
		give(IO(2, 'E', number, 128), bits, sizeof bits);
	}
	for (int at = 0; at < 1024; at += 8) {
		memset(bits, 0, sizeof bits);
		memset(bits + at / 8, 0xff, 1);
		give(IO(2, 'E', number, 128), bits, sizeof bits);
	}
}

static void keys(void)
{
	struct input_keymap_entry entry = {0, 4, 7, 0, {1, 2, 3, 4}};
	unsigned code[2] = {5, 0};
	for (unsigned key = 0; key < 0x320; key++) {
		entry.keycode = code[1] = key;
		give(EVIOCGKEYCODE_V2, &entry, sizeof entry);
		give(EVIOCSKEYCODE, code, sizeof code);
		if (key % 10)
			continue;
		give(EVIOCSKEYCODE_V2, &entry, sizeof entry);
		give(EVIOCGKEYCODE, code, sizeof code);
	}
	for (unsigned length = 0; length < 36; length++) {
		entry.len = length;
		entry.flags = length % 4;
		give(EVIOCGKEYCODE_V2, &entry, sizeof entry), give(EVIOCSKEYCODE_V2, &entry, sizeof entry);
	}
}

static void effects(void)
{
	struct ff_effect effect;
	for (unsigned type = 0x4c; type < 0x64; type++)
		for (int from = 0; from < 3; from++) {
			uint16_t *word = (void *)&effect;
			for (unsigned i = 0; i < sizeof effect / 2; i++)
				word[i] = from == 0 ? 0 : from == 1 ? 0x50 + i : 0xfff0 + i;
			effect.type = type;
			give(EVIOCSFF, &effect, sizeof effect);
		}
	effect.type = FF_PERIODIC;
	for (unsigned wave = 0x56; wave < 0x60; wave++) {
		effect.u.periodic.waveform = wave;
		effect.u.periodic.custom_len = wave - 0x58;
		effect.u.periodic.custom_data = (void *)COUNT;
		give(EVIOCSFF, &effect, sizeof effect);
	}
}

static void slots(void)
{
	int slot[12] = {0, -1, 1, 2, 3, 0x7fffffff, 6, 7, 8, 9, 10, 11};
	for (int code = 0; code < 0x42; code++)
		for (int size = 0; size < 48; size += code == 0x35 || code == 0x2f ? 1 : 12) {
			slot[0] = code;
			W at = own(slot, sizeof slot);
			P(SYS_ioctl, L(-1), L(EVIOCGMTSLOTS(size)), L(at, END(OWN) - size));
		}
	P(SYS_ioctl, L(-1), L(EVIOCGMTSLOTS(4), EVIOCGMTSLOTS(8), EVIOCGMTSLOTS(200)), PTRS);
	struct input_mask mask = {0, 8, COUNT};
	for (int type = 0; type < 0x20; type++)
		for (unsigned size = 0; size < 20; size += 4) {
			mask.type = type, mask.codes_size = size, mask.codes_ptr = size % 8 ? COUNT : ONES;
			give(EVIOCGMASK, &mask, sizeof mask), give(EVIOCSMASK, &mask, sizeof mask);
		}
}

static void texts(void)
{
	static const int numbers[] = {6, 7, 8};
	for (unsigned i = 0; i < COUNT_OF(numbers); i++)
		for (int size = 0; size < 300; size += size < 40 ? 5 : 50)
			P(SYS_ioctl, L(-1), L(IO(2, 'E', numbers[i], size)), L(0, BAD, TEXT, COUNT, END(TEXT) - 88, END(TEXT) - 5, END(TEXT) - size));
	static const W others[] = {
		HIDIOCGRDESCSIZE, HIDIOCGRDESC, HIDIOCGRAWINFO, HIDIOCGRAWNAME(32), HIDIOCGRAWPHYS(32), HIDIOCSFEATURE(16),
		HIDIOCGFEATURE(16), HIDIOCGRAWUNIQ(32), HIDIOCSINPUT(16), HIDIOCGINPUT(16), HIDIOCSOUTPUT(16), HIDIOCGOUTPUT(16),
		HIDIOCGVERSION, HIDIOCAPPLICATION, HIDIOCGDEVINFO, HIDIOCGSTRING, HIDIOCINITREPORT, HIDIOCGNAME(32),
		HIDIOCGREPORT, HIDIOCSREPORT, HIDIOCGREPORTINFO, HIDIOCGFIELDINFO, HIDIOCGUSAGE, HIDIOCSUSAGE, HIDIOCGUCODE,
		HIDIOCGFLAG, HIDIOCSFLAG, HIDIOCGCOLLECTIONINDEX, HIDIOCGCOLLECTIONINFO, HIDIOCGPHYS(32), HIDIOCGUSAGES,
		HIDIOCSUSAGES, JSIOCGVERSION, JSIOCGAXES, JSIOCGBUTTONS, JSIOCGNAME(32), JSIOCSCORR, JSIOCGCORR, JSIOCSAXMAP,
		JSIOCGAXMAP, JSIOCSBTNMAP, JSIOCGBTNMAP, UI_DEV_CREATE, UI_DEV_DESTROY, UI_DEV_SETUP, UI_ABS_SETUP,
		UI_SET_EVBIT, UI_SET_KEYBIT, UI_SET_RELBIT, UI_SET_ABSBIT, UI_SET_MSCBIT, UI_SET_LEDBIT, UI_SET_SNDBIT,
		UI_SET_FFBIT, UI_SET_PHYS, UI_SET_SWBIT, UI_SET_PROPBIT, UI_BEGIN_FF_UPLOAD, UI_END_FF_UPLOAD,
		UI_BEGIN_FF_ERASE, UI_END_FF_ERASE, UI_GET_SYSNAME(32), UI_GET_VERSION,
	};
	for (unsigned i = 0; i < COUNT_OF(others); i++)
		all_pages(others[i]);
}

int main(int argc, char **argv)
{
	set_up(argc, argv);
	static const W commands[] = {
		EVIOCGVERSION, EVIOCGID, EVIOCGREP, EVIOCSREP, EVIOCGKEYCODE, EVIOCGKEYCODE_V2, EVIOCSKEYCODE,
		EVIOCSKEYCODE_V2, EVIOCGABS(0), EVIOCGABS(1), EVIOCGABS(0x35), EVIOCSABS(0), EVIOCSABS(2), EVIOCSABS(0x3f),
		EVIOCSFF, EVIOCRMFF, EVIOCGEFFECTS, EVIOCGRAB, EVIOCREVOKE, EVIOCGMASK, EVIOCSMASK, EVIOCSCLOCKID,
		EVIOCGPROP(4), EVIOCGPROP(1), EVIOCGKEY(96), EVIOCGKEY(8), EVIOCGLED(8), EVIOCGSND(8), EVIOCGSW(8),
		EVIOCGNAME(64), EVIOCGPHYS(64), EVIOCGUNIQ(64),
	};
	for (unsigned i = 0; i < COUNT_OF(commands); i++)
		all_pages(commands[i]);
	/* Axes with and without a resolution. */
	for (int size = 0; size < 32; size += 4)
		P(SYS_ioctl, L(-1), L(IO(2, 'E', 0x41, size), IO(1, 'E', 0xc1, size)), L(COUNT, END(SMALL) - size, END(SMALL) - 20, END(SMALL) - 24));
	static const int sets[] = {9, 0x18, 0x19, 0x1a, 0x1b};
	for (unsigned i = 0; i < COUNT_OF(sets); i++)
		bit_sets(sets[i]);
	for (int type = 0; type < 0x20; type++)
		bit_sets(0x20 + type);
	keys();
	effects();
	slots();
	texts();
	return 0;
}

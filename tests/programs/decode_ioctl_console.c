/* ioctl of consoles and keyboards. */
#include "decode.h"
#include <linux/kd.h>
#include <linux/vt.h>

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

static void give(W command, const void *thing, unsigned long size)
{
	W at = own(thing, size);
	P(SYS_ioctl, L(-1), L(command), L(at, at + 1));
}

static void keys(void)
{
	struct kbentry entry = {0, 5, 0};
	for (unsigned table = 0; table < 256; table += table < 16 ? 1 : 15) {
		entry.kb_table = table;
		give(KDGKBENT, &entry, sizeof entry), give(KDSKBENT, &entry, sizeof entry);
	}
	for (int table = 0; table < 4; table++) {
		entry.kb_table = table;
		for (unsigned kind = 0; kind < 20; kind++)
			for (unsigned value = 0; value < 256; value++) {
				entry.kb_value = kind << 8 | value;
				if (table == 1 || value % 16 == table)
					give(table & 1 ? KDGKBENT : KDSKBENT, &entry, sizeof entry);
			}
	}
	for (unsigned kind = 0xf0; kind < 0x100; kind++) {
		entry.kb_value = kind << 8 | (kind & 0x1f);
		give(KDGKBENT, &entry, sizeof entry);
	}
	struct kbsentry string = {0, "text\n"};
	for (unsigned func = 0; func < 256; func++) {
		string.kb_func = func;
		give(KDGKBSENT, &string, sizeof string), give(KDSKBSENT, &string, sizeof string);
	}
	memset(string.kb_string, 'x', sizeof string.kb_string);
	give(KDGKBSENT, &string, sizeof string), give(KDSKBSENT, &string, sizeof string);
	string.kb_string[40] = 0;
	give(KDGKBSENT, &string, sizeof string), give(KDSKBSENT, &string, sizeof string);
	string.kb_string[32] = 0;
	give(KDGKBSENT, &string, sizeof string), give(KDSKBSENT, &string, sizeof string);
	P(SYS_ioctl, L(-1), L(KDGKBSENT, KDSKBSENT), L(END(ZERO) - 1, END(ZERO) - 2, END(COUNT) - 5, END(TEXT) - 1, END(TEXT) - 40, END(TEXT) - 513, END(TEXT) - 600));
	unsigned code[2] = {30, 31};
	give(KDGETKEYCODE, code, sizeof code), give(KDSETKEYCODE, code, sizeof code);
	int repeat[2] = {-1, 250};
	give(KDKBDREP, repeat, sizeof repeat);
}

static void accents(void)
{
	static struct kbdiacrs old;
	static struct kbdiacrsuc wide;
	static const unsigned counts[] = {0, 1, 2, 31, 32, 33, 255, 256, 257, 100000, 0xffffffff};
	for (int i = 0; i < 256; i++) {
		old.kbdiacr[i] = (struct kbdiacr){i, 255 - i, i * 3};
		wide.kbdiacruc[i] = (struct kbdiacruc){i, 0x10000 + i, i * 3};
	}
	for (unsigned i = 0; i < COUNT_OF(counts); i++) {
		old.kb_cnt = wide.kb_cnt = counts[i];
		give(KDGKBDIACR, &old, sizeof old), give(KDSKBDIACR, &old, sizeof old);
		give(KDGKBDIACRUC, &wide, sizeof wide), give(KDSKBDIACRUC, &wide, sizeof wide);
		for (int few = 0; few < 8; few++) {
			give(KDGKBDIACR, &old, 4 + few), give(KDSKBDIACRUC, &wide, 4 + few * 4);
		}
	}
}

static void fonts(void)
{
	struct console_font_op op = {0, 0, 8, 16, 2, (void *)COUNT};
	for (unsigned kind = 0; kind < 7; kind++)
		for (unsigned flags = 0; flags < 4; flags++)
			for (unsigned count = 0; count < 600; count += count < 2 ? 1 : 255) {
				op.op = kind, op.flags = flags, op.charcount = count, op.data = (void *)COUNT;
				give(KDFONTOP, &op, sizeof op);
				op.data = (void *)BAD;
				give(KDFONTOP, &op, sizeof op);
				op.data = (void *)(END(TEXT) - 40);
				give(KDFONTOP, &op, sizeof op);
				op.data = 0;
				give(KDFONTOP, &op, sizeof op);
			}
	op.op = KD_FONT_OP_SET_DEFAULT;
	memset((void *)OWN, 'k', 3000);
	const W names[] = {TEXT, TEXT + 70, TEXT + 69, TEXT + 68, TEXT + 67, OWN, END(COUNT) - 31, END(COUNT) - 32, END(COUNT) - 33};
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
		op.data = (void *)names[i];
		give(KDFONTOP, &op, sizeof op);
	}
	op.op = KD_FONT_OP_SET, op.charcount = 1;
	for (unsigned width = 0; width < 40; width += 7)
		for (unsigned height = 0; height < 40; height += 7) {
			op.width = width, op.height = height;
			give(KDFONTOP, &op, sizeof op);
		}
	struct consolefontdesc font = {2, 16, (void *)COUNT};
	for (unsigned count = 0; count < 1200; count += count < 2 ? 1 : 255) {
		font.charcount = count, font.chardata = (void *)COUNT;
		give(GIO_FONTX, &font, sizeof font), give(PIO_FONTX, &font, sizeof font);
		font.chardata = (void *)(END(TEXT) - 33);
		give(GIO_FONTX, &font, sizeof font), give(PIO_FONTX, &font, sizeof font);
		font.chardata = 0;
		give(GIO_FONTX, &font, sizeof font), give(PIO_FONTX, &font, sizeof font);
	}
	struct unimapdesc map = {2, (void *)COUNT};
	static const unsigned counts[] = {0, 1, 2, 5, 32, 33, 60000, 65535};
	for (unsigned i = 0; i < COUNT_OF(counts); i++) {
		map.entry_ct = counts[i], map.entries = (void *)COUNT;
		give(GIO_UNIMAP, &map, sizeof map), give(PIO_UNIMAP, &map, sizeof map);
		map.entries = (void *)(END(SMALL) - 18);
		give(GIO_UNIMAP, &map, sizeof map), give(PIO_UNIMAP, &map, sizeof map);
		map.entries = (void *)BAD;
		give(GIO_UNIMAP, &map, sizeof map), give(PIO_UNIMAP, &map, sizeof map);
		map.entries = 0;
		give(GIO_UNIMAP, &map, sizeof map), give(PIO_UNIMAP, &map, sizeof map);
	}
	struct unimapinit init = {1, 2, 3};
	give(PIO_UNIMAPCLR, &init, sizeof init);
}

int main(int argc, char **argv)
{
	set_up(argc, argv);
	for (W command = 0x4b2f; command < 0x4b80; command++) {
		P(SYS_ioctl, L(-1), L(command), PTRS);
		P(SYS_ioctl, L(-1), L(command), L(1, 2, 3, 4, 7, 0x77, H(9), TEXT, END(COUNT) - 1, END(COUNT) - 2, END(COUNT) - 3, END(COUNT) - 8, END(TEXT) - 16, END(COUNT) - 48, END(COUNT) - 47, END(SMALL) - 512, END(SMALL) - 511, END(TEXT) - 256, END(TEXT) - 255, COUNT + 1));
	}
	static uint16_t map[256];
	for (int i = 0; i < 256; i++)
		map[i] = i < 8 ? 0xeffe + i : i < 20 ? 0xf1f5 + i : 0xe000 + 0x100 * i;
	give(0x4b69, map, sizeof map), give(0x4b6a, map, sizeof map);
	for (W command = 0x5600; command < 0x5611; command++)
		P(SYS_ioctl, L(-1), L(command), L(0, 1, BAD, COUNT, SMALL, END(SMALL) - 4));
	keys();
	accents();
	fonts();
	return 0;
}

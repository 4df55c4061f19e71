/* ioctl: every command that has a name, by the numbers in the file that the second argument names. */
#include "decode.h"
#include <stdio.h>

int main(int argc, char **argv)
{
	static unsigned commands[8192];
	int count = 0;
	FILE *file = fopen(argc > 2 ? argv[2] : "/dev/null", "r");
	while (file && count < 8192 && fscanf(file, "%x", commands + count) == 1)
		count++;
	if (!count)
		return 1;
	set_up(argc, argv);
	for (int i = 0; i < count; i++)
		P(SYS_ioctl, L(-1), L(commands[i]), L(0, COUNT, ONES, END(SMALL) - 24));
	return 0;
}

/* What the tell_*.c programs share. Each row makes a call and knows the line that it expects, by name, in bare numbers and in
 * both; started with "tell", the program prints these lines and makes no call. */
#include <stdio.h>
#include "decode.h"

static int telling, style;
static long result;
static const char *const ends[] = {" = -1 EINVAL (Invalid argument)", " = 0", " = 5"};

/* A call whose result is `r`, and its line in the three styles. */
#define ROW(r, named, raw, both, nr, ...)                                              \
	do {                                                                           \
		if (result != (r))                                                     \
			break;                                                         \
		const char *const lines[] = {named, raw, both};                        \
		if (telling)                                                           \
			printf("%s%s\n", lines[style], ends[(r) < 0 ? 0 : (r) ? 2 : 1]); \
		else                                                                   \
			P(nr, __VA_ARGS__);                                            \
	} while (0)
/* The same where all styles agree. */
#define SAME(r, line, nr, ...) ROW(r, line, line, line, nr, __VA_ARGS__)
#define PATH L(TEXT + 90)
#define CWD L(-100)

static uint8_t buffer[2048];

static void put(int at, uint64_t value, int size)
{
	memcpy(buffer + at, &value, size);
}

static W place(int size)
{
	return telling ? 0 : own(buffer, size);
}

/* Reads the arguments; without "tell", calls are made from here on. */
static void start(int argc, char **argv)
{
	result = argc > 1 ? atol(argv[1]) : 0;
	style = argc > 2 ? atoi(argv[2]) : 0;
	telling = argc > 3;
	if (!telling)
		set_up(argc, argv);
}

/* A library whose functions are called NAME_inner and entry; -DNAME gives them. */
#include <unistd.h>

#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)
#define TEXT2(a) #a
#define TEXT(a) TEXT2(a)

__attribute__((noinline, noclone)) void JOIN(NAME, _inner)(void)
{
	char pad[PAD];
	long got = write(1, TEXT(NAME) "\n", sizeof TEXT(NAME));
	__asm__ volatile("" : : "r"(got), "r"(pad));
}

void entry(void)
{
	JOIN(NAME, _inner)();
	__asm__ volatile("");
}

/* 32-bit calls without any library, so that no 32-bit library is needed to build it. */
static int call(int nr, int a, const void *b, int c)
{
	int result;
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(nr), "b"(a), "c"(b), "d"(c) : "memory");
	return result;
}

__attribute__((noinline, noclone)) int leaf(int n)
{
	int got = call(4, 1, "leaf\n", 5);
	__asm__ volatile("" : : "r"(n));
	return got + n;
}

__attribute__((noinline, noclone)) int middle(int n)
{
	int got = leaf(n + 1);
	__asm__ volatile("" : : "r"(got));
	return got + 2;
}

__attribute__((force_align_arg_pointer, noreturn)) void start(void)
{
	int got = middle(3);
	__asm__ volatile("" : : "r"(got));
	call(1, 0, 0, 0);
	__builtin_unreachable();
}

__asm__(".globl _start\n.type _start, @function\n_start:\n.cfi_startproc\n.cfi_undefined eip\n"
	"xor %ebp, %ebp\ncall start\nhlt\n.cfi_endproc\n.size _start, .-_start");

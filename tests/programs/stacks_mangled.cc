// A call from a member of a template in a namespace.
#include <unistd.h>

namespace space {
template <class T> struct Box {
	__attribute__((noinline)) long put(T value, const char *text)
	{
		long got = write(1, text, value);
		__asm__ volatile("" : : "r"(got));
		return got;
	}
};
} // namespace space

int main()
{
	space::Box<int> box;
	return box.put(8, "mangled\n") != 8;
}

/* Loads and unloads two libraries, which are likely to come to lie at the same address. */
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		void *library = dlopen(argv[i], RTLD_NOW);
		void (*entry)(void) = library ? (void (*)(void))dlsym(library, "entry") : NULL;
		if (!entry)
			return 1;
		fprintf(stderr, "%p\n", (void *)entry);
		entry();
		dlclose(library);
	}
	return 0;
}

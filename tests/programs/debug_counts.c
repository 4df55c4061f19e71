/* A function called over and over, for conditions, ignore counts and watchpoints of tests/debug.rs and benches/debug.rs. */
#include <stdio.h>
#include <stdlib.h>

long total;
int last;

static void __attribute__((noinline)) work(int i)
{
    int doubled = i * 2;
    total += doubled;
    if (i % 10 == 0)
        last = i;
}

static int __attribute__((noinline)) local(int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += i;
    return sum;
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 100;
    for (int i = 0; i <= count; i++)
        work(i);
    printf("%ld %d\n", total, local(3));
    return 0;
}

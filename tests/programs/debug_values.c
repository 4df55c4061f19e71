/* Values of every common shape, calls, an inlined function and a recursion, for tests/debug.rs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum color { RED, GREEN, BLUE };
enum mask { READ = 1, WRITE = 2, EXECUTE = 4 };
struct point { int x, y; };
union word { int number; unsigned char bytes[4]; };
typedef struct node {
    int value;
    struct node *next;
    char name[16];
    enum color color;
    unsigned flag : 3;
    int low : 5;
    double weight;
    struct { short a, b; } inner;
} node_t;

int counter;
float ratio = 1.5f;
static long grid[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } };
const char *words[] = { "one", "two", NULL };

static int __attribute__((noinline)) square(int n)
{
    int r = n * n;
    return r;
}

static double __attribute__((noinline)) half(double value)
{
    return value / 2;
}

int fib(int n)
{
    if (n < 2)
        return n;
    return fib(n - 1) + fib(n - 2);
}

static inline __attribute__((always_inline)) int twice(int v)
{
    int w = v + v;
    counter += w;
    return w;
}

int main(int argc, char **argv)
{
    struct point p = { 3, 4 };
    node_t second = { 2, NULL, "second", BLUE, 5, -3, 2.5, { 7, 8 } };
    node_t first = { 1, &second, "first", GREEN, 1, 4, 0.1, { 1, 2 } };
    int list[5] = { 1, 2, 3, 4, 5 };
    int zeros[300] = { 0 };
    const char *text = "hello\n";
    union word w = { 0x01020304 };
    enum mask rights = READ | EXECUTE;
    int (*function)(int) = square;
    unsigned char byte = 200;
    long long big = -5000000000LL;
    _Bool yes = 1;
    void *nothing = NULL;
    int i, sum = 0;
    for (i = 0; i < 5; i++) {
        sum += function(list[i]);
        counter++;
    }
    sum += twice(sum);
    sum += fib(5);
    sum += (int)half(4.0);
    if (argc > 5)
        abort();
    printf("%d %s %d %d %d %lld %d %p %d\n", sum, text, p.x, first.value, w.number, big, byte, nothing, yes + rights);
    printf("%ld %s %d %f\n", grid[1][2], words[1], zeros[299], ratio);
    return second.low == -3 ? 3 : 0;
}

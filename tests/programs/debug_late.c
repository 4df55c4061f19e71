/* A library that tests/debug.rs has loaded late. */
int late(int n)
{
    int twice = n * 2;
    return twice;
}

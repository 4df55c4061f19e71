/* Loads seccomp filters of its own, then makes calls that they answer. Prints what the calls return, so that a run
   with a tracer can be compared with one without. Usage: own_filter errno|trace|tsync|prctl */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int go;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long from_thread;

static long ask(void) {
    long got = syscall(SYS_getppid);
    return got < 0 ? -errno : got > 0;
}

static void *thread(void *unused) {
    pthread_mutex_lock(&lock);
    while (!go)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    from_thread = ask();
    return unused;
}

static int load(unsigned answer, int by_prctl, unsigned flags) {
    struct sock_filter insns[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, answer),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {4, insns};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (by_prctl)
        return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

int main(int argc, char **argv) {
    const char *mode = argc > 1 ? argv[1] : "errno";
    pthread_t other;
    long before = ask();
    pthread_create(&other, NULL, thread, NULL);
    unsigned answer = strcmp(mode, "trace") ? SECCOMP_RET_ERRNO | 77 : SECCOMP_RET_TRACE | 5;
    int loaded = load(answer, !strcmp(mode, "prctl"), !strcmp(mode, "tsync"));
    long own = ask();
    pthread_mutex_lock(&lock);
    go = 1;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    pthread_join(other, NULL);
    printf("before %ld loaded %d own %ld thread %ld\n", before, loaded, own, from_thread);
    fflush(stdout);
    if (fork() == 0)
        _exit(ask() == own ? 0 : 9);
    return wait(NULL) < 0;
}

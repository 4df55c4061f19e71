/* What an audit has to see, a scene a word: audit_acts SCENE [ARGUMENTS]. Prints nothing; ends with 0, or 77 where the
 * kernel refuses a scene. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void must(int holds, const char *what) {
    if (!holds) {
        perror(what);
        exit(1);
    }
}

static struct sockaddr_in loopback(const char *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/* Submits one operation and waits for it, unless `wait` is 0. */
static void submit(struct io_uring_sqe operation, int wait) {
    struct io_uring_params params = {0};
    int ring = syscall(SYS_io_uring_setup, 4, &params);
    if (ring < 0) exit(77);
    size_t sq_bytes = params.sq_off.array + params.sq_entries * sizeof(unsigned);
    char *sq = mmap(0, sq_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQ_RING);
    struct io_uring_sqe *sqes = mmap(0, params.sq_entries * sizeof *sqes, PROT_READ | PROT_WRITE,
                                     MAP_SHARED | MAP_POPULATE, ring, IORING_OFF_SQES);
    must(sq != MAP_FAILED && (void *)sqes != MAP_FAILED, "mmap");
    sqes[0] = operation;
    ((unsigned *)(sq + params.sq_off.array))[0] = 0;
    __atomic_store_n((unsigned *)(sq + params.sq_off.tail), 1, __ATOMIC_RELEASE);
    int flags = wait ? IORING_ENTER_GETEVENTS : 0;
    must(syscall(SYS_io_uring_enter, ring, 1, wait, flags, 0, 0) == 1, "io_uring_enter");
}

static void ring_open(const char *path, int wait) {
    struct io_uring_sqe sqe = {.opcode = IORING_OP_OPENAT, .fd = AT_FDCWD, .addr = (uintptr_t)path};
    submit(sqe, wait);
}

static void ring_connect(const char *port) {
    struct sockaddr_in address = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct io_uring_sqe sqe = {
        .opcode = IORING_OP_CONNECT, .fd = fd, .addr = (uintptr_t)&address, .off = sizeof address};
    submit(sqe, 1);
}

/* Runs a program that has no name. */
static void memory(const char *path) {
    char bytes[1 << 16];
    int from = open(path, O_RDONLY), to = memfd_create("payload", 0);
    must(from >= 0 && to >= 0, "memfd_create");
    for (ssize_t count; (count = read(from, bytes, sizeof bytes)) > 0;) must(write(to, bytes, count) == count, "write");
    close(from);
    char *argv[] = {"payload", 0};
    syscall(SYS_execveat, to, "", argv, environ, AT_EMPTY_PATH);
    must(0, "execveat");
}

/* Asks a server for the address of registry.test and connects to it. */
static void ask(const char *server, const char *port) {
    static const char question[] = "\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x08registry\x04test\0\0\x01\0\x01";
    char answer[512];
    struct sockaddr_in address = loopback(server);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    must(connect(fd, (void *)&address, sizeof address) == 0, "connect");
    must(send(fd, question, sizeof question - 1, 0) > 0, "send");
    must(recvfrom(fd, answer, sizeof answer, 0, 0, 0) > 0, "recvfrom");
    address = loopback(port);
    must(connect(socket(AF_INET, SOCK_STREAM, 0), (void *)&address, sizeof address) == 0, "connect");
}

static void touch(const char *path) {
    int fd = open(path, O_WRONLY | O_CREAT, 0644);
    must(fd >= 0, path);
    close(fd);
}

int main(int argc, char **argv) {
    const char *scene = argc > 1 ? argv[1] : "", *one = argc > 2 ? argv[2] : "", *two = argc > 3 ? argv[3] : "";
    if (!strcmp(scene, "ring-open")) ring_open(one, 1);
    else if (!strcmp(scene, "ring-open-and-leave")) ring_open(one, 0);
    else if (!strcmp(scene, "ring-polled")) {
        struct io_uring_params params = {.flags = IORING_SETUP_SQPOLL};
        if (syscall(SYS_io_uring_setup, 4, &params) < 0) return 77;
    } else if (!strcmp(scene, "ring-connect")) ring_connect(one);
    else if (!strcmp(scene, "memory")) memory(one);
    else if (!strcmp(scene, "dns")) ask(one, two);
    else if (!strcmp(scene, "link")) must(link(one, two) == 0, "link");
    else if (!strcmp(scene, "rename")) touch("plain"), must(rename("plain", one) == 0, "rename");
    else if (!strcmp(scene, "read")) open(one, O_RDONLY);
    else if (!strcmp(scene, "touch")) touch(one);
    else if (!strcmp(scene, "dirfd")) {
        int dir = open(one, O_PATH | O_DIRECTORY);
        must(dir >= 0 && openat(dir, two, O_RDONLY) >= 0, "openat");
    } else if (!strcmp(scene, "chroot")) {
        must(chroot(one) == 0 && chdir("/") == 0, "chroot");
        must(open("/in", O_RDONLY) >= 0 && unlink("/link/gone") == 0, "chroot");
    } else return 2;
    return 0;
}

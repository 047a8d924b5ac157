/*
 * Preloaded into the product: counts its calls of the C library that write, rename, flush, open or start something below one
 * folder, and lets one of them fail. Programs that are started have a clean environment and so are not counted themselves.
 *
 * FAULT_FOLDER  absolute path; calls on other files are left alone (starts of programs count, wherever these are)
 * FAULT_COUNTER a file of eight bytes, shared by all processes: how many calls there were
 * FAULT_AT      which one fails, from 1; 0: none
 * FAULT_ERRNO   with what
 * FAULT_LOG     a file that is told which call failed
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static _Atomic long *counter;
static const char *folder;
static long at;
static int error;

__attribute__((constructor)) static void begin(void) {
  folder = getenv("FAULT_FOLDER");
  const char *file = getenv("FAULT_COUNTER");
  if (folder == NULL || file == NULL) return;
  at = atol(getenv("FAULT_AT"));
  error = atoi(getenv("FAULT_ERRNO"));
  int fd = syscall(SYS_openat, AT_FDCWD, file, O_RDWR, 0);
  if (fd < 0) return;
  void *shared = mmap(NULL, sizeof(long), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (shared != MAP_FAILED) counter = shared;
  close(fd);
}

static int fails(const char *call, const char *path) {
  if (counter == NULL) return 0;
  long now = atomic_fetch_add(counter, 1) + 1;
  if (now != at) return 0;
  const char *log = getenv("FAULT_LOG");
  if (log != NULL) {
    char line[PATH_MAX + 64];
    int length = snprintf(line, sizeof line, "%s %s\n", call, path);
    int fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (fd >= 0) {
      syscall(SYS_write, fd, line, length);
      syscall(SYS_close, fd);
    }
  }
  errno = error;
  return 1;
}

static int below(const char *path) {
  return folder != NULL && path != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

static int fdBelow(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return below(path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define OPEN(name)                                                        \
  int name(const char *path, int flags, ...) {                            \
    va_list rest;                                                         \
    va_start(rest, flags);                                                \
    int mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, int) : 0;   \
    va_end(rest);                                                         \
    if (below(path) && fails("open", path)) return -1;                    \
    return REAL(name)(path, flags, mode);                                 \
  }
OPEN(open)
OPEN(open64)

#define ON_FD(name, type, parameters, arguments)                          \
  type name parameters {                                                  \
    char path[PATH_MAX];                                                  \
    if (fdBelow(fd, path) && fails(#name, path)) return -1;               \
    return REAL(name) arguments;                                          \
  }
ON_FD(write, ssize_t, (int fd, const void *data, size_t size), (fd, data, size))
ON_FD(pwrite64, ssize_t, (int fd, const void *data, size_t size, off64_t offset), (fd, data, size, offset))
ON_FD(pwrite, ssize_t, (int fd, const void *data, size_t size, off_t offset), (fd, data, size, offset))
ON_FD(writev, ssize_t, (int fd, const struct iovec *data, int count), (fd, data, count))
ON_FD(fsync, int, (int fd), (fd))
ON_FD(fdatasync, int, (int fd), (fd))

int rename(const char *from, const char *to) {
  if (below(to) && fails("rename", to)) return -1;
  return REAL(rename)(from, to);
}

int mkdir(const char *path, mode_t mode) {
  if (below(path) && fails("mkdir", path)) return -1;
  return REAL(mkdir)(path, mode);
}

int execvp(const char *file, char *const argv[]) {
  if (fails("exec", file)) return -1;
  return REAL(execvp)(file, argv);
}

/*
 * Preloaded into the product and into every program that it starts: hears their calls of the C library that write, rename,
 * flush, open, make, remove or give away something below one folder, and all that start a program; lets one of them fail.
 *
 * FAULT_FOLDER  absolute path; calls on other files are left alone (starts of programs count, wherever these are)
 * FAULT_CALL    the kind and the path below the folder of the call that fails: `write /state/ledger.json`. Random names of
 *               temporary files, and numbers of processes, are left out: `open /state/ledger.json.tmp-`, `open /state/at-work/`
 * FAULT_AT      which of these, from 1; 0: none
 * FAULT_COUNTER a file of eight bytes, mapped by all processes: how many of these there were
 * FAULT_ERRNO   with what it fails
 * FAULT_STAYS   1: from then on all that needs room fails as well, as on a disk that stays full; 0: that call alone
 * FAULT_LOG     a file that gets a line for each call; `!` in front of the one that failed
 *
 * A write that fails has written half of its bytes before, as on a disk that becomes full: nothing worse can be left behind.
 */
#define _GNU_SOURCE
#include <dirent.h>
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
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *const SETTINGS[] = {"LD_PRELOAD",  "FAULT_FOLDER", "FAULT_COUNTER", "FAULT_AT",
                                       "FAULT_ERRNO", "FAULT_LOG",    "FAULT_CALL", "FAULT_STAYS"};
#define COUNT (sizeof SETTINGS / sizeof *SETTINGS)
static char settings[COUNT][PATH_MAX];
static char entries[COUNT][PATH_MAX + 32];

static _Atomic long *counter;
static const char *folder;
static long at;
static int error;
static int stays;

__attribute__((constructor)) static void begin(void) {
  for (size_t each = 0; each < COUNT; each++) {
    const char *value = getenv(SETTINGS[each]);
    if (value == NULL) return;
    snprintf(settings[each], sizeof settings[each], "%s", value);
    snprintf(entries[each], sizeof entries[each], "%s=%s", SETTINGS[each], value);
  }
  folder = settings[1];
  at = atol(settings[3]);
  error = atoi(settings[4]);
  stays = atoi(settings[7]);
  int fd = syscall(SYS_openat, AT_FDCWD, settings[2], O_RDWR, 0);
  if (fd < 0) return;
  void *shared = mmap(NULL, sizeof(long), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (shared != MAP_FAILED) counter = shared;
  close(fd);
}

/* Through the kernel alone: what the shim does itself is not heard. */
static long kernel(long number, long a, long b, long c, long d) {
  long result;
  register long fourth __asm__("r10") = d;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth)
                   : "rcx", "r11", "memory");
  return result;
}

/* `write /state/ledger.json.tmp-`: what differs from run to run is left out. */
static void describe(const char *kind, const char *path, char *out, size_t size) {
  static const char *const RANDOM[] = {".tmp-", "at-work/"};
  size_t length = strlen(folder);
  const char *shown = strncmp(path, folder, length) == 0 ? path + length : path;
  size_t used = snprintf(out, size, "%s %s", kind, shown);
  for (size_t each = 0; used < size && each < sizeof RANDOM / sizeof *RANDOM; each++) {
    char *found = strstr(out, RANDOM[each]);
    if (found != NULL) found[strlen(RANDOM[each])] = 0;
  }
}

/* What asks the file system for more room; a file may still be removed, read, and given other rights. */
static int needsRoom(const char *kind) {
  static const char *const KINDS[] = {"write", "mkdir", "rename", "link", "symlink", "fsync"};
  for (size_t each = 0; each < sizeof KINDS / sizeof *KINDS; each++)
    if (strcmp(kind, KINDS[each]) == 0) return 1;
  return 0;
}

static int fails(const char *kind, const char *path) {
  if (counter == NULL) return 0;
  int before = errno;
  char line[PATH_MAX + 64], *call = line + 1;
  describe(kind, path, call, sizeof line - 2);
  int same = at > 0 && strcmp(call, settings[6]) == 0;
  long count = same ? atomic_fetch_add(counter, 1) + 1 : atomic_load(counter);
  int chosen = (same && count == at) || (at > 0 && stays && count >= at && needsRoom(kind));
  line[0] = chosen ? '!' : ' ';
  size_t length = strlen(line);
  line[length++] = '\n';
  long fd = kernel(SYS_openat, AT_FDCWD, (long)settings[5], O_WRONLY | O_APPEND | O_CLOEXEC, 0);
  if (fd >= 0) {
    kernel(SYS_write, fd, (long)line, length, 0);
    kernel(SYS_close, fd, 0, 0, 0);
  }
  errno = chosen ? error : before;
  return chosen;
}

/* The path of an open file. */
static int named(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  long length = kernel(SYS_readlink, (long)link, (long)path, PATH_MAX - 1, 0);
  if (length < 0) return 0;
  path[length] = 0;
  return 1;
}

/* Absolute, and past /proc/self/fd/N, through which the product reaches into folders that it holds open. */
static void resolve(int dir, const char *path, char *out) {
  char base[PATH_MAX];
  int number, end = 0;
  if (sscanf(path, "/proc/self/fd/%d/%n", &number, &end) == 1 && end > 0 && named(number, base))
    snprintf(out, PATH_MAX, "%s/%s", base, path + end);
  else if (path[0] != '/' && (dir == AT_FDCWD ? kernel(SYS_getcwd, (long)base, PATH_MAX, 0, 0) > 0 : named(dir, base)))
    snprintf(out, PATH_MAX, "%s/%s", base, path);
  else
    snprintf(out, PATH_MAX, "%s", path);
}

static int below(const char *path) {
  size_t length = folder == NULL ? 0 : strlen(folder);
  return counter != NULL && strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static int pathFails(const char *kind, int dir, const char *path) {
  char whole[PATH_MAX];
  if (counter == NULL || path == NULL) return 0;
  resolve(dir, path, whole);
  return below(whole) && fails(kind, whole);
}

static int fdFails(const char *kind, int fd) {
  char whole[PATH_MAX];
  return counter != NULL && named(fd, whole) && below(whole) && fails(kind, whole);
}

#define REAL(name)                                                            \
  static __typeof__(&name) real;                                              \
  if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* A call with paths: `which` is the one that is changed. */
#define ON_PATH(type, failed, kind, name, parameters, arguments, dir, which)  \
  type name parameters {                                                      \
    REAL(name);                                                               \
    if (pathFails(kind, dir, which)) return failed;                           \
    return real arguments;                                                    \
  }

#define OPENS(name)                                                           \
  int name(const char *path, int flags, ...) {                                \
    REAL(name);                                                               \
    va_list rest;                                                             \
    va_start(rest, flags);                                                    \
    int mode = (flags & (O_CREAT | __O_TMPFILE)) ? va_arg(rest, int) : 0;     \
    va_end(rest);                                                             \
    if (pathFails("open", AT_FDCWD, path)) return -1;                         \
    return real(path, flags, mode);                                           \
  }
OPENS(open)
OPENS(open64)

#define OPENS_AT(name)                                                        \
  int name(int dir, const char *path, int flags, ...) {                       \
    REAL(name);                                                               \
    va_list rest;                                                             \
    va_start(rest, flags);                                                    \
    int mode = (flags & (O_CREAT | __O_TMPFILE)) ? va_arg(rest, int) : 0;     \
    va_end(rest);                                                             \
    if (pathFails("open", dir, path)) return -1;                              \
    return real(dir, path, flags, mode);                                      \
  }
OPENS_AT(openat)
OPENS_AT(openat64)

ON_PATH(int, -1, "open", creat, (const char *path, mode_t mode), (path, mode), AT_FDCWD, path)
ON_PATH(int, -1, "open", creat64, (const char *path, mode_t mode), (path, mode), AT_FDCWD, path)
ON_PATH(FILE *, NULL, "open", fopen, (const char *path, const char *how), (path, how), AT_FDCWD, path)
ON_PATH(FILE *, NULL, "open", fopen64, (const char *path, const char *how), (path, how), AT_FDCWD, path)
ON_PATH(DIR *, NULL, "open", opendir, (const char *path), (path), AT_FDCWD, path)
ON_PATH(int, -1, "open", scandir64,
        (const char *path, struct dirent64 ***names, int (*select)(const struct dirent64 *),
         int (*order)(const struct dirent64 **, const struct dirent64 **)),
        (path, names, select, order), AT_FDCWD, path)
ON_PATH(int, -1, "rename", rename, (const char *from, const char *to), (from, to), AT_FDCWD, to)
ON_PATH(int, -1, "rename", renameat, (int one, const char *from, int other, const char *to),
        (one, from, other, to), other, to)
ON_PATH(int, -1, "rename", renameat2, (int one, const char *from, int other, const char *to, unsigned flags),
        (one, from, other, to, flags), other, to)
ON_PATH(int, -1, "link", link, (const char *from, const char *to), (from, to), AT_FDCWD, to)
ON_PATH(int, -1, "link", linkat, (int one, const char *from, int other, const char *to, int flags),
        (one, from, other, to, flags), other, to)
ON_PATH(int, -1, "symlink", symlink, (const char *target, const char *path), (target, path), AT_FDCWD, path)
ON_PATH(int, -1, "symlink", symlinkat, (const char *target, int dir, const char *path), (target, dir, path), dir, path)
ON_PATH(int, -1, "mkdir", mkdir, (const char *path, mode_t mode), (path, mode), AT_FDCWD, path)
ON_PATH(int, -1, "mkdir", mkdirat, (int dir, const char *path, mode_t mode), (dir, path, mode), dir, path)
ON_PATH(char *, NULL, "mkdir", mkdtemp, (char *path), (path), AT_FDCWD, path)
ON_PATH(int, -1, "open", mkstemp, (char *path), (path), AT_FDCWD, path)
ON_PATH(int, -1, "open", mkstemp64, (char *path), (path), AT_FDCWD, path)
ON_PATH(int, -1, "open", mkostemp, (char *path, int flags), (path, flags), AT_FDCWD, path)
ON_PATH(int, -1, "open", mkfifoat, (int dir, const char *path, mode_t mode), (dir, path, mode), dir, path)
ON_PATH(int, -1, "open", mknodat, (int dir, const char *path, mode_t mode, dev_t device), (dir, path, mode, device), dir, path)
ON_PATH(int, -1, "unlink", unlink, (const char *path), (path), AT_FDCWD, path)
ON_PATH(int, -1, "unlink", unlinkat, (int dir, const char *path, int flags), (dir, path, flags), dir, path)
ON_PATH(int, -1, "unlink", remove, (const char *path), (path), AT_FDCWD, path)
ON_PATH(int, -1, "rmdir", rmdir, (const char *path), (path), AT_FDCWD, path)
ON_PATH(int, -1, "truncate", truncate, (const char *path, off_t size), (path, size), AT_FDCWD, path)
ON_PATH(int, -1, "truncate", truncate64, (const char *path, off64_t size), (path, size), AT_FDCWD, path)
ON_PATH(int, -1, "chmod", chmod, (const char *path, mode_t mode), (path, mode), AT_FDCWD, path)
ON_PATH(int, -1, "chmod", lchmod, (const char *path, mode_t mode), (path, mode), AT_FDCWD, path)
ON_PATH(int, -1, "chmod", fchmodat, (int dir, const char *path, mode_t mode, int flags), (dir, path, mode, flags), dir, path)
ON_PATH(int, -1, "chown", chown, (const char *path, uid_t user, gid_t group), (path, user, group), AT_FDCWD, path)
ON_PATH(int, -1, "chown", lchown, (const char *path, uid_t user, gid_t group), (path, user, group), AT_FDCWD, path)
ON_PATH(int, -1, "chown", fchownat, (int dir, const char *path, uid_t user, gid_t group, int flags),
        (dir, path, user, group, flags), dir, path)
ON_PATH(int, -1, "utime", utimes, (const char *path, const struct timeval times[2]), (path, times), AT_FDCWD, path)
ON_PATH(int, -1, "utime", utimensat, (int dir, const char *path, const struct timespec times[2], int flags),
        (dir, path, times, flags), dir, path)

/* A call on an open file. */
#define ON_FD(type, kind, name, parameters, arguments, half)                  \
  type name parameters {                                                      \
    REAL(name);                                                               \
    if (fdFails(kind, fd)) {                                                  \
      int cause = errno;                                                      \
      half;                                                                   \
      errno = cause;                                                          \
      return -1;                                                              \
    }                                                                         \
    return real arguments;                                                    \
  }

/* Half of what was to be written; of several pieces the first half of these. */
#define HALF(call) if (call < 0) errno = 0

ON_FD(ssize_t, "write", write, (int fd, const void *data, size_t size), (fd, data, size), HALF(real(fd, data, size / 2)))
ON_FD(ssize_t, "write", pwrite, (int fd, const void *data, size_t size, off_t offset), (fd, data, size, offset),
      HALF(real(fd, data, size / 2, offset)))
ON_FD(ssize_t, "write", pwrite64, (int fd, const void *data, size_t size, off64_t offset), (fd, data, size, offset),
      HALF(real(fd, data, size / 2, offset)))
ON_FD(ssize_t, "write", writev, (int fd, const struct iovec *data, int count), (fd, data, count),
      HALF(real(fd, data, count / 2)))
ON_FD(ssize_t, "write", pwritev, (int fd, const struct iovec *data, int count, off_t offset), (fd, data, count, offset),
      HALF(real(fd, data, count / 2, offset)))
ON_FD(ssize_t, "write", pwritev64, (int fd, const struct iovec *data, int count, off64_t offset),
      (fd, data, count, offset), HALF(real(fd, data, count / 2, offset)))
ON_FD(ssize_t, "write", sendfile, (int fd, int from, off_t *offset, size_t size), (fd, from, offset, size),
      HALF(real(fd, from, offset, size / 2)))
ON_FD(ssize_t, "write", sendfile64, (int fd, int from, off64_t *offset, size_t size), (fd, from, offset, size),
      HALF(real(fd, from, offset, size / 2)))
ON_FD(int, "truncate", ftruncate, (int fd, off_t size), (fd, size), )
ON_FD(int, "truncate", ftruncate64, (int fd, off64_t size), (fd, size), )
ON_FD(int, "write", fallocate, (int fd, int how, off_t offset, off_t size), (fd, how, offset, size), )
ON_FD(int, "fsync", fsync, (int fd), (fd), )
ON_FD(int, "fsync", syncfs, (int fd), (fd), )
ON_FD(int, "fsync", fdatasync, (int fd), (fd), )
ON_FD(int, "chmod", fchmod, (int fd, mode_t mode), (fd, mode), )
ON_FD(int, "chown", fchown, (int fd, uid_t user, gid_t group), (fd, user, group), )
ON_FD(int, "utime", futimens, (int fd, const struct timespec times[2]), (fd, times), )

ssize_t copy_file_range(int from, off64_t *begin, int fd, off64_t *offset, size_t size, unsigned flags) {
  REAL(copy_file_range);
  if (fdFails("write", fd)) return -1;
  return real(from, begin, fd, offset, size, flags);
}

/* What Node calls past the library's own functions: among it copies of a file, and rings of calls that nobody would hear. */
long syscall(long number, ...) {
  REAL(syscall);
  va_list rest;
  va_start(rest, number);
  long a = va_arg(rest, long), b = va_arg(rest, long), c = va_arg(rest, long), d = va_arg(rest, long),
       e = va_arg(rest, long), f = va_arg(rest, long);
  va_end(rest);
  if (counter != NULL) {
    if (number == SYS_io_uring_setup) {
      errno = ENOSYS;
      return -1;
    }
    if (number == SYS_copy_file_range && fdFails("write", c)) return -1;
  }
  return real(number, a, b, c, d, e, f);
}

/* The environment of a program that is started, with the shim in it. */
static char **with(char *const environment[]) {
  size_t size = 0;
  while (environment != NULL && environment[size] != NULL) size++;
  char **result = malloc((size + COUNT + 1) * sizeof *result);
  size_t next = 0;
  for (size_t each = 0; each < size; each++) {
    int own = 0;
    for (size_t setting = 0; setting < COUNT; setting++) {
      size_t length = strlen(SETTINGS[setting]);
      own |= strncmp(environment[each], SETTINGS[setting], length) == 0 && environment[each][length] == '=';
    }
    if (!own) result[next++] = environment[each];
  }
  for (size_t each = 0; each < COUNT; each++) result[next++] = entries[each];
  result[next] = NULL;
  return result;
}

/* A shell tries each folder of its PATH in turn: only what is there is started. */
static int startFails(const char *file) {
  if (counter == NULL || (strchr(file, '/') != NULL && kernel(SYS_access, (long)file, F_OK, 0, 0) != 0)) return 0;
  return fails("exec", file);
}

int execve(const char *file, char *const argv[], char *const environment[]) {
  REAL(execve);
  if (startFails(file)) return -1;
  return real(file, argv, counter == NULL ? environment : with(environment));
}

int execvp(const char *file, char *const argv[]) {
  REAL(execvp);
  if (startFails(file)) return -1;
  if (counter != NULL) environ = with(environ);
  return real(file, argv);
}

int execv(const char *file, char *const argv[]) {
  REAL(execv);
  if (startFails(file)) return -1;
  if (counter != NULL) environ = with(environ);
  return real(file, argv);
}

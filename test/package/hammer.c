/*
 * Runs the machine code of argv[1] as a compare-and-exchange of 8 bytes, from several threads on one counter
 * whose neighbours must stay as they are. Prints the counter; exits with 1 when a contract is broken.
 */
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 4, ROUNDS = 500000 };

typedef _Bool exchange_function(size_t, void *, void *, void *, int, int);
static exchange_function *exchange;
static _Alignas(64) volatile uint64_t cells[3];

static void expect(int holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "broken: %s\n", what);
  exit(1);
}

static void *increment(void *unused) {
  for (int round = 0; round < ROUNDS; round++) {
    uint64_t expected = cells[1], desired;
    /* Both halves of the number change at once, so that an exchange of only one of them shows. */
    do desired = expected + 0x100000001u;
    while (!exchange(8, (void *)&cells[1], &expected, &desired, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
  }
  return unused;
}

static int dies_of_another_size(size_t size) {
  pid_t child = fork();
  if (child == 0) {
    uint64_t object[4] = {0}, expected[4] = {0}, desired[4] = {1};
    exchange(size, object, expected, desired, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    _exit(0);
  }
  int status;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGILL;
}

int main(int argc, char **argv) {
  FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  expect(file != NULL, "the code can be read");
  char *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  expect(fread(code, 1, 4096, file) > 0, "there is code");
  mprotect(code, 4096, PROT_READ | PROT_EXEC);
  memcpy(&exchange, &code, sizeof code);

  uint64_t object = 5, expected = 5, desired = 7;
  expect(exchange(8, &object, &expected, &desired, 5, 5) == 1, "an exchange that finds what it expects succeeds");
  expect(object == 7 && expected == 5 && desired == 7, "it stores what is desired, and nothing else");
  expected = 5, desired = 9;
  expect(exchange(8, &object, &expected, &desired, 5, 5) == 0, "an exchange that finds something else fails");
  expect(object == 7 && expected == 7 && desired == 9, "it tells what it found, and stores nothing");
  for (size_t size = 0; size <= 32; size++) {
    expect(size == 8 || dies_of_another_size(size), "another size stops the program");
  }

  pthread_t threads[THREADS];
  cells[0] = cells[2] = UINT64_MAX;
  for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, increment, NULL);
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  expect(cells[0] == UINT64_MAX && cells[2] == UINT64_MAX, "its neighbours stay as they are");
  expect(cells[1] == (uint64_t)THREADS * ROUNDS * 0x100000001u, "no exchange of any thread is lost");
  printf("%llu\n", (unsigned long long)(cells[1] & 0xffffffff));
  return 0;
}

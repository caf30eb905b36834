/* A libc that fails on demand, for LD_PRELOAD (resources_test.py). What is done before main() is neither failed nor counted.

   FAULTY_ALLOCATION=N   the Nth allocation after the beginning of main() and all after it fail; with FAULTY_ONCE=1 only that one
   FAULTY_COUNT=FILE     at the end, the number of allocations is written there
   FAULTY_THREAD=N       the Nth thread and all after it are refused (EAGAIN)
   FAULTY_SYNC_MS=N      each fsync and fdatasync takes so long */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size), *__libc_calloc(size_t n, size_t size), *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_long allocations, threads, began;
static long failing, refused, sync_ms, once;

static int fails(void) {
  if (!atomic_load(&began)) return 0;
  const long n = atomic_fetch_add(&allocations, 1) + 1;
  if (failing == 0 || (once ? n != failing : n < failing)) return 0;
  errno = ENOMEM;
  return 1;
}

void *malloc(size_t size) { return fails() ? NULL : __libc_malloc(size); }
void *calloc(size_t n, size_t size) { return fails() ? NULL : __libc_calloc(n, size); }
void *realloc(void *old, size_t size) { return fails() ? NULL : __libc_realloc(old, size); }
void *memalign(size_t alignment, size_t size) { return fails() ? NULL : __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { return fails() ? NULL : __libc_memalign(alignment, size); }
int posix_memalign(void **out, size_t alignment, size_t size) {
  if (fails()) return ENOMEM;
  *out = __libc_memalign(alignment, size);
  return *out == NULL ? ENOMEM : 0;
}

int pthread_create(pthread_t *id, const pthread_attr_t *attributes, void *(*work)(void *), void *argument) {
  const long n = atomic_fetch_add(&threads, 1) + 1;
  if (refused != 0 && n >= refused) return EAGAIN;
  int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) = dlsym(RTLD_NEXT, "pthread_create");
  return real(id, attributes, work, argument);
}

static int synced(int file, const char *name) {
  const struct timespec wait = {sync_ms / 1000, sync_ms % 1000 * 1000000};
  if (sync_ms > 0) nanosleep(&wait, NULL);
  int (*real)(int) = dlsym(RTLD_NEXT, name);
  return real(file);
}
int fsync(int file) { return synced(file, "fsync"); }
int fdatasync(int file) { return synced(file, "fdatasync"); }

static long asked(const char *name) {
  const char *text = getenv(name);
  return text == NULL ? 0 : atol(text);
}

static int (*real_main)(int, char **, char **);
static int main_begins(int argc, char **argv, char **environment) {
  failing = asked("FAULTY_ALLOCATION"), once = asked("FAULTY_ONCE");
  refused = asked("FAULTY_THREAD"), sync_ms = asked("FAULTY_SYNC_MS");
  atomic_store(&began, 1);
  return real_main(argc, argv, environment);
}

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*rtld_fini)(void), void *stack_end) {
  int (*real)(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void), void (*)(void), void *) =
      dlsym(RTLD_NEXT, "__libc_start_main");
  real_main = main;
  return real(main_begins, argc, argv, init, fini, rtld_fini, stack_end);
}

__attribute__((destructor)) static void write_count(void) {
  const char *path = getenv("FAULTY_COUNT");
  const int file = path == NULL ? -1 : open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file < 0) return;
  dprintf(file, "%ld\n", atomic_load(&allocations));
  close(file);
}

/* What the peers in C share: inputs, memory, and the answers to the suite's requests. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

/* The factors that keep the inputs of a case apart: the first, the second and so on. */
enum { FIRST = 7919, SECOND = 104729, THIRD = 15485863, FOURTH = 32452843 };

/* Number i of the inputs that all peers compute: 0 to 1. */
static inline double unit_by(long i, long factor) { return (double)(i * factor % 16001) / 16000; }
static inline double unit(long i) { return unit_by(i, FIRST); }

/* Which elements of a result the check adds up: all where there are few. */
static inline long check_step(long count) { return count > 1000000 ? 9973 : count > 1000 ? 97 : 1; }

/* Zeroed memory in huge pages where there are any. */
static inline void *allocate(size_t bytes)
{
    size_t huge = 2 << 20;
    void *memory = aligned_alloc(huge, (bytes + huge - 1) / huge * huge);
    madvise(memory, bytes, MADV_HUGEPAGE);
    memset(memory, 0, bytes);
    return memory;
}

static inline double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

/* Answers each request, "run N", with the seconds that N runs took, one by one. */
static inline int serve(void (*run)(void))
{
    fflush(stdout);
    int times;
    while (scanf(" run %d", &times) == 1) {
        for (int i = 0; i < times; i++) {
            double start = now();
            run();
            printf("%s%.9g", i ? " " : "", now() - start);
        }
        printf("\n");
        fflush(stdout);
    }
    return 0;
}

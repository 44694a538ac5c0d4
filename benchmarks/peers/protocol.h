/* What the peers in C share: inputs, memory, and the answers to the suite's requests. */
#define _GNU_SOURCE
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

/* Number i of the inputs that all peers compute: 0 to 1. */
static inline double unit(long i) { return (double)(i * 7919 % 16001) / 16000; }

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

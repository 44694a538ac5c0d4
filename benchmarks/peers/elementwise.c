/* The elementwise cases as a C programmer with libmvec and OpenMP would write them: streaming stores, all threads. */
#include "protocol.h"
#include <immintrin.h>

#ifdef __AVX512F__
typedef __m512 floats;
typedef __m512d doubles;
floats _ZGVeN16v_tanhf(floats);
#define tanh_floats _ZGVeN16v_tanhf
#define load_floats _mm512_load_ps
#define stream_floats _mm512_stream_ps
#define max_floats _mm512_max_ps
#define load_doubles _mm512_load_pd
#define stream_doubles _mm512_stream_pd
#else
typedef __m256 floats;
typedef __m256d doubles;
floats _ZGVdN8v_tanhf(floats);
#define tanh_floats _ZGVdN8v_tanhf
#define load_floats _mm256_load_ps
#define stream_floats _mm256_stream_ps
#define max_floats _mm256_max_ps
#define load_doubles _mm256_load_pd
#define stream_doubles _mm256_stream_pd
#endif
enum { FLOATS = sizeof(floats) / sizeof(float), DOUBLES = sizeof(doubles) / sizeof(double) };

static long n;
static float *x, *y;
static double *xd, *yd;
static double result;

/* tanh(a * x + b) * c + relu(x) */
static void chain(void)
{
    const float a = 1.25f, b = 0.5f, c = 0.75f;
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i += FLOATS) {
        floats value = load_floats(x + i);
        stream_floats(y + i, tanh_floats(value * a + b) * c + max_floats(value, (floats){0}));
    }
    _mm_sfence();
}

/* x * x + 1 */
static void square(void)
{
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i += DOUBLES) {
        doubles value = load_doubles(xd + i);
        stream_doubles(yd + i, value * value + 1.0);
    }
    _mm_sfence();
}

/* y = x: what the memory allows whoever reads and writes as many bytes */
static void copy(void)
{
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i += FLOATS)
        stream_floats(y + i, load_floats(x + i));
    _mm_sfence();
}

static void sum(void)
{
    double total = 0;
#pragma omp parallel for schedule(static) reduction(+ : total)
    for (long block = 0; block < n; block += 4096) {
        long end = block + 4096 < n ? block + 4096 : n;
        float part = 0;
        for (long i = block; i < end; i++)
            part += x[i];
        total += part;
    }
    result = total;
}

static void mean(void)
{
    sum();
    result /= n;
}

int main(int count, char **arguments)
{
    if (count < 3)
        return 2;
    const char *name = arguments[1];
    n = atol(arguments[2]);
    void (*run)(void) = !strcmp(name, "chain") ? chain : !strcmp(name, "square") ? square : !strcmp(name, "copy") ? copy : !strcmp(name, "sum") ? sum : mean;
    if (run == square) {
        xd = allocate(n * sizeof *xd), yd = allocate(n * sizeof *yd);
        for (long i = 0; i < n; i++)
            xd[i] = unit(i) * 8 - 4;
    } else {
        x = allocate(n * sizeof *x), y = allocate(n * sizeof *y);
        for (long i = 0; i < n; i++)
            x[i] = run == chain ? unit(i) * 8 - 4 : unit(i);
    }
    run();
    double check = 0;
    if (run == sum || run == mean)
        check = result;
    else
        for (long i = 0; i < n; i += 9973)
            check += fabs(run == square ? yd[i] : y[i]);
    if (run == copy)
        printf("ready\n");
    else
        printf("ready %.17g\n", check);
    return serve(run);
}

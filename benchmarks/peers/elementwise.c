/* The elementwise cases as a C programmer with libmvec and OpenMP would write them: streaming stores, all threads. */
#include "protocol.h"
#include <immintrin.h>
#include <stdbool.h>

#ifdef __AVX512F__
typedef __m512 floats;
typedef __m512d doubles;
typedef __m512i integers;
typedef __m256i halves;
floats _ZGVeN16v_tanhf(floats);
#define tanh_floats _ZGVeN16v_tanhf
#define load_floats _mm512_load_ps
#define stream_floats _mm512_stream_ps
#define max_floats _mm512_max_ps
#define load_doubles _mm512_load_pd
#define stream_doubles _mm512_stream_pd
#define stream_integers(to, value) _mm512_stream_si512((void *)(to), value)
#define widen _mm512_cvtph_ps
#define narrow(value) _mm512_cvtps_ph(value, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)
#define stream_halves(to, value) _mm256_stream_si256((void *)(to), value)
#else
typedef __m256 floats;
typedef __m256d doubles;
typedef __m256i integers;
typedef __m128i halves;
floats _ZGVdN8v_tanhf(floats);
#define tanh_floats _ZGVdN8v_tanhf
#define load_floats _mm256_load_ps
#define stream_floats _mm256_stream_ps
#define max_floats _mm256_max_ps
#define load_doubles _mm256_load_pd
#define stream_doubles _mm256_stream_pd
#define stream_integers(to, value) _mm256_stream_si256((void *)(to), value)
#define widen _mm256_cvtph_ps
#define narrow(value) _mm256_cvtps_ph(value, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)
#define stream_halves(to, value) _mm_stream_si128((void *)(to), value)
#endif
typedef int32_t words __attribute__((vector_size(sizeof(integers))));
typedef uint8_t bytes __attribute__((vector_size(sizeof(integers))));
enum { FLOATS = sizeof(floats) / sizeof(float), DOUBLES = sizeof(doubles) / sizeof(double), WORDS = FLOATS, BYTES = sizeof(bytes) };

static long n;
static void *a, *b, *y;

/* tanh(p * x + q) * r + relu(x) */
static void chain(void)
{
    const float p = 1.25f, q = 0.5f, r = 0.75f;
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i += FLOATS) {
        floats value = load_floats((float *)a + i);
        stream_floats((float *)y + i, tanh_floats(value * p + q) * r + max_floats(value, (floats){0}));
    }
    _mm_sfence();
}

/* x * x + 1 */
static void square(void)
{
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i += DOUBLES) {
        doubles value = load_doubles((double *)a + i);
        stream_doubles((double *)y + i, value * value + 1.0);
    }
    _mm_sfence();
}

/* y = x: what the memory allows whoever reads and writes as many bytes */
static void copy(void)
{
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i += FLOATS)
        stream_floats((float *)y + i, load_floats((float *)a + i));
    _mm_sfence();
}

/* x where positive, else 0 */
static void relu(void)
{
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i += FLOATS)
        stream_floats((float *)y + i, max_floats(load_floats((float *)a + i), (floats){0}));
    _mm_sfence();
}

static void add(void)
{
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i += FLOATS)
        stream_floats((float *)y + i, load_floats((float *)a + i) + load_floats((float *)b + i));
    _mm_sfence();
}

/* 3 * a + b in 32 bits */
static void int32(void)
{
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i += WORDS)
        stream_integers((int32_t *)y + i, (integers)(*(words *)((int32_t *)a + i) * 3 + *(words *)((int32_t *)b + i)));
    _mm_sfence();
}

/* 3 * a + b in 8 bits, which wrap */
static void uint8(void)
{
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i += BYTES) {
        bytes value = *(bytes *)((uint8_t *)a + i);
        stream_integers((uint8_t *)y + i, (integers)(value + value + value + *(bytes *)((uint8_t *)b + i)));
    }
    _mm_sfence();
}

/* x * 1.25 + 0.5 in half precision, each step rounded as NumPy does */
static void float16(void)
{
#pragma omp parallel for schedule(static)
    for (long i = 0; i < n; i += FLOATS) {
        halves product = narrow(widen(*(halves *)((uint16_t *)a + i)) * 1.25f);
        stream_halves((uint16_t *)y + i, narrow(widen(product) + 0.5f));
    }
    _mm_sfence();
}

enum type { F32, F64, I32, U8, F16 };
static const int sizes[] = {4, 8, 4, 1, 2};
static const struct {
    const char *name;
    void (*run)(void);
    enum type type;
    int inputs;
    double scale, offset; /* of whole numbers, how many there are and the least */
} cases[] = {
    {"chain", chain, F32, 1, 8, -4},
    {"square", square, F64, 1, 8, -4},
    {"copy", copy, F32, 1, 8, -4},
    {"relu", relu, F32, 1, 8, -4},
    {"add", add, F32, 2, 1, -0.5},
    {"int32", int32, I32, 2, 16001, -8000},
    {"uint8", uint8, U8, 2, 251, 0},
    {"float16", float16, F16, 1, 8, -4},
};

static double get(const void *from, enum type type, long i)
{
    switch (type) {
    case F32: return ((const float *)from)[i];
    case F64: return ((const double *)from)[i];
    case I32: return ((const int32_t *)from)[i];
    case U8: return ((const uint8_t *)from)[i];
    default: return _cvtsh_ss(((const uint16_t *)from)[i]);
    }
}

static void set(void *to, enum type type, long i, long factor, double scale, double offset)
{
    bool is_whole = type == I32 || type == U8;
    double value = is_whole ? i * factor % (long)scale + offset : unit_by(i, factor) * scale + offset;
    switch (type) {
    case F32: ((float *)to)[i] = value; break;
    case F64: ((double *)to)[i] = value; break;
    case I32: ((int32_t *)to)[i] = value; break;
    case U8: ((uint8_t *)to)[i] = value; break;
    default: ((uint16_t *)to)[i] = _cvtss_sh(value, _MM_FROUND_TO_NEAREST_INT); break;
    }
}

int main(int count, char **arguments)
{
    if (count < 3)
        return 2;
    n = 1;
    for (int i = 2; i < count; i++)
        n *= atol(arguments[i]);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        if (strcmp(arguments[1], cases[c].name))
            continue;
        enum type type = cases[c].type;
        long room = (n + 63) / 64 * 64; /* whole vectors of whatever type */
        a = allocate(room * sizes[type]), b = cases[c].inputs > 1 ? allocate(room * sizes[type]) : NULL, y = allocate(room * sizes[type]);
        for (long i = 0; i < n; i++) {
            set(a, type, i, FIRST, cases[c].scale, cases[c].offset);
            if (b)
                set(b, type, i, SECOND, cases[c].scale, cases[c].offset);
        }
        cases[c].run();
        double check = 0;
        for (long i = 0; i < n; i += check_step(n))
            check += fabs(get(y, type, i));
        if (cases[c].run == copy)
            printf("ready\n");
        else
            printf("ready %.17g\n", check);
        return serve(cases[c].run);
    }
    printf("missing C has no such case\n");
    return 0;
}

/* The kernels as a C programmer who writes vectors by hand would write them: AVX-512 where the compiler may use it, else AVX2 and FMA. */
#include "protocol.h"
#include <immintrin.h>

#ifdef __AVX512F__
typedef __m512 floats;
typedef __m512d doubles;
typedef __m512i ints;
typedef __mmask16 mask32;
typedef __mmask8 mask64;
floats _ZGVeN16v_expf(floats);
floats _ZGVeN16v_logf(floats);
#define exp_floats _ZGVeN16v_expf
#define log_floats _ZGVeN16v_logf
#define load_floats _mm512_loadu_ps
#define stream_floats _mm512_stream_ps
#define store_ints _mm512_store_si512
#define max_floats _mm512_max_ps
#define sqrt_floats _mm512_sqrt_ps
#define estimate_reciprocal_sqrt _mm512_rsqrt14_ps
#define reduce_add _mm512_reduce_add_ps
#define reduce_max _mm512_reduce_max_ps
#define set_floats _mm512_set1_ps
#define set_doubles _mm512_set1_pd
static inline mask32 is_inside32(floats length) { return _mm512_cmp_ps_mask(length, set_floats(4), _CMP_LE_OQ); }
static inline mask64 is_inside64(doubles length) { return _mm512_cmp_pd_mask(length, set_doubles(4), _CMP_LE_OQ); }
static inline int any32(mask32 mask) { return mask; }
static inline int any64(mask64 mask) { return mask; }
static inline ints count32(ints count, mask32 mask) { return _mm512_mask_add_epi32(count, mask, count, _mm512_set1_epi32(1)); }
static inline ints count64(ints count, mask64 mask) { return _mm512_mask_add_epi64(count, mask, count, _mm512_set1_epi64(1)); }
static inline floats steps32(void) { return _mm512_set_ps(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0); }
static inline doubles steps64(void) { return _mm512_set_pd(7, 6, 5, 4, 3, 2, 1, 0); }
static inline void store_counts64(int32_t *to, ints count) { _mm256_store_si256((__m256i *)to, _mm512_cvtepi64_epi32(count)); }
static inline ints no_counts(void) { return _mm512_setzero_si512(); }
static inline floats by_sign(floats of, floats positive, floats negative)
{
    return _mm512_mask_blend_ps(_mm512_movepi32_mask(_mm512_castps_si512(of)), positive, negative);
}
#else
typedef __m256 floats;
typedef __m256d doubles;
typedef __m256i ints;
typedef __m256 mask32;
typedef __m256d mask64;
floats _ZGVdN8v_expf(floats);
floats _ZGVdN8v_logf(floats);
#define exp_floats _ZGVdN8v_expf
#define log_floats _ZGVdN8v_logf
#define load_floats _mm256_loadu_ps
#define stream_floats _mm256_stream_ps
#define store_ints _mm256_store_si256
#define max_floats _mm256_max_ps
#define sqrt_floats _mm256_sqrt_ps
#define estimate_reciprocal_sqrt _mm256_rsqrt_ps
#define set_floats _mm256_set1_ps
#define set_doubles _mm256_set1_pd
static inline mask32 is_inside32(floats length) { return _mm256_cmp_ps(length, set_floats(4), _CMP_LE_OQ); }
static inline mask64 is_inside64(doubles length) { return _mm256_cmp_pd(length, set_doubles(4), _CMP_LE_OQ); }
static inline int any32(mask32 mask) { return _mm256_movemask_ps(mask); }
static inline int any64(mask64 mask) { return _mm256_movemask_pd(mask); }
static inline ints count32(ints count, mask32 mask) { return _mm256_sub_epi32(count, _mm256_castps_si256(mask)); }
static inline ints count64(ints count, mask64 mask) { return _mm256_sub_epi64(count, _mm256_castpd_si256(mask)); }
static inline floats steps32(void) { return _mm256_set_ps(7, 6, 5, 4, 3, 2, 1, 0); }
static inline doubles steps64(void) { return _mm256_set_pd(3, 2, 1, 0); }
static inline void store_counts64(int32_t *to, ints count)
{
    const __m256i low_halves = _mm256_set_epi32(7, 5, 3, 1, 6, 4, 2, 0);
    _mm_store_si128((__m128i *)to, _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(count, low_halves)));
}
static inline ints no_counts(void) { return _mm256_setzero_si256(); }
static inline floats by_sign(floats of, floats positive, floats negative) { return _mm256_blendv_ps(positive, negative, of); }
static inline float reduce_add(floats value)
{
    __m128 half = _mm_add_ps(_mm256_castps256_ps128(value), _mm256_extractf128_ps(value, 1));
    half = _mm_add_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
}
static inline float reduce_max(floats value)
{
    __m128 half = _mm_max_ps(_mm256_castps256_ps128(value), _mm256_extractf128_ps(value, 1));
    half = _mm_max_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_max_ss(half, _mm_movehdup_ps(half)));
}
#endif
enum { FLOATS = sizeof(floats) / sizeof(float), DOUBLES = sizeof(doubles) / sizeof(double) };

enum { ITERATIONS = 256 };
static const double window_left = -2, window_top = -1.5, window_size = 3;

static long size, columns;
static int32_t *counts;
static float *inputs[4], *outputs[3];

/* Vectors in flight at once: each step waits for the one before it, so that one vector alone leaves the units idle. */
#ifndef INTERLEAVED
#define INTERLEAVED 8
#endif

/* The Mandelbrot set in one precision. */
#define DEFINE_MANDELBROT(bits, real, vector, LANES, set)                                                           \
    static void mandelbrot_f##bits(void)                                                                            \
    {                                                                                                               \
        const real left = window_left, top = window_top, step = window_size / size;                                 \
        _Pragma("omp parallel for schedule(dynamic, 4)")                                                            \
        for (long y = 0; y < size; y++) {                                                                           \
            vector im = set(top + y * step);                                                                        \
            for (long x = 0; x < size; x += INTERLEAVED * LANES) {                                                  \
                vector re[INTERLEAVED], zr[INTERLEAVED], zi[INTERLEAVED];                                           \
                ints count[INTERLEAVED];                                                                            \
                for (int v = 0; v < INTERLEAVED; v++) {                                                             \
                    zr[v] = re[v] = left + (steps##bits() + (real)(x + v * LANES)) * step;                          \
                    zi[v] = im;                                                                                     \
                    count[v] = no_counts();                                                                         \
                }                                                                                                   \
                for (int iteration = 0; iteration < ITERATIONS; iteration++) {                                      \
                    int any = 0;                                                                                    \
                    _Pragma("GCC unroll 8")                                                                         \
                    for (int v = 0; v < INTERLEAVED; v++) {                                                         \
                        vector rr = zr[v] * zr[v], ii = zi[v] * zi[v], ri = zr[v] * zi[v];                          \
                        mask##bits inside = is_inside##bits(rr + ii);                                               \
                        any |= any##bits(inside);                                                                   \
                        count[v] = count##bits(count[v], inside);                                                   \
                        zr[v] = rr - ii + re[v];                                                                    \
                        zi[v] = ri + ri + im;                                                                       \
                    }                                                                                               \
                    if (!any)                                                                                       \
                        break;                                                                                      \
                }                                                                                                   \
                for (int v = 0; v < INTERLEAVED; v++)                                                               \
                    store_counts##bits(counts + y * size + x + v * LANES, count[v]);                                \
            }                                                                                                       \
        }                                                                                                           \
    }

static inline void store_counts32(int32_t *to, ints count) { store_ints((void *)to, count); }

DEFINE_MANDELBROT(32, float, floats, FLOATS, set_floats)
DEFINE_MANDELBROT(64, double, doubles, DOUBLES, set_doubles)

/* Past the caches only where the arrays would not stay in them. */
static inline void store_floats(float *to, floats value, int streams)
{
    if (streams)
        stream_floats(to, value);
    else
        *(floats *)to = value;
}

static int exceeds_caches(void) { return size * size * 8 > 24 << 20; }

/* A step of heat flow; the edges keep their temperature. */
static void stencil5(void)
{
    const float *in = inputs[0], flow = 0.2f;
    const int streams = exceeds_caches();
    float *out = outputs[0];
#pragma omp parallel for schedule(static)
    for (long y = 0; y < size; y++) {
        const float *row = in + y * size;
        if (y == 0 || y == size - 1) {
            memcpy(out + y * size, row, size * sizeof *row);
            continue;
        }
        for (long x = 0; x < size; x += FLOATS) {
            floats centre = load_floats(row + x);
            floats around = load_floats(row + x - size) + load_floats(row + x + size) + load_floats(row + x - 1) + load_floats(row + x + 1);
            store_floats(out + y * size + x, centre + flow * (around - 4 * centre), streams);
        }
        out[y * size] = row[0];
        out[y * size + size - 1] = row[size - 1];
    }
    _mm_sfence();
}

/* A blur with weights for the centre, the sides and the corners; the edges stay as they are. */
static void stencil9(void)
{
    const float *in = inputs[0], centre = 0.25f, side = 0.125f, corner = 0.0625f;
    const int streams = exceeds_caches();
    float *out = outputs[0];
#pragma omp parallel for schedule(static)
    for (long y = 0; y < size; y++) {
        const float *row = in + y * size;
        if (y == 0 || y == size - 1) {
            memcpy(out + y * size, row, size * sizeof *row);
            continue;
        }
        for (long x = 0; x < size; x += FLOATS) {
            const float *above = row + x - size, *here = row + x, *below = row + x + size;
            floats sides = load_floats(above) + load_floats(below) + load_floats(here - 1) + load_floats(here + 1);
            floats corners = load_floats(above - 1) + load_floats(above + 1) + load_floats(below - 1) + load_floats(below + 1);
            store_floats(out + y * size + x, centre * load_floats(here) + side * sides + corner * corners, streams);
        }
        out[y * size] = row[0];
        out[y * size + size - 1] = row[size - 1];
    }
    _mm_sfence();
}

/* Softmax of each row in three passes. */
static void softmax(void)
{
#pragma omp parallel for schedule(static)
    for (long y = 0; y < size; y++) {
        const float *in = inputs[0] + y * columns;
        float *out = outputs[0] + y * columns;
        floats largest0 = load_floats(in), largest1 = largest0;
        for (long x = 0; x < columns; x += 2 * FLOATS) {
            largest0 = max_floats(largest0, load_floats(in + x));
            largest1 = max_floats(largest1, load_floats(in + x + FLOATS));
        }
        float largest = reduce_max(max_floats(largest0, largest1));
        floats sum = {0};
        for (long x = 0; x < columns; x += FLOATS) {
            floats value = exp_floats(load_floats(in + x) - largest);
            *(floats *)(out + x) = value;
            sum += value;
        }
        float scale = 1 / reduce_add(sum);
        for (long x = 0; x < columns; x += FLOATS)
            *(floats *)(out + x) *= scale;
    }
}

static inline floats reciprocal_sqrt(floats value)
{
    floats estimate = estimate_reciprocal_sqrt(value);
    return estimate * (1.5f - 0.5f * value * estimate * estimate);
}

/* The acceleration of each body by all: vectors of bodies that are pulled, one body after another that pulls. */
static void nbody(void)
{
    enum { TOGETHER = 4 };
    const float *px = inputs[0], *py = inputs[1], *pz = inputs[2], *mass = inputs[3], softening = 0.01f;
#pragma omp parallel for schedule(static)
    for (long i = 0; i < size; i += TOGETHER * FLOATS) {
        floats x[TOGETHER], y[TOGETHER], z[TOGETHER], ax[TOGETHER], ay[TOGETHER], az[TOGETHER];
        for (int v = 0; v < TOGETHER; v++) {
            x[v] = load_floats(px + i + v * FLOATS), y[v] = load_floats(py + i + v * FLOATS), z[v] = load_floats(pz + i + v * FLOATS);
            ax[v] = ay[v] = az[v] = (floats){0};
        }
        for (long j = 0; j < size; j++) {
#pragma GCC unroll 8
            for (int v = 0; v < TOGETHER; v++) {
                floats dx = px[j] - x[v], dy = py[j] - y[v], dz = pz[j] - z[v];
                floats inverse = reciprocal_sqrt(dx * dx + dy * dy + dz * dz + softening);
                floats pull = mass[j] * inverse * inverse * inverse;
                ax[v] += dx * pull, ay[v] += dy * pull, az[v] += dz * pull;
            }
        }
        for (int v = 0; v < TOGETHER; v++) {
            *(floats *)(outputs[0] + i + v * FLOATS) = ax[v];
            *(floats *)(outputs[1] + i + v * FLOATS) = ay[v];
            *(floats *)(outputs[2] + i + v * FLOATS) = az[v];
        }
    }
}

/* The normal distribution by Abramowitz and Stegun's 26.2.17. */
static inline floats normal(floats d)
{
    floats size = max_floats(d, -d);
    floats k = 1 / (1 + 0.2316419f * size);
    floats polynomial = k * (0.319381530f + k * (-0.356563782f + k * (1.781477937f + k * (-1.821255978f + k * 1.330274429f))));
    floats tail = 0.39894228f * exp_floats(-0.5f * d * d) * polynomial;
    return by_sign(d, 1 - tail, tail);
}

static void black_scholes(void)
{
    const float rate = 0.02f, volatility = 0.3f;
#pragma omp parallel for schedule(static)
    for (long i = 0; i < size; i += FLOATS) {
        floats spot = load_floats(inputs[0] + i), strike = load_floats(inputs[1] + i), years = load_floats(inputs[2] + i);
        floats deviation = volatility * sqrt_floats(years);
        floats d1 = (log_floats(spot / strike) + (rate + 0.5f * volatility * volatility) * years) / deviation;
        floats d2 = d1 - deviation;
        floats n1 = normal(d1), n2 = normal(d2), discounted = strike * exp_floats(-rate * years);
        stream_floats(outputs[0] + i, spot * n1 - discounted * n2);
        stream_floats(outputs[1] + i, discounted * (1 - n2) - spot * (1 - n1));
    }
    _mm_sfence();
}

static float *filled(long elements, long multiple, long shift, double scale, double offset)
{
    float *values = allocate(elements * sizeof *values);
    for (long i = 0; i < elements; i++)
        values[i] = unit(i * multiple + shift) * scale + offset;
    return values;
}

int main(int count, char **arguments)
{
    if (count < 3)
        return 2;
    const char *name = arguments[1];
    size = atol(arguments[2]);
    columns = count > 3 ? atol(arguments[3]) : 0;
    long elements = size * size;
    int results = 1;
    void (*run)(void);
    if (!strcmp(name, "mandelbrot-f32") || !strcmp(name, "mandelbrot-f64")) {
        run = !strcmp(name, "mandelbrot-f32") ? mandelbrot_f32 : mandelbrot_f64;
        counts = allocate(elements * sizeof *counts);
        results = 0;
    } else if (!strcmp(name, "stencil5") || !strcmp(name, "stencil9")) {
        run = !strcmp(name, "stencil5") ? stencil5 : stencil9;
        inputs[0] = filled(elements, 1, 0, 1, 0);
    } else if (!strcmp(name, "softmax")) {
        run = softmax;
        elements = size * columns;
        inputs[0] = filled(elements, 1, 0, 8, -4);
    } else if (!strcmp(name, "nbody")) {
        run = nbody;
        elements = size;
        for (int axis = 0; axis < 3; axis++)
            inputs[axis] = filled(elements, 3, axis, 1, -0.5);
        inputs[3] = filled(elements, 1, 0, 1, 0.5);
        results = 3;
    } else if (!strcmp(name, "black-scholes")) {
        run = black_scholes;
        elements = size;
        inputs[0] = filled(elements, 1, 0, 25, 5);
        inputs[1] = filled(elements, 1, 5000, 99, 1);
        inputs[2] = filled(elements, 1, 10000, 9.75, 0.25);
        results = 2;
    } else
        return 2;
    for (int i = 0; i < results; i++)
        outputs[i] = allocate(elements * sizeof *outputs[i]);
    run();
    double check = 0;
    for (long i = 0; i < elements; i++) {
        if (results == 0)
            check += counts[i];
        for (int j = 0; j < results; j++)
            check += fabs((double)outputs[j][i]);
    }
    printf("ready %.17g\n", check);
    return serve(run);
}

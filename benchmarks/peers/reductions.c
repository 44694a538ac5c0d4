/* Reductions as a C programmer with OpenMP would write them: loops over blocks that the compiler makes vectors of. */
#include "protocol.h"
#include <omp.h>

enum { BLOCK = 4096, COLUMNS = 8192 };
static long n, rows, columns;
static float *x, *y;
static double result;

static long end_of(long block) { return block + BLOCK < n ? block + BLOCK : n; }

/* Four sums at a time, for one waits on itself. */
static float sum_of(const float *from, long count)
{
    float parts[4][16] = {0};
    long i = 0;
    for (; i + 64 <= count; i += 64)
        for (int part = 0; part < 4; part++)
            for (int lane = 0; lane < 16; lane++)
                parts[part][lane] += from[i + 16 * part + lane];
    float sum = 0;
    for (; i < count; i++)
        sum += from[i];
    for (int lane = 0; lane < 16; lane++)
        sum += parts[0][lane] + parts[1][lane] + (parts[2][lane] + parts[3][lane]);
    return sum;
}

static void sum(void)
{
    double total = 0;
#pragma omp parallel for schedule(static) reduction(+ : total)
    for (long block = 0; block < n; block += BLOCK)
        total += sum_of(x + block, end_of(block) - block);
    result = total;
}

static void mean(void)
{
    sum();
    result /= n;
}

static float max_of(const float *from, long count)
{
    float best = from[0];
    for (long i = 1; i < count; i++)
        best = from[i] > best ? from[i] : best;
    return best;
}

static void max(void)
{
    float best = x[0];
#pragma omp parallel for schedule(static) reduction(max : best)
    for (long block = 0; block < n; block += BLOCK) {
        float here = max_of(x + block, end_of(block) - block);
        best = here > best ? here : best;
    }
    result = best;
}

/* Each thread finds its first block with the greatest element; the place is then looked for in one block alone. */
static void argmax(void)
{
    float best = x[0];
    long where = 0;
#pragma omp parallel
    {
        float own = x[0];
        long own_block = 0;
#pragma omp for schedule(static) nowait
        for (long block = 0; block < n; block += BLOCK) {
            float here = max_of(x + block, end_of(block) - block);
            if (here > own)
                own = here, own_block = block;
        }
#pragma omp critical
        if (own > best || (own == best && own_block < where))
            best = own, where = own_block;
    }
    while (x[where] != best)
        where++;
    result = where;
}

/* Strips of columns whose sums stay in the nearest cache; each thread its own rows, two at a time so that sums are stored half as often. */
static void sum_axis_0(void)
{
    memset(y, 0, columns * sizeof *y);
#pragma omp parallel
    {
        long threads = omp_get_num_threads(), thread = omp_get_thread_num();
        float own[COLUMNS];
        for (long strip = 0; strip < columns; strip += COLUMNS) {
            long width = strip + COLUMNS < columns ? COLUMNS : columns - strip;
            memset(own, 0, sizeof own);
            long row = rows * thread / threads, end = rows * (thread + 1) / threads;
            for (; row + 2 <= end; row += 2) {
                const float *first = x + row * columns + strip, *second = first + columns;
                for (long column = 0; column < width; column++)
                    own[column] += first[column] + second[column];
            }
            for (; row < end; row++)
                for (long column = 0; column < width; column++)
                    own[column] += x[row * columns + strip + column];
#pragma omp critical
            for (long column = 0; column < width; column++)
                y[strip + column] += own[column];
        }
    }
}

static void sum_axis_1(void)
{
#pragma omp parallel for schedule(static)
    for (long row = 0; row < rows; row++)
        y[row] = sum_of(x + row * columns, columns);
}

static const struct {
    const char *name;
    void (*run)(void);
    int axis; /* which stays; -1 for none */
} cases[] = {{"sum", sum, -1}, {"mean", mean, -1}, {"max", max, -1}, {"argmax", argmax, -1}, {"sum-axis-0", sum_axis_0, 1}, {"sum-axis-1", sum_axis_1, 0}};

int main(int count, char **arguments)
{
    if (count < 3)
        return 2;
    rows = atol(arguments[2]), columns = count > 3 ? atol(arguments[3]) : 1, n = rows * columns;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        if (strcmp(arguments[1], cases[c].name))
            continue;
        x = allocate(n * sizeof *x), y = allocate((rows + columns) * sizeof *y);
        for (long i = 0; i < n; i++)
            x[i] = unit(i);
        if (cases[c].run == max || cases[c].run == argmax)
            x[n * 3 / 4] = 2;
        cases[c].run();
        long results = cases[c].axis < 0 ? 0 : cases[c].axis ? columns : rows;
        double check = cases[c].axis < 0 ? result : 0;
        for (long i = 0; i < results; i += check_step(results))
            check += fabs(y[i]);
        printf("ready %.17g\n", check);
        return serve(cases[c].run);
    }
    printf("missing C has no such case\n");
    return 0;
}

// ONNX Runtime through its C interface with nothing between: the model is loaded once, input and output lie in place, each run is one
// call. Functions are taken from the interface's table by their place in it, which never changes, so no header is needed.
//
// usage: onnx LIBRARY MODEL BATCH WIDTH CLASSES THREADS
#define _GNU_SOURCE
#include <dlfcn.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef void *status;
typedef struct {
    void **(*get_api)(uint32_t version);
    const char *(*version)(void);
} api_base;

enum {
    GET_ERROR_MESSAGE = 2, CREATE_ENV = 3, CREATE_SESSION = 7, RUN = 9, CREATE_SESSION_OPTIONS = 10, SET_OPTIMIZATION = 23,
    SET_INTRA_OP_THREADS = 24, SET_INTER_OP_THREADS = 25, CREATE_TENSOR_WITH_DATA = 49, CREATE_CPU_MEMORY_INFO = 69
};

static void **api;

static void *at(int place) { return api[place]; }

static void check(status failed) {
    if (failed) {
        printf("missing %s\n", ((const char *(*)(status))at(GET_ERROR_MESSAGE))(failed));
        exit(0);
    }
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + 1e-9 * time.tv_nsec;
}

static void *tensor(void *memory, float *data, int64_t rows, int64_t columns) {
    void *value;
    int64_t shape[] = {rows, columns};
    check(((status(*)(void *, void *, size_t, const int64_t *, size_t, int, void **))at(CREATE_TENSOR_WITH_DATA))(
        memory, data, (size_t)(rows * columns) * sizeof(float), shape, 2, 1, &value));
    return value;
}

int main(int count, char **arguments) {
    if (count != 7) {
        fprintf(stderr, "usage: onnx LIBRARY MODEL BATCH WIDTH CLASSES THREADS\n");
        return 2;
    }

    int batch = atoi(arguments[3]), width = atoi(arguments[4]), classes = atoi(arguments[5]), threads = atoi(arguments[6]);
    void *library = dlopen(arguments[1], RTLD_NOW);
    const api_base *(*get_base)(void) = library ? (const api_base *(*)(void))dlsym(library, "OrtGetApiBase") : NULL;
    if (!get_base) {
        printf("missing %s\n", dlerror());
        return 0;
    }

    api = get_base()->get_api(14);
    void *environment, *options, *session, *memory;
    check(((status(*)(int, const char *, void **))at(CREATE_ENV))(3, "benchmark", &environment));
    check(((status(*)(void **))at(CREATE_SESSION_OPTIONS))(&options));
    check(((status(*)(void *, int))at(SET_OPTIMIZATION))(options, 99));
    check(((status(*)(void *, int))at(SET_INTRA_OP_THREADS))(options, threads));
    check(((status(*)(void *, int))at(SET_INTER_OP_THREADS))(options, 1));
    check(((status(*)(void *, const char *, void *, void **))at(CREATE_SESSION))(environment, arguments[2], options, &session));
    check(((status(*)(int, int, void **))at(CREATE_CPU_MEMORY_INFO))(0, 0, &memory));

    float *x = aligned_alloc(64, ((size_t)batch * width * sizeof(float) + 63) & ~(size_t)63);
    float *y = aligned_alloc(64, ((size_t)batch * classes * sizeof(float) + 63) & ~(size_t)63);
    for (int64_t i = 0; i < (int64_t)batch * width; i++) {
        x[i] = (float)(i * 7919 % 16001 / 16000.0);
    }

    void *input = tensor(memory, x, batch, width), *output = tensor(memory, y, batch, classes);
    const char *input_name = "x", *output_name = "y";
    status (*run)(void *, void *, const char **, void *const *, size_t, const char **, size_t, void **) =
        (status(*)(void *, void *, const char **, void *const *, size_t, const char **, size_t, void **))at(RUN);

    check(run(session, NULL, &input_name, &input, 1, &output_name, 1, &output));
    double sum = 0;
    for (int64_t i = 0; i < (int64_t)batch * classes; i += 9973) {
        sum += fabs(y[i]);
    }

    printf("ready %.17g\n", sum);
    fflush(stdout);
    char line[64];
    while (fgets(line, sizeof line, stdin)) {
        int times = atoi(line + strlen("run "));
        double *seconds = malloc((size_t)times * sizeof(double));
        for (int i = 0; i < times; i++) {
            double start = now();
            check(run(session, NULL, &input_name, &input, 1, &output_name, 1, &output));
            seconds[i] = now() - start;
        }

        for (int i = 0; i < times; i++) {
            printf("%.9g%c", seconds[i], i + 1 < times ? ' ' : '\n');
        }

        fflush(stdout);
        free(seconds);
    }

    return 0;
}

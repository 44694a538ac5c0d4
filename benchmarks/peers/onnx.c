/* ONNX Runtime through its C interface with nothing between: the model is loaded once, inputs and output lie in place, each run is one
   call. Functions are taken from the interface's table by their place in it, which never changes, so no header is needed.

   usage: onnx LIBRARY MODEL THREADS NAME=SCALE,OFFSET,FACTOR,SHAPE ... NAME=SHAPE
   Inputs of f32 first, whose numbers run from OFFSET to OFFSET + SCALE, or of i64, NAME=below,LIMIT,FACTOR,SHAPE; the output of f32
   last. A SHAPE is like 128x784, or like 1x1024x512/8 where each row holds 8 heads, whose numbers go on from row to row. */
#include "protocol.h"
#include <dlfcn.h>

typedef void *status;
typedef struct {
    void **(*get_api)(uint32_t version);
    const char *(*version)(void);
} api_base;

/* Places in the table, and the library's numbers of element types. */
enum {
    GET_ERROR_MESSAGE = 2, CREATE_ENV = 3, CREATE_SESSION = 7, RUN = 9, CREATE_SESSION_OPTIONS = 10, SET_OPTIMIZATION = 23,
    SET_INTRA_OP_THREADS = 24, SET_INTER_OP_THREADS = 25, CREATE_TENSOR_WITH_DATA = 49, CREATE_CPU_MEMORY_INFO = 69
};
enum { FLOAT32 = 1, INT64 = 7, MOST_INPUTS = 8, MOST_AXES = 8 };

static void **api;
static void *session, *memory;
static const char *input_names[MOST_INPUTS], *output_name;
static void *inputs[MOST_INPUTS], *output;
static int input_count;

static void check(status failed)
{
    if (failed) {
        printf("missing %s\n", ((const char *(*)(status))api[GET_ERROR_MESSAGE])(failed));
        exit(0);
    }
}

static void run(void)
{
    check(((status(*)(void *, void *, const char **, void *const *, size_t, const char **, size_t, void **))api[RUN])(
        session, NULL, input_names, inputs, input_count, &output_name, 1, &output));
}

/* A tensor over memory of its own. */
struct array {
    void *value, *data;
    long count, rows, width, heads;
};

static struct array array(const char *shape, int type)
{
    struct array made = {.count = 1, .heads = 1};
    int64_t lengths[MOST_AXES];
    size_t axes = 0;
    char *rest = (char *)shape;
    for (; *rest && *rest != '/' && axes < MOST_AXES; rest += *rest == 'x') {
        lengths[axes] = strtol(rest, &rest, 10);
        made.count *= lengths[axes++];
    }
    if (*rest == '/')
        made.heads = atol(rest + 1);
    made.width = lengths[axes - 1] / made.heads, made.rows = made.count / lengths[axes - 1];
    size_t bytes = made.count * (type == INT64 ? sizeof(int64_t) : sizeof(float));
    made.data = allocate(bytes);
    check(((status(*)(void *, void *, size_t, const int64_t *, size_t, int, void **))api[CREATE_TENSOR_WITH_DATA])(
        memory, made.data, bytes, lengths, axes, type, &made.value));
    return made;
}

/* Where element number i lies, counted head by head. */
static long place(struct array in, long i)
{
    long head = i / (in.rows * in.width), row = i / in.width % in.rows;
    return (row * in.heads + head) * in.width + i % in.width;
}

static void *input_of(char *text)
{
    char *first = strtok(text, ","), *second = strtok(NULL, ","), *factor = strtok(NULL, ","), *shape = strtok(NULL, ",");
    int type = !strcmp(first, "below") ? INT64 : FLOAT32;
    struct array made = array(shape, type);
    for (long i = 0; i < made.count; i++)
        if (type == INT64)
            ((int64_t *)made.data)[place(made, i)] = i * atol(factor) % atol(second);
        else
            ((float *)made.data)[place(made, i)] = unit_by(i, atol(factor)) * atof(first) + atof(second);
    return made.value;
}

int main(int count, char **arguments)
{
    if (count < 6 || count > 5 + MOST_INPUTS) {
        fprintf(stderr, "usage: onnx LIBRARY MODEL THREADS NAME=SCALE,OFFSET,FACTOR,SHAPE ... NAME=SHAPE\n");
        return 2;
    }
    void *library = dlopen(arguments[1], RTLD_NOW), *environment, *options;
    const api_base *(*get_base)(void) = library ? (const api_base *(*)(void))dlsym(library, "OrtGetApiBase") : NULL;
    if (!get_base) {
        printf("missing %s\n", dlerror());
        return 0;
    }
    struct array result = {0};
    api = get_base()->get_api(14);
    check(((status(*)(int, const char *, void **))api[CREATE_ENV])(3, "benchmark", &environment));
    check(((status(*)(void **))api[CREATE_SESSION_OPTIONS])(&options));
    check(((status(*)(void *, int))api[SET_OPTIMIZATION])(options, 99));
    check(((status(*)(void *, int))api[SET_INTRA_OP_THREADS])(options, atoi(arguments[3])));
    check(((status(*)(void *, int))api[SET_INTER_OP_THREADS])(options, 1));
    check(((status(*)(void *, const char *, void *, void **))api[CREATE_SESSION])(environment, arguments[2], options, &session));
    check(((status(*)(int, int, void **))api[CREATE_CPU_MEMORY_INFO])(0, 0, &memory));
    for (int i = 4; i < count; i++) {
        char *text = strchr(arguments[i], '=');
        *text++ = 0;
        if (i + 1 < count) {
            input_names[input_count] = arguments[i];
            inputs[input_count++] = input_of(text);
        } else {
            output_name = arguments[i];
            result = array(text, FLOAT32);
            output = result.value;
        }
    }
    run();
    double sum = 0;
    for (long i = 0; i < result.count; i += check_step(result.count))
        sum += fabs(((float *)result.data)[place(result, i)]);
    printf("ready %.17g\n", sum);
    return serve(run);
}

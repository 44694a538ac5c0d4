/* oneDNN as its documentation says it is fastest: primitives made once, in the layout that the library prefers where a case asks for
   it, inputs reordered to it before the timing begins; results into memory that is there already.

   Layouts: blocked is the library's own, of whole vectors of channels, in which it also knows Winograd's algorithm.

   usage: onednn softmax|logsoftmax|layernorm|batchnorm ROWS COLUMNS
          onednn matmul TYPE BATCH M K N TRANSPOSE_A TRANSPOSE_B [gelu]
          onednn conv LAYOUT N C H W O KERNEL PADDING
          onednn maxpool LAYOUT N C H W KERNEL */
#include "protocol.h"
#include <functional>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>
#include <unordered_map>
#include <vector>

using namespace dnnl;
using dims = memory::dims;
using tag = memory::format_tag;
using type = memory::data_type;

static engine cpu(engine::kind::cpu, 0);
static stream queue(cpu);
static std::function<void()> work;

static memory room(const memory::desc &desc) { return memory(desc, cpu, allocate(desc.get_size())); }

static memory uniform(dims shape, tag layout, double scale, double offset, long factor)
{
    memory made = room({shape, type::f32, layout});
    float *data = (float *)made.get_data_handle();
    for (long i = 0, count = made.get_desc().get_size() / sizeof *data; i < count; i++)
        data[i] = unit_by(i, factor) * scale + offset;
    return made;
}

static memory as(memory from, const memory::desc &desc)
{
    if (from.get_desc() == desc)
        return from;
    memory to = room(desc);
    reorder(from, to).execute(queue, from, to);
    queue.wait();
    return to;
}

static void run(void)
{
    work();
    queue.wait();
}

static void go(primitive made, std::unordered_map<int, memory> arguments)
{
    work = [=] { made.execute(queue, arguments); };
}

static memory softmax(dims shape, bool is_log)
{
    memory x = uniform(shape, tag::ab, 8, -4, FIRST), y = room(x.get_desc());
    if (is_log)
        go(logsoftmax_forward({{prop_kind::forward_inference, x.get_desc(), 1}, cpu}), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}});
    else
        go(softmax_forward({{prop_kind::forward_inference, x.get_desc(), 1}, cpu}), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}});
    return y;
}

static memory layer_norm(dims shape)
{
    memory x = uniform(shape, tag::ab, 8, -4, FIRST), y = room(x.get_desc());
    memory scale = uniform({shape[1]}, tag::a, 1, 0.5, SECOND), shift = uniform({shape[1]}, tag::a, 1, -0.5, THIRD);
    auto flags = normalization_flags::use_scale | normalization_flags::use_shift;
    layer_normalization_forward::primitive_desc desc({prop_kind::forward_inference, x.get_desc(), 1e-5f, flags}, cpu);
    go(layer_normalization_forward(desc), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}, {DNNL_ARG_SCALE, scale}, {DNNL_ARG_SHIFT, shift}});
    return y;
}

/* Rows as the pixels of one image: as a batch, they are read with strides and take fifty times as long. */
static memory batch_norm(long rows, long columns)
{
    memory x = uniform({1, columns, rows, 1}, tag::nhwc, 8, -4, FIRST), y = room(x.get_desc());
    memory scale = uniform({columns}, tag::a, 1, 0.5, SECOND), shift = uniform({columns}, tag::a, 1, -0.5, THIRD);
    auto flags = normalization_flags::use_scale | normalization_flags::use_shift;
    batch_normalization_forward::primitive_desc desc({prop_kind::forward_training, x.get_desc(), 1e-5f, flags}, cpu);
    go(batch_normalization_forward(desc),
       {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}, {DNNL_ARG_SCALE, scale}, {DNNL_ARG_SHIFT, shift}, {DNNL_ARG_MEAN, room(desc.mean_desc())},
        {DNNL_ARG_VARIANCE, room(desc.variance_desc())}});
    return memory({{rows, columns}, type::f32, tag::ab}, cpu, y.get_data_handle());
}

/* Both factors in plain layouts, as everyone has them: what a blocked weight gains is not asked here. */
static memory product(std::string name, long batch, long m, long k, long n, bool is_a_transposed, bool is_b_transposed, bool has_gelu)
{
    type element = name == "bfloat16" ? type::bf16 : type::f32;
    bool is_batched = batch > 1;
    auto shape = [&](long rows, long columns) { return is_batched ? dims{batch, rows, columns} : dims{rows, columns}; };
    auto layout = [&](bool is_transposed) { return is_batched ? (is_transposed ? tag::acb : tag::abc) : (is_transposed ? tag::ba : tag::ab); };
    auto factor = [&](long rows, long columns, bool is_transposed, long which) {
        memory::desc desc(shape(rows, columns), element, layout(is_transposed));
        return as(uniform(shape(rows, columns), layout(is_transposed), 1, -0.5, which), desc);
    };
    memory a = factor(m, k, is_a_transposed, FIRST), b = factor(k, n, is_b_transposed, SECOND), c = room({shape(m, n), element, layout(false)});
    std::unordered_map<int, memory> arguments{{DNNL_ARG_SRC, a}, {DNNL_ARG_WEIGHTS, b}, {DNNL_ARG_DST, c}};
    if (has_gelu) {
        memory bias = uniform({1, n}, tag::ab, 1, -0.5, THIRD);
        post_ops after;
        after.append_eltwise(1, algorithm::eltwise_gelu_erf, 0, 0);
        primitive_attr attributes;
        attributes.set_post_ops(after);
        arguments[DNNL_ARG_BIAS] = bias;
        go(matmul({{a.get_desc(), b.get_desc(), bias.get_desc(), c.get_desc()}, attributes, cpu}), arguments);
    } else
        go(matmul({{a.get_desc(), b.get_desc(), c.get_desc()}, cpu}), arguments);
    return c;
}

static tag layout_of(std::string name, long channels)
{
    if (name != "blocked")
        return name == "nhwc" ? tag::nhwc : tag::nchw;
#ifdef __AVX512F__
    const long lanes = 16;
#else
    const long lanes = 8;
#endif
    /* The few channels of an image stay as they are: the library's kernels for a first layer read them so. */
    return channels < lanes ? tag::nchw : lanes == 16 ? tag::nChw16c : tag::nChw8c;
}

static memory convolution(std::string layout, long n, long c, long h, long w, long o, long kernel, long padding)
{
    memory x = uniform({n, c, h, w}, tag::nchw, 1, -0.5, FIRST), weights = uniform({o, c, kernel, kernel}, tag::oihw, 1, -0.5, SECOND);
    memory bias = uniform({o}, tag::a, 1, -0.5, THIRD);
    dims pads{padding, padding}, shape{n, o, h + 2 * padding - kernel + 1, w + 2 * padding - kernel + 1};
    convolution_forward::primitive_desc desc(
        {prop_kind::forward_inference, algorithm::convolution_auto, {x.get_desc().dims(), type::f32, layout_of(layout, c)},
         {weights.get_desc().dims(), type::f32, tag::any}, bias.get_desc(), {shape, type::f32, layout_of(layout, o)}, {1, 1}, pads, pads},
        cpu);
    memory y = room(desc.dst_desc());
    go(convolution_forward(desc),
       {{DNNL_ARG_SRC, as(x, desc.src_desc())}, {DNNL_ARG_WEIGHTS, as(weights, desc.weights_desc())}, {DNNL_ARG_BIAS, bias}, {DNNL_ARG_DST, y}});
    return y;
}

static memory max_pool(std::string layout, long n, long c, long h, long w, long kernel)
{
    memory x = uniform({n, c, h, w}, tag::nchw, 8, -4, FIRST), from = as(x, {x.get_desc().dims(), type::f32, layout_of(layout, c)});
    pooling_forward::primitive_desc desc(
        {prop_kind::forward_inference, algorithm::pooling_max, from.get_desc(), {{n, c, h / kernel, w / kernel}, type::f32, tag::any}, {kernel, kernel},
         {kernel, kernel}, {0, 0}, {0, 0}},
        cpu);
    memory y = room(desc.dst_desc());
    go(pooling_forward(desc), {{DNNL_ARG_SRC, from}, {DNNL_ARG_DST, y}});
    return y;
}

/* The sum of the magnitudes of some elements, in the order of the plain layout. */
static double check(memory result)
{
    dims shape = result.get_desc().dims();
    tag layouts[] = {tag::a, tag::ab, tag::abc, tag::abcd};
    memory straight = as(result, {shape, type::f32, layouts[shape.size() - 1]});
    const float *data = (const float *)straight.get_data_handle();
    double sum = 0;
    long count = straight.get_desc().get_size() / sizeof *data;
    for (long i = 0; i < count; i += check_step(count))
        sum += fabs(data[i]);
    return sum;
}

int main(int count, char **words)
{
    std::vector<std::string> arguments(words + 1, words + count);
    auto number = [&](size_t place) { return std::stol(arguments.at(place)); };
    try {
        std::string name = arguments.at(0);
        memory result;
        if (name == "softmax" || name == "logsoftmax")
            result = softmax({number(1), number(2)}, name == "logsoftmax");
        else if (name == "layernorm")
            result = layer_norm({number(1), number(2)});
        else if (name == "batchnorm")
            result = batch_norm(number(1), number(2));
        else if (name == "matmul")
            result = product(arguments.at(1), number(2), number(3), number(4), number(5), number(6), number(7), arguments.size() > 8);
        else if (name == "conv")
            result = convolution(arguments.at(1), number(2), number(3), number(4), number(5), number(6), number(7), number(8));
        else if (name == "maxpool")
            result = max_pool(arguments.at(1), number(2), number(3), number(4), number(5), number(6));
        else {
            printf("missing oneDNN has no such case\n");
            return 0;
        }
        run();
        printf("ready %.17g\n", check(result));
    } catch (const std::exception &failure) {
        printf("missing oneDNN: %s\n", failure.what());
        return 0;
    }
    return serve(run);
}

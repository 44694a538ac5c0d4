using TensorCell.Kernels;
using TensorCell.Kernels.Simd;
using TensorCell.Kernels.Tests;
using TensorCell.Tensors.Attention;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Tests;

/// <summary>
/// Attention, and its gradient, whose inputs, results and working memory all lie against pages nobody may touch: an access beyond any of them, at either
/// end, ends the process.
/// </summary>
[Collection(nameof(EngineSettings))]
public sealed class AttentionGuardPageTests : IDisposable
{
    private readonly int bits = VectorWidth.Bits;
    private readonly int threads = Workers.ThreadCount;
    private readonly Func<long, CpuBuffer> allocate = MatrixMultiply.Allocate;
    private readonly List<CpuBuffer> buffers = [];

    public static MatrixTheoryData<DType, int, bool> Places => new([DType.Float32, DType.Float64], [128, 256, 512], [false, true]);

    public void Dispose()
    {
        VectorWidth.Bits = bits;
        Workers.ThreadCount = threads;
        MatrixMultiply.Allocate = allocate;
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void NothingBeyondIsTouched(DType dtype, int width, bool atEnd)
    {
        GuardedMemory.SkipUnlessSupported();
        VectorWidth.Bits = width;
        Random random = new(width);
        for (int trial = 0; trial < 60; trial++)
        {
            Workers.ThreadCount = random.Next(1, 3);
            MatrixMultiply.Allocate = bytes => GuardedMemory.Allocate(bytes, atEnd);
            int keys = trial == 0 ? 1100 : random.Next(1, 150);
            Run(random, dtype, atEnd, random.Next(1, 70), keys, random.Next(1, 40), random.Next(1, 40));
            buffers.ForEach(buffer => buffer.Dispose());
            buffers.Clear();
        }
    }

    private void Run(Random random, DType dtype, bool atEnd, int m, int n, int d, int e)
    {
        int keyHeads = random.Next(1, 3);
        int heads = keyHeads * random.Next(1, 3);
        MatrixStack query = Stack(dtype, [heads, m, d]);
        MatrixStack key = Stack(dtype, [keyHeads, n, d]);
        MatrixStack value = Stack(dtype, [keyHeads, n, e]);
        MatrixStack? mask = random.Next(3) switch
        {
            0 => null,
            1 => Stack(DType.Bool, [heads, m, n]),
            _ => Stack(dtype, [heads, m, n]),
        };
        AttentionProblem problem = new(dtype, query, key, value, mask, random.Next(2) == 0, 0.1);
        MatrixStack result = Stack(dtype, [heads, m, e]);
        MatrixStack logSums = Stack(dtype, [1, heads, m]);
        FusedAttention.Run(problem, result.Address, logSums.Address);
        FusedAttention.RunGradient(new AttentionGradientProblem(
            problem,
            result.Address,
            Stack(dtype, [heads, m, e]),
            logSums.Address,
            Stack(dtype, [heads, m, d]).Address,
            Stack(dtype, [keyHeads, n, d]).Address,
            Stack(dtype, [keyHeads, n, e]).Address,
            mask is { ElementSize: > 1 } ? Stack(dtype, [heads, m, n]) : null));

        MatrixStack Stack(DType type, int[] shape)
        {
            Layout layout = Layout.Of(Shape.Of(shape));
            CpuBuffer buffer = GuardedMemory.Allocate(layout.Shape.Count * type.Size, atEnd);
            buffers.Add(buffer);
            random.NextBytes(buffer.AsSpan<byte>());
            for (int element = 0; type != DType.Bool && element < layout.Shape.Count; element++)
            {
                if (type == DType.Float32)
                {
                    buffer.AsSpan<float>()[element] = random.NextSingle();
                }
                else
                {
                    buffer.AsSpan<double>()[element] = random.NextDouble();
                }
            }

            return new MatrixStack(buffer.Address, type.Size, layout);
        }
    }
}

using System.Buffers;
using TensorCell.Kernels;
using TensorCell.Kernels.Tests;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Tests;

/// <summary>
/// Conversions and copies of tensors whose elements lie against pages nobody may touch: an access beyond them, at either end, ends the process.
/// </summary>
public sealed class GuardPageTests
{
    private const int Capacity = 300 * 40 * sizeof(double);

    private static readonly Shape[] shapes = [Shape.Of(0), Shape.Of(1), Shape.Of(63), Shape.Of(1027), (31, 7), (300, 40), (3, 5, 17)];

    public static TheoryData<DType> Types => [.. Enum.GetValues<DType>()];

    [Theory]
    [MemberData(nameof(Types))]
    public void ConversionsAndCopiesReadOnlyTheirElements(DType type) => WithEveryPlace(type, (_, tensor) =>
    {
        long[] expected = new long[tensor.Count];
        foreach (DType other in Enum.GetValues<DType>())
        {
            Assert.Equal(expected, tensor.To(other).To(DType.Int64).ToArray<long>());
            Assert.Equal(expected, tensor.T.To(other).To(DType.Int64).ToArray<long>());
        }

        Tensor stacked = Tensor.Concat(0, tensor, tensor).Realize();
        Assert.Equal(2 * tensor.Count, stacked.Count);
    });

    [Theory]
    [MemberData(nameof(Types))]
    public void CopiesWriteOnlyTheirElements(DType type) => WithEveryPlace(type, (memory, tensor) =>
    {
        foreach (bool transposed in (bool[])[false, true])
        {
            Tensor target = transposed ? tensor.T : tensor;
            target.CopyFrom(Tensor.Ones(target.Shape, DType.Float32).To(type));
            Assert.All(tensor.To(DType.Int64).ToArray<long>(), element => Assert.Equal(1, element));
            Assert.Equal(tensor.Count > 0, memory.Bytes().ContainsAnyExcept((byte)0));
            target.Fill(0);
            Assert.False(memory.Bytes().ContainsAnyExcept((byte)0));
        }
    });

    [Theory]
    [MemberData(nameof(Types))]
    public void PickingAndPlacingTouchOnlyTheirElements(DType type) => WithEveryPlace(type, (memory, tensor) =>
    {
        Tensor mask = tensor.EqualTo(0);
        Assert.Equal(tensor.Count, tensor[mask].Realize().Count);
        Assert.All(tensor.NonZero(), indices => Assert.Equal(0, indices.Count));
        Assert.Equal(new long[tensor.Count], tensor.Flip().To(DType.Int64).ToArray<long>());
        Assert.Equal(new long[tensor.Count], tensor.Roll(5).To(DType.Int64).ToArray<long>());
        Assert.Equal(2 * tensor.Count, tensor.Tile(2).Realize().Count);
        Assert.True(tensor.Pad(3).Realize().Count > tensor.Count);
        if (tensor.Count == 0)
        {
            return;
        }

        Tensor rows = Tensor.Arange(tensor.Shape[0], DType.Int64).Flip();
        Assert.Equal(tensor.Count, tensor[rows].Realize().Count);
        Assert.Equal(tensor.Count, tensor.Gather(0, Tensor.Zeros(tensor.Shape, DType.Int64)).Realize().Count);
        Assert.Equal(tensor.Count, tensor.ScatterAdd(0, Tensor.Zeros(tensor.Shape, DType.Int64), tensor).Realize().Count);
        Assert.Equal(tensor.Count, tensor.IndexAdd(0, rows, tensor).Realize().Count);
        Tensor table = Tensor.Zeros(tensor.Shape, type).Clone();
        table[rows] = tensor;
        tensor[rows] = Tensor.Ones(tensor.Shape, type);
        Assert.All(tensor.To(DType.Int64).ToArray<long>(), element => Assert.Equal(1, element));
        tensor.Flip().CopyFrom(table);
        tensor[mask] = table[mask];
        Assert.False(memory.Bytes().ContainsAnyExcept((byte)0));
    });

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    [InlineData(DType.Int64)]
    public void PoolingReadsOnlyItsElements(DType type) => WithEveryPlace(type, (_, tensor) =>
    {
        foreach ((int kernel, int stride) in tensor.Count == 0 ? [] : new[] { (1, 1), (2, 2), (3, 2), (3, 1), (2, 3) })
        {
            if (tensor.Shape[-1] < kernel)
            {
                continue;
            }

            Tensor input = type == DType.Int64 ? tensor : tensor.Detach();
            input.RequiresGrad = type != DType.Int64;
            foreach (Tensor result in (Tensor[])[input.MaxPool1D(kernel, stride, kernel / 2), input.AvgPool1D(kernel, stride)])
            {
                Assert.All(result.To(DType.Float64).ToArray<double>(), element => Assert.Equal(0, element));
                if (input.RequiresGrad)
                {
                    result.Backward(Tensor.Ones(result.Shape, type));
                }
            }
        }
    });

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void FiltersOfOnePixelReadOnlyTheirElements(DType type) => WithEveryPlace(type, (_, tensor) =>
    {
        foreach (int channels in new[] { 1, 8, 48, 60 })
        {
            if (tensor.Count > 1000 && tensor.Count % channels == 0)
            {
                Tensor images = tensor.Reshape((1, channels, 1, (int)(tensor.Count / channels)));
                Tensor filters = Tensor.Ones((10, channels, 1, 1), type);
                Assert.All(images.Conv2D(filters).To(DType.Float64).ToArray<double>(), element => Assert.Equal(0, element));
                Assert.All(images.Conv2D(filters).Relu().To(DType.Float64).ToArray<double>(), element => Assert.Equal(0, element));
            }
        }
    });

    /// <summary>Runs a test on zeros of every shape, which begin or end at a page nobody may touch.</summary>
    private static void WithEveryPlace(DType type, Action<GuardedMemory, Tensor> test)
    {
        GuardedMemory.SkipUnlessSupported();
        using var memory = new GuardedMemory(Capacity);
        foreach (Shape shape in shapes)
        {
            foreach (bool atEnd in (bool[])[false, true])
            {
                memory.Bytes().Clear();
                test(memory, Place(memory, type, shape, atEnd));
            }
        }
    }

    private static Tensor Place(GuardedMemory memory, DType type, Shape shape, bool atEnd)
    {
        var owner = new Owner(memory, (int)shape.Count * type.Size, atEnd);
        return new Tensor(new Value(Layout.Of(shape), type, Storage.Wrap(owner.Memory)));
    }

    private sealed unsafe class Owner(GuardedMemory memory, int bytes, bool atEnd) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => new(memory.Place(bytes, atEnd), bytes);

        public override MemoryHandle Pin(int elementIndex = 0) => new(memory.Place(bytes, atEnd) + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}

using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using TensorCell.Kernels;
using Numeric = System.Numerics.Tensors.Tensor;

namespace TensorCell.Tensors.Tests;

/// <summary>Arrays, memory and tensors of .NET: in and out, without copies where the memory can be the same.</summary>
public sealed class InteroperationTests
{
    [Fact]
    public void ArraysOfUpToFourDimensionsAreShared()
    {
        float[,,,] four = new float[2, 3, 4, 5];
        Tensor x = Tensor.From(four);
        x[1, 2, 3, 4] = 7;
        four[0, 0, 0, 1] = 3;
        Assert.Equal(Shape.Of(2, 3, 4, 5), x.Shape);
        Assert.Equal(7, four[1, 2, 3, 4]);
        Assert.Equal(10, x.Sum().ToDouble());
        long[,,] three = new long[2, 0, 3];
        Assert.Equal(Shape.Of(2, 0, 3), Tensor.From(three).Shape);
        x.Assign(x * 2);
        Assert.Equal(14, four[1, 2, 3, 4]);
    }

    [Fact]
    public void TensorsBecomeArrays() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        Samples samples = new(seed);
        int[] lengths = [samples.Random.Next(5), samples.Random.Next(1, 5), samples.Random.Next(1, 4), samples.Random.Next(1, 4)];
        Check<byte>(DType.UInt8);
        Check<Half>(DType.Float16);
        Check<float>(DType.Float32);
        Check<long>(DType.Int64);

        void Check<T>(DType type)
            where T : unmanaged
        {
            Tensor x = samples.Tensor(lengths, type, 0, 100).Tensor;
            T[,,,] four = x.ToArray4D<T>();
            Assert.Equal(lengths, Enumerable.Range(0, 4).Select(four.GetLength));
            Assert.Equal(x.ToArray<T>(), four.Cast<T>());
            Assert.Equal(x[.., 0].ToArray<T>(), x[.., 0].ToArray3D<T>().Cast<T>());
            Assert.Equal(x[.., 0, .., 0].ToArray<T>(), x[.., 0, .., 0].ToArray2D<T>().Cast<T>());
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    [Fact]
    public void TheNumberOfAxesIsChecked()
    {
        Assert.Equal("toArray3D: shape [2, 3] has 2 axes; Reshape it to 3", Assert.Throws<InvalidOperationException>(() => Tensor.Ones((2, 3)).ToArray3D<float>()).Message);
        Assert.Equal("toArray2D: shape [2] has 1 axes; Reshape it to 2", Assert.Throws<InvalidOperationException>(() => Tensor.Ones(2).ToArray2D<float>()).Message);
        Assert.Contains("not Double", Assert.Throws<InvalidOperationException>(() => Tensor.Ones((2, 3)).ToArray2D<double>()).Message);
    }

    [Fact]
    public void SequencesOfSequencesAreTensors()
    {
        Tensor x = Tensor.From(new[] { new[] { 1, 2, 3 }, [4, 5, 6] });
        Assert.Equal((Shape.Of(2, 3), DType.Int32), (x.Shape, x.DType));
        Assert.Equal(x.ToArray<int>(), Tensor.From([[1, 2, 3], [4, 5, 6]]).ToArray<int>());
        Assert.Equal([1.5, 2.5], Tensor.From(new List<List<double>> { new() { 1.5 }, new() { 2.5 } }).ToArray<double>());
        Assert.Equal(Shape.Of(2, 1, 2), Tensor.From(new[] { new[] { new[] { 1f, 2 } }, [[3f, 4]] }).Shape);
        Assert.Equal([1f, 2, 3, 4], Tensor.From(new[] { new[] { new[] { new[] { 1f, 2 } } }, [[[3f, 4]]] }).ToArray<float>());
        Assert.Equal(Shape.Of(3, 2), Tensor.From(Enumerable.Range(0, 3).Select(row => Enumerable.Range(row, 2))).Shape);
        Assert.Equal(Shape.Of(0, 0), Tensor.From(Array.Empty<float[]>()).Shape);
        Assert.Equal(Shape.Of(2, 0), Tensor.From(new float[][] { [], [] }).Shape);
        Assert.Equal(Shape.Of(2, 0, 0), Tensor.From(new float[][][] { [], [] }).Shape);
    }

    [Fact]
    public void SequencesOfUnequalLengthsAreRefused()
    {
        Assert.Equal(
            "from: sequence [1] has length 2, and those before it 3; a tensor's rows are equally long",
            Assert.Throws<ArgumentException>(() => Tensor.From(new[] { new[] { 1, 2, 3 }, [4, 5] })).Message);
        Assert.Equal(
            "from: sequence [1, 2] has length 1, and those before it 2; a tensor's rows are equally long",
            Assert.Throws<ArgumentException>(() => Tensor.From(new[] { new[] { new[] { 1, 2 }, [3, 4], [1, 2] }, [[5, 6], [7, 8], [9]] })).Message);
        Assert.Equal("from: sequence [1] is null", Assert.Throws<ArgumentException>(() => Tensor.From(new int[]?[] { [1], null }!)).Message);
    }

    [Fact]
    public void MemoryIsSharedBothWays()
    {
        Memory<float> memory = new float[6].AsMemory();
        Tensor x = Tensor.From(memory, (2, 3));
        x[1, 2] = 5;
        Assert.Equal(5, memory.Span[5]);
        Memory<float> written = x[1].AsWritableMemory<float>();
        written.Span[0] = 4;
        Assert.Equal(4, memory.Span[3]);
        ReadOnlyMemory<float> read = x[1].AsMemory<float>();
        Assert.Equal([4f, 0, 5], read.ToArray());
        Assert.Equal([0f, 5], read[1..].ToArray());
        Assert.Contains("do not lie in row-major order", Assert.Throws<InvalidOperationException>(() => x.T.AsMemory<float>()).Message);
        unsafe
        {
            using MemoryHandle pin = read[2..].Pin();
            Assert.Equal(5, *(float*)pin.Pointer);
        }

        Assert.Equal([1, 2], Tensor.From(Tensor.From([1, 2]).Clone().AsWritableMemory<int>()).ToArray<int>());
    }

    [Fact]
    public void ATensorSpanHasTheTensorsShapeAndStrides() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        Samples samples = new(seed);
        int[] lengths = samples.Shape();
        Tensor x = samples.Tensor(lengths, DType.Float64, -9, 9).Tensor;
        x = x[[.. Enumerable.Range(0, x.Rank).Select(axis => x.Strides[axis] < 0 ? TensorIndex.Every(-1) : TensorIndex.Every(1))]];
        ReadOnlyTensorSpan<double> span = x.AsTensorSpan<double>();
        Assert.Equal(x.Rank == 0 ? [1] : lengths, span.Lengths.ToArray().Select(length => (int)length));
        double[] flat = new double[span.FlattenedLength];
        span.FlattenTo(flat);
        Assert.Equal(x.ToArray<double>(), flat);
        Assert.Equal(x.ToArray<double>(), Tensor.From(span).ToArray<double>());
        Assert.Equal(span.Lengths.ToArray().Select(length => (int)length), Tensor.From(span).Shape);
        if (x.Count > 0)
        {
            Assert.True(Unsafe.AreSame(in span.GetPinnableReference(), in x[[.. Enumerable.Repeat<TensorIndex>(0, x.Rank)]].AsSpan<double>()[0]));
            TensorSpan<double> written = x.AsWritableTensorSpan<double>();
            written.Fill(3);
            Assert.Equal(3 * x.Count, x.Sum().ToDouble());
            Assert.Equal(3 * x.Count, Tensor.From(written).Sum().ToDouble());
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void WhatATensorSpanCannotSayIsRefused()
    {
        Tensor x = Tensor.Arange(6).Reshape(2, 3);
        Assert.Equal(
            "asTensorSpan: the elements of this view (shape [2, 3], strides [3, -1]) run backwards along axis 1, which a TensorSpan cannot say; use Contiguous() or Clone() first",
            Assert.Throws<InvalidOperationException>(() => { _ = x.Flip(1).AsTensorSpan<float>(); }).Message);
        Tensor repeated = Tensor.From([1f, 2]).BroadcastTo((3, 2));
        Assert.Equal(9, Numeric.Sum(repeated.AsTensorSpan<float>()));
        Assert.Contains("repeat along axis 0", Assert.Throws<InvalidOperationException>(() => { _ = repeated.AsWritableTensorSpan<float>(); }).Message);
        Assert.Contains("not Double", Assert.Throws<InvalidOperationException>(() => { _ = x.AsTensorSpan<double>(); }).Message);
    }

    [Fact]
    public void TensorsOfNetAreSharedWithTheirSlicesAndPermutations()
    {
        Tensor<int> original = Numeric.Create(Enumerable.Range(0, 24).ToArray(), [2, 3, 4]);
        Tensor<int>[] views =
        [
            original, original.Slice([new NRange(1, 2), new NRange(1, 3), new NRange(2, 4)]), Numeric.PermuteDimensions(original, [2, 0, 1]),
            Numeric.Create([5], []), Numeric.Create<int>([], [0, 3]), Numeric.Create([1, 2], [3, 2], [0, 1]), Numeric.Create([1, 2], [1, 2]),
        ];
        foreach (Tensor<int> view in views)
        {
            Tensor x = Tensor.From(view);
            Assert.Equal(view.Lengths.ToArray().Select(length => (int)length), x.Shape);
            int[] flat = new int[view.FlattenedLength];
            view.FlattenTo(flat);
            Assert.Equal(flat, x.ToArray<int>());
            Assert.Equal(flat, (x + 0).ToArray<int>());
        }

        Tensor slice = Tensor.From(views[1]);
        slice[0, 1, 1] = -5;
        Assert.Equal(-5, original[1, 2, 3]);
        original[1, 1, 2] = -7;
        Assert.Equal(-7, slice[0, 0, 0].Item<int>());
        Assert.Equal(-7, slice[0].AsTensorSpan<int>()[0, 0]);
        Assert.Equal([-7, 19], slice[0, 0].AsSpan<int>().ToArray());
    }

    [Fact]
    public void WhatIsTakenOutOfATensorKeepsItsMemoryAlive()
    {
        using CancellationTokenSource done = new();
        Thread collector = new(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        })
        { IsBackground = true };
        collector.Start();
        for (int turn = 0; turn < 60; turn++)
        {
            ReadOnlySpan<float> span = Make(turn).AsSpan<float>();
            ReadOnlyTensorSpan<float> strided = Make(turn).Reshape(100, 100)[.., 10..].T.AsTensorSpan<float>();
            ReadOnlyMemory<float> memory = Make(turn).AsMemory<float>();
            Tensor over = Tensor.From(Numeric.Create(Enumerable.Repeat((float)turn, 10_000).ToArray(), [100, 100]));
            Tensor slice = Tensor.From(Make(turn).AsWritableMemory<float>()[5..]);
            for (int other = 0; other < 5; other++)
            {
                _ = Make(-1);
            }

            Assert.Equal(-1, span.IndexOfAnyExcept(turn));
            Assert.Equal(turn * 9000f, Numeric.Sum(strided));
            Assert.Equal(-1, memory.Span.IndexOfAnyExcept(turn));
            Assert.Equal(turn * 10_000f, over.Sum().ToDouble());
            Assert.Equal(turn * 9_995f, slice.Sum().ToDouble());
        }

        done.Cancel();
        collector.Join();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tensor Make(float number) => (Tensor.Full(10_000, number) * 1f).Realize();
}

using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class WritingTests
{
    [Fact]
    public void WhatIsPendingReadsTheElementsItWasMadeOf()
    {
        Tensor x = Tensor.From(new float[] { 1, 2, 3 });
        Tensor doubled = x * 2;
        Tensor sum = x[1..].Sum();
        x[0] = 10;
        x.Fill(5);
        Assert.Equal([2f, 4, 6], doubled.ToArray<float>());
        Assert.Equal(5f, (float)sum);
        Assert.Equal([5f, 5, 5], x.ToArray<float>());
        Assert.Equal(2, x.Version);
    }

    [Fact]
    public void PartsAreWrittenWithBroadcastAndConversion()
    {
        Tensor x = Tensor.Zeros((3, 4)).Clone();
        x[1..3, ..2] = Tensor.From([7, 8]);
        x[.., ^1] = 0.5;
        x[0] += 1;
        Assert.Equal([1f, 1, 1, 1.5f, 7, 8, 0, 0.5f, 7, 8, 0, 0.5f], x.ToArray<float>());
        x[x > 6] = -1;
        Assert.Equal(-4f, (float)x[1..].Sum() - 1);
    }

    [Fact]
    public void OverlappingPartsAreCopiedAsIfAllWereReadFirst()
    {
        Tensor x = Tensor.Arange(6, DType.Int32);
        x[1..] = x[..^1];
        Assert.Equal([0, 0, 1, 2, 3, 4], x.ToArray<int>());
        x.CopyFrom(x.Flip(0));
        Assert.Equal([4, 3, 2, 1, 0, 0], x.ToArray<int>());
    }

    [Fact]
    public void AWrappedArrayIsSharedBothWays()
    {
        float[] array = [1, 2, 3, 4];
        Tensor x = Tensor.From(array);
        x[1] = 20;
        Assert.Equal(20f, array[1]);
        array[2] = 30;
        Assert.Equal(30f, x[2].Item<float>());
        Tensor pending = x + 1;
        x[0] = 100;
        Assert.Equal(100f, array[0]);
        Assert.Equal([2f, 21, 31, 5], pending.ToArray<float>());
        double[,] matrix = { { 1, 2 }, { 3, 4 } };
        Tensor.From(matrix)[1, 0] = 9;
        Assert.Equal(9, matrix[1, 0]);
        Memory<int> memory = new int[] { 1, 2, 3 }.AsMemory(1);
        Tensor.From(memory)[0] = 7;
        Assert.Equal(7, memory.Span[0]);
    }

    [Fact]
    public void AConstantTakesMemoryOnlyWhenWrittenTo()
    {
        Tensor zeros = Tensor.Zeros((2, 2));
        Assert.True(zeros.IsPending);
        zeros[0, 1] = 3;
        Assert.Equal([0f, 3, 0, 0], zeros.ToArray<float>());
    }

    [Fact]
    public void ARepeatedElementIsNotWrittenTo()
    {
        Tensor x = Tensor.From([1f, 2]).BroadcastTo((3, 2));
        ArgumentException error = Assert.Throws<ArgumentException>(() => x.Fill(1));
        Assert.Equal("copyFrom: a view that repeats its elements along axis 0 cannot be written to; Clone() it first", error.Message);
        Assert.Throws<ArgumentException>(() => Tensor.Zeros(2).CopyFrom(Tensor.Zeros(3)));
    }

    [Fact]
    public void AKernelDoesNotStoreToARepeatedElement()
    {
        Tensor x = Tensor.From([1f, 2]).BroadcastTo((3, 2));
        Tensor sum = Tensor.Zeros((3, 2));
        GridKernel kernel = GridKernel.Compile((Index2 i, View2<float> from, View2<float> to) => to[i.Y, i.X] += from[i.Y, i.X]);
        kernel.Launch((3, 2), x, sum);
        Assert.Equal([1f, 2, 1, 2, 1, 2], sum.ToArray<float>());
        ArgumentException error = Assert.Throws<ArgumentException>(() => kernel.Launch((3, 2), sum, x));
        Assert.EndsWith("it stores to to, and what was given for it is broadcast: one element stands at several indices; Clone() it first", error.Message);
    }

    [Fact]
    public void ASpanOfATensorKeepsItsMemoryAlive()
    {
        ReadOnlySpan<float> span = Pending().AsSpan<float>();
        for (int round = 0; round < 5; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            _ = (Tensor.Ones(1000) * 7).Realize();
        }

        foreach (float element in span)
        {
            Assert.Equal(3, element);
        }

        static Tensor Pending() => Tensor.Ones(1000) * 3;
    }

    [Fact]
    public void ADisposedTensorSaysSo()
    {
        Tensor x = Tensor.From([1f, 2]).Clone();
        Tensor view = x[0];
        x.Dispose();
        Assert.Throws<ObjectDisposedException>(() => x.ToArray<float>());
        Assert.Throws<ObjectDisposedException>(() => (view + 1).Realize());
        Assert.Throws<ObjectDisposedException>(() => view.Item<float>());
    }

    [Fact]
    public void PendingReadersOutliveADisposedTensor()
    {
        Tensor x = Tensor.From([1f, 2]).Clone();
        Tensor y = x + 1;
        x.Dispose();
        Assert.Equal([2f, 3], y.ToArray<float>());
        Assert.Throws<ObjectDisposedException>(() => x.ToArray<float>());
    }

    [Fact]
    public void AScopeReturnsWhatWasNotKept()
    {
        Tensor kept;
        Tensor lost;
        Tensor outside = Tensor.Ones(4).Clone();
        using (TensorScope scope = Tensor.Scope())
        {
            lost = (outside * 2).Realize();
            kept = scope.Keep(lost + 1);
        }

        Assert.Equal([3f, 3, 3, 3], kept.ToArray<float>());
        Assert.Equal([1f, 1, 1, 1], outside.ToArray<float>());
        Assert.Throws<ObjectDisposedException>(() => lost.ToArray<float>());
    }

    [Fact]
    public void AnInnerScopeKeepsForTheOuterOne()
    {
        Tensor kept;
        using (Tensor.Scope())
        {
            using (TensorScope inner = Tensor.Scope())
            {
                kept = inner.Keep(Tensor.Ones(2) + 1);
            }

            Assert.Equal([2f, 2], kept.ToArray<float>());
        }

        Assert.Throws<ObjectDisposedException>(() => kept.ToArray<float>());
    }
}

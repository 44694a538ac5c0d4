using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Tensors of more elements than an int counts.</summary>
[Collection(nameof(EngineSettings))]
public sealed class LargeTensorTests
{
    private const int Columns = (1 << 30) + 3;
    private static readonly Shape shape = (2, Columns);

    [Fact]
    public void AViewThatRepeatsItsElementsIsFoldedAndPickedFrom()
    {
        // 1 MiB, shown 2049 times.
        Tensor row = (Tensor.Arange(1 << 20, DType.Int32) % 100).To(DType.UInt8).Realize();
        Tensor large = row.BroadcastTo((2049, 1 << 20));
        long sum = (long)row.Sum();
        Assert.Equal(2049L * (1 << 20), large.Count);
        Assert.Equal(2049 * sum, (long)large.Sum());
        Assert.Equal(2050, (long)(large.Max().To(DType.Int64) + 1951));
        Assert.Equal(99L, (long)large.ArgMax());
        Assert.Equal([97, 98, 99], large[^1, 97..100].ToArray<byte>());
        Assert.Equal([99, 0], large.Take([2048, 0])[0, 99..101].ToArray<byte>());
        Assert.Equal(2049, (long)large[.., 5].CountNonZero());
    }

    [Fact]
    public void WhatAnIntCannotCountIsRefused()
    {
        Tensor large = Tensor.From(new byte[] { 1 }).BroadcastTo((3, 1 << 30));
        Assert.Contains("flatten: 3221225472 elements along one axis", Assert.Throws<ArgumentException>(() => large.Flatten()).Message);
        Assert.Contains("toArray: 3221225472 elements", Assert.Throws<ArgumentException>(() => large.ToArray<byte>()).Message);
        Assert.Contains("concat: ", Assert.Throws<ArgumentException>(() => Tensor.Concat(1, large, large)).Message);
        Assert.Contains("repeat: ", Assert.Throws<ArgumentException>(() => large.Repeat(2, 1)).Message);
        Assert.Contains("reshape: ", Assert.Throws<ArgumentException>(() => large.Reshape(1, -1)).Message);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void ElementsBehindTheIntsAreReachedByAll()
    {
        using TensorScope scope = Tensor.Scope();
        Tensor x = Tensor.Zeros(shape, DType.UInt8).Realize();
        x.Fill(3);
        x[1, ^1] = 200;
        x[1, ^5..^3] = 7;
        Assert.Equal([3, 3, 7, 7, 3, 3, 200], x[1, ^7..].ToArray<byte>());
        Assert.Equal((3L * x.Count) + 197 + 8, (long)x.Sum());
        Assert.Equal(200, (long)x.Max().To(DType.Int64));
        Assert.Equal(x.Count - 1, (long)x.ArgMax());
        Assert.Equal([Columns - 1L], x.ArgMax(1)[1..].ToArray<long>());
        Assert.Equal([200, 7, 3], x.Take([Columns - 1, Columns - 5, 0], 1)[1].ToArray<byte>());
        Assert.Equal([201, 4], (x.Max(0) + 1)[^1..].ToArray<byte>().Append((byte)4));
        Assert.Equal(3, (long)(x > 3).CountNonZero());
        Assert.Equal([1L, 1, 1], x[.., ^100..].NotEqualTo(3).NonZero()[0].ToArray<long>());

        using (TensorScope inner = Tensor.Scope())
        {
            Tensor more = (x + 1).Realize();
            Assert.Equal([4, 4, 8, 8, 4, 4, 201], more[1, ^7..].ToArray<byte>());
            Assert.Equal((4L * x.Count) + 197 + 8, (long)more.Sum());
        }

        using (TensorScope inner = Tensor.Scope())
        {
            Tensor copy = x.Clone();
            Assert.True(copy.EqualTo(x).All().Item<bool>());
            copy[1, ^1] = 0;
            Assert.Equal(x.Count - 1, (long)copy.EqualTo(x).Sum());
        }

        using (TensorScope inner = Tensor.Scope())
        {
            Tensor turned = x.T.Contiguous().Realize();
            Assert.Equal([3, 200], turned[^1].ToArray<byte>());
            Assert.Equal([3, 7], turned[^4].ToArray<byte>());
        }

        using (TensorScope inner = Tensor.Scope())
        {
            Tensor flipped = x[.., TensorIndex.Every(-1)].Contiguous().Realize();
            Assert.Equal([200, 3, 3, 7, 7, 3], flipped[1, ..6].ToArray<byte>());
        }

        using (TensorScope inner = Tensor.Scope())
        {
            Tensor mask = (x > 3).Realize();
            Assert.Equal([7, 7, 200], x[mask].ToArray<byte>());
            x.CopyFrom(x.MaskedFill(mask, 9));
            Assert.Equal([9, 3, 3, 9], x[1, ^4..].ToArray<byte>());
        }

        using (TensorScope inner = Tensor.Scope())
        {
            x[1, ^2] = 1;
            Assert.Equal([3, 1, 1], x.CumMin(1)[1, ^3..].ToArray<byte>());
        }
    }
}

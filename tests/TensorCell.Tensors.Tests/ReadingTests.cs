using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class ReadingTests
{
    [Fact]
    public void ConversionsRoundTrip()
    {
        DType[] types = [DType.UInt8, DType.Int8, DType.Int32, DType.Int64, DType.Float16, DType.BFloat16, DType.Float32, DType.Float64];
        Tensor x = Tensor.From([0, 1, 2, 100, 127]);
        foreach (DType from in types)
        {
            foreach (DType to in types)
            {
                Assert.Equal([0, 1, 2, 100, 127], x.To(from).To(to).To(DType.Int32).ToArray<int>());
            }
        }
    }

    [Fact]
    public void ConversionsOfAwkwardNumbersAreDefined()
    {
        Tensor x = Tensor.From([-1.9, 1.9, double.NaN, 1e30, -1e30]);
        Assert.Equal([-1, 1, 0, int.MaxValue, int.MinValue], x.To(DType.Int32).ToArray<int>());
        Assert.Equal([0, 1, 0, 255, 0], x.To(DType.UInt8).ToArray<byte>());
        Assert.Equal([255, 44], Tensor.From([-1, 300]).To(DType.UInt8).ToArray<byte>());
        Assert.Equal([true, true, true, true, true], x.To(DType.Bool).ToArray<bool>());
        Assert.Equal([1.0009765625f], Tensor.From([1.001f]).To(DType.Float16).To(DType.Float32).ToArray<float>());
        Assert.Equal([1.0f, 1.0078125f], Tensor.From([1.0039f, 1.006f]).To(DType.BFloat16).To(DType.Float32).ToArray<float>());
    }

    [Fact]
    public void ScalarsReadAsNumbers()
    {
        Tensor x = Tensor.From([1.5f, 2.5f], (1, 2));
        Assert.Equal(2.5, (double)x[0, 1]);
        Assert.Equal(2, (int)x[0, 1]);
        Assert.True((bool)x[0, 0]);
        Assert.Throws<InvalidOperationException>(() => (float)x);
        Assert.Throws<InvalidOperationException>(() => x[0, 0].Item<double>());
        Assert.Equal(4f, Tensor.Scalar(4f).Item<float>());
    }

    [Fact]
    public void ASpanNeedsElementsInOrder()
    {
        Tensor x = Tensor.Arange(6).Reshape(2, 3);
        Assert.Equal([3f, 4, 5], x[1].AsSpan<float>().ToArray());
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => { _ = x.T.AsSpan<float>(); });
        Assert.Contains("use Contiguous() or ToArray", error.Message);
        Assert.Equal([0f, 3, 1, 4, 2, 5], x.T.Contiguous().AsSpan<float>().ToArray());
        error = Assert.Throws<InvalidOperationException>(() => { _ = x.AsSpan<double>(); });
        Assert.Equal("asSpan: the tensor's elements are f32, not Double; convert it with .To(DType.Float64)", error.Message);
    }

    [Fact]
    public void WritingThroughASpanIsSeen()
    {
        Tensor x = Tensor.Zeros(3);
        Tensor pending = x + 1;
        x.AsWritableSpan<float>()[1] = 5;
        Assert.Equal([0f, 5, 0], x.ToArray<float>());
        Assert.Equal([1f, 1, 1], pending.ToArray<float>());
    }

    [Fact]
    public void RowsAreEnumerated()
    {
        Tensor x = Tensor.Arange(6).Reshape(3, 2);
        float sum = 0;
        foreach (Tensor row in x)
        {
            sum += (float)row[1];
        }

        Assert.Equal(9, sum);
        Assert.Equal(new float[,] { { 0, 1 }, { 2, 3 }, { 4, 5 } }, x.ToArray2D<float>());
    }

    [Fact]
    public void CreationFillsAsAsked()
    {
        Assert.Equal([0f, 0.25f, 0.5f, 0.75f], Tensor.Arange(0, 1, 0.25).ToArray<float>());
        Assert.Equal([3, 2, 1], Tensor.Arange(3, 0, -1, DType.Int32).ToArray<int>());
        Assert.Equal([0f, 0.5f, 1f], Tensor.Linspace(0, 1, 3).ToArray<float>());
        Assert.Equal([1f, 0, 0, 0, 1, 0], Tensor.Eye(2, 3).ToArray<float>());
        Assert.Equal([2.5f, 2.5f], Tensor.Full(2, 2.5).ToArray<float>());
        Assert.Empty(Tensor.Arange(0).ToArray<float>());
        Assert.Throws<ArgumentException>(() => Tensor.Arange(0, 1, 0));
        Assert.Throws<ArgumentException>(() => Tensor.From([1f, 2], (3, 1)));
    }

    [Fact]
    public void MetadataIsCheap()
    {
        Tensor x = Tensor.Ones((1000, 1000)) + Tensor.Ones((1000, 1));
        Assert.Equal((1_000_000L, 4_000_000L, 2), (x.Count, x.ByteSize, x.Rank));
        Assert.Equal("cpu", x.Device.Name);
        Assert.Equal([1000L, 1], x.Strides.ToArray());
        Assert.True(x.IsPending);
    }
}

using FsCheck;
using FsCheck.Fluent;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class ViewTests
{
    [Fact]
    public void AnySequenceOfViewsReadsWhatAnIndexMapReads() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(),
        seed =>
        {
            Samples samples = new(seed);
            Sample start = samples.Tensor(samples.Shape(), DType.Int32, -1000, 1000);
            Model model = new(start.Shape, start.Numbers);
            Tensor tensor = start.Tensor;
            for (int step = 0; step < 6; step++)
            {
                (tensor, model) = Step(samples.Random, tensor, model);
                Assert.Equal(Shape.Of(model.Shape), tensor.Shape);
                Assert.Equal(model.Numbers, tensor.To(DType.Float64).ToArray<double>());
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void WritingToAViewWritesToWhatItWasMadeFrom() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(),
        seed =>
        {
            Samples samples = new(seed);
            int[] shape = samples.Shape(canBeEmpty: false);
            double[] zeros = new double[shape.Aggregate(1, (count, length) => count * length)];
            Tensor tensor = Tensor.From<double>(zeros, Shape.Of(shape));
            Tensor view = tensor;
            Model places = new(shape, [.. Enumerable.Range(0, zeros.Length).Select(place => (double)place)]);
            for (int step = 0; step < 4; step++)
            {
                (Tensor next, Model nextPlaces) = Step(samples.Random, view, places);
                if (!next.IsView || next.Strides.Contains(0))
                {
                    continue;
                }

                (view, places) = (next, nextPlaces);
            }

            view.CopyFrom(7);
            double[] expected = [.. zeros.Select((_, place) => places.Numbers.Contains(place) ? 7.0 : 0)];
            Assert.Equal(expected, tensor.ToArray<double>());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void IndexingReadsAsInCSharp()
    {
        Tensor x = Tensor.Arange(12, DType.Int32).Reshape(3, 4);
        Assert.Equal([4, 5, 6, 7], x[1].ToArray<int>());
        Assert.Equal([8, 9, 10, 11], x[^1].ToArray<int>());
        Assert.Equal([8, 9, 10, 11], x[-1].ToArray<int>());
        Assert.Equal(6, x[1, 2].Item<int>());
        Assert.Equal([5, 6], x[1, 1..^1].ToArray<int>());
        Assert.Equal([1, 5, 9], x[.., 1].ToArray<int>());
        Assert.Equal([3, 7, 11], x[TensorIndex.Ellipsis, ^1].ToArray<int>());
        Assert.Equal(Shape.Of(3, 1, 4), x[.., TensorIndex.NewAxis].Shape);
        Assert.Equal([0, 2], x[0, TensorIndex.Every(2)].ToArray<int>());
        Assert.Equal([3, 2, 1, 0], x[0].Flip(0).ToArray<int>());
        Assert.Equal(Shape.Of(0, 4), x[2..2].Shape);
    }

    [Fact]
    public void TensorsIndexRowsAndMasks()
    {
        Tensor x = Tensor.Arange(12, DType.Int32).Reshape(3, 4);
        Assert.Equal([8, 9, 10, 11, 0, 1, 2, 3], x[Tensor.From([2, 0])].ToArray<int>());
        Assert.Equal([3, 0, 7, 4, 11, 8], x[.., Tensor.From([-1, 0])].ToArray<int>());
        Assert.Equal(Shape.Of(2, 1, 4), x[Tensor.From(new[,] { { 0 }, { 1 } })].Shape);
        Assert.Equal([0, 2, 4, 6, 8, 10], x[(x % 2).EqualTo(0)].ToArray<int>());
        Assert.Throws<ArgumentOutOfRangeException>(() => x[Tensor.From([3])]);
        Assert.Throws<ArgumentException>(() => x[Tensor.From([0.5])]);
    }

    [Fact]
    public void OutOfRangeIndicesAreNamed()
    {
        Tensor x = Tensor.Zeros((2, 3));
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => x[0, 3]);
        Assert.Equal("index: index 3 is out of range for axis 1 of shape [2, 3], which has 3 elements", error.Message);
        Assert.Throws<ArgumentException>(() => x[0, 0, 0]);
        Assert.Throws<ArgumentException>(() => x[..4]);
        Assert.Throws<ArgumentException>(() => x.Reshape(4, -1));
        Assert.Throws<ArgumentException>(() => x.Reshape(5));
        Assert.Throws<ArgumentException>(() => x.Permute(0, 0));
        Assert.Throws<ArgumentException>(() => x.Squeeze(0));
        Assert.Throws<ArgumentException>(() => x.BroadcastTo((3, 2)));
    }

    [Fact]
    public void ReshapeIsAViewWhereStridesAllowIt()
    {
        Tensor x = Tensor.Arange(24).Reshape(2, 3, 4);
        Assert.True(x.IsView);
        Assert.True(x.Permute(0, 2, 1).Reshape(2, 2, 2, 3).IsView);
        Assert.False(x.T.Reshape(24).IsView);
        Assert.Equal([0f, 12, 4, 16], x.T.Reshape(24)[..4].ToArray<float>());
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    [InlineData(DType.UInt8)]
    public void LargeTransposesCopyEveryElement(DType dtype)
    {
        Tensor x = (Tensor.Arange(3 * 67 * 45, DType.Int32) % 251).To(dtype).Reshape(3, 67, 45).Realize();
        double[] numbers = x.To(DType.Float64).ToArray<double>();
        foreach (int[] order in (int[][])[[0, 2, 1], [2, 0, 1], [1, 2, 0], [2, 1, 0], [1, 0, 2]])
        {
            Tensor permuted = x.Permute(order);
            Model model = new Model([3, 67, 45], numbers).Gather(
                [.. permuted.Shape],
                index =>
                {
                    int[] source = new int[3];
                    for (int axis = 0; axis < 3; axis++)
                    {
                        source[order[axis]] = index[axis];
                    }

                    return source;
                });
            Assert.Equal(model.Numbers, permuted.Contiguous().To(DType.Float64).ToArray<double>());
        }
    }

    [Fact]
    public void JoiningPutsPartsSideBySide() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(),
        seed =>
        {
            Samples samples = new(seed);
            int[] shape = [2, 3, 4];
            int axis = samples.Random.Next(3);
            Sample[] parts =
            [
                .. Enumerable.Range(0, samples.Random.Next(1, 4)).Select(_ =>
                {
                    int[] own = [.. shape];
                    own[axis] = samples.Random.Next(4);
                    return samples.Tensor(own, samples.Random.Next(2) == 0 ? DType.Float32 : DType.Int32, -9, 9);
                }),
            ];
            Tensor joined = Tensor.Concat(axis - 3, [.. parts.Select(part => part.Tensor)]);
            int begin = 0;
            foreach (Sample part in parts)
            {
                Tensor back = joined.Slice(axis, begin..(begin + part.Shape[axis]));
                Assert.Equal(part.Numbers, back.To(DType.Float64).ToArray<double>());
                begin += part.Shape[axis];
            }

            Assert.Equal(begin, joined.Shape[axis]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void StackingMakesANewAxis()
    {
        Tensor a = Tensor.From([1, 2]);
        Tensor b = Tensor.From([3, 4]);
        Assert.Equal([1, 2, 3, 4], Tensor.Stack(0, a, b).ToArray<int>());
        Assert.Equal([1, 3, 2, 4], Tensor.Stack(-1, a, b).ToArray<int>());
        Assert.Throws<ArgumentException>(() => Tensor.Stack(0, a, Tensor.From([1])));
        Assert.Throws<ArgumentException>(() => Tensor.Concat(0, a, Tensor.Zeros((1, 2))));
        Assert.Throws<ArgumentException>(() => Tensor.Concat(0));
    }

    private static (Tensor Tensor, Model Model) Step(Random random, Tensor tensor, Model model)
    {
        int rank = model.Shape.Length;
        switch (random.Next(7))
        {
            case 0:
                int[] order = [.. Enumerable.Range(0, rank).OrderBy(_ => random.Next())];
                return (tensor.Permute(order), model.Gather(
                    [.. order.Select(axis => model.Shape[axis])],
                    index =>
                    {
                        int[] source = new int[rank];
                        for (int axis = 0; axis < rank; axis++)
                        {
                            source[order[axis]] = index[axis];
                        }

                        return source;
                    }));
            case 1 when rank > 0:
                int sliced = random.Next(rank);
                int first = random.Next(model.Shape[sliced] + 1);
                int end = random.Next(first, model.Shape[sliced] + 1);
                int step = random.Next(2) == 0 ? random.Next(1, 4) : -random.Next(1, 4);
                int count = (end - first + Math.Abs(step) - 1) / Math.Abs(step);
                return (tensor.Slice(sliced, first..end, step), model.Gather(
                    [.. model.Shape.Select((length, axis) => axis == sliced ? count : length)],
                    index => [.. index.Select((position, axis) => axis != sliced ? position : step > 0 ? first + (position * step) : end - 1 + (position * step))]));
            case 2 when rank > 0 && model.Shape[0] > 0:
                int row = random.Next(model.Shape[0]);
                return (tensor[row], model.Gather(model.Shape[1..], index => [row, .. index]));
            case 3:
                int place = random.Next(rank + 1);
                return (tensor.Unsqueeze(place), model.Gather(
                    [.. model.Shape[..place], 1, .. model.Shape[place..]], index => [.. index[..place], .. index[(place + 1)..]]));
            case 4 when rank < 5:
                int repeats = random.Next(1, 3);
                return (tensor.BroadcastTo(Shape.Of([repeats, .. model.Shape])), model.Gather([repeats, .. model.Shape], index => index[1..]));
            case 5:
                return (tensor.Flatten(), new Model([model.Numbers.Length], model.Numbers));
            case 6 when model.Numbers.Length > 0 && model.Numbers.Length % 2 == 0:
                return (tensor.Reshape(2, -1), new Model([2, model.Numbers.Length / 2], model.Numbers));
            default:
                return (tensor.T, model.Gather([.. model.Shape.Reverse()], index => [.. index.Reverse()]));
        }
    }

    /// <summary>A tensor as a plain list of numbers, each view of which is a new list.</summary>
    private sealed record Model(int[] Shape, double[] Numbers)
    {
        public Model Gather(int[] shape, Func<int[], int[]> source) => new(shape, [.. Reference.Indices(shape).Select(index =>
        {
            int flat = 0;
            int[] from = source(index);
            for (int axis = 0; axis < from.Length; axis++)
            {
                flat = (flat * Shape[axis]) + from[axis];
            }

            return Numbers[flat];
        })]);
    }
}

using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class TakingTests
{
    private static readonly DType[] types = Enum.GetValues<DType>();

    private static readonly DType[] indexTypes = [DType.Int64, DType.Int32, DType.Int8, DType.UInt8];

    [Fact]
    public void TakenPartsAreNumPys()
    {
        NumPy.Require();
        Samples samples = new(51);
        NumPyComparison comparison = new();
        for (int trial = 0; trial < 300; trial++)
        {
            int[] shape = samples.Shape();
            if (shape.Length == 0)
            {
                continue;
            }

            Tensor a = samples.Tensor(shape, types[trial % types.Length], 0, 100).Tensor;
            int axis = samples.Random.Next(shape.Length);
            int[] picked = shape[axis] == 0 ? [0] : samples.Shape();
            DType type = indexTypes[trial % indexTypes.Length];
            Tensor i = samples.Tensor(picked, type, type == DType.UInt8 ? 0 : -shape[axis], shape[axis] - 1).Tensor;
            comparison.Add($"np.take(a, i, {axis})", () => a.Take(i, axis - shape.Length), ("a", a), ("i", i));
        }

        comparison.Check();
    }

    [Fact]
    public void GatheredAndScatteredElementsArePyTorchs()
    {
        NumPy.RequireTorch();
        Samples samples = new(52);
        NumPyComparison comparison = new();
        DType[] tried = [DType.Float32, DType.Float64, DType.Int64, DType.Int32, DType.Int8, DType.UInt8];
        for (int trial = 0; trial < 400; trial++)
        {
            int[] shape = [.. Enumerable.Range(0, samples.Random.Next(1, 5)).Select(_ => samples.Random.Next(1, 7))];
            int axis = samples.Random.Next(shape.Length);
            int[] lanes = [.. shape.Select((length, other) => other == axis ? samples.Random.Next(8) : samples.Random.Next(3) == 0 ? samples.Random.Next(1, length + 1) : length)];
            int[] larger = [.. lanes.Select(length => length + samples.Random.Next(2))];
            Tensor a = samples.Tensor(shape, tried[trial % tried.Length], 0, 9).Tensor;
            Tensor i = samples.Tensor(lanes, DType.Int64, 0, shape[axis] - 1).Tensor;
            Tensor s = samples.Tensor(larger, a.DType, 0, 9).Tensor;
            (string, Tensor)[] arrays = [("a", a), ("i", i), ("s", s)];
            const string begin = "a, i, s = [torch.from_numpy(x) for x in (a, i, s)]\n";
            comparison.Add($"{begin}a.gather({axis}, i)", () => a.Gather(axis, i), arrays);
            comparison.Add($"{begin}a.scatter_add({axis}, i, s)", () => a.ScatterAdd(axis, i, s), arrays);
            comparison.Add($"{begin}a.scatter({axis}, i, 3)", () => a.Scatter(axis, i, 3), arrays);
            bool includesSelf = samples.Random.Next(2) == 0;
            foreach ((ScatterReduction reduction, string name) in (ReadOnlySpan<(ScatterReduction, string)>)
                [(ScatterReduction.Sum, "sum"), (ScatterReduction.Product, "prod"), (ScatterReduction.Minimum, "amin"), (ScatterReduction.Maximum, "amax"), (ScatterReduction.Mean, "mean")])
            {
                // PyTorch 1.13 gives up on products and means of integers without the element that was there.
                if (includesSelf || a.DType.IsFloatingPoint)
                {
                    comparison.Add(
                        $"{begin}a.scatter_reduce({axis}, i, s, '{name}', include_self={(includesSelf ? "True" : "False")})",
                        () => a.ScatterReduce(axis, i, s, reduction, includesSelf),
                        arrays);
                }
            }

            if (lanes.Where((length, other) => other != axis && length != shape[other]).Any())
            {
                continue;
            }

            comparison.Add($"np.put_along_axis(a, i, s[tuple(slice(n) for n in i.shape)], {axis})\na", () => a.Scatter(axis, i, s), arrays);
        }

        comparison.Check(1e-6);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.UInt8)]
    public void LargeLanesAreSharedOut(DType type)
    {
        NumPy.RequireTorch();
        Samples samples = new(53);
        NumPyComparison comparison = new();
        foreach ((int[] shape, int axis, int count) in (ReadOnlySpan<(int[], int, int)>)[([70_000], 0, 90_000), ([40, 3000], 1, 2000), ([300, 700], 0, 200), ([3, 50, 400], 1, 90)])
        {
            int[] lanes = [.. shape];
            lanes[axis] = count;
            Tensor a = samples.Tensor(shape, type, 0, 9).Tensor;
            Tensor i = samples.Tensor(lanes, DType.Int64, 0, shape[axis] - 1).Tensor;
            Tensor s = samples.Tensor(lanes, type, 0, 9).Tensor;
            const string begin = "a, i, s = [torch.from_numpy(x) for x in (a, i, s)]\n";
            comparison.Add($"{begin}a.gather({axis}, i)", () => a.Gather(axis, i), ("a", a), ("i", i), ("s", s));
            comparison.Add($"{begin}a.scatter_add({axis}, i, s)", () => a.ScatterAdd(axis, i, s), ("a", a), ("i", i), ("s", s));
        }

        comparison.Check(1e-5);
    }

    [Fact]
    public void PartsAreAddedAndReplacedAtIndices()
    {
        NumPy.RequireTorch();
        Samples samples = new(54);
        NumPyComparison comparison = new();
        for (int trial = 0; trial < 200; trial++)
        {
            int[] shape = [.. Enumerable.Range(0, samples.Random.Next(1, 4)).Select(_ => samples.Random.Next(1, 7))];
            int axis = samples.Random.Next(shape.Length);
            Tensor a = samples.Tensor(shape, types[trial % types.Length], 0, 9).Tensor;
            Tensor i = samples.Tensor([samples.Random.Next(9)], DType.Int64, 0, shape[axis] - 1).Tensor;
            int[] parts = [.. shape];
            parts[axis] = i.Shape[0];
            Tensor s = samples.Tensor(parts, a.DType, 0, 9).Tensor;
            string[] all = [.. shape.Select((_, other) => other == axis ? "i" : ":")];
            if (a.DType != DType.BFloat16)
            {
                comparison.Add($"np.add.at(a, np.index_exp[{string.Join(", ", all)}], s)\na", () => a.IndexAdd(axis, i, s), ("a", a), ("i", i), ("s", s));
            }

            comparison.Add($"a[{string.Join(", ", all)}] = s\na", () => a.IndexCopy(axis, i, s), ("a", a), ("i", i), ("s", s));
        }

        comparison.Check(2e-3);
    }

    [Fact]
    public void MasksSelectAndFill()
    {
        NumPy.Require();
        Samples samples = new(55);
        NumPyComparison comparison = new();
        for (int trial = 0; trial < 200; trial++)
        {
            int[] shape = samples.Shape();
            Tensor a = samples.Tensor(shape, types[trial % types.Length], 0, 9).Tensor;
            Tensor m = (samples.Tensor(samples.BroadcastableTo(shape), DType.Int32, 0, 2).Tensor > 0).Realize();
            comparison.Add("a[np.broadcast_to(m, a.shape)]", () => a.MaskedSelect(m), ("a", a), ("m", m));
            comparison.Add("np.where(m, np.array(1, a.dtype), a)", () => a.MaskedFill(m, 1), ("a", a), ("m", m));
            if (shape.Length > 0)
            {
                comparison.Add("np.stack(np.nonzero(a)) if a.ndim else a", () => Tensor.Stack(0, Tensor.Where(a)), ("a", a));
            }
        }

        comparison.Check();
        Assert.Equal([0f, 0, 1, 1, 0, 0], Tensor.From([2, 0]).OneHot(3).ToArray<float>());
        Assert.Equal((2, 1, 4), Tensor.Zeros((2, 1), DType.UInt8).OneHot(4, DType.Bool).Shape);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    public void EmbeddingsAddUpTheirGradientsInSingles(DType type)
    {
        Tensor weights = Tensor.Random(1).Normal((5, 3)).To(type).Clone();
        weights.RequiresGrad = true;
        Tensor indices = Tensor.From([.. Enumerable.Range(0, 4000).Select(index => index % 4)]).Reshape(40, 100);
        Tensor result = Tensor.Embedding(weights, indices, padding: -4);
        Assert.Equal((40, 100, 3), result.Shape);
        Assert.Equal(type, result.DType);
        result.Backward(Tensor.Ones(result.Shape, type));
        Assert.Equal(type, weights.Grad!.DType);

        // 1000 ones one by one would be 256 in bf16.
        Assert.Equal([1000f, 1000, 1000, 0, 0, 0, 1000, 1000, 1000, 1000, 1000, 1000, 0, 0, 0], weights.Grad.To(DType.Float32).ToArray<float>());
        Assert.Equal(weights[2].To(DType.Float64).ToArray<double>(), result[0, 2].To(DType.Float64).ToArray<double>());
    }

    [Fact]
    public void GradientsAreThoseByDifferences()
    {
        Samples samples = new(56);
        Sample x = samples.Tensor([3, 4, 5], DType.Float64, -1, 1);
        Sample vector = samples.Tensor([6], DType.Float64, -1, 1);
        Tensor lanes = Tensor.Random(1).Integers((3, 6, 4), 0, 4).Realize();
        Sample source = samples.Tensor([3, 6, 5], DType.Float64, -1, 1);
        Sample parts = samples.Tensor([3, 3, 5], DType.Float64, -1, 1);
        Tensor rows = Tensor.From([3, 0, 3]);
        GradientCheck.Run(inputs => inputs[0].Take(rows - 4, 1), x);
        GradientCheck.Run(inputs => inputs[0].Gather(1, lanes), x);
        GradientCheck.Run(inputs => inputs[0].Scatter(1, lanes, inputs[1]), x, source);
        GradientCheck.Run(inputs => inputs[0].Scatter(1, lanes, inputs[1][0, 0, 0]), x, source);
        GradientCheck.Run(inputs => inputs[0].ScatterAdd(1, lanes, inputs[1]), x, source);
        GradientCheck.Run(inputs => inputs[0].Scatter(0, Tensor.From([5, 1, 5]), inputs[1][0, 0, ..3]), vector, x);
        foreach (ScatterReduction reduction in Enum.GetValues<ScatterReduction>())
        {
            GradientCheck.Run(inputs => inputs[0].ScatterReduce(1, lanes, inputs[1], reduction), x, source);
            GradientCheck.Run(inputs => inputs[0].ScatterReduce(1, lanes, inputs[1], reduction, includeSelf: false), x, source);
        }

        GradientCheck.Run(inputs => inputs[0].IndexAdd(1, rows, inputs[1]), x, parts);
        GradientCheck.Run(inputs => inputs[0].IndexCopy(1, rows, inputs[1]), x, parts);
        GradientCheck.Run(inputs => inputs[0].IndexCopy(1, rows, inputs[1][0, 0]), x, parts);
        GradientCheck.Run(inputs => inputs[0].MaskedFill(x.Tensor > 0, inputs[1][0, 0, 0]), x, parts);
        GradientCheck.Run(inputs => inputs[0].MaskedSelect(x.Tensor > 0), x);
        GradientCheck.Run(inputs => Tensor.Embedding(inputs[0][0], rows.Reshape(3, 1)), x);
    }

    [Fact]
    public void ProductsWithZerosHaveExactGradients()
    {
        Tensor x = Tensor.From([2.0, 0, 0, 5]);
        Tensor source = Tensor.From([0.0, 3, 4, 0]);
        x.RequiresGrad = true;
        source.RequiresGrad = true;
        Tensor[] gradients = Tensor.GradientsOf(
            x.ScatterReduce(0, Tensor.From([0, 1, 1, 2]), source, ScatterReduction.Product).Sum(), x, source);
        Assert.Equal([0.0, 12, 0, 1], gradients[0].ToArray<double>());
        Assert.Equal([2.0, 0, 0, 0], gradients[1].ToArray<double>());
    }

    [Fact]
    public void ErrorsSayWhatWouldWork()
    {
        Tensor x = Tensor.Arange(12).Reshape(3, 4);
        Check("gather: index 4 is out of range for axis 1 of shape [3, 4], which has 4 elements", () => x.Gather(1, Tensor.From([0, 4, 1]).Reshape(3, 1)));
        Check("gather: indices of shape [4, 1] for shape [3, 4] along axis 1: they need 2 axes, and along the others at most as many elements", () => x.Gather(1, Tensor.Zeros((4, 1), DType.Int64)));
        Check("gather: indices must be integers, found f32; use .To(DType.Int64)", () => x.Gather(1, x));
        Check("scatterAdd: a source of shape [2, 4] for indices of shape [3, 4]: it needs an element for each index", () => x.ScatterAdd(1, Tensor.Zeros((3, 4), DType.Int32), Tensor.Ones((2, 4))));
        Check("indexAdd: indices of shape [1, 1]; they need to be a vector (for an index of each element see Scatter)", () => x.IndexAdd(0, Tensor.Zeros((1, 1), DType.Int64), x));
        Check("embedding: index 3 is out of range for axis 0 of shape [3, 4], which has 3 elements", () => Tensor.Embedding(x, Tensor.From([3])));
        Check("embedding: weights of shape [4]; they need to be a matrix of one row for each index", () => Tensor.Embedding(x[0], Tensor.From([3])));
        Check("maskedFill: the mask needs to be a bool tensor, found f32; compare first, as in x > 0", () => x.MaskedFill(x, 1));
        Check("maskedFill: a mask of shape [2, 3, 4] and a value of shape [] do not broadcast to [3, 4]", () => x.MaskedFill(Tensor.Full(Shape.Of(2, 3, 4), true), 1));
        Check("oneHot: index 3 is out of range for axis 0 of shape [3], which has 3 elements", () => Tensor.From([1, 3]).OneHot(3));
        Check("oneHot: index -1 is out of range for axis 0 of shape [3], which has 3 elements", () => Tensor.From([1, -1]).OneHot(3));
        Check("take: axis 2 is out of range for shape [3, 4]; use -2 to 1", () => x.Take([0], 2));

        static void Check(string message, Func<object> function) =>
            Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(() => _ = function()).Message);
    }
}

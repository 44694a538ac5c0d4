using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class RearrangingTests
{
    private static readonly DType[] types = Enum.GetValues<DType>();

    [Fact]
    public void RearrangedElementsAreNumPys()
    {
        NumPy.Require();
        Samples samples = new(31);
        NumPyComparison comparison = new();
        for (int trial = 0; trial < 260; trial++)
        {
            (int[] shape, DType type) = (samples.Shape(), types[trial % types.Length]);
            Tensor a = samples.Tensor(shape, type, 0, 100).Tensor;
            foreach ((string code, Func<Tensor> function) in Rearrangings(samples.Random, a).Concat(PlaneRearrangings(samples.Random, a)))
            {
                comparison.Add(code, function, ("a", a));
            }
        }

        comparison.Check();
    }

    [Fact]
    public void PaddedElementsAreNumPys()
    {
        NumPy.Require();
        Samples samples = new(32);
        NumPyComparison comparison = new();
        (PadMode Mode, string Name)[] modes =
        [
            (PadMode.Constant, "constant"), (PadMode.Reflect, "reflect"), (PadMode.Replicate, "edge"), (PadMode.Circular, "wrap"), (PadMode.Symmetric, "symmetric"),
        ];
        for (int trial = 0; trial < 400; trial++)
        {
            (PadMode mode, string name) = modes[trial % modes.Length];
            int[] shape = samples.Shape(mode == PadMode.Constant);
            Tensor a = samples.Tensor(shape, types[trial % types.Length], 0, 100).Tensor;
            if (shape.Length == 0)
            {
                continue;
            }

            // NumPy repeated what is wrapped wrongly beyond one length until 1.25.
            (int, int)[] widths = [.. shape.Select(length => (Width(length), Width(length)))];
            int value = samples.Random.Next(2) == 0 ? 0 : samples.Random.Next(100);
            string constant = mode == PadMode.Constant ? $", constant_values={value}" : "";
            comparison.Add(
                $"np.pad(a, [{string.Join(", ", widths)}], '{name}'{constant})", () => a.Pad(widths, mode, value), ("a", a));

            int Width(int length) => samples.Random.Next(mode == PadMode.Circular ? length + 1 : 9);
        }

        comparison.Check();
    }

    [Fact]
    public void LargeTensorsAreRearrangedByAllThreads()
    {
        NumPy.Require();
        Samples samples = new(33);
        NumPyComparison comparison = new();
        foreach (DType type in (DType[])[DType.UInt8, DType.Float16, DType.Float32, DType.Int64])
        {
            Tensor a = samples.Tensor([3, 131, 517], type, 0, 100).Tensor;
            comparison.Add("np.pad(a, [(0, 0), (3, 70), (5, 1)], 'reflect')", () => a.Pad([(0, 0), (3, 70), (5, 1)], PadMode.Reflect), ("a", a));
            comparison.Add("np.pad(a, [(1, 0), (3, 70), (0, 0)], 'symmetric')", () => a.Pad([(1, 0), (3, 70), (0, 0)], PadMode.Symmetric), ("a", a));
            comparison.Add("np.roll(a, (2, -99), (1, 2))", () => a.Roll([2, -99], [1, 2]), ("a", a));
            comparison.Add("np.roll(a, 12345)", () => a.Roll(12345), ("a", a));
            comparison.Add("np.tile(a, (2, 1, 3))", () => a.Tile(2, 1, 3), ("a", a));
            comparison.Add("np.repeat(a, 3, 2)", () => a.Repeat(3, 2), ("a", a));
            comparison.Add("a[:, ::-1, ::-1].copy()", () => a.Flip((1, 2)).Contiguous(), ("a", a));
            comparison.Add("a[:, :, ::-3].copy()", () => a[.., .., TensorIndex.Every(-3)].Contiguous(), ("a", a));
            comparison.Add("a.T.copy()", () => a.T.Contiguous(), ("a", a));
            comparison.Add("np.concatenate([a[:, :, :5], a.transpose(0, 2, 1)[:, :131, :7]], 2)", () => Tensor.Concat(2, a[.., .., ..5], a.Transpose()[.., ..131, ..7]), ("a", a));
        }

        Tensor b = samples.Tensor([40, 60, 3], DType.UInt8, 0, 255).Tensor;
        Tensor c = samples.Tensor([9, 300, 300], DType.UInt8, 0, 255).Tensor;
        comparison.Add("b.transpose(2, 0, 1).copy()", () => b.Permute(2, 0, 1).Contiguous(), ("b", b));
        comparison.Add("b.transpose(2, 1, 0)[::-1].copy()", () => b.T.Flip(0).Contiguous(), ("b", b));
        comparison.Add("c.transpose(1, 2, 0).copy()", () => c.Permute(1, 2, 0).Contiguous(), ("c", c));
        comparison.Add("c.transpose(0, 2, 1)[:, ::-1].copy()", () => c.Transpose().Flip(1).Contiguous(), ("c", c));
        comparison.Check();
    }

    [Fact]
    public void CopiesBetweenAnyLayoutsAreNumPys()
    {
        NumPy.Require();
        Samples samples = new(35);
        Random random = samples.Random;
        NumPyComparison comparison = new();
        for (int trial = 0; trial < 48; trial++)
        {
            int rank = random.Next(2, 5);
            int[] shape = [.. Enumerable.Range(0, rank).Select(_ => random.Next(4) == 0 ? random.Next(1, 5) : random.Next(5, rank == 2 ? 200 : 40))];
            int[] order = [.. Enumerable.Range(0, rank).OrderBy(_ => random.Next())];
            int[] steps = [.. order.Select(_ => random.Next(6) switch { 0 => -1, 1 => 2, 2 => -3, _ => 1 })];
            Tensor a = samples.Tensor(shape, types[trial % types.Length], 0, 100).Tensor.Contiguous().Realize();
            comparison.Add(
                $"a.transpose({string.Join(", ", order)})[{string.Join(", ", steps.Select(step => $"::{step}"))}].copy()",
                () =>
                {
                    Tensor view = a.Permute(order)[[.. steps.Select(step => TensorIndex.Every(step))]];
                    Tensor copy = view.Contiguous();
                    Tensor target = Tensor.Zeros(copy.Shape, copy.DType).Flip().T.Contiguous().T.Clone();
                    Assert.Equal(copy.To(DType.Float64).ToArray<double>(), target.Flip().CopyFrom(view).To(DType.Float64).ToArray<double>());
                    return copy;
                },
                ("a", a));
        }

        comparison.Check();
    }

    [Fact]
    public void ManySmallTensorsAreJoined()
    {
        Tensor[] parts = [.. Enumerable.Range(0, 900).Select(index => Tensor.Full(Shape.Of(41, 3), index, DType.Int32))];
        Tensor joined = Tensor.Stack(1, parts);
        Assert.Equal((41, 900, 3), joined.Shape);
        Assert.Equal([.. Enumerable.Range(0, 900)], joined[40, .., 2].ToArray<int>());
        Assert.Equal((2, 3), Tensor.VStack(Tensor.Arange(3), Tensor.Ones(3)).Shape);
        Assert.Equal([0f, 1, 1, 1], Tensor.HStack(Tensor.Arange(2), Tensor.Ones(2)).ToArray<float>());
        Assert.Equal((2, 5), Tensor.HStack(Tensor.Ones((2, 3)), Tensor.Ones((2, 2))).Shape);
    }

    [Fact]
    public void WhatCanBeAViewIsOne()
    {
        Tensor x = Tensor.Arange(24, DType.Int32).Reshape(4, 6);
        Assert.All(
            (Tensor[])
            [
                .. x.Split(3, 1), .. x.Split([1, 3], 0), .. x.Chunk(4, 1), x.Flip(), x.Rot90(), x.MoveAxis(0, 1), x.Diagonal(), x.SlidingWindow(3),
                .. Tensor.Meshgrid([x[0], x[1]]), .. Tensor.Broadcast(x, x[0]),
            ],
            view => Assert.True(view.IsView));
        x.Diagonal(1)[..2] = -1;
        Assert.Equal([0, -1, 2, 3, 4, 5, 6, 7, -1], x.Flatten()[..9].ToArray<int>());
        Assert.True(x.Pad(1).IsPending && x.Roll(1, 0).IsPending && x.Tile(2).IsPending && x.Triu().IsPending);
    }

    [Fact]
    public void ErrorsSayWhatWouldWork()
    {
        Tensor x = Tensor.Arange(6).Reshape(2, 3);
        Check("split: axis 1 of shape [2, 3] does not divide into 2 equal parts; use Chunk, or give the lengths of the parts", () => x.Split(2, 1));
        Check("split: parts of lengths [1, 1] of axis 1 of shape [2, 3]; they need to add up to 3", () => x.Split([1, 1], 1));
        Check("chunk: 0 parts asked for", () => x.Chunk(0));
        Check("pad: 3 pairs of widths for shape [2, 3], which has 2 axes; give one for each, or one for all", () => x.Pad([(1, 1), (1, 1), (0, 0)]));
        Check("pad: widths -1 and 0 of axis 1; they cannot be negative (to take elements away, index by a range)", () => x.Pad([(0, 0), (-1, 0)]));
        Check("pad: axis 0 of shape [0] has no elements to repeat; only PadMode.Constant can pad it", () => Tensor.Zeros(0).Pad(1, PadMode.Reflect));
        Check("roll: 2 shifts for 1 axes; give one for each, or one for all", () => x.Roll([1, 2], [0]));
        Check("slidingWindow: windows of 4 by steps of 1 along axis 1 of shape [2, 3]; use 1 to 3, and a positive step", () => x.SlidingWindow(4));
        Check("diagonal: both axes are 1; name two", () => x.Diagonal(0, 1, -1));
        Check("rot90: both axes are 1; name two", () => x.Rot90(1, 1, -1));
        Check("moveAxis: axes [0, 0] to [0, 1]: name each once", () => x.MoveAxis([0, 0], [0, 1]));
        Check("tile: repeats [-1]; they cannot be negative", () => x.Tile(-1));
        Check("repeat: a count is -1; none can be negative", () => x.Repeat(Tensor.From([1, -1]), 0));
        Check("repeat: counts of shape [3] and type i32 for axis 0 of shape [2, 3]; they need to be 2 integers, or one", () => x.Repeat(Tensor.From([1, 1, 1]), 0));
        Check("tril: shape [3] has 1 axes; it takes matrices, along the last two", () => x[0].Tril());
        Check("meshgrid: tensor 1 of 1 has shape [2, 3]; all need to be vectors", () => Tensor.Meshgrid([x]));
        Check("copyFrom: a view whose elements overlap, as sliding windows do, cannot be written to; Clone() it first", () => x.SlidingWindow(2).Fill(1));

        static void Check(string message, Func<object> function) =>
            Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(() => _ = function()).Message);
    }

    [Fact]
    public void GradientsOfRearrangementsAreThoseByDifferences()
    {
        Samples samples = new(34);
        Sample x = samples.Tensor([3, 4, 5], DType.Float64, -1, 1);
        Sample vector = samples.Tensor([6], DType.Float64, -1, 1);
        foreach (PadMode mode in Enum.GetValues<PadMode>())
        {
            GradientCheck.Run(inputs => inputs[0].Pad([(1, 0), (0, 0), (2, 3)], mode, 0.5), x);
        }

        GradientCheck.Run(inputs => inputs[0].Roll([1, -2], [0, 2]), x);
        GradientCheck.Run(inputs => inputs[0].Roll(7), x);
        GradientCheck.Run(inputs => inputs[0].Tile(2, 1, 2), x);
        GradientCheck.Run(inputs => inputs[0].Repeat(2, 1), x);
        GradientCheck.Run(inputs => inputs[0].Repeat(Tensor.From([2, 0, 1]), 0), x);
        GradientCheck.Run(inputs => Tensor.Concat(1, inputs[0].Split([1, 0, 3], 1)[2], inputs[0].Chunk(3, 1)[0]), x);
        GradientCheck.Run(inputs => inputs[0].Flip((0, 2)).Rot90(1, 1, 2), x);
        GradientCheck.Run(inputs => inputs[0].MoveAxis(0, 2).Tril(-1), x);
        GradientCheck.Run(inputs => inputs[0].Diagonal(1, 2, 0), x);
        GradientCheck.Run(inputs => inputs[0].Diag(-2), vector);
        GradientCheck.Run(inputs => inputs[0].Reshape(2, 3).Diag(1), vector);
        GradientCheck.Run(inputs => inputs[0].SlidingWindow(3, 1, 2), x);
        GradientCheck.Run(inputs => inputs[0].SlidingWindow(2, 2, 1), x);
        GradientCheck.Run(inputs => inputs[0].SlidingWindow(2, 1, 0).Exp(), x);
        GradientCheck.Run(inputs => { Tensor[] grid = Tensor.Meshgrid([inputs[0], inputs[0][..4]]); return grid[0] * grid[1]; }, vector);
    }

    private static IEnumerable<(string Code, Func<Tensor> Function)> Rearrangings(Random random, Tensor a)
    {
        int[] repeats = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(3))];
        yield return ($"np.tile(a, ({string.Join(", ", repeats)},))", () => a.Tile(repeats));
        int shift = random.Next(-9, 10);
        yield return ($"np.roll(a, {shift})", () => a.Roll(shift));
        int count = random.Next(3);
        yield return ($"np.repeat(a, {count})", () => a.Repeat(count));
        yield return ("np.flip(a)", () => a.Flip());
        if (a.Rank == 0)
        {
            yield break;
        }

        int axis = random.Next(a.Rank);
        int other = random.Next(a.Rank);
        yield return ($"np.roll(a, ({shift}, 3), ({axis}, {other}))", () => a.Roll([shift, 3], [axis, other]));
        yield return ($"np.repeat(a, {count}, {axis})", () => a.Repeat(count, axis));
        int[] counts = [.. Enumerable.Range(0, a.Shape[axis]).Select(_ => random.Next(3))];
        yield return ($"np.repeat(a, np.array([{string.Join(", ", counts)}], int), {axis})", () => a.Repeat(Tensor.From(counts), axis - a.Rank));
        yield return ($"np.flip(a, {axis})", () => a.Flip(axis));
        yield return ($"np.moveaxis(a, {axis}, {other})", () => a.MoveAxis(axis, other - a.Rank));
        int parts = random.Next(1, 5);
        yield return ($"np.array_split(a, {parts}, {axis})[0]", () => a.Shape[axis] < parts * 3 ? a.Split([(a.Shape[axis] + parts - 1) / parts, a.Shape[axis] - ((a.Shape[axis] + parts - 1) / parts)], axis)[0] : a.Slice(axis, ..((a.Shape[axis] + parts - 1) / parts)));
        if (a.Shape[axis] > 0)
        {
            int length = random.Next(1, a.Shape[axis] + 1);
            int step = random.Next(1, 4);
            string every = string.Concat(Enumerable.Repeat(":, ", axis)) + $"::{step}";
            yield return ($"np.lib.stride_tricks.sliding_window_view(a, {length}, {axis})[{every}]", () => a.SlidingWindow(length, step, axis));
        }
    }

    private static IEnumerable<(string Code, Func<Tensor> Function)> PlaneRearrangings(Random random, Tensor a)
    {
        int offset = random.Next(-4, 5);
        if (a.Rank == 1)
        {
            yield return ($"np.diag(a, {offset})", () => a.Diag(offset));
            yield return ("np.meshgrid(a, a[:2])[0]", () => Tensor.Meshgrid([a, a[..Math.Min(2, a.Shape[0])]])[0]);
            yield return ("np.meshgrid(a, a[:2], a, indexing='ij')[1]", () => Tensor.Meshgrid([a, a[..Math.Min(2, a.Shape[0])], a], isCartesian: false)[1]);
        }

        if (a.Rank < 2)
        {
            yield break;
        }

        int first = random.Next(a.Rank);
        int second = (first + random.Next(1, a.Rank)) % a.Rank;
        int turns = random.Next(-5, 6);
        yield return ($"np.tril(a, {offset})", () => a.Tril(offset));
        yield return ($"np.triu(a, {offset})", () => a.Triu(offset));
        yield return ($"np.rot90(a, {turns}, ({first}, {second}))", () => a.Rot90(turns, first, second - a.Rank));
        yield return ($"np.flip(a, ({first}, {second}))", () => a.Flip((first, second)));
        yield return ($"np.diagonal(a, {offset}, {first}, {second})", () => a.Diagonal(offset, first, second));
        if (a.Count < 100)
        {
            yield return ($"np.diagflat(a, {offset})", () => a.Diagflat(offset));
        }
    }
}

using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class IndexingTests
{
    private static readonly DType[] types = Enum.GetValues<DType>();

    private static readonly DType[] indexTypes = [DType.Int64, DType.Int32, DType.Int8, DType.UInt8];

    [Fact]
    public void WhatTensorsNumbersRangesAndMasksPickIsNumPys()
    {
        NumPy.Require();
        Samples samples = new(41);
        NumPyComparison comparison = new();
        for (int trial = 0; trial < 500; trial++)
        {
            Tensor a = samples.Tensor(Shape(samples), types[trial % types.Length], 0, 100).Tensor;
            IndexCase picked = IndexCase.Random(samples, a.Shape.ToArray());
            comparison.Add($"a[{picked.Code}]", () => a[picked.Entries], [("a", a), .. picked.Arrays]);
        }

        comparison.Check();
    }

    [Fact]
    public void WhatIsWrittenByIndicesIsNumPys()
    {
        NumPy.Require();
        Samples samples = new(42);
        NumPyComparison comparison = new();
        for (int trial = 0; trial < 500; trial++)
        {
            Tensor a = samples.Tensor(Shape(samples), types[trial % types.Length], 0, 100).Tensor;
            IndexCase picked = IndexCase.Random(samples, a.Shape.ToArray());
            Tensor? part = Try(() => a[picked.Entries]);
            int[] shape = part is null ? [] : samples.BroadcastableTo(part.Shape.ToArray());
            Tensor values = samples.Tensor(shape, samples.Random.Next(2) == 0 ? a.DType : DType.UInt8, 0, 100).Tensor;
            bool isAdded = trial % 3 == 0 && a.DType != DType.Bool && a.DType != DType.BFloat16;
            Tensor? repeated = isAdded && a.DType == DType.Float16 ? null : a;
            if (repeated is null)
            {
                // NumPy rounds f16 after each addition, we after all.
                continue;
            }

            string code = isAdded
                ? $"np.add.at(a, np.index_exp[{picked.Code}], v.astype(a.dtype))\na"
                : $"a[{picked.Code}] = v.astype(a.dtype)\na";
            comparison.Add(
                code,
                () =>
                {
                    Tensor written = View(a);
                    if (isAdded)
                    {
                        written.AddAt(values, picked.Entries);
                    }
                    else
                    {
                        written[picked.Entries] = values;
                    }

                    return written;
                },
                [("a", a), ("v", values), .. picked.Arrays]);
        }

        comparison.Check(1e-5);
    }

    [Fact]
    public void LargeIndexedPartsAreNumPys()
    {
        NumPy.Require();
        Samples samples = new(43);
        NumPyComparison comparison = new();
        Tensor i = Tensor.Random(1).Integers(2000, -60, 60).Realize();
        Tensor j = Tensor.Random(2).Integers((300, 1), 0, 20).To(DType.Int32).Realize();
        Tensor k = Tensor.Random(3).Integers(70, 0, 60).Realize();
        Tensor m = (samples.Tensor([60, 70], DType.Int32, 0, 3).Tensor > 1).Realize();
        Tensor w = (samples.Tensor([60, 70, 20], DType.Int32, 0, 3).Tensor > 1).Realize();
        foreach (DType type in (DType[])[DType.UInt8, DType.BFloat16, DType.Int32])
        {
            Tensor a = samples.Tensor([60, 70, 20], type, 0, 100).Tensor;
            comparison.Add("a[i]", () => a[i], ("a", a), ("i", i));
            comparison.Add("a.T[:, :, i]", () => a.T[.., .., i], ("a", a), ("i", i));
            comparison.Add("a[k, :, j]", () => a[k, .., j], ("a", a), ("j", j), ("k", k));
            comparison.Add("a[m]", () => a[m], ("a", a), ("m", m));
            comparison.Add("a[w]", () => a[w], ("a", a), ("w", w));
            comparison.Add("np.stack(np.nonzero(w))", () => Tensor.Stack(0, w.NonZero()), ("w", w));
            comparison.Add("a[w] = a[w][::-1].copy()\na", () => Written(a, copy => copy[w] = copy[w].Flip()), ("a", a), ("w", w));
            comparison.Add("a[i] = a[i[::-1]]\na", () => Written(a, copy => copy[i] = copy[i.Flip()]), ("a", a), ("i", i));
            comparison.Add("a[:, m[0]] = 7\na", () => Written(a, copy => copy[.., m[0]] = 7), ("a", a), ("m", m));
        }

        comparison.Check();
    }

    [Fact]
    public void PendingReadersKeepWhatTheyWereMadeOf()
    {
        Tensor x = Tensor.From([1f, 2, 3, 4]);
        Tensor indices = Tensor.From([3L, 0]);
        Tensor taken = x[indices];
        Tensor doubled = x * 2;
        indices[0] = 1;
        x[Tensor.From([0, 3])] = 9;
        Assert.Equal([4f, 1], taken.ToArray<float>());
        Assert.Equal([2f, 4, 6, 8], doubled.ToArray<float>());
        Assert.Equal([9f, 2, 3, 9], x.ToArray<float>());
        Assert.Equal(1, x.Version);
        x[x > 5] = x[x > 5] + Tensor.From([1f, 2]);
        Assert.Equal([10f, 2, 3, 11], x.ToArray<float>());
        x[new[] { 1, 2 }] += 1;
        Assert.Equal([10f, 3, 4, 11], x.ToArray<float>());
        Assert.Equal([3f], x[Tensor.From([1])].ToArray<float>());
    }

    [Fact]
    public void WritesByTensorsAreSeenByGradients()
    {
        Tensor x = Tensor.Ones(3);
        x.RequiresGrad = true;
        Assert.StartsWith("index: this tensor requires a gradient", Assert.Throws<InvalidOperationException>(() => x[new[] { 0 }] = 1).Message, StringComparison.Ordinal);
        Tensor scale = Tensor.Ones(3).Clone();
        Tensor product = (x * scale).Sum();
        scale[new[] { 1 }] = 5;
        Assert.Contains("was written in place", Assert.Throws<InvalidOperationException>(() => product.Backward()).Message, StringComparison.Ordinal);
        Assert.StartsWith("index: the source requires a gradient", Assert.Throws<InvalidOperationException>(() => scale[new[] { 1 }] = x[..1]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ErrorsNameIndexAxisAndShape()
    {
        Tensor x = Tensor.Arange(12).Reshape(3, 4);
        Check("index: index 4 is out of range for axis 1 of shape [3, 4], which has 4 elements", () => x[.., Tensor.From([1, 4])]);
        Check("index: index -4 is out of range for axis 0 of shape [3, 4], which has 3 elements", () => x[Tensor.From([0, -4])]);
        Check("take: index 3 is out of range for axis 0 of shape [3, 4], which has 3 elements", () => x.Take([0, 3]));
        Check("index: indices must be integers, found f32; use .To(DType.Int64)", () => x[Tensor.Ones(2)]);
        Check("index: [2] with [3] do not broadcast: aligned from the right, lengths must be equal or 1", () => x[Tensor.From([0, 1]), Tensor.From([0, 1, 2])]);
        Check("index: a bool tensor of shape [4] for axes 0 to 0 of shape [3, 4]: axis 0 has 3 elements, not 4", () => x[x[0] > 1]);
        Check("index: 3 indices for shape [3, 4], which has 2 axes", () => x[x > 1, 0]);
        Check("index: [3] with [2, 4] do not broadcast: aligned from the right, lengths must be equal or 1", () => x.Clone()[Tensor.From([0, 1])] = Tensor.Ones(3));
        Check("index: a view that repeats its elements cannot be written to; Clone() it first", () => x.SlidingWindow(2)[Tensor.From([0])] = 1);

        static void Check(string message, Func<object> function) =>
            Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(() => _ = function()).Message);
    }

    [Fact]
    public void GradientsOfPicksAreThoseByDifferences()
    {
        Samples samples = new(44);
        Sample x = samples.Tensor([3, 4, 5], DType.Float64, -1, 1);
        Tensor i = Tensor.From([2, 0, 2]);
        Tensor j = Tensor.From([1, 1, 3]).Reshape(1, 3);
        Tensor mask = Tensor.From([true, false, true, true]);
        GradientCheck.Run(inputs => inputs[0][i], x);
        GradientCheck.Run(inputs => inputs[0].T[.., 1.., i] * inputs[0][0, 0, 0], x);
        GradientCheck.Run(inputs => inputs[0][i, j], x);
        GradientCheck.Run(inputs => inputs[0][i, .., j], x);
        GradientCheck.Run(inputs => inputs[0][1, .., i], x);
        GradientCheck.Run(inputs => inputs[0][.., mask, 1..4], x);
        GradientCheck.Run(inputs => inputs[0][inputs[0].Detach() > 0.1], x);
        GradientCheck.Run(inputs => inputs[0].Permute(2, 0, 1)[(inputs[0].Permute(2, 0, 1).Detach() > 0)[.., .., 0]], x);
    }

    private static int[] Shape(Samples samples) =>
        [.. Enumerable.Range(0, samples.Random.Next(5)).Select(_ => samples.Random.Next(12) == 0 ? 0 : samples.Random.Next(1, 6))];

    private static Tensor? Try(Func<Tensor> function)
    {
        try
        {
            return function();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>A copy that lies as a view of something larger, with its axes in another order.</summary>
    private static Tensor View(Tensor tensor)
    {
        Tensor larger = Tensor.Zeros(Tensors.Shape.Of([.. tensor.T.Shape.Select(length => length + 1)]), tensor.DType).Clone();
        Tensor view = larger[[.. tensor.T.Shape.Select(length => TensorIndex.Every(-1, 1..(length + 1)))]].T;
        return view.CopyFrom(tensor);
    }

    private static Tensor Written(Tensor tensor, Action<Tensor> write)
    {
        Tensor copy = tensor.Clone();
        write(copy);
        return copy;
    }

    /// <summary>Entries of an index, ours and NumPy's.</summary>
    /// <param name="Entries">Ours.</param>
    /// <param name="Code">NumPy's.</param>
    /// <param name="Arrays">The arrays that the code names.</param>
    private sealed record IndexCase(TensorIndex[] Entries, string Code, (string Name, Tensor Tensor)[] Arrays)
    {
        public static IndexCase Random(Samples samples, int[] shape)
        {
            Random random = samples.Random;
            List<TensorIndex> entries = [];
            List<string> codes = [];
            List<(string, Tensor)> arrays = [];
            int[] together = random.Next(3) switch { 0 => [], 1 => [random.Next(1, 4)], _ => [random.Next(1, 3), random.Next(1, 4)] };
            int end = random.Next(shape.Length + 1);
            bool hasEllipsis = false;
            bool hasTensor = false;
            int axis = 0;
            while (axis < end || (axis == end && random.Next(4) == 0))
            {
                int kind = random.Next(9);
                if (kind == 0)
                {
                    Add(TensorIndex.NewAxis, "None");
                }
                else if (kind == 1 && !hasEllipsis)
                {
                    hasEllipsis = true;
                    Add(TensorIndex.Ellipsis, "...");
                    axis = Math.Max(axis, shape.Length - (end - axis));
                    end = shape.Length;
                }
                else if (axis >= end)
                {
                    break;
                }
                else if (kind == 2 && shape[axis] > 0)
                {
                    int index = random.Next(-shape[axis], shape[axis]);
                    Add(index, $"{index}");
                    axis++;
                }
                else if (kind is 3 or 4)
                {
                    int first = random.Next(shape[axis] + 1);
                    int last = random.Next(first, shape[axis] + 1);
                    int step = random.Next(1, 3);
                    Add(TensorIndex.Every(step, first..last), $"{first}:{last}:{step}");
                    axis++;
                }
                else if (kind == 5 && !hasTensor)
                {
                    int rank = Math.Min(random.Next(1, 3), end - axis);
                    Tensor mask = (samples.Tensor(shape[axis..(axis + rank)], DType.Int32, 0, 3).Tensor > 1).Realize();
                    hasTensor = true;
                    AddTensor(mask);
                    axis += rank;
                }
                else if (shape[axis] > 0 || together.Contains(0))
                {
                    DType type = indexTypes[random.Next(indexTypes.Length)];
                    int[] own = hasTensor && together.Length == 0 ? [] : samples.BroadcastableTo(together);
                    hasTensor = true;
                    AddTensor(samples.Tensor(own, type, type == DType.UInt8 ? 0 : -shape[axis], shape[axis] - 1).Tensor.Realize());
                    axis++;
                }
                else
                {
                    Add(.., ":");
                    axis++;
                }
            }

            return codes.Count == 0 ? new IndexCase([TensorIndex.Ellipsis], "...", []) : new IndexCase([.. entries], string.Join(", ", codes), [.. arrays]);

            void Add(TensorIndex entry, string code)
            {
                entries.Add(entry);
                codes.Add(code);
            }

            void AddTensor(Tensor tensor)
            {
                arrays.Add(($"i{arrays.Count}", tensor));
                Add(tensor, $"i{arrays.Count - 1}");
            }
        }
    }
}

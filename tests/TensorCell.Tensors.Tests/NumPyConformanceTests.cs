using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>
/// NumPy's own answers to the same inputs, over all pairs of element types, shapes that broadcast, views, and special values. Where ours differ
/// by design, that is said in <see cref="Documented"/>; the same list is in the documentation of <see cref="Promotion"/>.
/// </summary>
public sealed class NumPyConformanceTests
{
    // NumPy has no bf16: NarrowTypeTests compares that with a reference.
    private static readonly DType[] types =
        [DType.Bool, DType.UInt8, DType.Int8, DType.Int32, DType.Int64, DType.Float16, DType.Float32, DType.Float64];

    // One process answers all.
    private static readonly Lazy<Dictionary<(string Test, DType Type), Conformance>> all = new(() =>
    {
        (string, Func<DType, Conformance>)[] makers =
        [
            (nameof(OperationsOnTwoTensors), OperationsOnTwoTensorsOf),
            (nameof(OperationsOnOneTensor), OperationsOnOneTensorOf),
            (nameof(Reductions), ReductionsOf),
            (nameof(Products), ProductsOf),
        ];
        Dictionary<(string, DType), Conformance> made = [];
        foreach ((string name, Func<DType, Conformance> make) in makers)
        {
            foreach (DType type in types)
            {
                made.Add((name, type), make(type));
            }
        }

        Conformance.Ask(made.Values);
        return made;
    });

    public static TheoryData<DType> Types => [.. types];

    private static void Check(string test, DType type)
    {
        NumPy.Require();
        all.Value[(test, type)].Check();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void OperationsOnTwoTensors(DType left) => Check(nameof(OperationsOnTwoTensors), left);

    private static Conformance OperationsOnTwoTensorsOf(DType left)
    {
        Conformance conformance = new();
        Samples samples = new(40 + (int)left);
        foreach (DType right in types)
        {
            foreach ((string code, Func<Tensor, Tensor, Tensor> function) in NumPyFunctions.OfTwo)
            {
                for (int trial = 0; trial < 2; trial++)
                {
                    int[] shape = samples.Shape();
                    bool isSpecial = trial == 1;
                    Tensor a = Sample(samples, samples.BroadcastableTo(shape), left, isSpecial, false);
                    Tensor b = Sample(samples, samples.BroadcastableTo(shape), right, isSpecial && !code.Contains("power"), IsDivision(code));
                    if (Documented.Of(code, left, right) is not { } expected)
                    {
                        continue;
                    }

                    conformance.Add(code, expected, () => function(a, b), ("a", a), ("b", b));
                }
            }
        }

        return conformance;
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void OperationsOnOneTensor(DType type) => Check(nameof(OperationsOnOneTensor), type);

    private static Conformance OperationsOnOneTensorOf(DType type)
    {
        Conformance conformance = new();
        Samples samples = new(60 + (int)type);
        foreach ((string code, Func<Tensor, Tensor> function) in NumPyFunctions.OfOne)
        {
            for (int trial = 0; trial < 4; trial++)
            {
                Tensor a = Sample(samples, samples.Shape(), type, trial % 2 == 1, false);
                if (Documented.Of(code, type, type) is { } expected)
                {
                    conformance.Add(code, expected, () => function(a), ("a", a));
                }
            }
        }

        foreach (DType to in types)
        {
            Tensor any = Sample(samples, samples.Shape(), type, false, false);
            Tensor a = to == DType.UInt8 && type.IsFloatingPoint ? any.Abs().Realize() : any;
            string name = to == DType.Bool ? "bool_" : to.ToString().ToLowerInvariant();
            conformance.Add($"a.astype(np.{name})", to, () => a.To(to), ("a", a));
        }

        return conformance;
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Reductions(DType type) => Check(nameof(Reductions), type);

    private static Conformance ReductionsOf(DType type)
    {
        Conformance conformance = new();
        Samples samples = new(80 + (int)type);
        foreach ((string code, Func<Tensor, Axes, bool, Tensor> function) in NumPyFunctions.Reductions)
        {
            for (int trial = 0; trial < 8; trial++)
            {
                int[] shape = samples.Shape(canBeEmpty: code is not ("max" or "min" or "ptp"));
                Tensor a = Sample(samples, shape, type, trial % 4 == 3, false);
                int[] axes = [.. Enumerable.Range(-shape.Length, shape.Length).Where(_ => samples.Random.Next(2) == 0)];
                bool keepDims = samples.Random.Next(2) == 0;
                if (Documented.Of($"a.{code}()", type, type) is { } expected)
                {
                    string named = axes.Length == 0 ? "None" : $"({string.Join(", ", axes)},)";
                    string call = code == "ptp" ? $"a.max({named}, keepdims={Python(keepDims)}) - a.min({named}, keepdims={Python(keepDims)})"
                        : $"a.{code}({named}, keepdims={Python(keepDims)})";
                    conformance.Add(call, expected, () => function(a, axes, keepDims), ("a", a));
                }
            }
        }

        foreach (int axis in (int[])[-1, 0])
        {
            Tensor a = Sample(samples, [3, 5], type, axis == 0, false);
            conformance.Add($"a.argmax({axis})", DType.Int64, () => a.ArgMax(axis), ("a", a));
            conformance.Add($"a.argmin({axis})", DType.Int64, () => a.ArgMin(axis), ("a", a));
            conformance.Add("a.argmax()", DType.Int64, () => a.ArgMax(), ("a", a));
        }

        return conformance;
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Products(DType left) => Check(nameof(Products), left);

    private static Conformance ProductsOf(DType left)
    {
        Conformance conformance = new();
        Samples samples = new(100 + (int)left);
        foreach (DType right in types)
        {
            (int[] A, int[] B)[] shapes =
            [
                ([3, 4], [4, 5]), ([4], [4]), ([4], [4, 3]), ([3, 4], [4]), ([2, 1, 3, 4], [5, 4, 2]), ([70, 33], [33, 40]), ([3, 0], [0, 2]), ([1, 300], [300, 1]),
                ([130, 5], [5, 3]), ([2, 37, 19], [19, 50]),
            ];
            foreach ((int[] first, int[] second) in shapes)
            {
                Tensor a = Sample(samples, first, left, false, false);
                Tensor b = Sample(samples, second, right, false, false);
                conformance.Add("a @ b", Promotion.Of(left, right), () => a.MatMul(b), ("a", a), ("b", b));
            }

            Tensor x = Sample(samples, [7], left, false, false);
            Tensor y = Sample(samples, [7], right, false, false);
            DType type = Promotion.Of(left, right);
            conformance.Add("np.dot(a, b)", type, () => x.Dot(y), ("a", x), ("b", y));
            conformance.Add("np.inner(a, b)", type, () => x.Inner(y), ("a", x), ("b", y));
            conformance.Add("np.outer(a, b)", type, () => x.Outer(y), ("a", x), ("b", y));
        }

        return conformance;
    }

    private static string Python(bool truth) => truth ? "True" : "False";

    private static bool IsDivision(string code) => code.Contains('%') || code.Contains("//") || code.Contains("fmod");

    /// <summary>A random tensor; a special one has extreme elements among the others. An integer divisor has no zeros: those are refused here and a warning in NumPy.</summary>
    private static Tensor Sample(Samples samples, int[] shape, DType type, bool isSpecial, bool isDivisor)
    {
        (double low, double high) = type switch
        {
            DType.Bool => (0, 1),
            DType.UInt8 => (0, 20),
            _ => (-9, 9),
        };
        Tensor tensor = samples.Tensor(shape, type, low, high).Tensor;
        if (isSpecial)
        {
            double[] chosen = type switch
            {
                DType.Bool => [0, 1],
                DType.UInt8 => [0, 1, 255, 128],
                DType.Int8 => [-128, 127, 0, -1, 1],
                DType.Int32 => [int.MinValue, int.MaxValue, 0, -1, 1],
                DType.Int64 => [long.MinValue, 1L << 62, 0, -1, 1],
                _ => [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, 0, 1, -1, 0.5, 1e-3],
            };
            Tensor places = Tensor.From(Enumerable.Range(0, (int)tensor.Count).Select(_ => (long)samples.Random.Next(chosen.Length)).ToArray()).Reshape(tensor.Shape);
            Tensor specials = type == DType.Int64 ? Tensor.From(chosen.Select(number => (long)number).ToArray()) : Tensor.From(chosen).To(type);
            tensor = Tensor.Where(Tensor.Random((ulong)shape.Length + 1).Uniform(tensor.Shape) < 0.7f, specials.Take(places), tensor).Realize();
        }

        return isDivisor && !type.IsFloatingPoint ? Tensor.Where(tensor.EqualTo(0), Tensor.Ones(default, type), tensor).Realize() : tensor;
    }
}

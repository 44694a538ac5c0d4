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

    private static readonly (string Code, Func<Tensor, Tensor, Tensor> Function)[] ofTwo =
    [
        ("a + b", (a, b) => a + b),
        ("a - b", (a, b) => a - b),
        ("a * b", (a, b) => a * b),
        ("a / b", (a, b) => a / b),
        ("a // b", (a, b) => a.FloorDivide(b)),
        ("a % b", (a, b) => a.Modulo(b)),
        ("np.fmod(a, b)", (a, b) => a % b),
        ("np.power(a, abs(b))", (a, b) => a.Power(b.DType is DType.Bool or DType.UInt8 ? b : b.Abs())),
        ("np.minimum(a, b)", Tensor.Minimum),
        ("np.maximum(a, b)", Tensor.Maximum),
        ("np.fmin(a, b)", Tensor.MinimumNumber),
        ("np.fmax(a, b)", Tensor.MaximumNumber),
        ("np.arctan2(a, b)", Tensor.Atan2),
        ("np.hypot(a, b)", Tensor.Hypot),
        ("np.copysign(a, b)", (a, b) => a.CopySign(b)),
        ("np.logaddexp(a, b)", Tensor.LogAddExp),
        ("np.logaddexp2(a, b)", Tensor.LogAddExp2),
        ("np.heaviside(a, b)", (a, b) => a.Heaviside(b)),
        ("np.gcd(a, b)", Tensor.GreatestCommonDivisor),
        ("np.lcm(a, b)", Tensor.LeastCommonMultiple),
        ("a == b", (a, b) => a.EqualTo(b)),
        ("a != b", (a, b) => a.NotEqualTo(b)),
        ("a < b", (a, b) => a < b),
        ("a <= b", (a, b) => a <= b),
        ("a > b", (a, b) => a > b),
        ("a >= b", (a, b) => a >= b),
        ("a & b", (a, b) => a & b),
        ("a | b", (a, b) => a | b),
        ("a ^ b", (a, b) => a ^ b),
        ("a << b", (a, b) => a << b),
        ("a >> b", (a, b) => a >> b),
        ("np.logical_and(a, b)", (a, b) => a.LogicalAnd(b)),
        ("np.logical_or(a, b)", (a, b) => a.LogicalOr(b)),
        ("np.logical_xor(a, b)", (a, b) => a.LogicalXor(b)),
        ("np.where(a > 0, a, b)", (a, b) => Tensor.Where(a > 0, a, b)),
        ("np.clip(a, np.minimum(b, b.flat[0] if b.size else 0), np.maximum(b, b.flat[0] if b.size else 0))", ClipBetween),
    ];

    private static readonly (string Code, Func<Tensor, Tensor> Function)[] ofOne =
    [
        ("-a", a => -a),
        ("~a", a => ~a),
        ("abs(a)", a => a.Abs()),
        ("np.sign(a)", a => a.Sign()),
        ("np.square(a)", a => a.Square()),
        ("np.sqrt(a)", a => a.Sqrt()),
        ("np.cbrt(a)", a => a.Cbrt()),
        ("np.exp(a)", a => a.Exp()),
        ("np.exp2(a)", a => a.Exp2()),
        ("np.expm1(a)", a => a.ExpM1()),
        ("np.log(a)", a => a.Log()),
        ("np.log2(a)", a => a.Log2()),
        ("np.log10(a)", a => a.Log10()),
        ("np.log1p(a)", a => a.Log1P()),
        ("np.sin(a)", a => a.Sin()),
        ("np.cos(a)", a => a.Cos()),
        ("np.tan(a)", a => a.Tan()),
        ("np.arcsin(a)", a => a.Asin()),
        ("np.arccos(a)", a => a.Acos()),
        ("np.arctan(a)", a => a.Atan()),
        ("np.sinh(a)", a => a.Sinh()),
        ("np.cosh(a)", a => a.Cosh()),
        ("np.tanh(a)", a => a.Tanh()),
        ("np.arcsinh(a)", a => a.Asinh()),
        ("np.arccosh(a)", a => a.Acosh()),
        ("np.arctanh(a)", a => a.Atanh()),
        ("np.sinc(a)", a => a.Sinc()),
        ("np.floor(a)", a => a.Floor()),
        ("np.ceil(a)", a => a.Ceiling()),
        ("np.rint(a)", a => a.Round()),
        ("np.trunc(a)", a => a.Truncate()),
        ("np.isnan(a)", a => a.IsNaN()),
        ("np.isinf(a)", a => a.IsInfinity()),
        ("np.isfinite(a)", a => a.IsFinite()),
        ("np.signbit(a)", a => a.SignBit()),
        ("np.logical_not(a)", a => a.LogicalNot()),
        ("np.nan_to_num(a)", a => a.NanToNum()),
        ("np.count_nonzero(a)", a => a.CountNonZero()),
        ("np.exp(1.0 * a - a.max()) / np.exp(1.0 * a - a.max()).sum() if a.size else a * 1.0", a => a.Count == 0 ? a * 1.0 : a.Flatten().Softmax().Reshape(a.Shape)),
    ];

    private static readonly (string Code, Func<Tensor, Axes, bool, Tensor> Function)[] reductions =
    [
        ("sum", (a, axes, keep) => a.Sum(axes, keep)),
        ("prod", (a, axes, keep) => a.Prod(axes, keep)),
        ("mean", (a, axes, keep) => a.Mean(axes, keep)),
        ("var", (a, axes, keep) => a.Var(axes, keep)),
        ("std", (a, axes, keep) => a.Std(axes, keep)),
        ("max", (a, axes, keep) => a.Max(axes, keep)),
        ("min", (a, axes, keep) => a.Min(axes, keep)),
        ("any", (a, axes, keep) => a.Any(axes, keep)),
        ("all", (a, axes, keep) => a.All(axes, keep)),
        ("ptp", (a, axes, keep) => a.Max(axes, keep) - a.Min(axes, keep)),
    ];

    public static TheoryData<DType> Types => [.. types];

    private static Tensor ClipBetween(Tensor a, Tensor b)
    {
        Tensor middle = b.Count == 0 ? Tensor.Zeros(default, b.DType) : b.Flatten()[0];
        return a.Clamp(Tensor.Minimum(b, middle), Tensor.Maximum(b, middle));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void OperationsOnTwoTensors(DType left)
    {
        Conformance conformance = new();
        Samples samples = new(40 + (int)left);
        foreach (DType right in types)
        {
            foreach ((string code, Func<Tensor, Tensor, Tensor> function) in ofTwo)
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

        conformance.Check();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void OperationsOnOneTensor(DType type)
    {
        Conformance conformance = new();
        Samples samples = new(60 + (int)type);
        foreach ((string code, Func<Tensor, Tensor> function) in ofOne)
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

        conformance.Check();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Reductions(DType type)
    {
        Conformance conformance = new();
        Samples samples = new(80 + (int)type);
        foreach ((string code, Func<Tensor, Axes, bool, Tensor> function) in reductions)
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

        conformance.Check();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Products(DType left)
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

        conformance.Check();
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

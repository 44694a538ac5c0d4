using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>
/// Kernels on operands that lie against pages nobody may touch: a load or store beyond an operand, at either end, ends the process, and one
/// within its page but outside the operand is seen by its trace.
/// </summary>
[Collection(nameof(EngineSettings))]
public sealed unsafe class GuardPageTests
{
    private const int LongestRow = 200;

    /// <summary>How an operand steps from one element to the next, in elements; 0 is one element for all.</summary>
    private static readonly int[] steps = [1, 0, 3, -1, -2];

    private static readonly DType[] numbers = [DType.Int32, DType.Int64, DType.Float32, DType.Float64];

    /// <summary>Rows short and long, odd tails, more elements than are gathered at a time, and three dimensions.</summary>
    private static readonly long[][] shapes = [[7, 31], [31, 7], [3, 2500], [513, 77], [1, 65], [1300, 3], [9, 5, 6], [2, 3, 129]];

    public static TheoryData<int, DType> NumberCases => CasesOf(numbers);

    public static TheoryData<int, DType> Cases => CasesOf([DType.Bool, .. numbers]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void ElementwiseStaysWithinItsOperands(int bits, DType type)
    {
        GuardedMemory.SkipUnlessSupported();
        using var settings = new EngineSettings(bits, contraction: true);
        using var guards = new GuardedOperands(3 * LongestRow * sizeof(double));
        foreach (var body in Bodies(type))
        {
            for (var length = 0; length <= LongestRow; length++)
            {
                long[] shape = [length];
                for (var variant = 0; variant < 4; variant++)
                {
                    var number = (length * 4) + variant;
                    var atEnd = (variant & 1) == 0;
                    Operand[] inputs = [.. body.Parameters.Select((parameter, i) =>
                        guards.Place(i, parameter, shape, [steps[(number + (i * 2)) % steps.Length]], atEnd))];
                    Operand[] outputs = [.. body.Results.Select((result, i) =>
                        guards.Place(GuardedOperands.FirstOutput + i, result.Type, shape, [variant == 3 ? -1 : variant == 2 ? 2 : 1], !atEnd))];
                    Elementwise.Run(body, shape, inputs, outputs, []);
                    guards.CheckUntouched(outputs, shape, $"{body.Name} of {length}, variant {variant}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ElementwiseOfAnyLayoutStaysWithinItsOperands(int bits, DType type)
    {
        GuardedMemory.SkipUnlessSupported();
        using var settings = new EngineSettings(bits, contraction: true);
        using var guards = new GuardedOperands(2 * 2 * 514 * 78 * sizeof(double));
        foreach (var body in Bodies(type))
        {
            foreach (var shape in shapes)
            {
                foreach (var first in Enum.GetValues<OperandLayout>())
                {
                    foreach (var second in (OperandLayout[])[OperandLayout.RowMajor, OperandLayout.RepeatedColumns])
                    {
                        foreach (var written in OperandLayouts.Writable)
                        {
                            var atEnd = ((int)first + (int)written) % 2 == 0;
                            Operand[] inputs =
                            [
                                guards.Place(0, body.Parameters[0], shape, first.Steps(shape), atEnd),
                                guards.Place(1, body.Parameters[1], shape, second.Steps(shape), !atEnd),
                            ];
                            Operand[] outputs = [.. body.Results.Select((result, i) =>
                                guards.Place(GuardedOperands.FirstOutput + i, result.Type, shape, written.Steps(shape), atEnd))];
                            Elementwise.Run(body, shape, inputs, outputs, []);
                            guards.CheckUntouched(outputs, shape, $"{body.Name} of [{string.Join(", ", shape)}], {first} and {second} to {written}");
                        }
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AnOutputInPlaceOfAnInputStaysWithinIt(int bits, DType type)
    {
        GuardedMemory.SkipUnlessSupported();
        using var settings = new EngineSettings(bits, contraction: true);
        using var guards = new GuardedOperands(3 * LongestRow * sizeof(double));
        var body = Bodies(type)[0];
        for (var length = 0; length <= LongestRow; length++)
        {
            long[] shape = [length];
            foreach (var atEnd in (bool[])[false, true])
            {
                foreach (var step in (int[])[1, 2, -1])
                {
                    var both = guards.Place(GuardedOperands.FirstOutput, type, shape, [step], atEnd);
                    Elementwise.Run(body, shape, [both, guards.Place(0, type, shape, [1], atEnd)], [both], []);
                    guards.CheckUntouched([both], shape, $"{length} in place, step {step}");
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void SharedAndStreamedLaunchesStayWithinTheirOperands(int threads)
    {
        GuardedMemory.SkipUnlessSupported();
        using var settings = new EngineSettings(VectorWidth.Bits, contraction: true, threads);
        const int large = 20 << 20;
        using var source = new GuardedMemory((large + 100) * sizeof(float));
        using var target = new GuardedMemory((large + 100) * sizeof(float));
        var body = KernelFunction.Create("add", [DType.Float32], [], Node.Binary(
            BinaryOperation.Add, Node.Parameter(0, DType.Float32), Node.Constant(1f)));
        foreach (var length in (int[])[70_001, 100_003, large, large + 37])
        {
            foreach (var atEnd in (bool[])[false, true])
            {
                var from = (float*)source.Place(length * sizeof(float), atEnd);
                var to = (float*)target.Place(length * sizeof(float), atEnd);
                Elementwise.Run(body, [length], [Launch.Contiguous(from)], [Launch.Contiguous(to)], []);
                Assert.Equal(-1, new Span<float>(to, length).IndexOfAnyExcept(1));
            }
        }
    }

    [Theory]
    [MemberData(nameof(NumberCases))]
    public void StreamedKernelsOfAnyWeightComputeWhatOthersDo(int bits, DType type)
    {
        GuardedMemory.SkipUnlessSupported();
        using var settings = new EngineSettings(bits, contraction: true);
        using var guards = new GuardedOperands(3 * LongestRow * sizeof(double));
        for (var weight = 1; weight <= 12; weight++)
        {
            foreach (var isWide in (bool[])[false, true])
            {
                var body = KernelFunction.Create("weight", [type, type], [], Weighing(weight, isWide, type));
                for (var length = 1; length <= LongestRow; length++)
                {
                    var shape = new long[] { length };
                    Operand[] inputs = [guards.Place(0, type, shape, [1], atEnd: true), guards.Place(1, type, shape, [1], atEnd: length % 2 == 0)];
                    var expected = new byte[length * type.Size];
                    foreach (var isStreamed in (bool[])[false, true])
                    {
                        Elementwise.StreamedBeyond = isStreamed ? 0 : long.MaxValue;
                        var output = guards.Place(GuardedOperands.FirstOutput, type, shape, [1], atEnd: false);
                        Elementwise.Run(body, shape, inputs, [output], []);
                        var what = $"{weight} operations on {length} elements, {(isWide ? "many" : "few")} values alive";
                        guards.CheckUntouched([output], shape, what);
                        var computed = new Span<byte>((void*)output.Address, expected.Length);
                        Assert.True(!isStreamed || computed.SequenceEqual(expected), what);
                        computed.CopyTo(expected);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(NumberCases))]
    public void ReductionsStayWithinTheirOperands(int bits, DType type)
    {
        GuardedMemory.SkipUnlessSupported();
        using var settings = new EngineSettings(bits, contraction: true);
        using var few = new GuardedOperands(2 * LongestRow * sizeof(double));
        using var many = new GuardedOperands(2 * 2 * 514 * 78 * sizeof(double));
        var (x, y) = (Node.Parameter(0, type), Node.Parameter(1, type));
        KernelFunction[] maps =
        [
            KernelFunction.Create("values", [type], [], x),
            KernelFunction.Create("products", [type, type], [], Node.Binary(BinaryOperation.Multiply, x, y)),
        ];
        foreach (var map in maps)
        {
            foreach (var operation in Enum.GetValues<ReduceOperation>())
            {
                for (var length = 0; length < LongestRow; length++)
                {
                    CheckReduction(few, map, operation, [length], [0], OperandLayout.RowMajor);
                    CheckReduction(few, map, operation, [length], [0], (OperandLayout)(length % 6));
                }

                foreach (var shape in (long[][])[[2047], [2049], [40_001], .. shapes])
                {
                    for (var set = 1; set < 1 << shape.Length; set++)
                    {
                        int[] reduced = [.. Enumerable.Range(0, shape.Length).Where(d => (set >> d & 1) != 0)];
                        foreach (var layout in Enum.GetValues<OperandLayout>())
                        {
                            CheckReduction(many, map, operation, shape, reduced, layout);
                        }
                    }
                }
            }
        }
    }

    private static TheoryData<int, DType> CasesOf(DType[] types)
    {
        var cases = new TheoryData<int, DType>();
        foreach (var bits in (int[])[128, 256, 512])
        {
            foreach (var type in types)
            {
                cases.Add(bits, type);
            }
        }

        return cases;
    }

    /// <summary>As many additions, one after another, or with all sums needed twice.</summary>
    private static Node Weighing(int weight, bool isWide, DType type)
    {
        var (x, y) = (Node.Parameter(0, type), Node.Parameter(1, type));
        if (!isWide)
        {
            return Enumerable.Range(0, weight).Aggregate(x, (sum, i) => Node.Binary(
                i % 2 == 0 ? BinaryOperation.Add : BinaryOperation.Subtract, sum, i % 3 == 0 ? y : x));
        }

        Node[] values = [y, .. Enumerable.Range(0, weight).Select(i => Node.Binary(BinaryOperation.Add, x, Node.Constant(type, i + 2)))];
        return Node.Binary(
            BinaryOperation.Subtract,
            values.Aggregate((a, b) => Node.Binary(BinaryOperation.Max, a, b)),
            values.Aggregate((a, b) => Node.Binary(BinaryOperation.Min, a, b)));
    }

    private static void CheckReduction(
        GuardedOperands guards, KernelFunction map, ReduceOperation operation, long[] shape, int[] reduced, OperandLayout layout)
    {
        var type = map.Parameters[0];
        if ((operation == ReduceOperation.Mean && !type.IsFloatingPoint)
            || (shape.Contains(0) && operation is not (ReduceOperation.Sum or ReduceOperation.Mean)))
        {
            return;
        }

        var resultType = operation is ReduceOperation.ArgMax or ReduceOperation.ArgMin ? DType.Int64 : type;
        var writtenLayout = OperandLayouts.Writable[(int)layout % OperandLayouts.Writable.Length];
        long[] kept = [.. shape.Select((length, d) => reduced.Contains(d) ? 1 : length)];
        foreach (var atEnd in (bool[])[false, true])
        {
            Operand[] inputs = [.. map.Parameters.Select((parameter, i) =>
                guards.Place(i, parameter, shape, (i == 0 ? layout : OperandLayout.RowMajor).Steps(shape), atEnd))];
            var output = guards.Place(GuardedOperands.FirstOutput, resultType, kept, writtenLayout.Steps(kept), atEnd);
            Reduction.Run(map, operation, shape, reduced, inputs, output, []);
            guards.CheckUntouched(
                [output], kept, $"{operation} of {map.Name}, [{string.Join(", ", shape)}] over [{string.Join(", ", reduced)}], {layout} to {writtenLayout}");
        }
    }

    /// <summary>Functions of two inputs: within the type, to a Boolean, and, of two results, through Booleans and a type of another size.</summary>
    private static KernelFunction[] Bodies(DType type)
    {
        var (x, y) = (Node.Parameter(0, type), Node.Parameter(1, type));
        if (type == DType.Bool)
        {
            return
            [
                KernelFunction.Create("xor", [type, type], [], Node.Binary(BinaryOperation.Xor, x, y)),
                KernelFunction.Create("number", [type, type], [], Node.Convert(x, DType.Float64), Node.Convert(y, DType.Int32)),
            ];
        }

        var other = type.Size == 8 ? DType.Float32 : DType.Float64;
        return
        [
            KernelFunction.Create("add", [type, type], [], Node.Binary(BinaryOperation.Add, x, y)),
            KernelFunction.Create("less", [type, type], [], Node.Compare(Comparison.Less, x, y)),
            KernelFunction.Create("mixed", [type, other], [], Node.Convert(x, other), Node.Compare(
                Comparison.Less, Node.Convert(x, other), Node.Parameter(1, other))),
            KernelFunction.Create("select", [type, DType.Bool], [], Node.Select(Node.Parameter(1, DType.Bool), x, Node.Constant(type, 1))),
        ];
    }
}

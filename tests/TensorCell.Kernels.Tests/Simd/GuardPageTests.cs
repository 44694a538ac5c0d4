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
    private const byte Untouched = 0xA5;

    /// <summary>How an operand steps from one element to the next, in elements; 0 is one element for all.</summary>
    private static readonly int[] steps = [1, 0, 3, -1, -2];

    private static readonly DType[] numbers = [DType.Int32, DType.Int64, DType.Float32, DType.Float64];

    public static TheoryData<int, DType> NumberCases => CasesOf(numbers);

    public static TheoryData<int, DType> Cases => CasesOf([DType.Bool, .. numbers]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void ElementwiseStaysWithinItsOperands(int bits, DType type)
    {
        GuardedMemory.SkipUnlessSupported();
        using var settings = new EngineSettings(bits, contraction: true);
        using var guards = new Guards(4);
        foreach (var body in Bodies(type))
        {
            for (var length = 0; length <= LongestRow; length++)
            {
                for (var variant = 0; variant < 4; variant++)
                {
                    var number = (length * 4) + variant;
                    Operand[] inputs = [.. body.Parameters.Select((parameter, i) =>
                        guards.Place(i, parameter, length, steps[(number + (i * 2)) % steps.Length], (variant & 1) == 0))];
                    Operand[] outputs = [.. body.Results.Select((result, i) =>
                        guards.Place(2 + i, result.Type, length, variant == 3 ? -1 : variant == 2 ? 2 : 1, (variant & 1) != 0))];
                    Elementwise.Run(body, [length], inputs, outputs, []);
                    guards.CheckUntouched(inputs, writtenFrom: 2, outputs, length);
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
        using var guards = new Guards(4);
        var body = Bodies(type)[0];
        for (var length = 0; length <= LongestRow; length++)
        {
            foreach (var atEnd in (bool[])[false, true])
            {
                foreach (var step in (int[])[1, 2, -1])
                {
                    Operand[] inputs = [guards.Place(2, type, length, step, atEnd), guards.Place(0, type, length, 1, atEnd)];
                    Elementwise.Run(body, [length], inputs, [inputs[0]], []);
                    guards.CheckUntouched(inputs[1..], writtenFrom: 2, [inputs[0]], length);
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
    public void ReductionsStayWithinTheirOperands(int bits, DType type)
    {
        GuardedMemory.SkipUnlessSupported();
        using var settings = new EngineSettings(bits, contraction: true);
        using var guards = new Guards(4, 80_000 * 8);
        var x = Node.Parameter(0, type);
        KernelFunction[] maps =
        [
            KernelFunction.Create("values", [type], [], x),
            KernelFunction.Create("squares", [type], [], Node.Binary(BinaryOperation.Multiply, x, x)),
        ];
        long[][] shapes = [.. Enumerable.Range(0, LongestRow).Select(i => (long[])[i]), [2047], [2049], [40_001], [7, 31], [513, 77], [3, 2500], [9, 5, 6]];
        foreach (var shape in shapes)
        {
            for (var set = 1; set < 1 << shape.Length; set++)
            {
                int[] reduced = [.. Enumerable.Range(0, shape.Length).Where(d => (set >> d & 1) != 0)];
                foreach (var map in maps)
                {
                    foreach (var operation in Enum.GetValues<ReduceOperation>())
                    {
                        CheckReduction(guards, map, operation, shape, reduced);
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

    private static void CheckReduction(Guards guards, KernelFunction map, ReduceOperation operation, long[] shape, int[] reduced)
    {
        var type = map.Parameters[0];
        var isIndex = operation is ReduceOperation.ArgMax or ReduceOperation.ArgMin;
        var count = (int)shape.Aggregate(1L, (product, length) => product * length);
        if ((operation == ReduceOperation.Mean && !type.IsFloatingPoint)
            || (count == 0 && operation is not (ReduceOperation.Sum or ReduceOperation.Mean)))
        {
            return;
        }

        var resultType = isIndex ? DType.Int64 : type;
        long[] kept = [.. shape.Select((length, d) => reduced.Contains(d) ? 1 : length)];
        var results = (int)kept.Aggregate(1L, (product, length) => product * length);
        foreach (var atEnd in (bool[])[false, true])
        {
            var input = guards.Place(0, type, count, 1, atEnd) with { ByteStrides = RowMajor(shape, type.Size) };
            var output = guards.Place(2, resultType, results, 1, atEnd);
            Reduction.Run(map, operation, shape, reduced, [input], output with { ByteStrides = RowMajor(kept, resultType.Size) }, []);
            guards.CheckUntouched([], writtenFrom: 2, [output], results);
        }
    }

    private static long[] RowMajor(long[] shape, long size)
    {
        var strides = new long[shape.Length];
        for (var d = shape.Length - 1; d >= 0; d--)
        {
            strides[d] = size;
            size *= shape[d];
        }

        return strides;
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

    /// <summary>The memory of a few operands, each between guards of its own.</summary>
    private sealed class Guards(int count, int capacity = 2 * 3 * LongestRow * sizeof(double)) : IDisposable
    {
        private readonly GuardedMemory[] memories = [.. Enumerable.Range(0, count).Select(_ => new GuardedMemory(capacity))];

        /// <summary>An operand of one dimension against one of its memory's guards, all of whose bytes are marked if it is to be written.</summary>
        public Operand Place(int memory, DType type, int length, int step, bool atEnd)
        {
            var bytes = length == 0 ? 0 : ((Math.Abs(step) * (length - 1)) + 1) * type.Size;
            var address = memories[memory].Place(bytes, atEnd);
            if (memory >= 2)
            {
                memories[memory].Bytes().Fill(Untouched);
                if (type == DType.Bool || step != 1)
                {
                    // What is in place of an input is read, too.
                    for (var i = 0; i < length; i++)
                    {
                        new Span<byte>(address + (i * Math.Abs(step) * type.Size), type.Size).Clear();
                    }
                }
            }

            var first = step < 0 && length > 0 ? address + ((length - 1) * -step * type.Size) : address;
            return new((nint)first, type, [(long)step * type.Size]);
        }

        /// <summary>Fails if a byte outside the outputs' elements was written, or an input.</summary>
        public void CheckUntouched(Operand[] inputs, int writtenFrom, Operand[] outputs, int length)
        {
            for (var i = 0; i < outputs.Length; i++)
            {
                var bytes = memories[writtenFrom + i].Bytes();
                fixed (byte* start = bytes)
                {
                    for (var element = 0; element < length; element++)
                    {
                        var offset = (int)(outputs[i].Address + (element * outputs[i].ByteStrides[0]) - (nint)start);
                        bytes.Slice(offset, outputs[i].Type.Size).Fill(Untouched);
                    }
                }

                Assert.False(bytes.ContainsAnyExcept(Untouched), $"written beyond output {i} of {length} elements");
            }

            Assert.All(inputs, input => Assert.False(
                memories[0].Bytes().ContainsAnyExcept((byte)0) || memories[1].Bytes().ContainsAnyExcept((byte)0), $"written to input {input}"));
        }

        public void Dispose() => Array.ForEach(memories, memory => memory.Dispose());
    }
}

using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>Kernels of two results that take the place of inputs leave the same as kernels whose results have arrays of their own.</summary>
[Collection(nameof(EngineSettings))]
public sealed unsafe class InPlaceTests
{
    /// <summary>Shapes, and how many elements an array steps from one to the next along each dimension.</summary>
    private static readonly (long[] Shape, long[] Steps)[] layouts =
    [
        .. Enumerable.Range(0, 140).Select(length => ((long[])[length], (long[])[1])),
        ([5000], [1]), ([5000], [2]), ([77], [-1]), ([3000], [-3]), ([], []), ([1, 1], [5, 7]),
        ([3, 700], [800, 1]), ([37, 41], [1, 37]), ([5, 7], [9, 1]), ([4, 3, 50], [150, 1, 3]),
    ];

    /// <summary>Which input each of the two results takes the place of; -1 for none.</summary>
    private static readonly (int First, int Second)[] places = [(0, 1), (1, 0), (0, -1), (1, -1), (-1, 0), (-1, 1)];

    public static TheoryData<int, DType> Cases()
    {
        var cases = new TheoryData<int, DType>();
        foreach (var bits in (int[])[128, 256, 512])
        {
            foreach (var type in (DType[])[DType.Bool, DType.Int32, DType.Int64, DType.Float32, DType.Float64])
            {
                cases.Add(bits, type);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryInputIsReadBeforeAnyResultIsStored(int bits, DType type)
    {
        using var settings = new EngineSettings(bits, contraction: true);
        var random = new Random(bits + (int)type);
        foreach (var body in Bodies(type))
        {
            foreach (var (shape, steps) in layouts)
            {
                var capacity = (int)(shape.Zip(steps, (length, step) => length * Math.Abs(step)).Sum() + 1) * sizeof(double);
                byte[][] inputs = [Values(type, capacity, random), Values(type, capacity, random)];
                byte[][] wanted = [new byte[capacity], new byte[capacity]];
                Run(body, shape, steps, inputs, wanted);
                foreach (var (first, second) in places)
                {
                    byte[][] copies = [[.. inputs[0]], [.. inputs[1]]];
                    byte[][] outputs = [Place(0, first), Place(1, second)];
                    Run(body, shape, steps, copies, outputs);
                    for (var result = 0; result < 2; result++)
                    {
                        Assert.True(
                            Same(outputs[result], wanted[result], body.Results[result].Type, shape, steps),
                            $"result {result} in place of input {(result == 0 ? first : second)}, shape [{string.Join(", ", shape)}], steps [{string.Join(", ", steps)}]\n{body}");
                    }

                    byte[] Place(int result, int input) =>
                        input >= 0 && body.Results[result].Type == type ? copies[input] : new byte[capacity];
                }
            }
        }
    }

    /// <summary>Functions of two inputs with an input among the results, or a comparison or other bits of one, which need no arithmetic.</summary>
    private static IEnumerable<KernelFunction> Bodies(DType type)
    {
        var (x, y) = (Node.Parameter(0, type), Node.Parameter(1, type));
        var mixed = Node.Binary(type == DType.Bool ? BinaryOperation.Xor : BinaryOperation.Add, x, y);
        yield return Of("swap", y, x);
        yield return Of("passed on second", mixed, x);
        yield return Of("passed on first", x, mixed);
        yield return Of("other passed on", mixed, y);
        yield return Of("compared", mixed, Node.Compare(Comparison.NotEqual, x, y));
        if (type != DType.Bool)
        {
            var bits = type.IsFloatingPoint ? (type.Size == 4 ? DType.Int32 : DType.Int64) : type.Size == 4 ? DType.Float32 : DType.Float64;
            yield return Of("bits", y, Node.BitCast(x, bits));
            yield return Of("converted", y, Node.Convert(x, type.Size == 4 ? DType.Float64 : DType.Int32));
        }

        KernelFunction Of(string name, Node first, Node second) => KernelFunction.Create(name, [type, type], [], first, second);
    }

    private static byte[] Values(DType type, int capacity, Random random)
    {
        var bytes = new byte[capacity];
        for (var i = 0; i < capacity; i += type.Size)
        {
            var bits = Scalar.From(type, random.Next(-50, 50)).Bits;
            new ReadOnlySpan<byte>(&bits, type.Size).CopyTo(bytes.AsSpan(i));
        }

        return bytes;
    }

    private static void Run(KernelFunction body, long[] shape, long[] steps, byte[][] inputs, byte[][] outputs)
    {
        fixed (byte* x = inputs[0], y = inputs[1], first = outputs[0], second = outputs[1])
        {
            Elementwise.Run(
                body, shape,
                [At(x, body.Parameters[0], shape, steps), At(y, body.Parameters[1], shape, steps)],
                [At(first, body.Results[0].Type, shape, steps), At(second, body.Results[1].Type, shape, steps)],
                []);
        }
    }

    private static Operand At(byte* start, DType type, long[] shape, long[] steps) =>
        new((nint)start + (First(shape, steps) * type.Size), type, [.. steps.Select(step => step * type.Size)]);

    /// <summary>Where the first element lies, so that none lies before the array.</summary>
    private static nint First(long[] shape, long[] steps) => (nint)shape.Zip(steps, (length, step) => step < 0 ? (length - 1) * -step : 0).Sum();

    private static bool Same(byte[] got, byte[] wanted, DType type, long[] shape, long[] steps)
    {
        var count = shape.Aggregate(1L, (product, length) => product * length);
        for (long flat = 0; flat < count; flat++)
        {
            long rest = flat, element = First(shape, steps);
            for (var d = shape.Length - 1; d >= 0; d--)
            {
                element += rest % shape[d] * steps[d];
                rest /= shape[d];
            }

            var at = (int)element * type.Size;
            if (!got.AsSpan(at, type.Size).SequenceEqual(wanted.AsSpan(at, type.Size)))
            {
                return false;
            }
        }

        return true;
    }
}

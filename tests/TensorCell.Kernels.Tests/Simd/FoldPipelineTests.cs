using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>Pipelines of folds on operands that lie against pages nobody may touch.</summary>
[Collection(nameof(EngineSettings))]
public sealed unsafe class FoldPipelineTests
{
    private const int Most = 40 * 1024;

    private static readonly DType[] types = [DType.Float32, DType.Float64, DType.Int32, DType.Int64];

    /// <summary>Outer, across, kept and within: rows, columns, both, short and long ones.</summary>
    private static readonly long[][] lengths =
    [
        [1, 1, 31, 7], [1, 1, 7, 300], [1, 1, 2, 4099], [1, 1, 600, 3], [1, 1, 513, 33], [1, 40, 80, 1], [1, 300, 17, 1], [1, 700, 3, 1], [1, 33, 1000, 1],
        [3, 20, 70, 1], [5, 30, 2, 1], [1, 6, 5, 50], [4, 3, 7, 9], [2, 9, 2, 512],
    ];

    public static TheoryData<int, DType> Cases
    {
        get
        {
            TheoryData<int, DType> cases = [];
            foreach (int bits in (int[])[128, 256, 512])
            {
                if (bits <= VectorWidth.Bits)
                {
                    Array.ForEach(types, type => cases.Add(bits, type));
                }
            }

            return cases;
        }
    }

    /// <summary>Folds x, x plus the result into a slot and to another fold, and what is in the slot plus that fold to memory.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void StaysWithinItsOperands(int bits, DType type)
    {
        GuardedMemory.SkipUnlessSupported();
        using GuardedMemory source = new(Most * sizeof(double));
        using GuardedMemory target = new(Most * sizeof(double));
        using GuardedMemory first = new(1024 * sizeof(double));
        using GuardedMemory second = new(1024 * sizeof(double));
        KernelFunction identity = KernelFunction.Create("x", [type], [], Node.Parameter(0, type));
        KernelFunction add = KernelFunction.Create(
            "add", [type, type], [], Node.Binary(BinaryOperation.Add, Node.Parameter(0, type), Node.Parameter(1, type)));
        foreach (long[] shape in lengths)
        {
            foreach (bool atEnd in (bool[])[false, true])
            {
                foreach (int threads in (int[])[1, 3])
                {
                    using EngineSettings settings = new(bits, contraction: true, threads);
                    FoldDomain domain = new(new(shape[0], shape[1], 1, shape[2], 1, shape[3]));
                    int size = type.Size;
                    int count = (int)(domain.Kept * domain.Folded);
                    Operand x = Fill(new((nint)source.Place(count * size, atEnd), type, [size]), count, 1);
                    DomainStrides all = domain.RowMajor(size, isPerKept: false);
                    DomainStrides kept = domain.RowMajor(size, isPerKept: true);
                    DomainOperand values = new(x.Address, type, all);
                    DomainOperand sums = new((nint)first.Place((int)domain.Kept * size, atEnd), type, kept);
                    DomainOperand greatest = new((nint)second.Place((int)domain.Kept * size, atEnd), type, kept);
                    DomainOperand result = new((nint)target.Place(count * size, atEnd), type, all);
                    DomainOperand slot = new(0, type, default, 0);
                    FoldPipeline.Run(
                        domain,
                        [
                            new(identity, [values], [], null, ReduceOperation.Sum, sums),
                            new(add, [values, sums], [], slot, ReduceOperation.Max, greatest),
                            new(add, [sums, greatest], [], greatest, IsPerKept: true),
                            new(add, [slot, greatest], [], result),
                        ],
                        [size]);

                    // Each is 1 and their sum is n: (1 + n) + (n + 1 + n).
                    Operand expected = Fill(new((nint)source.Place(count * size, atEnd), type, [size]), count, (3 * domain.Folded) + 2);
                    Assert.True(
                        new Span<byte>((byte*)expected.Address, count * size).SequenceEqual(new((byte*)result.Address, count * size)),
                        $"[{string.Join(", ", shape)}] on {threads}");
                }
            }
        }
    }

    private static Operand Fill(Operand operand, int count, long value)
    {
        for (int i = 0; i < count; i++)
        {
            switch (operand.Type)
            {
                case DType.Float32: ((float*)operand.Address)[i] = value; break;
                case DType.Float64: ((double*)operand.Address)[i] = value; break;
                case DType.Int32: ((int*)operand.Address)[i] = (int)value; break;
                default: ((long*)operand.Address)[i] = value; break;
            }
        }

        return operand;
    }
}

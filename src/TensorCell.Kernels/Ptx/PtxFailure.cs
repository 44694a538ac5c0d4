using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Ptx;

/// <summary>The first error of a launch, as an item of the kernel recorded it in device memory; all zero if there was none.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PtxFailure
{
    /// <summary>Bytes of a record.</summary>
    public const int Size = 24;

    /// <summary>The code of a division by zero; that of an index holds its dimension and memory.</summary>
    public const int DivisionByZero = 1;

    /// <summary>1 once an item has recorded an error; it then leaves, without having touched memory out of range.</summary>
    public int IsClaimed;

    /// <summary>What went wrong.</summary>
    public int Code;

    /// <summary>The index that is out of range.</summary>
    public long Index;

    /// <summary>The extent it should lie within.</summary>
    public long Extent;

    /// <summary>The code of an index out of range.</summary>
    /// <param name="memory">Which view; shared arrays count on after the views.</param>
    /// <param name="dimension">Which dimension.</param>
    public static int OutOfRange(int memory, int dimension) => 2 | (dimension << 8) | (memory << 16);

    /// <summary>The error, in the terms of the kernel.</summary>
    public readonly Exception ToException(GridProgram program)
    {
        if (Code == DivisionByZero)
        {
            return Throw.KernelDivision(program.Name);
        }

        var memory = Code >> 16;
        var name = memory < program.Views.Length ? program.Views[memory].Name : program.Shared[memory - program.Views.Length].Name;
        return Throw.KernelIndex(program.Name, name, (Code >> 8) & 0xFF, Index, Extent);
    }
}

using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels;

/// <summary>The errors of the PTX back end.</summary>
internal static partial class Throw
{
    public static DivideByZeroException KernelDivision(string kernel) =>
        new($"kernel {kernel}: an integer was divided by zero: check the divisor in the kernel before the division");

    public static NotSupportedException AtomicStorage(string kernel, string memory, StorageType storage) => new(
        $"kernel {kernel}: an atomic on {memory}, whose elements are {storage.Name}; atomics change i32, u32, i64, u64, f32 or f64");

    public static NotSupportedException SharedTooLarge(string kernel, int bytes, int most) => new(
        $"kernel {kernel}: its groups share {bytes} bytes; a group of a GPU shares at most {most}: share fewer elements");

    public static ArgumentException TooManyGroups(string kernel, int[] groups, int most) => new(
        $"kernel {kernel}: {string.Join(" x ", groups)} groups along X, Y and Z; a GPU takes at most {most} along Y and Z: give X the longest axis");
}

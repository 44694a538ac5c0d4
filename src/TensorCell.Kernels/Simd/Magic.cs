namespace TensorCell.Kernels.Simd;

/// <summary>
/// What quotients by a constant are found from without dividing: the upper half of a product, shifted (Granlund and Montgomery, Division by
/// Invariant Integers using Multiplication, 1994).
/// </summary>
/// <param name="Multiplier">What dividends are multiplied by, modulo 2³².</param>
/// <param name="IsWide">Whether 2³² has to be added to the multiplier as the processor takes it.</param>
/// <param name="Shift">How far the upper half is shifted.</param>
internal readonly record struct Magic(int Multiplier, bool IsWide, int Shift)
{
    /// <summary>For signed dividends of 32 bits.</summary>
    /// <param name="divisor">A magnitude of at least 2.</param>
    public static Magic Signed(uint divisor)
    {
        var shift = 0;
        while (Excess(divisor, shift) > 1UL << (shift + 1))
        {
            shift++;
        }

        var multiplier = Multiplied(divisor, shift);
        return new((int)multiplier, multiplier > int.MaxValue, shift);
    }

    /// <summary>For unsigned dividends of 32 bits.</summary>
    /// <param name="divisor">A number of at least 2.</param>
    public static Magic Unsigned(uint divisor)
    {
        var shift = 0;
        while (Excess(divisor, shift) > 1UL << shift)
        {
            shift++;
        }

        var multiplier = Multiplied(divisor, shift);
        return new((int)(uint)multiplier, multiplier > uint.MaxValue, shift);
    }

    /// <summary>The least number whose product with the divisor exceeds a power of two.</summary>
    private static UInt128 Multiplied(uint divisor, int shift) => ((UInt128.One << (32 + shift)) / divisor) + 1;

    private static UInt128 Excess(uint divisor, int shift) => (Multiplied(divisor, shift) * divisor) - (UInt128.One << (32 + shift));
}

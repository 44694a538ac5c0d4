namespace TensorCell.Kernels.Elementary;

/// <summary>Rounding to IEEE 754 binary16, in f32.</summary>
internal static class HalfPrecision
{
    /// <summary>The half-precision value nearest to <paramref name="x"/>, ties to even, infinite from 65520 on.</summary>
    public static float Round(float x)
    {
        var bits = BitConverter.SingleToInt32Bits(x);
        var sign = bits & int.MinValue;
        var magnitude = BitConverter.Int32BitsToSingle(bits & int.MaxValue);

        // A normal half keeps 10 bits of the fraction: 13 fewer. Below 2^-14 the sum's last bit is worth as much as a subnormal half's.
        var kept = (bits & int.MaxValue) + 0xFFF + ((bits >> 13) & 1);
        var normal = BitConverter.Int32BitsToSingle(kept & ~0x1FFF);
        var subnormal = (magnitude + 0.5f) - 0.5f;
        var rounded = magnitude < 6.103515625e-5f ? subnormal : normal;
        rounded = rounded >= 65536f ? float.PositiveInfinity : rounded;
        rounded = float.IsNaN(magnitude) ? magnitude : rounded;
        return BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(rounded) | sign);
    }
}

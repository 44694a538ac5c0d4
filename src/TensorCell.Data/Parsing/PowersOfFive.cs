using System.Numerics;

namespace TensorCell.Data.Parsing;

/// <summary>The leading 128 bits of each power of five that a double's decimal form can need (Lemire 2021, section 5).</summary>
internal static class PowersOfFive
{
    public const int Smallest = -342;
    public const int Largest = 308;

    private static readonly UInt128[] leadingBits = Compute();

    public static UInt128 LeadingBits(int exponent) => leadingBits[exponent - Smallest];

    private static UInt128[] Compute()
    {
        UInt128[] table = new UInt128[Largest - Smallest + 1];
        BigInteger power = BigInteger.One;
        for (int exponent = 0; exponent <= Largest; exponent++, power *= 5)
        {
            table[exponent - Smallest] = Leading(power);
        }

        power = 5;
        for (int exponent = -1; exponent >= Smallest; exponent--, power *= 5)
        {
            // The reciprocal, rounded up, with enough bits that its leading 128 are exact.
            int bits = (int)power.GetBitLength();
            BigInteger reciprocal = (BigInteger.One << (exponent >= -27 ? bits + 127 : (2 * bits) + 128)) / power;
            table[exponent - Smallest] = Leading(reciprocal + 1);
        }

        return table;
    }

    private static UInt128 Leading(BigInteger value)
    {
        int excess = (int)value.GetBitLength() - 128;
        return (UInt128)(excess > 0 ? value >> excess : value << -excess);
    }
}

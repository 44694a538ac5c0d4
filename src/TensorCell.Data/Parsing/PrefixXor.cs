using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Data.Parsing;

/// <summary>Each bit exclusive-or'ed with all lower ones: of quotes, the stretches from an opening one up to its closing one.</summary>
internal static class PrefixXor
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ulong bits)
    {
        if (Pclmulqdq.IsSupported)
        {
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(bits), Vector128<ulong>.AllBitsSet, 0).ToScalar();
        }

        for (int distance = 1; distance < 64; distance *= 2)
        {
            bits ^= bits << distance;
        }

        return bits;
    }
}

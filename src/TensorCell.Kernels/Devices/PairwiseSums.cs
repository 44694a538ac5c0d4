using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Kernels;

/// <summary>The sums of the elements of several vectors at once: neighbours are added, then neighbours of those.</summary>
internal static unsafe class PairwiseSums
{
    /// <summary>Writes the sum of each vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> first, Vector128<float> second, Vector128<float> third, Vector128<float> fourth, float* target) =>
        Pairs(Pairs(first, second), Pairs(third, fourth)).Store(target);

    /// <inheritdoc cref="Store(Vector128{float}, Vector128{float}, Vector128{float}, Vector128{float}, float*)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<double> first, Vector128<double> second, Vector128<double> third, Vector128<double> fourth, double* target)
    {
        Pairs(first, second).Store(target);
        Pairs(third, fourth).Store(target + 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Pairs(Vector128<float> left, Vector128<float> right) =>
        Sse3.IsSupported ? Sse3.HorizontalAdd(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.AddPairwise(left, right)
        : Vector128.Create(left[0] + left[1], left[2] + left[3], right[0] + right[1], right[2] + right[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Pairs(Vector128<double> left, Vector128<double> right) =>
        Sse3.IsSupported ? Sse3.HorizontalAdd(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.AddPairwise(left, right)
        : Vector128.Create(left[0] + left[1], right[0] + right[1]);
}

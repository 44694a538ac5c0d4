using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TensorCell.Kernels.Elementary;

namespace TensorCell.Kernels.Simd;

/// <summary>Functions of angles that ordinary reductions are too short for, lane by lane where there are any.</summary>
internal static unsafe partial class LaneHelpers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> SinOfHuge(Vector128<double> x, Vector128<double> ordinary) =>
        HasHuge(x) ? Map(x, ordinary, &HugeAngle.SinOfHuge) : ordinary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> SinOfHuge(Vector256<double> x, Vector256<double> ordinary) =>
        HasHuge(x) ? Map(x, ordinary, &HugeAngle.SinOfHuge) : ordinary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> SinOfHuge(Vector512<double> x, Vector512<double> ordinary) =>
        HasHuge(x) ? Map(x, ordinary, &HugeAngle.SinOfHuge) : ordinary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> CosOfHuge(Vector128<double> x, Vector128<double> ordinary) =>
        HasHuge(x) ? Map(x, ordinary, &HugeAngle.CosOfHuge) : ordinary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> CosOfHuge(Vector256<double> x, Vector256<double> ordinary) =>
        HasHuge(x) ? Map(x, ordinary, &HugeAngle.CosOfHuge) : ordinary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> CosOfHuge(Vector512<double> x, Vector512<double> ordinary) =>
        HasHuge(x) ? Map(x, ordinary, &HugeAngle.CosOfHuge) : ordinary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> TanOfHuge(Vector128<double> x, Vector128<double> ordinary) =>
        HasHuge(x) ? Map(x, ordinary, &HugeAngle.TanOfHuge) : ordinary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> TanOfHuge(Vector256<double> x, Vector256<double> ordinary) =>
        HasHuge(x) ? Map(x, ordinary, &HugeAngle.TanOfHuge) : ordinary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> TanOfHuge(Vector512<double> x, Vector512<double> ordinary) =>
        HasHuge(x) ? Map(x, ordinary, &HugeAngle.TanOfHuge) : ordinary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasHuge(Vector128<double> x) => Vector128.GreaterThanAny(Vector128.Abs(x), Vector128.Create(HugeAngle.Ordinary));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasHuge(Vector256<double> x) => Vector256.GreaterThanAny(Vector256.Abs(x), Vector256.Create(HugeAngle.Ordinary));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasHuge(Vector512<double> x) => Vector512.GreaterThanAny(Vector512.Abs(x), Vector512.Create(HugeAngle.Ordinary));
}

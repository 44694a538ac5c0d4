using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TensorCell.Kernels.Elementary;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Functions of angles that ordinary reductions are too short for, where there are any: of f64 lane by lane, of f32 by a loop of their own.</summary>
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
    public static Vector128<float> SinOfHuge(Vector128<float> x, Vector128<float> ordinary) =>
        HasHuge(x) ? OfHuge(x, ordinary, BinaryOperation.SinOfHuge) : ordinary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SinOfHuge(Vector256<float> x, Vector256<float> ordinary) =>
        HasHuge(x) ? OfHuge(x, ordinary, BinaryOperation.SinOfHuge) : ordinary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SinOfHuge(Vector512<float> x, Vector512<float> ordinary) =>
        HasHuge(x) ? OfHuge(x, ordinary, BinaryOperation.SinOfHuge) : ordinary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> CosOfHuge(Vector128<float> x, Vector128<float> ordinary) =>
        HasHuge(x) ? OfHuge(x, ordinary, BinaryOperation.CosOfHuge) : ordinary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> CosOfHuge(Vector256<float> x, Vector256<float> ordinary) =>
        HasHuge(x) ? OfHuge(x, ordinary, BinaryOperation.CosOfHuge) : ordinary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> CosOfHuge(Vector512<float> x, Vector512<float> ordinary) =>
        HasHuge(x) ? OfHuge(x, ordinary, BinaryOperation.CosOfHuge) : ordinary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> TanOfHuge(Vector128<float> x, Vector128<float> ordinary) =>
        HasHuge(x) ? OfHuge(x, ordinary, BinaryOperation.TanOfHuge) : ordinary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> TanOfHuge(Vector256<float> x, Vector256<float> ordinary) =>
        HasHuge(x) ? OfHuge(x, ordinary, BinaryOperation.TanOfHuge) : ordinary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> TanOfHuge(Vector512<float> x, Vector512<float> ordinary) =>
        HasHuge(x) ? OfHuge(x, ordinary, BinaryOperation.TanOfHuge) : ordinary;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<float> OfHuge(Vector128<float> x, Vector128<float> ordinary, BinaryOperation operation)
    {
        var lanes = stackalloc float[HugeAngleLoop.MaximumCount];
        x.Store(lanes);
        HugeAngleLoop.Of(operation).Run(lanes, Vector128<float>.Count);
        return Vector128.ConditionalSelect(Vector128.GreaterThan(Vector128.Abs(x), Vector128.Create(HugeAngle.Ordinary32)), Vector128.Load(lanes), ordinary);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<float> OfHuge(Vector256<float> x, Vector256<float> ordinary, BinaryOperation operation)
    {
        var lanes = stackalloc float[HugeAngleLoop.MaximumCount];
        x.Store(lanes);
        HugeAngleLoop.Of(operation).Run(lanes, Vector256<float>.Count);
        return Vector256.ConditionalSelect(Vector256.GreaterThan(Vector256.Abs(x), Vector256.Create(HugeAngle.Ordinary32)), Vector256.Load(lanes), ordinary);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<float> OfHuge(Vector512<float> x, Vector512<float> ordinary, BinaryOperation operation)
    {
        var lanes = stackalloc float[HugeAngleLoop.MaximumCount];
        x.Store(lanes);
        HugeAngleLoop.Of(operation).Run(lanes, Vector512<float>.Count);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(Vector512.Abs(x), Vector512.Create(HugeAngle.Ordinary32)), Vector512.Load(lanes), ordinary);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasHuge(Vector128<double> x) => Vector128.GreaterThanAny(Vector128.Abs(x), Vector128.Create(HugeAngle.Ordinary));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasHuge(Vector256<double> x) => Vector256.GreaterThanAny(Vector256.Abs(x), Vector256.Create(HugeAngle.Ordinary));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasHuge(Vector512<double> x) => Vector512.GreaterThanAny(Vector512.Abs(x), Vector512.Create(HugeAngle.Ordinary));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasHuge(Vector128<float> x) => Vector128.GreaterThanAny(Vector128.Abs(x), Vector128.Create(HugeAngle.Ordinary32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasHuge(Vector256<float> x) => Vector256.GreaterThanAny(Vector256.Abs(x), Vector256.Create(HugeAngle.Ordinary32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasHuge(Vector512<float> x) => Vector512.GreaterThanAny(Vector512.Abs(x), Vector512.Create(HugeAngle.Ordinary32));
}

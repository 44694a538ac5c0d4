using System.Runtime.CompilerServices;

namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>Arithmetic on f32 or f64, whichever the caller is compiled for.</summary>
internal static class Numbers<T>
    where T : unmanaged
{
    /// <summary>The least finite number.</summary>
    public static T Least => FromDouble(typeof(T) == typeof(float) ? float.MinValue : double.MinValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Add(T left, T right) => typeof(T) == typeof(float)
        ? Unsafe.BitCast<float, T>(Unsafe.BitCast<T, float>(left) + Unsafe.BitCast<T, float>(right))
        : Unsafe.BitCast<double, T>(Unsafe.BitCast<T, double>(left) + Unsafe.BitCast<T, double>(right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MultiplyAdd(T left, T right, T addend) => typeof(T) == typeof(float)
        ? Unsafe.BitCast<float, T>(
            float.MultiplyAddEstimate(Unsafe.BitCast<T, float>(left), Unsafe.BitCast<T, float>(right), Unsafe.BitCast<T, float>(addend)))
        : Unsafe.BitCast<double, T>(
            double.MultiplyAddEstimate(Unsafe.BitCast<T, double>(left), Unsafe.BitCast<T, double>(right), Unsafe.BitCast<T, double>(addend)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T FromDouble(double value) =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)value) : Unsafe.BitCast<double, T>(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ToDouble(T value) =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<T, float>(value) : Unsafe.BitCast<T, double>(value);
}

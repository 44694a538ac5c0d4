using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TensorCell.Kernels.Simd;

/// <summary>Conversions lane by lane, between vectors of equally many lanes. To integers they truncate and saturate; NaN becomes 0.</summary>
internal static unsafe partial class LaneHelpers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ToSingle(Vector128<int> value) => Vector128.ConvertToSingle(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ToSingle(Vector256<int> value) => Vector256.ConvertToSingle(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ToSingle(Vector512<int> value) => Vector512.ConvertToSingle(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ToSingle(Vector256<double> value) => Avx.IsSupported
        ? Avx.ConvertToVector128Single(value)
        : Vector128.Narrow(value.GetLower(), value.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ToSingle(Vector512<double> value) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector256Single(value)
        : Vector256.Create(ToSingle(value.GetLower()), ToSingle(value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ToSingle(Vector256<long> value) => Avx512DQ.VL.IsSupported
        ? Avx512DQ.VL.ConvertToVector128Single(value)
        : Vector128.Create((float)value[0], value[1], value[2], value[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ToSingle(Vector512<long> value) => Avx512DQ.IsSupported
        ? Avx512DQ.ConvertToVector256Single(value)
        : Vector256.Create(ToSingle(value.GetLower()), ToSingle(value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> ToDouble(Vector128<float> value) => Avx.IsSupported
        ? Avx.ConvertToVector256Double(value)
        : Vector256.Create(Vector128.WidenLower(value), Vector128.WidenUpper(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> ToDouble(Vector256<float> value) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector512Double(value)
        : Vector512.Create(ToDouble(value.GetLower()), ToDouble(value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> ToDouble(Vector128<int> value) => Avx.IsSupported
        ? Avx.ConvertToVector256Double(value)
        : Vector256.Create(Vector128.ConvertToDouble(Vector128.WidenLower(value)), Vector128.ConvertToDouble(Vector128.WidenUpper(value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> ToDouble(Vector256<int> value) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector512Double(value)
        : Vector512.Create(ToDouble(value.GetLower()), ToDouble(value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> ToDouble(Vector128<long> value) => Vector128.ConvertToDouble(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> ToDouble(Vector256<long> value) => Vector256.ConvertToDouble(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> ToDouble(Vector512<long> value) => Vector512.ConvertToDouble(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ToInt32(Vector128<float> value) => Vector128.ConvertToInt32(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ToInt32(Vector256<float> value) => Vector256.ConvertToInt32(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> ToInt32(Vector512<float> value) => Vector512.ConvertToInt32(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ToInt32(Vector256<double> value)
    {
        var number = Vector256.ConditionalSelect(Vector256.Equals(value, value), value, Vector256<double>.Zero);
        var bounded = Vector256.MinNative(
            Vector256.MaxNative(number, Vector256.Create((double)int.MinValue)), Vector256.Create((double)int.MaxValue));
        return Avx.IsSupported
            ? Avx.ConvertToVector128Int32WithTruncation(bounded)
            : Vector128.Create((int)bounded[0], (int)bounded[1], (int)bounded[2], (int)bounded[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ToInt32(Vector512<double> value)
    {
        if (!Avx512F.IsSupported)
        {
            return Vector256.Create(ToInt32(value.GetLower()), ToInt32(value.GetUpper()));
        }

        var number = Vector512.ConditionalSelect(Vector512.Equals(value, value), value, Vector512<double>.Zero);
        return Avx512F.ConvertToVector256Int32WithTruncation(Vector512.MinNative(
            Vector512.MaxNative(number, Vector512.Create((double)int.MinValue)), Vector512.Create((double)int.MaxValue)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ToInt32(Vector256<long> value) => Avx512F.VL.IsSupported
        ? Avx512F.VL.ConvertToVector128Int32(value)
        : Vector128.Narrow(value.GetLower(), value.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ToInt32(Vector512<long> value) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector256Int32(value)
        : Vector256.Create(ToInt32(value.GetLower()), ToInt32(value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> ToInt64(Vector128<int> value) => Avx2.IsSupported
        ? Avx2.ConvertToVector256Int64(value)
        : Vector256.Create(Vector128.WidenLower(value), Vector128.WidenUpper(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> ToInt64(Vector256<int> value) => Avx512F.IsSupported
        ? Avx512F.ConvertToVector512Int64(value)
        : Vector512.Create(ToInt64(value.GetLower()), ToInt64(value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> ToInt64(Vector128<float> value) => ToInt64(ToDouble(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> ToInt64(Vector256<float> value) => ToInt64(ToDouble(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> ToInt64(Vector128<double> value) => Vector128.ConvertToInt64(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> ToInt64(Vector256<double> value) => Vector256.ConvertToInt64(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> ToInt64(Vector512<double> value) => Vector512.ConvertToInt64(value);
}

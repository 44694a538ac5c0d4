using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>What masks add to scores, in units of ln 2: 0 and -∞ for bool masks.</summary>
/// <param name="problem">What is computed; its mask is there.</param>
internal readonly unsafe struct MaskRows<TSimd, TVector, T>(AttentionProblem problem)
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private static readonly double log2OfE = 1 / Math.Log(2);
    private readonly MatrixStack mask = problem.Mask!;

    /// <summary>What is added to the scores of one row.</summary>
    /// <param name="group">Which group.</param>
    /// <param name="row">Which row of it.</param>
    /// <param name="first">The first key.</param>
    /// <param name="keys">How many keys.</param>
    /// <param name="target">Receives as many numbers.</param>
    /// <returns>Whether any key is visible.</returns>
    public bool Read(int group, nint row, nint first, nint keys, T* target)
    {
        MatrixOperand source = problem.RowOf(mask, group, row);
        source = source.Offset(first * source.ColumnStride, mask.ElementSize);
        if (mask.ElementSize == 1)
        {
            return ReadBool((byte*)source.Address, (nint)source.ColumnStride, keys, target);
        }

        return ReadNumbers((T*)source.Address, (nint)source.ColumnStride, keys, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool ReadBool(byte* source, nint stride, nint keys, T* target)
    {
        T hidden = Numbers<T>.FromDouble(double.NegativeInfinity);
        nint key = 0;
        byte any = 0;
        if (stride == 1 && sizeof(T) == sizeof(float))
        {
            for (; key + 16 <= keys; key += 16)
            {
                Vector128<byte> bytes = Vector128.Load(source + key);
                (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Equals(bytes, Vector128<byte>.Zero));
                any |= bytes == Vector128<byte>.Zero ? (byte)0 : (byte)1;
                Store(low, (float*)target + key);
                Store(high, (float*)target + key + 8);
            }
        }

        for (; key < keys; key++)
        {
            byte sees = source[key * stride];
            target[key] = sees == 0 ? hidden : default;
            any |= sees;
        }

        return any != 0;
    }

    // Where the number is not 0, -∞.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<ushort> hides, float* target)
    {
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(hides);
        Vector128<uint> hidden = Vector128.Create(float.NegativeInfinity).AsUInt32();
        Vector128.AndNot(hidden, Vector128.Equals(low, Vector128<uint>.Zero)).AsSingle().Store(target);
        Vector128.AndNot(hidden, Vector128.Equals(high, Vector128<uint>.Zero)).AsSingle().Store(target + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool ReadNumbers(T* source, nint stride, nint keys, T* target)
    {
        // Finite numbers stay so, since masks that hide by the least one leave a row that sees nothing the mean of its values.
        T least = Numbers<T>.Least;
        T hidden = Numbers<T>.FromDouble(double.NegativeInfinity);
        TVector leasts = TSimd.Broadcast(&least);
        TVector hiddens = TSimd.Broadcast(&hidden);
        TVector units = TSimd.Fill(log2OfE);
        TVector greatest = hiddens;
        nint key = 0;
        if (stride == 1)
        {
            for (; key + TSimd.Count <= keys; key += TSimd.Count)
            {
                TVector numbers = TSimd.Load(source + key);
                TVector scaled = TSimd.WhereLess(numbers, leasts, hiddens, TSimd.Max(leasts, TSimd.Multiply(numbers, units)));
                greatest = TSimd.Max(greatest, scaled);
                TSimd.Store(scaled, target + key);
            }
        }

        bool any = IsAnyAbove(greatest);
        for (; key < keys; key++)
        {
            double number = Numbers<T>.ToDouble(source[key * stride]);
            any |= number != double.NegativeInfinity;
            double lowest = Numbers<T>.ToDouble(least);
            target[key] = number < lowest ? hidden : Numbers<T>.FromDouble(number * log2OfE < lowest ? lowest : number * log2OfE);
        }

        return any;
    }

    private static bool IsAnyAbove(TVector greatest)
    {
        T* lanes = stackalloc T[TSimd.Count];
        TSimd.Store(greatest, lanes);
        for (int lane = 0; lane < TSimd.Count; lane++)
        {
            if (Numbers<T>.ToDouble(lanes[lane]) != double.NegativeInfinity)
            {
                return true;
            }
        }

        return false;
    }
}

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
    private readonly MatrixStack mask = problem.Mask!;

    /// <summary>What is added to the scores of one row.</summary>
    /// <param name="group">Which group.</param>
    /// <param name="row">Which row of it.</param>
    /// <param name="first">The first key.</param>
    /// <param name="keys">How many keys.</param>
    /// <param name="target">Receives as many numbers.</param>
    public MaskEffect Read(int group, nint row, nint first, nint keys, T* target)
    {
        MatrixOperand source = problem.RowOf(mask, group, row);
        return Read(source.Offset(first * source.ColumnStride, mask.ElementSize), keys, target);
    }

    /// <summary>What is added to the scores of a panel: for each key, one lane for each row. Only written if it leaves and changes any.</summary>
    /// <param name="group">Which group.</param>
    /// <param name="row">The first row.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="first">The first key.</param>
    /// <param name="keys">How many keys.</param>
    /// <param name="columns">Lanes for each key.</param>
    /// <param name="space">Room for all rows.</param>
    /// <param name="target">Receives the panel.</param>
    public MaskEffect ReadPanel(int group, nint row, int rows, nint first, nint keys, int columns, T* space, T* target)
    {
        MatrixOperand source = problem.RowOf(mask, group, row);
        source = source.Offset(first * source.ColumnStride, mask.ElementSize);
        bool isOfOneHead = (row % problem.Queries) + rows <= problem.Queries;
        if (isOfOneHead && source.RowStride == 0)
        {
            return Spread(Read(source, keys, space), keys, columns, space, target);
        }

        if (isOfOneHead && source.ColumnStride == 1 && mask.ElementSize == sizeof(T))
        {
            Packing<T>.Pack((T*)source.Address, (nint)source.RowStride, 1, rows, columns, keys, target, 0);
            return ToUnits(target, keys * columns);
        }

        MaskEffect effect = default;
        for (int index = 0; index < rows; index++)
        {
            effect |= isOfOneHead
                ? Read(source.Offset(index * source.RowStride, mask.ElementSize), keys, space + (index * keys))
                : Read(group, row + index, first, keys, space + (index * keys));
        }

        if (effect.Sees && effect.Changes)
        {
            Packing<T>.Pack(space, keys, 1, rows, columns, keys, target, 0);
        }

        return effect;
    }

    private static MaskEffect Spread(MaskEffect effect, nint keys, int columns, T* row, T* target)
    {
        for (nint key = 0; key < keys && effect.Sees && effect.Changes; key++)
        {
            new Span<T>(target + (key * columns), columns).Fill(row[key]);
        }

        return effect;
    }

    private MaskEffect Read(MatrixOperand source, nint keys, T* target)
    {
        nint stride = (nint)source.ColumnStride;
        if (mask.ElementSize == 1)
        {
            return ReadBool((byte*)source.Address, stride, keys, target);
        }

        for (nint key = 0; key < keys; key++)
        {
            target[key] = ((T*)source.Address)[key * stride];
        }

        return ToUnits(target, keys);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static MaskEffect ReadBool(byte* source, nint stride, nint keys, T* target)
    {
        T hidden = Numbers<T>.FromDouble(double.NegativeInfinity);
        nint key = 0;
        bool sees = false;
        bool hides = false;
        if (stride == 1 && sizeof(T) == sizeof(float))
        {
            for (; key + Vector128<byte>.Count <= keys; key += Vector128<byte>.Count)
            {
                Vector128<byte> hiding = Vector128.Equals(Vector128.Load(source + key), Vector128<byte>.Zero);
                hides |= hiding != Vector128<byte>.Zero;
                sees |= hiding != Vector128<byte>.AllBitsSet;
                (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(hiding);
                Store(low, (float*)target + key);
                Store(high, (float*)target + key + Vector128<ushort>.Count);
            }
        }

        for (; key < keys; key++)
        {
            bool isHidden = source[key * stride] == 0;
            target[key] = isHidden ? hidden : default;
            hides |= isHidden;
            sees |= !isHidden;
        }

        return new MaskEffect(sees, hides);
    }

    // -∞ where the number is not 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<ushort> hides, float* target)
    {
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(hides);
        Vector128<uint> hidden = Vector128.Create(float.NegativeInfinity).AsUInt32();
        Vector128.AndNot(hidden, Vector128.Equals(low, Vector128<uint>.Zero)).AsSingle().Store(target);
        Vector128.AndNot(hidden, Vector128.Equals(high, Vector128<uint>.Zero)).AsSingle().Store(target + Vector128<uint>.Count);
    }

    /// <summary>Converts numbers to units of ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static MaskEffect ToUnits(T* numbers, nint count)
    {
        // Finite numbers stay so, since masks that hide by the least one leave a row that sees nothing the mean of its values.
        double log2OfE = 1 / Math.Log(2);
        double lowest = Numbers<T>.ToDouble(Numbers<T>.Least);
        TVector least = TSimd.Fill(lowest);
        TVector hidden = TSimd.Fill(double.NegativeInfinity);
        TVector units = TSimd.Fill(log2OfE);
        TVector greatest = hidden;
        nint index = 0;
        for (; index + TSimd.Count <= count; index += TSimd.Count)
        {
            TVector given = TSimd.Load(numbers + index);
            TVector scaled = TSimd.WhereLess(given, least, hidden, TSimd.Max(least, TSimd.Multiply(given, units)));
            greatest = TSimd.Max(greatest, scaled);
            TSimd.Store(scaled, numbers + index);
        }

        bool sees = IsAnySeen(greatest);
        for (; index < count; index++)
        {
            double number = Numbers<T>.ToDouble(numbers[index]);
            sees |= number != double.NegativeInfinity;
            numbers[index] = number < lowest ? numbers[index] : Numbers<T>.FromDouble(Math.Max(lowest, number * log2OfE));
        }

        return new MaskEffect(sees, Changes: true);
    }

    private static bool IsAnySeen(TVector greatest)
    {
        T* lanes = stackalloc T[TSimd.Count];
        TSimd.Store(greatest, lanes);
        bool sees = false;
        for (int lane = 0; lane < TSimd.Count; lane++)
        {
            sees |= Numbers<T>.ToDouble(lanes[lane]) != double.NegativeInfinity;
        }

        return sees;
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;

namespace TensorCell.Kernels.Simd;

/// <summary>Finds the index of the first extreme, or of the first NaN; an index of -1 stands for no value yet.</summary>
internal sealed unsafe class IndexFold<T, TAccumulator, TOperation> : Fold
    where T : unmanaged
    where TAccumulator : unmanaged, INumber<TAccumulator>
    where TOperation : IFoldOperation<TAccumulator>
{
    public override bool IsIndexed => true;

    public override void Clear(long* accumulators, long* indices, int count)
    {
        new Span<TAccumulator>(accumulators, count).Fill(TOperation.Identity);
        new Span<long>(indices, count).Fill(-1);
    }

    public override void Row(byte* values, int count, long first, long* accumulator, long* index)
    {
        var extreme = ValueFold<T, TAccumulator, TOperation>.Total((T*)values, count);
        if (Beats(extreme, *(TAccumulator*)accumulator, *index))
        {
            var at = 0;
            while (!Same(ValueFold<T, TAccumulator, TOperation>.Widen(((T*)values)[at]), extreme))
            {
                at++;
            }

            *(TAccumulator*)accumulator = extreme;
            *index = first + at;
        }
    }

    public override void Rows(byte* values, int count, int rows, long* accumulators, long* indices)
    {
        for (var row = 0; row < rows; row++)
        {
            Row(values + ((long)row * count * sizeof(T)), count, 0, accumulators + row, indices + row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Columns(byte* values, int count, long at, long* accumulators, long* indices)
    {
        for (var i = 0; i < count; i++)
        {
            var value = ValueFold<T, TAccumulator, TOperation>.Widen(((T*)values)[i]);
            if (Beats(value, ((TAccumulator*)accumulators)[i], indices[i]))
            {
                ((TAccumulator*)accumulators)[i] = value;
                indices[i] = at;
            }
        }
    }

    public override void Combine(long* later, long* laterIndices, int count, long* accumulators, long* indices)
    {
        for (var i = 0; i < count; i++)
        {
            if (laterIndices[i] >= 0 && Beats(((TAccumulator*)later)[i], ((TAccumulator*)accumulators)[i], indices[i]))
            {
                accumulators[i] = later[i];
                indices[i] = laterIndices[i];
            }
        }
    }

    /// <summary>Whether a later value takes the place of the one at an index.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Beats(TAccumulator value, TAccumulator best, long index) =>
        index < 0 || (value != best && !TAccumulator.IsNaN(best) && Same(TOperation.Apply(value, best), value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Same(TAccumulator x, TAccumulator y) => x == y || (TAccumulator.IsNaN(x) && TAccumulator.IsNaN(y));
}

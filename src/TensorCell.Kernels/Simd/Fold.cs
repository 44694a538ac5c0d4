using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Folds contiguous values into accumulators of eight bytes: f64 for floating-point values, i64 for integers, so that a sum of f32 is rounded
/// to f32 only at the end and, in long rows, within groups of eight values.
/// </summary>
internal abstract unsafe class Fold
{
    /// <summary>Whether accumulators have an index beside them.</summary>
    public abstract bool IsIndexed { get; }

    /// <summary>The fold of an operation over values of a type.</summary>
    public static Fold Of(ReduceOperation operation, DType type) => type switch
    {
        DType.Float32 => Of<float, double>(operation),
        DType.Float64 => Of<double, double>(operation),
        DType.Int32 => Of<int, long>(operation),
        DType.Int64 => Of<long, long>(operation),
        _ => throw Throw.OperationUndefined(operation.ToString(), type),
    };

    /// <summary>Sets accumulators to what changes nothing.</summary>
    public abstract void Clear(long* accumulators, long* indices, int count);

    /// <summary>Folds values that follow one another into one accumulator.</summary>
    /// <param name="values">The values.</param>
    /// <param name="count">How many.</param>
    /// <param name="first">The index of the first.</param>
    /// <param name="accumulator">Where to.</param>
    /// <param name="index">Where the index of an extreme goes.</param>
    public abstract void Row(byte* values, int count, long first, long* accumulator, long* index);

    /// <summary>Folds rows of values that follow one another, each into an accumulator of its own that holds nothing yet.</summary>
    /// <param name="values">The values.</param>
    /// <param name="count">How many a row has.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="accumulators">Where to.</param>
    /// <param name="indices">Where the indices of extremes go.</param>
    public abstract void Rows(byte* values, int count, int rows, long* accumulators, long* indices);

    /// <summary>Folds each value into the accumulator of its own place.</summary>
    /// <param name="values">The values.</param>
    /// <param name="count">How many.</param>
    /// <param name="at">Their index along the fold.</param>
    /// <param name="accumulators">Where to.</param>
    /// <param name="indices">Where the indices of extremes go.</param>
    public abstract void Columns(byte* values, int count, long at, long* accumulators, long* indices);

    /// <summary>Folds accumulators of later values into those of earlier ones.</summary>
    public abstract void Combine(long* later, long* laterIndices, int count, long* accumulators, long* indices);

    private static Fold Of<T, TAccumulator>(ReduceOperation operation)
        where T : unmanaged
        where TAccumulator : unmanaged, System.Numerics.INumber<TAccumulator>, System.Numerics.IMinMaxValue<TAccumulator> => operation switch
        {
            ReduceOperation.Max => new ValueFold<T, TAccumulator, MaxFold<TAccumulator>>(),
            ReduceOperation.Min => new ValueFold<T, TAccumulator, MinFold<TAccumulator>>(),
            ReduceOperation.ArgMax => new IndexFold<T, TAccumulator, MaxFold<TAccumulator>>(),
            ReduceOperation.ArgMin => new IndexFold<T, TAccumulator, MinFold<TAccumulator>>(),
            _ => new ValueFold<T, TAccumulator, SumFold<TAccumulator>>(),
        };
}

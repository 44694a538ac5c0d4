using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Folds values. Those of a line are folded lane by lane of <see cref="VectorBytes"/>, and the lanes at its end; sums of f32 are carried on in f64, but
/// within a <see cref="Group"/> of vectors, where every other one is added up in f32 and then these two sums: widening every value would take longer than
/// memory takes to deliver it. So would widening every eighth, where lines are long: there every fourth of a <see cref="LongGroup"/> is added up so.
/// Across lines, each place is folded in groups, with lines for vectors. Compiled lines fold in the same order.
/// </summary>
internal abstract unsafe class Fold
{
    /// <summary>Bytes of the vectors that a line's values are folded in, whatever the hardware's.</summary>
    public const int VectorBytes = 64;

    /// <summary>How many vectors, or lines, are folded by themselves before what they come to is.</summary>
    public const int Group = 8;

    /// <summary>How many vectors of f32 are added up by themselves, as long as a line has that many more.</summary>
    public const int LongGroup = 64;

    /// <summary>How many sums they are added up in.</summary>
    public const int Chains = 4;

    /// <summary>Bytes of what a line has come to so far.</summary>
    public const int StateBytes = 2 * VectorBytes;

    /// <summary>Whether what values come to has an index beside it.</summary>
    public abstract bool IsIndexed { get; }

    /// <summary>Bytes of what values across lines have come to so far, for each place.</summary>
    public abstract int PlaceBytes { get; }

    /// <summary>The fold of an operation over values of a type.</summary>
    public static Fold Of(ReduceOperation operation, DType type) => type switch
    {
        DType.Float32 => Of<float, double>(operation),
        DType.Float64 => Of<double, double>(operation),
        DType.Int32 => Of<int, long>(operation),
        DType.Int64 => Of<long, long>(operation),
        _ => throw Throw.OperationUndefined(operation.ToString(), type),
    };

    /// <summary>Sets the states of lines to what changes nothing.</summary>
    public abstract void Clear(byte* states, int lines);

    /// <summary>Folds values that follow one another into the state of their line.</summary>
    /// <param name="values">The values.</param>
    /// <param name="count">How many: whole long groups, unless they are the line's last.</param>
    /// <param name="first">The index of the first.</param>
    /// <param name="state">The state.</param>
    public abstract void Line(byte* values, long count, long first, byte* state);

    /// <summary>What lines have come to: eight bytes each, f64 or i64, and the index if there is one.</summary>
    public abstract void Finish(byte* states, int lines, long* totals, long* indices);

    /// <summary>Whether a total may only have overflowed on the way.</summary>
    public virtual bool IsOverflown(long total) => false;

    /// <summary>Folds values without any chance that they overflow on the way, into a total that begins with 0.</summary>
    public virtual void LineSafely(byte* values, long count, long* total) => throw new NotSupportedException();

    /// <summary>Sets the state of a number of places to what changes nothing.</summary>
    public abstract void ClearPlaces(byte* state, int places);

    /// <summary>Folds lines into the state of their places.</summary>
    /// <param name="values">The first line.</param>
    /// <param name="stride">Bytes from one line to the next.</param>
    /// <param name="lines">How many: whole groups, unless they are the last.</param>
    /// <param name="places">How many places, all of the state.</param>
    /// <param name="first">The index of the first line.</param>
    /// <param name="state">The state.</param>
    public abstract void Across(byte* values, long stride, long lines, int places, long first, byte* state);

    /// <summary>What places have come to.</summary>
    public abstract void FinishPlaces(byte* state, int places, long* totals, long* indices);

    /// <summary>Folds lines without any chance that they overflow on the way, into totals that begin with 0.</summary>
    public virtual void AcrossSafely(byte* values, long stride, long lines, int places, long* totals) => throw new NotSupportedException();

    /// <summary>Folds totals of later values into those of earlier ones.</summary>
    public abstract void Combine(long* later, long* laterIndices, long count, long* totals, long* indices);

    /// <summary>Combines the totals of blocks that follow one another into those of the first: halves before the whole, for accuracy.</summary>
    /// <param name="totals">The first block's.</param>
    /// <param name="indices">And their indices.</param>
    /// <param name="stride">From one block's to the next one's.</param>
    /// <param name="blocks">How many blocks.</param>
    /// <param name="count">How many totals each has.</param>
    public void CombineBlocks(long* totals, long* indices, long stride, long blocks, long count)
    {
        if (blocks > 1)
        {
            long earlier = blocks / 2;
            CombineBlocks(totals, indices, stride, earlier, count);
            CombineBlocks(totals + (earlier * stride), indices + (earlier * stride), stride, blocks - earlier, count);
            Combine(totals + (earlier * stride), indices + (earlier * stride), count, totals, indices);
        }
    }

    /// <summary>Writes results.</summary>
    /// <param name="operation">Which ones.</param>
    /// <param name="type">Their type.</param>
    /// <param name="totals">What values came to.</param>
    /// <param name="indices">The indices beside them.</param>
    /// <param name="count">How many.</param>
    /// <param name="values">Of how many values each is the result.</param>
    /// <param name="target">Where the first goes.</param>
    /// <param name="stride">Bytes from one to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(ReduceOperation operation, DType type, long* totals, long* indices, long count, long values, byte* target, long stride)
    {
        long* from = IsIndexed ? indices : totals;
        double divisor = operation == ReduceOperation.Mean ? values : 1;
        for (long i = 0; i < count; i++, target += stride)
        {
            switch (type)
            {
                case DType.Float32:
                    *(float*)target = (float)(BitConverter.Int64BitsToDouble(from[i]) / divisor);
                    break;
                case DType.Float64:
                    *(double*)target = BitConverter.Int64BitsToDouble(from[i]) / divisor;
                    break;
                case DType.Int32:
                    *(int*)target = (int)from[i];
                    break;
                default:
                    *(long*)target = from[i];
                    break;
            }
        }
    }

    private static Fold Of<T, TTotal>(ReduceOperation operation)
        where T : unmanaged, System.Numerics.INumber<T>, System.Numerics.IMinMaxValue<T>
        where TTotal : unmanaged, System.Numerics.INumber<TTotal>, System.Numerics.IMinMaxValue<TTotal> => operation switch
        {
            ReduceOperation.Max => new ValueFold<T, T, MaxFold>(),
            ReduceOperation.Min => new ValueFold<T, T, MinFold>(),
            ReduceOperation.ArgMax => new IndexFold<T, TTotal, MaxFold>(),
            ReduceOperation.ArgMin => new IndexFold<T, TTotal, MinFold>(),
            _ when typeof(T) == typeof(float) => new ValueFold<float, double, SumFold>(),
            _ => new ValueFold<T, T, SumFold>(),
        };
}

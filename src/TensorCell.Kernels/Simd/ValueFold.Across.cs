using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

// Across lines.
internal sealed unsafe partial class ValueFold<T, TState, TOperation>
{
    public override void ClearPlaces(byte* state, int places) => new Span<TState>(state, places).Fill(TOperation.Identity<TState>());

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Across(byte* values, long stride, long lines, int places, long first, byte* state)
    {
        for (; lines >= Group; lines -= Group, values += Group * stride)
        {
            int place = 0;
            for (; place <= places - Lanes; place += Lanes)
            {
                byte* from = values + (place * sizeof(T));
                Vector512<T> even = Vector512.Load((T*)from);
                Vector512<T> odd = Vector512.Load((T*)(from + stride));
                for (int i = 2; i < Group; i += 2)
                {
                    even = TOperation.Apply(even, Vector512.Load((T*)(from + (i * stride))));
                    odd = TOperation.Apply(odd, Vector512.Load((T*)(from + ((i + 1) * stride))));
                }

                Accumulate(TOperation.Apply(even, odd), (TState*)state + place);
            }

            for (; place < places; place++)
            {
                byte* from = values + (place * sizeof(T));
                T even = *(T*)from;
                T odd = *(T*)(from + stride);
                for (int i = 2; i < Group; i += 2)
                {
                    even = TOperation.Apply(even, *(T*)(from + (i * stride)));
                    odd = TOperation.Apply(odd, *(T*)(from + ((i + 1) * stride)));
                }

                ((TState*)state)[place] = TOperation.Apply(((TState*)state)[place], Wide(TOperation.Apply(even, odd)));
            }
        }

        for (; lines > 0; lines--, values += stride)
        {
            int place = 0;
            for (; place <= places - Lanes; place += Lanes)
            {
                Accumulate(Vector512.Load((T*)values + place), (TState*)state + place);
            }

            for (; place < places; place++)
            {
                ((TState*)state)[place] = TOperation.Apply(((TState*)state)[place], Wide(((T*)values)[place]));
            }
        }
    }

    public override void FinishPlaces(byte* state, int places, long* totals, long* indices)
    {
        for (int place = 0; place < places; place++)
        {
            totals[place] = Total(((TState*)state)[place]);
        }
    }

    public override void AcrossSafely(byte* values, long stride, long lines, int places, long* totals)
    {
        for (; lines > 0; lines--, values += stride)
        {
            for (int place = 0; place < places; place++)
            {
                ((double*)totals)[place] += ((float*)values)[place];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(Vector512<T> values, TState* state)
    {
        TOperation.Apply(Vector512.Load(state), Half(values, 0)).Store(state);
        if (Widens)
        {
            TOperation.Apply(Vector512.Load(state + (Lanes / 2)), Half(values, 1)).Store(state + (Lanes / 2));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TState Wide(T value)
    {
        if (Widens)
        {
            double wide = Unsafe.BitCast<T, float>(value);
            return Unsafe.BitCast<double, TState>(wide);
        }

        return Unsafe.BitCast<T, TState>(value);
    }
}

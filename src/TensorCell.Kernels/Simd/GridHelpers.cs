using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>What compiled grid programs call where vector instructions end: at the edges of views, for scattered elements, and for errors.</summary>
internal static unsafe partial class GridHelpers
{
    /// <summary>Copies the elements that active lanes mean to the frame, and returns where they lie there; what other lanes get means nothing.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static byte* LoadEdge(byte* view, byte* frame, int access, int shape, ulong bits, long i0, long i1, long i2, long i3)
    {
        var data = frame + GridLayout.Data;
        if (bits == 0)
        {
            return data;
        }

        var size = (int)Field(view, GridLayout.ElementSize);
        var at = stackalloc long[4] { i0, i1, i2, i3 };
        var (from, to) = Run(view, access, shape, bits, at);
        if (to > from)
        {
            at[(shape >> 4) & 0xF] += from;
            Unsafe.CopyBlockUnaligned(data + (from * size), Place(view, shape, at), (uint)((to - from) * size));
        }

        return data;
    }

    /// <summary>Copies the elements of active lanes from the frame to where they belong.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void StoreEdge(byte* view, byte* frame, int access, int shape, ulong bits, long i0, long i1, long i2, long i3)
    {
        if (bits == 0)
        {
            return;
        }

        var data = frame + GridLayout.Data;
        var size = (int)Field(view, GridLayout.ElementSize);
        var at = stackalloc long[4] { i0, i1, i2, i3 };
        Run(view, access, shape, bits, at);
        var target = Place(view, shape, at);
        while (bits != 0)
        {
            // Runs of active lanes: most often there is one.
            var from = System.Numerics.BitOperations.TrailingZeroCount(bits);
            var count = System.Numerics.BitOperations.TrailingZeroCount(~(bits >> from));
            Unsafe.CopyBlockUnaligned(target + (from * size), data + (from * size), (uint)(count * size));
            bits = from + count >= 64 ? 0 : bits >> (from + count) << (from + count);
        }
    }

    /// <summary>Checks the elements that active lanes of a contiguous access mean, and returns from which lane on to which they exist.</summary>
    private static (int From, int To) Run(byte* view, int access, int shape, ulong bits, long* at)
    {
        var items = (shape >> 8) & 0xFF;
        var dimension = (shape >> 4) & 0xF;
        var extent = Field(view, GridLayout.Lengths + (dimension * sizeof(long)));
        var first = at[dimension];
        var from = (int)Math.Clamp(-first, 0, items);
        var to = (int)Math.Clamp(extent - first, from, items);
        if ((shape & GridAccess.UncheckedBit) != 0)
        {
            return (from, to);
        }

        var lowest = System.Numerics.BitOperations.TrailingZeroCount(bits);
        var highest = 63 - System.Numerics.BitOperations.LeadingZeroCount(bits);
        var rank = shape & 0xF;
        for (var d = 0; d < rank; d++)
        {
            var length = Field(view, GridLayout.Lengths + (d * sizeof(long)));
            if (d != dimension && (ulong)at[d] >= (ulong)length)
            {
                throw new GridFault(access, d, at[d], length);
            }
        }

        if (lowest < from || highest >= to)
        {
            var lane = lowest < from ? lowest : System.Numerics.BitOperations.TrailingZeroCount(bits >> to << to);
            var index = first + lane;
            throw new GridFault(access, dimension, (shape & GridAccess.WrapBit) != 0 ? (int)index : index, extent);
        }

        return (from, to);
    }

    /// <summary>The address of an element that is known to exist.</summary>
    private static byte* Place(byte* view, int shape, long* at)
    {
        var address = (byte*)Field(view, GridLayout.Address);
        var rank = shape & 0xF;
        for (var d = 0; d < rank; d++)
        {
            address += at[d] * Field(view, GridLayout.Strides + (d * sizeof(long)));
        }

        return address;
    }

    /// <summary>As <see cref="LoadEdge"/>, where the frame has a vector of indices for each dimension.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static byte* Gather(byte* view, byte* frame, int access, int shape, ulong bits)
    {
        var data = frame + GridLayout.Data;
        var size = (int)Field(view, GridLayout.ElementSize);
        var items = (shape >> 16) & 0xFF;
        if (AlongOne(shape) is >= 0 and var along && bits != 0)
        {
            switch (size)
            {
                case 1:
                    GatherAlong<byte>(view, frame, access, shape, bits, along);
                    break;
                case 2:
                    GatherAlong<short>(view, frame, access, shape, bits, along);
                    break;
                case 4:
                    GatherAlong<int>(view, frame, access, shape, bits, along);
                    break;
                default:
                    GatherAlong<long>(view, frame, access, shape, bits, along);
                    break;
            }

            return data;
        }

        var at = stackalloc long[4];
        for (var lane = 0; lane < items; lane++)
        {
            if ((bits >> lane & 1) == 0)
            {
                Clear(data + (lane * size), size);
                continue;
            }

            ReadIndices(frame, shape, lane, at);
            Copy(Element(view, access, shape, at), data + (lane * size), size);
        }

        return data;
    }

    /// <summary>As <see cref="StoreEdge"/>, where the frame has a vector of indices for each dimension.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Scatter(byte* view, byte* frame, int access, int shape, ulong bits)
    {
        var data = frame + GridLayout.Data;
        var size = (int)Field(view, GridLayout.ElementSize);
        var items = (shape >> 16) & 0xFF;
        var at = stackalloc long[4];
        for (var lane = 0; lane < items; lane++)
        {
            if ((bits >> lane & 1) != 0)
            {
                ReadIndices(frame, shape, lane, at);
                Copy(data + (lane * size), Element(view, access, shape, at), size);
            }
        }
    }

    /// <summary>Copies the first elements of the frame's data, those of active lanes, to where results go.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void StoreResult(byte* target, byte* frame, int size, ulong bits)
    {
        for (var lane = 0; bits >> lane != 0; lane++)
        {
            if ((bits >> lane & 1) != 0)
            {
                Copy(frame + GridLayout.Data + (lane * size), target + (lane * size), size);
            }
        }
    }

    /// <summary>The error of an access whose lanes all mean one element, out of range.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception Fault(byte* view, int access, int shape, long i0, long i1, long i2, long i3)
    {
        var at = stackalloc long[4] { i0, i1, i2, i3 };
        Element(view, access, shape, at);
        return new InvalidOperationException();
    }

    /// <summary>The error of a contiguous access of which an active lane is out of range.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception LaneFault(byte* view, byte* frame, int access, int shape, ulong bits, long i0, long i1, long i2, long i3)
    {
        var at = stackalloc long[4] { i0, i1, i2, i3 };
        Run(view, access, shape, bits, at);
        return new InvalidOperationException();
    }

    /// <summary>The error of an integer divided by zero.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception DivideByZero() => new DivideByZeroException();

    /// <summary>The error of a launch that is to end early.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Exception Stopped()
    {
        Interruption.Check();
        return new OperationCanceledException();
    }

    /// <summary>
    /// What quotients by a number are found from: the next double above its reciprocal in magnitude, so that what divides evenly does not
    /// end below the quotient; 32-bit dividends are too small for it to reach the next.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Reciprocal(int divisor) => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(1.0 / divisor) + 1);

    /// <inheritdoc cref="Reciprocal"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ReciprocalUnsigned(int divisor) => BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(1.0 / (uint)divisor) + 1);

    // Zero is tested for rather than trapped: a trap runs a signal handler, which kernels can do without.
    public static int Quotient(int x, int y) => y == -1 ? unchecked(-x) : y == 0 ? throw new DivideByZeroException() : x / y;

    public static long Quotient(long x, long y) => y == -1 ? unchecked(-x) : y == 0 ? throw new DivideByZeroException() : x / y;

    public static int Remainder(int x, int y) => y == -1 ? 0 : y == 0 ? throw new DivideByZeroException() : x % y;

    public static long Remainder(long x, long y) => y == -1 ? 0 : y == 0 ? throw new DivideByZeroException() : x % y;

    public static int QuotientUnsigned(int x, int y) => y == 0 ? throw new DivideByZeroException() : (int)((uint)x / (uint)y);

    public static long QuotientUnsigned(long x, long y) => y == 0 ? throw new DivideByZeroException() : (long)((ulong)x / (ulong)y);

    public static int RemainderUnsigned(int x, int y) => y == 0 ? throw new DivideByZeroException() : (int)((uint)x % (uint)y);

    public static long RemainderUnsigned(long x, long y) => y == 0 ? throw new DivideByZeroException() : (long)((ulong)x % (ulong)y);

    /// <summary>A word whose lowest bits are set, so many as the number, which may be negative or more than there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long BitsBelow(long count) => count >= 64 ? -1 : count <= 0 ? 0 : (1L << (int)count) - 1;

    /// <summary>A word with one bit set, that of the number; with none, if there is no such bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long BitAt(long bit) => (ulong)bit < 64 ? 1L << (int)bit : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Abs(int x) => (x ^ (x >> 31)) - (x >> 31);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Abs(long x) => (x ^ (x >> 63)) - (x >> 63);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Choose<T>(int condition, T whenTrue, T whenFalse) => condition != 0 ? whenTrue : whenFalse;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadFloat16(byte* source) => (float)Unsafe.ReadUnaligned<Half>(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadBFloat16(byte* source) => BitConverter.UInt32BitsToSingle((uint)Unsafe.ReadUnaligned<ushort>(source) << 16);

    public static void StoreFloat16(byte* target, float value) => Unsafe.WriteUnaligned(target, (Half)value);

    public static void StoreBFloat16(byte* target, float value) => Unsafe.WriteUnaligned(target, BFloat16Bits(value));

    public static float RoundToFloat16(float value) => (float)(Half)value;

    public static float RoundToBFloat16(float value) => BitConverter.UInt32BitsToSingle((uint)BFloat16Bits(value) << 16);

    private static ushort BFloat16Bits(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
    }

    /// <summary>The address of an element, checked.</summary>
    private static byte* Element(byte* view, int access, int shape, long* at)
    {
        var address = (byte*)Field(view, GridLayout.Address);
        var rank = shape & 0xF;
        for (var d = 0; d < rank; d++)
        {
            var extent = Field(view, GridLayout.Lengths + (d * sizeof(long)));
            if ((ulong)at[d] >= (ulong)extent && (shape & GridAccess.UncheckedBit) == 0)
            {
                throw new GridFault(access, d, at[d], extent);
            }

            address += at[d] * Field(view, GridLayout.Strides + (d * sizeof(long)));
        }

        return address;
    }

    /// <summary>The only dimension whose indices differ from lane to lane, or -1.</summary>
    private static int AlongOne(int shape)
    {
        var kinds = (shape >> 4) & 0xFF;
        var dimension = System.Numerics.BitOperations.TrailingZeroCount(kinds) >> 1;
        return kinds != 0 && kinds >> (2 * dimension) <= 3 ? dimension : -1;
    }

    /// <summary>Gathers where one index differs from lane to lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GatherAlong<T>(byte* view, byte* frame, int access, int shape, ulong bits, int along)
        where T : unmanaged
    {
        var origin = (byte*)Field(view, GridLayout.Address);
        var isChecked = (shape & GridAccess.UncheckedBit) == 0;
        var rank = shape & 0xF;
        for (var d = 0; d < rank; d++)
        {
            if (d != along)
            {
                var index = *(long*)(frame + GridLayout.Indices + (d * GridLayout.IndexBytes));
                var length = Field(view, GridLayout.Lengths + (d * sizeof(long)));
                if (isChecked && (ulong)index >= (ulong)length)
                {
                    throw new GridFault(access, d, index, length);
                }

                origin += index * Field(view, GridLayout.Strides + (d * sizeof(long)));
            }
        }

        var indices = frame + GridLayout.Indices + (along * GridLayout.IndexBytes);
        var isWide = ((shape >> (4 + (2 * along))) & 3) == 2;
        var (extent, stride) = (Field(view, GridLayout.Lengths + (along * sizeof(long))), Field(view, GridLayout.Strides + (along * sizeof(long))));
        var data = (T*)(frame + GridLayout.Data);
        var items = (shape >> 16) & 0xFF;
        for (var lane = 0; lane < items; lane++)
        {
            var index = isWide ? ((long*)indices)[lane] : ((int*)indices)[lane];
            if ((bits >> lane & 1) == 0)
            {
                continue;
            }

            if (isChecked && (ulong)index >= (ulong)extent)
            {
                throw new GridFault(access, along, index, extent);
            }

            data[lane] = Unsafe.ReadUnaligned<T>(origin + (index * stride));
        }
    }

    /// <summary>Two bits of the shape say of each dimension whether its indices are one i64, i32 for each lane, or i64 for each lane.</summary>
    private static void ReadIndices(byte* frame, int shape, int lane, long* at)
    {
        var rank = shape & 0xF;
        for (var d = 0; d < rank; d++)
        {
            var indices = frame + GridLayout.Indices + (d * GridLayout.IndexBytes);
            at[d] = ((shape >> (4 + (2 * d))) & 3) switch
            {
                0 => *(long*)indices,
                1 => ((int*)indices)[lane],
                _ => ((long*)indices)[lane],
            };
        }
    }

    private static long Field(byte* block, int offset) => *(long*)(block + offset);

    private static void Clear(byte* target, int size) => Unsafe.InitBlockUnaligned(target, 0, (uint)size);

    private static void Copy(byte* source, byte* target, int size)
    {
        switch (size)
        {
            case 1:
                *target = *source;
                break;
            case 2:
                Unsafe.WriteUnaligned(target, Unsafe.ReadUnaligned<short>(source));
                break;
            case 4:
                Unsafe.WriteUnaligned(target, Unsafe.ReadUnaligned<int>(source));
                break;
            default:
                Unsafe.WriteUnaligned(target, Unsafe.ReadUnaligned<long>(source));
                break;
        }
    }
}

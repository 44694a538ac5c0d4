using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>What compiled grid programs call where vector instructions end: at the edges of views, for scattered elements, and for errors.</summary>
internal static unsafe partial class GridHelpers
{
    /// <summary>Copies the elements that active lanes mean to the frame, those of others being 0, and returns where they lie there.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static byte* LoadEdge(byte* view, byte* frame, int access, int shape, ulong bits, long i0, long i1, long i2, long i3)
    {
        var data = frame + GridLayout.Data;
        var size = (int)Field(view, GridLayout.ElementSize);
        var items = (shape >> 8) & 0xFF;
        var at = stackalloc long[4] { i0, i1, i2, i3 };
        var dimension = (shape >> 4) & 0xF;
        var first = at[dimension];
        for (var lane = 0; lane < items; lane++)
        {
            if ((bits >> lane & 1) == 0)
            {
                Clear(data + (lane * size), size);
                continue;
            }

            at[dimension] = (shape & GridAccess.WrapBit) != 0 ? (int)(first + lane) : first + lane;
            Copy(Element(view, access, shape, at), data + (lane * size), size);
        }

        return data;
    }

    /// <summary>Copies the elements of active lanes from the frame to where they belong.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void StoreEdge(byte* view, byte* frame, int access, int shape, ulong bits, long i0, long i1, long i2, long i3)
    {
        var data = frame + GridLayout.Data;
        var size = (int)Field(view, GridLayout.ElementSize);
        var items = (shape >> 8) & 0xFF;
        var at = stackalloc long[4] { i0, i1, i2, i3 };
        var dimension = (shape >> 4) & 0xF;
        var first = at[dimension];
        for (var lane = 0; lane < items; lane++)
        {
            if ((bits >> lane & 1) != 0)
            {
                at[dimension] = (shape & GridAccess.WrapBit) != 0 ? (int)(first + lane) : first + lane;
                Copy(data + (lane * size), Element(view, access, shape, at), size);
            }
        }
    }

    /// <summary>As <see cref="LoadEdge"/>, where the frame has a vector of indices for each dimension.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static byte* Gather(byte* view, byte* frame, int access, int shape, ulong bits)
    {
        var data = frame + GridLayout.Data;
        var size = (int)Field(view, GridLayout.ElementSize);
        var items = (shape >> 16) & 0xFF;
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
    [MethodImpl(MethodImplOptions.NoInlining)]
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
    [MethodImpl(MethodImplOptions.NoInlining)]
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

    public static int Quotient(int x, int y) => y == -1 ? unchecked(-x) : y == 0 ? throw new DivideByZeroException() : x / y;

    public static long Quotient(long x, long y) => y == -1 ? unchecked(-x) : y == 0 ? throw new DivideByZeroException() : x / y;

    public static int Remainder(int x, int y) => y == -1 ? 0 : y == 0 ? throw new DivideByZeroException() : x % y;

    public static long Remainder(long x, long y) => y == -1 ? 0 : y == 0 ? throw new DivideByZeroException() : x % y;

    public static int QuotientUnsigned(int x, int y) => y == 0 ? throw new DivideByZeroException() : (int)((uint)x / (uint)y);

    public static long QuotientUnsigned(long x, long y) => y == 0 ? throw new DivideByZeroException() : (long)((ulong)x / (ulong)y);

    public static int RemainderUnsigned(int x, int y) => y == 0 ? throw new DivideByZeroException() : (int)((uint)x % (uint)y);

    public static long RemainderUnsigned(long x, long y) => y == 0 ? throw new DivideByZeroException() : (long)((ulong)x % (ulong)y);

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

    public static void StoreBFloat16(byte* target, float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        Unsafe.WriteUnaligned(target, float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16));
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

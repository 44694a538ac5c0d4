using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Graph;

/// <summary>Transposes rectangles in tiles of as many elements each way as a cache line has, each held in the nearest cache.</summary>
internal static unsafe class TransposedTile
{
    private const int LineBytes = 64;

    /// <summary>Rows and columns of a tile.</summary>
    public static int Length<T>()
        where T : unmanaged => LineBytes / sizeof(T);

    /// <summary>Writes <c>output[row * outputStride + column] = input[column * inputStride + row]</c>.</summary>
    /// <param name="input">The first element.</param>
    /// <param name="inputStride">Elements from one column to the next.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="outputStride">Elements from one row to the next.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="isStreamed">Whether to store past the caches where whole lines are written.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(T* input, long inputStride, T* output, long outputStride, long rows, long columns, bool isStreamed)
        where T : unmanaged
    {
        int tile = Length<T>();
        byte* memory = stackalloc byte[(2 * LineBytes * LineBytes / sizeof(T)) + LineBytes];
        T* held = (T*)(((nuint)memory + LineBytes - 1) & ~(nuint)(LineBytes - 1));
        T* turned = held + (tile * tile);
        isStreamed &= ((nuint)output | (nuint)(outputStride * sizeof(T))) % LineBytes == 0;
        for (long column = 0; column < columns; column += tile)
        {
            int width = (int)Math.Min(tile, columns - column);
            for (long row = 0; row < rows; row += tile)
            {
                int height = (int)Math.Min(tile, rows - row);
                T* first = input + (column * inputStride) + row;
                T* target = output + (row * outputStride) + column;
                if (width == tile && height == tile)
                {
                    Hold(first, inputStride, held);
                    Turn(held, turned);
                    Release(turned, target, outputStride, isStreamed);
                }
                else
                {
                    TurnPart(first, inputStride, target, outputStride, height, width, held);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Hold<T>(T* input, long inputStride, T* held)
        where T : unmanaged
    {
        int tile = Length<T>();
        for (int column = 0; column < tile; column++)
        {
            Vector512.Load((byte*)(input + (column * inputStride))).Store((byte*)(held + (column * tile)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Release<T>(T* turned, T* output, long outputStride, bool isStreamed)
        where T : unmanaged
    {
        int tile = Length<T>();
        for (int row = 0; row < tile; row++)
        {
            byte* line = (byte*)(turned + (row * tile));
            byte* target = (byte*)(output + (row * outputStride));
            if (isStreamed)
            {
                Runs.StreamLine(line, target);
            }
            else
            {
                Vector512.Load(line).Store(target);
            }
        }
    }

    /// <summary>Transposes a whole tile in the nearest cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn<T>(T* held, T* turned)
        where T : unmanaged
    {
        int tile = Length<T>();
        if (sizeof(T) >= sizeof(float))
        {
            for (int column = 0; column < tile; column += 4)
            {
                TransposedBlocks.Run(held + (column * tile), tile, turned + column, tile, tile);
            }

            return;
        }

        int side = Vector128<byte>.Count / sizeof(T);
        for (int row = 0; row < tile; row += side)
        {
            for (int column = 0; column < tile; column += side)
            {
                if (sizeof(T) == 1)
                {
                    TurnBytes((byte*)held + (column * tile) + row, (byte*)turned + (row * tile) + column);
                }
                else
                {
                    TurnPairs((ushort*)held + (column * tile) + row, (ushort*)turned + (row * tile) + column);
                }
            }
        }
    }

    /// <summary>
    /// Transposes 16 by 16 bytes in four perfect shuffles (Stone 1971): each interleaves the first half of the elements with the second, which turns
    /// the bits of every element's position by one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TurnBytes(byte* input, byte* output)
    {
        Vector128<byte> a = Vector128.Load(input);
        Vector128<byte> b = Vector128.Load(input + LineBytes);
        Vector128<byte> c = Vector128.Load(input + (2 * LineBytes));
        Vector128<byte> d = Vector128.Load(input + (3 * LineBytes));
        Vector128<byte> e = Vector128.Load(input + (4 * LineBytes));
        Vector128<byte> f = Vector128.Load(input + (5 * LineBytes));
        Vector128<byte> g = Vector128.Load(input + (6 * LineBytes));
        Vector128<byte> h = Vector128.Load(input + (7 * LineBytes));
        Vector128<byte> i = Vector128.Load(input + (8 * LineBytes));
        Vector128<byte> j = Vector128.Load(input + (9 * LineBytes));
        Vector128<byte> k = Vector128.Load(input + (10 * LineBytes));
        Vector128<byte> l = Vector128.Load(input + (11 * LineBytes));
        Vector128<byte> m = Vector128.Load(input + (12 * LineBytes));
        Vector128<byte> n = Vector128.Load(input + (13 * LineBytes));
        Vector128<byte> o = Vector128.Load(input + (14 * LineBytes));
        Vector128<byte> p = Vector128.Load(input + (15 * LineBytes));
        for (int turn = 0; turn < 4; turn++)
        {
            (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) = (
                InterleaveLow(a, i), InterleaveHigh(a, i), InterleaveLow(b, j), InterleaveHigh(b, j),
                InterleaveLow(c, k), InterleaveHigh(c, k), InterleaveLow(d, l), InterleaveHigh(d, l),
                InterleaveLow(e, m), InterleaveHigh(e, m), InterleaveLow(f, n), InterleaveHigh(f, n),
                InterleaveLow(g, o), InterleaveHigh(g, o), InterleaveLow(h, p), InterleaveHigh(h, p));
        }

        a.Store(output);
        b.Store(output + LineBytes);
        c.Store(output + (2 * LineBytes));
        d.Store(output + (3 * LineBytes));
        e.Store(output + (4 * LineBytes));
        f.Store(output + (5 * LineBytes));
        g.Store(output + (6 * LineBytes));
        h.Store(output + (7 * LineBytes));
        i.Store(output + (8 * LineBytes));
        j.Store(output + (9 * LineBytes));
        k.Store(output + (10 * LineBytes));
        l.Store(output + (11 * LineBytes));
        m.Store(output + (12 * LineBytes));
        n.Store(output + (13 * LineBytes));
        o.Store(output + (14 * LineBytes));
        p.Store(output + (15 * LineBytes));
    }

    /// <summary>Transposes 8 by 8 elements of two bytes in three perfect shuffles, as <see cref="TurnBytes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TurnPairs(ushort* input, ushort* output)
    {
        const int line = LineBytes / sizeof(ushort);
        Vector128<ushort> a = Vector128.Load(input);
        Vector128<ushort> b = Vector128.Load(input + line);
        Vector128<ushort> c = Vector128.Load(input + (2 * line));
        Vector128<ushort> d = Vector128.Load(input + (3 * line));
        Vector128<ushort> e = Vector128.Load(input + (4 * line));
        Vector128<ushort> f = Vector128.Load(input + (5 * line));
        Vector128<ushort> g = Vector128.Load(input + (6 * line));
        Vector128<ushort> h = Vector128.Load(input + (7 * line));
        for (int turn = 0; turn < 3; turn++)
        {
            (a, b, c, d, e, f, g, h) = (
                InterleaveLow(a, e), InterleaveHigh(a, e), InterleaveLow(b, f), InterleaveHigh(b, f),
                InterleaveLow(c, g), InterleaveHigh(c, g), InterleaveLow(d, h), InterleaveHigh(d, h));
        }

        a.Store(output);
        b.Store(output + line);
        c.Store(output + (2 * line));
        d.Store(output + (3 * line));
        e.Store(output + (4 * line));
        f.Store(output + (5 * line));
        g.Store(output + (6 * line));
        h.Store(output + (7 * line));
    }

    /// <summary>Transposes what is left at the edges.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TurnPart<T>(T* input, long inputStride, T* output, long outputStride, int rows, int columns, T* held)
        where T : unmanaged
    {
        int tile = Length<T>();
        for (int column = 0; column < columns; column++)
        {
            new ReadOnlySpan<T>(input + (column * inputStride), rows).CopyTo(new Span<T>(held + (column * tile), rows));
        }

        for (int row = 0; row < rows; row++)
        {
            T* line = output + (row * outputStride);
            for (int column = 0; column < columns; column++)
            {
                line[column] = held[(column * tile) + row];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> InterleaveLow(Vector128<byte> a, Vector128<byte> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Interleave(a.GetLower(), b.GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> InterleaveHigh(Vector128<byte> a, Vector128<byte> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Interleave(a.GetUpper(), b.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> InterleaveLow(Vector128<ushort> a, Vector128<ushort> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Interleave(a.GetLower(), b.GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> InterleaveHigh(Vector128<ushort> a, Vector128<ushort> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Interleave(a.GetUpper(), b.GetUpper());

    private static Vector128<byte> Interleave(Vector64<byte> a, Vector64<byte> b)
    {
        (Vector128<ushort> first, Vector128<ushort> second) = (Vector128.WidenLower(a.ToVector128()), Vector128.WidenLower(b.ToVector128()));
        return (first | (second << 8)).AsByte();
    }

    private static Vector128<ushort> Interleave(Vector64<ushort> a, Vector64<ushort> b)
    {
        (Vector128<uint> first, Vector128<uint> second) = (Vector128.WidenLower(a.ToVector128()), Vector128.WidenLower(b.ToVector128()));
        return (first | (second << 16)).AsUInt16();
    }
}

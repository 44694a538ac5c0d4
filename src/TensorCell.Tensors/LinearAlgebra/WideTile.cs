using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using TensorCell.Kernels;

namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>Twelve rows by two vectors: 24 accumulators, for processors with 32 vector registers.</summary>
internal readonly unsafe struct WideTile<TSimd, TVector, T> : ITile<T>
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    public static int Rows => 12;

    public static int Columns => 2 * TSimd.Count;

    public static int Round(int rows) => rows > 8 ? 12 : rows > 4 ? 8 : 4;

    public static void Run(int rows, nint depth, T* a, T* b, nint bStep, T* c, nint cRowStride, bool accumulate)
    {
        switch (Round(rows))
        {
            case 12:
                Run12(depth, a, b, bStep, c, cRowStride, accumulate);
                break;
            case 8:
                Run8(depth, a, b, bStep, c, cRowStride, accumulate);
                break;
            default:
                Run4(depth, a, b, bStep, c, cRowStride, accumulate);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run12(nint depth, T* a, T* b, nint bStep, T* c, nint cRowStride, bool accumulate)
    {
        Prefetch(c, cRowStride, 12);
        TVector left0 = TSimd.Zero, right0 = TSimd.Zero;
        TVector left1 = TSimd.Zero, right1 = TSimd.Zero;
        TVector left2 = TSimd.Zero, right2 = TSimd.Zero;
        TVector left3 = TSimd.Zero, right3 = TSimd.Zero;
        TVector left4 = TSimd.Zero, right4 = TSimd.Zero;
        TVector left5 = TSimd.Zero, right5 = TSimd.Zero;
        TVector left6 = TSimd.Zero, right6 = TSimd.Zero;
        TVector left7 = TSimd.Zero, right7 = TSimd.Zero;
        TVector left8 = TSimd.Zero, right8 = TSimd.Zero;
        TVector left9 = TSimd.Zero, right9 = TSimd.Zero;
        TVector left10 = TSimd.Zero, right10 = TSimd.Zero;
        TVector left11 = TSimd.Zero, right11 = TSimd.Zero;
        for (; depth > 0; depth--)
        {
            var bLeft = TSimd.Load(b);
            var bRight = TSimd.Load(b + TSimd.Count);
            var a0 = TSimd.Broadcast(a);
            left0 = TSimd.MultiplyAdd(a0, bLeft, left0);
            right0 = TSimd.MultiplyAdd(a0, bRight, right0);
            var a1 = TSimd.Broadcast(a + 1);
            left1 = TSimd.MultiplyAdd(a1, bLeft, left1);
            right1 = TSimd.MultiplyAdd(a1, bRight, right1);
            var a2 = TSimd.Broadcast(a + 2);
            left2 = TSimd.MultiplyAdd(a2, bLeft, left2);
            right2 = TSimd.MultiplyAdd(a2, bRight, right2);
            var a3 = TSimd.Broadcast(a + 3);
            left3 = TSimd.MultiplyAdd(a3, bLeft, left3);
            right3 = TSimd.MultiplyAdd(a3, bRight, right3);
            var a4 = TSimd.Broadcast(a + 4);
            left4 = TSimd.MultiplyAdd(a4, bLeft, left4);
            right4 = TSimd.MultiplyAdd(a4, bRight, right4);
            var a5 = TSimd.Broadcast(a + 5);
            left5 = TSimd.MultiplyAdd(a5, bLeft, left5);
            right5 = TSimd.MultiplyAdd(a5, bRight, right5);
            var a6 = TSimd.Broadcast(a + 6);
            left6 = TSimd.MultiplyAdd(a6, bLeft, left6);
            right6 = TSimd.MultiplyAdd(a6, bRight, right6);
            var a7 = TSimd.Broadcast(a + 7);
            left7 = TSimd.MultiplyAdd(a7, bLeft, left7);
            right7 = TSimd.MultiplyAdd(a7, bRight, right7);
            var a8 = TSimd.Broadcast(a + 8);
            left8 = TSimd.MultiplyAdd(a8, bLeft, left8);
            right8 = TSimd.MultiplyAdd(a8, bRight, right8);
            var a9 = TSimd.Broadcast(a + 9);
            left9 = TSimd.MultiplyAdd(a9, bLeft, left9);
            right9 = TSimd.MultiplyAdd(a9, bRight, right9);
            var a10 = TSimd.Broadcast(a + 10);
            left10 = TSimd.MultiplyAdd(a10, bLeft, left10);
            right10 = TSimd.MultiplyAdd(a10, bRight, right10);
            var a11 = TSimd.Broadcast(a + 11);
            left11 = TSimd.MultiplyAdd(a11, bLeft, left11);
            right11 = TSimd.MultiplyAdd(a11, bRight, right11);
            a += Rows;
            b += bStep;
        }

        StoreRow(c, left0, right0, accumulate);
        StoreRow(c + cRowStride, left1, right1, accumulate);
        StoreRow(c + (2 * cRowStride), left2, right2, accumulate);
        StoreRow(c + (3 * cRowStride), left3, right3, accumulate);
        StoreRow(c + (4 * cRowStride), left4, right4, accumulate);
        StoreRow(c + (5 * cRowStride), left5, right5, accumulate);
        StoreRow(c + (6 * cRowStride), left6, right6, accumulate);
        StoreRow(c + (7 * cRowStride), left7, right7, accumulate);
        StoreRow(c + (8 * cRowStride), left8, right8, accumulate);
        StoreRow(c + (9 * cRowStride), left9, right9, accumulate);
        StoreRow(c + (10 * cRowStride), left10, right10, accumulate);
        StoreRow(c + (11 * cRowStride), left11, right11, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run8(nint depth, T* a, T* b, nint bStep, T* c, nint cRowStride, bool accumulate)
    {
        Prefetch(c, cRowStride, 8);
        TVector left0 = TSimd.Zero, right0 = TSimd.Zero;
        TVector left1 = TSimd.Zero, right1 = TSimd.Zero;
        TVector left2 = TSimd.Zero, right2 = TSimd.Zero;
        TVector left3 = TSimd.Zero, right3 = TSimd.Zero;
        TVector left4 = TSimd.Zero, right4 = TSimd.Zero;
        TVector left5 = TSimd.Zero, right5 = TSimd.Zero;
        TVector left6 = TSimd.Zero, right6 = TSimd.Zero;
        TVector left7 = TSimd.Zero, right7 = TSimd.Zero;
        for (; depth > 0; depth--)
        {
            var bLeft = TSimd.Load(b);
            var bRight = TSimd.Load(b + TSimd.Count);
            var a0 = TSimd.Broadcast(a);
            left0 = TSimd.MultiplyAdd(a0, bLeft, left0);
            right0 = TSimd.MultiplyAdd(a0, bRight, right0);
            var a1 = TSimd.Broadcast(a + 1);
            left1 = TSimd.MultiplyAdd(a1, bLeft, left1);
            right1 = TSimd.MultiplyAdd(a1, bRight, right1);
            var a2 = TSimd.Broadcast(a + 2);
            left2 = TSimd.MultiplyAdd(a2, bLeft, left2);
            right2 = TSimd.MultiplyAdd(a2, bRight, right2);
            var a3 = TSimd.Broadcast(a + 3);
            left3 = TSimd.MultiplyAdd(a3, bLeft, left3);
            right3 = TSimd.MultiplyAdd(a3, bRight, right3);
            var a4 = TSimd.Broadcast(a + 4);
            left4 = TSimd.MultiplyAdd(a4, bLeft, left4);
            right4 = TSimd.MultiplyAdd(a4, bRight, right4);
            var a5 = TSimd.Broadcast(a + 5);
            left5 = TSimd.MultiplyAdd(a5, bLeft, left5);
            right5 = TSimd.MultiplyAdd(a5, bRight, right5);
            var a6 = TSimd.Broadcast(a + 6);
            left6 = TSimd.MultiplyAdd(a6, bLeft, left6);
            right6 = TSimd.MultiplyAdd(a6, bRight, right6);
            var a7 = TSimd.Broadcast(a + 7);
            left7 = TSimd.MultiplyAdd(a7, bLeft, left7);
            right7 = TSimd.MultiplyAdd(a7, bRight, right7);
            a += Rows;
            b += bStep;
        }

        StoreRow(c, left0, right0, accumulate);
        StoreRow(c + cRowStride, left1, right1, accumulate);
        StoreRow(c + (2 * cRowStride), left2, right2, accumulate);
        StoreRow(c + (3 * cRowStride), left3, right3, accumulate);
        StoreRow(c + (4 * cRowStride), left4, right4, accumulate);
        StoreRow(c + (5 * cRowStride), left5, right5, accumulate);
        StoreRow(c + (6 * cRowStride), left6, right6, accumulate);
        StoreRow(c + (7 * cRowStride), left7, right7, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run4(nint depth, T* a, T* b, nint bStep, T* c, nint cRowStride, bool accumulate)
    {
        Prefetch(c, cRowStride, 4);
        TVector left0 = TSimd.Zero, right0 = TSimd.Zero;
        TVector left1 = TSimd.Zero, right1 = TSimd.Zero;
        TVector left2 = TSimd.Zero, right2 = TSimd.Zero;
        TVector left3 = TSimd.Zero, right3 = TSimd.Zero;
        for (; depth > 0; depth--)
        {
            var bLeft = TSimd.Load(b);
            var bRight = TSimd.Load(b + TSimd.Count);
            var a0 = TSimd.Broadcast(a);
            left0 = TSimd.MultiplyAdd(a0, bLeft, left0);
            right0 = TSimd.MultiplyAdd(a0, bRight, right0);
            var a1 = TSimd.Broadcast(a + 1);
            left1 = TSimd.MultiplyAdd(a1, bLeft, left1);
            right1 = TSimd.MultiplyAdd(a1, bRight, right1);
            var a2 = TSimd.Broadcast(a + 2);
            left2 = TSimd.MultiplyAdd(a2, bLeft, left2);
            right2 = TSimd.MultiplyAdd(a2, bRight, right2);
            var a3 = TSimd.Broadcast(a + 3);
            left3 = TSimd.MultiplyAdd(a3, bLeft, left3);
            right3 = TSimd.MultiplyAdd(a3, bRight, right3);
            a += Rows;
            b += bStep;
        }

        StoreRow(c, left0, right0, accumulate);
        StoreRow(c + cRowStride, left1, right1, accumulate);
        StoreRow(c + (2 * cRowStride), left2, right2, accumulate);
        StoreRow(c + (3 * cRowStride), left3, right3, accumulate);
    }

    // C is needed only after the loop, by when it has come from wherever it was.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(T* c, nint cRowStride, int rows)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        for (var row = 0; row < rows; row++)
        {
            Sse.Prefetch0(c);
            Sse.Prefetch0(c + TSimd.Count);
            c += cRowStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow(T* c, TVector left, TVector right, bool accumulate)
    {
        if (accumulate)
        {
            left = TSimd.Add(left, TSimd.Load(c));
            right = TSimd.Add(right, TSimd.Load(c + TSimd.Count));
        }

        TSimd.Store(left, c);
        TSimd.Store(right, c + TSimd.Count);
    }
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels;

/// <summary>Measures what the processor can do at best: arithmetic that never leaves the registers, and memory traffic that never hits a cache.</summary>
internal static unsafe class CpuLimits
{
    private const int Accumulators = 10;
    private const int FusedSteps = 1 << 17;
    private const int Repetitions = 6;
    private const int BlocksPerThread = 8;
    private static long lastSum;

    /// <summary>Takes some hundred milliseconds.</summary>
    public static DeviceLimits Measure()
    {
        var caches = CpuFacts.Caches();
        var last = caches.Max(cache => cache.Bytes);
        var bytes = Math.Clamp(4 * last, 64L << 20, 256L << 20) & -4096;
        using var source = CpuBuffer.Allocate(bytes);
        using var target = CpuBuffer.Allocate(bytes);
        Sweep(source, (address, length) => new Span<byte>((void*)address, (int)length).Fill(1));
        Sweep(target, (address, length) => new Span<byte>((void*)address, (int)length).Fill(2));
        var shift = target.Address - source.Address;
        return new DeviceLimits(
            Workers.ThreadCount,
            VectorWidth.Bits,
            PeakFlops(FusedFloat32, sizeof(float)),
            PeakFlops(FusedFloat64, sizeof(double)),
            2 * bytes / Best(() => Sweep(source, (address, length) => Copy(address, address + shift, length))),
            bytes / Best(() => Sweep(source, Read)),
            caches);
    }

    private static double PeakFlops(Func<int, double> run, int elementSize)
    {
        var threads = Workers.ThreadCount;
        var lanes = VectorWidth.Bits / 8 / elementSize;
        var flops = 2.0 * lanes * Accumulators * FusedSteps * threads * BlocksPerThread;
        return flops / Best(() => Workers.For(threads * BlocksPerThread, _ => run(FusedSteps)));
    }

    private static double Best(Action run)
    {
        run();
        var best = long.MaxValue;
        for (var i = 0; i < Repetitions; i++)
        {
            var start = Stopwatch.GetTimestamp();
            run();
            best = Math.Min(best, Stopwatch.GetTimestamp() - start);
        }

        return (double)best / Stopwatch.Frequency;
    }

    private static void Sweep(CpuBuffer buffer, Action<nint, nint> work)
    {
        var blocks = Workers.ThreadCount * BlocksPerThread;
        var length = (nint)(buffer.ByteLength / blocks) & -256;
        Workers.For(blocks, block => work(buffer.Address + (block * length), length));
        GC.KeepAlive(buffer);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(nint from, nint to, nint length)
    {
        for (nint i = 0; i < length; i += 128)
        {
            var a = Vector256.LoadAligned((byte*)(from + i));
            var b = Vector256.LoadAligned((byte*)(from + i + 32));
            var c = Vector256.LoadAligned((byte*)(from + i + 64));
            var d = Vector256.LoadAligned((byte*)(from + i + 96));
            a.StoreAlignedNonTemporal((byte*)(to + i));
            b.StoreAlignedNonTemporal((byte*)(to + i + 32));
            c.StoreAlignedNonTemporal((byte*)(to + i + 64));
            d.StoreAlignedNonTemporal((byte*)(to + i + 96));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Read(nint from, nint length)
    {
        var a = Vector256<long>.Zero;
        var b = a;
        var c = a;
        var d = a;
        for (nint i = 0; i < length; i += 128)
        {
            a += Vector256.LoadAligned((long*)(from + i));
            b += Vector256.LoadAligned((long*)(from + i + 32));
            c += Vector256.LoadAligned((long*)(from + i + 64));
            d += Vector256.LoadAligned((long*)(from + i + 96));
        }

        // Kept, so that the loop has a result and stays.
        Volatile.Write(ref lastSum, Vector256.Sum(a + b + (c + d)));
    }

    private static double FusedFloat32(int steps) => VectorWidth.Bits switch
    {
        512 => Fused<Vector512Float32, Vector512<float>, float>(steps),
        256 => Fused<Vector256Float32, Vector256<float>, float>(steps),
        _ => Fused<Vector128Float32, Vector128<float>, float>(steps),
    };

    private static double FusedFloat64(int steps) => VectorWidth.Bits switch
    {
        512 => Fused<Vector512Float64, Vector512<double>, double>(steps),
        256 => Fused<Vector256Float64, Vector256<double>, double>(steps),
        _ => Fused<Vector128Float64, Vector128<double>, double>(steps),
    };

    // Ten chains hide the latency of four cycles on two units and, with both factors, fit sixteen registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Fused<TSimd, TVector, T>(int steps)
        where TSimd : struct, IFusedVector<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        var x = TSimd.Fill(0.999);
        var y = TSimd.Fill(0.001);
        TVector a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x;
        for (var step = 0; step < steps; step++)
        {
            a = TSimd.MultiplyAdd(a, x, y);
            b = TSimd.MultiplyAdd(b, x, y);
            c = TSimd.MultiplyAdd(c, x, y);
            d = TSimd.MultiplyAdd(d, x, y);
            e = TSimd.MultiplyAdd(e, x, y);
            f = TSimd.MultiplyAdd(f, x, y);
            g = TSimd.MultiplyAdd(g, x, y);
            h = TSimd.MultiplyAdd(h, x, y);
            i = TSimd.MultiplyAdd(i, x, y);
            j = TSimd.MultiplyAdd(j, x, y);
        }

        return TSimd.Sum(a) + TSimd.Sum(b) + TSimd.Sum(c) + TSimd.Sum(d) + TSimd.Sum(e)
            + TSimd.Sum(f) + TSimd.Sum(g) + TSimd.Sum(h) + TSimd.Sum(i) + TSimd.Sum(j);
    }
}

using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;
using TensorCell.Kernels.Tests.Frontend;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>Kernels in C#, compiled at every width, against the methods themselves.</summary>
[Collection(nameof(EngineSettings))]
public sealed class GridKernelTests
{
    public static TheoryData<int, string, OptimizationLevel> Samples
    {
        get
        {
            var data = new TheoryData<int, string, OptimizationLevel>();
            foreach (var bits in (int[])[128, 256, 512])
            {
                foreach (var (name, level) in GridMethodTests.Kernels.Select(row => row.Data))
                {
                    data.Add(bits, name, level);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Samples_compute_what_the_methods_do(int bits, string name, OptimizationLevel level)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        var method = GridMethodTests.Sample(name, level);
        var direct = method.CreateDelegate<Action<int, float[], float[]>>();
        float[] input = [.. Enumerable.Range(0, 40).Select(i => ((i * 7919) % 101 / 10f) - 5)];
        var wanted = new float[40];
        for (var i = 0; i < 40; i++)
        {
            direct(i, input, wanted);
        }

        var found = new float[40];
        GridKernel.Compile(method).Launch(40, input, found);
        Assert.Equal(wanted, found);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Characters_are_numbers(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        var kernel = GridKernel.Compile((int i, char[] x, char[,] y) =>
        {
            var letter = x[i];
            y[0, i] = letter is >= 'a' and <= 'z' ? (char)(letter - 32) : letter;
        });
        const string text = "The quick brown fox jumps over the lazy dog; and the \uFFFFrest, \u00e9t\u00e9.";
        var upper = new char[1, text.Length];
        kernel.Launch(text.Length, text.ToCharArray(), upper);
        Assert.Equal(text.ToUpperInvariant().Replace('\u00c9', '\u00e9'), string.Concat(upper.Cast<char>()));
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Loops_begin_with_values_that_end_there(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        static float Of(float value, int turns)
        {
            var last = value * 2;
            var (first, second) = (last * last, value);
            for (var j = 0; j < turns; j++)
            {
                (first, second) = ((first * 0.5f) + second, second + 1);
            }

            return first - second;
        }

        var kernel = GridKernel.Compile((int i, float[] x, float[] y, int turns) => y[i] = Of(x[i], turns));
        float[] x = [.. Enumerable.Range(0, 300).Select(i => i * 0.25f)], y = new float[300];
        foreach (var turns in (int[])[0, 1, 2, 9])
        {
            kernel.Launch(300, x, y, turns);
            Assert.Equal(x.Select(value => Of(value, turns)), y);
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Scaling_agrees_for_every_length(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        var factor = 3f;
        var kernel = GridKernel.Compile((int i, float[] x, float[] y, float a) => y[i] = (a * x[i]) + (factor * y[i]));
        foreach (var length in Enumerable.Range(0, 200).Append(5000).Append(100_001))
        {
            float[] x = [.. Enumerable.Range(0, length).Select(i => i * 0.5f)];
            float[] y = [.. Enumerable.Range(0, length).Select(i => 7f - i)];
            float[] wanted = [.. x.Zip(y, (a, b) => (2f * a) + (factor * b))];
            kernel.Launch(length, x, y, 2f);
            Assert.Equal(wanted, y);
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public unsafe void Stores_past_the_caches_agree(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        Elementwise.StreamedBeyond = 0;
        var kernel = GridKernel.Compile((Index2 i, View2<double> x, View2<double> y, View2<float> z) =>
        {
            if (i.Y == 1)
            {
                y[i.Y, i.X] = -x[i.Y, i.X];
            }
            else
            {
                y[i.Y, i.X] = 2 * x[i.Y, i.X];
            }

            if (x[i.Y, i.X] > 0)
            {
                z[i.Y, i.X] = i.X;
            }
        });
        foreach (var (width, stride, offset) in ((int, int, int)[])[(256, 256, 0), (300, 320, 0), (300, 320, 8), (300, 301, 0), (1000, 1024, 0), (1000, 1024, 3)])
        {
            var memory = (byte*)NativeMemory.AlignedAlloc((nuint)(stride * 4 * 24), 64);
            NativeMemory.Clear(memory, (nuint)(stride * 4 * 24));
            try
            {
                KernelArgument View(int place, StorageType storage) =>
                    new(new(null, (nint)memory + (stride * 4 * place) + (offset * storage.Size)), storage, [3, width], [stride, 1]);
                var x = new double[3, width];
                for (var i = 0; i < x.Length; i++)
                {
                    x[i / width, i % width] = (i % 7) - 3;
                }

                kernel.Launch((3, width), x, View(0, StorageType.Float64), View(16, StorageType.Float32));
                for (var i = 0; i < x.Length; i++)
                {
                    var (row, column) = (i / width, i % width);
                    Assert.Equal((row == 1 ? -1 : 2) * x[row, column], ((double*)memory)[offset + (row * stride) + column]);
                    Assert.Equal(x[row, column] > 0 ? column : 0, ((float*)(memory + (stride * 4 * 16)))[offset + (row * stride) + column]);
                }
            }
            finally
            {
                NativeMemory.AlignedFree(memory);
            }
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void A_stencil_agrees(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        foreach (var (height, width) in ((int, int)[])[(1, 1), (3, 3), (5, 70), (64, 64), (33, 1031)])
        {
            var input = new float[height, width];
            var (found, wanted) = (new float[height, width], new float[height, width]);
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    input[y, x] = ((y * 31) + (x * 17)) % 23;
                }
            }

            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    Stencil((y, x), input, wanted, 0.25f);
                }
            }

            GridKernel.Compile(Stencil).Launch((height, width), input, found, 0.25f);
            Assert.Equal(wanted, found);
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Mandelbrot_agrees(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        var (found, wanted) = (new int[67, 301], new int[67, 301]);
        for (var y = 0; y < 67; y++)
        {
            for (var x = 0; x < 301; x++)
            {
                Mandelbrot((y, x), wanted, 200);
            }
        }

        GridKernel.Compile(Mandelbrot).Launch((67, 301), found, 200);
        Assert.Equal(wanted, found);
    }

    [Fact]
    public void One_array_may_come_as_signed_and_as_unsigned()
    {
        var (signed, found) = (new int[5], new int[5]);
        var kernel = GridKernel.Compile((int i, int[] signed, uint[] unsigned, int[] found) =>
        {
            var before = signed[i];
            unsigned[i] = 9;
            found[i] = signed[i] - before;
        });
        kernel.Launch(5, signed, (uint[])(object)signed, found);
        Assert.Equal([9, 9, 9, 9, 9], found);
    }

    [Fact]
    public void Indices_times_the_least_number_there_is()
    {
        var y = new long[5];
        GridKernel.Compile((int i, long[] y) => y[i] = i * long.MinValue).Launch(5, y);
        Assert.Equal([0, long.MinValue, 0, long.MinValue, 0], y);
    }

    [Fact]
    public void Native_integers_are_captured()
    {
        nint signed = -5;
        nuint unsigned = 6;
        var y = new long[3];
        GridKernel.For(3, i => y[i] = (signed * i) + (long)unsigned);
        Assert.Equal([6, 1, -4], y);
    }

    [Fact]
    public void Loops_in_place_use_captured_arrays()
    {
        var (a, x, y) = (2f, new float[1000], new float[1000]);
        for (var turn = 0; turn < 3; turn++)
        {
            GridKernel.For(1000, i => x[i] += i);
            GridKernel.For(1000, i => y[i] = (a * x[i]) + y[i]);
            a++;
        }

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (2f * i) + (3f * 2 * i) + (4f * 3 * i)), y);
        var plane = new int[20, 30];
        GridKernel.For(20, 30, (r, c) => plane[r, c] = (r * 100) + c);
        Assert.Equal(1929, plane[19, 29]);
        var cube = new int[4, 5, 6];
        GridKernel.For(4, 5, 6, (d, r, c) => cube[d, r, c] = (d * 100) + (r * 10) + c);
        Assert.Equal(345, cube[3, 4, 5]);
    }

    [Fact]
    public void Values_are_mapped_reduced_and_scanned()
    {
        var squares = GridKernel.Compile((int i, float[] x) => x[i] * x[i]);
        float[] x = [.. Enumerable.Range(0, 100_000).Select(i => (i * 7919) % 1000 / 100f)];
        var wanted = x.Select(value => value * value).ToArray();
        Assert.Equal(wanted, squares.Map<float>(x.Length, x));
        Assert.Equal(wanted.Max(), squares.Reduce<float>(x.Length, ReduceOperation.Max, x));
        Assert.Equal(wanted.Sum(value => (double)value), squares.Reduce<float>(x.Length, ReduceOperation.Sum, x), 1e-5 * x.Length);
        Assert.Equal(Array.IndexOf(wanted, wanted.Max()), squares.Reduce<long>(x.Length, ReduceOperation.ArgMax, x));
        var plane = GridKernel.Compile((Index2 i, int n) => (i.Y * n) + i.X);
        Assert.Equal(Enumerable.Range(0, 77 * 131), plane.Map<int>((77, 131), 131));
        Assert.Equal(77 * 131 * ((77 * 131) - 1) / 2, plane.Reduce<int>((77, 131), ReduceOperation.Sum, 131));
        var ones = GridKernel.Compile((int i) => i % 3);
        var sums = ones.Scan<int>(100_000, ScanOperation.Add);
        var before = ones.Scan<int>(100_000, ScanOperation.Add, exclusive: true);
        for (int i = 0, sum = 0; i < sums.Length; i++)
        {
            Assert.Equal(sum, before[i]);
            sum += i % 3;
            Assert.Equal(sum, sums[i]);
        }
    }

    [Fact]
    public void Results_do_not_depend_on_threads()
    {
        var kernel = GridKernel.Compile((Index2 i, float[] x) => x[i.X] * (1f + (1f / (i.Y + 1))));
        float[] x = [.. Enumerable.Range(0, 3001).Select(i => 1f / (i + 1))];
        var sums = new HashSet<float>();
        var scans = new HashSet<float>();
        for (var threads = 1; threads <= 5; threads++)
        {
            using var settings = new EngineSettings(VectorWidth.Bits, contraction: true, threads);
            sums.Add(kernel.Reduce<float>((99, 3001), ReduceOperation.Sum, x));
            scans.Add(GridKernel.Compile((int i) => 1f / (i + 1)).Scan<float>(200_000, ScanOperation.Add)[^1]);
        }

        Assert.Single(sums);
        Assert.Single(scans);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Atomics_count(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: true);
        var (counts, first) = (new int[10], new int[1]);
        GridKernel.Compile((int i, int[] bins, int[] least) =>
        {
            if (i % 7 != 3)
            {
                Atomic.Add(ref bins[i % 10], 1);
                Interlocked.Increment(ref bins[0]);
            }

            Atomic.Max(ref least[0], i);
        }).Launch(70_000, counts, first);
        Assert.Equal(6000, counts[5]);
        Assert.Equal(66_000, counts[0]);
        Assert.Equal(69_999, first[0]);
    }

    [Fact]
    public void An_access_out_of_range_is_named_and_the_first_one_wins()
    {
        var kernel = GridKernel.Compile((int i, float[] source, float[] target) => target[i] = source[i + 3]);
        for (var threads = 1; threads <= 3; threads++)
        {
            using var settings = new EngineSettings(VectorWidth.Bits, contraction: true, threads);
            var error = Assert.Throws<IndexOutOfRangeException>(() => kernel.Launch(100_000, new float[100_000], new float[100_000]));
            Assert.Contains("source: index 100000 of dimension 0, whose extent is 100000", error.Message);
            Assert.Contains("kernel ", error.Message);
            Assert.Contains("index 10 ", Assert.Throws<IndexOutOfRangeException>(() => kernel.Launch(10, new float[10], new float[10])).Message);
        }

        var divide = GridKernel.Compile((int i, int[] x) => { x[i] = 7 / (x[i] - 500); });
        var division = Assert.Throws<DivideByZeroException>(() => divide.Launch(1000, Enumerable.Range(0, 1000).ToArray()));
        Assert.StartsWith($"kernel {divide.Name}: an integer was divided by zero", division.Message);
        var guarded = GridKernel.Compile((int i, int[] x) =>
        {
            if (i != 500)
            {
                x[i] = int.MinValue / (i == 501 ? -1 : i - 500);
            }
        });
        var values = new int[1000];
        guarded.Launch(1000, values);
        Assert.Equal(int.MinValue, values[501]);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Groups_share_memory_and_wait(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: true);
        float[] x = [.. Enumerable.Range(0, 5 * 96).Select(i => (float)(i % 17))];
        var partial = new float[5];
        GridKernel.Compile(SumOfGroup).Launch(x.Length, x, partial);
        Assert.Equal(Enumerable.Range(0, 5).Select(g => x.Skip(g * 96).Take(96).Sum()), partial);
        var (a, b, c) = (new float[30, 21], new float[21, 40], new float[30, 40]);
        GridKernel.For(30, 21, (i, j) => a[i, j] = i - (2 * j));
        GridKernel.For(21, 40, (i, j) => b[i, j] = i + (3 * j));
        GridKernel.Compile(Product).Launch((30, 40), a, b, c);
        for (var i = 0; i < 30; i++)
        {
            for (var j = 0; j < 40; j++)
            {
                Assert.Equal(Enumerable.Range(0, 21).Sum(k => a[i, k] * b[k, j]), c[i, j]);
            }
        }
    }

    [Fact]
    public void A_barrier_that_some_might_miss_is_refused() =>
        Assert.Contains("a barrier that not all items of the group come to", Assert.Throws<KernelRefusedException>(() => GridKernel.Compile(Missed)).Message);

    [Fact]
    public void The_cache_is_bounded_and_counts()
    {
        var limit = CodeCache.Limit;
        try
        {
            CodeCache.Limit = 3;
            var before = KernelCacheStatistics.Current;
            for (var i = 0; i < 10; i++)
            {
                var x = Node.Constant(i + 0.625f);
                var program = new GridProgram { Name = "constant", Rank = 1, Views = [], Uniforms = [], Body = new(), Results = [x] };
                var kernel = new GridKernel(program);
                Assert.Equal(i + 0.625f, kernel.Map<float>(5)[4]);
                Assert.Equal(i + 0.625f, new GridKernel(program).Map<float>(3)[2]);
            }

            var after = KernelCacheStatistics.Current;
            Assert.InRange(after.Alive, 1, 3);
            Assert.InRange(after.Misses - before.Misses, 10, 12);
            Assert.InRange(after.Evictions - before.Evictions, 7, long.MaxValue);
            Assert.InRange(after.Hits - before.Hits, 10, long.MaxValue);
        }
        finally
        {
            CodeCache.Limit = limit;
        }
    }

    [Fact]
    public void Kernels_explain_themselves()
    {
        var explanation = GridKernel.Compile(Stencil).Explain();
        Assert.Contains("kernel Stencil<2>(input: f32[,], output: f32[,], u0: f32)", explanation.Ir);
        Assert.NotEmpty(explanation.Code);
    }

    [Fact]
    public void A_kernel_that_shares_more_than_a_gpu_has_explains_itself_without_ptx()
    {
        var explanation = GridKernel.Compile(LargeTile).Explain();
        Assert.NotEmpty(explanation.Code);
        Assert.Equal("", explanation.Ptx);
    }

    [Kernel(GroupX = 96)]
    private static void SumOfGroup(Group g, View<float> x, View<float> partial)
    {
        var tile = g.Shared<float>(96);
        var t = g.Local.X;
        tile[t] = x[g.Global.X];
        g.Barrier();
        for (var stride = 48; stride >= 3; stride /= 2)
        {
            if (t < stride)
            {
                tile[t] += tile[t + stride];
            }

            g.Barrier();
        }

        if (t == 0)
        {
            partial[g.Index.X] = tile[0] + tile[1] + tile[2];
        }
    }

    [Kernel(GroupX = 8, GroupY = 8)]
    private static void Product(Group g, View2<float> a, View2<float> b, View2<float> c)
    {
        var left = g.Shared<float>(8, 8);
        var right = g.Shared<float>(8, 8);
        var sum = 0f;
        var (y, x) = (g.Local.Y, g.Local.X);
        for (var start = 0; start < a.GetLength(1); start += 8)
        {
            left[y, x] = g.Global.Y < a.GetLength(0) && start + x < a.GetLength(1) ? a[g.Global.Y, start + x] : 0;
            right[y, x] = start + y < b.GetLength(0) && g.Global.X < b.GetLength(1) ? b[start + y, g.Global.X] : 0;
            g.Barrier();
            for (var k = 0; k < 8; k++)
            {
                sum += left[y, k] * right[k, x];
            }

            g.Barrier();
        }

        if (g.Global.Y < c.GetLength(0) && g.Global.X < c.GetLength(1))
        {
            c[g.Global.Y, g.Global.X] = sum;
        }
    }

    [Kernel(GroupX = 32)]
    private static void LargeTile(Group g, View<float> x)
    {
        var tile = g.Shared<float>(1 << 14);
        tile[g.Local.X] = x[g.Global.X];
        g.Barrier();
        x[g.Global.X] = tile[31 - g.Local.X];
    }

    [Kernel(GroupX = 32)]
    private static void Missed(Group g, View<float> x)
    {
        if (x[g.Global.X] > 0)
        {
            g.Barrier();
        }
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_named()
    {
        var kernel = GridKernel.Compile(Stencil);
        Assert.Contains("runs over 2 axes", Assert.Throws<ArgumentException>(() => kernel.Launch(10, new float[2, 2], new float[2, 2], 1f)).Message);
        Assert.Contains("2 views (input, output) and 1 number; given were 1 view", Assert.Throws<ArgumentException>(() => kernel.Launch((2, 2), new float[2, 2], 1f)).Message);
        Assert.Contains("input is f32[,]; given was f64[,]", Assert.Throws<ArgumentException>(() => kernel.Launch((2, 2), new double[2, 2], new float[2, 2], 1f)).Message);
        Assert.Contains("f32; given was f64: write it with an f", Assert.Throws<ArgumentException>(() => kernel.Launch((2, 2), new float[2, 2], new float[2, 2], 0.5)).Message);
    }

    [Fact]
    public void Extents_that_are_too_large_are_named()
    {
        Assert.Contains(
            "more items than 64 bits count",
            Assert.Throws<ArgumentOutOfRangeException>(() => (Extent)(int.MaxValue, int.MaxValue, int.MaxValue)).Message);
        Assert.Contains(
            "2147483647 x 8 values; an array holds at most",
            Assert.Throws<ArgumentException>(() => GridKernel.Compile((Index2 i) => i.X).Map<int>((int.MaxValue, 8))).Message);
    }

    [Fact]
    public void Launches_end_when_the_cell_is_interrupted()
    {
        var kernel = GridKernel.Compile((int i, int[] x) =>
        {
            while (x[i] >= 0)
            {
                x[i] = x[i] == int.MaxValue ? 0 : x[i] + 1;
            }
        });
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        using var scope = Interruption.Begin(source.Token);
        Assert.ThrowsAny<OperationCanceledException>(() => kernel.Launch(100_000, new int[100_000]));
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Loops_that_touch_no_memory_end_when_the_cell_is_interrupted(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: true);
        var isAsked = 0;
        EndsWhenInterrupted((i, x) =>
        {
            var k = 0;
            while (isAsked == 0)
            {
                k++;
            }

            x[i] = k;
        });
        EndsWhenInterrupted((i, x) =>
        {
            var k = i;
            while (k >= 0)
            {
                k = (k + 7) & 1023;
            }

            x[i] = k;
        });

        static void EndsWhenInterrupted(Action<int, int[]> body)
        {
            var kernel = GridKernel.Compile(body);
            using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            using var scope = Interruption.Begin(source.Token);
            Assert.ThrowsAny<OperationCanceledException>(() => kernel.Launch(4096, new int[4096]));
        }
    }

    internal static void Stencil(Index2 i, View2<float> input, View2<float> output, float weight)
    {
        if (i.Y > 0 && i.Y < input.GetLength(0) - 1 && i.X > 0 && i.X < input.GetLength(1) - 1)
        {
            output[i.Y, i.X] = weight * (input[i.Y - 1, i.X] + input[i.Y + 1, i.X] + input[i.Y, i.X - 1] + input[i.Y, i.X + 1]);
        }
    }

    internal static void Mandelbrot(Index2 i, View2<int> counts, int limit)
    {
        var cr = -2f + (i.X * 0.01f);
        var ci = -1f + (i.Y * 0.03f);
        var (zr, zi) = (0f, 0f);
        var n = 0;
        while (n < limit && (zr * zr) + (zi * zi) < 4f)
        {
            (zr, zi) = ((zr * zr) - (zi * zi) + cr, (2f * zr * zi) + ci);
            n++;
        }

        counts[i.Y, i.X] = n;
    }
}

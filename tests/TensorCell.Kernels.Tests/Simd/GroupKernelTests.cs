using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>Kernels with groups at every width, over lengths that do and do not divide into vectors, against plain loops.</summary>
[Collection(nameof(EngineSettings))]
public sealed class GroupKernelTests
{
    private static readonly int[] widths = [128, 256, 512];

    public static TheoryData<int, int, int> Rows
    {
        get
        {
            var data = new TheoryData<int, int, int>();
            foreach (var bits in widths)
            {
                foreach (var (rows, columns) in ((int, int)[])[(3, 1), (5, 17), (2, 63), (4, 64), (3, 65), (2, 100), (3, 128), (2, 256), (2, 1000), (3, 1024), (2, 1040)])
                {
                    data.Add(bits, rows, columns);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Items_that_stride_through_rows_and_fold_in_a_tree_agree(int bits, int rows, int columns)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        var input = new float[rows, columns];
        for (var i = 0; i < input.Length; i++)
        {
            input[i / columns, i % columns] = ((i * 7919) % 1013) - 500;
        }

        foreach (var kernel in (Delegate[])[Rows64, Rows96, Rows256])
        {
            var (found, sums) = (new float[rows, columns], new float[rows, 2]);
            var compiled = GridKernel.Compile(kernel);
            compiled.Launch(rows * GridKernelGroup(compiled), input, found, sums);
            for (var row = 0; row < rows; row++)
            {
                float[] mine = [.. Enumerable.Range(0, columns).Select(x => input[row, x])];
                Assert.Equal((mine.Max(), mine.Sum()), (sums[row, 0], sums[row, 1]));
                Assert.Equal(mine.Select(x => x - mine.Max()), Enumerable.Range(0, columns).Select(x => found[row, x]));
            }
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void A_loop_with_a_barrier_goes_on_while_what_is_shared_says_so(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        int[] start = [1, 5, 64, 0, 1000];
        var turns = new int[5];
        GridKernel.Compile(Halve).Launch(5 * 64, start, turns);
        Assert.Equal(start.Select(value => value == 0 ? 0 : 1 + int.Log2(value)), turns);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void What_is_kept_over_barriers_is_that_of_each_item(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        var (wide, narrow) = (new double[5 * 4 * 64], new int[5 * 4 * 64]);
        GridKernel.Compile(Kept).Launch((20, 64), wide, narrow);
        for (var i = 0; i < wide.Length; i++)
        {
            var (y, x) = (i / 64, i % 64);
            var other = (y - (y % 4) + ((y + 1) % 4), (x + 1) % 64);
            Assert.Equal((x * 0.5) + y + (1000 * ((other.Item2 * 0.5) + other.Item1)), wide[i]);
            Assert.Equal(x < 3 * (y % 4) ? (3 * x) + y : -x, narrow[i]);
        }
    }

    [Fact]
    public void Loops_over_rows_of_whole_runs_need_no_masks()
    {
        using var settings = new EngineSettings(256, contraction: false);
        var kernel = GridKernel.Compile(Rows256);
        kernel.Launch(256, new float[1, 1024], new float[1, 1024], new float[1, 2]);

        // Another test may have launched it with other rows.
        Assert.Contains(GridVersion.Of(kernel.Program, 256, contraction: false).Codes, code =>
            Alignment.Of(code.Plan.Program, node => node is LengthNode ? 1024 : null).Comparisons.Count(node => code.Plan.Of(node).IsUniform) == 3);
    }

    [Fact]
    public void Rows_that_a_group_strides_over_are_asked_for_while_the_group_before_computes()
    {
        if (!System.Runtime.Intrinsics.X86.Sse.IsSupported)
        {
            return;
        }

        using var settings = new EngineSettings(256, contraction: false);
        var (strided, plain) = (GridKernel.Compile(Rows160), GridKernel.Compile(Halve));
        strided.Launch(160, new float[1, 1024], new float[1, 1024], new float[1, 2]);
        plain.Launch(64, new int[1], new int[1]);
        Assert.All(strided.Explain().Code, code => Assert.InRange(Prefetches(code), 2, 64));
        Assert.All(plain.Explain().Code, code => Assert.Equal(0, Prefetches(code)));

        // prefetcht0 is 0F 18 /1, of any operand in memory.
        static int Prefetches(MachineCode code) => Enumerable.Range(0, code.Bytes.Length - 2)
            .Count(i => code.Bytes[i] == 0x0F && code.Bytes[i + 1] == 0x18 && (code.Bytes[i + 2] & 0b00111000) == 0b00001000);
    }

    [Theory]
    [InlineData(1024, 64)]
    [InlineData(1040, 16)]
    [InlineData(1032, 0)]
    [InlineData(0, 64)]
    public void Runs_are_as_long_as_limits_allow(int limit, int items)
    {
        var program = GridKernel.Compile(Rows256).Program;
        var (comparisons, found) = Alignment.Of(GridOptimizer.Optimize(program, false), node => node is LengthNode ? limit : null);
        Assert.Equal(items > 0, comparisons.Count > 0);
        Assert.Equal(items > 0 ? items : 64, found);
    }

    private static int GridKernelGroup(GridKernel kernel) => kernel.Program.GroupExtents[0];

    [Kernel(GroupX = 64)]
    private static void Rows64(Group g, View2<float> input, View2<float> output, View2<float> sums) =>
        Row(g, g.Shared<float>(64), 64, input, output, sums);

    [Kernel(GroupX = 96)]
    private static void Rows96(Group g, View2<float> input, View2<float> output, View2<float> sums) =>
        Row(g, g.Shared<float>(96), 96, input, output, sums);

    [Kernel(GroupX = 160)]
    private static void Rows160(Group g, View2<float> input, View2<float> output, View2<float> sums) =>
        Row(g, g.Shared<float>(160), 160, input, output, sums);

    [Kernel(GroupX = 256)]
    private static void Rows256(Group g, View2<float> input, View2<float> output, View2<float> sums) =>
        Row(g, g.Shared<float>(256), 256, input, output, sums);

    private static void Row(Group g, View<float> shared, int lanes, View2<float> input, View2<float> output, View2<float> sums)
    {
        int lane = g.Local.X, row = g.Index.X, columns = input.GetLength(1);
        var largest = float.NegativeInfinity;
        for (var x = lane; x < columns; x += lanes)
        {
            largest = MathF.Max(largest, input[row, x]);
        }

        shared[lane] = largest;
        g.Barrier();
        for (var count = lanes; count > 1; count = (count + 1) / 2)
        {
            var half = (count + 1) / 2;
            if (lane < count / 2)
            {
                shared[lane] = MathF.Max(shared[lane], shared[lane + half]);
            }

            g.Barrier();
        }

        largest = shared[0];
        g.Barrier();
        var sum = 0f;
        for (var x = lane; x < columns; x += lanes)
        {
            output[row, x] = input[row, x] - largest;
            sum += input[row, x];
        }

        shared[lane] = sum;
        g.Barrier();
        for (var count = lanes; count > 1; count = (count + 1) / 2)
        {
            var half = (count + 1) / 2;
            if (lane < count / 2)
            {
                shared[lane] += shared[lane + half];
            }

            g.Barrier();
        }

        if (lane == 0)
        {
            sums[row, 0] = largest;
            sums[row, 1] = shared[0];
        }
    }

    [Kernel(GroupX = 64)]
    private static void Halve(Group g, View<int> start, View<int> turns)
    {
        var shared = g.Shared<int>(1);
        if (g.Local.X == 0)
        {
            shared[0] = start[g.Index.X];
        }

        g.Barrier();
        var count = 0;
        while (shared[0] > 0)
        {
            g.Barrier();
            if (g.Local.X == 0)
            {
                shared[0] /= 2;
            }

            count++;
            g.Barrier();
        }

        turns[g.Index.X] = count;
    }

    [Kernel(GroupX = 64, GroupY = 4)]
    private static void Kept(Group g, View<double> wide, View<int> narrow)
    {
        var shared = g.Shared<double>(4 * 64);
        var (x, y) = (g.Global.X, g.Global.Y);
        var mine = (x * 0.5) + y;
        var number = x < 3 * g.Local.Y ? (3 * x) + y : -x;
        shared[(g.Local.Y * 64) + g.Local.X] = mine;
        g.Barrier();
        var other = shared[((g.Local.Y + 1) % 4 * 64) + ((g.Local.X + 1) % 64)];
        g.Barrier();
        wide[(y * 64) + x] = mine + (1000 * other);
        narrow[(y * 64) + x] = number;
    }
}

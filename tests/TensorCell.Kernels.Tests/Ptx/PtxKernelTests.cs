using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Ptx;
using TensorCell.Kernels.Tests.Grid;

namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>Kernels written in C#, as PTX.</summary>
public sealed class PtxKernelTests
{
    [Fact]
    public void LoopsThatDivergeAgree() => Check(Mandelbrot, (1, 24, 50), new int[24, 50], 2.5f / 50, 40);

    [Fact]
    public void StencilsAgree() => Check(Stencil, (1, 9, 33), Random2(9, 33), new float[9, 33], 0.2f);

    [Fact]
    public void ThreeAxesAgree() => Check(Volume, (3, 5, 7), new double[3, 5, 7], 1.5);

    [Fact]
    public void AtomicsAgree() => Check(Histogram, (1, 1, 777), Enumerable.Range(0, 777).Select(i => (byte)(i * i)).ToArray(), new int[256], new float[2], new long[1]);

    [Fact]
    public void GroupsAgree() => Check(Sum, (1, 1, 500), Enumerable.Range(0, 512).Select(i => i * 0.5f).ToArray(), new float[8]);

    [Fact]
    public void ComposedOperationsAgreeWithTheirExpansion() => Check(
        Composed, (1, 1, 200), Enumerable.Range(0, 200).Select(i => (i - 100) * 0.37f).ToArray(), new double[200], new float[200]);

    [Fact]
    public void AnIndexOutOfRangeIsAnErrorThatNamesIt()
    {
        var program = GridReference.Read(Beyond);
        var error = Assert.Throws<IndexOutOfRangeException>(() => PtxRun.Run(GridCases.Of(program, (1, 1, 10), new float[10], new float[4, 3])));
        Assert.Contains("kernel Beyond: output: index 3 of dimension 1, whose extent is 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DivisionByZeroIsAnErrorThatNamesTheKernel()
    {
        var error = Assert.Throws<DivideByZeroException>(() => PtxRun.Run(GridCases.Of(GridReference.Read(Ratio), (1, 1, 10), new int[10], 4)));
        Assert.Contains("kernel Ratio", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UncheckedKernelsHaveNoChecks()
    {
        var test = GridCases.Of(GridReference.Read(Trusting), (1, 1, 10), new float[10]);
        Assert.DoesNotContain("FAIL", PtxRun.Run(test).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void SharedMemoryBeyondWhatAGroupHasIsRefused()
    {
        var shared = new SharedOperand(0, "tile", StorageType.Float64, [7000]);
        var program = new GridProgram
        {
            Name = "large",
            Rank = 1,
            Views = [],
            Uniforms = [],
            GroupExtents = [32, 1, 1],
            Shared = [shared],
            Body = new Region(),
        };
        var error = Assert.Throws<NotSupportedException>(() => PtxEmitter.Emit(program));
        Assert.Contains("kernel large: its groups share 56000 bytes", error.Message, StringComparison.Ordinal);
    }

    private static void Check(Delegate kernel, (int Z, int Y, int X) extent, params object[] arguments)
    {
        var test = GridCases.Of(GridReference.Read(kernel), extent, arguments);
        var (wanted, got) = (test.Copy(), test.Copy());
        var text = PtxRun.Run(got);
        wanted.Interpret(text.Program);
        Assert.True(got.Difference(wanted) is null, $"{got.Difference(wanted)}\n{text.Program}\n{text.Text}");
        Assert.True(got.Difference(test) is not null, "nothing was written");
    }

    private static float[,] Random2(int rows, int columns)
    {
        var random = new Random(5);
        var values = new float[rows, columns];
        for (var i = 0; i < values.Length; i++)
        {
            values[i / columns, i % columns] = random.NextSingle();
        }

        return values;
    }

    private static void Mandelbrot(Index2 at, View2<int> counts, float step, int most)
    {
        var (cx, cy) = (-2 + (at.X * step), -1.25f + (at.Y * step));
        var (x, y) = (0f, 0f);
        var count = 0;
        while (count < most && (x * x) + (y * y) <= 4)
        {
            (x, y) = ((x * x) - (y * y) + cx, (2 * x * y) + cy);
            count++;
        }

        counts[at.Y, at.X] = count;
    }

    private static void Stencil(Index2 at, View2<float> input, View2<float> output, float weight)
    {
        if (at.Y == 0 || at.X == 0 || at.Y == input.GetLength(0) - 1 || at.X == input.GetLength(1) - 1)
        {
            output[at.Y, at.X] = input[at.Y, at.X];
            return;
        }

        output[at.Y, at.X] = weight * (input[at.Y, at.X] + input[at.Y - 1, at.X] + input[at.Y + 1, at.X] + input[at.Y, at.X - 1] + input[at.Y, at.X + 1]);
    }

    private static void Volume(Index3 at, View3<double> output, double scale) => output[at.Z, at.Y, at.X] = ((at.Z * 100) + (at.Y * 10) + at.X) * scale;

    private static void Histogram(int i, View<byte> values, View<int> counts, View<float> extremes, View<long> latest)
    {
        Atomic.Add(ref counts[values[i]], 1);
        Atomic.Min(ref extremes[0], -values[i]);
        Atomic.Max(ref extremes[1], values[i] * 0.5f);
        Atomic.Max(ref latest[0], i);
    }

    [Kernel(GroupX = 64)]
    private static void Sum(Group group, View<float> input, View<float> output)
    {
        var tile = group.Shared<float>(64);
        var t = group.Local.X;
        tile[t] = input[group.Global.X];
        group.Barrier();
        for (var stride = 32; stride > 0; stride /= 2)
        {
            if (t < stride)
            {
                tile[t] += tile[t + stride];
            }

            group.Barrier();
        }

        if (t == 0)
        {
            output[group.Index.X] = tile[0];
        }
    }

    private static void Composed(int i, View<float> input, View<double> output, View<float> second)
    {
        output[i] = Math.Exp(input[i]) + Math.Sin(input[i]) + Math.Pow(Math.Abs(input[i]), 0.3) + Math.Atan2(input[i], 2);
        second[i] = MathF.Tanh(input[i]) + MathF.Log(MathF.Abs(input[i])) + (input[i] % 3f) + MathF.Round(input[i]);
    }

    private static void Beyond(int i, View<float> input, View2<float> output) => output[0, i] = input[i];

    private static void Ratio(int i, View<int> output, int at) => output[i] = 100 / (i - at);

    [Kernel(Unchecked = true)]
    private static void Trusting(int i, View<float> output) => output[i] = i;
}

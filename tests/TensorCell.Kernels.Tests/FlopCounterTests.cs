using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Tests.Grid;

namespace TensorCell.Kernels.Tests;

/// <summary>Floating-point operations of kernels with loops and branches, against counts by hand.</summary>
public sealed class FlopCounterTests
{
    /// <summary>Kernels of views x, of 100 by 50 elements, and y, and of an n of 40.</summary>
    public static TheoryData<string, double, bool, Delegate> Kernels => new()
    {
        { "no loop", 3, false, (Index2 i, float[,] x, float[,] y, int n) => y[i.Y, i.X] = (x[i.Y, i.X] * x[i.Y, i.X]) + x[i.X, i.Y] - 1 },
        { "up to a length", 2 * 50, false, (Index2 i, float[,] x, float[,] y, int n) => { var sum = 0f; for (var k = 0; k < x.GetLength(1); k++) { sum += x[i.Y, k] * x[k, i.X]; } y[i.Y, i.X] = sum; } },
        { "up to a number", 2 * 40, false, (Index2 i, float[,] x, float[,] y, int n) => { var sum = 0f; for (var k = 0; k < n; k++) { sum += x[i.Y, k] * x[k, i.X]; } y[i.Y, i.X] = sum; } },
        { "down by three", 13, false, (Index2 i, float[,] x, float[,] y, int n) => { var sum = x[i.Y, i.X]; for (var k = n; k >= 3; k -= 3) { sum += x[k, i.X]; } y[i.Y, i.X] = sum; } },
        { "doubling", 6, false, (Index2 i, float[,] x, float[,] y, int n) => { var sum = x[i.Y, i.X]; for (var k = 1; k < n; k *= 2) { sum += x[k, i.X]; } y[i.Y, i.X] = sum; } },
        { "loops in a loop", 40 * 50, false, (Index2 i, float[,] x, float[,] y, int n) => { var sum = x[i.Y, i.X]; for (var k = 0; k < n; k++) { for (var l = 0; l < x.GetLength(1); l++) { sum += x[k, l + i.X]; } } y[i.Y, i.X] = sum; } },
        { "never", 0, false, (Index2 i, float[,] x, float[,] y, int n) => { var sum = x[i.Y, i.X]; for (var k = 0; k < n - 40; k++) { sum += x[k, i.X]; } y[i.Y, i.X] = sum; } },
        { "as the data decides", 1, true, (Index2 i, float[,] x, float[,] y, int n) => { var value = x[i.Y, i.X]; while (value < 4) { value *= 2; } y[i.Y, i.X] = value; } },
        { "as the item decides", 1, true, (Index2 i, float[,] x, float[,] y, int n) => { var sum = 0f; for (var k = 0; k <= i.X; k++) { sum += x[k, i.X]; } y[i.Y, i.X] = sum; } },
        { "of integers, as the data decides", 0, false, (Index2 i, float[,] x, float[,] y, int n) => { var count = (int)x[i.Y, i.X]; while (count < 4) { count += 2; } y[i.Y, i.X] = count; } },
        { "the longer side", 3, false, (Index2 i, float[,] x, float[,] y, int n) => { if (i.X > 0) { y[i.Y, i.X] = (x[i.Y, i.X] + 1) * (x[i.Y, i.X] + 2); } else { y[i.Y, i.X] = x[i.Y, i.X] / 3; } } },
        { "the side that a number chooses", 1, false, (Index2 i, float[,] x, float[,] y, int n) => { if (n > 50) { y[i.Y, i.X] = (x[i.Y, i.X] + 1) * (x[i.Y, i.X] + 2); } else { y[i.Y, i.X] = x[i.Y, i.X] / 3; } } },
    };

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Turns_that_a_launch_tells_are_counted_others_once(string what, double flops, bool isLeast, Delegate kernel)
    {
        var program = GridOptimizer.Optimize(GridReference.Read(kernel), contraction: false);
        var found = FlopCounter.Of(program, Placement.Of(program), Uniformity.Of(program), node => node switch
        {
            UniformNode => 40,
            LengthNode { Dimension: 0 } => 100,
            LengthNode => 50,
            _ => default(Scalar?),
        });
        Assert.True(found == new FlopCount(flops, isLeast), $"{what}: {found}\n{program}");
    }

    [Fact]
    public void A_loop_that_never_ends_is_followed_for_a_while()
    {
        var program = GridReference.Read((int i, float[] x) => { for (var k = 0; k >= 0; k &= 255) { x[i] += 1; } });
        Assert.True(FlopCounter.Of(program, Placement.Of(program), Uniformity.Of(program), _ => null).IsLeast);
    }

    [Fact]
    public void The_trace_tells_them()
    {
        var kernel = GridKernel.Compile(FlopsOfSums);
        var told = new List<TraceEvent>();
        using (Tracing.Listen(traced => told.AddRange(traced is { Kind: TraceKind.Kernel, Name: nameof(FlopsOfSums) } ? [traced] : [])))
        {
            kernel.Launch(10, new float[30], new float[10], 7);
            kernel.Launch(10, new float[30], new float[10], 21);
            kernel.Launch(10, new float[30], new float[10], 21);
        }

        Assert.Equal([70.0, 210, 210], told.Select(traced => traced.Flops));
        Assert.DoesNotContain(told, traced => traced.FlopsAreLeast);
        Assert.Contains(kernel.Explain().Facts, fact => fact.Value.StartsWith("1 FLOP per item, at least", StringComparison.Ordinal));
    }

    private static void FlopsOfSums(int i, float[] x, float[] y, int n)
    {
        for (var k = 0; k < n; k++)
        {
            y[i] += x[i + k];
        }
    }
}

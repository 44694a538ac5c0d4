using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>Equal graphs share code; uniforms are no part of it.</summary>
[Collection(nameof(EngineSettings))]
public sealed unsafe class KernelCacheTests
{
    [Fact]
    public void EqualGraphsShareCode()
    {
        Assert.Same(KernelCache.Get(Scaled(0.123)), KernelCache.Get(Scaled(0.123)));
        Assert.NotSame(KernelCache.Get(Scaled(0.123)), KernelCache.Get(Scaled(0.124)));
    }

    [Fact]
    public void UniformsAndCapturesNeverRecompile()
    {
        var rate = 0.5f;
        var kernel = KernelFunction.From((float x) => (x * rate) + 0.25f);
        Assert.Equal([1.25f, 2.25f], Launch.Map<float, float>(kernel, [2, 4]));
        var count = CodeCache.Statistics.Misses;
        for (rate = 1; rate < 20; rate++)
        {
            Assert.Equal([(2 * rate) + 0.25f], Launch.Map<float, float>(kernel, [2]));
        }

        Assert.Same(KernelCache.Get(kernel), KernelCache.Get(KernelFunction.From((float x) => (x * rate) + 0.25f)));
        Assert.Equal(count, CodeCache.Statistics.Misses);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void WarmingUpAgainCompilesNothing(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: true);
        Warmup.Run();
        var count = CodeCache.Statistics.Misses;
        Warmup.Run();
        Assert.Equal(count, CodeCache.Statistics.Misses);
    }

    [Fact]
    public void LaunchesAreTraced()
    {
        var events = new List<TraceEvent>();
        using (Tracing.Listen(e =>
        {
            lock (events)
            {
                events.Add(e);
            }
        }))
        {
            Launch.Map<double, double>(Scaled(3.5), new double[1000]);
        }

        var launch = Assert.Single(events, e => e is { Kind: TraceKind.Kernel, Name: "scaled" });
        Assert.Equal(16_000, launch.Bytes);
        Assert.Equal(2000, launch.Flops);
    }

    [Fact]
    public void FewLocalsKeepValuesInRegisters()
    {
        // Elementary functions are the largest bodies that are common: none may need more variables than there are registers.
        foreach (var operation in (UnaryOperation[])[UnaryOperation.Exp, UnaryOperation.Log, UnaryOperation.Tanh, UnaryOperation.Sigmoid])
        {
            foreach (var bits in (int[])[256, 512])
            {
                using var settings = new EngineSettings(bits, contraction: true);
                var kernel = KernelCache.Get(KernelFunction.Create(
                    "function", [DType.Float32], [], Node.Unary(operation, Node.Parameter(0, DType.Float32))));
                Assert.True(kernel.Pressure * kernel.Unroll <= (bits == 512 ? 28 : 14), $"{operation}: {kernel.Pressure} x {kernel.Unroll}");
            }
        }
    }

    [Fact]
    public void OperandsAreChecked()
    {
        var kernel = Scaled(2);
        Assert.Contains("1 inputs wanted, 0 given", Assert.Throws<ArgumentException>(() => Elementwise.Run(kernel, [3], [], [], [])).Message);
        var value = 0f;
        var address = (nint)(&value);
        var found = Assert.Throws<ArgumentException>(() =>
            Elementwise.Run(kernel, [1], [new(address, DType.Float32, [4])], [new(address, DType.Float32, [4])], []));
        Assert.Contains("input 0 is f64; f32 given", found.Message);
    }

    [Fact]
    public void NumbersThatNobodyUsesAreNoGroup()
    {
        static StructuralKey KeyOf(Delegate kernel) => StructuralKey.Of(Kernels.Frontend.KernelReader.ReadGrid(kernel.Method, kernel.Target), 256, true);
        Assert.NotEqual(KeyOf(WithNumbers), KeyOf(InGroups));
        Assert.Equal(KeyOf(InGroups), KeyOf(InGroups));
    }

    private static void WithNumbers(Index3 i, int[] y, int a, int b, int c) => y[i.X] = 4;

    // Each extent is the number that stands for i32 in keys.
    [Kernel(GroupX = (int)DType.Int32, GroupY = (int)DType.Int32, GroupZ = (int)DType.Int32)]
    private static void InGroups(Group group, int[] y) => y[group.Global.X] = 4;

    private static KernelFunction Scaled(double factor) => KernelFunction.Create("scaled", [DType.Float64], [], Node.Binary(
        BinaryOperation.Add, Node.Binary(BinaryOperation.Multiply, Node.Parameter(0, DType.Float64), Node.Constant(factor)), Node.Constant(1.0)));
}

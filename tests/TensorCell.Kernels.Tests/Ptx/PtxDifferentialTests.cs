using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Tests.Grid;

namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>Random grid programs, as PTX under the strict interpreter, against the interpreter of the representation, bit for bit.</summary>
[Collection(nameof(EngineSettings))]
public sealed class PtxDifferentialTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void TextAgreesWithTheRepresentation(int seed)
    {
        var random = new Random(seed);
        var generator = new GridProgramGenerator(random);
        for (var trial = 0; trial < 60; trial++)
        {
            var test = generator.Next(random.Next(1, 20), isInRange: true);
            var (wanted, got) = (test.Copy(), test.Copy());
            wanted.Interpret();
            try
            {
                PtxRun.Run(got);
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}, trial {trial}: {error.Message}\n{test.Program}");
            }

            Assert.True(got.Difference(wanted) is null, $"seed {seed}, trial {trial}: {got.Difference(wanted)}\n{test.Program}");
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void SimdCodeAgreesWithTheText(int bits)
    {
        using var settings = new EngineSettings(bits, contraction: false);
        var random = new Random(bits);
        var generator = new GridProgramGenerator(random);
        for (var trial = 0; trial < 40; trial++)
        {
            var test = generator.Next(random.Next(1, 20), isInRange: true);
            var (simd, text) = (test.Copy(), test.Copy());
            PtxRun.Run(text);
            var error = Record.Exception(simd.Launch);
            Assert.True(
                error is null && simd.Difference(text) is null, $"{bits} bits, trial {trial}: {error} {simd.Difference(text)}\n{test.Program}");
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void ErrorsAreFoundAlike(int seed)
    {
        var random = new Random(seed);
        var generator = new GridProgramGenerator(random);
        var failed = 0;
        for (var trial = 0; trial < 100; trial++)
        {
            var test = generator.Next(random.Next(5, 20), isInRange: false);
            var wanted = Record.Exception(() => test.Copy().Interpret(GridOptimizer.Optimize(test.Program, contraction: false)));
            var got = Record.Exception(() => PtxRun.Run(test.Copy()));
            Assert.True(
                (wanted is null) == (got is null) && got is null or IndexOutOfRangeException or DivideByZeroException,
                $"seed {seed}, trial {trial}: {got} where {wanted} is wanted\n{test.Program}");
            failed += got is null ? 0 : 1;
        }

        Assert.InRange(failed, 10, 90);
    }
}

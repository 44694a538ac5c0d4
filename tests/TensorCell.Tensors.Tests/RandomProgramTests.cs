using TensorCell.Kernels;
using TensorCell.Kernels.Passes;

namespace TensorCell.Tensors.Tests;

/// <summary>
/// Random programs give what is computed element by element; the same bits on one thread and on several, and, where products and sums are rounded
/// apart, the same bits fused as step by step; and their gradients are those of differences.
/// </summary>
[Collection(nameof(EngineSettings))]
public sealed class RandomProgramTests(ITestOutputHelper output) : IDisposable
{
    private readonly bool contraction = Optimizer.Contraction;
    private readonly int threads = Workers.ThreadCount;

    public void Dispose()
    {
        Optimizer.Contraction = contraction;
        Workers.ThreadCount = threads;
    }

    [Fact]
    public void RandomProgramsGiveWhatTheyMean() => Run(TimeSpan.FromSeconds(1.2), seed: 1);

    [Fact]
    [Trait("Category", "Long")]
    public void RandomProgramsGiveWhatTheyMeanInMinutes() => Run(
        TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("TENSORCELL_FUZZ_SECONDS") ?? "120")), Environment.TickCount & 0xFFFFFF);

    private void Run(TimeSpan time, int seed)
    {
        DateTime end = DateTime.UtcNow + time;
        int first = seed;
        List<string> failures = [];
        for (; DateTime.UtcNow < end && failures.Count < 8; seed++)
        {
            RandomProgram program = new(seed, isSmooth: seed % 4 == 3);
            try
            {
                string? failure = seed % 4 == 3 ? CheckGradient(program) : Check(program);
                if (failure is not null)
                {
                    failures.Add($"{failure}\n{program}");
                }
            }
            catch (Exception error)
            {
                failures.Add($"{error}\n{program}");
            }
        }

        output.WriteLine($"{seed - first} programs from {first}");
        Assert.True(failures.Count == 0, $"{failures.Count} of {seed - first} programs fail:\n{string.Join("\n\n", failures)}");
    }

    private static string? Check(RandomProgram program)
    {
        (NumPyArray[] Arrays, string Mode)[] runs =
        [
            (Arrays(program, isEager: false, contraction: true, threads: 1), "fused, on one thread"),
            (Arrays(program, isEager: false, contraction: true, threads: 2), "fused, on two threads"),
            (Arrays(program, isEager: false, contraction: false, threads: 2), "fused, without contraction"),
            (Arrays(program, isEager: true, contraction: false, threads: 1), "step by step, without contraction"),
        ];
        for (int node = 0; node < program.Expected.Count; node++)
        {
            foreach ((NumPyArray[] arrays, string mode) in runs)
            {
                if (Difference(program.Expected[node], arrays[node]) is { } difference)
                {
                    return $"tensor {node}, {mode}: {difference}";
                }
            }

            // Whether halves are rounded between two steps is up to the kernel.
            bool isHalf = program.Expected.Any(one => one.Type is DType.Float16 or DType.BFloat16);
            foreach ((int one, int other) in isHalf ? [(0, 1)] : (ReadOnlySpan<(int, int)>)[(0, 1), (2, 3)])
            {
                if (Bits(runs[one].Arrays[node], runs[other].Arrays[node]) is { } difference)
                {
                    return $"tensor {node}, {runs[one].Mode} and {runs[other].Mode}: {difference}";
                }
            }
        }

        return null;
    }

    private static string? CheckGradient(RandomProgram program)
    {
        double[][] fused = Gradients(program, isEager: false);
        double[][] eager = Gradients(program, isEager: true);
        Random random = new(program.Seed);
        for (int leaf = 0; leaf < fused.Length; leaf++)
        {
            for (int index = 0; index < fused[leaf].Length; index++)
            {
                if (!(Math.Abs(fused[leaf][index] - eager[leaf][index]) <= 1e-9 * Math.Max(1, fused[leaf].Max(Math.Abs))))
                {
                    return $"gradient {leaf}, element {index}: {fused[leaf][index]:R} fused, {eager[leaf][index]:R} step by step";
                }
            }
        }

        double[][] direction = Array.ConvertAll(fused, gradient => Array.ConvertAll(gradient, _ => (random.NextDouble() * 2) - 1));
        double found = fused.Zip(direction, (gradient, along) => gradient.Zip(along, (left, right) => left * right).Sum()).Sum();
        double? near = program.Slope(direction, 1e-6);
        double? far = program.Slope(direction, 4e-6);
        double scale = 1 + fused.Max(gradient => gradient.Select(Math.Abs).DefaultIfEmpty().Max());

        // Where the two differ there is a kink between.
        return near is { } expected && far is { } other && Math.Abs(expected - other) < 1e-5 * scale && Math.Abs(expected - found) > 1e-3 * scale
            ? $"gradient along a direction: {found:R}, by differences {expected:R}"
            : null;
    }

    private static NumPyArray[] Arrays(RandomProgram program, bool isEager, bool contraction, int threads)
    {
        Optimizer.Contraction = contraction;
        Workers.ThreadCount = threads;
        return program.Read(program.Run(isEager));
    }

    private static double[][] Gradients(RandomProgram program, bool isEager)
    {
        Optimizer.Contraction = false;
        Tensor[] tensors = program.Run(isEager, requiresGrad: true);
        RandomProgram.Objective(tensors).Backward();
        return [.. tensors.Take(program.LeafCount).Select(leaf => leaf.Grad!.ToArray<double>())];
    }

    private static string? Difference(PlainTensor expected, NumPyArray found)
    {
        DType type = expected.Type == DType.BFloat16 ? DType.Float32 : expected.Type;
        if (found.DType != type || !found.Shape.SequenceEqual(expected.Shape))
        {
            return $"{found.DType.Name}[{string.Join(", ", found.Shape)}] instead of {expected.Type.Name}[{string.Join(", ", expected.Shape)}]";
        }

        double[] wanted = expected.Numbers;
        double[] numbers = found.Numbers;
        double bound = 4 * expected.Error;
        for (int index = 0; index < wanted.Length; index++)
        {
            if (!(Math.Abs(wanted[index] - numbers[index]) <= bound))
            {
                return $"element {index}: {numbers[index]:R} instead of {wanted[index]:R} (rounding explains {bound:G3})";
            }
        }

        return null;
    }

    private static string? Bits(NumPyArray one, NumPyArray other)
    {
        double[] left = one.Numbers;
        double[] right = other.Numbers;
        int index = Enumerable.Range(0, left.Length).FirstOrDefault(place => !left[place].Equals(right[place]), -1);
        return index < 0 ? null : $"element {index}: {left[index]:R} and {right[index]:R}";
    }
}

using Microsoft.CodeAnalysis;
using TensorCell.Kernels.Frontend;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Tests.Fuzz;

/// <summary>Holds what a random kernel computes against what its method does.</summary>
internal static class FuzzCheck
{
    private static readonly TimeSpan limit = TimeSpan.FromSeconds(20);

    /// <summary>What is wrong with a kernel, or null.</summary>
    public static string? Check(FuzzAssembly assembly, FuzzKernel kernel, int seed)
    {
        var (method, directMethod) = (assembly.Find(kernel), assembly.FindDirect(kernel));
        var random = new Random(seed);
        try
        {
            var program = KernelReader.ReadGrid(method.Method, method.Target);
            var optimized = GridOptimizer.Optimize(program, contraction: false);
            var bare = kernel.MayFail ? null : new GridKernel(program with { Unchecked = true });
            var compiled = new GridKernel(program);
            foreach (var extent in Extents(kernel.Rank))
            {
                var given = FuzzArguments.Create(kernel, extent, random);
                var direct = given.Copy();
                Exception? error = null;
                if (Failure(() => error = direct.RunDirectly(directMethod)) is { } unexpected)
                {
                    return $"C#: {unexpected}";
                }

                string? Wrong(string what, Action<FuzzArguments> run)
                {
                    var found = given.Copy();
                    return Compare(what, direct, error, found, Failure(() => run(found)));
                }

                // What a shrunken kernel fails with in C#, it would corrupt memory with unchecked.
                var wrong = Wrong("interpreter", found => found.Interpret(program, method))
                    ?? Wrong("passes", found => found.Interpret(optimized, method))
                    ?? Wrong("PTX", found => found.RunText(program, method));
                foreach (var bits in (int[])[128, 256, 512])
                {
                    using var settings = new EngineSettings(bits, contraction: false, random.Next(1, 4));
                    var atEnd = random.Next(2) == 0;
                    wrong ??= Wrong($"SIMD {bits}", found => found.Launch(compiled, method))
                        ?? Wrong($"SIMD {bits} guarded", found => found.LaunchGuarded(compiled, method, atEnd))
                        ?? (bare is null || error is not null ? null : Wrong($"SIMD {bits} unchecked", found => found.LaunchGuarded(bare, method, atEnd)));
                }

                if (wrong is not null)
                {
                    return wrong;
                }
            }

            return null;
        }
        catch (Exception error)
        {
            return error is KernelRefusedException ? error.ToString().Split('\n')[0]
                : $"{error.GetType().Name}: {error.Message}\n{string.Join('\n', (error.StackTrace ?? "").Split('\n').Take(8))}";
        }
    }

    /// <summary>What tells one kind of failure from others: its message without names and numbers.</summary>
    public static string Kind(string failure) =>
        string.Concat(failure.Split('\n')[0].Where(c => !char.IsDigit(c)).Take(failure.StartsWith("interpreter", StringComparison.Ordinal) || failure.StartsWith("SIMD", StringComparison.Ordinal) || failure.StartsWith("passes", StringComparison.Ordinal) || failure.StartsWith("PTX", StringComparison.Ordinal) ? 60 : 200));

    private static string? Compare(string what, FuzzArguments direct, Exception? error, FuzzArguments found, Exception? failure)
    {
        if (failure is not null and not (IndexOutOfRangeException or DivideByZeroException))
        {
            return $"{what}: {failure}";
        }

        if (error is not null || failure is not null)
        {
            return (error is null) == (failure is null) ? null
                : $"{what}: C# {(error is null ? "succeeds" : $"fails with {error.GetType().Name}")}, the kernel {(failure is null ? "succeeds" : $"fails: {failure.Message}")}";
        }

        return direct.Difference(found) is { } difference ? $"{what}: {difference}" : null;
    }

    private static Exception? Failure(Action run)
    {
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    run();
                }
                catch (Exception error)
                {
                    failure = error;
                }
            },
            16 << 20)
        { IsBackground = true };
        thread.Start();
        return thread.Join(limit) ? failure : new TimeoutException($"no end after {limit}");
    }

    private static (int Z, int Y, int X)[] Extents(int rank) => rank switch
    {
        1 => [(1, 1, 1), (1, 1, 37)],
        2 => [(1, 3, 11)],
        _ => [(2, 3, 9)],
    };
}

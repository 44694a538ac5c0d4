using System.Reflection;
using Microsoft.CodeAnalysis;
using TensorCell.Kernels.Frontend;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Tests.Fuzz;
using TensorCell.Kernels.Tests.Grid;

namespace TensorCell.Kernels.Tests.Frontend;

/// <summary>Kernels with loops, views and groups, read from C#: the interpreter gives what the method does.</summary>
public sealed class GridMethodTests
{
    private static readonly Lazy<FuzzAssembly> unoptimised = new(static () =>
    {
        using var reader = new StreamReader(typeof(GridSamples).Assembly.GetManifestResourceStream("GridSamples.cs")!);
        return FuzzAssembly.Compile("global using System;\n" + reader.ReadToEnd(), OptimizationLevel.Debug, out var errors)
            ?? throw new InvalidOperationException(errors);
    });

    /// <summary>Each sample as the compiler's optimised IL, and as that of debugging.</summary>
    public static TheoryData<string, OptimizationLevel> Kernels
    {
        get
        {
            var data = new TheoryData<string, OptimizationLevel>();
            foreach (var method in typeof(GridSamples).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            {
                data.Add(method.Name, OptimizationLevel.Release);
                data.Add(method.Name, OptimizationLevel.Debug);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Compute_what_the_method_does(string name, OptimizationLevel level) => Agrees(name, level, program => program);

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Compute_it_when_optimised(string name, OptimizationLevel level) => Agrees(name, level, program => GridOptimizer.Optimize(program, contraction: false));

    /// <summary>A sample, compiled at a level.</summary>
    internal static MethodInfo Sample(string name, OptimizationLevel level) => (level == OptimizationLevel.Debug
        ? unoptimised.Value.Assembly.GetType(typeof(GridSamples).FullName!)!
        : typeof(GridSamples)).GetMethod(name)!;

    private static void Agrees(string name, OptimizationLevel level, Func<GridProgram, GridProgram> change)
    {
        var method = Sample(name, level);
        var direct = (Action<int, float[], float[]>)method.CreateDelegate(typeof(Action<int, float[], float[]>));
        float[] input = [.. Enumerable.Range(0, 40).Select(i => ((i * 7919) % 101 / 10f) - 5)];
        var wanted = new float[40];
        for (var i = 0; i < 40; i++)
        {
            direct(i, input, wanted);
        }

        var program = change(KernelReader.ReadGrid(method, null));
        TestContext.Current.TestOutputHelper?.WriteLine(program.ToString());
        var found = new float[40];
        GridReference.Interpret(program, (1, 1, 40), input, found);
        Assert.Equal(wanted, found);
    }
}

using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace TensorCell.Benchmarks.Worker;

/// <summary>Kernels that nobody has compiled before, as new cells bring them: the same source with other constants, through the C# compiler.</summary>
/// <param name="method">The source of a method <c>Run</c>; where it says <c>FRESH</c>, each has a number of its own.</param>
public sealed class FreshKernels(string method)
{
    private const int Batch = 64;
    private readonly Queue<MethodInfo> ready = [];
    private int made;

    /// <summary>A kernel that is the first of its kind.</summary>
    public MethodInfo Next()
    {
        if (ready.Count == 0)
        {
            Make();
        }

        return ready.Dequeue();
    }

    private void Make()
    {
        var first = made;
        var types = Enumerable.Range(first, Batch).Select(number =>
            $$"""public static class Fresh{{number}} { {{method.Replace("FRESH", $"{1 + (number * 1e-6f):R}f", StringComparison.Ordinal)}} }""");
        var source = $"using System; using TensorCell.Kernels;\n{string.Join('\n', types)}";
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(File.Exists).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            $"FreshKernels{first}",
            [CSharpSyntaxTree.ParseText(source)],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        if (!result.Success)
        {
            throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
        }

        var assembly = Assembly.Load(image.ToArray());
        for (; made < first + Batch; made++)
        {
            ready.Enqueue(assembly.GetType($"Fresh{made}")!.GetMethod("Run")!);
        }
    }
}

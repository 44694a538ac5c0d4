using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace TensorCell.Kernels.Tests.Fuzz;

/// <summary>Random kernels, compiled by the C# compiler in memory, with symbols.</summary>
internal sealed class FuzzAssembly : IDisposable
{
    private static readonly MetadataReference[] references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("TensorCell.Kernels.dll", StringComparison.Ordinal)))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private readonly AssemblyLoadContext context = new("fuzz", isCollectible: true);

    private FuzzAssembly(MemoryStream code, MemoryStream symbols)
    {
        code.Position = 0;
        Assembly = context.LoadFromStream(code);
        KernelSources.Register(Assembly, [.. symbols.ToArray()]);
    }

    public Assembly Assembly { get; }

    /// <summary>Compiles classes; null, and the errors, if they are not C#.</summary>
    public static FuzzAssembly? Compile(string source, OptimizationLevel level, out string errors)
    {
        var tree = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Latest), "Fuzz.cs", System.Text.Encoding.UTF8);
        var compilation = CSharpCompilation.Create(
            $"Fuzz{Guid.NewGuid():N}", [tree], references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: level, warningLevel: 0, allowUnsafe: true));
        var (code, symbols) = (new MemoryStream(), new MemoryStream());
        var result = compilation.Emit(code, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        errors = string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return result.Success ? new(code, symbols) : null;
    }

    /// <summary>The method of a kernel, and its object if it has one.</summary>
    public (MethodInfo Method, object? Target) Find(FuzzKernel kernel)
    {
        var type = Assembly.GetType(kernel.Name)!;
        var method = type.GetMethod("Kernel")!;
        return (method, method.IsStatic ? null : Activator.CreateInstance(type));
    }

    public void Dispose() => context.Unload();
}

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
            .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "TensorCell.Kernels.dll" or "TensorCell.Kernels.Tests.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private readonly AssemblyLoadContext context = new("fuzz", isCollectible: true);

    private readonly Assembly? direct;

    private FuzzAssembly((MemoryStream Code, MemoryStream Symbols) image, (MemoryStream Code, MemoryStream Symbols)? directImage)
    {
        Assembly = context.LoadFromStream(image.Code);
        KernelSources.Register(Assembly, [.. image.Symbols.ToArray()]);
        direct = directImage is { Code: var code } ? context.LoadFromStream(code) : null;
    }

    public Assembly Assembly { get; }

    /// <summary>Compiles classes; null, and the errors, if they are not C#.</summary>
    public static FuzzAssembly? Compile(string source, OptimizationLevel level, out string errors) =>
        Emit(source, level, out errors) is { } image ? new(image, null) : null;

    /// <summary>Compiles kernels, those with groups a second time as what can be called; null, and the errors, if they are not C#.</summary>
    public static FuzzAssembly? Compile(IReadOnlyList<FuzzKernel> kernels, OptimizationLevel level, out string errors)
    {
        var image = Emit(FuzzKernel.SourceOf(kernels, isDirect: false), level, out errors);
        var grouped = kernels.Where(kernel => kernel.Group is not null).ToList();
        var directImage = image is null || grouped.Count == 0 ? null : Emit(FuzzKernel.SourceOf(grouped, isDirect: true), level, out errors);
        return image is null || errors.Length > 0 ? null : new(image.Value, directImage);
    }

    /// <summary>The method of a kernel.</summary>
    public FuzzMethod Find(FuzzKernel kernel) => FuzzMethod.Of(Assembly.GetType(kernel.Name)!, kernel);

    /// <summary>The method to be called in a kernel's place.</summary>
    public FuzzMethod FindDirect(FuzzKernel kernel) => kernel.Group is null ? Find(kernel) : FuzzMethod.Of(direct!.GetType(kernel.Name)!, kernel);

    public void Dispose() => context.Unload();

    private static (MemoryStream Code, MemoryStream Symbols)? Emit(string source, OptimizationLevel level, out string errors)
    {
        var tree = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Latest), "Fuzz.cs", System.Text.Encoding.UTF8);
        var compilation = CSharpCompilation.Create(
            $"Fuzz{Guid.NewGuid():N}", [tree], references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: level, warningLevel: 0, allowUnsafe: true));
        var (code, symbols) = (new MemoryStream(), new MemoryStream());
        var result = compilation.Emit(code, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        errors = string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        code.Position = 0;
        return result.Success ? (code, symbols) : null;
    }
}

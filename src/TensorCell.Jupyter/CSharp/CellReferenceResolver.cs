using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace TensorCell.Jupyter.CSharp;

/// <summary>
/// Finds what a cell's <c>#r</c> names, and what the named assemblies need in turn. The platform's own need nothing but what every cell
/// has: the compiler and the web server behind TensorCell stay unbound, which would cost each cell a tenth of its time.
/// </summary>
internal sealed class CellReferenceResolver(string directory) : MetadataReferenceResolver
{
    private readonly ScriptMetadataResolver files = ScriptMetadataResolver.Default.WithBaseDirectory(directory);

    /// <inheritdoc/>
    public override bool ResolveMissingAssemblies => true;

    /// <inheritdoc/>
    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        PlatformReferences.Has(definition) ? null : files.ResolveMissingAssembly(definition, referenceIdentity);

    /// <inheritdoc/>
    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties) =>
        files.ResolveReference(reference, baseFilePath, properties);

    /// <inheritdoc/>
    public override bool Equals(object? other) => other is CellReferenceResolver resolver && resolver.files.Equals(files);

    /// <inheritdoc/>
    public override int GetHashCode() => files.GetHashCode();
}

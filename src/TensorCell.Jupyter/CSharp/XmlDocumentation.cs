using Microsoft.CodeAnalysis;

namespace TensorCell.Jupyter.CSharp;

/// <summary>The documentation file beside an assembly, read when a symbol's documentation is first asked for.</summary>
internal sealed class XmlDocumentation(string assemblyFile) : XmlDocumentationProvider
{
    private static readonly byte[] none = "<doc><members/></doc>"u8.ToArray();
    private readonly string file = Path.ChangeExtension(assemblyFile, ".xml");

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is XmlDocumentation other && other.file == file;

    /// <inheritdoc/>
    public override int GetHashCode() => file.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override Stream GetSourceStream(CancellationToken cancellationToken) =>
        File.Exists(file) ? File.OpenRead(file) : new MemoryStream(none);
}

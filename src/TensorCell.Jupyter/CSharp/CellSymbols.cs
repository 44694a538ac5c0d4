using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using Microsoft.CodeAnalysis.Text;

namespace TensorCell.Jupyter.CSharp;

/// <summary>Where the code of a loaded cell comes from.</summary>
/// <param name="path">What stack traces call the cell.</param>
/// <param name="source">The cell as written.</param>
/// <param name="pdb">Its portable PDB.</param>
internal sealed class CellSymbols(string path, SourceText source, ImmutableArray<byte> pdb)
{
    /// <summary>What stack traces call the cell.</summary>
    public string Path { get; } = path;

    /// <summary>The cell as written.</summary>
    public SourceText Source { get; } = source;

    /// <summary>The line, from 1, that a frame stands on; 0 when it stands on none that was written.</summary>
    public int LineOf(StackFrame frame)
    {
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbImage(pdb);
        int offset = frame.GetILOffset();
        int line = 0;
        var method = (MethodDefinitionHandle)MetadataTokens.Handle(frame.GetMethod()!.MetadataToken);
        foreach (SequencePoint point in provider.GetMetadataReader()
            .GetMethodDebugInformation(method.ToDebugInformationHandle()).GetSequencePoints())
        {
            if (point.Offset > offset && line > 0)
            {
                break;
            }

            line = point.IsHidden ? line : point.StartLine;
        }

        return line;
    }
}

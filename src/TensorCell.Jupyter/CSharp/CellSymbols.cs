using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using Microsoft.CodeAnalysis.Text;

namespace TensorCell.Jupyter.CSharp;

/// <summary>Where the code of a loaded cell comes from.</summary>
internal sealed class CellSymbols(CellImage image)
{
    /// <summary>What stack traces call the cell.</summary>
    public string Path => image.Tree.FilePath;

    /// <summary>The cell as written.</summary>
    public SourceText Source => image.Tree.GetText();

    /// <summary>The line, from 1, that a frame stands on; 0 when it stands on none that was written.</summary>
    public int LineOf(StackFrame frame)
    {
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbImage(image.Lines);
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

using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Runtime.CompilerServices;

namespace TensorCell.Kernels;

/// <summary>Where the source lines of methods are found, so that errors about kernels can name them.</summary>
public static class KernelSources
{
    private static readonly ConditionalWeakTable<Assembly, MetadataReaderProvider?> symbols = [];

    /// <summary>Gives the symbols of an assembly that has no file, such as a cell's.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="portablePdb">The content of its portable PDB.</param>
    public static void Register(Assembly assembly, ImmutableArray<byte> portablePdb) =>
        symbols.AddOrUpdate(assembly, MetadataReaderProvider.FromPortablePdbImage(portablePdb));

    /// <summary>The source file and line of an instruction, or no file and 0 where the assembly has no symbols.</summary>
    internal static (string? File, int Line) Find(MethodBase method, int offset)
    {
        var provider = symbols.GetValue(method.Module.Assembly, FromFile);
        if (provider is null)
        {
            return (null, 0);
        }

        var reader = provider.GetMetadataReader();
        var handle = MetadataTokens.MethodDefinitionHandle(method.MetadataToken & 0xFFFFFF).ToDebugInformationHandle();
        if (MetadataTokens.GetRowNumber(handle) > reader.MethodDebugInformation.Count)
        {
            return (null, 0);
        }

        (string? File, int Line) found = (null, 0);
        foreach (var point in reader.GetMethodDebugInformation(handle).GetSequencePoints())
        {
            if (!point.IsHidden && (point.Offset <= offset || found.Line == 0))
            {
                found = (reader.GetString(reader.GetDocument(point.Document).Name), point.StartLine);
            }
        }

        return found;
    }

    private static MetadataReaderProvider? FromFile(Assembly assembly)
    {
        if (assembly.IsDynamic || string.IsNullOrEmpty(assembly.Location))
        {
            return null;
        }

        var path = Path.ChangeExtension(assembly.Location, ".pdb");
        try
        {
            return File.Exists(path) ? MetadataReaderProvider.FromPortablePdbImage([.. File.ReadAllBytes(path)]) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}

namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>A kernel as parsed.</summary>
internal sealed class PtxEntry
{
    public required string Name { get; init; }

    /// <summary>The parameters: name, type and place among the bytes of all.</summary>
    public List<(string Name, PtxType Type, int Offset)> Parameters { get; } = [];

    /// <summary>The registers: type and number by name.</summary>
    public Dictionary<string, (PtxType Type, int Index)> Registers { get; } = [];

    /// <summary>The shared variables: place and length in bytes.</summary>
    public Dictionary<string, (int Offset, int Length)> Shared { get; } = [];

    /// <summary>Where labels stand: the number of the instruction after.</summary>
    public Dictionary<string, int> Labels { get; } = [];

    public List<PtxInstruction> Instructions { get; } = [];

    /// <summary>The block size the kernel insists on, or null.</summary>
    public int[]? RequiredThreads { get; set; }

    /// <summary>Bytes of shared memory.</summary>
    public int SharedBytes { get; set; }

    /// <summary>Bytes of parameters.</summary>
    public int ParameterBytes { get; set; }
}

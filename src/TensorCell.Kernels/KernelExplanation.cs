namespace TensorCell.Kernels;

/// <summary>What a kernel compiles to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Ir">The textual form of its intermediate representation.</param>
public sealed record KernelExplanation(string Name, string Ir)
{
    /// <summary>The intermediate representation after the passes that optimise it; empty where none changed it.</summary>
    public string OptimizedIr { get; init; } = "";

    /// <summary>The machine code of each form of it that was compiled; empty where the runtime does not tell.</summary>
    public IReadOnlyList<MachineCode> Code { get; init; } = [];

    /// <summary>What NVIDIA's driver is given for operands on its device; empty where a GPU cannot run the kernel.</summary>
    public string Ptx { get; init; } = "";

    /// <summary>What else is worth knowing, as names and values.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; init; } = [];
}

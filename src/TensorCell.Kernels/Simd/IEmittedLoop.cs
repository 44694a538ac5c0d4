namespace TensorCell.Kernels.Simd;

/// <summary>A method emitted at run time, whose machine code can be shown: see <see cref="MachineCode"/>.</summary>
internal interface IEmittedLoop
{
    /// <summary>What it was emitted under: <see cref="MethodLoads.UniqueName"/>, which no other method of the process has.</summary>
    string MethodName { get; }

    /// <summary>What it is compiled for, in words: widths, how operands lie.</summary>
    string Description { get; }

    /// <summary>Bits of the vectors it was emitted for.</summary>
    int VectorBits { get; }

    /// <summary>Emits and compiles it anew under another name, which is what runs from then on.</summary>
    void Emit();
}

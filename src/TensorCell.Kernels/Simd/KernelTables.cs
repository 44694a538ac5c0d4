using System.Collections.Immutable;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Where a kernel's constants and uniforms lie in memory, each repeated in all lanes: as operands read from memory they take no register.
/// </summary>
internal sealed class KernelTables
{
    /// <summary>Bytes from one entry to the next: the widest vector.</summary>
    public const int Stride = 64;

    private readonly int[] offsets;

    public KernelTables(VectorProgram program)
    {
        var instructions = program.Instructions;
        offsets = new int[instructions.Length];
        Array.Fill(offsets, -1);
        var constants = ImmutableArray.CreateBuilder<int>();
        var uniforms = ImmutableArray.CreateBuilder<int>();
        var computed = ImmutableArray.CreateBuilder<int>();
        var usedPerElement = new bool[instructions.Length];
        foreach (var result in program.Results)
        {
            usedPerElement[result] = true;
        }

        for (var i = instructions.Length - 1; i >= 0; i--)
        {
            if (!program.Uniform[i])
            {
                foreach (var operand in (ReadOnlySpan<int>)[instructions[i].A, instructions[i].B, instructions[i].C])
                {
                    if (operand >= 0)
                    {
                        usedPerElement[operand] = true;
                    }
                }
            }
        }

        for (var i = 0; i < instructions.Length; i++)
        {
            switch (instructions[i].Code)
            {
                case VectorCode.Constant:
                    offsets[i] = constants.Count * Stride;
                    constants.Add(i);
                    break;
                case VectorCode.Uniform:
                    uniforms.Add(i);
                    break;
                default:
                    if (program.Uniform[i] && usedPerElement[i])
                    {
                        computed.Add(i);
                    }

                    break;
            }
        }

        for (var i = 0; i < uniforms.Count + computed.Count; i++)
        {
            offsets[i < uniforms.Count ? uniforms[i] : computed[i - uniforms.Count]] = i * Stride;
        }

        (Constants, Uniforms, ComputedUniforms) = (constants.ToImmutable(), uniforms.ToImmutable(), computed.ToImmutable());
    }

    /// <summary>The instructions that are constants, in the order of their table.</summary>
    public ImmutableArray<int> Constants { get; }

    /// <summary>The instructions that are uniform inputs, in the order of their table, before the computed ones.</summary>
    public ImmutableArray<int> Uniforms { get; }

    /// <summary>The instructions that are computed once per launch, from uniforms alone.</summary>
    public ImmutableArray<int> ComputedUniforms { get; }

    /// <summary>The size of the uniforms' table in bytes.</summary>
    public int UniformBytes => (Uniforms.Length + ComputedUniforms.Length) * Stride;

    /// <summary>Where an instruction's value lies in its table, or -1.</summary>
    public int Offset(int instruction) => offsets[instruction];
}

namespace TensorCell.Kernels.Tests.Fuzz;

/// <summary>A random kernel: a class in C# whose method <c>Kernel</c> it is.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Source">The class.</param>
/// <param name="Rank">Axes of its index space.</param>
/// <param name="Views">Its views, in the order of its parameters.</param>
/// <param name="Uniforms">The C# types of its numbers, which come after the views.</param>
/// <param name="MayFail">Whether indices may be out of range and divisors zero.</param>
internal sealed record FuzzKernel(string Name, string Source, int Rank, IReadOnlyList<FuzzView> Views, IReadOnlyList<string> Uniforms, bool MayFail)
{
    /// <summary>What the classes of a compilation begin with.</summary>
    public const string Usings = "using System; using System.Numerics; using System.Threading; using TensorCell.Kernels;\n";

    public override string ToString() => $"{Source}\n// rank {Rank}; {string.Join(", ", Views)}";
}

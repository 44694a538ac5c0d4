namespace TensorCell.Kernels.Tests.Fuzz;

/// <summary>A random kernel: a class in C# whose method <c>Kernel</c> it is, or whose method <c>Make</c> returns it as a lambda.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Source">The class.</param>
/// <param name="Rank">Axes of its index space.</param>
/// <param name="Views">Its views: those of its parameters in their order, then those that it captures.</param>
/// <param name="Uniforms">The C# types of its numbers, likewise; parameters come after those of the views.</param>
/// <param name="MayFail">Whether indices may be out of range and divisors zero.</param>
internal sealed record FuzzKernel(string Name, string Source, int Rank, IReadOnlyList<FuzzView> Views, IReadOnlyList<string> Uniforms, bool MayFail)
{
    /// <summary>Items of a group along Z, Y and X; null for a kernel without groups.</summary>
    public (int Z, int Y, int X)? Group { get; init; }

    /// <summary>Whether views reach as far as the groups do, which may be beyond the index space.</summary>
    public bool CoversGroups { get; init; }

    /// <summary>How many views are parameters, if it is a lambda, which captures the others; else null.</summary>
    public int? GivenViews { get; init; }

    /// <summary>How many numbers are parameters, if it is a lambda, which captures the others.</summary>
    public int GivenUniforms { get; init; }

    /// <summary>Whether it takes the index of each of several axes as a parameter of its own.</summary>
    public bool TakesAxes { get; init; }

    /// <summary>Several kernels as one source.</summary>
    /// <param name="kernels">The kernels.</param>
    /// <param name="isDirect">Whether the groups' items are to run when the methods are called.</param>
    public static string SourceOf(IEnumerable<FuzzKernel> kernels, bool isDirect) =>
        "using System; using System.Numerics; using System.Threading; using TensorCell.Kernels;\n"
        + (isDirect ? $"using Group = {typeof(DirectGroup).FullName};\n" : "")
        + string.Join("\n", kernels.Select(kernel => kernel.Source));

    public override string ToString() => $"{Source}\n// rank {Rank}; {string.Join(", ", Views)}";
}

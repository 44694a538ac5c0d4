namespace TensorCell.Interactive;

/// <summary>What the instructions of a loop are.</summary>
/// <param name="Instructions">How many there are.</param>
/// <param name="VectorInstructions">Those on whole vectors, rather than on one number.</param>
public sealed record LoopCounts(int Instructions, int VectorInstructions)
{
    /// <summary>The widths of the vectors they work on, in bits, ascending.</summary>
    public IReadOnlyList<int> VectorBits { get; init; } = [];

    /// <summary>Loads of vector registers from the stack and stores to it: values that found no register.</summary>
    public int Spills { get; init; }

    /// <summary>Loads from addresses that a vector holds.</summary>
    public int Gathers { get; init; }

    /// <summary>Divisions, of integers and of floating-point numbers.</summary>
    public int Divisions { get; init; }

    /// <summary>Square roots.</summary>
    public int SquareRoots { get; init; }

    /// <summary>Calls of functions, each of which makes the loop save what it holds in registers.</summary>
    public int Calls { get; init; }

    /// <summary>Loads of vectors or numbers from memory, the stack left out.</summary>
    public int Loads { get; init; }

    /// <summary>Stores of vectors or numbers to memory, the stack left out.</summary>
    public int Stores { get; init; }

    /// <summary>Floating-point additions, subtractions, products, quotients, extremes and fused multiply-adds.</summary>
    public int Arithmetic { get; init; }

    /// <summary>Fused multiply-adds.</summary>
    public int FusedMultiplyAdds { get; init; }

    /// <summary>The share of <see cref="Arithmetic"/> that is fused multiply-adds.</summary>
    public double FusedShare => Arithmetic == 0 ? 0 : (double)FusedMultiplyAdds / Arithmetic;
}

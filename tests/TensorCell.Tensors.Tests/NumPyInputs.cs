using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Tensors of one type, by the names under which Python gets them too; some of them are views.</summary>
internal sealed class NumPyInputs
{
    /// <param name="type">Of those that are no indices and no conditions.</param>
    /// <param name="seed">What they hold.</param>
    public NumPyInputs(DType type, int seed)
    {
        Samples samples = new(seed);
        Type = type;
        (double low, double high) = type switch { DType.Bool => (0, 1), DType.UInt8 => (0, 9), _ => (-4.0, 4) };
        A = samples.Tensor([4, 5], type, low, high).Tensor;
        B = samples.Tensor([4, 5], type, low, high).Tensor;
        C = samples.Tensor([3, 4, 5], type, low, high).Tensor;
        S = samples.Tensor([2, 4, 4], type, low, high).Tensor;
        V = samples.Tensor([5], type, low, high).Tensor;
        W = samples.Tensor([3], type, low, high).Tensor;
        E = samples.Tensor([0, 5], type, low, high).Tensor;
        Z = samples.Tensor([], type, low, high).Tensor;
        X = samples.Tensor([2, 4, 7, 6], type, low, high).Tensor;
        K = samples.Tensor([6, 2, 3, 3], type, low, high).Tensor;
        M = samples.Tensor([4, 5], DType.Bool, 0, 1).Tensor;
        I = samples.Tensor([6], DType.Int64, 0, 3).Tensor;
        J = samples.Tensor([4, 5], DType.Int64, 0, 3).Tensor;
        U = Tensor.From([3L, 0, 2, 1]);
        N = type.IsFloatingPoint ? Tensor.Where(M, A, double.NaN).Realize() : A;
    }

    /// <summary>The type of most.</summary>
    public DType Type { get; }

    public Tensor A { get; }

    public Tensor B { get; }

    public Tensor C { get; }

    public Tensor S { get; }

    public Tensor V { get; }

    public Tensor W { get; }

    /// <summary>Without elements.</summary>
    public Tensor E { get; }

    /// <summary>Without axes.</summary>
    public Tensor Z { get; }

    /// <summary>Images.</summary>
    public Tensor X { get; }

    /// <summary>Filters, in two groups.</summary>
    public Tensor K { get; }

    /// <summary>A mask.</summary>
    public Tensor M { get; }

    /// <summary>Indices from 0 to 3.</summary>
    public Tensor I { get; }

    /// <summary>Indices from 0 to 3.</summary>
    public Tensor J { get; }

    /// <summary>Indices from 0 to 3, each once.</summary>
    public Tensor U { get; }

    /// <summary>With NaN among them, if the type has it.</summary>
    public Tensor N { get; }

    /// <summary>All of them that a piece of Python mentions, by their names there.</summary>
    public (string Name, Tensor Tensor)[] Named(string code) =>
    [
        .. ((string, Tensor)[])[("a", A), ("b", B), ("c", C), ("s", S), ("v", V), ("w", W), ("e", E), ("z", Z), ("x", X), ("k", K), ("m", M), ("i", I), ("j", J), ("u", U), ("n", N)],
    ];
}

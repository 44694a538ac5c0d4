using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>For each of a batch of square matrices three numbers, in f64: the determinant, its sign, and the logarithm of its magnitude.</summary>
/// <param name="matrices">[batch…, n, n], contiguous.</param>
internal sealed class DeterminantOperation(Operand matrices) : Operation("determinant", matrices)
{
    /// <inheritdoc/>
    protected override unsafe Storage Run(Value target)
    {
        Storage source = Realizer.Realize(Inputs[0].Value);
        Storage result = Storage.Allocate(target.Layout.Shape.Count * sizeof(double));
        int side = Inputs[0].Layout.Shape[-1];
        double* from = (double*)source.Address + Inputs[0].Layout.Offset;
        double* to = (double*)result.Address;
        Workers.For(checked((int)(target.Layout.Shape.Count / 3)), index =>
        {
            LuDecomposition decomposition = new(new ReadOnlySpan<double>(from + ((long)index * side * side), side * side), side);
            double determinant = decomposition.IsOdd ? -1 : 1;
            double sign = determinant;
            double logarithm = 0;
            foreach (double pivot in decomposition.Pivots)
            {
                determinant *= pivot;
                sign *= double.IsNaN(pivot) ? double.NaN : Math.Sign(pivot);
                logarithm += Math.Log(Math.Abs(pivot));
            }

            (to[3L * index], to[(3L * index) + 1], to[(3L * index) + 2]) = (determinant, sign, logarithm);
        });
        GC.KeepAlive(source);
        GC.KeepAlive(result);
        return result;
    }
}

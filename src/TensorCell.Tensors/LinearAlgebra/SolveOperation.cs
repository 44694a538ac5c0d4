using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>The solutions of systems of linear equations, in f64.</summary>
/// <param name="matrices">[batch…, n, n], contiguous.</param>
/// <param name="sides">The right sides [batch…, n, m], contiguous, of the same batch.</param>
internal sealed class SolveOperation(Operand matrices, Operand sides) : Operation("solve", matrices, sides)
{
    /// <inheritdoc/>
    protected override unsafe Storage Run(Value target)
    {
        Storage left = Realizer.Realize(Inputs[0].Value);
        Storage right = Realizer.Realize(Inputs[1].Value);
        Storage result = Storage.Allocate(target.Layout.Shape.Count * sizeof(double));
        int side = target.Layout.Shape[-2];
        long width = target.Layout.Shape[-1];
        long count = side == 0 || width == 0 ? 0 : target.Layout.Shape.Count / side / width;
        double* from = (double*)left.Address + Inputs[0].Layout.Offset;
        double* given = (double*)right.Address + Inputs[1].Layout.Offset;
        double* solved = (double*)result.Address;
        Workers.For(checked((int)count), index =>
        {
            int length = checked((int)(side * width));
            Span<double> solutions = new(solved + (index * (long)length), length);
            new ReadOnlySpan<double>(given + (index * (long)length), length).CopyTo(solutions);
            LuDecomposition decomposition = new(new ReadOnlySpan<double>(from + ((long)index * side * side), side * side), side);
            if (decomposition.IsSingular)
            {
                Throw.Argument($"solve: {(count > 1 ? $"matrix {index} of {count}" : "the matrix")} of shape [{side}, {side}] is singular: its rows depend on each other, so there is no single solution");
            }

            decomposition.Solve(solutions);
        });
        GC.KeepAlive(left);
        GC.KeepAlive(right);
        GC.KeepAlive(result);
        return result;
    }
}

using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Tests.Grid;

/// <summary>A grid program and what it is launched with.</summary>
/// <param name="Program">The program.</param>
/// <param name="Extent">Items along X, Y and Z.</param>
/// <param name="Views">The views, in the program's order.</param>
/// <param name="Uniforms">The values of all uniforms.</param>
internal sealed record GridCase(GridProgram Program, int[] Extent, GridCaseView[] Views, Scalar[] Uniforms)
{
    /// <summary>The same, with memory of its own.</summary>
    public GridCase Copy() => this with { Views = [.. Views.Select(view => view.Copy())] };

    /// <summary>Runs it by the interpreter, in place.</summary>
    /// <exception cref="IndexOutOfRangeException">An access is out of range.</exception>
    /// <exception cref="DivideByZeroException">An integer is divided by zero.</exception>
    public void Interpret(GridProgram? program = null) => new GridInterpreter(
        program ?? Program,
        Extent,
        Uniforms,
        (view, dimension) => Views[view.Index].Lengths[dimension],
        (view, index) => Views[view.Index].Read(index),
        (view, index, value) => Views[view.Index].Write(index, value)).Run();

    /// <summary>Runs it as SIMD code at the present vector width, in place.</summary>
    /// <exception cref="IndexOutOfRangeException">An access is out of range.</exception>
    /// <exception cref="DivideByZeroException">An integer is divided by zero.</exception>
    public void Launch() => Launch(
        new GridKernel(Program),
        view => new(new(view.Bytes, (nint)view.Offset * view.Operand.Storage.Size), view.Operand.Storage, view.Lengths, [.. view.Strides.Select(stride => (nint)stride)]));

    /// <summary>Runs it so, in copies of its views that lie against pages that nobody may touch.</summary>
    /// <param name="kernel">The program as a kernel.</param>
    /// <param name="atEnd">Whether the views end at such pages, rather than begin there.</param>
    public void LaunchGuarded(GridKernel kernel, bool atEnd)
    {
        var guarded = new List<GuardedView>();
        try
        {
            Launch(kernel, view =>
            {
                guarded.Add(new(view.Bytes, view.Operand.Storage, view.Lengths, view.Strides, view.Offset, atEnd));
                return guarded[^1].Argument;
            });
        }
        finally
        {
            guarded.ForEach(view => view.Dispose());
        }
    }

    /// <summary>The first element that differs from another case's, but for the bits of NaN; null if there is none.</summary>
    public string? Difference(GridCase other)
    {
        for (var v = 0; v < Views.Length; v++)
        {
            foreach (var index in Views[v].Indices())
            {
                var (mine, theirs) = (Views[v].Read(index), other.Views[v].Read(index));
                if (mine != theirs && !(mine.Type.IsFloatingPoint && double.IsNaN(mine.ToDouble()) && double.IsNaN(theirs.ToDouble())))
                {
                    return $"{Views[v].Operand.Name}[{string.Join(", ", index)}] is {mine} and {theirs}";
                }
            }
        }

        return null;
    }

    /// <summary>A byte that differs from another case's and is no element's; null if there is none.</summary>
    public string? DifferenceBetweenElements(GridCase other)
    {
        foreach (var (mine, theirs) in Views.Zip(other.Views))
        {
            var (first, second) = (mine.Copy(), theirs.Copy());
            foreach (var index in mine.Indices())
            {
                first.Write(index, new(first.Operand.Storage.Computed, 0));
                second.Write(index, new(first.Operand.Storage.Computed, 0));
            }

            var same = first.Bytes.AsSpan().CommonPrefixLength(second.Bytes);
            if (same < first.Bytes.Length)
            {
                return $"{mine.Operand.Name}: byte {same} of {first.Bytes.Length}, which belongs to no element, was written";
            }
        }

        return null;
    }

    private void Launch(GridKernel kernel, Func<GridCaseView, KernelArgument> argument)
    {
        TensorCell.Kernels.Extent extent = Program.Rank switch
        {
            1 => Extent[0],
            2 => (Extent[1], Extent[0]),
            _ => (Extent[2], Extent[1], Extent[0]),
        };
        kernel.Launch(
            extent,
            [
                .. Views.Where(view => view.Operand.Capture is null).Select(argument),
                .. Uniforms.SkipLast(Program.Captures.Length).Select(value => (KernelArgument)value),
            ]);
    }
}

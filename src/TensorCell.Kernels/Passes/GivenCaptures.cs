using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>Makes a program take at each launch what it captured: code that is kept must not keep the user's variables alive.</summary>
internal static class GivenCaptures
{
    /// <summary>The program whose captured views and numbers are given, in their places: behind the others.</summary>
    public static GridProgram Of(GridProgram program)
    {
        var views = program.Views.Select(view => new ViewOperand(view.Index, view.Name, view.Storage, view.Rank)).ToArray();
        var rewriter = new GridRewriter(memory: operand => operand is ViewOperand view ? views[view.Index] : operand);
        return rewriter.Rewrite(program) with { Views = [.. views], Captures = [] };
    }

    /// <summary>What the captured views, and then the captured numbers, are now.</summary>
    public static IEnumerable<KernelArgument> Read(GridProgram program) =>
        program.Views.Where(view => view.Capture is not null).Select(view => Read(program, view))
            .Concat(program.Captures.Select(capture => (KernelArgument)capture.Read()));

    /// <summary>What a captured view is now.</summary>
    /// <exception cref="ArgumentException">It is null.</exception>
    public static KernelArgument Read(GridProgram program, ViewOperand view) =>
        KernelArgument.Of(view.Capture!()) is { Rank: > 0 } captured ? captured : throw Throw.KernelCapture(program.Name, view.Name);
}

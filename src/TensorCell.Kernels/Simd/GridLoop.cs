using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace TensorCell.Kernels.Simd;

/// <summary>One of the forms in which a grid program was emitted.</summary>
internal sealed class GridLoop : IEmittedLoop
{
    private readonly GridPlan plan;
    private readonly int copies;
    private readonly bool isWide;
    private readonly bool isStreaming;
    private volatile Emitted emitted;

    /// <param name="plan">What it is made from.</param>
    /// <param name="copies">How many vectors are in flight.</param>
    /// <param name="isWide">Whether it runs whole steps within rows only.</param>
    /// <param name="isStreaming">Whether it stores past the caches what can be.</param>
    public GridLoop(GridPlan plan, int copies, bool isWide, bool isStreaming = false)
    {
        (this.plan, this.copies, this.isWide, this.isStreaming) = (plan, copies, isWide, isStreaming);
        emitted = Compile();
    }

    /// <summary>The code.</summary>
    public GridBody Body => emitted.Body;

    /// <summary>The size of the frame it needs.</summary>
    public int FrameBytes => emitted.FrameBytes;

    /// <inheritdoc/>
    public string MethodName => emitted.MethodName;

    /// <inheritdoc/>
    public int VectorBits => plan.VectorBits;

    /// <inheritdoc/>
    public string Description => $"{(plan.Program.GroupExtents.IsEmpty ? isWide ? "the middle of rows" : "ends of rows" : "groups")}, {copies} x {plan.Lanes} items a turn{(isStreaming ? ", stored past the caches" : "")}";

    /// <inheritdoc/>
    public void Emit() => emitted = Compile();

    private Emitted Compile()
    {
        var start = Tracing.IsEnabled ? Stopwatch.GetTimestamp() : 0;
        var methodName = MethodLoads.UniqueName(plan.Program.Name);
        var (body, frameBytes) = plan.Groups is not null ? GridEmitter.Group(plan, copies, methodName)
            : (isWide ? GridEmitter.Wide(plan, copies, isStreaming, methodName) : GridEmitter.Narrow(plan, methodName), plan.Layout.FrameBytes);

        // Now rather than at the first call, so that the trace tells compiling from running.
        RuntimeHelpers.PrepareDelegate(body);
        if (start != 0)
        {
            Tracing.Write(new(TraceKind.Compile, plan.Program.Name, "cpu", start, Stopwatch.GetTimestamp(), 0, 0));
        }

        return new(methodName, body, frameBytes);
    }

    private sealed record Emitted(string MethodName, GridBody Body, int FrameBytes);
}

using System.Runtime.CompilerServices;

namespace TensorCell.Kernels.Simd;

/// <summary>The loops of a kernel over lines for one way in which its operands lie in memory.</summary>
internal sealed class CompiledLines : IEmittedLoop
{
    private readonly string name;
    private readonly VectorProgram program;
    private readonly KernelTables tables;
    private readonly Schedule schedule;
    private volatile Emitted emitted;

    public CompiledLines(string name, int vectorBits, LineAccess access, VectorProgram program, KernelTables tables, Schedule schedule)
    {
        VectorBits = vectorBits;
        this.name = name;
        this.program = program;
        this.tables = tables;
        this.schedule = schedule;
        Access = access;
        emitted = Compile();
    }

    /// <summary>How the operands lie and what becomes of the values.</summary>
    public LineAccess Access { get; }

    /// <summary>The loops.</summary>
    public LineBody Body => emitted.Body;

    /// <inheritdoc/>
    public string MethodName => emitted.MethodName;

    /// <inheritdoc/>
    public int VectorBits { get; }

    /// <inheritdoc/>
    public string Description
    {
        get
        {
            string[] broadcast = [.. Enumerable.Range(0, program.InputTypes.Length).Where(Access.IsBroadcast).Select(input => $"p{input}")];
            return $"lines, {Access.Unroll} x {VectorBits} bits at once"
                + (broadcast.Length > 0 ? $", {string.Join(", ", broadcast)} one value for a line" : "")
                + (Access.Fold == LineFold.None ? "" : $", {Access.Fold.ToString().ToLowerInvariant()} {(Access.IsAcross ? "across" : "of")} lines")
                + (Access.Streaming ? ", stores past the caches" : "");
        }
    }

    /// <inheritdoc/>
    public void Emit() => emitted = Compile();

    private Emitted Compile()
    {
        string methodName = MethodLoads.UniqueName(name);
        LineBody body = LineEmitter.Compile(methodName, program, Access, tables, schedule);
        RuntimeHelpers.PrepareDelegate(body);
        return new(methodName, body);
    }

    private sealed record Emitted(string MethodName, LineBody Body);
}

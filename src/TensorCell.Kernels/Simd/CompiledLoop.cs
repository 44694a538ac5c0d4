using System.Runtime.CompilerServices;

namespace TensorCell.Kernels.Simd;

/// <summary>The loop of a kernel for one way in which its operands lie in memory.</summary>
internal sealed class CompiledLoop : IEmittedLoop
{
    private readonly string name;
    private readonly VectorProgram program;
    private readonly KernelTables tables;
    private readonly Schedule schedule;
    private readonly int unroll;
    private volatile Emitted emitted;

    public CompiledLoop(
        string name, int vectorBits, KernelAccess access, VectorProgram program, KernelTables tables, Schedule schedule, int unroll)
    {
        VectorBits = vectorBits;
        this.name = name;
        this.program = program;
        this.tables = tables;
        this.schedule = schedule;
        this.unroll = unroll;
        Access = access;
        emitted = Compile();
    }

    /// <summary>How the operands lie.</summary>
    public KernelAccess Access { get; }

    /// <summary>The loop.</summary>
    public KernelBody Body => emitted.Body;

    /// <inheritdoc/>
    public string MethodName => emitted.MethodName;

    /// <inheritdoc/>
    public int VectorBits { get; }

    /// <inheritdoc/>
    public string Description
    {
        get
        {
            var broadcast = Enumerable.Range(0, program.InputTypes.Length).Where(Access.IsBroadcast).Select(input => $"p{input}").ToArray();
            return $"{unroll} x {VectorBits} bits a turn"
                + (broadcast.Length > 0 ? $", {string.Join(", ", broadcast)} one value for all" : "")
                + (Access.Streaming ? ", stores past the caches" : "");
        }
    }

    /// <inheritdoc/>
    public void Emit() => emitted = Compile();

    private Emitted Compile()
    {
        var methodName = MethodLoads.UniqueName(name);
        var body = KernelEmitter.Compile(methodName, program, Access, tables, schedule, unroll);

        // Now rather than at the first call, so that the trace tells compiling from running.
        RuntimeHelpers.PrepareDelegate(body);
        return new(methodName, body);
    }

    private sealed record Emitted(string MethodName, KernelBody Body);
}

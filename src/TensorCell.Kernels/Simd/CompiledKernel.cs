using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>The machine code for one graph at one vector width: one loop for each way its operands have lain in memory.</summary>
internal sealed unsafe class CompiledKernel
{
    /// <summary>The most vectors in flight; more only lengthens the tail.</summary>
    private const int MaximumUnroll = 6;

    /// <summary>The most vectors in flight where most of the work is converting halves: long chains of short operations, each waiting for the last.</summary>
    private const int HalvesUnroll = 16;

    /// <summary>Vectors in flight that hide what operations wait for each other, where that is worth some values in memory.</summary>
    private const int LatencyUnroll = 4;

    /// <summary>Up to this many operations an element takes longer to come from memory than to compute.</summary>
    private const int LightOperations = 8;

    /// <summary>The most vector operations emitted in one loop: beyond, compile time climbs faster than speed.</summary>
    public const int MaximumEmitted = 400;

    private readonly Lock compiling = new();
    private readonly Schedule schedule;
    private readonly int operations;
    private readonly int vectorBits;
    private CompiledLoop[] variants = [];
    private CompiledLines[] lines = [];

    /// <param name="function">What is compiled.</param>
    /// <param name="results">Its results, optimised.</param>
    /// <param name="vectorBits">The width of vectors.</param>
    public CompiledKernel(KernelFunction function, IReadOnlyList<Node> results, int vectorBits)
    {
        this.vectorBits = vectorBits;
        Program = Lowering.Lower(function, results, vectorBits);
        Tables = new(Program);
        schedule = Schedule.Of(Program, Program.Results, i => Program.Instructions[i].IsLeaf || Program.Uniform[i]);
        var registers = vectorBits == 512 ? 28 : 14;
        var inRegisters = registers / Math.Max(1, schedule.Pressure);
        var ofHalves = KernelCosts.OfHalves(Program);
        operations = Math.Max(1, schedule.Operations + ofHalves);
        Unroll = Math.Clamp(
            Math.Min(Math.Max(inRegisters, HidesLatency() ? LatencyUnroll : 1), MaximumEmitted / operations), 1, ofHalves > schedule.Operations ? HalvesUnroll : MaximumUnroll);
        Step = Unroll * Program.Lanes;
        NanosecondsPerElement = 0.15 * operations / Program.Lanes;
        foreach (var instruction in Program.Instructions)
        {
            FlopsPerElement += instruction.Type is not (LaneType.Float32 or LaneType.Float64) ? 0 : instruction.Code switch
            {
                VectorCode.FusedMultiplyAdd => 2,
                >= VectorCode.Negate and <= VectorCode.Max and not (VectorCode.Not or VectorCode.RoundToFloat16 or VectorCode.RoundToBFloat16) => 1,
                _ => 0,
            };
        }

        Constants = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(1, Tables.Constants.Length) * KernelTables.Stride, KernelTables.Stride);
        for (var i = 0; i < Tables.Constants.Length; i++)
        {
            var constant = Program.Instructions[Tables.Constants[i]];
            Fill(Constants + (i * KernelTables.Stride), constant.Type, constant.Immediate);
        }
    }

    ~CompiledKernel() => NativeMemory.AlignedFree(Constants);

    public VectorProgram Program { get; }

    public KernelTables Tables { get; }

    /// <summary>How many vectors are in flight at once.</summary>
    public int Unroll { get; }

    /// <summary>How many elements one turn of the loop takes.</summary>
    public int Step { get; }

    public byte* Constants { get; }

    /// <summary>Vector operations per vector.</summary>
    public int Operations => schedule.Operations;

    /// <summary>The most values alive at once.</summary>
    public int Pressure => schedule.Pressure;

    /// <summary>Floating-point operations per element.</summary>
    public double FlopsPerElement { get; }

    /// <summary>A rough time per element on one core when operands lie in the first-level cache.</summary>
    public double NanosecondsPerElement { get; }

    /// <summary>The loops compiled so far, one for each way operands have lain.</summary>
    public IReadOnlyList<IEmittedLoop> Loops => [.. Volatile.Read(ref variants), .. Volatile.Read(ref lines)];

    /// <summary>The loop for operands that lie so.</summary>
    public CompiledLoop Loop(string name, KernelAccess access)
    {
        foreach (var variant in Volatile.Read(ref variants))
        {
            if (variant.Access == access)
            {
                return variant;
            }
        }

        return Compile(name, access);
    }

    /// <summary>The loops over lines that lie so.</summary>
    public CompiledLines Lines(string name, LineAccess access)
    {
        foreach (var variant in Volatile.Read(ref lines))
        {
            if (variant.Access == access)
            {
                return variant;
            }
        }

        return Compile(name, access);
    }

    /// <summary>Writes the table of uniforms for a launch, the computed ones included.</summary>
    public void FillUniforms(KernelFunction function, ReadOnlySpan<Scalar> given, byte* table, KernelBody body)
    {
        if (FillUniforms(function, given, table))
        {
            body(null, Constants, table, 0);
        }
    }

    /// <summary>Writes the table of uniforms for a launch but those computed, and says whether there are such.</summary>
    [SkipLocalsInit]
    public bool FillUniforms(KernelFunction function, ReadOnlySpan<Scalar> given, byte* table)
    {
        if (function.Uniforms.IsEmpty && given.IsEmpty)
        {
            return false;
        }

        var values = function.UniformValues(given);
        for (var i = 0; i < Tables.Uniforms.Length; i++)
        {
            var uniform = Program.Instructions[Tables.Uniforms[i]];
            var value = values[(int)uniform.Immediate];
            Fill(table + (i * KernelTables.Stride), uniform.Type, uniform.Type.IsMask ? -value.Bits : value.Bits);
        }

        return !Tables.ComputedUniforms.IsEmpty;
    }

    /// <summary>Repeats a value in all lanes of a table's entry.</summary>
    public static void Fill(byte* entry, LaneType type, long bits)
    {
        if (type.Size == sizeof(long))
        {
            new Span<long>(entry, KernelTables.Stride / sizeof(long)).Fill(bits);
        }
        else
        {
            new Span<int>(entry, KernelTables.Stride / sizeof(int)).Fill((int)bits);
        }
    }

    private CompiledLoop Compile(string name, KernelAccess access) => Compile(
        name,
        ref variants,
        variant => variant.Access == access,
        () => new CompiledLoop(name, vectorBits, access, Program, Tables, schedule, UnrollFor(access)));

    private CompiledLines Compile(string name, LineAccess access) => Compile(
        name, ref lines, variant => variant.Access == access, () => new CompiledLines(name, vectorBits, access, Program, Tables, schedule));

    private T Compile<T>(string name, ref T[] known, Predicate<T> isWanted, Func<T> compile)
    {
        lock (compiling)
        {
            if (Array.Find(known, isWanted) is { } found)
            {
                return found;
            }

            var start = Stopwatch.GetTimestamp();
            var made = compile();
            Volatile.Write(ref known, [.. known, made]);
            if (Tracing.IsEnabled)
            {
                Tracing.Write(new(TraceKind.Compile, name, "cpu", start, Stopwatch.GetTimestamp(), 0, 0));
            }

            return made;
        }
    }

    /// <summary>
    /// Whether vectors are to be in flight although their values are more than the registers: 32 registers leave few of them in memory, and long
    /// functions were measured to gain a tenth to a third; with calls, of huge angles, the values around these are more, and nothing is gained.
    /// </summary>
    private bool HidesLatency() => vectorBits == 512
        && Program.Instructions.All(instruction => instruction.Code is not (VectorCode.SinOfHuge or VectorCode.CosOfHuge or VectorCode.TanOfHuge));

    /// <summary>
    /// Where memory is what a launch waits for, few vectors at a time: as many loads and then as many streaming stores in a row as computing
    /// likes were measured to take up to a tenth longer. Always a divisor of <see cref="Unroll"/>, unless it is asked for.
    /// </summary>
    public int UnrollFor(KernelAccess access) =>
        access.Unroll > 0 ? access.Unroll
        : !access.Streaming || operations > LightOperations ? Unroll : Unroll % 2 == 0 ? 2 : 1;
}

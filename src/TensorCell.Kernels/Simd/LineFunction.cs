using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>A kernel function of one result, ready to run on lines, whose values it stores or folds, or both, on any thread.</summary>
internal sealed unsafe class LineFunction : IDisposable
{
    /// <summary>Operations up to which values come from memory more slowly than they are computed.</summary>
    private const int LightOperations = 8;

    private readonly KernelFunction function;
    private readonly LineUse use;
    private readonly LineOperand[] operands;
    private readonly CompiledKernel kernel;
    private readonly byte* memory;
    private readonly byte* uniforms;
    private readonly LineBody? body;
    private readonly int unit;
    private readonly Lazy<PackedLines> packed;

    /// <summary>Prepares a function.</summary>
    /// <param name="function">The function.</param>
    /// <param name="uniforms">One for each of its uniforms.</param>
    /// <param name="operands">One for each of its parameters and, if values are stored, one for these, whose elements follow one another.</param>
    /// <param name="use">What becomes of the values.</param>
    /// <param name="count">How many elements most lines have.</param>
    public LineFunction(KernelFunction function, ReadOnlySpan<Scalar> uniforms, LineOperand[] operands, LineUse use, long count)
    {
        this.function = function;
        this.operands = operands;
        this.use = use;
        kernel = KernelCache.Get(function);
        Fold = use.Fold is { } operation ? Fold.Of(operation, function.Results[0].Type) : null;
        memory = (byte*)NativeMemory.Alloc((nuint)(kernel.Tables.UniformBytes + KernelTables.Stride));
        this.uniforms = (byte*)(((nuint)memory + KernelTables.Stride - 1) & ~(nuint)(KernelTables.Stride - 1));
        packed = new(() => new PackedLines(function, kernel, operands, use, Fold, this.uniforms));
        IEmittedLoop? loop = null;
        bool isComputed = kernel.FillUniforms(function, uniforms, this.uniforms);
        if (Access(count) is { } access)
        {
            unit = access.Rest switch
            {
                LineRest.Elements => 1,
                LineRest.Vectors => Vector,
                _ => Turn(access),
            };
            CompiledLines lines = kernel.Lines(function.Name, access);
            loop = lines;
            body = lines.Body;
            LineCall call = new() { Constants = kernel.Constants, Uniforms = this.uniforms };
            if (isComputed)
            {
                body(&call);
            }
        }
        else
        {
            loop = packed.Value.Loop;
            if (isComputed)
            {
                packed.Value.Body(null, kernel.Constants, this.uniforms, 0);
            }
        }

        if (LaunchLog.IsEnabled)
        {
            LaunchLog.Add(function, loop);
        }
    }

    ~LineFunction() => NativeMemory.Free(memory);

    /// <summary>How values are folded; null if they are only stored.</summary>
    public Fold? Fold { get; }

    /// <summary>A rough time per element on one core when operands lie in the nearest cache.</summary>
    public double NanosecondsPerElement => kernel.NanosecondsPerElement;

    /// <summary>Floating-point operations per element.</summary>
    public double FlopsPerElement => kernel.FlopsPerElement + (Fold is null ? 0 : 1);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (packed.IsValueCreated)
        {
            packed.Value.Dispose();
        }

        NativeMemory.Free(memory);
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs lines.</summary>
    /// <param name="call">Which ones; the tables are filled in here. What folds come to goes on from its state.</param>
    /// <param name="first">Of folds of which an index is wanted, that of the first element, or of the first line that is folded with others.</param>
    public void Run(LineCall call, long first = 0)
    {
        long whole = body is null ? 0 : call.Count - (call.Count % unit);
        if (whole == call.Count)
        {
            call.Constants = kernel.Constants;
            call.Uniforms = uniforms;
            body!(&call);
        }
        else if (call.StateStride == 0 && call.Lines > 1 && use is { Fold: not null, IsAcross: false })
        {
            RunOneByOne(call, first);
        }
        else
        {
            if (whole > 0)
            {
                LineCall most = call with { Constants = kernel.Constants, Uniforms = uniforms, Count = whole };
                body!(&most);
            }

            packed.Value.Run(call, whole, first);
        }
    }

    /// <summary>Folds values of one line once more, without any chance that they overflow on the way.</summary>
    /// <param name="addresses">Where each operand begins.</param>
    /// <param name="count">How many values.</param>
    /// <param name="total">What to add to.</param>
    public void FoldSafely(byte** addresses, long count, long* total) => packed.Value.FoldSafely(addresses, count, total);

    /// <summary>Folds lines into their places once more, without any chance that they overflow on the way.</summary>
    /// <param name="call">Which lines.</param>
    /// <param name="totals">What to add to.</param>
    public void FoldSafely(in LineCall call, long* totals) => packed.Value.FoldAcrossSafely(call, totals);

    /// <summary>Lines of one fold: each is finished before the next begins.</summary>
    private void RunOneByOne(LineCall call, long first)
    {
        byte** addresses = stackalloc byte*[operands.Length];
        for (int i = 0; i < operands.Length; i++)
        {
            addresses[i] = call.Addresses[i];
        }

        long lines = call.Lines;
        call.Addresses = addresses;
        call.Lines = 1;
        for (long line = 0; line < lines; line++)
        {
            Run(call, first + (line * call.Count));
            for (int i = 0; i < operands.Length; i++)
            {
                addresses[i] += call.Strides[i];
            }
        }
    }

    /// <summary>What to compile for lines of mostly so many elements; null where that would be too much, or elements do not lie as they should.</summary>
    private LineAccess? Access(long count)
    {
        LineFold? wanted = use.Fold is { } operation ? LineFolds.Of(operation) : LineFold.None;
        if (wanted is not { } fold || function.Results.Length != 1)
        {
            return null;
        }

        ulong broadcast = 0;
        bool hasParts = true;
        for (int i = 0; i < operands.Length; i++)
        {
            if (!operands[i].IsTogether && (operands[i].Stride != 0 || i >= function.Parameters.Length))
            {
                return null;
            }

            broadcast |= operands[i].Stride == 0 ? 1UL << i : 0;
            hasParts &= operands[i].HasParts;
        }

        int lanes = kernel.Program.Lanes;
        int group = fold == LineFold.None ? 1 : use.IsAcross ? Fold.Group : (Fold.Group + Fold.Chains) * Vector / lanes;
        if (group * Math.Max(1, kernel.Operations) > CompiledKernel.MaximumEmitted || (count < lanes && !hasParts))
        {
            return null;
        }

        int unroll = fold == LineFold.None ? UnrollFor(count / lanes) : InFlight();
        LineAccess access = new(broadcast, fold, use.IsAcross, use.Stores, use.Streams, use.Prefetched & ~broadcast, unroll, LineRest.None);
        bool isSame = !use.IsAcross && !use.Varies;
        return isSame && count % Turn(access) == 0 ? access
            : access with { Rest = hasParts && !(isSame && count % Vector == 0) ? LineRest.Elements : LineRest.Vectors };
    }

    /// <summary>Elements that are computed together at least where not all of a vector need exist.</summary>
    private int Vector => use is { Fold: not null, IsAcross: false } ? Fold.VectorBytes / function.Results[0].Type.Size : kernel.Program.Lanes;

    /// <summary>Elements of a turn of the loop.</summary>
    private int Turn(in LineAccess access) => access.Fold == LineFold.None ? access.Unroll * kernel.Program.Lanes
        : access.IsAcross ? kernel.Program.Lanes
        : Fold.Group * Vector;

    /// <summary>How many vectors of a group are computed at once.</summary>
    private int InFlight() => kernel.Unroll >= 4 ? 4 : kernel.Unroll >= 2 ? 2 : 1;

    /// <summary>The most vectors in flight of which whole turns make up a line, if there is such a number; else what leaves the least over.</summary>
    private int UnrollFor(long vectors)
    {
        int best = 1;
        int most = use.Streams && kernel.Operations <= LightOperations ? 2 : kernel.Unroll;
        for (int unroll = 2; unroll <= Math.Min(most, vectors); unroll++)
        {
            if (vectors % unroll <= vectors % best)
            {
                best = unroll;
            }
        }

        return best;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Runs lines that no compiled code is made for: elements are gathered where they do not follow one another, and values are computed before they are
/// folded.
/// </summary>
internal sealed unsafe class PackedLines : IDisposable
{
    /// <summary>Bytes of values that are computed before they are folded, in the nearest cache.</summary>
    private const int ScratchBytes = 16 * 1024;

    private const int PlacesAtOnce = 256;

    private readonly LineOperand[] operands;
    private readonly LineUse use;
    private readonly Fold? fold;
    private readonly bool isIdentity;
    private readonly int size;
    private readonly byte* memory;
    private readonly ElementwiseLaunch launch;

    /// <param name="function">What is computed.</param>
    /// <param name="kernel">The same, compiled.</param>
    /// <param name="operands">How each operand's elements lie.</param>
    /// <param name="use">What becomes of the values.</param>
    /// <param name="fold">How they are folded.</param>
    /// <param name="uniforms">The table of uniforms.</param>
    public PackedLines(KernelFunction function, CompiledKernel kernel, LineOperand[] operands, LineUse use, Fold? fold, byte* uniforms)
    {
        this.operands = operands;
        this.use = use;
        this.fold = fold;
        size = function.Results[0].Type.Size;
        isIdentity = function.Results[0] is ParameterNode { Index: 0 } parameter && parameter.Storage == parameter.Type && operands[0].IsTogether;
        LineOperand[] all = use.Stores ? operands : [.. operands, new(function.Results[0].Type, size)];
        int spaceBytes = IterationSpace.Capacity(1, all.Length) * sizeof(long);
        memory = (byte*)NativeMemory.Alloc((nuint)(spaceBytes + (all.Length * (sizeof(byte*) + sizeof(int) + 1))));
        IterationSpace space = new((long*)memory, 1);
        space.Append(long.MaxValue / 2, [.. all.Select(operand => operand.Stride)]);
        space.Merge(all.Length);
        byte** origins = (byte**)(memory + spaceBytes);
        int* sizes = (int*)(origins + all.Length);
        for (int i = 0; i < all.Length; i++)
        {
            sizes[i] = all[i].Type.Size;
        }

        var kinds = (ElementwiseLaunch.OperandKind*)(sizes + all.Length);
        launch = new(kernel, space, uniforms, origins, sizes, kinds, function.Parameters.Length, all.Length);
        ulong broadcast = launch.ChooseAccess();
        CompiledLoop loop = kernel.Loop(function.Name, new KernelAccess(broadcast, false));
        Loop = loop;
        Body = loop.Body;
    }

    ~PackedLines() => NativeMemory.Free(memory);

    /// <summary>What computes the values.</summary>
    public IEmittedLoop Loop { get; }

    /// <summary>The same as code.</summary>
    public KernelBody Body { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(memory);
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs lines from an element on.</summary>
    /// <param name="call">The lines.</param>
    /// <param name="from">The element.</param>
    /// <param name="first">The index of the first element, or line.</param>
    public void Run(in LineCall call, long from, long first)
    {
        if (use.IsAcross)
        {
            FoldAcross(call, from, first);
            return;
        }

        byte** addresses = stackalloc byte*[launch.OperandCount];
        for (long line = 0; line < call.Lines; line++)
        {
            ElementwiseLaunch here = At(call, line, addresses);
            if (use.Stores)
            {
                here.Run(Body, from, call.Count);
            }

            if (fold is not null)
            {
                FoldLine(here, from, call.Count, first, call.State + (line * call.StateStride));
            }
        }
    }

    /// <summary>Folds values of one line without any chance that they overflow on the way.</summary>
    [SkipLocalsInit]
    public void FoldSafely(byte** addresses, long count, long* total)
    {
        byte* scratch = stackalloc byte[ScratchBytes + KernelTables.Stride];
        scratch = (byte*)(((nuint)scratch + KernelTables.Stride - 1) & ~(nuint)(KernelTables.Stride - 1));
        byte** copies = stackalloc byte*[launch.OperandCount];
        LineCall call = new() { Addresses = addresses };
        ElementwiseLaunch here = At(call, 0, copies);
        for (long at = 0; at < count; at += ScratchBytes / sizeof(long))
        {
            long values = Math.Min(ScratchBytes / sizeof(long), count - at);
            fold!.LineSafely(Values(here, at, values, scratch), values, total);
        }
    }

    /// <summary>Folds lines into their places without any chance that they overflow on the way.</summary>
    [SkipLocalsInit]
    public void FoldAcrossSafely(in LineCall call, long* totals)
    {
        byte* scratch = stackalloc byte[ScratchBytes + KernelTables.Stride];
        scratch = (byte*)(((nuint)scratch + KernelTables.Stride - 1) & ~(nuint)(KernelTables.Stride - 1));
        byte** addresses = stackalloc byte*[launch.OperandCount];
        for (long line = 0; line < call.Lines; line++)
        {
            ElementwiseLaunch here = At(call, line, addresses);
            for (long place = 0; place < call.Count; place += PlacesAtOnce)
            {
                long places = Math.Min(PlacesAtOnce, call.Count - place);
                fold!.AcrossSafely(Values(here, place, places, scratch), 0, 1, (int)places, totals + place);
            }
        }
    }

    [SkipLocalsInit]
    private void FoldLine(in ElementwiseLaunch here, long from, long count, long first, byte* state)
    {
        if (isIdentity || use.Stores)
        {
            int source = use.Stores ? operands.Length - 1 : 0;
            fold!.Line(here.Origins[source] + (from * size), count - from, first + from, state);
            return;
        }

        byte* scratch = stackalloc byte[ScratchBytes + KernelTables.Stride];
        scratch = (byte*)(((nuint)scratch + KernelTables.Stride - 1) & ~(nuint)(KernelTables.Stride - 1));
        for (long at = from; at < count; at += ScratchBytes / sizeof(long))
        {
            long values = Math.Min(ScratchBytes / sizeof(long), count - at);
            here.RunInto(Body, at, values, scratch);
            fold!.Line(scratch, values, first + at, state);
        }
    }

    [SkipLocalsInit]
    private void FoldAcross(in LineCall call, long from, long first)
    {
        long count = call.Count - from;
        if (isIdentity && !use.Stores)
        {
            fold!.Across(call.Addresses[0] + (from * size), call.Strides[0], call.Lines, (int)count, first, call.State + (from * fold.PlaceBytes));
            return;
        }

        byte* scratch = stackalloc byte[ScratchBytes + KernelTables.Stride];
        scratch = (byte*)(((nuint)scratch + KernelTables.Stride - 1) & ~(nuint)(KernelTables.Stride - 1));
        byte** addresses = stackalloc byte*[launch.OperandCount];

        // The states of an extreme and its index lie apart, so that all places have to be there at once.
        int together = fold!.IsIndexed ? 1 : Fold.Group;
        long atOnce = fold.IsIndexed ? count : PlacesAtOnce;
        for (long place = 0; place < count; place += atOnce)
        {
            int places = (int)Math.Min(atOnce, count - place);
            for (long line = 0; line < call.Lines; line += together)
            {
                int lines = (int)Math.Min(together, call.Lines - line);
                for (int i = 0; i < lines; i++)
                {
                    Values(At(call, line + i, addresses), from + place, places, scratch + (i * places * size), isCopied: true);
                }

                fold.Across(scratch, (long)places * size, lines, places, first + line, call.State + ((from + place) * fold.PlaceBytes));
            }
        }
    }

    /// <summary>Values of a line: where they were stored, else in scratch memory.</summary>
    private byte* Values(in ElementwiseLaunch here, long start, long count, byte* scratch, bool isCopied = false)
    {
        if (use.Stores)
        {
            byte* stored = here.Origins[operands.Length - 1] + (start * size);
            if (isCopied)
            {
                here.Run(Body, start, start + count);
                Unsafe.CopyBlockUnaligned(scratch, stored, (uint)(count * size));
            }

            return stored;
        }

        here.RunInto(Body, start, count, scratch);
        return scratch;
    }

    private ElementwiseLaunch At(in LineCall call, long line, byte** addresses)
    {
        for (int i = 0; i < operands.Length; i++)
        {
            addresses[i] = call.Addresses[i] + (line == 0 ? 0 : line * call.Strides[i]);
        }

        ElementwiseLaunch here = launch;
        here.Origins = addresses;
        return here;
    }
}

namespace TensorCell.Kernels.Simd;

/// <summary>A step over a <see cref="FoldDomain"/>, compiled and ready to run any part of it on any thread.</summary>
internal sealed unsafe partial class DomainLaunch : IDisposable
{
    private const int VectorGrain = Fold.LongGroup * Fold.VectorBytes / sizeof(float);

    private readonly DomainStep step;
    private readonly FoldDomain domain;
    private readonly DomainOperand[] operands;
    private readonly LineFunction function;
    private readonly PackedPositions? positions;
    private readonly long ahead;

    /// <param name="step">The step.</param>
    /// <param name="domain">Over what.</param>
    /// <param name="streams">Whether what is stored is better not kept in the caches.</param>
    /// <param name="prefetched">Bit i: operand i is asked for ahead.</param>
    /// <param name="ahead">How many bytes ahead.</param>
    /// <param name="width">How many kept positions are run at a time, mostly.</param>
    /// <param name="isCut">Whether parts of lines are run.</param>
    /// <param name="positions">Computes what is folded, where operands do not lie so that lines of it can be.</param>
    public DomainLaunch(
        DomainStep step,
        FoldDomain domain,
        long width,
        bool isCut = false,
        bool streams = false,
        ulong prefetched = 0,
        long ahead = 0,
        PackedPositions? positions = null)
    {
        this.positions = positions;
        this.step = step;
        this.domain = domain;
        this.ahead = ahead;
        operands = step.Operands;
        bool isAcross = domain.IsAcross || step.IsPerKept;
        LineOperand[] inLine = new LineOperand[operands.Length];
        for (int i = 0; i < operands.Length; i++)
        {
            inLine[i] = new(operands[i].Type, isAcross ? operands[i].Strides.Kept : operands[i].Strides.Within);
        }

        long run = domain.Lengths.Kept;
        LineUse use = new(
            step.Fold,
            step.Fold is not null && domain.IsAcross,
            step.Stored is not null,
            streams && step.Stored is { } stored && CanStream(stored, isAcross),
            prefetched,
            isAcross ? Math.Max(width, run) % Math.Min(width, run) != 0 : isCut);
        function = new(step.Function, step.Uniforms, inLine, use, isAcross ? Math.Min(width, run) : domain.Lengths.Within);
    }

    /// <summary>A rough time per element on one core when operands lie in the nearest cache.</summary>
    public double NanosecondsPerElement => function.NanosecondsPerElement;

    /// <summary>Floating-point operations for the whole domain.</summary>
    public double Flops => function.FlopsPerElement * domain.Kept * (step.IsPerKept ? 1 : domain.Folded);

    /// <inheritdoc/>
    public void Dispose()
    {
        function.Dispose();
        positions?.Dispose();
    }

    /// <summary>All positions of some kept ones.</summary>
    public DomainPart All(long first, long end) => domain.All(first, end);

    /// <summary>A part of some that together are all positions of some kept ones.</summary>
    /// <param name="first">The first kept position.</param>
    /// <param name="end">The one behind the last.</param>
    /// <param name="part">Which part.</param>
    /// <param name="parts">Of how many.</param>
    public DomainPart Part(long first, long end, long part, long parts)
    {
        (long kept, long across, long within) = (end - first, domain.Lengths.Across, domain.Lengths.Within);
        if (across > 1)
        {
            long grain = domain.IsAcross ? Fold.Group : 1;
            return new(first, end, Cut(across, grain, part, parts), Cut(across, grain, part + 1, parts), 0, within);
        }

        return kept >= parts || domain.Lengths.Segment > 1
            ? new(first + Cut(kept, 1, part, parts), first + Cut(kept, 1, part + 1, parts), 0, 1, 0, within)
            : new(first, end, 0, 1, Cut(within, VectorGrain, part, parts), Cut(within, VectorGrain, part + 1, parts));
    }

    /// <summary>Stores the values of a part; those of kept positions, if they are computed for each of these only.</summary>
    /// <param name="part">The part.</param>
    /// <param name="block">The first kept position that slots hold.</param>
    /// <param name="slots">For each slot, where its values lie.</param>
    public void Store(in DomainPart part, long block, byte** slots)
    {
        byte** origins = stackalloc byte*[operands.Length];
        byte** addresses = stackalloc byte*[operands.Length];
        long* strides = stackalloc long[operands.Length];
        FindOrigins(origins, block, slots);
        for (long kept = part.First; kept < part.End;)
        {
            long together = Together(kept, part.End);
            LineCall call = new() { Addresses = addresses, Strides = strides, Ahead = ahead };
            if (step.IsPerKept)
            {
                Place(origins, addresses, kept, 0, 0, 0);
                (call.Lines, call.Count) = (1, together);
                function.Run(call);
            }
            else if (domain.IsAcross)
            {
                Place(origins, addresses, kept, part.FirstAcross, 0, 0);
                FillStrides(strides, Level.Across);
                (call.Lines, call.Count) = (part.EndAcross - part.FirstAcross, together);
                RunIfAny(call);
            }
            else
            {
                call.Count = part.EndWithin - part.FirstWithin;
                StoreLines(part, kept, together, call, origins);
            }

            kept += together;
        }
    }

    private static long Cut(long count, long grain, long part, long parts) =>
        part == parts ? count : Math.Min(count, (count * part / parts + grain - 1) / grain * grain);

    private void StoreLines(in DomainPart part, long kept, long together, LineCall call, byte** origins)
    {
        bool bySegment = together == 1 && domain.Lengths.Segment > 1;
        FillStrides(call.Strides, bySegment ? Level.Segment : Level.Kept);
        call.Lines = bySegment ? domain.Lengths.Segment : together;
        for (long across = part.FirstAcross; across < part.EndAcross; across++)
        {
            for (long segment = 0; segment < (bySegment ? 1 : domain.Lengths.Segment); segment++)
            {
                Place(origins, call.Addresses, kept, across, segment, part.FirstWithin);
                RunIfAny(call);
            }
        }
    }

    private void RunIfAny(in LineCall call)
    {
        if (call.Lines > 0 && call.Count > 0)
        {
            function.Run(call);
        }
    }

    /// <summary>Whether every line that is stored begins at a whole vector and consists of such.</summary>
    private bool CanStream(DomainOperand stored, bool isAcross)
    {
        DomainStrides strides = stored.Strides;
        long length = (isAcross ? domain.Lengths.Kept : domain.Lengths.Within) * stored.Type.Size;
        long others = strides.Outer | strides.Across | strides.Group | strides.Segment | (isAcross ? 0 : strides.Kept);
        return stored.Slot < 0
            && stored.Type.Size >= sizeof(int)
            && (stored.Address | length | others) % KernelTables.Stride == 0
            && !step.Inputs.Any(input => input.Address == stored.Address);
    }

    /// <summary>Where each operand would begin if slots held all positions.</summary>
    private void FindOrigins(byte** origins, long block, byte** slots)
    {
        for (int i = 0; i < operands.Length; i++)
        {
            ref readonly DomainOperand operand = ref operands[i];
            origins[i] = operand.Slot < 0 ? (byte*)operand.Address : slots[operand.Slot] - Offset(operand.Strides, block);
        }
    }

    private void Place(byte** origins, byte** addresses, long kept, long across, long segment, long within)
    {
        for (int i = 0; i < operands.Length; i++)
        {
            DomainStrides strides = operands[i].Strides;
            addresses[i] = origins[i] + Offset(strides, kept) + (across * strides.Across) + (segment * strides.Segment) + (within * strides.Within);
        }
    }

    /// <summary>Bytes to a kept position.</summary>
    private long Offset(in DomainStrides strides, long kept)
    {
        if (kept < domain.Lengths.Kept)
        {
            return kept * strides.Kept;
        }

        (long rest, long within) = Math.DivRem(kept, domain.Lengths.Kept);
        (long outer, long group) = Math.DivRem(rest, domain.Lengths.Group);
        return (outer * strides.Outer) + (group * strides.Group) + (within * strides.Kept);
    }

    private void FillStrides(long* strides, Level level)
    {
        for (int i = 0; i < operands.Length; i++)
        {
            strides[i] = level switch
            {
                Level.Across => operands[i].Strides.Across,
                Level.Kept => operands[i].Strides.Kept,
                _ => operands[i].Strides.Segment,
            };
        }
    }

    private enum Level
    {
        Across,
        Kept,
        Segment,
    }
}

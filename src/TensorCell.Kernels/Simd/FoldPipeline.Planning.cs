namespace TensorCell.Kernels.Simd;

// How many positions at a time, what lies where meanwhile, and what is asked for ahead.
internal sealed unsafe partial class FoldPipeline
{
    /// <summary>Bytes of all operands of lines that are worked on at a time: they stay in the nearest caches.</summary>
    private const long LineBytes = 64 * 1024;

    private const long MostLines = 512;

    /// <summary>Elements of a line, at most: longer ones are left to all threads.</summary>
    private const long LongestLine = 32 * 1024;

    /// <summary>Positions across lines that are worked on at a time, at least and by which they grow: whole vectors of the caches.</summary>
    private const long PlaceGrain = 16;

    private const int Page = 4096;

    /// <summary>Bytes beyond which arrays are not in the second cache.</summary>
    private const long PrefetchedBeyond = 512 * 1024;

    /// <summary>Bytes of the second cache, of which most are for what is worked on at a time.</summary>
    private static readonly long secondCache =
        CpuFacts.Caches().Where(cache => cache.Level == 2).Select(cache => cache.Bytes).DefaultIfEmpty(512 * 1024).First();

    /// <summary>
    /// Whether what a few kept positions are folded of stays in the second cache until all steps are done with it. Across lines, where these lie far apart
    /// and displace one another, that is so only of what one thread works on.
    /// </summary>
    public static bool Fits(in FoldDomain domain)
    {
        // One array that is read and one that is stored, of f32.
        const int LeastBytes = 2 * sizeof(float);
        return domain is { Kept: > 1, Folded: > 0 } && (domain.IsAcross
            ? domain.Kept * domain.Folded < WorthSharing
            : domain.Blocks == 1 && (domain.Lengths.Across == 1 ? domain.Folded <= LongestLine : domain.Folded * LeastBytes <= secondCache * 3 / 4));
    }

    /// <summary>How many kept positions are worked on at a time.</summary>
    private static long Width(in FoldDomain domain, int[] slots, long bytes, bool streams)
    {
        long bytesPerKept = Math.Max(1, (bytes / domain.Kept) + (slots.Sum() * domain.Folded * (streams ? 2 : 1)));
        if (!domain.IsAcross)
        {
            return Math.Clamp(LineBytes / bytesPerKept, 1, Math.Min(MostLines, domain.Kept));
        }

        // Whole runs of places, or parts of one.
        long run = domain.Lengths.Kept;
        long most = secondCache / 2 / bytesPerKept;
        return most >= run ? most / run * run : Math.Min(run, Math.Max(PlaceGrain, most / PlaceGrain * PlaceGrain));
    }

    /// <summary>Whether the last step does nothing but store.</summary>
    private static bool StoresLast(DomainStep[] steps) => steps is [.., { Fold: null, IsPerKept: false }];

    /// <summary>
    /// The steps with their slots laid out. In place, the first slot that can is where the last step stores what it makes of it, so that no other memory
    /// is needed.
    /// </summary>
    private static DomainStep[] Place(
        in FoldDomain domain, DomainStep[] steps, int[] slots, long width, bool isInPlace, out int[] places, out int bytes)
    {
        DomainOperand? last = isInPlace && StoresLast(steps) ? steps[^1].Stored : null;
        int inPlace = last is { } stored && !steps.Any(step => step.Inputs.Any(input => input.Address == stored.Address && input.Slot < 0))
            ? Array.IndexOf(slots, stored.Type.Size)
            : -1;
        places = new int[slots.Length];
        bytes = 0;
        for (int slot = 0; slot < slots.Length; slot++)
        {
            places[slot] = bytes;
            bytes += slot == inPlace ? 0 : (int)(((width * domain.Folded * slots[slot]) + KernelTables.Stride - 1) & -KernelTables.Stride);
        }

        FoldDomain positions = domain;
        return
        [
            .. steps.Select(step => step with { Inputs = [.. step.Inputs.Select(Placed)], Stored = step.Stored is { } operand ? Placed(operand) : null }),
        ];

        DomainOperand Placed(DomainOperand operand)
        {
            if (operand.Slot < 0)
            {
                return operand;
            }

            if (operand.Slot == inPlace)
            {
                return last!.Value with { Type = operand.Type };
            }

            DomainStrides lengths = positions.Lengths;
            long within = operand.Type.Size;
            long kept = within * lengths.Within * lengths.Segment;
            return operand with
            {
                Strides = new(
                    kept * lengths.Kept * lengths.Group, kept * width, kept * lengths.Kept, kept, within * lengths.Within, within),
            };
        }
    }

    /// <summary>
    /// Which operands each step asks for ahead: an array that is read, at the last step that reads it before the last of all, since the first to read the
    /// next positions would have to wait for them; one that is stored in the caches, at the first step that stores it.
    /// </summary>
    private static ulong[] Prefetched(DomainStep[] steps, bool streams)
    {
        ulong[] prefetched = new ulong[steps.Length];
        HashSet<nint> seen = [];
        for (int i = 0; i < steps.Length && !streams; i++)
        {
            if (steps[i].Stored is { } stored && IsAhead(steps[i], stored) && seen.Add(stored.Address))
            {
                prefetched[i] |= 1UL << steps[i].Inputs.Length;
            }
        }

        for (int i = steps.Length - 1; i >= 0; i--)
        {
            for (int input = 0; input < steps[i].Inputs.Length; input++)
            {
                DomainOperand read = steps[i].Inputs[input];
                bool isEarlier = streams && i == steps.Length - 1 && steps[..i].Any(step => step.Inputs.Any(other => other.Address == read.Address));
                if (IsAhead(steps[i], read) && !isEarlier && seen.Add(read.Address))
                {
                    prefetched[i] |= 1UL << input;
                }
            }
        }

        return prefetched;
    }

    private static bool IsAhead(DomainStep step, in DomainOperand operand) =>
        !step.IsPerKept && operand.Slot < 0 && operand.Strides is { Kept: not 0 } strides && (strides.Within | strides.Across) != 0;

    /// <summary>How far ahead: past the positions that are worked on together.</summary>
    private long Ahead(DomainStep step) => step.Operands.Where(operand => operand.Slot < 0).Select(operand => width * operand.Strides.Kept).DefaultIfEmpty(Page).Max();

    /// <summary>Bytes of the arrays read and written, each counted once.</summary>
    private static long Bytes(in FoldDomain domain, DomainStep[] steps)
    {
        DomainStrides lengths = domain.Lengths;
        long bytes = 0;
        HashSet<(nint Address, DomainStrides Strides)> seen = [];
        foreach (DomainStep step in steps)
        {
            foreach (DomainOperand operand in step.Operands)
            {
                if (operand.Slot < 0 && seen.Add((operand.Address, operand.Strides)))
                {
                    DomainStrides strides = operand.Strides;
                    bytes += operand.Type.Size * Count(strides.Outer, lengths.Outer) * Count(strides.Across, lengths.Across) * Count(strides.Group, lengths.Group)
                        * Count(strides.Kept, lengths.Kept) * Count(strides.Segment, lengths.Segment) * Count(strides.Within, lengths.Within);
                }
            }
        }

        return bytes;

        static long Count(long stride, long length) => stride == 0 ? 1 : length;
    }
}

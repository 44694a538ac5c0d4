namespace TensorCell.Kernels.Simd;

/// <summary>
/// The positions of a fold: those that are kept, each with a result, and those that are folded, in the order in which a shape has them. Where folded ones
/// come last, they are lines, each folded into one value; else kept ones are, and lines are folded across.
/// </summary>
/// <param name="Lengths">How many positions each level has.</param>
internal readonly record struct FoldDomain(DomainStrides Lengths)
{
    // Beginning a stretch interrupts what the hardware fetches ahead, so long lines are cut into few; but enough for many threads.
    private const long ShortestStretch = 32 * 1024;
    private const long LongestStretch = 256 * 1024;
    private const long ManyStretches = 64;
    private const long StretchGrain = 4096;

    /// <summary>Values of several lines that are.</summary>
    private const long MostTogether = 128 * 1024;

    private const long LeastLinesAcross = 256;

    /// <summary>How many positions are kept.</summary>
    public long Kept => Lengths.Outer * Lengths.Group * Lengths.Kept;

    /// <summary>How many positions are folded into each.</summary>
    public long Folded => Lengths.Across * Lengths.Segment * Lengths.Within;

    /// <summary>Whether the last positions are kept.</summary>
    public bool IsAcross => Lengths.Segment * Lengths.Within == 1;

    /// <summary>Elements of a line.</summary>
    public long LineLength => IsAcross ? Lengths.Kept : Lengths.Within;

    /// <summary>
    /// Into how many blocks the folded positions are cut. Each is folded by itself, which depends on the shape alone, so that results do not depend on
    /// threads.
    /// </summary>
    public long Blocks => Math.Max(1, LinesCut ? CutsPerLine : (Lengths.Across + AcrossPerBlock - 1) / AcrossPerBlock);

    /// <summary>The same positions with lines in one piece.</summary>
    public FoldDomain OfWholeLines => new(Lengths with { Segment = 1, Within = Lengths.Segment * Lengths.Within });

    /// <summary>Whether an operand steps evenly through lines in one piece.</summary>
    public bool IsEvenWithin(in DomainStrides strides) => Lengths.Segment == 1 || strides.Segment == strides.Within * Lengths.Within;

    /// <summary>The strides of an array whose elements follow one another in the order of positions.</summary>
    /// <param name="size">Bytes of an element.</param>
    /// <param name="isPerKept">Whether it has one for each kept position only.</param>
    public DomainStrides RowMajor(long size, bool isPerKept)
    {
        long segment = isPerKept ? 0 : size * Lengths.Within;
        long kept = isPerKept ? size : segment * Lengths.Segment;
        long group = kept * Lengths.Kept;
        long across = isPerKept ? 0 : group * Lengths.Group;
        long outer = isPerKept ? group * Lengths.Group : across * Lengths.Across;
        return new(outer, across, group, kept, segment, isPerKept ? 0 : size);
    }

    /// <summary>How many <see cref="DomainStrides.Across"/> positions a block has.</summary>
    private long AcrossPerBlock => Math.Max(1, IsAcross
        ? (Math.Max(LeastLinesAcross, MostTogether / Math.Max(1, Lengths.Group * Lengths.Kept)) + Fold.Group - 1) / Fold.Group * Fold.Group
        : MostTogether / Math.Max(1, Lengths.Segment * Lengths.Within));

    private bool LinesCut => !IsAcross && Lengths.Across == 1;

    private long CutsPerLine => ((Lengths.Segment * Lengths.Within) + Stretch - 1) / Stretch;

    /// <summary>Values that are best folded in one go, where there are that many, be it of one line or of several.</summary>
    public long Stretch =>
        Math.Clamp(((Kept * Folded / ManyStretches) + StretchGrain - 1) / StretchGrain * StretchGrain, ShortestStretch, LongestStretch);

    /// <summary>All positions of some kept ones.</summary>
    public DomainPart All(long first, long end) => new(first, end, 0, Lengths.Across, 0, Lengths.Within);

    /// <summary>The positions of a block.</summary>
    /// <param name="block">Which one.</param>
    /// <param name="first">The first kept position wanted.</param>
    /// <param name="end">The one behind the last.</param>
    public DomainPart Block(long block, long first, long end) => LinesCut
        ? new(first, end, 0, 1, block * Stretch, Math.Min(Lengths.Within, (block + 1) * Stretch))
        : new(first, end, block * AcrossPerBlock, Math.Min(Lengths.Across, (block + 1) * AcrossPerBlock), 0, Lengths.Within);

    /// <summary>Which block a position across belongs to.</summary>
    public long BlockOf(long across) => LinesCut ? 0 : across / AcrossPerBlock;

    /// <summary>The position across behind the last of a block.</summary>
    public long BlockEnd(long block) => LinesCut ? 1 : Math.Min(Lengths.Across, (block + 1) * AcrossPerBlock);
}

using System.Runtime.CompilerServices;

namespace TensorCell.Kernels.Simd;

// Folds of operands that do not step evenly through the levels: values are computed by position before they are folded.
internal sealed unsafe partial class DomainLaunch
{
    /// <summary>Bytes of values computed at a time, in the nearest cache.</summary>
    private const int ScratchBytes = 16 * 1024;

    /// <summary>The position among all of a kept one and one across.</summary>
    private long Position(long kept, long across)
    {
        (long outer, long inner) = Math.DivRem(kept, domain.Lengths.Kept);
        return ((((outer * domain.Lengths.Across) + across) * domain.Lengths.Kept) + inner) * domain.Lengths.Within;
    }

    [SkipLocalsInit]
    private void FoldPositions(PackedPositions values, in DomainPart part, long kept, long together, in FoldStates states)
    {
        byte* memory = stackalloc byte[ScratchBytes + KernelTables.Stride];
        byte* scratch = (byte*)(((nuint)memory + KernelTables.Stride - 1) & ~(nuint)(KernelTables.Stride - 1));
        if (domain.IsAcross)
        {
            FoldPositionsAcross(values, part, kept, together, states, scratch);
            return;
        }

        long most = ScratchBytes / sizeof(long);
        for (long end = kept + together; kept < end; kept++)
        {
            byte* state = states.Memory + ((kept - states.First) * Fold.StateBytes);
            for (long across = part.FirstAcross; across < part.EndAcross; across++)
            {
                for (long at = part.FirstWithin; at < part.EndWithin; at += most)
                {
                    long count = Math.Min(most, part.EndWithin - at);
                    values.Compute(Position(kept, across) + at, count, scratch);
                    Folding.Line(scratch, count, (across * domain.Lengths.Within) + at, state);
                }
            }
        }
    }

    private void FoldPositionsAcross(PackedPositions values, in DomainPart part, long kept, long together, in FoldStates states, byte* scratch)
    {
        // The states of an extreme and its index lie apart, so that all places have to be there at once.
        long lines = Folding.IsIndexed ? 1 : Fold.Group;
        long atOnce = Folding.IsIndexed ? together : ScratchBytes / sizeof(long) / Fold.Group;
        for (long across = part.FirstAcross; across < part.EndAcross;)
        {
            long block = domain.BlockOf(across);
            long end = Math.Min(domain.BlockEnd(block), Math.Min(part.EndAcross, across + lines));
            byte* state = Places(states, kept, together, block - states.FirstBlock);
            for (long place = 0; place < together; place += atOnce)
            {
                int places = (int)Math.Min(atOnce, together - place);
                for (long line = across; line < end; line++)
                {
                    values.Compute(Position(kept, line) + place, places, scratch + ((line - across) * places * values.Size));
                }

                Folding.Across(scratch, (long)places * values.Size, end - across, places, across, state + (place * Folding.PlaceBytes));
            }

            across = end;
        }
    }

    [SkipLocalsInit]
    private void FoldPositionsSafely(PackedPositions values, long position, long count, long* total)
    {
        byte* scratch = stackalloc byte[ScratchBytes];
        for (long at = 0; at < count; at += ScratchBytes / sizeof(long))
        {
            long length = Math.Min(ScratchBytes / sizeof(long), count - at);
            values.Compute(position + at, length, scratch);
            Folding.LineSafely(scratch, length, total);
        }
    }

    [SkipLocalsInit]
    private void FoldPositionsSafely(PackedPositions values, in DomainPart part, long kept, long together, long* totals)
    {
        byte* scratch = stackalloc byte[ScratchBytes];
        for (long across = part.FirstAcross; across < part.EndAcross; across++)
        {
            for (long place = 0; place < together; place += ScratchBytes / sizeof(long))
            {
                long places = Math.Min(ScratchBytes / sizeof(long), together - place);
                values.Compute(Position(kept, across) + place, places, scratch);
                Folding.AcrossSafely(scratch, 0, 1, (int)places, totals + place);
            }
        }
    }
}

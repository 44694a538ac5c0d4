using System.Runtime.CompilerServices;

namespace TensorCell.Kernels.Simd;

// Folds: the states of kept positions are cleared, parts are folded into them, and what they come to is finished and written.
internal sealed unsafe partial class DomainLaunch
{
    /// <summary>Places that states across lines are padded to, so that whole vectors of them may be written.</summary>
    private const long PlaceGrain = 16;

    private Fold Folding => function.Fold!;

    /// <summary>Bytes of the states of kept positions.</summary>
    /// <param name="kept">How many.</param>
    /// <param name="blocks">How many blocks of the folded positions there are.</param>
    public long StateBytes(long kept, long blocks)
    {
        long runs = 2 + (kept / Math.Max(1, domain.Lengths.Kept));
        return domain.IsAcross ? (kept + (runs * PlaceGrain)) * blocks * Folding.PlaceBytes : kept * Fold.StateBytes;
    }

    /// <summary>Sets the states of kept positions to what changes nothing.</summary>
    public void Clear(in FoldStates states)
    {
        if (!domain.IsAcross)
        {
            Folding.Clear(states.Memory, (int)states.Count);
            return;
        }

        for (long kept = states.First; kept < states.End;)
        {
            long together = Together(kept, states.End);
            for (long block = 0; block < states.Blocks; block++)
            {
                Folding.ClearPlaces(Places(states, kept, together, block), (int)together);
            }

            kept += together;
        }
    }

    /// <summary>Folds a part, and stores its values where that is wanted.</summary>
    /// <param name="part">The part, across lines with all kept positions that there are states of.</param>
    /// <param name="states">The states.</param>
    /// <param name="slots">For each slot, where its values from the first kept position of the states on lie.</param>
    public void FoldPart(in DomainPart part, in FoldStates states, byte** slots)
    {
        byte** origins = stackalloc byte*[operands.Length];
        byte** addresses = stackalloc byte*[operands.Length];
        long* strides = stackalloc long[operands.Length];
        FindOrigins(origins, states.First, slots);
        for (long kept = part.First; kept < part.End;)
        {
            long together = Together(kept, part.End);
            LineCall call = new() { Addresses = addresses, Strides = strides, Ahead = ahead };
            if (positions is not null)
            {
                FoldPositions(positions, part, kept, together, states);
            }
            else if (domain.IsAcross)
            {
                FoldAcross(part, kept, together, call, origins, states);
            }
            else
            {
                call.Count = part.EndWithin - part.FirstWithin;
                call.State = states.Memory + ((kept - states.First) * Fold.StateBytes);
                FoldLines(part, kept, together, call, origins);
            }

            kept += together;
        }
    }

    /// <summary>What the states have come to.</summary>
    /// <param name="part">All that was folded into them.</param>
    /// <param name="states">The states.</param>
    /// <param name="slots">For each slot, where its values from the first kept position of the states on lie.</param>
    /// <param name="totals">One for each kept position, with room for one for each block of each.</param>
    /// <param name="indices">The indices beside them, with as much room.</param>
    public void Finish(in DomainPart part, in FoldStates states, byte** slots, long* totals, long* indices)
    {
        if (!domain.IsAcross)
        {
            Folding.Finish(states.Memory, (int)states.Count, totals, indices);
            FinishSafely(part, states, slots, totals);
            return;
        }

        for (long kept = states.First; kept < states.End;)
        {
            long together = Together(kept, states.End);
            long* to = totals + ((kept - states.First) * states.Blocks);
            long* indicesTo = indices + ((kept - states.First) * states.Blocks);
            for (long block = 0; block < states.Blocks; block++)
            {
                Folding.FinishPlaces(Places(states, kept, together, block), (int)together, to + (block * together), indicesTo + (block * together));
                FinishSafely(part, states, kept, together, block, slots, to + (block * together));
            }

            Folding.CombineBlocks(to, indicesTo, together, states.Blocks, together);
            new Span<long>(to, (int)together).CopyTo(new(totals + (kept - states.First), (int)together));
            new Span<long>(indicesTo, (int)together).CopyTo(new(indices + (kept - states.First), (int)together));
            kept += together;
        }
    }

    /// <summary>Combines the totals of blocks, each of all kept positions, into those of the first.</summary>
    public void Combine(long* totals, long* indices, long blocks) => Folding.CombineBlocks(totals, indices, domain.Kept, blocks, domain.Kept);

    /// <summary>Writes the results of kept positions.</summary>
    public void Write(long first, long end, long* totals, long* indices)
    {
        for (long kept = first; kept < end;)
        {
            long together = Together(kept, end);
            byte* target = (byte*)step.Folded.Address + Offset(step.Folded.Strides, kept);
            Folding.Write(
                step.Fold!.Value, step.Folded.Type, totals + (kept - first), indices + (kept - first), together, domain.Folded, target, step.Folded.Strides.Kept);
            kept += together;
        }
    }

    private long Together(long kept, long end) => Math.Min(end - kept, domain.Lengths.Kept - (kept % domain.Lengths.Kept));

    private byte* Places(in FoldStates states, long kept, long together, long block)
    {
        long run = (kept / domain.Lengths.Kept) - (states.First / domain.Lengths.Kept);
        long before = (kept - states.First + (run * PlaceGrain)) * states.Blocks;
        long padded = (together + PlaceGrain - 1) / PlaceGrain * PlaceGrain;
        return states.Memory + ((before + (block * padded)) * Folding.PlaceBytes);
    }

    private void FoldLines(in DomainPart part, long kept, long together, LineCall call, byte** origins)
    {
        long across = part.EndAcross - part.FirstAcross;
        bool byAcross = together == 1 && across > 1;
        FillStrides(call.Strides, byAcross ? Level.Across : Level.Kept);
        call.Lines = byAcross ? across : together;
        call.StateStride = byAcross ? 0 : Fold.StateBytes;
        for (long at = part.FirstAcross; at < (byAcross ? part.FirstAcross + 1 : part.EndAcross) && call.Lines > 0 && call.Count > 0; at++)
        {
            Place(origins, call.Addresses, kept, at, 0, part.FirstWithin);
            function.Run(call, (at * domain.Lengths.Within) + part.FirstWithin);
        }
    }

    private void FoldAcross(in DomainPart part, long kept, long together, LineCall call, byte** origins, in FoldStates states)
    {
        FillStrides(call.Strides, Level.Across);
        call.Count = together;
        for (long across = part.FirstAcross; across < part.EndAcross;)
        {
            long block = domain.BlockOf(across);
            long end = Math.Min(part.EndAcross, domain.BlockEnd(block));
            Place(origins, call.Addresses, kept, across, 0, 0);
            call.Lines = end - across;
            call.State = Places(states, kept, together, block - states.FirstBlock);
            function.Run(call, across);
            across = end;
        }
    }

    /// <summary>Folds again what came to something infinite, without any chance that it did so only on the way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FinishSafely(in DomainPart part, in FoldStates states, byte** slots, long* totals)
    {
        byte** origins = stackalloc byte*[operands.Length];
        byte** addresses = stackalloc byte*[operands.Length];
        for (long kept = states.First; kept < states.End; kept++)
        {
            if (!Folding.IsOverflown(totals[kept - states.First]))
            {
                continue;
            }

            FindOrigins(origins, states.First, slots);
            totals[kept - states.First] = 0;
            for (long across = part.FirstAcross; across < part.EndAcross; across++)
            {
                long* total = totals + (kept - states.First);
                if (positions is not null)
                {
                    FoldPositionsSafely(positions, Position(kept, across) + part.FirstWithin, part.EndWithin - part.FirstWithin, total);
                    continue;
                }

                Place(origins, addresses, kept, across, 0, part.FirstWithin);
                function.FoldSafely(addresses, part.EndWithin - part.FirstWithin, total);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FinishSafely(in DomainPart part, in FoldStates states, long kept, long together, long block, byte** slots, long* totals)
    {
        bool isOverflown = false;
        for (long place = 0; place < together; place++)
        {
            isOverflown |= Folding.IsOverflown(totals[place]);
        }

        if (isOverflown)
        {
            FinishAcrossSafely(part, states, kept, together, states.FirstBlock + block, slots, totals);
        }
    }

    private void FinishAcrossSafely(in DomainPart part, in FoldStates states, long kept, long together, long block, byte** slots, long* totals)
    {
        byte** origins = stackalloc byte*[operands.Length];
        byte** addresses = stackalloc byte*[operands.Length];
        long* strides = stackalloc long[operands.Length];
        long* safe = stackalloc long[(int)together];
        new Span<long>(safe, (int)together).Clear();
        FindOrigins(origins, states.First, slots);
        FillStrides(strides, Level.Across);
        DomainPart rows = domain.Block(block, part.First, part.End);
        if (positions is not null)
        {
            FoldPositionsSafely(positions, rows, kept, together, safe);
        }
        else
        {
            Place(origins, addresses, kept, rows.FirstAcross, 0, 0);
            function.FoldSafely(
                new LineCall { Addresses = addresses, Strides = strides, Lines = rows.EndAcross - rows.FirstAcross, Count = together }, safe);
        }

        for (long place = 0; place < together; place++)
        {
            totals[place] = Folding.IsOverflown(totals[place]) ? safe[place] : totals[place];
        }
    }
}

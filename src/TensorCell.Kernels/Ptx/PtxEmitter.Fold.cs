using System.Globalization;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Ptx;

/// <summary>Folds the results of a group's items.</summary>
internal sealed partial class PtxEmitter
{
    private const int WarpSize = 32;

    private void EmitFold(PtxFold folded)
    {
        var warps = program.GroupExtents[0] / WarpSize;
        for (var i = 0; i < folded.Left.Length; i++)
        {
            values[folded.Left[i]] = InRegister(program.Results[i]);
        }

        FoldWarp(folded, WarpSize / 2);
        if (warps > 1)
        {
            FoldWarps(folded, warps);
        }

        var end = writer.Label("FOLD_END");
        var thread = indices[(IndexKind.Local, 0)];
        writer.Emit($"@{Result(DType.Bool, "setp.ne.s32", thread, "0")} bra {end}");
        placement = Placement.Of(FinalProgram(folded));
        EmitRegion(folded.Final);
        writer.Place(end);
    }

    /// <summary>Folds each item with that so many items after it, then with nearer ones, until the first has the results of all.</summary>
    private void FoldWarp(PtxFold folded, int distance)
    {
        for (; distance > 0; distance /= 2)
        {
            for (var i = 0; i < folded.Left.Length; i++)
            {
                values[folded.Right[i]] = Shuffled(folded.Left[i].Type, values[folded.Left[i]], distance);
            }

            string[] combined = [.. ComputeAll(folded)];
            for (var i = 0; i < combined.Length; i++)
            {
                values[folded.Left[i]] = combined[i];
            }
        }
    }

    private List<string> ComputeAll(PtxFold folded)
    {
        var order = NodeOrder.Of(folded.Combined).Where(Placement.IsComputed).ToList();
        foreach (var node in order)
        {
            values[node] = Compute(node);
        }

        var combined = folded.Combined.Select(InRegister).ToList();
        order.ForEach(node => values.Remove(node));
        return combined;
    }

    private string Shuffled(DType type, string value, int distance)
    {
        var by = distance.ToString(CultureInfo.InvariantCulture);
        if (type.Size == sizeof(int))
        {
            return OfBits(type, Result(DType.Int32, "shfl.sync.down.b32", AsBits(type, value), by, "31", "-1"));
        }

        var (low, high) = (writer.Word(), writer.Word());
        writer.Emit($"mov.b64 {{{low}, {high}}}, {value}");
        var (nextLow, nextHigh) = (Shuffled(DType.Int32, low, distance), Shuffled(DType.Int32, high, distance));
        return Result(type, "mov.b64", $"{{{nextLow}, {nextHigh}}}");
    }

    /// <summary>The first warp folds what the first items of all warps leave in shared memory.</summary>
    private void FoldWarps(PtxFold folded, int warps)
    {
        var thread = indices[(IndexKind.Local, 0)];
        var lane = Result(DType.Int32, "and.b32", thread, "31");
        var warp = Result(DType.Int64, "cvt.u64.u32", Result(DType.Int32, "shr.u32", thread, "5"));
        var places = new string[folded.Left.Length];
        for (var i = 0; i < places.Length; i++)
        {
            DeclareShared($"fold{i}", warps * sizeof(long));
            places[i] = Result(DType.Int64, "mov.u64", $"fold{i}");
        }

        var written = writer.Label("WRITTEN");
        writer.Emit($"@{Result(DType.Bool, "setp.ne.s32", lane, "0")} bra {written}");
        for (var i = 0; i < places.Length; i++)
        {
            var place = Result(DType.Int64, "mad.lo.s64", warp, "8", places[i]);
            writer.Emit($"st.shared.{PtxTypes.Move(folded.Left[i].Type)} [{place}], {values[folded.Left[i]]}");
        }

        writer.Place(written);
        writer.Emit("bar.sync 0");
        var end = writer.Label("FOLDED");
        writer.Emit($"@{Result(DType.Bool, "setp.ge.s32", thread, "32")} bra {end}");

        // Items beyond the number of warps repeat the others, and are folded with none that counts.
        var source = Result(DType.Int64, "cvt.u64.u32", Result(DType.Int32, "and.b32", lane, (warps - 1).ToString(CultureInfo.InvariantCulture)));
        var left = new string[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            var type = folded.Left[i].Type;
            left[i] = values[folded.Left[i]];
            var place = Result(DType.Int64, "mad.lo.s64", source, "8", places[i]);
            values[folded.Left[i]] = Result(type, $"ld.shared.{PtxTypes.Move(type)}", $"[{place}]");
        }

        FoldWarp(folded, warps / 2);
        for (var i = 0; i < places.Length; i++)
        {
            var result = values[folded.Left[i]];
            writer.Emit($"mov.{PtxTypes.Move(folded.Left[i].Type)} {left[i]}, {result}");
            values[folded.Left[i]] = left[i];
        }

        writer.Place(end);
    }

    private GridProgram FinalProgram(PtxFold folded) => program with { Body = folded.Final, Results = [] };
}

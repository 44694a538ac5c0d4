using TensorCell.Tensors.Autograd;

namespace TensorCell.Inference.Onnx;

/// <summary>Parts of tensors as ONNX's Slice, counted from whichever end the batch leaves them at.</summary>
internal static class Slices
{
    /// <summary>Adds the nodes of a slice.</summary>
    public static string Emit(FunctionCall call)
    {
        TracedTensor source = call.Source(0);
        (SlicePart[] first, SlicePart[] second) = call.Result.Attribute<SlicePart[]>();
        List<long> starts = [];
        List<long> ends = [];
        List<long> axes = [];
        List<long> steps = [];
        for (int axis = 0; axis < first.Length; axis++)
        {
            (int, int) lengths = (source.First.Shape[axis], source.Second.Shape[axis]);
            if (IsWhole(first[axis], lengths.Item1) && IsWhole(second[axis], lengths.Item2))
            {
                continue;
            }

            axes.Add(axis);
            steps.Add(first[axis].Step);
            if (first[axis].Count == 0 && second[axis].Count == 0)
            {
                starts.Add(0);
                ends.Add(0);
                continue;
            }

            starts.Add(Bound(call, (first[axis].Start, second[axis].Start), lengths));
            ends.Add(End(call, first[axis], second[axis], lengths));
        }

        string value = call.Input(0);
        if (axes.Count > 0)
        {
            value = call.Node(
                "Slice",
                [
                    value,
                    call.Exporter.Integers([.. starts]),
                    call.Exporter.Integers([.. ends]),
                    call.Exporter.Integers([.. axes]),
                    call.Exporter.Integers([.. steps]),
                ]);
        }

        // Axes that a single index took away, and new ones of length 1.
        return call.Result.Rank == source.Rank && !Array.Exists(first, part => part.IsDropped)
            ? axes.Count > 0 ? value : call.Node("Identity", [value])
            : call.Reshape(value);
    }

    private static bool IsWhole(SlicePart part, int length) => part.Start == 0 && part.Count == length && part.Step == 1 && !part.IsDropped;

    private static long End(FunctionCall call, SlicePart first, SlicePart second, (int First, int Second) lengths)
    {
        (long, long) ends = (Behind(first), Behind(second));
        if (first.Step < 0)
        {
            // Before the first element, which a negative number would count from the end.
            return ends.Item1 < 0 && ends.Item2 < 0 ? long.MinValue : Bound(call, ends, lengths);
        }

        bool reachesEnd = ends.Item1 - 1 + first.Step >= lengths.First && ends.Item2 - 1 + second.Step >= lengths.Second;
        return reachesEnd ? long.MaxValue : Bound(call, ends, lengths);
    }

    private static long Behind(SlicePart part) => part.Start + ((part.Count - 1L) * part.Step) + Math.Sign(part.Step);

    /// <summary>A bound that is the same for every batch, from one end or the other.</summary>
    private static long Bound(FunctionCall call, (long First, long Second) bounds, (int First, int Second) lengths) =>
        bounds.First == bounds.Second ? bounds.First
        : bounds.First - lengths.First == bounds.Second - lengths.Second ? bounds.First - lengths.First
        : call.Exporter.Refuse<long>(
            $"a slice begins or ends at {bounds.First} of {lengths.First} for one batch and at {bounds.Second} of {lengths.Second} for another; "
            + "export it with BatchSymbol = null, for one batch");
}

using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

// Views, rearrangements, and writes through views.
internal sealed partial class RandomSteps
{
    private ProgramStep? View()
    {
        int input = Node(node => node.Shape.Length > 0);
        if (input < 0)
        {
            return null;
        }

        int[] shape = nodes[input].Shape;
        int axis = random.Next(shape.Length);
        int named = random.Next(2) == 0 ? axis : axis - shape.Length;
        switch (random.Next(7))
        {
            case 0 when shape[axis] > 0:
                int first = random.Next(shape[axis]);
                int last = random.Next(first, shape[axis] + 1);
                int step = Any([1, 1, 2, -1, -2, 3]);
                int count = (last - first + Math.Abs(step) - 1) / Math.Abs(step);
                return Of($"slice({axis}, {first}..{last}, {step})", x => x.Slice(named, first..last, step), With(shape, axis, count), index => With(index, axis, step > 0 ? first + (index[axis] * step) : last - 1 + (index[axis] * step)));
            case 1:
                return Of($"flip {axis}", x => x.Flip(named), shape, index => With(index, axis, shape[axis] - 1 - index[axis]));
            case 2:
                int[] order = [.. Enumerable.Range(0, shape.Length).OrderBy(_ => random.Next())];
                return Of($"permute [{string.Join(", ", order)}]", x => x.Permute(order), [.. order.Select(from => shape[from])], index => [.. Enumerable.Range(0, order.Length).Select(from => index[Array.IndexOf(order, from)])]);
            case 3 when shape.Length < 5:
                return Of($"unsqueeze {axis}", x => x.Unsqueeze(axis), [.. shape[..axis], 1, .. shape[axis..]], index => [.. index[..axis], .. index[(axis + 1)..]]);
            case 4 when shape[axis] > 0:
                int place = random.Next(shape[axis]);
                TensorIndex[] entries = [.. Enumerable.Repeat<TensorIndex>(.., axis), random.Next(2) == 0 ? place : ^(shape[axis] - place)];
                return Of($"[{place}] of {axis}", x => x[entries], [.. shape[..axis], .. shape[(axis + 1)..]], index => [.. index[..axis], place, .. index[axis..]]);
            case 5 when shape[axis] == 1 && Size(shape) < 2000:
                int times = random.Next(2, 6);
                int[] wide = With(shape, axis, times);
                return Of($"broadcast {axis} to {times}", x => x.BroadcastTo(Shape.Of(wide)), wide, index => With(index, axis, 0));
            case 6 when shape[axis] > 2 && shape.Length < 5 && Size(shape) < 20_000:
                int length = random.Next(1, Math.Min(shape[axis], 5));
                return Of($"windows {length} along {axis}", x => x.SlidingWindow(length, 1, named), [.. With(shape, axis, shape[axis] - length + 1), length], index => With(index[..^1], axis, index[axis] + index[^1]));
            default:
                return null;
        }

        ProgramStep Of(string text, Func<Tensor, Tensor> engine, int[] result, Func<int[], int[]> from) => new(text, [input], x => engine(x[0]), x => x[0].View(result, from));
    }

    private ProgramStep? Rearrangement()
    {
        int input = Node(node => node.Shape.Length > 0 && node.Places.Length is > 0 and < 200_000);
        if (input < 0)
        {
            return null;
        }

        int[] shape = nodes[input].Shape;
        int axis = random.Next(shape.Length);
        int length = shape[axis];
        switch (random.Next(7))
        {
            case 0:
                int other = Node(node => node.Type == nodes[input].Type && node.Shape.Length == shape.Length && With(node.Shape, axis, 0).SequenceEqual(With(shape, axis, 0)));
                return other < 0 || length + nodes[other].Shape[axis] > 2000 ? null : Copy(
                    $"concat {axis}", x => Tensor.Concat(axis, x), With(shape, axis, length + nodes[other].Shape[axis]), index => index[axis] < length ? (0, index) : (1, With(index, axis, index[axis] - length)), other);
            case 1:
                int[] places = [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => random.Next(length))];
                return Copy($"take [{string.Join(", ", places)}] of {axis}", x => x[0].Take(places, axis), With(shape, axis, places.Length), index => (0, With(index, axis, places[index[axis]])));
            case 2:
                int shift = random.Next(-4, 5);
                return Copy($"roll {shift} along {axis}", x => x[0].Roll(shift, axis), shape, index => (0, With(index, axis, (((index[axis] - shift) % length) + length) % length)));
            case 3:
                int before = random.Next(3);
                int after = random.Next(3);
                (int, int)[] widths = [.. shape.Select((_, padded) => padded == axis ? (before, after) : (0, 0))];
                return Copy($"pad {before}, {after} along {axis}", x => x[0].Pad(widths), With(shape, axis, before + length + after), index => index[axis] < before || index[axis] >= before + length ? (-1, index) : (0, With(index, axis, index[axis] - before)));
            case 4 when shape.Length >= 2:
                int offset = random.Next(-2, 3);
                return Copy($"tril {offset}", x => x[0].Tril(offset), shape, index => (index[^1] <= index[^2] + offset ? 0 : -1, index));
            case 5 when Size(shape) < 5000:
                return Copy($"repeat 2 along {axis}", x => x[0].Repeat(2, axis), With(shape, axis, length * 2), index => (0, With(index, axis, index[axis] / 2)));
            default:
                int[] flat = random.Next(2) == 0 || shape.Length < 2 ? [Size(shape)] : [shape[0] * shape[1], .. shape[2..]];
                return Copy($"reshape [{string.Join(", ", flat)}]", x => x[0].Reshape(Shape.Of(flat)), flat, index =>
                {
                    int place = 0;
                    for (int at = 0; at < flat.Length; at++)
                    {
                        place = (place * flat[at]) + index[at];
                    }

                    int[] from = new int[shape.Length];
                    for (int at = shape.Length - 1; at >= 0; at--)
                    {
                        from[at] = place % shape[at];
                        place /= shape[at];
                    }

                    return (0, from);
                });
        }

        ProgramStep Copy(string text, Func<Tensor[], Tensor> engine, int[] result, Func<int[], (int Input, int[] Index)> from, params int[] others)
        {
            int[] inputs = [input, .. others];
            return new(text, inputs, engine, x =>
            {
                // Where nothing has to move, the engine may give a view.
                Array.ForEach(x, one => one.Memory.IsFrozen = true);
                PlainTensor? copy = PlainTensor.Of(
                    [.. Reference.Indices(result).Select(index => from(index) is { Input: >= 0 } place ? x[place.Input].At(place.Index) : 0)], result, x[0].Type, x.Max(one => one.Error));
                if (copy is not null)
                {
                    copy.Memory.IsFrozen = true;
                }

                return copy;
            });
        }
    }

    /// <summary>A write in place, seen by all views and by nothing that was computed before.</summary>
    private ProgramStep? Write()
    {
        int target = Node(node => node.IsWritable);
        if (target < 0)
        {
            return null;
        }

        PlainTensor to = nodes[target];
        switch (random.Next(4))
        {
            case 0:
                double number = to.Type == DType.Bool ? 1 : random.Next(1, 9);
                return Of("fill", [target], x => x[0].Fill(number), x => Written(x[0], _ => number, 0));
            case 1:
                int mask = Node(node => node.Type == DType.Bool && node.Shape.SequenceEqual(to.Shape));
                return mask < 0 || mask == target || ReferenceEquals(nodes[mask].Memory, to.Memory) || to.Type == DType.Bool ? null : Of(
                    "masked fill", [target, mask], x =>
                    {
                        x[0][x[1]] = 3;
                        return x[0];
                    }, x => Written(x[0], index => x[1].At(index) != 0 ? 3 : x[0].At(index), x[0].Error));
            case 2:
                int whole = Node(node => node.Type == to.Type && node.Shape.SequenceEqual(to.Shape));
                return whole < 0 || whole == target ? null : Of("assign", [target, whole], x => x[0].Assign(x[1]), x => Written(x[0], x[1].At, x[1].Error)) with { IsBarrier = true };
            default:
                int source = Node(node => node.Type == to.Type && node.Shape.Length <= to.Shape.Length
                    && node.Shape.Reverse().Zip(to.Shape.Reverse()).All(pair => pair.First == 1 || pair.First == pair.Second));
                return source < 0 ? null : Of("copy from", [target, source], x => x[0].CopyFrom(x[1]), x => Written(x[0], x[1].At, x[1].Error));
        }

        static ProgramStep Of(string text, int[] inputs, Func<Tensor[], Tensor> engine, Func<PlainTensor[], PlainTensor?> plain) => new(text, inputs, engine, plain) { IsWrite = true };

        static PlainTensor Written(PlainTensor to, Func<int[], double> number, double error)
        {
            double[] made = [.. Reference.Indices(to.Shape).Select(number)];
            for (int index = 0; index < made.Length; index++)
            {
                to.Memory.Numbers[to.Places[index]] = made[index];
            }

            to.Memory.Error = Math.Max(to.Memory.Error, error);
            return to;
        }
    }

    private static int Size(int[] shape) => shape.Aggregate(1, (count, length) => count * length);

    private static int[] With(int[] index, int axis, int number)
    {
        int[] changed = [.. index];
        changed[axis] = number;
        return changed;
    }
}

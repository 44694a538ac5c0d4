using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Giving tensors new elements that are computed from their old ones, as an optimizer does.
public sealed partial class Tensor
{
    /// <summary>
    /// Computes new elements for this tensor and its views; see <see cref="AssignAll"/>.
    /// </summary>
    /// <param name="source">Pending or stored, of this shape; converted to this type.</param>
    /// <returns>This tensor.</returns>
    public Tensor Assign(Tensor source)
    {
        AssignAll([this], [source]);
        return this;
    }

    /// <summary>
    /// Computes all sources, together, and gives their elements to the targets, whose views see them too. A source may be computed from the
    /// targets' old elements; where nothing else is going to read those, it is computed in their memory, else in memory that the target takes
    /// over: in no case is it copied if it was pending. What the caller made on the way to the sources must not be read afterwards: that is an error
    /// if the elements it needs were overwritten. It is not interrupted halfway.
    /// </summary>
    /// <param name="targets">Tensors that get new elements. None twice.</param>
    /// <param name="sources">For each target, a tensor of its shape; converted to its type.</param>
    /// <exception cref="ArgumentException">The numbers of tensors, or two shapes, differ.</exception>
    /// <exception cref="InvalidOperationException">A target or a source requires a gradient and no <see cref="NoGrad"/> scope is open.</exception>
    public static void AssignAll(ReadOnlySpan<Tensor> targets, ReadOnlySpan<Tensor> sources)
    {
        if (targets.Length != sources.Length)
        {
            Throw.Argument($"assign: {targets.Length} targets and {sources.Length} sources; give one source for each target");
        }

        HashSet<Value> overwritten = new(ReferenceEqualityComparer.Instance);
        for (int index = 0; index < targets.Length; index++)
        {
            ArgumentNullException.ThrowIfNull(targets[index], nameof(targets));
            ArgumentNullException.ThrowIfNull(sources[index], nameof(sources));
            targets[index].RequireUntracked("assign");
            RequireUntrackedSource("assign", sources[index]);
            if (sources[index].Shape != targets[index].Shape)
            {
                Throw.Argument($"assign: {sources[index].Shape} to a tensor of shape {targets[index].Shape}: the shapes must be equal");
            }

            overwritten.Add(targets[index].Value);
        }

        Tensor[] converted = new Tensor[sources.Length];
        bool[] isTakenOver = new bool[sources.Length];
        HashSet<Value> taken = new(ReferenceEqualityComparer.Instance);
        for (int index = 0; index < converted.Length; index++)
        {
            Tensor source = sources[index].To(targets[index].DType).To(targets[index].Device);
            converted[index] = overwritten.Contains(source.Value) ? source.Copy() : source;

            // Its storage, once computed, is nobody else's, and can be taken over.
            isTakenOver[index] = targets[index].IsAllOfItsRoot
                && converted[index] is { IsPending: true, Value.Operation: not ConstantOperation }
                && taken.Add(converted[index].Value)
                && new Operand(converted[index].Value, converted[index].Layout).IsWhole;
        }

        using Interruption.Deferral whole = Interruption.Defer();
        try
        {
            HashSet<Value> inner = FindPlaces(targets, converted, isTakenOver);

            // What is computed on the way to another source comes after it, and so is stored by its kernel.
            RealizeAll([.. converted.OrderBy(source => inner.Contains(source.Value))]);
        }
        catch
        {
            for (int index = 0; index < converted.Length; index++)
            {
                // What was computed over its target's elements is there, and counts as written.
                if (isTakenOver[index] && converted[index].Value.Storage is { } computed && ReferenceEquals(computed, targets[index].Value.Storage))
                {
                    targets[index].TakeOver(converted[index]);
                }
            }

            throw;
        }
        finally
        {
            foreach (Tensor source in converted)
            {
                source.Value.Place = null;
            }
        }

        for (int index = 0; index < converted.Length; index++)
        {
            // Whoever shares the memory of the target expects the elements there.
            isTakenOver[index] &= targets[index].Value.Storage is not { IsShared: true } shared || ReferenceEquals(shared, converted[index].Value.Storage);
            if (isTakenOver[index])
            {
                targets[index].TakeOver(converted[index]);
            }
        }

        for (int index = 0; index < converted.Length; index++)
        {
            if (!isTakenOver[index])
            {
                targets[index].CopyFrom(converted[index]);
            }
        }
    }

    /// <summary>Offers each source the memory of its target, if only the sources read what is there.</summary>
    /// <returns>The values that sources are computed from.</returns>
    private static HashSet<Value> FindPlaces(ReadOnlySpan<Tensor> targets, Tensor[] sources, bool[] isTakenOver)
    {
        Dictionary<Value, int> reads = new(ReferenceEqualityComparer.Instance);
        foreach (Tensor target in targets)
        {
            reads[target.Value] = 0;
        }

        HashSet<Value> seen = new(ReferenceEqualityComparer.Instance);
        HashSet<Value> inner = new(ReferenceEqualityComparer.Instance);
        Stack<Value> open = [];
        foreach (Tensor source in sources)
        {
            open.Push(source.Value);
        }

        while (open.TryPop(out Value? value))
        {
            if (value.Operation is { } operation && seen.Add(value))
            {
                foreach (ref readonly Operand input in operation.Inputs.AsSpan())
                {
                    ref int count = ref CollectionsMarshal.GetValueRefOrNullRef(reads, input.Value);
                    if (!Unsafe.IsNullRef(ref count))
                    {
                        count++;
                    }

                    inner.Add(input.Value);
                    open.Push(input.Value);
                }
            }
        }

        for (int index = 0; index < sources.Length; index++)
        {
            Value before = targets[index].Value;
            if (isTakenOver[index]
                && before is { Storage.IsDisposed: false }
                && before.Readers - before.PassedReaders == reads[before])
            {
                sources[index].Value.Place = before;
            }
        }

        return inner;
    }

    /// <summary>Whether this shows all elements of its root, in their order.</summary>
    private bool IsAllOfItsRoot => IsContiguous && Layout.Offset == 0 && Count == root.Count;

    /// <summary>Makes the computed elements of another tensor this one's; the other goes on showing them until they are written to.</summary>
    private void TakeOver(Tensor source)
    {
        Value before = root.value;
        Value computed = source.Value;
        Storage storage = source.Storage;
        if (computed.Layout.Shape != before.Layout.Shape)
        {
            Value reshaped = new(before.Layout, before.DType, storage);
            if (computed.HasReaders)
            {
                computed.Replace(Elements.Contiguous(new Operand(computed, computed.Layout)));
            }
            else
            {
                source.root.value = reshaped;
            }

            computed = reshaped;
        }

        computed.Owner = root;
        root.value = computed;
        root.version++;
        if (ReferenceEquals(before.Storage, storage))
        {
            // Whoever still reads what was there finds it gone, instead of other elements.
            before.Replace(Storage.Nothing);
        }
        else if (before.Storage is { } old)
        {
            TensorScope.Replace(old, storage);
        }
    }

    /// <summary>Converts the elements of this tensor and its views to another type; it stays the same object, so who refers to it sees them converted.</summary>
    /// <exception cref="InvalidOperationException">This is a view of a part of another tensor.</exception>
    internal void ChangeType(DType dtype)
    {
        if (dtype == DType)
        {
            return;
        }

        if (!IsAllOfItsRoot)
        {
            Throw.Invalid($"to: a view of shape {Shape} of another tensor cannot change its type alone; Clone() it first");
        }

        using TapeScope untracked = NoGrad();
        Tensor converted = root.To(dtype).Contiguous().Realize();
        Value before = root.value;
        root.value = new Value(before.Layout, dtype, converted.Storage);
        root.version++;
        if (before.Storage is { } old)
        {
            TensorScope.Replace(old, converted.Storage);
        }
    }
}

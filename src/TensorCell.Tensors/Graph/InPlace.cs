using TensorCell.Kernels;
using TensorCell.Kernels.Ir;

namespace TensorCell.Tensors.Graph;

/// <summary>Whether a kernel may write its result over elements that it reads.</summary>
internal static class InPlace
{
    /// <summary>
    /// Whether after the kernel of a group nothing will read what a stored value held before it: each element is read only for the one that takes
    /// its place, no operation outside the group reads it, and nothing that was computed from it in passing will be computed again.
    /// </summary>
    /// <param name="group">The group that is about to run.</param>
    /// <param name="place">The value that a result is to be written over.</param>
    public static bool IsSafe(Group group, Value place)
    {
        if (place.Storage is not { IsDisposed: false } || !StorageAccess.IsExclusive)
        {
            return false;
        }

        ReadOnlySpan<Operand> leaves = group.Leaves;
        Span<bool> isPlace = stackalloc bool[leaves.Length];
        for (int leaf = 0; leaf < leaves.Length; leaf++)
        {
            isPlace[leaf] = ReferenceEquals(leaves[leaf].Value, place);
            Layout layout = leaves[leaf].Layout;
            if (isPlace[leaf] && !(layout.IsContiguous && layout.Offset == 0 && layout.Shape == group.Shape))
            {
                return false;
            }
        }

        int placeReads = 0;
        ReadOnlySpan<Group.Node> nodes = group.Nodes;
        ReadOnlySpan<Group.Reference> references = group.References;
        Span<bool> depends = nodes.Length <= 512 ? stackalloc bool[nodes.Length] : new bool[nodes.Length];
        Span<int> reads = nodes.Length <= 512 ? stackalloc int[nodes.Length] : new int[nodes.Length];
        for (int node = 0; node < nodes.Length; node++)
        {
            int operands = nodes[node].Operation.Inputs.Length;
            foreach (ref readonly Group.Reference reference in references.Slice(nodes[node].FirstReference, operands))
            {
                switch (reference.Kind)
                {
                    case Group.ReferenceKind.Leaf:
                        placeReads += isPlace[reference.Index] ? 1 : 0;
                        depends[node] |= isPlace[reference.Index];
                        break;
                    case Group.ReferenceKind.Node:
                        reads[reference.Index]++;
                        depends[node] |= depends[reference.Index] && !group.Outputs.Contains(reference.Index);
                        break;
                }
            }
        }

        if (place.Readers - place.PassedReaders != placeReads)
        {
            return false;
        }

        for (int node = 0; node < nodes.Length; node++)
        {
            if (depends[node] && !group.Outputs.Contains(node)
                && (nodes[node].Value.Readers != reads[node] || group.MustStore(nodes[node].Value)))
            {
                return false;
            }

            if (CanFail(nodes[node].Operation))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the operation may end halfway, when it divides integers by zero.</summary>
    public static bool CanFail(ElementwiseOperation operation) => (operation.Body is { } body && !body.ParameterTypes.All(type => type.IsFloatingPoint))
        || (operation.Operator == BinaryOperation.Remainder && !operation.ComputeType.IsFloatingPoint);
}

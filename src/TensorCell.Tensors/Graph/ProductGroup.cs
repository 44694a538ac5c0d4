using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Graph;

/// <summary>
/// Pending elementwise operations that a matrix product or a convolution takes along: a bias, an activation, a residual, a scale. Each part of the product
/// is worked on while it is in the nearest cache. What gradients will read on the way is stored too.
/// </summary>
internal static class ProductGroup
{
    /// <summary>Columns from which parts have rows worth a vector loop.</summary>
    private const int LeastColumns = 32;

    /// <summary>Runs a group together with the product that it reads, if there is one that nothing else reads.</summary>
    /// <param name="group">The gathered group of the value, with dependencies; left in any state.</param>
    /// <param name="root">The pending value of an elementwise operation.</param>
    /// <param name="run">The run that demands it.</param>
    /// <param name="needed">What has to be stored before; empty if nothing has, or if there is no such product.</param>
    /// <returns>Whether the value is stored now.</returns>
    public static bool TryRun(Group group, Value root, long run, out IReadOnlyCollection<Value> needed)
    {
        needed = [];
        if (root.Place is not null || root.Device is not (null or CpuDevice) || FindProduct(group, root) is not { } product
            || product.Operation is not { } operation)
        {
            return false;
        }

        HashSet<Value> missing = new(group.Dependencies, ReferenceEqualityComparer.Instance);
        missing.Remove(product);
        foreach (ref readonly Operand input in operation.Inputs.AsSpan())
        {
            if (input.Value.IsPending)
            {
                missing.Add(input.Value);
            }
        }

        if (missing.Count > 0)
        {
            needed = missing;
            return false;
        }

        group.Given = new(ReferenceEqualityComparer.Instance) { product };
        group.StoresKept = true;
        try
        {
            group.GatherStored(root, run);
            return group.Dependencies.Count == 0 && TryRun(group, root, product, operation, run);
        }
        finally
        {
            group.Given = null;
            group.StoresKept = false;
        }
    }

    /// <summary>A product of the group's shape that the group alone reads; and gradients, where it can be stored beside what the group stores.</summary>
    private static Value? FindProduct(Group group, Value root)
    {
        foreach (Value dependency in group.Dependencies)
        {
            bool isFit = dependency.Operation switch
            {
                MatrixProductOperation => !dependency.IsKept && dependency.Layout.Shape == root.Layout.Shape
                    && dependency.DType.Size == root.DType.Size && root.Layout.Shape[-1] >= LeastColumns,
                ConvolutionOperation => dependency.Layout.Shape.Count == root.Layout.Shape.Count,
                _ => false,
            };
            if (isFit && dependency.DemandedBy == 0 && dependency.Readers == ReadsOf(group, dependency))
            {
                return dependency;
            }
        }

        return null;
    }

    /// <summary>How many operands of the group read all of a value, element by element, perhaps under another shape.</summary>
    private static int ReadsOf(Group group, Value value)
    {
        int reads = 0;
        foreach (ref readonly Group.Node node in group.Nodes)
        {
            foreach (ref readonly Operand input in node.Operation.Inputs.AsSpan())
            {
                bool isWhole = input.Layout is { IsContiguous: true, Offset: 0 } && input.Layout.Shape.Count == value.Layout.Shape.Count;
                reads += ReferenceEquals(input.Value, value) && isWhole ? 1 : 0;
            }
        }

        return reads;
    }

    private static bool TryRun(Group group, Value root, Value product, Operation operation, long run)
    {
        PlanRecorder? recorder = PlanRecorder.Current;
        int launches = recorder?.Begin() ?? 0;
        int rootOutput = group.Outputs.IndexOf(group.Root.Index);
        if (rootOutput < 0 || root.Layout.Shape.Count == 0)
        {
            return false;
        }

        Storage[]? stored = operation is ConvolutionOperation convolution
            ? ConvolutionGroup.Run(group, product, convolution)
            : RunMatrix(group, root, product, (MatrixProductOperation)operation, rootOutput);
        if (stored is null)
        {
            return false;
        }

        foreach (ref readonly Operand leaf in group.Leaves)
        {
            GC.KeepAlive(leaf.Value.Storage);
        }

        for (int index = 0; index < group.Outputs.Length; index++)
        {
            group.Nodes[group.Outputs[index]].Value.Store(stored[index]);
        }

        recorder?.EndProduct(group, product, operation, launches);
        product.DemandedBy = run;
        product.Pass();
        return true;
    }

    private static Storage[]? RunMatrix(Group group, Value root, Value product, MatrixProductOperation operation, int rootOutput)
    {
        int columns = root.Layout.Shape[-1];
        Shape flat = Shape.Of(checked((int)(root.Layout.Shape.Count / columns)), columns);
        RowOperand[] inputs = new RowOperand[group.Leaves.Length];
        for (int index = 0; index < inputs.Length; index++)
        {
            Operand leaf = group.Leaves[index];
            if (ReferenceEquals(leaf.Value, product))
            {
                continue;
            }

            if (leaf.Value.Storage is not { } storage || storage is CudaStorage || leaf.Layout.Reshape(flat) is not { } layout)
            {
                return null;
            }

            if (storage.IsDisposed)
            {
                Throw.Disposed();
            }

            int size = leaf.Value.DType.Size;
            inputs[index] = new RowOperand(
                storage.Address + (nint)(layout.Offset * size), leaf.Value.DType, layout.Strides[0] * size, layout.Strides[1] * size);
            if (!PartLaunch.CanReach(inputs[index]))
            {
                return null;
            }
        }

        // The product is computed where the result goes, and overwritten part by part.
        Storage[] stored = new Storage[group.Outputs.Length];
        RowOperand[] outputs = new RowOperand[stored.Length];
        for (int index = 0; index < stored.Length; index++)
        {
            DType type = group.Nodes[group.Outputs[index]].Value.DType;
            stored[index] = Storage.Allocate(root.Layout.Shape.Count * type.Size);
            outputs[index] = new RowOperand(stored[index].Address, type, (long)columns * type.Size, type.Size);
        }

        for (int index = 0; index < inputs.Length; index++)
        {
            if (ReferenceEquals(group.Leaves[index].Value, product))
            {
                inputs[index] = outputs[rootOutput] with { Type = product.DType };
            }
        }

        Scalar[] uniforms = [.. group.Uniforms.ToArray().Select(uniform => uniform.Number.As(uniform.Type))];
        KernelFunction function = KernelLauncher.Find(group, 0, null, default);
        using (ElementwiseEpilogue epilogue = new(new PartLaunch(function, inputs, outputs, uniforms)))
        {
            operation.RunInto(product, stored[rootOutput], epilogue.Epilogue);
        }

        return stored;
    }
}

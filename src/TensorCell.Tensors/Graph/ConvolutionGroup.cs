using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;
using TensorCell.Tensors.Convolution;

namespace TensorCell.Tensors.Graph;

/// <summary>
/// Pending elementwise operations that a convolution takes along: an activation, a residual, the scale and shift of each channel. If a gradient will read
/// the convolution itself, that is stored too.
/// </summary>
internal static class ConvolutionGroup
{
    /// <summary>Runs a group together with the convolution that it reads.</summary>
    /// <param name="group">The gathered group, which takes the convolution as given.</param>
    /// <param name="product">The convolution.</param>
    /// <param name="operation">The operation that makes it.</param>
    /// <returns>What the group stores, in the order of its outputs; null if the convolution has to run alone.</returns>
    public static Storage[]? Run(Group group, Value product, ConvolutionOperation operation)
    {
        foreach (ref readonly Group.Node node in group.Nodes)
        {
            // Between the pixels of a line lies anything.
            if (node.Operation.Body is not null || InPlace.CanFail(node.Operation))
            {
                return null;
            }
        }

        if (Inputs(group, product, operation.ResultShape) is not { } inputs)
        {
            return null;
        }

        Storage? own = product.IsKept ? Storage.Allocate(product.Layout.Shape.Count * product.DType.Size) : null;
        List<Storage> results = own is null ? [] : [own];
        Storage[] stored = new Storage[group.Outputs.Length];
        EpilogueOperand[] operands = [.. inputs, .. new EpilogueOperand[stored.Length]];
        for (int index = 0; index < stored.Length; index++)
        {
            DType type = group.Nodes[group.Outputs[index]].Value.DType;
            stored[index] = Storage.Allocate(product.Layout.Shape.Count * type.Size);
            operands[inputs.Length + index] = type == product.DType
                ? new EpilogueOperand(EpilogueRole.Result, type.Size, Result: results.Count)
                : new EpilogueOperand(EpilogueRole.Pixels, type.Size, ImagesOf(Layout.Of(operation.ResultShape), stored[index], type));
            if (type == product.DType)
            {
                results.Add(stored[index]);
            }
        }

        nint address = results.Count > 0 ? results[0].Address : 0;
        using (PartLaunch launch = LaunchOf(group, operands, inputs.Length))
        {
            operation.RunInto(product, address, new ConvolutionEpilogue
            {
                Launch = launch,
                Operands = operands,
                Inputs = inputs.Length,
                Results = [.. results.Select(result => result.Address - address)],
            });
        }

        GC.KeepAlive(results);
        if (own is not null)
        {
            product.Store(own);
        }

        return stored;
    }

    /// <summary>What the group reads, as the convolution's lines have it; null if that cannot be seen as images.</summary>
    private static EpilogueOperand[]? Inputs(Group group, Value product, Shape shape)
    {
        EpilogueOperand[] inputs = new EpilogueOperand[group.Leaves.Length];
        for (int index = 0; index < inputs.Length; index++)
        {
            Operand leaf = group.Leaves[index];
            if (ReferenceEquals(leaf.Value, product))
            {
                inputs[index] = new EpilogueOperand(EpilogueRole.Sums, product.DType.Size);
                continue;
            }

            if (leaf.Value.Storage is not { } storage || storage is CudaStorage || leaf.Layout.Reshape(shape) is not { } layout)
            {
                return null;
            }

            if (storage.IsDisposed)
            {
                Throw.Disposed();
            }

            inputs[index] = EpilogueOperand.Of(leaf.Value.DType.Size, ImagesOf(layout, storage, leaf.Value.DType));
        }

        return inputs;
    }

    private static ImageOperand ImagesOf(Layout layout, Storage storage, DType type)
    {
        nint Stride(int axis) => layout.Shape[axis] == 1 ? 0 : (nint)layout.Strides[axis];
        return new ImageOperand(storage.Address + (nint)(layout.Offset * type.Size), Stride(0), Stride(1), Stride(2), Stride(3));
    }

    private static PartLaunch LaunchOf(Group group, EpilogueOperand[] operands, int inputs)
    {
        RowOperand[] rows = new RowOperand[operands.Length];
        for (int index = 0; index < rows.Length; index++)
        {
            DType type = index < inputs ? group.Leaves[index].Value.DType : group.Nodes[group.Outputs[index - inputs]].Value.DType;
            rows[index] = new RowOperand(0, type, 0, operands[index].Role == EpilogueRole.Channel ? 0 : type.Size);
        }

        KernelFunction function = KernelLauncher.Find(group, 0, null, default);
        Scalar[] uniforms = [.. group.Uniforms.ToArray().Select(uniform => uniform.Number.As(uniform.Type))];
        return new PartLaunch(function, rows.AsSpan(0, inputs), rows.AsSpan(inputs), uniforms);
    }
}

using System.Collections.Concurrent;
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
    private const int CacheLimit = 1024;
    private static readonly ConcurrentDictionary<(KernelFunction Function, int Leaf, bool HasBias, bool IsKept), KernelFunction> extended = new();

    /// <summary>Runs a group together with the convolution that it reads.</summary>
    /// <param name="group">The gathered group, which takes the convolution as given.</param>
    /// <param name="product">The convolution.</param>
    /// <param name="operation">The operation that makes it.</param>
    /// <returns>What the group stores, in the order of its outputs, at least; null if the convolution has to run alone.</returns>
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

        KernelFunction function = FunctionOf(group, product, operation.Bias is not null);
        if (Inputs(group, product, operation) is not { } inputs)
        {
            return null;
        }

        Storage[] stored = [.. function.ResultTypes.Select(type => Storage.Allocate(product.Layout.Shape.Count * type.Size))];
        List<nint> results = [];
        EpilogueOperand[] operands = [.. inputs, .. new EpilogueOperand[stored.Length]];
        for (int index = 0; index < stored.Length; index++)
        {
            DType type = function.ResultTypes[index];
            operands[inputs.Length + index] = type == product.DType
                ? new EpilogueOperand(EpilogueRole.Result, type.Size, Result: results.Count)
                : new EpilogueOperand(EpilogueRole.Pixels, type.Size, ImagesOf(Layout.Of(operation.ResultShape), stored[index], type));
            if (type == product.DType)
            {
                results.Add(stored[index].Address);
            }
        }

        nint address = results.FirstOrDefault();
        using (PartLaunch launch = LaunchOf(function, group, operands, inputs.Length))
        {
            operation.RunInto(product, address, new ConvolutionEpilogue
            {
                Launch = launch,
                Operands = operands,
                Inputs = inputs.Length,
                Results = [.. results.Select(result => result - address)],
            });
        }

        GC.KeepAlive(stored);
        if (stored.Length > group.Outputs.Length)
        {
            product.Store(stored[^1]);
        }

        return stored;
    }

    /// <summary>The group's kernel; with a bias, which is its last input, added first; and with the convolution as its last output if a gradient will read that.</summary>
    private static KernelFunction FunctionOf(Group group, Value product, bool hasBias)
    {
        KernelFunction function = KernelLauncher.Find(group, 0, null, default);
        if (!hasBias && !product.IsKept)
        {
            return function;
        }

        int leaf = 0;
        while (!ReferenceEquals(group.Leaves[leaf].Value, product))
        {
            leaf++;
        }

        if (extended.Count >= CacheLimit)
        {
            extended.Clear();
        }

        return extended.GetOrAdd((function, leaf, hasBias, product.IsKept), static key => Extend(key.Function, key.Leaf, key.HasBias, key.IsKept));
    }

    private static KernelFunction Extend(KernelFunction function, int leaf, bool hasBias, bool isKept)
    {
        DType type = function.Parameters[leaf];
        DType[] parameters = [.. function.Parameters, .. hasBias ? [type] : (DType[])[]];
        Node[] arguments = [.. function.Parameters.Select((parameter, index) => Node.Parameter(index, parameter))];
        Node[] uniforms = [.. function.Uniforms.Select((uniform, index) => Node.Uniform(index, uniform))];
        Node sums = arguments[leaf];
        arguments[leaf] = hasBias ? Node.Binary(BinaryOperation.Add, sums, Node.Parameter(parameters.Length - 1, type)) : sums;
        Node[] results = [.. function.Inline(arguments, uniforms), .. isKept ? [arguments[leaf]] : (Node[])[]];
        DType[] types = [.. function.ResultTypes, .. isKept ? [type] : (DType[])[]];
        return KernelFunction.Create(function.Name, parameters, [.. function.Uniforms], results).StoredAs(types);
    }

    /// <summary>What the group reads, as the convolution's lines have it; null if that cannot be seen as images.</summary>
    private static EpilogueOperand[]? Inputs(Group group, Value product, ConvolutionOperation operation)
    {
        EpilogueOperand[] inputs = new EpilogueOperand[group.Leaves.Length + (operation.Bias is null ? 0 : 1)];
        for (int index = 0; index < group.Leaves.Length; index++)
        {
            Operand leaf = group.Leaves[index];
            if (ReferenceEquals(leaf.Value, product))
            {
                inputs[index] = new EpilogueOperand(EpilogueRole.Sums, product.DType.Size);
                continue;
            }

            if (leaf.Value.Storage is not { } storage || storage is CudaStorage || leaf.Layout.Reshape(operation.ResultShape) is not { } layout)
            {
                return null;
            }

            if (storage.IsDisposed)
            {
                Throw.Disposed();
            }

            inputs[index] = EpilogueOperand.Of(leaf.Value.DType.Size, ImagesOf(layout, storage, leaf.Value.DType));
        }

        if (operation.Bias is { } bias)
        {
            nint address = TensorOperand.Of(bias, Realizer.Realize(bias.Value)).Address;
            inputs[^1] = EpilogueOperand.Of(product.DType.Size, new ImageOperand(address, 0, 1, 0, 0));
        }

        return inputs;
    }

    private static ImageOperand ImagesOf(Layout layout, Storage storage, DType type)
    {
        nint Stride(int axis) => layout.Shape[axis] == 1 ? 0 : (nint)layout.Strides[axis];
        return new ImageOperand(storage.Address + (nint)(layout.Offset * type.Size), Stride(0), Stride(1), Stride(2), Stride(3));
    }

    private static PartLaunch LaunchOf(KernelFunction function, Group group, EpilogueOperand[] operands, int inputs)
    {
        RowOperand[] rows = new RowOperand[operands.Length];
        for (int index = 0; index < rows.Length; index++)
        {
            DType type = index < inputs ? function.Parameters[index] : function.ResultTypes[index - inputs];
            rows[index] = new RowOperand(0, type, 0, operands[index].Role == EpilogueRole.Channel ? 0 : type.Size);
        }

        Scalar[] uniforms = [.. group.Uniforms.ToArray().Select(uniform => uniform.Number.As(uniform.Type))];
        return new PartLaunch(function, rows.AsSpan(0, inputs), rows.AsSpan(inputs), uniforms);
    }
}

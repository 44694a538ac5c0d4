using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Tensors.Graph;

/// <summary>A user's function of single elements that loops, or reads captured arrays: it runs by itself instead of fusing.</summary>
internal sealed class GridFunction
{
    /// <summary>The most elements of one launch.</summary>
    private const int MaximumItems = 1 << 30;

    private readonly GridProgram program;
    private readonly GridKernel launched;
    private readonly GridFunction?[] derivatives;

    /// <param name="program">A program over one axis whose given views, of rank one, hold its parameters, and that returns a number.</param>
    public GridFunction(GridProgram program)
    {
        this.program = program;
        GridProgram storing = ResultStore.Of(program);
        Kernel = new GridKernel(storing);
        launched = new GridKernel(GivenCaptures.Of(storing));
        ParameterTypes = [.. program.Views.Where(view => view.Capture is null).Select(view => view.Storage.Element!.Value)];
        derivatives = new GridFunction?[ParameterTypes.Length];
    }

    /// <summary>The name errors and traces use.</summary>
    public string Name => program.Name;

    /// <summary>What runs, as a kernel that reads its captured variables at every launch.</summary>
    public GridKernel Kernel { get; }

    /// <summary>The types of its parameters.</summary>
    public DType[] ParameterTypes { get; }

    /// <summary>The type of its result.</summary>
    public DType ResultType => program.Results[0].Type;

    /// <summary>
    /// The function of the same parameters, and the gradient of the result after them, that gives the gradient of a parameter; null where
    /// that is zero everywhere.
    /// </summary>
    public GridFunction? DerivativeBy(int parameter)
    {
        if (!ResultType.IsFloatingPoint || !ParameterTypes[parameter].IsFloatingPoint)
        {
            return null;
        }

        lock (derivatives)
        {
            return derivatives[parameter] ??= new GridFunction(ForwardDerivative.Of(program, ParameterTypes.Length, parameter));
        }
    }

    /// <summary>What the captured variables hold now.</summary>
    /// <param name="isKept">Whether gradients will read it again, by when the user may have changed an array: then it is copied.</param>
    public KernelArgument[] ReadCaptures(bool isKept)
    {
        IEnumerable<KernelArgument> captured = GivenCaptures.Read(program);
        return [.. isKept ? captured.Select(argument => argument.WithOwnArray()) : captured];
    }

    /// <summary>The result for every element of operands of one shape.</summary>
    /// <param name="operands">One for each parameter, of its type.</param>
    /// <param name="others">What the function takes beside its parameters: numbers, then what <see cref="ReadCaptures"/> gave.</param>
    /// <param name="shape">Their shape.</param>
    public Tensor Run(ReadOnlySpan<Operand> operands, ReadOnlySpan<KernelArgument> others, Shape shape)
    {
        long count = shape.Count;
        Device device = Value.DeviceOf($"kernel {Name}", operands) ?? Device.Cpu;
        Storage result = Storage.Allocate(count * ResultType.Size, device);
        Storage[] storages = new Storage[operands.Length];
        (nint Address, nint Stride)[] places = new (nint, nint)[operands.Length];
        for (int index = 0; index < operands.Length; index++)
        {
            (storages[index], places[index]) = Place(operands[index], device);
        }

        KernelArgument[] arguments = new KernelArgument[operands.Length + 1 + others.Length];
        others.CopyTo(arguments.AsSpan(operands.Length + 1));

        for (long start = 0; start < count; start += MaximumItems)
        {
            int items = (int)Math.Min(MaximumItems, count - start);
            for (int index = 0; index < operands.Length; index++)
            {
                DType type = ParameterTypes[index];
                nint address = places[index].Address + (nint)(start * places[index].Stride * type.Size);
                arguments[index] = new KernelArgument(
                    new ViewMemory((storages[index] as CudaStorage)?.Buffer, address), StorageTypes.Of(type), [items], [places[index].Stride]);
            }

            arguments[operands.Length] = new KernelArgument(
                new ViewMemory((result as CudaStorage)?.Buffer, result.DeviceAddress + (nint)(start * ResultType.Size)), StorageTypes.Of(ResultType), [items], [1]);
            launched.Launch(items, arguments);
        }

        GC.KeepAlive(storages);
        return Tensor.Wrap(result, shape, ResultType);
    }

    /// <summary>Where an operand's elements lie in row-major order, copied there if they do not.</summary>
    private static (Storage Storage, (nint Address, nint Stride) Place) Place(Operand operand, Device device)
    {
        Storage storage = DeviceCopies.On(Realizer.Realize(operand.Value), device);
        int size = operand.Value.DType.Size;
        nint address = storage.DeviceAddress + (nint)(operand.Layout.Offset * size);
        if (operand.Layout.IsContiguous)
        {
            return (storage, (address, 1));
        }

        bool isOneElement = true;
        for (int axis = 0; axis < operand.Layout.Shape.Rank; axis++)
        {
            isOneElement &= operand.Layout.Strides[axis] == 0 || operand.Layout.Shape[axis] == 1;
        }

        if (isOneElement)
        {
            return (storage, (address, 0));
        }

        Storage copy = DeviceCopies.On(Elements.Contiguous(operand), device);
        return (copy, (copy.DeviceAddress, 1));
    }
}

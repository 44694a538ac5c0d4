using TensorCell.Tensors;

namespace TensorCell.Inference.Onnx;

/// <summary>
/// What one run of a session hands over: for each input and output a description of the tensor's memory. It is used again for
/// the next run, and where that one's tensors lie at the same places in the same shapes, nothing is made anew.
/// </summary>
internal sealed unsafe class OnnxCall : IDisposable
{
    private readonly OnnxSession session;
    private readonly OnnxApi api;
    private readonly Bound[] bound;
    private readonly Storage?[] storages;
    private readonly int inputCount;
    private readonly nint[] names;
    private readonly nint[] values;
    private nint runOptions;

    /// <param name="session">The session to run.</param>
    /// <param name="outputs">The outputs to ask for, by their place.</param>
    public OnnxCall(OnnxSession session, ReadOnlySpan<int> outputs)
    {
        this.session = session;
        api = session.Api;
        inputCount = session.Inputs.Length;
        int count = inputCount + outputs.Length;
        bound = new Bound[count];
        storages = new Storage?[count];
        values = new nint[count];
        names = new nint[count];
        for (int index = 0; index < count; index++)
        {
            names[index] = session.NameOf(index < inputCount ? index : inputCount + outputs[index - inputCount]);
        }

        runOptions = api.CreateRunOptions();
    }

    ~OnnxCall() => Release();

    /// <summary>Hands over a tensor, without a copy: an input, or, counted after the inputs, an output.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="tensor">The tensor; contiguous.</param>
    /// <param name="elementType">Its element type, as ONNX numbers it.</param>
    public void Bind(int index, Tensor tensor, int elementType)
    {
        nint address = TensorMemory.AddressOf(tensor, out Storage storage);
        storages[index] = storage;
        ref Bound place = ref bound[index];
        if (place.Value != 0)
        {
            if (place.Address == address && place.Shape == tensor.Shape)
            {
                values[index] = place.Value;
                return;
            }

            api.FreeValue(place.Value);
            place.Value = 0;
        }

        ReadOnlySpan<int> lengths = tensor.Shape.Lengths;
        Span<long> longLengths = lengths.Length <= 16 ? stackalloc long[16] : new long[lengths.Length];
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            longLengths[axis] = lengths[axis];
        }

        nint value;
        fixed (long* first = longLengths)
        {
            // What has no elements may have no address; ONNX Runtime wants one all the same.
            void* memory = address == 0 ? first : (void*)address;
            api.Check(api.CreateTensorWithData(api.CpuMemory, memory, (nuint)tensor.ByteSize, first, (nuint)lengths.Length, elementType, &value));
        }

        place = new Bound(value, address, tensor.Shape);
        values[index] = value;
    }

    /// <summary>Leaves the memory of an output to ONNX Runtime.</summary>
    public void BindNothing(int index) => values[index] = 0;

    /// <summary>Runs the session.</summary>
    /// <returns>Null, or a status that tells the error.</returns>
    public nint Run()
    {
        bool isHeld = false;
        try
        {
            session.DangerousAddRef(ref isHeld);
            fixed (nint* firstName = names, firstValue = values)
            {
                return api.Run(
                    session.DangerousGetHandle(),
                    runOptions,
                    (byte**)firstName,
                    firstValue,
                    (nuint)inputCount,
                    (byte**)(firstName + inputCount),
                    (nuint)(values.Length - inputCount),
                    firstValue + inputCount);
            }
        }
        finally
        {
            if (isHeld)
            {
                session.DangerousRelease();
            }
        }
    }

    /// <summary>What is handed over for an input, or, counted after the inputs, an output.</summary>
    public nint ValueOf(int index) => values[index];

    /// <summary>The value that ONNX Runtime made for an output, which the caller now owns.</summary>
    public nint TakeOutput(int index)
    {
        nint value = values[index];
        values[index] = 0;
        return value;
    }

    /// <summary>Lets go of the tensors, whose memory may be used elsewhere from now on.</summary>
    public void Finish()
    {
        for (int index = inputCount; index < values.Length; index++)
        {
            // After a failure an output of ONNX Runtime's own may be there.
            if (values[index] != 0 && values[index] != bound[index].Value)
            {
                api.FreeValue(values[index]);
            }

            values[index] = 0;
        }

        Array.Clear(storages);
    }

    /// <summary>Has the run that is under way end at the next node. Called from any thread.</summary>
    public void Terminate() => api.Check(api.SetTerminate(runOptions));

    /// <summary>Makes the call ready for a run again after it was ended.</summary>
    public void Recover() => api.Check(api.UnsetTerminate(runOptions));

    /// <summary>Frees what it holds.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        foreach (ref Bound place in bound.AsSpan())
        {
            if (place.Value != 0)
            {
                api.FreeValue(place.Value);
                place.Value = 0;
            }
        }

        if (runOptions != 0)
        {
            api.FreeRunOptions(runOptions);
            runOptions = 0;
        }
    }

    private record struct Bound(nint Value, nint Address, Shape Shape);
}

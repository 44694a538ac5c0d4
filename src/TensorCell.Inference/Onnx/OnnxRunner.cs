using System.Diagnostics;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Inference.Onnx;

/// <summary>Checks what a run is given, runs the session and makes tensors of what it gives.</summary>
internal sealed class OnnxRunner : IDisposable
{
    private readonly string name;
    private readonly OnnxSession session;
    private readonly OutputShapes shapes;
    private readonly int[] outputPlaces;
    private readonly int[] elementTypes;
    private OnnxCall? idleCall;
    private volatile bool areShapesWrong;

    /// <param name="name">The model's name, for errors.</param>
    /// <param name="session">The session, which it owns.</param>
    public OnnxRunner(string name, OnnxSession session)
    {
        this.name = name;
        this.session = session;
        outputPlaces = [.. Enumerable.Range(0, session.Outputs.Length).Where(index => session.Outputs[index].DType is not null)];
        TensorOutputs = [.. outputPlaces.Select(index => session.Outputs[index])];
        shapes = new OutputShapes(session.Inputs, TensorOutputs);
        elementTypes = [.. session.Inputs.Concat(TensorOutputs).Select(value => value.DType is { } dtype ? ElementTypes.Of(dtype) : 0)];
    }

    public OnnxValueInfo[] Inputs => session.Inputs;

    public OnnxValueInfo[] Outputs => session.Outputs;

    /// <summary>The outputs that are tensors of a type this library has: those that a run gives.</summary>
    public OnnxValueInfo[] TensorOutputs { get; }

    /// <summary>Throws unless there is one input and one output.</summary>
    public void RequireOneEach()
    {
        if (Inputs.Length != 1 || TensorOutputs.Length != 1)
        {
            Throw.Onnx(
                name,
                $"run with one tensor, but the model has {Count(Inputs, "input")} and {Count(TensorOutputs, "tensor output")}; "
                + "use Run(new Dictionary<string, Tensor> { [\"name\"] = tensor, … })");
        }

        static string Count(OnnxValueInfo[] values, string what) =>
            $"{values.Length} {what}{(values.Length == 1 ? "" : "s")} ({string.Join(", ", values.Select(value => value.ToString()))})";
    }

    /// <summary>The inputs in the model's order.</summary>
    public Tensor[] InOrder(IReadOnlyDictionary<string, Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Tensor[] ordered = new Tensor[Inputs.Length];
        for (int index = 0; index < ordered.Length; index++)
        {
            if (!inputs.TryGetValue(Inputs[index].Name, out Tensor? tensor) || tensor is null)
            {
                Throw.Onnx(name, $"input \"{Inputs[index].Name}\" is missing; given {Quoted(inputs.Keys)}; the model takes {string.Join(", ", (object[])Inputs)}");
                break;
            }

            ordered[index] = tensor;
        }

        if (inputs.Count > ordered.Length)
        {
            RefuseUnknown("input", inputs.Keys, Inputs);
        }

        return ordered;
    }

    /// <summary>The tensors that outputs go to, in the model's order, null where none is given.</summary>
    public Tensor?[] TargetsInOrder(IReadOnlyDictionary<string, Tensor> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        Tensor?[] targets = new Tensor?[TensorOutputs.Length];
        int found = 0;
        for (int index = 0; index < targets.Length; index++)
        {
            found += outputs.TryGetValue(TensorOutputs[index].Name, out targets[index]) ? 1 : 0;
        }

        if (found < outputs.Count)
        {
            RefuseUnknown("tensor output", outputs.Keys, TensorOutputs);
        }

        return targets;
    }

    /// <summary>Runs the session.</summary>
    /// <param name="inputs">The inputs, in the model's order.</param>
    /// <param name="outputs">Where outputs go, or null where a tensor is to be made; all are there afterwards.</param>
    public void Run(ReadOnlySpan<Tensor> inputs, Span<Tensor?> outputs)
    {
        if (session.IsClosed)
        {
            Throw.Disposed(name);
        }

        Interruption.Check();
        for (int index = 0; index < inputs.Length; index++)
        {
            RequireFit("input", Inputs[index], inputs[index], null);
        }

        long start = Tracing.IsEnabled ? Stopwatch.GetTimestamp() : 0;
        OnnxCall call = Interlocked.Exchange(ref idleCall, null) ?? new OnnxCall(session, outputPlaces);
        bool isDone = false;
        try
        {
            for (int index = 0; index < inputs.Length; index++)
            {
                call.Bind(index, inputs[index].Contiguous(), elementTypes[index]);
            }

            Execute(call, inputs, outputs);
            isDone = true;
        }
        catch (OnnxStatusException error)
        {
            Throw.Onnx(name, $"the run failed: {error.Message}", error);
        }
        finally
        {
            call.Finish();
            if (!isDone || session.IsClosed || Interlocked.CompareExchange(ref idleCall, call, null) is not null)
            {
                call.Dispose();
            }
        }

        if (start != 0)
        {
            WriteTrace(start, inputs, outputs);
        }
    }

    /// <summary>Lets go of the session; a run that is under way still ends.</summary>
    public void Dispose()
    {
        session.Dispose();
        Interlocked.Exchange(ref idleCall, null)?.Dispose();
    }

    private static string Quoted(IEnumerable<string> names) => names.Any() ? string.Join(", ", names.Select(name => $"\"{name}\"")) : "nothing";

    private void Execute(OnnxCall call, ReadOnlySpan<Tensor> inputs, Span<Tensor?> outputs)
    {
        for (int index = 0; index < outputs.Length; index++)
        {
            if (outputs[index] is not null)
            {
                RequireTarget(index, outputs, areShapesWrong ? null : shapes.Of(index, inputs), inputs);
            }
        }

        bool[]? isMade = null;
        for (int index = 0; index < outputs.Length; index++)
        {
            if (outputs[index] is { } given)
            {
                given.BeginWrite();
            }
            else if ((areShapesWrong ? null : shapes.Of(index, inputs)) is { } known)
            {
                (isMade ??= new bool[outputs.Length])[index] = true;
                outputs[index] = TensorMemory.Allocate(known, TensorOutputs[index].DType!.Value);
            }

            BindOutput(call, index, outputs[index]);
        }

        nint status = Interruptibly(call);
        if (status != 0)
        {
            OnnxStatusException error = session.Api.Error(status);
            if (isMade is null || !error.Message.Contains("shape", StringComparison.Ordinal))
            {
                throw error;
            }

            // The model's authors may have declared other shapes than it has. ONNX Runtime then chooses the memory.
            for (int index = 0; index < outputs.Length; index++)
            {
                outputs[index] = isMade[index] ? null : outputs[index];
                BindOutput(call, index, outputs[index]);
            }

            session.Api.Check(Interruptibly(call));
            areShapesWrong = true;
        }

        for (int index = 0; index < outputs.Length; index++)
        {
            outputs[index] ??= Wrap(call.TakeOutput(Inputs.Length + index));
        }
    }

    private void BindOutput(OnnxCall call, int index, Tensor? target)
    {
        if (target is null)
        {
            call.BindNothing(Inputs.Length + index);
        }
        else
        {
            call.Bind(Inputs.Length + index, target, elementTypes[Inputs.Length + index]);
        }
    }

    private nint Interruptibly(OnnxCall call)
    {
        CancellationToken token = Interruption.Token;
        if (!token.CanBeCanceled)
        {
            return call.Run();
        }

        nint status;
        using (token.UnsafeRegister(static state => ((OnnxCall)state!).Terminate(), call))
        {
            status = call.Run();
        }

        if (token.IsCancellationRequested)
        {
            call.Recover();
            if (status != 0)
            {
                throw new OperationCanceledException($"onnx {name}: interrupted", session.Api.Error(status), token);
            }
        }

        return status;
    }

    private Tensor Wrap(nint value)
    {
        OnnxApi api = session.Api;
        try
        {
            api.Inspect(value, out nint address, out int type, out long[] lengths);
            if (ElementTypes.DTypeOf(type) is not { } dtype || Array.Exists(lengths, length => length > int.MaxValue))
            {
                return Throw.Onnx<Tensor>(name, $"an output of {ElementTypes.Name(type)} [{string.Join(", ", lengths)}] is no tensor of this library");
            }

            Shape shape = Shape.Of(Array.ConvertAll(lengths, length => (int)length));
            return TensorMemory.Wrap(address == 0 ? value : address, shape, dtype, () => api.FreeValue(value));
        }
        catch
        {
            api.FreeValue(value);
            throw;
        }
    }

    private void RequireFit(string role, OnnxValueInfo declared, Tensor tensor, Shape? expected)
    {
        if (tensor is null)
        {
            Throw.Onnx(name, $"{role} \"{declared.Name}\" is null; it is {declared.Kind}");
            return;
        }

        if (declared.DType is not { } dtype)
        {
            Throw.Onnx(name, $"{role} \"{declared.Name}\" is {declared.TypeName}; no tensor has that type, so the model cannot be run here");
            return;
        }

        if (tensor.DType != dtype)
        {
            Refuse(role == "input" ? $"use .To(DType.{dtype})" : $"use a tensor of {dtype.Name}");
        }

        if (declared.Dimensions is not { } dimensions)
        {
            return;
        }

        if (dimensions.Count != tensor.Rank)
        {
            Refuse(
                dimensions.Count == tensor.Rank + 1 && dimensions[0].Length is null or 1 ? "add the first axis with .Unsqueeze(0)"
                : $"use a tensor of {dimensions.Count} {(dimensions.Count == 1 ? "axis" : "axes")}");
        }

        for (int axis = 0; axis < dimensions.Count; axis++)
        {
            if (dimensions[axis].Length is { } length && length != tensor.Shape.Lengths[axis])
            {
                Refuse($"axis {axis} must have length {length}");
            }
        }

        if (expected is { } shape && shape != tensor.Shape)
        {
            Refuse($"the inputs make it {shape}");
        }

        void Refuse(string advice) => Throw.Onnx(
            name, $"{role} \"{declared.Name}\" is {declared.Kind}; given {tensor.DType.Name} {tensor.Shape}; {advice}");
    }

    private void RequireTarget(int index, ReadOnlySpan<Tensor?> outputs, Shape? expected, ReadOnlySpan<Tensor> inputs)
    {
        OnnxValueInfo declared = TensorOutputs[index];
        Tensor target = outputs[index]!;
        RequireFit("output", declared, target, expected);
        if (!target.IsContiguous)
        {
            Throw.Onnx(name, $"output \"{declared.Name}\" is given a view that is not contiguous; use a tensor of its own");
        }

        foreach (Tensor input in inputs)
        {
            if (ReferenceEquals(input.Storage, target.Storage))
            {
                Throw.Onnx(name, $"output \"{declared.Name}\" is given the memory of an input, which the run reads; use a tensor of its own");
            }
        }

        for (int earlier = 0; earlier < index; earlier++)
        {
            if (outputs[earlier] is { } other && Overlap(target, other))
            {
                Throw.Onnx(name, $"output \"{declared.Name}\" is given the memory of output \"{TensorOutputs[earlier].Name}\"; use a tensor of its own");
            }
        }

        if (target.RequiresGrad)
        {
            target.RequireUntracked($"onnx {name}: output \"{declared.Name}\"");
        }
    }

    /// <summary>Whether two contiguous tensors share elements.</summary>
    private static bool Overlap(Tensor first, Tensor second)
    {
        long start = first.Layout.Offset * first.DType.Size;
        long otherStart = second.Layout.Offset * second.DType.Size;
        return ReferenceEquals(first.Storage, second.Storage) && start < otherStart + second.ByteSize && otherStart < start + first.ByteSize;
    }

    private void RefuseUnknown(string role, IEnumerable<string> given, OnnxValueInfo[] declared)
    {
        string[] unknown = [.. given.Where(key => !Array.Exists(declared, value => value.Name == key))];
        if (unknown.Length > 0)
        {
            Throw.Onnx(name, $"no {role} is called {Quoted(unknown)}; the model has {string.Join(", ", (object[])declared)}");
        }
    }

    private void WriteTrace(long start, ReadOnlySpan<Tensor> inputs, Span<Tensor?> outputs)
    {
        long bytes = 0;
        foreach (Tensor input in inputs)
        {
            bytes += input.ByteSize;
        }

        foreach (Tensor? output in outputs)
        {
            bytes += output!.ByteSize;
        }

        Tracing.Write(new TraceEvent(TraceKind.Kernel, $"onnx {name}", Device.Cpu.Name, start, Stopwatch.GetTimestamp(), bytes, 0));
    }
}

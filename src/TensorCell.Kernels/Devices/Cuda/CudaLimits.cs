using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Ptx;

namespace TensorCell.Kernels;

/// <summary>Measures what a CUDA device can do at best, with kernels of its own timed by the device's clock.</summary>
internal static class CudaLimits
{
    private const int Repetitions = 4;
    private const int FusedSteps = 512;
    private const int Chains = 8;
    private const long MostBytes = 256L << 20;

    /// <summary>Takes some tenths of a second.</summary>
    public static DeviceLimits Measure(CudaDevice device)
    {
        var processors = device.Driver.Attribute(device.Ordinal, CudaAttribute.MultiprocessorCount);
        var bytes = Math.Min(MostBytes, device.MemoryBytes / 8) & -4096;
        using var source = device.Pool.Rent(bytes);
        using var target = device.Pool.Rent(bytes);
        device.Clear(source);
        var count = (int)(bytes / sizeof(float));
        var copy = CudaPrograms.Get(Copy());
        PtxView[] views = [new(source.Address, [count], [sizeof(float)]), new(target.Address, [count], [sizeof(float)])];
        var items = processors * device.Driver.Attribute(device.Ordinal, CudaAttribute.ThreadsPerMultiprocessor);
        var last = device.Driver.Attribute(device.Ordinal, CudaAttribute.L2CacheBytes);
        var identity = KernelFunction.Create("read", [DType.Float32], [], Node.Parameter(0, DType.Float32));
        return new(
            processors,
            0,
            Flops(device, DType.Float32, items, target),
            Flops(device, DType.Float64, items, target),
            2 * bytes / Best(device, () => device.Launch(copy, views, [], [count, 1, 1])),
            bytes / Best(device, () => CudaReduction.Run(
                device, identity, ReduceOperation.Max, [count], [0], [new(source.Address, DType.Float32, [sizeof(float)])], new(target.Address, DType.Float32, [0]), [])),
            [new(2, last, processors)]);
    }

    private static double Flops(CudaDevice device, DType type, int items, CudaBuffer target)
    {
        var kernel = CudaPrograms.Get(Fused(type));
        items = (int)Math.Min(items, target.ByteLength / type.Size);
        PtxView[] views = [new(target.Address, [items], [type.Size])];
        return 2.0 * Chains * FusedSteps * items / Best(device, () => device.Launch(kernel, views, [FusedSteps], [items, 1, 1]));
    }

    private static double Best(CudaDevice device, Action run)
    {
        run();
        var driver = device.Driver;
        var (start, end) = (driver.CreateEvent(), driver.CreateEvent());
        var best = double.MaxValue;
        for (var i = 0; i < Repetitions; i++)
        {
            driver.RecordEvent(start, device.Stream);
            run();
            driver.RecordEvent(end, device.Stream);
            best = Math.Min(best, driver.Milliseconds(start, end));
        }

        driver.DestroyEvent(start);
        driver.DestroyEvent(end);
        return Math.Max(best, 1e-6) / 1000;
    }

    private static GridProgram Copy()
    {
        var (input, output) = (new ViewOperand(0, "input", StorageType.Float32, 1), new ViewOperand(1, "output", StorageType.Float32, 1));
        var (value, at) = (new VariableNode(DType.Float32), new IndexNode(IndexKind.Global, 0));
        var body = new Region();
        body.Statements.AddRange([new LoadStatement(value, input, [at]), new StoreStatement(output, [at], value)]);
        return new() { Name = "copy", Rank = 1, Views = [input, output], Uniforms = [], Body = body, Unchecked = true };
    }

    /// <summary>Chains of fused multiply-adds that do not wait for one another.</summary>
    private static GridProgram Fused(DType type)
    {
        var output = new ViewOperand(0, "output", StorageTypes.Of(type), 1);
        var turn = new VariableNode(DType.Int32);
        VariableNode[] chains = [.. Enumerable.Range(0, Chains).Select(_ => new VariableNode(type))];
        VariableNode[] results = [.. chains.Select(_ => new VariableNode(type))];
        Node index = new IndexNode(IndexKind.Global, 0);
        Node[] first = [.. chains.Select((_, i) => Node.Convert(Node.Binary(BinaryOperation.Add, index, Node.Constant(i)), type))];
        Node[] next = [.. chains.Select(chain => Node.FusedMultiplyAdd(chain, Node.Constant(type, 0.75), Node.Constant(type, 0.5)))];
        var following = Node.Binary(BinaryOperation.Add, turn, Node.Constant(1));
        var body = new Region();
        body.Statements.Add(new LoopStatement(
            [turn, .. chains],
            [Node.Constant(0), .. first],
            new Region(),
            Node.Compare(Comparison.Less, following, Node.Uniform(0, DType.Int32)),
            [following, .. next],
            [.. results],
            [.. next]));
        var sum = results.Cast<Node>().Aggregate((left, right) => Node.Binary(BinaryOperation.Add, left, right));
        body.Statements.Add(new StoreStatement(output, [index], sum));
        return new() { Name = "fused multiply-add", Rank = 1, Views = [output], Uniforms = [DType.Int32], Body = body, Unchecked = true };
    }
}

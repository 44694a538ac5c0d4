using TensorCell.Inference.Onnx;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Inference.Tests.Onnx;

public sealed class OnnxModelTests
{
    public OnnxModelTests() => Needs.OnnxRuntime();

    public static TheoryData<DType> DTypesOfTensors => [.. Enum.GetValues<DType>()];

    [Fact]
    public void The_library_is_the_release_that_the_table_of_functions_was_taken_from() => Assert.StartsWith("1.30.", OnnxRuntime.Version, StringComparison.Ordinal);

    [Fact]
    public void The_processor_is_among_the_providers() => Assert.Contains("CPU", OnnxRuntime.Providers);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(0)]
    public void A_model_gives_what_the_same_tensor_operations_give(int batch)
    {
        using OnnxModel model = OnnxModel.Load(Models.Perceptron().ToArray());
        Tensor x = Tensor.Random(1).Normal((batch, 8));
        Tensor y = model.Run(x);
        Assert.Equal(Shape.Of(batch, 3), y.Shape);
        Assert.Equal(Models.Reference(x).ToArray<float>(), y.ToArray<float>(), Near);
    }

    [Fact]
    public void A_model_tells_of_itself()
    {
        byte[] bytes = Models.Perceptron().ToArray();
        using OnnxModel model = OnnxModel.Load(bytes);
        Assert.Equal("x: f32 [N, 8]", Assert.Single(model.Inputs).ToString());
        Assert.Equal("y: f32 [N, 3]", Assert.Single(model.Outputs).ToString());
        Assert.Equal(model.Inputs.Select(input => input.ToString()), model.Metadata.Inputs.Select(input => input.ToString()));
        Assert.Equal(model.Outputs.Select(output => output.ToString()), model.Metadata.Outputs.Select(output => output.ToString()));
        Assert.Equal("TensorCell", model.Metadata.Producer);
        Assert.Equal("perceptron", model.Metadata.GraphName);
        Assert.Equal("three layers", model.Metadata.Description);
        Assert.Equal(17, model.Metadata.Opsets["ai.onnx"]);
        Assert.Equal("a,b,c", model.Metadata.Custom["labels"]);
        Assert.Equal((8 * 6) + 6 + (6 * 5) + 5 + (5 * 3) + 3, model.Metadata.ParameterCount);
        Assert.Equal(4 * model.Metadata.ParameterCount, model.Metadata.ParameterBytes);
        Assert.Equal(bytes.Length, model.Metadata.FileBytes);
        Assert.Equal([("Gemm", 3), ("Relu", 2)], model.Metadata.Operators.Select(pair => (pair.Key, pair.Value)));
    }

    [Theory]
    [MemberData(nameof(DTypesOfTensors))]
    public void Every_type_of_element_passes_through_unchanged(DType dtype)
    {
        using OnnxModel model = Models.One("Identity", [(dtype, ["N", 3])], (dtype, ["N", 3]));
        Tensor x = Tensor.From([0.0, 1, 2, 3, -4, 0.5], (2, 3)).To(DType.Float32).To(dtype).Realize();
        Assert.Equal(x.To(DType.Float32).ToArray<float>(), model.Run(x).To(DType.Float32).ToArray<float>());
    }

    [Fact]
    public void Scalars_views_and_pending_tensors_are_inputs_like_any_other()
    {
        using OnnxModel scalar = Models.One("Neg", [(DType.Float64, [])], (DType.Float64, []));
        Assert.Equal(-2.5, scalar.Run(Tensor.Scalar(2.5)).ToDouble());
        using OnnxModel model = Models.One("Add", [(DType.Float32, ["N", "M"]), (DType.Float32, ["M"])], (DType.Float32, ["N", "M"]));
        Tensor a = Tensor.Arange(12).Reshape(4, 3);
        foreach (Tensor view in new[] { a.T, a[1..3], a[.., 1..], a * 2, a[TensorIndex.Every(2)] })
        {
            Tensor b = Tensor.Arange(view.Shape[1]);
            Tensor sum = model.Run(new Dictionary<string, Tensor> { ["a"] = view, ["b"] = b })["result"];
            Assert.Equal((view + b).ToArray<float>(), sum.ToArray<float>());
        }
    }

    [Fact]
    public unsafe void Inputs_and_outputs_are_read_and_written_where_they_lie()
    {
        OnnxApi api = OnnxApi.Instance;
        using OnnxSession session = Open(api, Models.Perceptron().ToArray());
        using OnnxCall call = new(session, [0]);
        Tensor x = Tensor.Random(2).Normal((4, 8)).Realize();
        Tensor y = TensorMemory.Allocate(Shape.Of(4, 3), DType.Float32);
        call.Bind(0, x, 1);
        call.Bind(1, y, 1);
        api.Check(call.Run());
        foreach ((int index, Tensor tensor) in new[] { (0, x), (1, y) })
        {
            nint value = call.ValueOf(index);
            api.Inspect(value, out nint address, out int type, out long[] lengths);
            Assert.Equal(TensorMemory.AddressOf(tensor, out _), address);
            Assert.Equal(1, type);
            Assert.Equal(tensor.Shape.Select(length => (long)length), lengths);
        }

        Assert.Equal(Models.Reference(x).ToArray<float>(), y.ToArray<float>(), Near);
        call.Finish();
    }

    [Fact]
    public void A_run_into_given_tensors_writes_them_and_counts_as_a_write()
    {
        using OnnxModel model = OnnxModel.Load(Models.Perceptron().ToArray());
        Tensor x = Tensor.Random(3).Normal((4, 8)).Realize();
        Tensor y = Tensor.Zeros((4, 3)).Realize();
        Tensor before = y + 1;
        model.Run(x, y);
        Assert.Equal(1, y.Version);
        Assert.All(before.ToArray<float>(), element => Assert.Equal(1, element));
        Assert.Equal(Models.Reference(x).ToArray<float>(), y.ToArray<float>(), Near);
        model.Run(new Dictionary<string, Tensor> { ["x"] = x * 2 }, new Dictionary<string, Tensor> { ["y"] = y });
        Assert.Equal(Models.Reference(x * 2).ToArray<float>(), y.ToArray<float>(), Near);
    }

    [Fact]
    public void Runs_into_given_tensors_allocate_nothing()
    {
        using OnnxModel model = OnnxModel.Load(Models.Perceptron().ToArray(), new() { Threads = 1 });
        Tensor x = Tensor.Random(3).Normal((4, 8)).Realize();
        Tensor y = Tensor.Zeros((4, 3)).Realize();
        for (int warm = 0; warm < 50; warm++)
        {
            model.Run(x, y);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int run = 0; run < 100; run++)
        {
            model.Run(x, y);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void An_output_whose_shape_depends_on_the_data_lies_where_ONNX_Runtime_put_it()
    {
        using OnnxModel model = Models.One("NonZero", [(DType.Float32, ["N", 3])], (DType.Int64, [2, "found"]));
        Tensor found = model.Run(Tensor.From([0f, 1, 0, 2, 0, 3], (2, 3)));
        Assert.Equal(Shape.Of(2, 3), found.Shape);
        Tensor doubled = found * 2;
        Assert.Equal([0, 2, 2, 2, 0, 4], doubled.ToArray<long>());
        nint place = TensorMemory.AddressOf(found, out _);
        Assert.Equal([0, 1, 1, 1, 0, 2], found.ToArray<long>());
        Assert.Equal(place, TensorMemory.AddressOf(found, out _));
        Assert.Equal([0L, 1, 1, 1, 0, 2], SpanOfADropped(model).ToArray());
        found.Dispose();
        Assert.Throws<ObjectDisposedException>(() => found.ToArray<long>());
        Assert.Equal(Shape.Of(2, 0), model.Run(Tensor.Zeros((4, 3))).Shape);
    }

    [Fact]
    public void A_model_that_declares_a_wrong_output_shape_runs_all_the_same()
    {
        using OnnxModel model = Models.One("Concat", [(DType.Float32, ["N", 3]), (DType.Float32, ["M", 3])], (DType.Float32, ["N", 3]), ("axis", 0));
        for (int run = 0; run < 3; run++)
        {
            Tensor both = model.Run(new Dictionary<string, Tensor> { ["a"] = Tensor.Ones((2, 3)), ["b"] = Tensor.Zeros((run, 3)) })["result"];
            Assert.Equal(Shape.Of(2 + run, 3), both.Shape);
            Assert.Equal(6, both.Sum().ToDouble());
        }
    }

    [Fact]
    public void A_model_that_declares_no_shapes_takes_tensors_of_any()
    {
        byte[] bytes = Models.OneBytes("Neg", [(DType.Float32, [])], (DType.Float32, []), ["x", "y"]);
        ReadOnlySpan<byte> scalar = [0x08, 1, 0x12, 0];
        int found = 0;
        for (int place = bytes.AsSpan().IndexOf(scalar); place >= 0; place = bytes.AsSpan().IndexOf(scalar))
        {
            // A field that the format does not have stands where the shape was.
            bytes[place + 2] = 0x7A;
            found++;
        }

        Assert.Equal(2, found);
        using OnnxModel model = OnnxModel.Load(bytes);
        Assert.Equal("x: f32 of any shape", Assert.Single(model.Inputs).ToString());
        Assert.Equal("y: f32 of any shape", Assert.Single(model.Outputs).ToString());
        foreach (Tensor x in new[] { Tensor.Ones((2, 3)), Tensor.Ones(4), Tensor.Full(default, 2.0) })
        {
            Assert.Equal((-x).ToArray<float>(), model.Run(x).ToArray<float>());
            Tensor y = Tensor.Zeros(x.Shape).Realize();
            model.Run(x, y);
            Assert.Equal((-x).ToArray<float>(), y.ToArray<float>());
        }
    }

    [Fact]
    public void What_is_no_tensor_is_described_as_the_model_does()
    {
        OnnxGraphBuilder graph = new();
        string x = graph.Input("x", DType.Float32, "N", 2);
        graph.Output("s", graph.Node("SplitToSequence", [x]), DType.Float32, "N");
        graph.Output("y", x, DType.Float32, "N", 2);
        byte[] bytes = graph.ToArray();

        // The type of s: a tensor of f32 [N] becomes a sequence of f32, in as many bytes.
        int place = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x0A, 0x01, (byte)'s', 0x12, 0x0B, 0x0A, 0x09, 0x08, 0x01]);
        Assert.True(place >= 0);
        byte[] sequence = [0x22, 0x09, 0x0A, 0x07, 0x0A, 0x05, 0x08, 0x01, 0x7A, 0x01, 0x00];
        sequence.CopyTo(bytes, place + 5);
        using OnnxModel model = OnnxModel.Load(bytes);
        Assert.Equal(["s: sequence of f32", "y: f32 [N, 2]"], model.Outputs.Select(output => output.ToString()));
        Assert.Equal(["s: sequence of f32", "y: f32 [N, 2]"], model.Metadata.Outputs.Select(output => output.ToString()));
    }

    [Fact]
    public void Threads_may_run_one_model_at_once()
    {
        using OnnxModel model = OnnxModel.Load(Models.Perceptron().ToArray());
        Parallel.For(0, 64, seed =>
        {
            Tensor x = Tensor.Random((ulong)seed).Normal((1 + (seed % 5), 8));
            Assert.Equal(Models.Reference(x).ToArray<float>(), model.Run(x).ToArray<float>(), Near);
        });
    }

    [Theory]
    [InlineData(1, OnnxOptimization.None, true, true)]
    [InlineData(2, OnnxOptimization.All, false, false)]
    [InlineData(0, OnnxOptimization.Extended, true, false)]
    public void Options_do_not_change_results(int threads, OnnxOptimization optimization, bool arena, bool spinning)
    {
        using OnnxModel model = OnnxModel.Load(
            Models.Perceptron().ToArray(),
            new()
            {
                Threads = threads,
                Optimization = optimization,
                MemoryArena = arena,
                Spinning = spinning,
                Providers = ["CPUExecutionProvider"],
                Settings = new Dictionary<string, string> { ["session.set_denormal_as_zero"] = "1" },
            });
        Tensor x = Tensor.Random(5).Normal((7, 8));
        Assert.Equal(Models.Reference(x).ToArray<float>(), model.Run(x).ToArray<float>(), Near);
    }

    [Fact]
    public void A_file_is_a_model_too()
    {
        using Folder folder = new();
        string path = folder["modèle é.onnx"];
        Models.Perceptron().Save(path);
        using OnnxModel model = OnnxModel.Load(path);
        Assert.Equal(Path.GetFileName(path), model.Name);
        Assert.Equal(Shape.Of(2, 3), model.Run(Tensor.Ones((2, 8))).Shape);
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Memory_of_results_returns_with_the_scope()
    {
        using OnnxModel model = Models.One("NonZero", [(DType.Float32, [3])], (DType.Int64, [1, "found"]));
        Tensor found;
        using (Tensor.Scope())
        {
            found = model.Run(Tensor.Ones(3));
            Assert.Equal(3, found.Count);
        }

        Assert.Throws<ObjectDisposedException>(() => found.ToArray<long>());
    }

    [Fact]
    public void A_run_is_told_to_whoever_listens()
    {
        using OnnxModel model = OnnxModel.Load(Models.Perceptron().ToArray());
        List<TraceEvent> events = [];
        using (Tracing.Listen(traced =>
        {
            if (traced.Name.StartsWith("onnx ", StringComparison.Ordinal))
            {
                lock (events)
                {
                    events.Add(traced);
                }
            }
        }))
        {
            model.Run(Tensor.Ones((2, 8)));
        }

        Assert.Contains(events, traced => traced.Name == $"onnx {model.Name}" && traced.Bytes == 4 * ((2 * 8) + (2 * 3)));
    }

    [Fact]
    public async Task An_interrupted_run_ends_at_the_next_node_and_the_model_goes_on()
    {
        OnnxGraphBuilder graph = new("long");
        string value = graph.Input("x", DType.Float32, 512, 512);
        string input = value;
        for (int node = 0; node < 3000; node++)
        {
            value = graph.Node("MatMul", [input, value]);
        }

        graph.Output("y", value, DType.Float32, 512, 512);
        using OnnxModel model = OnnxModel.Load(graph.ToArray());
        using CancellationTokenSource source = new();
        Tensor x = Tensor.Eye(512);

        // A thread of its own: the pool, whose threads other tests hold, might come to it only after the run.
        Thread interrupter = new(() =>
        {
            Thread.Sleep(50);
            source.Cancel();
        });
        using (Interruption.Begin(source.Token))
        {
            interrupter.Start();
            Assert.ThrowsAny<OperationCanceledException>(() => model.Run(x));
        }

        interrupter.Join();

        using OnnxModel small = OnnxModel.Load(Models.Perceptron().ToArray());
        using CancellationTokenSource already = new();
        await already.CancelAsync();
        using (Interruption.Begin(already.Token))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => small.Run(Tensor.Ones((1, 8))));
        }

        Assert.Equal(Shape.Of(1, 3), small.Run(Tensor.Ones((1, 8))).Shape);
    }

    [Fact]
    public void A_disposed_model_says_so()
    {
        OnnxModel model = OnnxModel.Load(Models.Perceptron().ToArray());
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Run(Tensor.Ones((1, 8))));
    }

    internal static unsafe OnnxSession Open(OnnxApi api, byte[] model)
    {
        nint options = api.CreateSessionOptions();
        try
        {
            return new OnnxSession(api, api.CreateSession(model, options), OnnxMetadata.Read(model));
        }
        finally
        {
            api.FreeSessionOptions(options);
        }
    }

    private static ReadOnlySpan<long> SpanOfADropped(OnnxModel model)
    {
        ReadOnlySpan<long> span = Run(model);
        for (int round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            model.Run(Tensor.Ones((2, 3)));
        }

        return span;

        static ReadOnlySpan<long> Run(OnnxModel model) => model.Run(Tensor.From([0f, 1, 0, 2, 0, 3], (2, 3))).AsSpan<long>();
    }

    private static bool Near(float expected, float actual) => Math.Abs(expected - actual) <= 1e-5 * (1 + Math.Abs(expected));
}

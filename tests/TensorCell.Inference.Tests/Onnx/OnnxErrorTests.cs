using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Inference.Tests.Onnx;

public sealed class OnnxErrorTests
{
    public OnnxErrorTests() => Needs.OnnxRuntime();

    public static TheoryData<Tensor, string> Misfits => new()
    {
        { Tensor.Ones((2, 8), DType.Float64), "input \"x\" is f32 [N, 8]; given f64 [2, 8]; use .To(DType.Float32)" },
        { Tensor.Ones((2, 7)), "input \"x\" is f32 [N, 8]; given f32 [2, 7]; axis 1 must have length 8" },
        { Tensor.Ones(8), "input \"x\" is f32 [N, 8]; given f32 [8]; add the first axis with .Unsqueeze(0)" },
        { Tensor.Ones((2, 4, 8)), "input \"x\" is f32 [N, 8]; given f32 [2, 4, 8]; use a tensor of 2 axes" },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void An_input_that_does_not_fit_is_told_with_what_would(Tensor input, string problem)
    {
        using OnnxModel model = OnnxModel.Load(Models.Perceptron().ToArray());
        OnnxException error = Assert.Throws<OnnxException>(() => model.Run(input));
        Assert.Equal(problem, error.Problem);
        Assert.Equal($"onnx {model.Name}: {problem}", error.Message);
    }

    [Fact]
    public void Missing_and_unknown_names_are_told_with_those_there_are()
    {
        using OnnxModel model = OnnxModel.Load(Models.Perceptron().ToArray());
        Tensor x = Tensor.Ones((2, 8));
        Tensor y = Tensor.Zeros((2, 3)).Realize();
        Expect("input \"x\" is missing; given \"X\"; the model takes x: f32 [N, 8]", () => model.Run(Named(("X", x))));
        Expect("input \"x\" is missing; given nothing; the model takes x: f32 [N, 8]", () => model.Run(Named()));
        Expect("no input is called \"z\"; the model has x: f32 [N, 8]", () => model.Run(Named(("x", x), ("z", x))));
        Expect("no tensor output is called \"z\"; the model has y: f32 [N, 3]", () => model.Run(Named(("x", x)), Named(("z", y))));
    }

    [Fact]
    public void An_output_that_does_not_fit_is_refused_before_anything_is_written()
    {
        using OnnxModel model = OnnxModel.Load(Models.Perceptron(3, 3).ToArray());
        Tensor x = Tensor.Ones((2, 3)).Realize();
        Expect("output \"y\" is f32 [N, 3]; given f32 [4, 3]; the inputs make it [2, 3]", () => model.Run(x, Tensor.Zeros((4, 3))));
        Expect("output \"y\" is f32 [N, 3]; given f64 [2, 3]; use a tensor of f32", () => model.Run(x, Tensor.Zeros((2, 3), DType.Float64)));
        Expect("output \"y\" is given a view that is not contiguous; use a tensor of its own", () => model.Run(x, Tensor.Zeros((3, 2)).Realize().T));
        Expect("output \"y\" is given the memory of an input, which the run reads; use a tensor of its own", () => model.Run(x, x));
        Assert.Equal(6, x.Sum().ToDouble());
    }

    [Fact]
    public void An_output_that_a_gradient_depends_on_is_not_overwritten()
    {
        using OnnxModel model = OnnxModel.Load(Models.Perceptron(3, 3).ToArray());
        Tensor x = Tensor.Ones((2, 3)).Realize();
        Tensor parameter = Tensor.Zeros((2, 3)).Realize();
        parameter.RequiresGrad = true;
        Tensor computed = (parameter * 2).Realize();
        Assert.Contains("output \"y\": this tensor requires a gradient", Assert.Throws<InvalidOperationException>(() => model.Run(x, parameter)).Message, StringComparison.Ordinal);
        Assert.Contains("output \"y\": this tensor is computed from others", Assert.Throws<InvalidOperationException>(() => model.Run(x, computed)).Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (parameter.Version, computed.Version));
        Assert.Equal(0, parameter.Detach().Sum().ToDouble());
        using (Tensor.NoGrad())
        {
            model.Run(x, parameter);
        }

        Assert.Equal(Models.Reference(x, 3, 3).ToArray<float>(), parameter.Detach().ToArray<float>(), (left, right) => Math.Abs(left - right) < 1e-5);
    }

    [Fact]
    public void Outputs_are_given_memory_of_their_own_and_all_or_none_is_written()
    {
        OnnxGraphBuilder graph = new();
        string x = graph.Input("x", DType.Float32, "N");
        graph.Output("p", graph.Node("Abs", [x]), DType.Float32, "N");
        graph.Output("q", graph.Node("Neg", [x]), DType.Float32, "N");
        using OnnxModel model = OnnxModel.Load(graph.ToArray());
        Dictionary<string, Tensor> inputs = Named(("x", Tensor.Ones(2)));
        Tensor both = Tensor.Zeros(4).Realize();
        Expect("output \"q\" is given the memory of output \"p\"; use a tensor of its own", () => model.Run(inputs, Named(("p", both[..2]), ("q", both[1..3]))));
        Expect("output \"q\" is f32 [N]; given f32 [4]; the inputs make it [2]", () => model.Run(inputs, Named(("p", both[..2]), ("q", Tensor.Zeros(4)))));
        Assert.Equal(0, both.Version);
        model.Run(inputs, Named(("p", both[..2]), ("q", both[2..])));
        Assert.Equal([1, 1, -1, -1], both.ToArray<float>());
    }

    [Fact]
    public void A_model_of_two_inputs_says_how_it_is_run()
    {
        using OnnxModel model = Models.One("Add", [(DType.Float32, [2]), (DType.Float32, [2])], (DType.Float32, [2]));
        OnnxException error = Assert.Throws<OnnxException>(() => model.Run(Tensor.Ones(2)));
        Assert.Contains("2 inputs (a: f32 [2], b: f32 [2]) and 1 tensor output (result: f32 [2]); use Run(new Dictionary", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_inside_the_run_names_model_and_node()
    {
        using OnnxModel model = Models.One("Add", [(DType.Float32, ["N"]), (DType.Float32, ["M"])], (DType.Float32, ["K"]));
        OnnxException error = Assert.Throws<OnnxException>(() => model.Run(Named(("a", Tensor.Ones(2)), ("b", Tensor.Ones(3)))));
        Assert.StartsWith($"onnx {model.Name}: the run failed: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("add_1", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal([2, 2], model.Run(Named(("a", Tensor.Ones(2)), ("b", Tensor.Ones(1))))["result"].ToArray<float>());
    }

    [Fact]
    public void Tensors_of_text_are_refused_by_name()
    {
        byte[] model = Strings();
        using OnnxModel loaded = OnnxModel.Load(model);
        Assert.Equal("x: string [N]", loaded.Inputs[0].ToString());
        OnnxException error = Assert.Throws<OnnxException>(() => loaded.Run(Named(("x", Tensor.Ones(2)))));
        Assert.EndsWith("input \"x\" is string; no tensor has that type, so the model cannot be run here", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Providers_that_are_not_there_are_told_with_those_that_are()
    {
        byte[] model = Models.Perceptron().ToArray();
        OnnxException error = Assert.Throws<OnnxException>(() => OnnxModel.Load(model, new() { Providers = ["NPU"] }));
        Assert.Contains("the provider NPU is not in this ONNX Runtime (1.30.", error.Message, StringComparison.Ordinal);
        Assert.Contains("which has ", error.Message, StringComparison.Ordinal);
        Assert.Contains("CPU", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => OnnxModel.Load(model, new() { Threads = -1 }));
    }

    [Fact]
    public void An_operator_that_ONNX_Runtime_does_not_have_is_told_when_loading()
    {
        OnnxGraphBuilder graph = new();
        string x = graph.Input("x", DType.Float32, 2);
        graph.Output("y", graph.Node("org.nowhere:Frobnicate", [x]), DType.Float32, 2);
        OnnxException error = Assert.Throws<OnnxException>(() => OnnxModel.Load(graph.ToArray()));
        Assert.Contains("not loaded: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Frobnicate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_told_with_where_it_was_looked_for()
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => OnnxModel.Load("no-such.onnx"));
        Assert.Contains("no-such.onnx: no such file (looked from ", error.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => OnnxModel.Load(Path.GetTempPath()));
    }

    /// <summary>A model that passes text on: x: string [N] -> y: string [N].</summary>
    internal static byte[] Strings()
    {
        byte[] model = Models.OneBytes("Identity", [(DType.UInt8, ["N"])], (DType.UInt8, ["N"]), ["x", "y"]);
        ReadOnlySpan<byte> type = [0x08, 0x02, 0x12];
        for (int place = model.AsSpan().IndexOf(type); place >= 0; place = model.AsSpan().IndexOf(type))
        {
            model[place + 1] = 8;
        }

        return model;
    }

    private static void Expect(string problem, Action run) => Assert.Equal(problem, Assert.Throws<OnnxException>(run).Problem);

    private static Dictionary<string, Tensor> Named(params (string Name, Tensor Tensor)[] tensors) => tensors.ToDictionary(pair => pair.Name, pair => pair.Tensor);
}

using TensorCell.Kernels;
using TensorCell.Learning;
using TensorCell.Tensors;

namespace TensorCell.Inference.Tests.Onnx;

public sealed class OnnxExportTests
{
    private static readonly Tensor weight = Tensor.Random(11).Normal((5, 4)).Realize();
    private static readonly Tensor bias = Tensor.Random(12).Normal(4).Realize();
    private static readonly Tensor table = Tensor.Random(13).Normal((20, 3)).Realize();

    private static readonly (string Name, Func<Tensor, Tensor> Function)[] realFunctions =
    [
        ("negate", x => -x), ("abs", x => x.Abs()), ("sqrt", x => x.Abs().Sqrt()), ("floor", x => (x * 3).Floor()), ("ceiling", x => (x * 3).Ceiling()),
        ("round", x => (x * 5).Round()), ("truncate", x => (x * 3).Truncate()), ("sign", x => x.Sign()), ("exp", x => x.Exp()), ("exp2", x => x.Exp2()),
        ("expm1", x => x.ExpM1()), ("log", x => x.Abs().Log()), ("log2", x => x.Abs().Log2()), ("log10", x => x.Abs().Log10()), ("log1p", x => x.Abs().Log1P()),
        ("sin", x => x.Sin()), ("cos", x => x.Cos()), ("tan", x => x.Tan()), ("asin", x => (x * 0.2).Asin()), ("acos", x => (x * 0.2).Acos()), ("atan", x => x.Atan()),
        ("sinh", x => x.Sinh()), ("cosh", x => x.Cosh()), ("tanh", x => x.Tanh()), ("asinh", x => x.Asinh()), ("acosh", x => (x.Abs() + 1.1).Acosh()), ("atanh", x => (x * 0.2).Atanh()),
        ("sigmoid", x => x.Sigmoid()), ("erf", x => x.Erf()), ("cbrt", x => x.Cbrt()), ("reciprocal", x => x.Reciprocal()), ("reciprocalsqrt", x => x.Abs().ReciprocalSqrt()),
        ("relu", x => x.Relu()), ("leakyrelu", x => x.LeakyRelu(0.2)), ("silu", x => x.Silu()), ("softplus", x => x.Softplus()), ("gelu", x => x.Gelu()),
        ("clamp", x => x.Clamp(-0.5, 0.5)), ("square", x => x.Square()),
        ("isnan", x => (x / 0 * 0).IsNaN()), ("isfinite", x => Tensor.Where(x > 0, x / 0, x).IsFinite()),
        ("add", x => x + bias[0]), ("subtract", x => 2 - x), ("multiply", x => x * x), ("divide", x => x / 3), ("remainder", x => (x * 10) % 3),
        ("power", x => x.Abs().Power(1.7)), ("minimum", x => Tensor.Minimum(x, x.Flip(1))), ("maximum", x => Tensor.Maximum(x, 0.1)),
        ("hypot", x => Tensor.Hypot(x, 2)), ("atan2", x => Tensor.Atan2(x, x.Flip(1))), ("atan2 on the axes", x => Tensor.Atan2(x.Round(), x.Flip(1).Round())),
        ("comparisons", x => Tensor.Stack(0, x < 0.2, x > 0.2, x <= 0, x >= 0, x.EqualTo(x), x.NotEqualTo(0))),
        ("logic", x => ((x > 0) & (x < 0.5)) | !(x > -0.5) ^ (x > 0.1)), ("where", x => Tensor.Where(x > 0, x, -1)), ("arithmetic of truth", x => (x > 0) + (x < -1)),
        ("sum", x => x.Sum()), ("sum of rows", x => x.Sum(1)), ("mean of columns", x => x.Mean(0, keepDims: true)), ("max", x => x.Max(-1, keepDims: true)), ("min", x => x.Min(1)),
        ("prod", x => x.Prod(1)), ("var", x => x.Var(1)), ("std", x => x.Std(1, keepDims: true)), ("argmax", x => x.ArgMax(1)), ("argmin", x => x.ArgMin(1, keepDims: true)),
        ("argmax of all", x => x.ArgMax()), ("argmax of truth", x => (x > 0).ArgMax(1)), ("argmin of all truth", x => (x > 0).ArgMin()), ("comparisons of truth", OfTruth), ("max of truth", x => (x > 0).Max(1)), ("min of truth", x => (x > 0).Min()), ("prod of truth", x => (x > 0).Prod(1)), ("mean of truth", x => (x > 0).Mean(1)), ("choice of truth", x => Tensor.Where(x > 0, x < 1, x > -1).Take([1, 0], 1)), ("any", x => (x > 1).Any(1)), ("all", x => (x > -1).All(1)), ("count", x => (x > 0).Sum(0)),
        ("softmax", x => x.Softmax()), ("softmax of columns", x => x.Softmax(0)), ("logsoftmax", x => x.LogSoftmax()), ("logsumexp", x => x.LogSumExp(1)),
        ("matmul", x => x.MatMul(weight)), ("linear", x => x.MatMul(weight) + bias), ("linear with shared product", x => { Tensor product = x.MatMul(weight); return product + bias + product; }),
        ("transposed weights", x => bias + x.MatMul(weight.T.Clone().T)), ("matmul with a vector", x => x.MatMul(weight[.., 0])),
        ("gram matrix", x => x.MatMul(x.T)), ("batched matmul", x => x.Unsqueeze(1).MatMul(weight)),
        ("transpose", x => x.T), ("reshape", x => x.Reshape(-1)), ("reshape to more", x => x.Reshape(x.Shape[0], 5, 1)), ("reshape around", x => x.Reshape(5, x.Shape[0])), ("unsqueeze", x => x.Unsqueeze(0)),
        ("broadcast", x => x[..1].BroadcastTo((3, 5))), ("broadcast over the batch", x => x.Unsqueeze(1).BroadcastTo((x.Shape[0], 2, 5))),
        ("broadcast to the batch", x => bias.BroadcastTo((x.Shape[0], 4)) + 0), ("zeros of the batch", x => Tensor.Concat(1, x, Tensor.Zeros((x.Shape[0], 2)))),
        ("slice", x => x[.., 1..3]), ("last row", x => x[^1]), ("all but the last", x => x[..^1]), ("reversed", x => x.Flip(0)), ("every other", x => x[TensorIndex.Every(2)]),
        ("index", x => x[0, 2]), ("new axis", x => x[TensorIndex.NewAxis, .., 1]), ("backwards", x => x[.., TensorIndex.Every(-2)]), ("nothing", x => x[.., 2..2]),
        ("concat", x => Tensor.Concat(0, x, x * 2)), ("concat of types", x => Tensor.Concat(1, x, (x > 0).To(DType.Int32))), ("stack", x => Tensor.Stack(1, x, -x)),
        ("take", x => x.Take([0, 3, 3, -1], 1)), ("clone", x => x.Clone()), ("the input itself", x => x), ("a constant", x => bias), ("outer", x => x[.., 0].Outer(x[.., 1])),
        ("convert", x => (x * 10).To(DType.Int32)), ("and back", x => (x * 10).To(DType.Int64).To(DType.Float32)), ("integers divided", x => (x * 10).To(DType.Int32) / 4), ("integers and reals", x => (x * 10).To(DType.Int32) + 0.5),
        ("complement", x => ~(x * 10).To(DType.Int32)), ("integer remainder", x => (x * 10).To(DType.Int32) % 4),
        ("layer norm", x => (x - x.Mean(-1, keepDims: true)) / (x.Var(-1, keepDims: true) + 1e-5).Sqrt()),
        ("attention", x => (x.MatMul(x.T) / Math.Sqrt(5)).Softmax().MatMul(x)),
    ];

    public static TheoryData<string> Names => [.. realFunctions.Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_becomes_a_model_that_computes_the_same_for_any_batch(string name)
    {
        Needs.OnnxRuntime();
        Func<Tensor, Tensor> function = realFunctions.First(candidate => candidate.Name == name).Function;
        using OnnxModel model = OnnxModel.Load(OnnxExport.ToArray(function, Tensor.Random(5).Normal((3, 5)).Realize()));
        Assert.Equal("x: f32 [N, 5]", model.Inputs[0].ToString());
        foreach (int batch in new[] { 3, 1, 8 })
        {
            Tensor x = Tensor.Random((ulong)batch).Normal((batch, 5)).Realize();
            Expect(function(x), model.Run(x));
        }
    }

    [Fact]
    public void What_is_exported_is_valid_ONNX()
    {
        PythonOnnx.Require();
        PythonOnnx.Check(realFunctions.Select(function => OnnxExport.ToArray(function.Function, Tensor.Random(5).Normal((3, 5)))));
    }

    [Fact]
    public void A_module_becomes_a_model_with_its_parameters_under_their_names()
    {
        Needs.OnnxRuntime();
        using Folder folder = new();
        string path = folder["classifier.onnx"];
        Sequential model =
        [
            new Linear(8, 16, seed: 1), new Relu(), new Linear(16, 6, seed: 2), new Gelu(), new Linear(6, 6, bias: false, seed: 3), new Silu(),
            new LeakyRelu(), new Tanh(), new Sigmoid(), new Flatten(), new Identity(), new Linear(6, 3, seed: 4), new LogSoftmax(), new Softmax(),
        ];
        model[0].Eval();
        OnnxExport.Save(model, path, 8);
        Assert.False(model[0].IsTraining);
        Assert.True(model[1].IsTraining);
        OnnxMetadata metadata = OnnxMetadata.Read(path);
        Assert.Equal("Sequential", metadata.GraphName);
        Assert.Equal(3, metadata.Operators.Single(pair => pair.Key == "Gemm").Value);
        Assert.Equal(1, metadata.Operators.Single(pair => pair.Key == "Transpose").Value);
        string bytes = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(path));
        Assert.All(model.StateDictionary().Keys, name => Assert.Contains(name, bytes, StringComparison.Ordinal));
        using OnnxModel loaded = OnnxModel.Load(path);
        Assert.Equal(["x: f32 [N, 8]", "y: f32 [N, 3]"], loaded.Inputs.Concat(loaded.Outputs).Select(value => value.ToString()));
        Tensor x = Tensor.Random(9).Normal((7, 8));
        Expect(model[x], loaded.Run(x));
    }

    [Fact]
    public void Indices_that_are_given_to_the_function_are_inputs_of_the_model()
    {
        Needs.OnnxRuntime();
        Tensor tokens = Tensor.From([1L, 2, 3, 4], (2, 2));
        byte[] bytes = OnnxExport.ToArray(
            ids => table.Take(ids).Mean(1), tokens, new() { InputNames = ["ids"], OutputNames = ["means"], Parameters = new Dictionary<string, Tensor> { ["embedding.weight"] = table } });
        Assert.Contains("embedding.weight", System.Text.Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        using OnnxModel model = OnnxModel.Load(bytes);
        Assert.Equal("ids: i64 [N, 2]", model.Inputs[0].ToString());
        Assert.Equal("means: f32 [N, 3]", model.Outputs[0].ToString());
        Tensor other = Tensor.From([7L, 19, 0, 5, 5, 5], (3, 2));
        Expect(table.Take(other).Mean(1), model.Run(other));
    }

    [Fact]
    public void Functions_of_several_tensors_become_models_of_several_inputs()
    {
        Needs.OnnxRuntime();
        Tensor a = Tensor.Random(1).Normal((4, 3));
        Tensor b = Tensor.Random(2).Normal((4, 3));
        byte[] bytes = OnnxExport.ToArray(inputs => [inputs[0] + inputs[1], inputs[0].Sum(1)], [a, b], new() { InputNames = ["a", "b"], BatchSymbol = "rows" });
        using OnnxModel model = OnnxModel.Load(bytes);
        Assert.Equal(["a: f32 [rows, 3]", "b: f32 [rows, 3]"], model.Inputs.Select(input => input.ToString()));
        Assert.Equal(["y1: f32 [rows, 3]", "y2: f32 [rows]"], model.Outputs.Select(output => output.ToString()));
        IReadOnlyDictionary<string, Tensor> results = model.Run(new Dictionary<string, Tensor> { ["a"] = a, ["b"] = b });
        Expect(a + b, results["y1"]);
        Expect(a.Sum(1), results["y2"]);
    }

    [Fact]
    public void A_model_may_be_fixed_to_one_batch()
    {
        OnnxMetadata metadata = OnnxMetadata.Read(OnnxExport.ToArray(x => x.Reshape(10), Tensor.Ones((2, 5)), new() { BatchSymbol = null }));
        Assert.Equal("x: f32 [2, 5]", metadata.Inputs[0].ToString());
        Assert.Equal("y: f32 [10]", metadata.Outputs[0].ToString());
    }

    [Fact]
    public void Lengths_that_follow_the_batch_are_named_after_it()
    {
        OnnxMetadata metadata = OnnxMetadata.Read(OnnxExport.ToArray(x => Tensor.Concat(0, x.Reshape(-1), bias), Tensor.Ones((2, 5))));
        Assert.Equal("y: f32 [5*N+4]", metadata.Outputs[0].ToString());
    }

    [Fact]
    public void What_has_no_counterpart_is_refused_with_the_reason()
    {
        Tensor x = Tensor.Ones((2, 5));
        RandomStream random = Tensor.Random(3);
        Refused("differs from run to run", y => y * random.Uniform(5));
        Refused("has shape [2, 5] for a batch of 2 and [5, 5] for one of 5", y => y + random.Uniform(y.Shape));
        Refused("the function halved has no counterpart in ONNX", y => (y * 0.5).WithGradient("halved", [y], gradient => [gradient * 0.5]));
        Refused("runs with a batch of 2, but not with one of 5", y => y.Reshape(10));
        Refused("computes relu for a batch of 2 and sigmoid in its place for one of 5", y => y.Shape[0] == 2 ? y.Relu() : y.Sigmoid());
        Refused("a number is 2 for a batch of 2 and 5 for one of 5; export it with BatchSymbol = null", y => y.Sum(0) / y.Shape[0]);
        Refused("a number is 2 for a batch of 2 and 5 for one of 5", y => y.To(DType.Int32) * y.Shape[0]);
        Refused("a number is 1 for a batch of 2 and 4 for one of 5", y => y.Var(0, correction: 1));
        Refused("a number is 0.5 for a batch of 2 and a tensor for one of 5", y => y * (y.Shape[0] == 2 ? 0.5 : bias[0]));
        Refused("a number is 2 for a batch of 2 and 5 for one of 5", y => Tensor.Concat(0, y.Sum(0), Tensor.Stack(0, y.Shape[0])));
        Refused("a number is 2 for a batch of 2 and 5 for one of 5", y => y.Shape[0]);
        Refused("leakyrelu has other axes, steps or slopes for a batch of 2 than for one of 5", y => y.LeakyRelu(1.0 / y.Shape[0]));
        Refused("permute has other axes", y => y.Unsqueeze(0).Permute(y.Shape[0] == 2 ? [0, 1, 2] : [1, 0, 2]));
        Refused("sum has other axes", y => y.Unsqueeze(0).Sum(y.Shape[0] == 2 ? 0 : 1));
        Refused("softmax has other axes", y => y.Softmax(y.Shape[0] == 2 ? 0 : 1));
        Refused("concat has other axes", y => Tensor.Concat(y.Shape[0] == 2 ? 0 : 1, y, y));
        Refused("take has other axes", y => y.Take([0, 1], y.Shape[0] == 2 ? 0 : 1));
        Refused("slice has other axes, steps or slopes", y => y[.., TensorIndex.Every(y.Shape[0] == 2 ? 2 : 1)]);
        Refused("convert gives f64 for a batch of 2 and f32 for one of 5", y => y.To(DType.Int32).To(y.Shape[0] == 2 ? DType.Float64 : DType.Float32));
        Refused("no operators on the bits of integers", y => y.To(DType.Int32) & 3);

        void Refused(string part, Func<Tensor, Tensor> function)
        {
            Assert.Contains(part, Assert.Throws<OnnxException>(() => OnnxExport.ToArray(function, x)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_follows_the_batch_in_C_sharp_is_exported_for_one_batch()
    {
        Needs.OnnxRuntime();
        Tensor x = Tensor.Random(4).Normal((6, 5)).Realize();
        using OnnxModel model = OnnxModel.Load(OnnxExport.ToArray(y => y.Var(0, correction: 1) / y.Shape[0], x, new() { BatchSymbol = null }));
        Expect(x.Var(0, correction: 1) / 6, model.Run(x));
    }

    [Fact]
    public void A_graph_is_named_as_asked_or_after_the_module()
    {
        using Folder folder = new();
        Identity module = new();
        OnnxExport.Save(module, folder["module.onnx"], 8);
        OnnxExport.Save(module, folder["model.onnx"], 8, new() { GraphName = "model" });
        Assert.Equal("Identity", OnnxMetadata.Read(folder["module.onnx"]).GraphName);
        Assert.Equal("model", OnnxMetadata.Read(folder["model.onnx"]).GraphName);
        Assert.Equal("model", OnnxMetadata.Read(OnnxExport.ToArray(x => x, Tensor.Ones(2))).GraphName);
    }

    [Fact]
    public void Writing_a_large_model_is_interrupted()
    {
        using Folder folder = new();
        OnnxGraphBuilder graph = new();
        graph.Output("y", graph.Initializer("weight", Tensor.Zeros(1 << 20)), DType.Float32, 1 << 20);
        using CancellationTokenSource source = new();
        source.Cancel();
        using (Interruption.Begin(source.Token))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => graph.Save(folder["large.onnx"]));
        }

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static Tensor OfTruth(Tensor x)
    {
        Tensor first = x > 0;
        Tensor second = x < 0.5;
        return Tensor.Stack(0, first < second, first > second, first <= second, first >= second, first.EqualTo(second), first.NotEqualTo(second));
    }

    private static void Expect(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.DType, actual.DType);
        double[] left = expected.To(DType.Float64).ToArray<double>();
        double[] right = actual.To(DType.Float64).ToArray<double>();
        for (int index = 0; index < left.Length; index++)
        {
            Assert.True(
                left[index].Equals(right[index]) || Math.Abs(left[index] - right[index]) <= 2e-5 * (1 + Math.Abs(left[index])),
                $"element {index}: expected {left[index]}, found {right[index]}");
        }
    }
}

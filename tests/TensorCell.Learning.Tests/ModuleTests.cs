using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Learning.Tests;

public sealed class ModuleTests
{
    [Fact]
    public void NamesAreThoseOfPyTorch()
    {
        Assert.Equal(
            [
                "base_scale", "inner.weight", "fc1.weight", "fc1.bias", "layers.0.weight", "layers.0.bias", "layers.2.weight", "layers.2.bias",
                "by_name.first.weight", "by_name.first.bias", "pair.0.0.weight", "pair.1.0.weight", "hidden_layer.weight", "c_attn.weight",
            ],
            new Everything(new Linear(2, 2, bias: false)).NamedParameters().Select(named => named.Name));
    }

    [Theory]
    [InlineData("weight", "weight")]
    [InlineData("Weight", "weight")]
    [InlineData("_hiddenLayer", "hidden_layer")]
    [InlineData("hiddenLayer2", "hidden_layer2")]
    [InlineData("Conv2D", "conv2d")]
    [InlineData("conv2DLayer", "conv2d_layer")]
    [InlineData("MLPBlock", "mlp_block")]
    [InlineData("W_q", "w_q")]
    public void MembersAreNamedInTheStyleOfPyTorch(string member, string name) => Assert.Equal(name, ModuleMember.Style(member));

    [Fact]
    public void SequentialNamesByPlace() =>
        Assert.Equal(
            ["0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"], Samples.Classifier().StateDictionary().Keys);

    [Fact]
    public void SharedParametersCountOnceAndCyclesEnd()
    {
        Tied tied = new();
        Assert.Equal(["first.weight"], tied.NamedParameters().Select(named => named.Name));
        Assert.Equal(12, tied.ParameterCount);
        Assert.Equal(48, tied.ByteSize);
        Assert.Equal(2, tied.Modules().Count());
        tied.LoadState(new Dictionary<string, Tensor> { ["first.weight"] = Tensor.Ones([4, 3]), ["same"] = Tensor.Ones([4, 3]) });
        tied.LoadState(new Dictionary<string, Tensor> { ["first.weight"] = Tensor.Ones([4, 3]), ["self.self.first.weight"] = Tensor.Ones([4, 3]) });
    }

    [Fact]
    public void SharedModulesAreKnownByAllTheirNames()
    {
        TiedModules tied = new();
        string[] names =
        [
            "encoder.first.weight", "encoder.second.weight", "decoder.first.weight", "decoder.second.weight", "layers.0.weight", "same_layers.0.weight",
            "last.weight",
        ];
        Assert.Equal(["encoder.first.weight", "layers.0.weight"], tied.StateDictionary().Keys);
        tied.LoadState(names.ToDictionary(name => name, _ => Tensor.Ones([3, 3])));
        Assert.Equal(Enumerable.Repeat(1f, 18), Samples.Numbers(tied));

        foreach (string wrong in (string[])["decoder", "decoder.third.weight", "decoder.first.weight.more", "decoders.first.weight", "last.", ".last.weight", "last..weight"])
        {
            ArgumentException error = Assert.Throws<ArgumentException>(
                () => tied.LoadState(names.Append(wrong).ToDictionary(name => name, _ => Tensor.Zeros([3, 3]))));
            Assert.Contains($"TiedModules: {wrong} is not known here. ", error.Message, StringComparison.Ordinal);
        }

        tied.LoadState(names.Append("decoder").ToDictionary(name => name, _ => Tensor.Zeros([3, 3])), strict: false);
        Assert.Equal(new float[18], Samples.Numbers(tied));
    }

    [Fact]
    public void OnlyMarkedTensorsAreState()
    {
        WithBuffer module = new();
        Assert.Equal(["scale"], module.NamedParameters().Select(named => named.Name));
        Assert.Equal(["mean"], module.NamedBuffers().Select(named => named.Name));
        Assert.Equal(["scale", "mean"], module.StateDictionary().Keys);
        _ = module[Tensor.Ones(3)];
        Assert.Equal(["scale"], module.NamedParameters().Select(named => named.Name));
    }

    [Fact]
    public void FrozenParametersStayParameters()
    {
        Sequential model = Samples.Classifier();
        model[0].Freeze();
        Assert.Equal(6, model.Parameters().Count());
        Assert.Equal(4, model.Parameters().Count(parameter => parameter.RequiresGrad));
        Assert.Equal(model.ParameterCount - 96, model.Summary().TrainableCount);
        model.Unfreeze();
        Assert.All(model.Parameters(), parameter => Assert.True(parameter.RequiresGrad));
    }

    [Fact]
    public void TrainAndEvalReachAll()
    {
        Everything model = new(new Linear(1, 1));
        Assert.All(model.Eval().Modules(), module => Assert.False(module.IsTraining));
        Assert.All(model.Train().Modules(), module => Assert.True(module.IsTraining));
    }

    [Fact]
    public void LinearBeginsAsPyTorchDoesAndBySeed()
    {
        Linear linear = new(100, 300, seed: 4);
        float[] weights = linear.Weight.Detach().ToArray<float>();
        Assert.All(weights, weight => Assert.InRange(weight, -0.1f, 0.1f));
        Assert.InRange(Math.Sqrt(weights.Average(weight => (double)weight * weight)), 0.1 / Math.Sqrt(3) * 0.98, 0.1 / Math.Sqrt(3) * 1.02);
        Assert.Equal(weights, new Linear(100, 300, seed: 4).Weight.Detach().ToArray<float>());
        Initialization.Seed(7);
        float[][] sequence = [Samples.Numbers(new Linear(3, 3)), Samples.Numbers(new Linear(3, 3))];
        Initialization.Seed(7);
        Assert.Equal(sequence, [Samples.Numbers(new Linear(3, 3)), Samples.Numbers(new Linear(3, 3))]);
        Assert.NotEqual(sequence[0], sequence[1]);
    }

    [Fact]
    public void LinearComputesItsFormula()
    {
        Linear linear = new(3, 2, seed: 1);
        Tensor x = Tensor.Random(2).Normal((5, 4, 3));
        Tensor expected = x.MatMul(linear.Weight.Detach().T) + linear.Bias!.Detach();
        Assert.Equal(expected.ToArray<float>(), linear[x].ToArray<float>());
        Assert.Equal(Shape.Of(5, 4, 2), linear[x].Shape);
        Assert.Equal(DType.Float32, linear[x.To(DType.Float64)].DType);
        Assert.Contains(
            "Linear(3 → 2): the input's shape is [4, 5]; its last axis must have 3",
            Assert.Throws<ArgumentException>(() => linear[Tensor.Zeros((4, 5))]).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ActivationModulesComputeTheirFunctions()
    {
        Tensor x = Tensor.Random(2).Normal((4, 3));
        (Module Module, Tensor Expected)[] pairs =
        [
            (new Relu(), x.Relu()), (new Gelu(), x.Gelu()), (new Tanh(), x.Tanh()), (new Sigmoid(), x.Sigmoid()), (new Silu(), x.Silu()),
            (new LeakyRelu(0.2), x.LeakyRelu(0.2)), (new Softmax(0), x.Softmax(0)), (new LogSoftmax(), x.LogSoftmax()), (new Identity(), x),
            (new Flatten(0), x.Flatten()), (new Lambda(y => y * 2), x * 2),
        ];
        Assert.All(pairs, pair => Assert.Equal(pair.Expected.ToArray<float>(), pair.Module[x].ToArray<float>()));
        Assert.Equal(Shape.Of(2, 12), new Flatten()[Tensor.Zeros((2, 3, 4))].Shape);
    }

    [Fact]
    public void ConvertingKeepsTheTensors()
    {
        Sequential model = Samples.Classifier();
        Tensor[] before = [.. model.Parameters()];
        float[] numbers = Samples.Numbers(model);
        model.To(DType.Float64);
        Assert.Equal(before, model.Parameters());
        Assert.All(model.Parameters(), parameter => Assert.Equal(DType.Float64, parameter.DType));
        Assert.Equal(numbers, Samples.Numbers(model));
        Assert.Equal(DType.Float64, model[Tensor.Zeros((1, 2))].DType);
        model.To(DType.BFloat16);
        Assert.Equal(DType.Float32, model[Tensor.Zeros((1, 2))].DType);
        Assert.Throws<ArgumentException>(() => model.To(DType.Int32));
    }

    [Fact]
    public void LoadingNamesEverythingThatDoesNotFit()
    {
        Sequential model = Samples.Classifier();
        float[] before = Samples.Numbers(model);
        Dictionary<string, Tensor> state = new(model.StateDictionary()) { ["0.weight"] = Tensor.Ones(3), ["more"] = Tensor.Ones(3) };
        state.Remove("2.bias");
        string message = Assert.Throws<ArgumentException>(() => model.LoadState(state)).Message;
        Assert.Contains("0.weight is [3], needed is [32, 2]", message, StringComparison.Ordinal);
        Assert.Contains("2.bias [32] is missing", message, StringComparison.Ordinal);
        Assert.Contains("more is not known here", message, StringComparison.Ordinal);
        Assert.Equal(before, Samples.Numbers(model));
        state.Remove("0.weight");
        state["2.weight"] = Tensor.Ones((32, 32));
        model.LoadState(state, strict: false);
        Assert.All(((Linear)model[2]).Weight.Detach().ToArray<float>(), weight => Assert.Equal(1, weight));
    }

    [Fact]
    public void APredictionIsTheOutputWithoutATape()
    {
        Sequential model = Samples.Classifier();
        Tensor input = Tensor.Random(4).Normal((9, 2));
        Tensor expected = model[input];
        Tensor found = model.Predict(input);
        Assert.True(expected.RequiresGrad);
        Assert.False(found.RequiresGrad);
        Assert.False(found.IsPending);
        Assert.Equal(expected.ToArray<float>(), found.ToArray<float>());
        Assert.All(model.Modules(), module => Assert.True(module.IsTraining));
        model[0].Eval();
        _ = model.Predict(input);
        Assert.False(model[0].IsTraining);
        Assert.True(model.IsTraining);
    }

    [Fact]
    public void WhatIsSavedIsLoaded()
    {
        string folder = Directory.CreateTempSubdirectory("tensorcell-").FullName;
        try
        {
            string path = Path.Combine(folder, "model.safetensors");
            Sequential model = Samples.Classifier();
            model.Save(path, new Dictionary<string, string> { ["note"] = "spirals" });
            Assert.Equal("spirals", SafeTensors.ReadHeader(path).Metadata["note"]);
            Assert.Equal(model.StateDictionary().Keys.Order(), SafeTensors.ReadHeader(path).Tensors.Keys.Order());

            Sequential other = Samples.Classifier();
            Tensor weight = other.Parameters().First();
            Assert.Same(other, other.Load(path));
            Assert.Equal(Samples.Numbers(model), Samples.Numbers(other));
            Assert.Same(weight, other.Parameters().First());
            Assert.True(weight.RequiresGrad);

            Linear wrong = new(2, 5);
            Assert.Contains("0.weight is not known here", Assert.Throws<ArgumentException>(() => wrong.Load(path)).Message, StringComparison.Ordinal);
            File.WriteAllBytes(path, [1, 2, 3]);
            Assert.Throws<InvalidDataException>(() => other.Load(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void TheSummaryComputesNothing()
    {
        Sequential model = Samples.Classifier();
        ModuleSummary summary = model.Summary((7, 2));
        Assert.Equal([Shape.Of(7, 2), Shape.Of(7, 32), Shape.Of(7, 32), Shape.Of(7, 32), Shape.Of(7, 32), Shape.Of(7, 2)], summary.Layers.Select(layer => layer.OutputShape!.Value));
        Assert.Equal([1218L, 96, 0, 1056, 0, 66], summary.Layers.Select(layer => layer.ParameterCount));
        Assert.Equal(1218 * 4, summary.ByteSize);
        Assert.Contains("1,218 parameters, 4,872 bytes", summary.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void CollectionsOfModulesCanBeIndexedAndSliced()
    {
        Sequential model = Samples.Classifier();
        Assert.IsType<Linear>(model[^1]);
        Assert.Equal(Shape.Of(3, 32), model[..^1][Tensor.Zeros((3, 2))].Shape);
        Assert.Same(model[0], model[..2][0]);
    }

    private abstract class Base : Module
    {
        private readonly Tensor baseScale = Parameter(Tensor.Ones(1));

        protected Tensor Scaled(Tensor x) => x * baseScale;
    }

    private sealed class Everything(Module inner) : Base
    {
        private readonly Linear fc1 = new(2, 2);
        private readonly List<Module> layers = [new Linear(2, 2), new Relu(), new Linear(2, 2)];
        private readonly Dictionary<string, Module> byName = new() { ["first"] = new Linear(2, 2) };
        private readonly Module[][] pair = [[new Linear(2, 2, bias: false)], [new Linear(2, 2, bias: false)]];
        private readonly int[] plain = [1, 2, 3];
        private readonly List<string> words = ["a"];

        public Linear HiddenLayer { get; } = new(2, 2, bias: false);

        [StateName("c_attn")]
        public Linear Attention { get; } = new(2, 2, bias: false);

        public override Tensor Forward(Tensor input) =>
            Scaled(inner[fc1[Attention[HiddenLayer[layers[0][byName["first"][pair[0][0][input]]]]]]]) * plain.Length * words.Count;
    }

    private sealed class Tied : Module
    {
        private readonly Linear first = new(3, 4, bias: false);
        private readonly Tensor same;
        private readonly Module self;

        public Tied()
        {
            same = first.Weight;
            self = this;
        }

        public override Tensor Forward(Tensor input) => ReferenceEquals(self, this) ? first[input].MatMul(same) : input;
    }

    private sealed class TiedModules : Module
    {
        private readonly Pair encoder = new();
        private readonly Pair decoder;
        private readonly List<Module> layers = [new Linear(3, 3, bias: false)];
        private readonly IReadOnlyList<Module> sameLayers;
        private readonly Module last;

        public TiedModules()
        {
            decoder = encoder;
            sameLayers = layers;
            last = layers[0];
        }

        public override Tensor Forward(Tensor input) => last[sameLayers[0][decoder[encoder[input]]]];

        private sealed class Pair : Module
        {
            private readonly Linear first = new(3, 3, bias: false);
            private readonly Linear second;

            public Pair() => second = first;

            public override Tensor Forward(Tensor input) => second[first[input]];
        }
    }

    private sealed class WithBuffer : Module
    {
        private readonly Tensor scale = Parameter(Tensor.Ones(3));
        private readonly Tensor mean = Buffer(Tensor.Zeros(3));
        private readonly Tensor constant = Tensor.Ones(3);
        private Tensor? last;

        public override Tensor Forward(Tensor input)
        {
            last = input * scale;
            return last + mean + constant;
        }
    }
}

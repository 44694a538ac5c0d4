using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Learning.Tests;

public sealed class OptimizerTests
{
    private const string Python = "/usr/bin/python3";
    private const int Steps = 12;

    public static TheoryData<string> Cases =>
    [
        "SGD(p, lr=0.1)",
        "SGD(p, lr=0.1, weight_decay=0.05)",
        "SGD(p, lr=0.05, momentum=0.9)",
        "SGD(p, lr=0.05, momentum=0.8, nesterov=True, weight_decay=0.01)",
        "Adam(p, lr=0.01)",
        "Adam(p, lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1)",
        "AdamW(p, lr=0.02, weight_decay=0.1)",
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void StepsAreThoseOfPyTorch(string optimizer)
    {
        string script = $$"""
            import json, sys
            try:
                import torch
            except ImportError:
                sys.exit(3)
            torch.manual_seed(0)
            w = torch.linspace(-1, 1, 12).reshape(3, 4).requires_grad_()
            b = torch.linspace(0.5, -0.5, 4).requires_grad_()
            p = [w, b]
            optimizer = torch.optim.{{optimizer}}
            for step in range({{Steps}}):
                optimizer.zero_grad()
                x = torch.linspace(-2, 2, 6).reshape(2, 3) + 0.1 * step
                ((x @ w + b).tanh().square().sum() + (w * w).sum()).backward()
                optimizer.step()
            print(json.dumps([w.flatten().tolist(), b.tolist()]))
            """;
        float[][] expected = Ask(script);
        Tensor w = Tensor.Linspace(-1, 1, 12).Reshape(3, 4).Clone();
        Tensor b = Tensor.Linspace(0.5, -0.5, 4);
        w.RequiresGrad = true;
        b.RequiresGrad = true;
        Optimizer own = Make(optimizer, [w, b]);
        for (int step = 0; step < Steps; step++)
        {
            Tensor x = Tensor.Linspace(-2, 2, 6).Reshape(2, 3) + (0.1 * step);
            ((x.MatMul(w) + b).Tanh().Square().Sum() + (w * w).Sum()).Backward();
            own.Step();
            own.ZeroGrad();
        }

        AssertNear(expected[0], w.Detach().ToArray<float>());
        AssertNear(expected[1], b.Detach().ToArray<float>());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void StepsAreThoseOfTheFormulas(string optimizer)
    {
        const int count = 1000;
        Tensor parameter = Tensor.Random(1).Normal(count, dtype: DType.Float64);
        double[] p = parameter.ToArray<double>();
        double[] m = new double[count];
        double[] v = new double[count];
        parameter.RequiresGrad = true;
        Optimizer own = Make(optimizer, [parameter]);
        for (int step = 1; step <= Steps; step++)
        {
            Tensor gradient = Tensor.Random((ulong)step + 10).Normal(count, dtype: DType.Float64);
            own.Step([gradient]);
            double[] g = gradient.ToArray<double>();
            for (int i = 0; i < count; i++)
            {
                p[i] = Reference(own, p[i], g[i], ref m[i], ref v[i], step);
            }
        }

        double[] found = parameter.Detach().ToArray<double>();
        Assert.All(Enumerable.Range(0, count), i => Assert.Equal(p[i], found[i], 1e-12));
    }

    [Fact]
    public void AStepIsOneKernelForEachParameterInItsOwnMemory()
    {
        Tensor[] parameters = [Tensor.Random(1).Normal((300, 70)), Tensor.Random(2).Normal(900)];
        Array.ForEach(parameters, parameter => parameter.RequiresGrad = true);
        Adam adam = new(parameters, weightDecay: 0.01);
        Tensor?[] gradients = [Tensor.Random(3).Normal((300, 70)).Realize(), Tensor.Random(4).Normal(900).Realize()];
        Tensor view = parameters[1][100..200].Detach();
        ReadOnlySpan<float> before = parameters[0].Detach().AsSpan<float>();
        adam.Step(gradients);
        using Trace trace = new();
        for (int step = 0; step < 5; step++)
        {
            adam.LearningRate *= 0.9;
            adam.Step(gradients);
        }

        Assert.Equal(10, trace.Kernels.Count);
        Assert.Empty(trace.Compiled);
        Assert.True(before == parameters[0].Detach().AsSpan<float>());
        Assert.Equal(parameters[1].Detach().ToArray<float>()[100..200], view.ToArray<float>());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ALoopWrittenByHandChangesWeightsWhereTheyAre(string optimizer)
    {
        Linear model = new(300, 200, seed: 1);
        Optimizer own = Make(optimizer, [.. model.Parameters()]);
        Tensor x = Tensor.Random(1).Normal((16, 300));
        ReadOnlySpan<float> before = model.Weight.Detach().AsSpan<float>();
        for (int step = 0; step < 5; step++)
        {
            model[x].Relu().Sum().Backward();
            own.Step();
            own.ZeroGrad();
        }

        Assert.True(before == model.Weight.Detach().AsSpan<float>());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void GradientsCanBeReadAfterTheStep(string optimizer)
    {
        Tensor weight = Tensor.Random(1).Normal(500, dtype: DType.Float64).Realize();
        weight.RequiresGrad = true;
        Optimizer own = Make(optimizer, [weight]);
        for (int step = 0; step < 5; step++)
        {
            double[] expected = [.. weight.Detach().ToArray<double>().Select(number => 3 * number * number)];
            (weight * weight * weight).Sum().Backward();
            own.Step();
            double[] gradient = weight.Grad!.ToArray<double>();
            Assert.All(Enumerable.Range(0, expected.Length), i => Assert.Equal(expected[i], gradient[i], 1e-9 * (1 + expected[i])));
            own.ZeroGrad();
        }
    }

    [Fact]
    public void WhatIsPendingReadsTheParametersItWasMadeOf()
    {
        Tensor parameter = Tensor.Ones(1000).Clone();
        parameter.RequiresGrad = true;
        Tensor pending = parameter * 3;
        SGD sgd = new([parameter], 0.5, momentum: 0.9);
        for (int step = 0; step < 3; step++)
        {
            sgd.Step([Tensor.Ones(1000)]);
        }

        Assert.All(pending.ToArray<float>(), number => Assert.Equal(3, number));
        Assert.All(parameter.Detach().ToArray<float>(), number => Assert.Equal(-1.805, number, 1e-5));
        Assert.Contains("written in place", Assert.Throws<InvalidOperationException>((parameter * 3).Tanh().Sum().Also(_ => sgd.Step([Tensor.Ones(1000)])).Backward).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StateGoesOnWhereItWas()
    {
        Tensor Parameter() => Tensor.Linspace(0, 1, 50).Also(tensor => tensor.RequiresGrad = true);
        Tensor whole = Parameter();
        Adam straight = new([whole], 0.1);
        for (int step = 0; step < 6; step++)
        {
            straight.Step([Tensor.Random((ulong)step).Normal(50)]);
        }

        Tensor first = Parameter();
        Adam half = new([first], 0.1);
        for (int step = 0; step < 3; step++)
        {
            half.Step([Tensor.Random((ulong)step).Normal(50)]);
        }

        Tensor second = first.Detach().Clone().Also(tensor => tensor.RequiresGrad = true);
        Adam other = new([second], 0.1);
        other.LoadState(half.StateDictionary());
        Assert.Equal(3, other.StepCount);
        for (int step = 3; step < 6; step++)
        {
            other.Step([Tensor.Random((ulong)step).Normal(50)]);
        }

        Assert.Equal(whole.Detach().ToArray<float>(), second.Detach().ToArray<float>());
        Assert.Contains(
            "no momentum_buffer.0",
            Assert.Throws<ArgumentException>(() => new SGD([second], momentum: 0.5).LoadState(half.StateDictionary())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void FrozenParametersAndThoseWithoutGradientsStay()
    {
        Tensor[] parameters = [Tensor.Ones(3).Clone(), Tensor.Ones(3).Clone()];
        parameters[0].RequiresGrad = true;
        Adam adam = new(parameters, 0.1);
        adam.Step([null, Tensor.Ones(3)]);
        Assert.All(parameters, parameter => Assert.Equal([1f, 1, 1], parameter.Detach().ToArray<float>()));
    }

    [Fact]
    public void NumbersOutOfRangeAreRefused()
    {
        Tensor[] parameters = [Tensor.Ones(1)];
        Assert.Throws<ArgumentException>(() => new SGD([]));
        Assert.Throws<ArgumentException>(() => new SGD(parameters, -1));
        Assert.Throws<ArgumentException>(() => new SGD(parameters, nesterov: true));
        Assert.Throws<ArgumentException>(() => new Adam(parameters, beta1: 1));
        Assert.Throws<ArgumentException>(() => new Adam(parameters).LearningRate = double.NaN);
        Assert.Throws<ArgumentException>(() => new Adam(parameters).Step([]));
    }

    private static Optimizer Make(string call, Tensor[] parameters)
    {
        double Number(string name, double otherwise)
        {
            int at = call.IndexOf($"{name}=", StringComparison.Ordinal);
            return at < 0 ? otherwise : double.Parse(
                call[(at + name.Length + 1)..].Split(',', ')')[0].TrimStart('('), CultureInfo.InvariantCulture);
        }

        return call.Split('(')[0] switch
        {
            "SGD" => new SGD(
                parameters, Number("lr", 0), Number("momentum", 0), call.Contains("nesterov", StringComparison.Ordinal), Number("weight_decay", 0)),
            "AdamW" => new AdamW(parameters, Number("lr", 0), weightDecay: Number("weight_decay", 0.01)),
            _ => new Adam(
                parameters,
                Number("lr", 0),
                Number("betas", 0.9),
                call.Contains("0.95", StringComparison.Ordinal) ? 0.95 : 0.999,
                Number("eps", 1e-8),
                Number("weight_decay", 0)),
        };
    }

    private static double Reference(Optimizer optimizer, double p, double g, ref double m, ref double v, int step)
    {
        double rate = optimizer.LearningRate;
        if (optimizer is SGD sgd)
        {
            double d = g + (sgd.WeightDecay * p);
            m = (sgd.Momentum * m) + d;
            return p - (rate * (sgd.Momentum == 0 ? d : sgd.IsNesterov ? d + (sgd.Momentum * m) : m));
        }

        Adam adam = (Adam)optimizer;
        bool isDecoupled = optimizer is AdamW;
        double gradient = isDecoupled ? g : g + (adam.WeightDecay * p);
        m = (adam.Beta1 * m) + ((1 - adam.Beta1) * gradient);
        v = (adam.Beta2 * v) + ((1 - adam.Beta2) * gradient * gradient);
        return (isDecoupled ? p * (1 - (rate * adam.WeightDecay)) : p)
            - (rate / (1 - Math.Pow(adam.Beta1, step)) * m / ((Math.Sqrt(v) / Math.Sqrt(1 - Math.Pow(adam.Beta2, step))) + adam.Epsilon));
    }

    private static void AssertNear(float[] expected, float[] found) =>
        Assert.All(Enumerable.Range(0, expected.Length), i => Assert.Equal(expected[i], found[i], 2e-5f));

    private static float[][] Ask(string script)
    {
        Assert.SkipUnless(File.Exists(Python), $"{Python} with torch is not installed (apt-get install python3-torch)");
        ProcessStartInfo start = new(Python) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.SkipWhen(process.ExitCode == 3, $"{Python} has no torch (apt-get install python3-torch)");
        Assert.True(process.ExitCode == 0, errors.Result);
        return JsonSerializer.Deserialize<float[][]>(output)!;
    }
}

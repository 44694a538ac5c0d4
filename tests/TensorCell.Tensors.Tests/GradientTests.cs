using FsCheck;
using FsCheck.Fluent;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class GradientTests
{
    public static TheoryData<string> UnaryFunctions => [.. unary.Keys];

    public static TheoryData<string> BinaryFunctions => [.. binary.Keys];

    public static TheoryData<string> Reductions => [.. reductions.Keys];

    private static readonly Dictionary<string, (Func<Tensor, Tensor> Function, double Low, double High)> unary = new()
    {
        ["negate"] = (x => -x, -2, 2),
        ["abs"] = (x => x.Abs(), 0.1, 2),
        ["abs of negative"] = (x => x.Abs(), -2, -0.1),
        ["sqrt"] = (x => x.Sqrt(), 0.1, 4),
        ["reciprocal sqrt"] = (x => x.ReciprocalSqrt(), 0.2, 4),
        ["reciprocal"] = (x => x.Reciprocal(), 0.3, 3),
        ["cbrt"] = (x => x.Cbrt(), 0.2, 4),
        ["square"] = (x => x.Square(), -2, 2),
        ["exp"] = (x => x.Exp(), -2, 2),
        ["exp2"] = (x => x.Exp2(), -2, 2),
        ["expm1"] = (x => x.ExpM1(), -2, 2),
        ["log"] = (x => x.Log(), 0.2, 4),
        ["log2"] = (x => x.Log2(), 0.2, 4),
        ["log10"] = (x => x.Log10(), 0.2, 4),
        ["log1p"] = (x => x.Log1P(), -0.7, 4),
        ["sin"] = (x => x.Sin(), -4, 4),
        ["cos"] = (x => x.Cos(), -4, 4),
        ["tan"] = (x => x.Tan(), -1.2, 1.2),
        ["asin"] = (x => x.Asin(), -0.9, 0.9),
        ["acos"] = (x => x.Acos(), -0.9, 0.9),
        ["atan"] = (x => x.Atan(), -4, 4),
        ["sinh"] = (x => x.Sinh(), -2, 2),
        ["cosh"] = (x => x.Cosh(), -2, 2),
        ["tanh"] = (x => x.Tanh(), -3, 3),
        ["asinh"] = (x => x.Asinh(), -3, 3),
        ["acosh"] = (x => x.Acosh(), 1.3, 4),
        ["atanh"] = (x => x.Atanh(), -0.9, 0.9),
        ["erf"] = (x => x.Erf(), -2, 2),
        ["sigmoid"] = (x => x.Sigmoid(), -4, 4),
        ["relu"] = (x => x.Relu(), 0.1, 2),
        ["relu of negative"] = (x => x.Relu(), -2, -0.1),
        ["leaky relu"] = (x => x.LeakyRelu(0.1), -2, -0.1),
        ["silu"] = (x => x.Silu(), -4, 4),
        ["softplus"] = (x => x.Softplus(), -4, 4),
        ["gelu"] = (x => x.Gelu(), -3, 3),
        ["clamp"] = (x => x.Clamp(-0.5, 0.5), -0.4, 0.4),
        ["clamp outside"] = (x => x.Clamp(-0.5, 0.5), 0.6, 2),
        ["floor"] = (x => x + (x.Floor() * 3), 0.1, 0.9),
        ["sinc"] = (x => x.Sinc(), 0.1, 2),
        ["elu"] = (x => x.Elu(0.5), -2, -0.1),
        ["selu"] = (x => x.Selu(), -2, -0.1),
        ["celu"] = (x => x.Celu(2), 0.1, 2),
        ["mish"] = (x => x.Mish(), -3, 3),
        ["gelu by tanh"] = (x => x.GeluTanh(), -3, 3),
        ["log sigmoid"] = (x => x.LogSigmoid(), -3, 3),
        ["softsign"] = (x => x.Softsign(), 0.1, 3),
        ["hard swish"] = (x => x.HardSwish(), -2, 2),
        ["log add exp"] = (x => Tensor.LogAddExp(x, 0.5), -3, 3),
        ["modulo"] = (x => x.Modulo(10) * 3, 0.1, 2),
        ["floor divide"] = (x => x + x.FloorDivide(10), 0.1, 2),
        ["x log y"] = (x => Tensor.XLogY(x, x), 0.1, 2),
        ["copy sign"] = (x => x.CopySign(-1), 0.1, 2),
        ["convert"] = (x => x.To(DType.Float64) * 2, -2, 2),
        ["power of 3"] = (x => x.Power(3), -2, 2),
        ["power of -2"] = (x => x.Power(-2), 0.3, 2),
        ["power of 0"] = (x => x.Power(0.0) + x, -2, 2),
        ["numbers"] = (x => (3 - (x * 2)) / 4 + (1 / (x + 5)), -2, 2),
        ["remainder"] = (x => x % 7, 0.1, 6.9),
        ["where"] = (x => Tensor.Where(x.Detach() > 0, x * 2, x.Exp()), -2, 2),
        ["is nan and finite"] = (x => Tensor.Where(x.IsNaN() | !x.IsFinite(), 0, x), -2, 2),
    };

    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor> Function, double Low, double High)> binary = new()
    {
        ["add"] = ((x, y) => x + y, -2, 2),
        ["subtract"] = ((x, y) => x - y, -2, 2),
        ["multiply"] = ((x, y) => x * y, -2, 2),
        ["divide"] = ((x, y) => x / y, 0.4, 2),
        ["power"] = ((x, y) => x.Power(y), 0.3, 2),
        ["minimum"] = (Tensor.Minimum, -2, 2),
        ["maximum"] = (Tensor.Maximum, -2, 2),
        ["atan2"] = (Tensor.Atan2, 0.3, 2),
        ["modulo"] = ((x, y) => (3.1 + (x / 9)).Modulo(-(2 - (y / 9))), -2, 2),
        ["copysign"] = ((x, y) => x.CopySign(-y * y), 0.3, 2),
        ["floor divide"] = ((x, y) => (x * y) + (8.3 + (x / 9)).FloorDivide(3.1), -2, 2),
        ["hypot"] = (Tensor.Hypot, 0.3, 2),
        ["remainder"] = ((x, y) => (x + 0.05) % (y + 4), 0.2, 2),
        ["where"] = ((x, y) => Tensor.Where(x.Detach() > y.Detach(), x * y, x - (3 * y)), -2, 2),
    };

    private static readonly Dictionary<string, Func<Tensor, int[], bool, Tensor>> reductions = new()
    {
        ["sum"] = (x, axes, keep) => x.Sum(axes, keep),
        ["mean"] = (x, axes, keep) => x.Mean(axes, keep),
        ["max"] = (x, axes, keep) => x.Max(axes, keep),
        ["min"] = (x, axes, keep) => x.Min(axes, keep),
        ["prod"] = (x, axes, keep) => x.Prod(axes, keep),
        ["var"] = (x, axes, keep) => x.Var(axes, keep),
        ["sample var"] = (x, axes, keep) => (x * 2).Var(axes, keep, correction: -1),
        ["std"] = (x, axes, keep) => (x.Var(axes, keep) + 0.5).Sqrt(),
        ["sum of squares"] = (x, axes, keep) => (x * x).Sum(axes, keep),
    };

    [Theory]
    [MemberData(nameof(UnaryFunctions))]
    public void FunctionsOfOneTensor(string name) => ForSeeds(12, samples =>
    {
        var (function, low, high) = unary[name];
        GradientCheck.Run(x => function(x[0]), samples.Tensor(Small(samples), DType.Float64, low, high));
    });

    [Theory]
    [MemberData(nameof(BinaryFunctions))]
    public void FunctionsOfTwoTensorsThatBroadcast(string name) => ForSeeds(12, samples =>
    {
        var (function, low, high) = binary[name];
        int[] shape = Small(samples);
        Sample left = samples.Tensor(samples.BroadcastableTo(shape), DType.Float64, low, high);
        Sample right = samples.Tensor(shape, DType.Float64, low, high);
        GradientCheck.Run(x => function(x[0], x[1]), left, right);
        GradientCheck.Run(x => function(x[0], x[1]), right, left);
        GradientCheck.Run(x => function(x[0], x[0]), 1e-5, name is "minimum" or "maximum" or "remainder" ? right : samples.Tensor(shape, DType.Float64, low, high));
    });

    [Theory]
    [MemberData(nameof(Reductions))]
    public void FoldingsOfAxes(string name) => ForSeeds(15, samples =>
    {
        Sample input = samples.Tensor(Small(samples), DType.Float64, 0.2, 2);
        int[] axes = [.. Enumerable.Range(0, input.Shape.Length).Where(_ => samples.Random.Next(2) == 0)];
        bool keepDims = samples.Random.Next(2) == 0;
        GradientCheck.Run(x => reductions[name](x[0], axes, keepDims), input);
    });

    [Fact]
    public void AProductWithZeros()
    {
        Sample Numbers(params double[] numbers) => new(Tensor.From(numbers), [numbers.Length], numbers);
        GradientCheck.Run(x => x[0].Prod(), Numbers(2, 3, 4));
        GradientCheck.Run(x => x[0].Prod(), Numbers(2, 0, 4));
        GradientCheck.Run(x => x[0].Prod(), Numbers(0, 3, 0));
    }

    [Fact]
    public void TiesShareTheGradient()
    {
        Tensor x = Tensor.From<double>([1, 3, 3, 2]);
        x.RequiresGrad = true;
        x.Max().Backward();
        Assert.Equal([0, 0.5, 0.5, 0], x.Grad!.ToArray<double>());
        Assert.Equal([0.5, 0.5], GradientOf(p => Tensor.Maximum(p, Tensor.From<double>([1, 2])), [1, 2]));
        Assert.Equal([0, 0], GradientOf(p => p.Relu(), [0, -1]));
        Assert.Equal([0], GradientOf(p => p.Abs(), [0]));
        Assert.Equal([0], GradientOf(p => p.Power(0), [0]));
    }

    [Fact]
    public void Softmaxes() => ForSeeds(12, samples =>
    {
        int[] shape = [.. Small(samples), 1 + samples.Random.Next(5)];
        Sample input = samples.Tensor(shape, DType.Float64, -3, 3);
        int axis = samples.Random.Next(-shape.Length, shape.Length);
        bool keepDims = samples.Random.Next(2) == 0;
        GradientCheck.Run(x => x[0].Softmax(axis), input);
        GradientCheck.Run(x => x[0].LogSoftmax(axis), input);
        GradientCheck.Run(x => x[0].LogSumExp(axis, keepDims), input);
    });

    [Fact]
    public void Views() => ForSeeds(40, samples =>
    {
        int[] shape = [1 + samples.Random.Next(4), 1 + samples.Random.Next(4), 1 + samples.Random.Next(4)];
        Sample input = samples.Tensor(shape, DType.Float64, -2, 2);
        int[] order = [.. Enumerable.Range(0, 3).OrderBy(_ => samples.Random.Next())];
        int start = samples.Random.Next(shape[1] + 1);
        int step = samples.Random.Next(2) == 0 ? 1 + samples.Random.Next(2) : -1 - samples.Random.Next(2);
        GradientCheck.Run(x => x[0].T * 2, input);
        GradientCheck.Run(x => x[0].Permute(order).Exp(), input);
        GradientCheck.Run(x => x[0].Permute(order).Reshape(-1, order.Length > 0 ? shape[order[2]] : 1), input);
        GradientCheck.Run(x => x[0].Flatten().Unsqueeze(0).Unsqueeze(-1).Squeeze(0), input);
        GradientCheck.Run(x => x[0].Unsqueeze(1).BroadcastTo((shape[0], 3, shape[1], shape[2])), input);
        GradientCheck.Run(x => x[0].Slice(1, start..shape[1], step), input);
        GradientCheck.Run(x => x[0][^1, TensorIndex.NewAxis, .., 0], input);
        GradientCheck.Run(x => x[0].Flip(2).Flip(0).Contiguous().Clone(), input);
        GradientCheck.Run(x => x[0][..1] + x[0][^1..], input);
    });

    [Fact]
    public void JoiningAndPicking() => ForSeeds(20, samples =>
    {
        int[] shape = [1 + samples.Random.Next(3), 1 + samples.Random.Next(4), 1 + samples.Random.Next(3)];
        int axis = samples.Random.Next(3);
        int[] other = [.. shape];
        other[axis] = samples.Random.Next(4);
        Sample first = samples.Tensor(shape, DType.Float64, -2, 2);
        Sample second = samples.Tensor(other, DType.Float64, -2, 2);
        GradientCheck.Run(x => Tensor.Concat(axis, x[0], x[1], x[0]), first, second);
        GradientCheck.Run(x => Tensor.Stack(axis, x[0], x[0] * 2), first);
        Tensor indices = Tensor.From<int>([.. Enumerable.Range(0, 6).Select(_ => samples.Random.Next(-shape[axis], shape[axis]))]).Reshape(2, 3);
        GradientCheck.Run(x => x[0].Take(indices, axis), first);
        GradientCheck.Run(x => x[0][.., Tensor.From<int>([0, 0, -1])], first);
        Tensor mask = first.Tensor > 0;
        if ((bool)mask.Any())
        {
            GradientCheck.Run(x => x[0][mask], first);
        }
    });

    [Fact]
    public void MatrixProducts() => ForSeeds(25, samples =>
    {
        int Length() => 1 + samples.Random.Next(4);
        int m = Length(), k = Length(), n = Length(), b = Length(), c = Length();
        Sample Of(params int[] shape) => samples.Tensor(shape, DType.Float64, -2, 2);
        GradientCheck.Run(x => x[0].MatMul(x[1]), Of(m, k), Of(k, n));
        GradientCheck.Run(x => x[0].MatMul(x[1]), Of(k), Of(k, n));
        GradientCheck.Run(x => x[0].MatMul(x[1]), Of(m, k), Of(k));
        GradientCheck.Run(x => x[0].MatMul(x[1]), Of(k), Of(k));
        GradientCheck.Run(x => x[0].MatMul(x[1]), Of(b, m, k), Of(k, n));
        GradientCheck.Run(x => x[0].MatMul(x[1]), Of(m, k), Of(b, k, n));
        GradientCheck.Run(x => x[0].MatMul(x[1]), Of(c, 1, m, k), Of(b, k, n));
        GradientCheck.Run(x => x[0].Dot(x[1]), Of(k), Of(k));
        GradientCheck.Run(x => x[0].Outer(x[1]), Of(k), Of(m));
        GradientCheck.Run(x => x[0].T.MatMul(x[0]), Of(m, k));
    });

    [Fact]
    public void KernelsOfCSharp() => ForSeeds(8, samples =>
    {
        double factor = samples.Random.NextDouble() + 0.5;
        ElementwiseKernel swish = Kernel.Elementwise((double x) => x / (1 + Math.Exp(-factor * x)));
        ElementwiseKernel mixed = Kernel.Elementwise((double x, double y) =>
        {
            double z = Math.Sin(x) * Math.Sqrt(y);
            return z > 0.3 ? z * z + Math.Max(x, y) : Math.FusedMultiplyAdd(x, y, Math.Pow(y, 1.5)) - (int)(x * 0);
        });
        int[] shape = Small(samples);
        Sample left = samples.Tensor(samples.BroadcastableTo(shape), DType.Float64, 0.2, 2);
        Sample right = samples.Tensor(shape, DType.Float64, 0.2, 2);
        GradientCheck.Run(x => swish[x[0]], right);
        GradientCheck.Run(x => mixed[x[0], x[1]], left, right);
        GradientCheck.Run(x => mixed[x[0], 2.0] + mixed[1.5, x[0]], right);
    });

    [Fact]
    public void ARefusedKernelIsNamed()
    {
        ElementwiseKernel signs = Kernel.Elementwise((double x, double y) => Math.CopySign(x, y));
        Tensor x = Tensor.Ones(3, DType.Float64);
        x.RequiresGrad = true;
        var error = Assert.Throws<NotSupportedException>(() => signs[x, 1.0].Sum().Backward());
        Assert.Contains("CopySign", error.Message);
    }

    [Fact]
    public void Graphs() => ForSeeds(30, samples =>
    {
        // A random composition, in which values are used several times.
        int[] shape = [1 + samples.Random.Next(3), 1 + samples.Random.Next(4)];
        Sample a = samples.Tensor(shape, DType.Float64, -1, 1);
        Sample b = samples.Tensor([shape[1]], DType.Float64, -1, 1);
        int seed = samples.Random.Next();
        GradientCheck.Run(
            inputs =>
            {
                Random choice = new(seed);
                List<Tensor> values = [.. inputs];
                for (int step = 0; step < 12; step++)
                {
                    Tensor x = values[choice.Next(values.Count)];
                    Tensor y = values[choice.Next(values.Count)];
                    values.Add(choice.Next(8) switch
                    {
                        0 => x + y,
                        1 => x * y,
                        2 => x.Tanh(),
                        3 => x.Sigmoid() - y,
                        4 => x.Softmax(),
                        5 => x - x.Mean(-1, keepDims: true),
                        6 => x.Gelu(),
                        _ => x / (1 + y.Square()),
                    });
                }

                return values[^1] + values[^2].Sum() + inputs[0] + inputs[1];
            },
            1e-5,
            a,
            b);
    });

    [Fact]
    public void OtherTypesKeepTheirs()
    {
        foreach (DType type in new[] { DType.Float32, DType.Float16, DType.BFloat16, DType.Float64 })
        {
            Tensor x = Tensor.From<double>([0.5, -1, 2]).To(type).Realize();
            x.RequiresGrad = true;
            (x.To(DType.Float32) * 3 * Tensor.From<double>([1, 2, 4])).Sum().Backward();
            Assert.Equal(type, x.Grad!.DType);
            Assert.Equal([3, 6, 12], x.Grad.To(DType.Float64).ToArray<double>());
        }
    }

    [Fact]
    public void GradientsAddUpUntilTheyAreCleared()
    {
        Tensor x = Tensor.Ones(2, DType.Float64);
        x.RequiresGrad = true;
        (x * 3).Sum().Backward();
        (x * 4).Sum().Backward();
        Assert.Equal([7, 7], x.Grad!.ToArray<double>());
        x.Grad = null;
        (x * x).Backward(Tensor.From<double>([1, 10]));
        Assert.Equal([2, 20], x.Grad!.ToArray<double>());
        Assert.Equal([0, 0], Tensor.GradientsOf((Parameter([1.0]) * 2).Sum() + x.Detach().Sum(), x)[0].ToArray<double>());
    }

    [Fact]
    public void AGradientIsPendingAndFuses()
    {
        Tensor x = Tensor.Random(1).Normal((64, 32), dtype: DType.Float64).Realize();
        x.RequiresGrad = true;
        Tensor y = ((x * 2).Tanh() + 1).Sigmoid() * x;
        using Trace trace = new();
        y.Backward(Tensor.Ones((64, 32), DType.Float64));
        Assert.True(x.Grad!.IsPending);
        Assert.Empty(trace.Kernels);
        x.Grad.Realize();
        Assert.Single(trace.Kernels);
    }

    [Fact]
    public void ResultAndGradientShareTheirWork()
    {
        Tensor x = Tensor.Random(1).Normal((64, 32)).Realize();
        Tensor w = Tensor.Random(2).Normal((32, 16)).Realize();
        w.RequiresGrad = true;
        Tensor loss = x.MatMul(w).Tanh().Square().Mean();
        loss.Backward();
        using Trace trace = new();
        Tensor.RealizeAll(loss, w.Grad!);

        // Forward product, tanh, mean, gradient of tanh, backward product.
        Assert.True(trace.Kernels.Count <= 5, string.Join("; ", trace.Kernels.Select(kernel => kernel.Name)));
    }

    [Fact]
    public void TheGradientOfATransposedMatrixLiesLikeTheMatrix()
    {
        Tensor x = Tensor.Random(1).Normal((6, 5)).Realize();
        Tensor w = Tensor.Random(2).Normal((3, 5)).Realize();
        Tensor v = Tensor.Random(3).Normal((6, 4)).Realize();
        w.RequiresGrad = true;
        v.RequiresGrad = true;
        v.T.MatMul(x.MatMul(w.T)).Sum().Backward();
        Assert.True(w.Grad!.IsContiguous);
        Assert.True(v.Grad!.IsContiguous);
    }

    [Fact]
    public void WithoutATapeNothingIsKept()
    {
        Tensor x = Parameter([1, 2]);
        using (Tensor.NoGrad())
        {
            Assert.False((x * 2).RequiresGrad);
            Assert.Null((x * 2).Derivation);
            x.CopyFrom(x * 2);
        }

        Assert.True((x * 2).RequiresGrad);
        Assert.Equal([2, 4], x.ToArray<double>());
        Assert.False(x.Detach().RequiresGrad);
        Assert.False((x > 1).RequiresGrad);
        Assert.Null((x * 2).ArgMax().Derivation);
        Assert.Null((Tensor.Ones(3) * 2).Derivation);
    }

    [Fact]
    public void ARecordKeepsHowResultsCameAbout()
    {
        Tensor x = Tensor.Ones((2, 3));
        Tensor y;
        using (Tensor.Record())
        {
            y = x.MatMul(Tensor.Ones((3, 4))).Relu().Softmax();
        }

        Assert.False(y.RequiresGrad);
        Assert.Equal("softmax", y.Derivation!.Name);
        Assert.Equal(1, y.Derivation.Attribute);
        Assert.Equal("relu", y.Derivation.Inputs[0].Derivation!.Name);
        Assert.Equal("matmul", y.Derivation.Inputs[0].Derivation!.Inputs[0].Derivation!.Name);
        Assert.Same(x, y.Derivation.Inputs[0].Derivation!.Inputs[0].Derivation!.Inputs[0]);
    }

    [Fact]
    public void AnAuthorsGradientIsUsed()
    {
        Tensor x = Parameter([1, 2, 3]);
        Tensor y = (x.Detach() * 2).WithGradient("double", [x], gradient => [gradient * 5]);
        y.Sum().Backward();
        Assert.Equal([2, 4, 6], y.ToArray<double>());
        Assert.Equal([5, 5, 5], x.Grad!.ToArray<double>());
        Tensor wrong = (x.Detach() * 2).WithGradient("double", [x], gradient => [gradient.Sum()]);
        Assert.Contains("double gave a gradient of shape [] for input 1", Assert.Throws<InvalidOperationException>(() => wrong.Sum().Backward()).Message);
    }

    [Fact]
    public void WhatCannotBeIsRefused()
    {
        Tensor x = Parameter([1, 2]);
        Assert.Contains("2 elements", Assert.Throws<InvalidOperationException>((x * 2).Backward).Message);
        Assert.Contains("set RequiresGrad", Assert.Throws<InvalidOperationException>(Tensor.Ones(1).Backward).Message);
        Assert.Contains("floating-point", Assert.Throws<InvalidOperationException>(() => Tensor.Ones(1, DType.Int32).RequiresGrad = true).Message);
        Assert.Contains("NoGrad", Assert.Throws<InvalidOperationException>(() => x.Fill(3)).Message);
        Assert.Contains("NoGrad", Assert.Throws<InvalidOperationException>(() => x[0] = 3.0).Message);
        Assert.Contains("Detach", Assert.Throws<InvalidOperationException>(() => (x * 2).Fill(3)).Message);
        Assert.Contains("Detach", Assert.Throws<InvalidOperationException>(() => (x * 2).RequiresGrad = false).Message);
        Assert.Contains("Detach", Assert.Throws<InvalidOperationException>(() => Tensor.Zeros(2, DType.Float64).CopyFrom(x)).Message);
        Assert.Contains("does not require", Assert.Throws<InvalidOperationException>(() => Tensor.GradientsOf((x * 2).Sum(), Tensor.Ones(2))).Message);
    }

    [Fact]
    public void AnInputWrittenInPlaceIsFoundOut()
    {
        Tensor x = Parameter([1, 2]);
        Tensor data = Tensor.From<double>([3, 4]);
        Tensor loss = (x * data).Sum();
        data.Fill(0);
        Assert.Contains("written in place", Assert.Throws<InvalidOperationException>(loss.Backward).Message);
    }

    [Fact]
    public void AResultWrittenInPlaceIsFoundOut()
    {
        Tensor x = Parameter([1, 2]);
        Tensor y = x.Exp();
        using (Tensor.NoGrad())
        {
            y.Fill(0);
        }

        Assert.Contains("result of exp", Assert.Throws<InvalidOperationException>(y.Sum().Backward).Message);
    }

    [Fact]
    public void AGivenGradientTakesTheTypeOfTheResult()
    {
        foreach (DType type in new[] { DType.Int32, DType.Bool, DType.Float16, DType.Float64 })
        {
            Tensor x = Tensor.Arange(6).Reshape(3, 2).Clone();
            x.RequiresGrad = true;
            Tensor indices = Tensor.From((int[])[0, 2, 2]);
            x.Take(indices, 0).Backward(Tensor.Ones((3, 2)).To(type));
            Assert.Equal([1f, 1, 0, 0, 2, 2], x.Grad!.ToArray<float>());
            x.Grad = null;
            (x * 2).Backward(Tensor.Ones(2).To(type));
            Assert.Equal([2f, 2, 2, 2, 2, 2], x.Grad!.ToArray<float>());
        }
    }

    [Fact]
    public void EachGradientMayBeWrittenAlone()
    {
        Tensor a = Parameter([1, 2]);
        Tensor b = Parameter([3, 4]);
        Tensor given = Tensor.From<double>([5, 6]);
        (a + b.Reshape(2)).Backward(given);
        a.Grad!.Fill(0);
        b.Grad!.CopyFrom(b.Grad * 2);
        Assert.Equal([0, 0], a.Grad.ToArray<double>());
        Assert.Equal([10, 12], b.Grad.ToArray<double>());
        Assert.Equal([5, 6], given.ToArray<double>());
        a.Grad = b.Grad = null;
        ((a + b) * given).Sum().Backward();
        a.Grad!.Fill(0);
        Assert.Equal([5, 6], b.Grad!.ToArray<double>());
        a.Grad = null;
        a.Backward(given);
        a.Grad!.Fill(0);
        Assert.Equal([5, 6], given.ToArray<double>());
    }

    [Fact]
    public void AWholeSliceCopiesNoGradient()
    {
        Tensor x = Tensor.Random(1).Normal((8, 4), dtype: DType.Float64).Realize();
        x.RequiresGrad = true;
        Tensor loss = (x[.., ..] * x.Detach()).Sum();
        loss.Backward();
        using Trace trace = new();
        x.Grad!.Realize();
        Assert.DoesNotContain(trace.Kernels, kernel => kernel.Name == "embed");
        Assert.Equal(x.Detach().ToArray<double>(), x.Grad.ToArray<double>());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1.5)]
    [InlineData(-2)]
    [InlineData(1)]
    [InlineData(0)]
    public void ThePowerToANumberIsDerivedInTheTypeOfItsBase(double exponent)
    {
        Tensor x = Tensor.From((float[])[1, 2, 4]).Clone();
        x.RequiresGrad = true;
        Tensor loss = (x.Power(exponent) + x).Sum();
        loss.Backward();
        using Trace trace = new();
        float[] found = x.Grad!.ToArray<float>();
        Assert.Equal([.. x.Detach().ToArray<float>().Select(number => (float)(1 + (exponent * Math.Pow(number, exponent - 1))))], found, (left, right) => Math.Abs(left - right) <= 1e-5f * Math.Abs(right));
        Assert.True(trace.Kernels.Count <= 1, string.Join("; ", trace.Kernels.Select(kernel => kernel.Name)));
        Assert.Equal(DType.Float32, x.Grad.DType);
    }

    [Fact]
    public void ALongChainNeedsNoStack()
    {
        Tensor x = Parameter([0.5]);
        Tensor y = x;
        for (int step = 0; step < 20_000; step++)
        {
            y = (y * 0.999) + 0.0001;
        }

        y.Sum().Backward();
        Assert.Equal(Math.Pow(0.999, 20_000), x.Grad!.ToDouble(), 1e-15);
    }

    private static double[] GradientOf(Func<Tensor, Tensor> function, double[] numbers)
    {
        Tensor x = Parameter(numbers);
        function(x).Sum().Backward();
        return x.Grad!.ToArray<double>();
    }

    private static Tensor Parameter(double[] numbers)
    {
        Tensor x = Tensor.From(numbers);
        x.RequiresGrad = true;
        return x;
    }

    /// <summary>A shape of few elements, since differences take two evaluations for each.</summary>
    private static int[] Small(Samples samples) =>
        [.. Enumerable.Range(0, samples.Random.Next(4)).Select(_ => samples.Random.Next(8) == 0 ? 1 : samples.Random.Next(1, 4))];

    private static void ForSeeds(int count, Action<Samples> property) => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(), seed => property(new Samples(seed))).Check(Config.QuickThrowOnFailure.WithMaxTest(count));
}

using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>
/// bf16, which NumPy has not, gives what PyTorch's gives, where PyTorch has the operation; what PyTorch rounds at every step of a sum, what its f32 gives,
/// rounded once. Types promote as NumPy's f16 does.
/// </summary>
public sealed class BFloat16TorchTests
{
    private const string Names = "t = lambda r: torch.from_numpy(np.ascontiguousarray(r)) if r.dtype in ('i8', '?') else torch.from_numpy(np.ascontiguousarray(r)).bfloat16()\n"
        + "f = lambda r: t(r).float()\nF = torch.nn.functional\ndef widen(r):\n    if isinstance(r, (tuple, list)): return [widen(one) for one in r]\n    return r.float().numpy() if r.dtype == torch.bfloat16 else r.numpy()\n";

    // Of an element, how many of its last digits may differ: one where PyTorch rounds between two steps and we do not, or the other way round.
    private static readonly (int Digits, string Code, Func<NumPyInputs, Tensor[]> Function)[] functions =
    [
        (0, "(t(a) + t(b), t(a) - t(b), t(a) * t(b), t(a) / t(b), -t(a), abs(t(a)))", x => [x.A + x.B, x.A - x.B, x.A * x.B, x.A / x.B, -x.A, x.A.Abs()]),
        (0, "(t(a) + 1, 1.5 - t(a), t(a) * 0.3, t(a) / 3, t(z)[0] + 1)", x => [x.A + 1, 1.5 - x.A, x.A * 0.3, x.A / 3, x.Z + 1]),
        (0, "(torch.maximum(t(a), t(b)), torch.minimum(t(a), t(v)), torch.where(t(m), t(a), t(b)), torch.clamp(t(a), -1, 1))", x => [Tensor.Maximum(x.A, x.B), Tensor.Minimum(x.A, x.V), Tensor.Where(x.M, x.A, x.B), x.A.Clamp(-1, 1)]),
        (0, "(t(a) < t(b), t(a) == t(a), t(n).isnan(), t(a) >= 0.5)", x => [x.A < x.B, x.A.EqualTo(x.A), x.N.IsNaN(), x.A >= 0.5]),
        (0, "(t(a).floor(), t(a).ceil(), t(a).round(), t(a).trunc(), t(a).sign(), t(a).frac())", x => [x.A.Floor(), x.A.Ceiling(), x.A.Round(), x.A.Truncate(), x.A.Sign(), x.A.Fraction()]),
        (1, "(t(a).exp(), abs(t(a)).sqrt(), abs(t(a)).log(), t(a).sin(), t(a).cos(), t(a).tanh(), t(a).sigmoid(), t(a).erf(), t(a).expm1())", x => [x.A.Exp(), x.A.Abs().Sqrt(), x.A.Abs().Log(), x.A.Sin(), x.A.Cos(), x.A.Tanh(), x.A.Sigmoid(), x.A.Erf(), x.A.ExpM1()]),
        (1, "(abs(t(a)).rsqrt(), t(a).reciprocal(), t(a) ** 2, t(a) ** 3, abs(t(a)) ** 0.5, abs(t(a)).log1p(), abs(t(a)).log2(), t(a).exp2())", x => [x.A.Abs().ReciprocalSqrt(), x.A.Reciprocal(), x.A.Power(2), x.A.Power(3), x.A.Abs().Power(0.5), x.A.Abs().Log1P(), x.A.Abs().Log2(), x.A.Exp2()]),
        (1, "(F.relu(t(a)), F.leaky_relu(t(a), 0.2), F.gelu(f(a)).bfloat16(), F.silu(t(a)), F.elu(t(a)), F.softplus(t(a)), F.hardtanh(t(a)))", x => [x.A.Relu(), x.A.LeakyRelu(0.2), x.A.Gelu(), x.A.Silu(), x.A.Elu(), x.A.Softplus(), x.A.HardTanh()]),
        (1, "(t(a).sum(), f(c).sum((0, 2)).bfloat16(), f(c).sum(1, keepdim=True).bfloat16(), t(a).mean(), f(c).mean((1, 2)).bfloat16(), t(e).sum(0))", x => [x.A.Sum(), x.C.Sum((0, 2)), x.C.Sum(1, keepDims: true), x.A.Mean(), x.C.Mean((1, 2)), x.E.Sum(0)]),
        (0, "(t(a).max(), t(c).amax((0, 1)), t(c).amin(2, keepdim=True), t(a).argmax(), t(c).argmin(1), t(z).max())", x => [x.A.Max(), x.C.Max((0, 1)), x.C.Min(2, keepDims: true), x.A.ArgMax(), x.C.ArgMin(1), x.Z.Max()]),
        (1, "(t(a).var(unbiased=False), t(c).var(1), t(c).std((0, 1), unbiased=False), f(v).prod().bfloat16())", x => [x.A.Var(), x.C.Var(1, correction: 1), x.C.Std((0, 1)), x.V.Prod()]),
        (1, "(torch.softmax(t(c), 1), torch.log_softmax(f(a), 1).bfloat16(), torch.logsumexp(t(c), 2))", x => [x.C.Softmax(1), x.A.LogSoftmax(), x.C.LogSumExp(2)]),
        (1, "[r.bfloat16() for r in (f(a) @ f(b).T, f(c) @ f(a).T, f(s) @ f(s), f(a) @ f(v), f(v) @ f(v))]", x => [x.A.MatMul(x.B.T), x.C.MatMul(x.A.T), x.S.MatMul(x.S), x.A.MatMul(x.V), x.V.Dot(x.V)]),
        (2, "(t(a).cumsum(1), t(v).cumprod(0), torch.cummax(t(a), 0)[0])", x => [x.A.CumSum(1), x.V.CumProd(0), x.A.CumMax(0)]),
        (0, "(t(c).sort(1)[0], t(a).topk(3)[0], t(a).flip(0), torch.cat([t(a), t(b)]), t(a)[t(i)], t(a).gather(0, t(j)), t(c).permute(2, 0, 1))", x => [x.C.Sort(1), x.A.TopK(3).Values, x.A.Flip(0), Tensor.Concat(0, x.A, x.B), x.A.Take(x.I), x.A.Gather(0, x.J), x.C.Permute(2, 0, 1)]),
        (0, "(t(a).roll(2, 1), t(a).tril(1), t(a).repeat(2, 3), t(a).masked_fill(t(m), 2), t(c).diagonal(0, 1, 2), torch.stack([t(v), t(v)]))", x => [x.A.Roll(2, 1), x.A.Tril(1), x.A.Tile(2, 3), x.A.MaskedFill(x.M, 2), x.C.Diagonal(0, 1, 2), Tensor.Stack(0, x.V, x.V)]),
        (0, "(t(a).float() + 1, t(a).long(), t(i).bfloat16() * 0.3, t(m).bfloat16(), t(a) * t(m))", x => [x.A.To(DType.Float32) + 1, x.A.To(DType.Int64), x.I.To(DType.BFloat16) * 0.3, x.M.To(DType.BFloat16), x.A * x.M]),
        (1, "F.conv2d(t(x), t(k), padding=1, groups=2)", x => [x.X.Conv2D(x.K, padding: 1, groups: 2)]),
        (1, "F.max_pool2d(t(x), 2)", x => [x.X.MaxPool2D(2)]),
        (1, "F.avg_pool2d(t(x), 2)", x => [x.X.AvgPool2D(2)]),
        (2, "F.layer_norm(t(a), (5,), t(v), t(b)[0])", x => [x.A.LayerNorm(x.V, x.B[0])]),
        (2, "F.batch_norm(t(x), None, None, t(v)[:4], training=True)", x => [x.X.BatchNorm(x.V[..4])]),
    ];

    [Fact]
    public void OperationsArePyTorchs()
    {
        NumPy.RequireTorch();
        NumPyInputs inputs = new(DType.BFloat16, 91);
        NumPyAnswer[] answers = NumPy.Evaluate(functions.Select(entry => NumPyCase.Of($"{Names}widen({entry.Code})  # torch", inputs.Named(entry.Code))));
        List<string> failures = [];
        foreach (((int digits, string code, Func<NumPyInputs, Tensor[]> function), NumPyAnswer answer) in functions.Zip(answers))
        {
            if (answer.Error is not null)
            {
                failures.Add($"{code}: {answer.Error}");
                continue;
            }

            Tensor[] results = function(inputs);
            for (int index = 0; index < results.Length; index++)
            {
                if (Failure(answer.Arrays[index], results[index], digits) is { } failure)
                {
                    failures.Add($"{code}: result {index}: {failure}");
                }
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} differ:\n{string.Join('\n', failures)}");
    }

    private static string? Failure(NumPyArray expected, Tensor result, int digits)
    {
        // PyTorch's bf16 came as f32.
        DType type = expected.DType == DType.Float32 && result.DType == DType.BFloat16 ? DType.BFloat16 : expected.DType;
        if (result.DType != type || !expected.Shape.SequenceEqual(result.Shape.ToArray()))
        {
            return $"{result.DType.Name}{result.Shape} for {expected.DType.Name}[{string.Join(", ", expected.Shape)}]";
        }

        double[] numbers = NumPyArray.Of(result).Numbers;
        for (int place = 0; place < numbers.Length; place++)
        {
            (double wanted, double found) = (expected.Numbers[place], numbers[place]);
            double digit = type == DType.BFloat16 ? Math.Pow(2, Math.Floor(Math.Log2(Math.Max(Math.Abs(wanted), 1e-30))) - 7) : 0;
            if (!wanted.Equals(found) && !(Math.Abs(wanted - found) <= digits * digit))
            {
                return $"element {place} is {found}, PyTorch's {wanted}";
            }
        }

        return null;
    }
}

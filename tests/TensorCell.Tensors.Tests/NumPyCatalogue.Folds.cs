using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

// Folds, products, statistics; and what networks are made of.
internal static partial class NumPyCatalogue
{
    private static readonly (For, string, Func<NumPyInputs, Tensor[]>)[] Folds =
    [
        (For.Every, "(a.sum(), a.prod(), a.mean(), a.max(), a.min(), a.var(), a.std())", x => [x.A.Sum(), x.A.Prod(), x.A.Mean(), x.A.Max(), x.A.Min(), x.A.Var(), x.A.Std()]),
        (For.Every, "(e.sum(), e.prod(), e.sum(0), e.any(), e.all(), e.sum(1))", x => [x.E.Sum(), x.E.Prod(), x.E.Sum(0), x.E.Any(), x.E.All(), x.E.Sum(1)]),
        (For.Every, "(z.sum(), z.max(), z.mean(), z.any(), np.sort(z[None]), z.argmax())", x => [x.Z.Sum(), x.Z.Max(), x.Z.Mean(), x.Z.Any(), x.Z.Unsqueeze(0).Sort(), x.Z.ArgMax()]),
        (For.Every, "(a.argmin(), a.argmin(0), a.argmax(), a.argmax(1))", x => [x.A.ArgMin(), x.A.ArgMin(0), x.A.ArgMax(), x.A.ArgMax(1)]),
        (For.Every, "(np.cumsum(a), np.cumsum(c, 1), np.cumsum(e, 0))", x => [x.A.CumSum(), x.C.CumSum(1), x.E.CumSum(0)]),
        (For.Every, "(np.cumprod(v), np.cumprod(a[:, ::-1], 1)[:, ::-1])", x => [x.V.CumProd(), x.A.CumProd(1, reverse: true)]),
        (For.Every, "(np.maximum.accumulate(c, 1), np.minimum.accumulate(c, 2))", x => [x.C.CumMax(1), x.C.CumMin(2)]),
        (For.Wide, "(torch.cummax(t(a), 1)[1], torch.cummin(t(a), 0)[1])", x => [x.A.ArgCumMax(1), x.A.ArgCumMin(0)]),
        (For.Real, "np.logaddexp.accumulate(a, 1)", x => [x.A.LogCumSumExp(1)]),
        (For.Every, "(np.diff(a), np.diff(c, 2, 1))", x => [x.A.Diff(), x.C.Diff(2, 1)]),
        (For.Every, "(np.unique(a), *np.unique(a, return_inverse=True, return_counts=True)[1:])", x => [x.A.Unique(), x.A.UniqueAll().Inverse.Flatten(), x.A.UniqueAll().Counts]),
        (For.Every, "(np.searchsorted(np.sort(v), a), np.searchsorted(np.sort(v), a, 'right'))", x => [x.V.Sort().SearchSorted(x.A), x.V.Sort().SearchSorted(x.A, right: true)]),
        (For.Integers, "np.bincount(abs(v).astype(int), minlength=7)", x => [x.V.Abs().BinCount(minimumLength: 7)]),
        (For.Wide, "np.bincount(i, v[[0, 1, 2, 3, 4, 0]])", x => [x.I.BinCount(x.V.Take([0, 1, 2, 3, 4, 0]))]),
        (For.Numbers, "np.histogram(a, 5)[0]", x => [x.A.Histogram(5).Counts]),
        (For.Wide, "np.histogram(a, np.sort(v))[0]", x => [x.A.Histogram(x.V.Sort())]),
        (For.Every, "(np.einsum('ij,kj->ik', a, b), np.einsum('bij,jk->bik', c, b.T), np.einsum('ii', s[0]))", x => [Tensor.Einsum("ij,kj->ik", x.A, x.B), Tensor.Einsum("bij,jk->bik", x.C, x.B.T), Tensor.Einsum("ii", x.S[0])]),
        (For.Every, "(np.tensordot(c, a), np.tensordot(c, a, ([1, 2], [0, 1])))", x => [x.C.TensorDot(x.A), x.C.TensorDot(x.A, [1, 2], [0, 1])]),
        (For.Every, "(np.kron(a, w), np.inner(a, b), np.outer(v, w), np.dot(v, v), a @ v, c @ b.T, s @ s, e @ v)", x => [x.A.Kron(x.W), x.A.Inner(x.B), x.V.Outer(x.W), x.V.Dot(x.V), x.A.MatMul(x.V), x.C.MatMul(x.B.T), x.S.MatMul(x.S), x.E.MatMul(x.V)]),
        (For.Wide, "(np.linalg.solve(s, s[::-1]), np.linalg.solve(s[0], a), np.linalg.solve(s[1], a[:, 0]))", x => [x.S.Solve(x.S.Flip(0)), x.S[0].Solve(x.A), x.S[1].Solve(x.A[.., 0])]),
        (For.Wide, "(np.linalg.inv(s), np.linalg.det(s), *np.linalg.slogdet(s))", x => [x.S.Inverse(), x.S.Determinant(), x.S.LogDeterminant().Sign, x.S.LogDeterminant().Logarithm]),
        (For.Numbers, "(np.linalg.matrix_power(s, 0), np.linalg.matrix_power(s, 1))", x => [x.S.MatrixPower(0), x.S.MatrixPower(1)]),
        (For.Integers, "np.linalg.matrix_power(s, 3)", x => [x.S.MatrixPower(3)]),
        (For.Wide, "np.linalg.matrix_power(s[0], -2)", x => [x.S[0].MatrixPower(-2)]),
        (For.Every, "(np.median(a), np.median(c, (0, 2)), np.median(a, 1, keepdims=True))", x => [x.A.To(RealOf(x)).Median(), x.C.To(RealOf(x)).Median((0, 2)), x.A.To(RealOf(x)).Median(1, keepDims: true)]),
        (For.Wide, "[r.astype(a.dtype) for r in (np.quantile(a, 0.3, 1), np.quantile(a, [0.1, 0.9]))]", x => [x.A.Quantile(0.3, 1), x.A.Quantile([0.1, 0.9])]),
        (For.Wide, "(np.linalg.norm(a), np.linalg.norm(a, 1, axis=0), np.linalg.norm(c, axis=(0, 1)))", x => [x.A.Norm(), x.A.Norm(1, 0), x.C.Norm(axes: (0, 1))]),
        (For.Every, "np.trace(c, 1, 1, 2)", x => [x.C.Trace(1, 1, 2)]),
        (For.Wide, "[r.astype(a.dtype) for r in (np.cov(a), np.corrcoef(a))]", x => [x.A.Covariance(), x.A.Correlation()]),
        (For.Every, "(np.count_nonzero(a, 0), np.any(a, 1), np.all(a, 0))", x => [x.A.CountNonZero(0), x.A.Any(1), x.A.All(0)]),
        (For.Every, "(np.nansum(n, 1), np.nanmax(n, 1), np.nanmin(n), np.nanprod(n, 1), np.nancumsum(n, 1))", x => [x.N.NanSum(1), x.N.NanMax(1), x.N.NanMin(), x.N.NanProd(1), x.N.NanCumSum(1)]),
        (For.Every, "(np.nanmean(n, 1), np.nanvar(n, 1), np.nanstd(n))", x => [x.N.NanMean(1), x.N.NanVar(1), x.N.NanStd()]),
        (For.Wide, "(np.nanmedian(n, 1), np.nanmedian(n), np.nanquantile(n, 0.3, 0, keepdims=True).astype(a.dtype), np.nanmedian(a, (0, 1)))", x => [x.N.NanMedian(1), x.N.NanMedian(), x.N.NanQuantile(0.3, 0, keepDims: true), x.A.NanMedian((0, 1))]),
        (For.Wide, "(np.average(a, axis=1, weights=abs(v) + 1), np.average(a, weights=abs(b) + 1))", x => [x.A.Average(x.V.Abs() + 1, 1), x.A.Average(x.B.Abs() + 1)]),
        (For.Wide, "(torch.softmax(t(c), 1), torch.log_softmax(t(c), 0), torch.logsumexp(t(c), 2))", x => [x.C.Softmax(1), x.C.LogSoftmax(0), x.C.LogSumExp(2)]),
    ];

    private static readonly (For, string, Func<NumPyInputs, Tensor[]>)[] Networks =
    [
        (For.Wide, "F.conv2d(t(x), t(k), stride=(2, 1), padding=1, dilation=(1, 2), groups=2)", x => [x.X.Conv2D(x.K, null, (2, 1), 1, (1, 2), 2)]),
        (For.Wide, "F.conv1d(t(x)[:, :, 0], t(k)[:, :, 0], padding=1, groups=2)", x => [x.X[.., .., 0].Conv1D(x.K[.., .., 0], padding: 1, groups: 2)]),
        (For.Wide, "F.conv_transpose2d(t(x)[:, :2], t(k)[:2], stride=2, output_padding=1)", x => [x.X[.., ..2].ConvTranspose2D(x.K[..2], stride: 2, outputPadding: 1)]),
        (For.Wide, "F.conv_transpose1d(t(x)[:, :2, 0], t(k)[:2, :, 0], stride=3)", x => [x.X[.., ..2, 0].ConvTranspose1D(x.K[..2, .., 0], stride: 3)]),
        (For.Wide, "F.max_pool2d(t(x), (3, 2), 2, (1, 1))", x => [x.X.MaxPool2D((3, 2), 2, 1)]),
        (For.Wide, "F.max_pool1d(t(x)[:, :, 0], 3)", x => [x.X[.., .., 0].MaxPool1D(3)]),
        (For.Wide, "F.avg_pool2d(t(x), 2, 1, 1, count_include_pad=False)", x => [x.X.AvgPool2D(2, 1, 1, countsPadding: false)]),
        (For.Wide, "F.avg_pool1d(t(x)[:, :, 0], 3, 2, 1)", x => [x.X[.., .., 0].AvgPool1D(3, 2, 1)]),
        (For.Wide, "F.adaptive_avg_pool2d(t(x), (3, 4))", x => [x.X.AdaptiveAvgPool2D((3, 4))]),
        (For.Wide, "F.layer_norm(t(a), (5,), t(v), t(b[0]))", x => [x.A.LayerNorm(x.V, x.B[0])]),
        (For.Wide, "F.layer_norm(t(a), (5,))", x => [x.A.Standardize(1)]),
        (For.Wide, "a / np.sqrt((a * a).mean(-1, keepdims=True) + np.asarray(1e-5, a.dtype)) * v", x => [x.A.RmsNorm(x.V)]),
        (For.Wide, "F.batch_norm(t(x), None, None, t(v)[:4], t(b[0, :4]), training=True)", x => [x.X.BatchNorm(x.V[..4], x.B[0, ..4])]),
        (For.Wide, "F.batch_norm(t(x), t(b)[1, :4], t(abs(b[2, :4]) + 1), t(v)[:4])", x => [x.X.BatchNorm(x.B[1, ..4], x.B[2, ..4].Abs() + 1, x.V[..4])]),
        (For.Wide, "F.group_norm(t(x), 2, t(v)[:4])", x => [x.X.GroupNorm(2, x.V[..4])]),
        (For.Wide, "torch.softmax(t(x) @ t(x).transpose(-1, -2) / 6 ** 0.5, -1) @ t(x)", x => [Tensor.Attention(x.X, x.X, x.X)]),
        (For.Wide, "torch.softmax((t(x) @ t(x).transpose(-1, -2) * 0.3).masked_fill(torch.ones(7, 7).triu(1) > 0, -9e15), -1) @ t(x)", x => [Tensor.Attention(x.X, x.X, x.X, isCausal: true, scale: 0.3)]),
    ];

    // NumPy's median of integers is f64, of truth values an error.
    private static DType RealOf(NumPyInputs inputs) => inputs.Type.IsFloatingPoint ? inputs.Type : DType.Float64;
}

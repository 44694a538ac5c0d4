using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

// The same functions given several axes, kept axes, other types, numbers for tensors, and tensors without axes or elements.
internal static partial class NumPyCatalogue
{
    private static readonly (For, string, Func<NumPyInputs, Tensor[]>)[] FoldVariants =
    [
        (For.Every, "(c.sum((0, -1), keepdims=True), c.mean((1, 2)), c.prod((-1,)), c.any((0, 1), keepdims=True), c.all((2, 0)))", x => [x.C.Sum((0, -1), keepDims: true), x.C.Mean((1, 2)), x.C.Prod(-1), x.C.Any((0, 1), keepDims: true), x.C.All((2, 0))]),
        (For.Every, "(c.max((0, 2), keepdims=True), c.min((1, 0)), c.max((0, 1, 2)), c.min(keepdims=True))", x => [x.C.Max((0, 2), keepDims: true), x.C.Min((1, 0)), x.C.Max((0, 1, 2)), x.C.Min(Axes.Of([]), keepDims: true)]),
        (For.Every, "(c.var((0, 1), keepdims=True), c.std((1, 2), ddof=1), c.var(ddof=2))", x => [x.C.Var((0, 1), keepDims: true), x.C.Std((1, 2), correction: 1), x.C.Var(Axes.Of([]), correction: 2)]),
        (For.Every, "(c.argmax(1, keepdims=True), c.argmin(-1, keepdims=True), c.argmax(-3), z.argmin())", x => [x.C.ArgMax(1, keepDims: true), x.C.ArgMin(-1, keepDims: true), x.C.ArgMax(-3), x.Z.ArgMin()]),
        (For.Every, "(np.count_nonzero(c, (0, 2)), np.count_nonzero(c, (1, 2), keepdims=True), np.count_nonzero(e), np.asarray(np.count_nonzero(z)))", x => [x.C.CountNonZero((0, 2)), x.C.CountNonZero((1, 2), keepDims: true), x.E.CountNonZero(), x.Z.CountNonZero()]),
        (For.Every, "(z.sum(), z.prod(), z.var(), z.std(), z.min(), z.all())", x => [x.Z.Sum(), x.Z.Prod(), x.Z.Var(), x.Z.Std(), x.Z.Min(), x.Z.All()]),
        (For.Every, "(e.sum(1, keepdims=True), e.prod((0, 1), keepdims=True), e.max(1), e.min(-1, keepdims=True), e.all(0), e.argmax(1))", x => [x.E.Sum(1, keepDims: true), x.E.Prod((0, 1), keepDims: true), x.E.Max(1), x.E.Min(-1, keepDims: true), x.E.All(0), x.E.ArgMax(1)]),
        (For.Every, "(np.nansum(n, (0, 1), keepdims=True), np.nanmax(n, 0, keepdims=True), np.nanmin(n, (1,)), np.nanprod(n), np.nanmean(n, 0, keepdims=True))", x => [x.N.NanSum((0, 1), keepDims: true), x.N.NanMax(0, keepDims: true), x.N.NanMin(1), x.N.NanProd(), x.N.NanMean(0, keepDims: true)]),
        (For.Every, "(np.nanvar(n, (0, 1), ddof=1), np.nanstd(n, 1, keepdims=True, ddof=1), np.nansum(z), np.nanmean(z))", x => [x.N.NanVar((0, 1), correction: 1), x.N.NanStd(1, keepDims: true, correction: 1), x.Z.NanSum(), x.Z.NanMean()]),
        (For.Wide, "[np.asarray(r).astype(a.dtype) for r in (np.quantile(c, 0.25, (0, 2), keepdims=True), np.quantile(c, [0, 0.5, 1], 1), np.nanquantile(n, 0.6), np.nanmedian(n, 0, keepdims=True))]", x => [x.C.Quantile(0.25, (0, 2), keepDims: true), x.C.Quantile([0, 0.5, 1], 1), x.N.NanQuantile(0.6), x.N.NanMedian(0, keepDims: true)]),
        (For.Wide, "(np.linalg.norm(c, axis=(1, 2), keepdims=True), np.linalg.norm(a, np.inf, axis=1), np.linalg.norm(v, -np.inf), np.linalg.norm(v, 0), np.linalg.norm(a, 3, axis=-1, keepdims=True))", x => [x.C.Norm(axes: (1, 2), keepDims: true), x.A.Norm(double.PositiveInfinity, 1), x.V.Norm(double.NegativeInfinity), x.V.Norm(0), x.A.Norm(3, -1, keepDims: true)]),
        (For.Wide, "(np.average(c, (0, 2), abs(c) + 1), np.average(a, 0, abs(a[:, 0]) + 1))", x => [x.C.Average(x.C.Abs() + 1, (0, 2)), x.A.Average(x.A[.., 0].Abs() + 1, 0)]),
        (For.Wide, "[r.astype(a.dtype) for r in (np.cov(a, ddof=0), np.cov(c[0], ddof=2))]", x => [x.A.Covariance(0), x.C[0].Covariance(2)]),
        (For.Wide, "(torch.logsumexp(t(c), 0, keepdim=True), torch.logsumexp(t(c), 2, keepdim=True), torch.softmax(t(c), 0), torch.log_softmax(t(a), 1))", x => [x.C.LogSumExp(0, keepDims: true), x.C.LogSumExp(2, keepDims: true), x.C.Softmax(0), x.A.LogSoftmax()]),
        (For.Every, "(np.cumsum(c, -1), np.cumprod(c[:, :, :3], 2), np.cumsum(a[::-1], 0)[::-1], np.cumsum(z), np.cumsum(e, 1))", x => [x.C.CumSum(-1), x.C[.., .., ..3].CumProd(2), x.A.CumSum(0, reverse: true), x.Z.CumSum(), x.E.CumSum(1)]),
        (For.Every, "(np.maximum.accumulate(a[:, ::-1], 1)[:, ::-1], np.minimum.accumulate(a[::-1], 0)[::-1])", x => [x.A.CumMax(1, reverse: true), x.A.CumMin(0, reverse: true)]),
        (For.Every, "(np.diff(c, 0), np.diff(c, 3, 0), np.diff(e, axis=1))", x => [x.C.Diff(0), x.C.Diff(3, 0), x.E.Diff(axis: 1)]),
    ];

    private static readonly (For, string, Func<NumPyInputs, Tensor[]>)[] NumberVariants =
    [
        (For.Numbers, "(a + 1, 1 + a, a - 1, 3 - a, a * 2, 2 * a, z + z, e * 2)", x => [x.A + 1, 1 + x.A, x.A - 1, 3 - x.A, x.A * 2, 2 * x.A, x.Z + x.Z, x.E * 2]),
        (For.Every, "(a / 2, np.true_divide(a, 3), z[None] / 2)", x => [x.A / 2, x.A / 3, x.Z.Unsqueeze(0) / 2]),
        (For.Real, "(a + 0.5, 1.5 - a, a * 0.5, 1 / (abs(a) + 1), z[None] * 0.5)", x => [x.A + 0.5, 1.5 - x.A, x.A * 0.5, 1 / (x.A.Abs() + 1), x.Z.Unsqueeze(0) * 0.5]),
        (For.Integers, "(a.astype('f8') * 0.5, a // 3, a % 3, np.fmod(a, 3), a & 1, a | 2, a ^ 3, a << 1, a >> 1)", x => [x.A * 0.5, x.A.FloorDivide(3), x.A.Modulo(3), x.A % 3, x.A & 1, x.A | 2, x.A ^ 3, x.A << 1, x.A >> 1]),
        (For.Numbers, "(a < 1, a <= 1, 1 < a, 1 >= a, a == 1, a != 1)", x => [x.A < 1, x.A <= 1, 1 < x.A, 1 >= x.A, x.A.EqualTo(1), x.A.NotEqualTo(1)]),
        (For.Numbers, "(np.minimum(a, np.asarray(1, a.dtype)), np.maximum(np.asarray(1, a.dtype), a), np.clip(a, 1, 2), np.where(m, a, np.asarray(0, a.dtype)), np.where(m, np.asarray(1, a.dtype), a))", x => [Tensor.Minimum(x.A, 1), Tensor.Maximum(1, x.A), x.A.Clamp(1, 2), Tensor.Where(x.M, x.A, 0), Tensor.Where(x.M, 1, x.A)]),
        (For.Numbers, "(a ** 2, a ** 3, a ** 0, a ** 1)", x => [x.A.Power(2), x.A.Power(3), x.A.Power(0), x.A.Power(1)]),
        (For.Wide, "(abs(a) ** 0.5, (abs(a) + 1) ** -1, (abs(a) + 1) ** 1.5, 2.0 ** a)", x => [x.A.Abs().Power(0.5), (x.A.Abs() + 1).Power(-1), (x.A.Abs() + 1).Power(1.5), ((Tensor)2.0).Power(x.A)]),
        (For.Integers, "(np.floor(a.astype('f8')).astype(a.dtype), np.round(a, 2), np.round(a, -1), np.trunc(a.astype('f8')).astype(a.dtype), np.nan_to_num(a))", x => [x.A.Floor(), x.A.Round(2), x.A.Round(-1), x.A.Truncate(), x.A.NanToNum()]),
        (For.Real, "(np.nan_to_num(n, nan=2), np.nan_to_num(n / (a * 0), nan=1, posinf=3, neginf=-3), np.round(a, -1), np.round(z, 2))", x => [x.N.NanToNum(2), (x.N / (x.A * 0)).NanToNum(1, 3, -3), x.A.Round(-1), x.Z.Round(2)]),
        (For.Every, "(np.isclose(n, n, equal_nan=True), np.isclose(n, n + m, 0, 1.5, True), np.asarray(np.allclose(n, n, equal_nan=True)), np.asarray(np.array_equal(n * 1.0, n * 1.0, equal_nan=True)))", x => [x.N.IsClose(x.N, equalNaN: true), x.N.IsClose(x.N + x.M, 0, 1.5, true), Tensor.Scalar(x.N.AllClose(x.N, equalNaN: true)), Tensor.Scalar((x.N * 1.0).ArrayEqual(x.N * 1.0, true))]),
    ];

    private static readonly (For, string, Func<NumPyInputs, Tensor[]>)[] TypeVariants =
    [
        (For.Every, "(np.zeros((2, 0)), np.ones((), 'i4'), np.full((2, 3), True), np.full(3, 300, 'i8'), np.full((), 0.5, 'f2'))", x => [Tensor.Zeros((2, 0), DType.Float64), Tensor.Ones(default, DType.Int32), Tensor.Full((2, 3), true), Tensor.Full(3, 300, DType.Int64), Tensor.Full(default, 0.5, DType.Float16)]),
        (For.Every, "(np.full((2, 3), True).astype(a.dtype), np.eye(3, dtype=a.dtype), np.eye(2, 0, dtype=a.dtype))", x => [Tensor.Full((2, 3), true, x.Type), Tensor.Eye(3, dtype: x.Type), Tensor.Eye(2, 0, x.Type)]),
        (For.Numbers, "(np.arange(5, 1, -1, dtype=a.dtype), np.arange(0, dtype=a.dtype), np.linspace(1, 1, 1).astype(a.dtype), np.linspace(9, 3, 4).astype(a.dtype))", x => [Tensor.Arange(5, 1, -1, x.Type), Tensor.Arange(0, x.Type), Tensor.Linspace(1, 1, 1, x.Type), Tensor.Linspace(9, 3, 4, x.Type)]),
        (For.Every, "(np.sum(a, dtype='f8'), a.astype('f8').mean(0), a.astype('i8').cumsum(1), a.astype('?').any(1))", x => [x.A.To(DType.Float64).Sum(), x.A.To(DType.Float64).Mean(0), x.A.To(DType.Int64).CumSum(1), x.A.To(DType.Bool).Any(1)]),
        (For.Every, "(np.eye(5, dtype='i8')[j], np.eye(4, dtype='?')[i], np.eye(6, dtype='f4')[u])", x => [x.J.OneHot(5, DType.Int64), x.I.OneHot(4, DType.Bool), x.U.OneHot(6)]),
        (For.Every, "(m + a, a * m, np.maximum(m, a), m @ a.T, np.where(m, m, a))", x => [x.M + x.A, x.A * x.M, Tensor.Maximum(x.M, x.A), x.M.MatMul(x.A.T), Tensor.Where(x.M, x.M, x.A)]),
        (For.Every, "(a + u[:, None], c.astype('f4') * a, np.concatenate([a, i[:5][None]]), np.stack([a, b.astype('f8')]))", x => [x.A + x.U.Unsqueeze(1), x.C.To(DType.Float32) * x.A, Tensor.Concat(0, x.A, x.I[..5].Unsqueeze(0)), Tensor.Stack(0, x.A, x.B.To(DType.Float64))]),
    ];

    private static readonly (For, string, Func<NumPyInputs, Tensor[]>)[] PartVariants =
    [
        (For.Every, "(np.sort(c, -2), -np.sort(-c.astype('f8'), 0), np.argsort(-c.astype('f8'), 2, kind='stable'), np.sort(e), np.sort(z[None]))", x => [x.C.Sort(-2), x.C.To(DType.Float64).Sort(0, descending: true), x.C.ArgSort(2, descending: true), x.E.Sort(), x.Z.Unsqueeze(0).Sort()]),
        (For.Every, "(np.flip(c, 1), np.flip(e), np.flip(z), np.rot90(a), np.rot90(a, -1), np.rot90(c, 2, (0, 2)), np.rot90(a, 4))", x => [x.C.Flip(1), x.E.Flip(), x.Z.Flip(), x.A.Rot90(), x.A.Rot90(-1), x.C.Rot90(2, 0, 2), x.A.Rot90(4)]),
        (For.Every, "(np.squeeze(c[:1, :1]), np.squeeze(c[:1, :, :1], (0, 2)), np.expand_dims(z, 0), np.expand_dims(e, -1), c.transpose(2, 0, 1), np.swapaxes(c, -1, -3))", x => [x.C[..1, ..1].Squeeze(), x.C[..1, .., ..1].Squeeze(0, 2), x.Z.Unsqueeze(0), x.E.Unsqueeze(-1), x.C.Permute(2, 0, 1), x.C.Transpose(-1, -3)]),
        (For.Every, "(np.tile(v, 0), np.tile(v, 1), np.tile(z, (2, 2)), np.tile(e, (3, 1)), np.repeat(c, 2, 1), np.repeat(z, 3), np.repeat(e, 2, 0), np.repeat(a, 0, 1))", x => [x.V.Tile(0), x.V.Tile(1), x.Z.Tile(2, 2), x.E.Tile(3, 1), x.C.Repeat(2, 1), x.Z.Repeat(3), x.E.Repeat(2, 0), x.A.Repeat(0, 1)]),
        (For.Every, "(np.roll(c, -7), np.roll(c, (1, 2, -3), (0, 1, 2)), np.roll(e, 2), np.roll(a, 3, -2), np.roll(z, 1))", x => [x.C.Roll(-7), x.C.Roll([1, 2, -3], [0, 1, 2]), x.E.Roll(2), x.A.Roll(3, -2), x.Z.Roll(1)]),
        (For.Every, "(np.pad(a, 1), np.pad(a, ((0, 1), (2, 0)), constant_values=1), np.pad(a, 2, mode='edge'), np.pad(a, ((1, 0), (0, 3)), mode='wrap'), np.pad(e, 1), np.pad(a, 2, mode='symmetric'))", x => [x.A.Pad(1), x.A.Pad([(0, 1), (2, 0)], value: 1), x.A.Pad(2, PadMode.Replicate), x.A.Pad([(1, 0), (0, 3)], PadMode.Circular), x.E.Pad(1), x.A.Pad(2, PadMode.Symmetric)]),
        (For.Every, "(*np.split(c, 4, 1), *np.split(a, [2, 2], 0), *np.array_split(v, 3))", x => [.. x.C.Split(4, 1), .. x.A.Split([2, 0, 2]), .. x.V.Chunk(3)]),
        (For.Every, "(np.take(c, i, 1), np.take(c, j, -1), np.take(a, [2, -1, 0], 1), a[-2], a[[1, -1]], c[:, [2, 0], 1])", x => [x.C.Take(x.I, 1), x.C.Take(x.J, -1), x.A.Take([2, -1, 0], 1), x.A[-2], x.A.Take([1, -1]), x.C[.., Tensor.From([2L, 0]), 1]]),
        (For.Every, "(np.take_along_axis(a, j[:2], 0), np.take_along_axis(c, j[None, :, :2], 2))", x => [x.A.Gather(0, x.J[..2]), x.C.Gather(2, x.J.Unsqueeze(0)[.., .., ..2].BroadcastTo((3, 4, 2)))]),
        (For.Every, "(np.tril(a), np.triu(c, 2), np.tril(e), np.diagonal(c, -1, 1, 2), np.diag(v), np.diag(a, 1), np.diagflat(v, 2), np.trace(a), np.trace(c, -1))", x => [x.A.Tril(), x.C.Triu(2), x.E.Tril(), x.C.Diagonal(-1, 1, 2), x.V.Diag(), x.A.Diag(1), x.V.Diagflat(2), x.A.Trace(), x.C.Trace(-1)]),
        (For.Every, "(np.lib.stride_tricks.sliding_window_view(c, 2, 0), np.lib.stride_tricks.sliding_window_view(v, 2)[::2], np.meshgrid(v, w, indexing='ij')[0], np.meshgrid(v, w, indexing='ij')[1])", x => [x.C.SlidingWindow(2, axis: 0), x.V.SlidingWindow(2, 2), .. Tensor.Meshgrid([x.V, x.W], isCartesian: false)]),
        (For.Every, "(np.concatenate([c, c[:, :1]], 1), np.concatenate([e, a]), np.concatenate([v, w], -1), np.stack([v, v], 0), np.stack([z, z]), np.hstack([v, w]))", x => [Tensor.Concat(1, x.C, x.C[.., ..1]), Tensor.Concat(0, x.E, x.A), Tensor.Concat(-1, x.V, x.W), Tensor.Stack(0, x.V, x.V), Tensor.Stack(0, x.Z, x.Z), Tensor.HStack(x.V, x.W)]),
        (For.Every, "(np.tensordot(c, a.T, 1), np.tensordot(v, w, 0), np.tensordot(c, c, ([0, 2], [0, 2])))", x => [x.C.TensorDot(x.A.T, 1), x.V.TensorDot(x.W, 0), x.C.TensorDot(x.C, [0, 2], [0, 2])]),
        (For.Wide, "(np.cross(w, w[::-1]), np.trapz(a), np.trapz(c, dx=2, axis=0), np.gradient(c, axis=2), np.gradient(v, 2))", x => [x.W.Cross(x.W.Flip()), x.A.Trapezoid(), x.C.Trapezoid(2, 0), x.C.CentralDifference(axis: 2), x.V.CentralDifference(2)]),
        (For.Wide, "(torch.clamp(t(a), 0.5, 1), torch.clamp(t(a), t(v) * 0 - 1, abs(t(v))), t(c).flatten(0, 1), t(c).flatten(1, 2), t(a).repeat_interleave(t(u), 0))", x => [x.A.Clamp(0.5, 1), x.A.Clamp((x.V * 0) - 1, x.V.Abs()), x.C.Flatten(0, 1), x.C.Flatten(1, 2), x.A.Repeat(x.U, 0)]),
        (For.Wide, "[t(a).scatter_reduce(0, t(j), t(b), r, include_self=s) for r in ('sum', 'mean', 'amin', 'amax') for s in (True, False)]", x => [.. ((ScatterReduction[])[ScatterReduction.Sum, ScatterReduction.Mean, ScatterReduction.Minimum, ScatterReduction.Maximum]).SelectMany(how => (Tensor[])[x.A.ScatterReduce(0, x.J, x.B, how), x.A.ScatterReduce(0, x.J, x.B, how, includeSelf: false)])]),
    ];
}

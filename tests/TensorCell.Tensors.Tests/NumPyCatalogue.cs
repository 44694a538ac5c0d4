using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>
/// Python's functions and ours beside them, for what <see cref="NumPyFunctions"/> has not. <c>t</c> stands for <c>torch.from_numpy</c> and <c>F</c> for
/// <c>torch.nn.functional</c>, where NumPy has none.
/// </summary>
internal static partial class NumPyCatalogue
{
    /// <summary>Which types a function is compared for.</summary>
    public enum For
    {
        /// <summary>All that NumPy has.</summary>
        Every,

        /// <summary>Numbers: all but truth values.</summary>
        Numbers,

        /// <summary>f16, f32 and f64.</summary>
        Real,

        /// <summary>f32 and f64: what LAPACK and PyTorch compute in.</summary>
        Wide,

        /// <summary>Integers.</summary>
        Integers,
    }

    /// <summary>Everything.</summary>
    public static IEnumerable<(For Types, string Code, Func<NumPyInputs, Tensor[]> Function)> All =>
        [.. Functions, .. NumberVariants, .. TypeVariants, .. Parts, .. PartVariants, .. Folds, .. FoldVariants, .. Networks];

    private static readonly (For, string, Func<NumPyInputs, Tensor[]>)[] Functions =
    [
        (For.Real, "np.round(a, 1)", x => [x.A.Round(1)]),
        (For.Real, "1 / a", x => [x.A.Reciprocal()]),
        (For.Real, "np.deg2rad(a)", x => [x.A.DegreesToRadians()]),
        (For.Real, "np.rad2deg(a)", x => [x.A.RadiansToDegrees()]),
        (For.Every, "+a if a.dtype != bool else a", x => [+x.A]),
        (For.Every, "np.logical_not(m)", x => [!x.M]),
        (For.Wide, "torch.rsqrt(t(abs(a) + 1))", x => [(x.A.Abs() + 1).ReciprocalSqrt()]),
        (For.Wide, "torch.frac(t(a))", x => [x.A.Fraction()]),
        (For.Wide, "torch.erf(t(a))", x => [x.A.Erf()]),
        (For.Wide, "torch.special.xlogy(t(a), t(abs(b)))", x => [Tensor.XLogY(x.A, x.B.Abs())]),
        (For.Wide, "torch.lerp(t(a), t(b), 0.3)", x => [x.A.Lerp(x.B, 0.3)]),
        (For.Wide, "F.relu6(t(a))", x => [x.A.Relu6()]),
        (For.Wide, "F.elu(t(a), 0.7)", x => [x.A.Elu(0.7)]),
        (For.Wide, "F.selu(t(a))", x => [x.A.Selu()]),
        (For.Wide, "F.celu(t(a), 0.7)", x => [x.A.Celu(0.7)]),
        (For.Wide, "F.gelu(t(a))", x => [x.A.Gelu()]),
        (For.Wide, "F.gelu(t(a), approximate='tanh')", x => [x.A.GeluTanh()]),
        (For.Wide, "F.mish(t(a))", x => [x.A.Mish()]),
        (For.Wide, "F.hardtanh(t(a), -0.5, 2)", x => [x.A.HardTanh(-0.5, 2)]),
        (For.Wide, "F.hardsigmoid(t(a))", x => [x.A.HardSigmoid()]),
        (For.Wide, "F.hardswish(t(a))", x => [x.A.HardSwish()]),
        (For.Wide, "F.relu(t(a))", x => [x.A.Relu()]),
        (For.Wide, "F.leaky_relu(t(a), 0.2)", x => [x.A.LeakyRelu(0.2)]),
        (For.Wide, "torch.sigmoid(t(a))", x => [x.A.Sigmoid()]),
        (For.Wide, "F.silu(t(a))", x => [x.A.Silu()]),
        (For.Every, "np.isclose(a, b, 0.5)", x => [x.A.IsClose(x.B, 0.5)]),
        (For.Every, "np.allclose(a, b, 9, 9)", x => [Tensor.Scalar(x.A.AllClose(x.B, 9, 9))]),
        (For.Every, "np.array_equal(a, b)", x => [Tensor.Scalar(x.A.ArrayEqual(x.B))]),
        (For.Every, "np.isin(a, v)", x => [x.A.IsIn(x.V)]),
        (For.Every, "np.isin(a, e)", x => [x.A.IsIn(x.E)]),
        (For.Every, "np.zeros((2, 3), a.dtype)", x => [Tensor.Zeros((2, 3), x.Type)]),
        (For.Every, "np.ones((2, 3), a.dtype)", x => [Tensor.Ones((2, 3), x.Type)]),
        (For.Every, "np.full((2, 3), 2.5).astype(a.dtype)", x => [Tensor.Full((2, 3), 2.5, x.Type)]),
        (For.Every, "np.zeros_like(a)", x => [Tensor.ZerosLike(x.A)]),
        (For.Every, "np.ones_like(a)", x => [Tensor.OnesLike(x.A)]),
        (For.Every, "np.full_like(a, 3)", x => [Tensor.FullLike(x.A, 3)]),
        (For.Numbers, "np.arange(7, dtype=a.dtype)", x => [Tensor.Arange(7, x.Type)]),
        (For.Numbers, "np.arange(2, 30, 4, dtype=a.dtype)", x => [Tensor.Arange(2, 30, 4, x.Type)]),
        (For.Real, "np.linspace(-1, 2, 7).astype(a.dtype)", x => [Tensor.Linspace(-1, 2, 7, x.Type)]),
        (For.Real, "np.logspace(-1, 2, 7).astype(a.dtype)", x => [Tensor.Logspace(-1, 2, 7, dtype: x.Type)]),
        (For.Real, "np.logspace(-1, 2, 1, base=2).astype(a.dtype)", x => [Tensor.Logspace(-1, 2, 1, 2, x.Type)]),
        (For.Real, "np.geomspace(0.5, 40, 6).astype(a.dtype)", x => [Tensor.Geomspace(0.5, 40, 6, x.Type)]),
        (For.Real, "np.geomspace(-8, -1, 4).astype(a.dtype)", x => [Tensor.Geomspace(-8, -1, 4, x.Type)]),
        (For.Every, "np.eye(3, 5, dtype=a.dtype)", x => [Tensor.Eye(3, 5, x.Type)]),
        (For.Numbers, "np.interp(a, np.arange(-2, 3), w[[0, 1, 2, 1, 0]])", x => [x.A.Interpolate(Tensor.Arange(-2, 3), x.W.Take([0, 1, 2, 1, 0]))]),
        (For.Numbers, "np.asarray(np.trapz(c, dx=0.5, axis=1))", x => [x.C.Trapezoid(0.5, 1)]),
        (For.Wide, "np.trapz(c, w, axis=0)", x => [x.C.Trapezoid(x.W, 0)]),
        (For.Wide, "np.trapz(a, b, axis=-1)", x => [x.A.Trapezoid(x.B)]),
        (For.Numbers, "np.gradient(a, 0.5, axis=1)", x => [x.A.CentralDifference(0.5)]),
        (For.Numbers, "np.gradient(a, axis=0)", x => [x.A.CentralDifference(axis: 0)]),
        (For.Every, "np.convolve(v, w)", x => [x.V.Convolve(x.W)]),
        (For.Every, "np.convolve(w, v, 'same')", x => [x.W.Convolve(x.V, ConvolutionMode.Same)]),
        (For.Every, "np.convolve(v, w[:2], 'same')", x => [x.V.Convolve(x.W[..2], ConvolutionMode.Same)]),
        (For.Every, "np.convolve(v, w, 'valid')", x => [x.V.Convolve(x.W, ConvolutionMode.Valid)]),
        (For.Numbers, "np.cross(c[:, :, :3], w)", x => [x.C[.., .., ..3].Cross(x.W)]),
        (For.Numbers, "np.cross(c, c[::-1], axis=0)", x => [x.C.Cross(x.C.Flip(0), 0)]),
        (For.Wide, "torch.cdist(t(a), t(b))", x => [x.A.Distances(x.B)]),
        (For.Wide, "torch.cdist(t(c), t(a), p=1)", x => [x.C.Distances(x.A, 1)]),
    ];

    private static readonly (For, string, Func<NumPyInputs, Tensor[]>)[] Parts =
    [
        (For.Every, "np.tril(c, 1)", x => [x.C.Tril(1)]),
        (For.Every, "np.triu(c, -1)", x => [x.C.Triu(-1)]),
        (For.Every, "np.diagonal(c, 1, 0, 2)", x => [x.C.Diagonal(1, 0, 2)]),
        (For.Every, "np.diag(v, -2)", x => [x.V.Diag(-2)]),
        (For.Every, "np.diagflat(a)", x => [x.A.Diagflat()]),
        (For.Every, "(a[1:, ::-2], a[..., 2], a[i], a[m], a[i[:4, None], u])", x => [x.A[1.., TensorIndex.Every(-2)], x.A[TensorIndex.Ellipsis, 2], x.A[x.I], x.A[x.M], x.A[x.I[..4].Unsqueeze(1), x.U]]),
        (For.Every, "a[1] = v\na", x => [Changed(x.A, a => a[1] = x.V)]),
        (For.Every, "a[i] = b[0]\na", x => [Changed(x.A, a => a[x.I] = x.B[0])]),
        (For.Wide, "np.add.at(a, i, v)\na", x => [x.A.Clone().AddAt(x.V, x.I)]),
        (For.Every, "np.copyto(a, v)\na", x => [x.A.Clone().CopyFrom(x.V)]),
        (For.Every, "a.fill(1)\na", x => [x.A.Clone().Fill(1)]),
        (For.Every, "(b, b)", x => [x.A.Clone().Assign(x.B), Changed(x.A, a => Tensor.AssignAll([a], [x.B]))]),
        (For.Every, "np.concatenate([a, b[:2]])", x => [Tensor.Concat(0, x.A, x.B[..2])]),
        (For.Every, "np.stack([a, b], -1)", x => [Tensor.Stack(-1, x.A, x.B)]),
        (For.Every, "np.hstack([a, b])", x => [Tensor.HStack(x.A, x.B)]),
        (For.Every, "np.vstack([a, v])", x => [Tensor.VStack(x.A, x.V)]),
        (For.Every, "np.nonzero(a)", x => x.A.NonZero()),
        (For.Every, "np.where(m)", x => Tensor.Where(x.M)),
        (For.Every, "(np.argwhere(a), np.argwhere(z), np.argwhere(e))", x => [x.A.ArgWhere(), x.Z.ArgWhere(), x.E.ArgWhere()]),
        (For.Every, "a[m]", x => [x.A.MaskedSelect(x.M)]),
        (For.Every, "np.where(m, np.asarray(1, a.dtype), a)", x => [x.A.MaskedFill(x.M, Tensor.Ones(default, x.Type))]),
        (For.Every, "np.eye(4, dtype=a.dtype)[j]", x => [x.J.OneHot(4, x.Type)]),
        (For.Every, "np.sort(a, 0)", x => [x.A.Sort(0)]),
        (For.Every, "np.sort(a)[:, ::-1]", x => [x.A.Sort(descending: true)]),
        (For.Every, "np.argsort(c, 1, kind='stable')", x => [x.C.ArgSort(1)]),
        (For.Every, "(np.sort(c, 1), np.argsort(c, 1, kind='stable'))", x => [x.C.SortWithIndices(1).Values, x.C.SortWithIndices(1).Indices]),
        (For.Every, "np.sort(a)[:, :-4:-1]", x => [x.A.TopK(3).Values]),
        (For.Every, "np.pad(a, [(1, 2), (0, 3)])", x => [x.A.Pad([(1, 2), (0, 3)])]),
        (For.Every, "np.pad(a, 2, mode='reflect')", x => [x.A.Pad(2, PadMode.Reflect)]),
        (For.Every, "np.roll(c, (2, -1), (0, 2))", x => [x.C.Roll([2, -1], [0, 2])]),
        (For.Every, "(np.roll(a, 3), np.roll(a, 3, 1))", x => [x.A.Roll(3), x.A.Roll(3, 1)]),
        (For.Every, "np.split(a, 2)", x => x.A.Split(2)),
        (For.Every, "np.split(a, [1, 3], 1)", x => x.A.Split([1, 2, 2], 1)),
        (For.Every, "[a[:, :2], a[:, 2:4], a[:, 4:]]", x => x.A.Chunk(3, 1)),
        (For.Every, "(np.flip(c), np.flip(c, (0, 2)))", x => [x.C.Flip(), x.C.Flip((0, 2))]),
        (For.Every, "np.rot90(c, 3, (1, 2))", x => [x.C.Rot90(3, 1, 2)]),
        (For.Every, "(np.moveaxis(c, 0, -1), np.moveaxis(c, [0, 1], [2, 0]))", x => [x.C.MoveAxis(0, -1), x.C.MoveAxis([0, 1], [2, 0])]),
        (For.Every, "np.tile(a, (2, 1, 3))", x => [x.A.Tile(2, 1, 3)]),
        (For.Every, "(np.repeat(a, 3), np.repeat(a, 3, 1), np.repeat(a, u, 0))", x => [x.A.Repeat(3), x.A.Repeat(3, 1), x.A.Repeat(x.U, 0)]),
        (For.Every, "np.lib.stride_tricks.sliding_window_view(c, 3, 2)", x => [x.C.SlidingWindow(3)]),
        (For.Every, "np.broadcast_arrays(c, v)", x => Tensor.Broadcast(x.C, x.V)),
        (For.Every, "np.meshgrid(v, w)", x => Tensor.Meshgrid([x.V, x.W])),
        (For.Every, "np.take(a, i, 0)", x => [x.A.Take(x.I)]),
        (For.Every, "a[[3, 0]]", x => [x.A.Take([3, 0])]),
        (For.Every, "a[j]", x => [Tensor.Embedding(x.A, x.J)]),
        (For.Every, "np.take_along_axis(a, j, 0)", x => [x.A.Gather(0, x.J)]),
        (For.Every, "np.put_along_axis(a, u[:, None], b[:, :1], 1)\na", x => [x.A.Scatter(1, x.U.Unsqueeze(1), x.B[.., ..1])]),
        (For.Wide, "t(a).scatter_add(0, t(j), t(b))", x => [x.A.ScatterAdd(0, x.J, x.B)]),
        (For.Wide, "t(a).scatter_reduce(0, t(j), t(b), 'amax', include_self=False)", x => [x.A.ScatterReduce(0, x.J, x.B, ScatterReduction.Maximum, includeSelf: false)]),
        (For.Wide, "t(a).index_add(0, t(i), t(b)[t(i)])", x => [x.A.IndexAdd(0, x.I, x.B.Take(x.I))]),
        (For.Every, "a[u] = b\na", x => [x.A.IndexCopy(0, x.U, x.B)]),
        (For.Every, "c.T", x => [x.C.T]),
        (For.Every, "(c.reshape(5, -1), c.ravel(), c.reshape(3, 20), e.reshape(5, 0), z.reshape(1, 1))", x => [x.C.Reshape(5, -1), x.C.Flatten(), x.C.Flatten(1), x.E.Reshape(5, 0), x.Z.Reshape(1, 1)]),
        (For.Every, "(c.copy(), np.ascontiguousarray(c))", x => [x.C.Clone(), x.C.Contiguous()]),
        (For.Every, "(np.swapaxes(c, 0, 2), np.transpose(c, (1, 2, 0)))", x => [x.C.Transpose(0, 2), x.C.Permute(1, 2, 0)]),
        (For.Every, "(np.expand_dims(c, 1), np.squeeze(c[:1]), np.broadcast_to(v, (2, 3, 5)))", x => [x.C.Unsqueeze(1), x.C[..1].Squeeze(), x.V.BroadcastTo((2, 3, 5))]),
        (For.Every, "c[:, 1:4:2]", x => [x.C.Slice(1, 1..4, 2)]),
        (For.Every, "a.astype(np.float32)", x => [x.A.To(DType.Float32)]),
    ];

    private static Tensor Changed(Tensor tensor, Action<Tensor> change)
    {
        Tensor changed = tensor.Clone();
        change(changed);
        return changed;
    }
}

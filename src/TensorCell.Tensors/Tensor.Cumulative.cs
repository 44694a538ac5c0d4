using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Cumulative;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Running totals along an axis, and differences of neighbours. Totals of f32 are kept in double precision and rounded once; as in NumPy, sums and
// products of bool and integer tensors are i64.
public sealed partial class Tensor
{
    /// <summary>The running sum of all elements in row-major order, as a vector.</summary>
    public Tensor CumSum() => Flatten().CumSum(0);

    /// <summary>The running sum along an axis: each element is the sum of those up to it.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="reverse">Whether the sum runs from the end of the axis to its beginning.</param>
    public Tensor CumSum(int axis, bool reverse = false)
    {
        Tensor source = Totalled(this);
        Tensor result = Accumulate("cumsum", Accumulation.Sum, source, axis, reverse);
        return Tape.Keeps(source) ? CumulativeRules.Sum(result, source, RunAlong("cumsum", axis, reverse)).To(TotalType) : result.To(TotalType);
    }

    /// <summary>The running product of all elements in row-major order, as a vector.</summary>
    public Tensor CumProd() => Flatten().CumProd(0);

    /// <summary>The running product along an axis: each element is the product of those up to it.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="reverse">Whether the product runs from the end of the axis to its beginning.</param>
    public Tensor CumProd(int axis, bool reverse = false)
    {
        Tensor source = Totalled(this);
        Tensor result = Accumulate("cumprod", Accumulation.Product, source, axis, reverse);
        return Tape.Keeps(source) ? CumulativeRules.Product(result, source, RunAlong("cumprod", axis, reverse)).To(TotalType) : result.To(TotalType);
    }

    /// <summary>The greatest element so far along an axis; NaN from the first NaN on.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="reverse">Whether it runs from the end of the axis to its beginning.</param>
    public Tensor CumMax(int axis, bool reverse = false) => RunningExtreme("cummax", Accumulation.Greatest, axis, reverse);

    /// <summary>The least element so far along an axis; NaN from the first NaN on.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="reverse">Whether it runs from the end of the axis to its beginning.</param>
    public Tensor CumMin(int axis, bool reverse = false) => RunningExtreme("cummin", Accumulation.Least, axis, reverse);

    /// <summary>Where along an axis the greatest element so far is, the last of equal ones; an i64. See <see cref="CumMax"/>.</summary>
    public Tensor ArgCumMax(int axis, bool reverse = false) => RunningIndex("argcummax", true, axis, reverse);

    /// <summary>Where along an axis the least element so far is, the last of equal ones; an i64. See <see cref="CumMin"/>.</summary>
    public Tensor ArgCumMin(int axis, bool reverse = false) => RunningIndex("argcummin", false, axis, reverse);

    /// <summary>ln of the running sum of eˣ along an axis, without overflow; of integers an f64.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="reverse">Whether the sum runs from the end of the axis to its beginning.</param>
    public Tensor LogCumSumExp(int axis, bool reverse = false)
    {
        DType type = DType.IsFloatingPoint ? DType : DType.Float64;
        Tensor source = Wide(To(type));
        Tensor result = Accumulate("logcumsumexp", Accumulation.LogSum, source, axis, reverse);
        return Tape.Keeps(source) ? CumulativeRules.LogSum(result, source, RunAlong("logcumsumexp", axis, reverse)).To(type) : result.To(type);
    }

    /// <summary>Differences of neighbours along an axis, one fewer than there are elements; of bool tensors, whether neighbours differ.</summary>
    /// <param name="order">How often differences are taken.</param>
    /// <param name="axis">The axis.</param>
    /// <exception cref="ArgumentException">A negative order.</exception>
    public Tensor Diff(int order = 1, int axis = -1)
    {
        axis = Shape.Axis("diff", axis);
        if (order < 0)
        {
            Throw.Argument($"diff: order {order}; use 0 or more");
        }

        Tensor result = this;
        for (int done = 0; done < order && result.Shape[axis] > 0; done++)
        {
            Tensor later = result.Slice(axis, 1..);
            Tensor earlier = result.Slice(axis, ..^1);
            result = DType == DType.Bool ? later ^ earlier : later - earlier;
        }

        return Apart(result);
    }

    /// <summary>The tensor in a type of four or eight bytes: f16 and bf16 as f32, bool and small integers as i32; others as they are.</summary>
    internal static Tensor Wide(Tensor tensor) => tensor.DType == DType.Bool ? tensor.To(DType.Int32) : Computable(tensor);

    /// <summary>The tensor in a type in which elements are compared: f16 and bf16 as f32, bool as u8; others as they are.</summary>
    private static Tensor Ordered(Tensor tensor) => tensor.DType == DType.Bool ? tensor.To(DType.UInt8) : tensor.DType.IsFloatingPoint ? Computable(tensor) : tensor;

    /// <summary>The type of a sum or product of elements.</summary>
    private DType TotalType => DType.IsFloatingPoint ? DType : DType.Int64;

    private static Tensor Totalled(Tensor tensor) => Wide(tensor.To(tensor.TotalType));

    private CumulativePart RunAlong(string name, int axis, bool reverse) => new(Shape.Axis(name, axis), reverse);

    private static Tensor Accumulate(string name, Accumulation accumulation, Tensor source, int axis, bool reverse)
    {
        axis = source.Shape.Axis(name, axis);
        Tensor ordered = source.Contiguous();
        return Pending(new CumulativeOperation(name, accumulation, axis, reverse, ordered.As(ordered.Shape)), source.Shape, source.DType);
    }

    private Tensor RunningExtreme(string name, Accumulation accumulation, int axis, bool reverse)
    {
        axis = Shape.Axis(name, axis);
        Tensor source = Ordered(this);
        Tensor result = Accumulate(name, accumulation, source, axis, reverse);
        if (!Tape.Keeps(source))
        {
            return result.To(DType);
        }

        Tensor indices = source.RunningIndex(name, accumulation == Accumulation.Greatest, axis, reverse);
        return AlongAxisRules.Pick(result, name, source, indices, axis, new CumulativePart(axis, reverse)).To(DType);
    }

    private Tensor RunningIndex(string name, bool isGreatest, int axis, bool reverse)
    {
        axis = Shape.Axis(name, axis);
        Tensor ordered = Ordered(this).Contiguous();
        return Pending(new CumulativeIndexOperation(name, isGreatest, axis, reverse, ordered.As(ordered.Shape)), Shape, DType.Int64);
    }
}

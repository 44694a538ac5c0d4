using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>What wrong uses are told: the operation, the operands, and what would work.</summary>
public sealed class RefusalTests
{
    private static readonly Tensor matrix = Tensor.Ones((2, 3));
    private static readonly Tensor integers = Tensor.Ones((2, 3), DType.Int32);
    private static readonly Tensor truth = Tensor.Ones((2, 3), DType.Bool);

    private static readonly (string Begin, string Contains, Func<object> Use)[] uses =
    [
        ("add: ", "[2, 3] with [4, 3] do not broadcast", () => matrix + Tensor.Ones((4, 3))),
        ("logaddexp: ", "[2, 3] with [4, 3] do not broadcast", () => Tensor.LogAddExp(matrix, Tensor.Ones((4, 3)))),
        ("modulo: ", "[2, 3] with [4, 3] do not broadcast", () => matrix.Modulo(Tensor.Ones((4, 3)))),
        ("where: ", "needs to be a bool tensor, found f32", () => Tensor.Where(matrix, 1, 0)),
        ("subtract: ", "not defined on two bool tensors", () => truth - truth),
        ("and: ", "not defined on f32", () => matrix & matrix),
        ("not: ", "needs a bool tensor, found f32", () => !matrix),
        ("negate: ", "not defined on bool", () => -truth),
        ("power: ", "i32 [2, 3] to a negative power", () => integers.Power(-1)),
        ("add: ", "does not fit the tensor's type i32", () => integers + (1L << 40)),
        ("greatestcommondivisor: ", "not defined on f32", () => Tensor.GreatestCommonDivisor(matrix, matrix)),
        ("matmul: ", "[2, 3] x [2, 3]: inner dimensions differ (3 and 2)", () => matrix.MatMul(matrix)),
        ("dot: ", "[2, 3] with [2, 3]: needs two vectors", () => matrix.Dot(matrix)),
        ("outer: ", "needs two vectors", () => matrix.Outer(matrix)),
        ("tensordot: ", "3 axes of [2, 3]", () => matrix.TensorDot(matrix, 3)),
        ("sum: ", "axis 2 is out of range for shape [2, 3]; use -2 to 1", () => matrix.Sum(2)),
        ("mean: ", "axis 0 is named twice in [0, -2]", () => matrix.Mean([0, -2])),
        ("max: ", "axis 0 of shape [0, 3] has no elements", () => Tensor.Zeros((0, 3)).Max()),
        ("argmax: ", "axis -3 is out of range", () => matrix.ArgMax(-3)),
        ("softmax: ", "axis 5 is out of range", () => matrix.Softmax(5)),
        ("cumsum: ", "axis 4 is out of range", () => matrix.CumSum(4)),
        ("sort: ", "axis 4 is out of range", () => matrix.Sort(4)),
        ("reshape: ", "[2, 3] to [4]: 6 elements do not make 4", () => matrix.Reshape(4)),
        ("permute: ", "1 axes named for shape [2, 3]", () => matrix.Permute(0)),
        ("squeeze: ", "axis 0 of shape [2, 3] has 2 elements", () => matrix.Squeeze(0)),
        ("unsqueeze: ", "axis 4 for shape [2, 3]; use -3 to 2", () => matrix.Unsqueeze(4)),
        ("broadcastTo: ", "[2, 3] with [2, 4] do not broadcast", () => matrix.BroadcastTo((2, 4))),
        ("index: ", "index 7 is out of range for axis 0 of shape [2, 3]", () => matrix[7]),
        ("slice: ", "is out of range for axis 1 of shape [2, 3]", () => matrix[.., 2..9]),
        ("concat: ", "[2, 3] and [2, 4] along axis 0", () => Tensor.Concat(0, matrix, Tensor.Ones((2, 4)))),
        ("concat: ", "no tensors given", () => Tensor.Concat(0)),
        ("stack: ", "[2, 3] and [2, 4]", () => Tensor.Stack(0, matrix, Tensor.Ones((2, 4)))),
        ("split: ", "axis 1 of shape [2, 3] does not divide into 2 equal parts", () => matrix.Split(2, 1)),
        ("copyFrom: ", "[4] with [2, 3] do not broadcast", () => matrix.Clone().CopyFrom(Tensor.Ones(4))),
        ("assign: ", "[4] to a tensor of shape [2, 3]", () => matrix.Clone().Assign(Tensor.Ones(4))),
        ("item: ", "shape [2, 3] has 6 elements", () => matrix.Item<float>()),
        ("toArray: ", "are f32, not Int32", () => matrix.ToArray<int>()),
        ("convert: ", "does not fit an int", () => (int)Tensor.Scalar(1L << 40)),
        ("asSpan: ", "do not lie in row-major order", () => matrix.T.AsSpan<float>().Length),
        ("arange: ", "0 to 1 by 0", () => Tensor.Arange(0, 1, 0)),
        ("shape: ", "[2, -1] has a negative length", () => Tensor.Zeros((2, -1))),
        ("requiresGrad: ", "this one is i32", () => integers.RequiresGrad = true),
        ("trace: ", "shape [3] has 1 axes", () => Tensor.Ones(3).Trace()),
    ];

    public static TheoryData<int> Uses => [.. Enumerable.Range(0, uses.Length)];

    [Theory]
    [MemberData(nameof(Uses))]
    public void NameOperationAndOperands(int index)
    {
        (string begin, string contains, Func<object> use) = uses[index];
        Exception? error = Record.Exception(use);
        Assert.True(error is ArgumentException or InvalidOperationException, $"{begin} {error}");
        Assert.StartsWith(begin, error.Message, StringComparison.Ordinal);
        Assert.Contains(contains, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IntegersDividedByZeroAreNamed()
    {
        foreach ((string name, Tensor quotient) in ((string, Tensor)[])
            [("remainder", integers % 0), ("Modulo", integers.Modulo(Tensor.Zeros(3, DType.Int32))), ("FloorDivide", integers.FloorDivide(Tensor.Zeros(3, DType.Int32)))])
        {
            Assert.Contains(name, Assert.Throws<DivideByZeroException>(() => quotient.Realize()).Message, StringComparison.OrdinalIgnoreCase);
        }
    }
}

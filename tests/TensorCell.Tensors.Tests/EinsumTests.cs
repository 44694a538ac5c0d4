using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class EinsumTests
{
    private static readonly (string Subscripts, int[][] Shapes)[] cases =
    [
        ("ij,jk->ik", [[3, 4], [4, 5]]),
        ("ij,jk->ki", [[3, 4], [4, 5]]),
        ("ij,jk", [[3, 4], [4, 5]]),
        ("bij,bjk->bik", [[2, 3, 4], [2, 4, 5]]),
        ("bqhd,bkhd->bhqk", [[2, 3, 4, 5], [2, 6, 4, 5]]),
        ("bhqk,bkhd->bqhd", [[2, 4, 3, 6], [2, 6, 4, 5]]),
        ("ii", [[4, 4]]),
        ("ii->i", [[4, 4]]),
        ("iij->ji", [[3, 3, 2]]),
        ("iii->i", [[3, 3, 3]]),
        ("ijij->j", [[2, 3, 2, 3]]),
        ("ij->ji", [[3, 4]]),
        ("ij->", [[3, 4]]),
        ("ba", [[3, 4]]),
        ("i,i", [[5], [5]]),
        ("i,j->ij", [[3], [4]]),
        ("ij,ij->i", [[3, 4], [3, 4]]),
        ("...ij,...jk->...ik", [[2, 1, 3, 4], [5, 4, 2]]),
        ("...i,i...->...", [[3, 4], [4, 3]]),
        ("i...->...", [[3, 4, 2]]),
        ("...", [[3, 2]]),
        (" i j , j -> i ", [[3, 4], [4]]),
        ("a,ab,abc->abc", [[2], [2, 3], [2, 3, 4]]),
        ("ab,bc,cd->ad", [[2, 9], [9, 3], [3, 4]]),
        ("ea,fb,abcd,gc,hd->efgh", [[2, 3], [2, 3], [3, 3, 3, 3], [2, 3], [2, 3]]),
        ("ij,kl->", [[2, 3], [4, 5]]),
        ("ij,jk,k->i", [[0, 3], [3, 4], [4]]),
        ("ij,jk->ik", [[2, 0], [0, 3]]),
        (",ij->ij", [[], [2, 3]]),
        ("ijk,jil->kl", [[2, 3, 4], [3, 2, 5]]),
        ("Ab,bA", [[2, 3], [3, 2]]),
    ];

    public static TheoryData<DType> Types => [.. Enum.GetValues<DType>().Where(dtype => dtype != DType.BFloat16)];

    [Theory]
    [MemberData(nameof(Types))]
    public void NumPyGivesTheSame(DType dtype)
    {
        NumPy.Require();
        Samples samples = new(3 + (int)dtype);
        NumPyComparison comparison = new();
        foreach ((string subscripts, int[][] shapes) in cases)
        {
            Tensor[] operands = [.. shapes.Select(shape => samples.Tensor(shape, dtype, 0, dtype == DType.Bool ? 1 : 3).Tensor)];
            string names = string.Join(", ", operands.Select((_, index) => $"x{index}"));
            comparison.Add(
                $"np.einsum('{subscripts}', {names})", () => Tensor.Einsum(subscripts, operands), [.. operands.Select((operand, index) => ($"x{index}", operand))]);
        }

        comparison.Check(dtype switch { DType.Float16 => 0.05, DType.Float32 => 1e-5, _ => 1e-12 });
    }

    [Fact]
    public void GradientsAreThoseOfDifferences()
    {
        Samples samples = new(6);
        foreach (string subscripts in (string[])["ij,jk->ik", "bqhd,bkhd->bhqk", "iij->ji", "...ij,...jk->...ik", "ab,bc,cd->ad", "ijij->j", "ij,ij->i", "ij,kl->"])
        {
            int[][] shapes = cases.First(one => one.Subscripts == subscripts).Shapes;
            Sample[] inputs = [.. shapes.Select(shape => samples.Tensor([.. shape.Select(length => Math.Min(length, 3))], DType.Float64, -1, 1))];
            GradientCheck.Run(x => Tensor.Einsum(subscripts, x), 1e-5, inputs);
        }
    }

    [Fact]
    public void BatchedProductsAreOneProductWithoutACopy()
    {
        Tensor q = Tensor.Random(1).Normal((2, 8, 4, 16)).Realize();
        Tensor k = Tensor.Random(2).Normal((2, 8, 4, 16)).Realize();
        using Trace trace = new();
        Tensor.Einsum("bqhd,bkhd->bhqk", q, k).Realize();
        Assert.Single(trace.Kernels);
    }

    [Fact]
    public void LongChainsAreContractedInAnOrderThatSaves()
    {
        Tensor a = Tensor.Ones((300, 2));
        Tensor b = Tensor.Ones((2, 300));
        Tensor c = Tensor.Ones(300);
        using Trace trace = new();
        Tensor.Einsum("ij,jk,k->i", a, b, c).Realize();
        Assert.True(trace.Kernels.Sum(kernel => kernel.Flops) < 300 * 300, "multiplied the matrices first");
    }

    [Theory]
    [InlineData("ij,jk->ik", "subscripts for 2 operands, 1 given: [2, 3]")]
    [InlineData("ijk", "operand 1 of shape [2, 3] has 2 axes, its subscripts \"ijk\" name 3")]
    [InlineData("i", "operand 1 of shape [2, 3] has 2 axes, its subscripts \"i\" name 1")]
    [InlineData("...ijk", "name at least 3")]
    [InlineData("ii", "i is 2 in operand 1 of shape [2, 3] and 3 in operand 1 of shape [2, 3]")]
    [InlineData("ij->ik", "k of the result in no operand")]
    [InlineData("ij->ii", "i twice in the result")]
    [InlineData("i1", "'1' in \"i1\"")]
    [InlineData("ij->i->j", "more than one ->")]
    [InlineData("..ij", "'.' in \"..ij\"")]
    public void BadSubscriptsAreNamed(string subscripts, string reason)
    {
        string message = Assert.Throws<ArgumentException>(() => Tensor.Einsum(subscripts, Tensor.Zeros((2, 3)))).Message;
        Assert.StartsWith($"einsum \"{subscripts}\": ", message, StringComparison.Ordinal);
        Assert.Contains(reason, message);
    }

    [Fact]
    public void LengthsThatDifferAreNamed() => Assert.Contains(
        "j is 3 in operand 1 of shape [2, 3] and 4 in operand 2 of shape [4, 5]",
        Assert.Throws<ArgumentException>(() => Tensor.Einsum("ij,jk", Tensor.Zeros((2, 3)), Tensor.Zeros((4, 5)))).Message);

    [Fact]
    public void OtherProductsAreNumPys()
    {
        NumPy.Require();
        Samples samples = new(17);
        NumPyComparison comparison = new();
        foreach (DType dtype in (DType[])[DType.Float64, DType.Int32])
        {
            Tensor a = samples.Tensor([2, 3, 4], dtype, -3, 3).Tensor;
            Tensor b = samples.Tensor([3, 4, 5], dtype, -3, 3).Tensor;
            Tensor c = samples.Tensor([4, 2], dtype, -3, 3).Tensor;
            Tensor d = samples.Tensor([5, 4], dtype, -3, 3).Tensor;
            comparison.Add("np.tensordot(a, b)", () => a.TensorDot(b), ("a", a), ("b", b));
            comparison.Add("np.tensordot(a, c, 1)", () => a.TensorDot(c, 1), ("a", a), ("c", c));
            comparison.Add("np.tensordot(a, c, 0)", () => a.TensorDot(c, 0), ("a", a), ("c", c));
            comparison.Add("np.tensordot(a, c, ([2, 0], [0, 1]))", () => a.TensorDot(c, [-1, 0], [0, -1]), ("a", a), ("c", c));
            comparison.Add("np.inner(a, d)", () => a.Inner(d), ("a", a), ("d", d));
            comparison.Add("np.kron(a, c)", () => a.Kron(c), ("a", a), ("c", c));
            comparison.Add("np.kron(c, d)", () => c.Kron(d), ("c", c), ("d", d));
        }

        comparison.Check(1e-12);
        Assert.Contains("axis 1 has 3 elements and axis 0 of the other 4", Assert.Throws<ArgumentException>(() => Tensor.Zeros((2, 3)).TensorDot(Tensor.Zeros((4, 3)), 1)).Message);
        Assert.Contains("named twice", Assert.Throws<ArgumentException>(() => Tensor.Zeros((2, 2)).TensorDot(Tensor.Zeros((2, 2)), [0, 1], [0, 0])).Message);
    }
}

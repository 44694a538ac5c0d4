using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class NumPyTests
{
    [Fact]
    public void CasesOfEveryTypeComeBackAsTheyWere()
    {
        NumPy.Require();
        Samples samples = new(11);
        Tensor[] tensors =
        [
            .. Enum.GetValues<DType>().SelectMany(dtype => Enumerable.Range(0, 4).Select(_ => samples.Tensor(samples.Shape(), dtype, 0, 100).Tensor)),
        ];
        NumPyAnswer[] answers = NumPy.Evaluate(tensors.Select(tensor => NumPyCase.Of("a", ("a", tensor))));
        foreach ((Tensor tensor, NumPyAnswer answer) in tensors.Zip(answers))
        {
            answer.Array.AssertEqual(tensor);
            Tensor expected = tensor.DType == DType.BFloat16 ? tensor.To(DType.Float32) : tensor;
            Assert.Equal(expected.To(DType.Float64).ToArray<double>(), answer.Array.ToTensor().To(DType.Float64).ToArray<double>());
        }
    }

    [Fact]
    public void StatementsTuplesAndErrorsAreAnswered()
    {
        NumPy.Require();
        (string, Tensor) a = ("a", Tensor.Arange(6, DType.Int64).Reshape(2, 3));
        NumPyAnswer[] answers = NumPy.Evaluate(
        [
            NumPyCase.Of("a[0] = 7\na", a),
            NumPyCase.Of("np.split(a, 3, axis=1)", a),
            NumPyCase.Of("a[9]", a),
        ]);
        answers[0].Array.AssertEqual(Tensor.From([7L, 7, 7, 3, 4, 5], (2, 3)));
        Assert.Equal(3, answers[1].Arrays.Length);
        Assert.StartsWith("IndexError: index 9", answers[2].Error, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => answers[2].Array);
    }
}

using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Expressions of ours beside NumPy's for the same arrays, all of which are asked in one process.</summary>
internal sealed class NumPyComparison
{
    private readonly List<(NumPyCase Case, Func<Tensor> Function)> pairs = [];

    /// <summary>Adds one.</summary>
    /// <param name="code">For NumPy, over the arrays' names.</param>
    /// <param name="function">Ours.</param>
    /// <param name="arrays">The arrays as they are now.</param>
    public void Add(string code, Func<Tensor> function, params (string Name, Tensor Tensor)[] arrays) =>
        pairs.Add((NumPyCase.Of(code, arrays), function));

    /// <summary>Compares shape, type and every element; what NumPy refuses, we need to refuse too.</summary>
    /// <param name="tolerance">Allowed difference relative to the greater of 1 and the element.</param>
    public void Check(double tolerance = 0)
    {
        NumPyAnswer[] answers = NumPy.Evaluate(pairs.Select(pair => pair.Case));
        foreach (((NumPyCase asked, Func<Tensor> function), NumPyAnswer answer) in pairs.Zip(answers))
        {
            string what = $"{asked.Code} of {string.Join(", ", asked.Arrays.Select(array => $"{array.Name}: {array.Array.DType.Name}[{string.Join(", ", array.Array.Shape)}]"))}";
            if (answer.Error is { } error)
            {
                Exception? refusal = Record.Exception(() => function().Realize());
                Assert.True(refusal is ArgumentException, $"{what}: NumPy says {error}; we say {refusal?.ToString() ?? "nothing"}");
                continue;
            }

            try
            {
                answer.Array.AssertEqual(function(), tolerance, what);
            }
            catch (ArgumentException refusal)
            {
                Assert.Fail($"{what}: {refusal}");
            }
        }
    }
}

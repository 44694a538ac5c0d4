using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>Expressions of ours beside NumPy's, each with the type that ours is to have; all are asked in one process.</summary>
internal sealed class Conformance
{
    // We have neither i16 nor u64: theirs are compared as i32, of which ours has the low half, and as i64.
    private const string Widening = "def widen(r):\n    r = np.asarray(r)\n    return r.astype('i4') if r.dtype == 'i2' else r.view('i8') if r.dtype.name == 'uint64' else r";

    private readonly List<(NumPyCase Case, DType Type, Func<Tensor> Function)> cases = [];
    private NumPyAnswer[] answers = [];

    /// <summary>Adds one.</summary>
    public void Add(string code, DType type, Func<Tensor> function, params (string Name, Tensor Tensor)[] arrays) =>
        cases.Add((NumPyCase.Of($"{Widening}\nwiden({code})", arrays), type, function));

    /// <summary>Has NumPy answer all cases of several, in one process.</summary>
    public static void Ask(IReadOnlyCollection<Conformance> all)
    {
        Queue<NumPyAnswer> given = new(NumPy.Evaluate(all.SelectMany(one => one.cases).Select(one => one.Case)));
        foreach (Conformance one in all)
        {
            one.answers = [.. one.cases.Select(_ => given.Dequeue())];
        }
    }

    /// <summary>Compares all, which NumPy was asked; what fails is listed together, each kind once.</summary>
    public void Check()
    {
        Dictionary<string, string> failures = [];
        foreach (((NumPyCase asked, DType type, Func<Tensor> function), NumPyAnswer answer) in cases.Zip(answers))
        {
            if (Failure(asked, type, function, answer) is { } failure)
            {
                string kind = $"{asked.Code.Split('\n')[^1]} of {string.Join(", ", asked.Arrays.Select(array => array.Array.DType.Name))}";
                failures.TryAdd(kind, $"{kind}: {failure}");
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} kinds of {cases.Count} cases differ:\n{string.Join('\n', failures.Values)}");
    }

    private static string? Failure(NumPyCase asked, DType type, Func<Tensor> function, NumPyAnswer answer)
    {
        try
        {
            Tensor result = function();
            if (answer.Error is not null)
            {
                return $"NumPy refuses, we do not: {answer.Error}";
            }

            if (result.DType != type)
            {
                return $"{result.DType.Name} instead of {type.Name}";
            }

            if (type == DType.Int32 && asked.Arrays.Select(array => array.Array.DType).Order().SequenceEqual([DType.UInt8, DType.Int8]))
            {
                result = (result << 16) >> 16;
            }

            // NumPy's smaller real types are as precise as they can be.
            DType compared = answer.Array.DType;
            bool isProduct = asked.Code.Contains('@') || asked.Code.Contains("dot") || asked.Code.Contains("inner");
            double tolerance = isProduct && compared.IsFloatingPoint ? compared == DType.Float16 ? 0.1 : compared == DType.Float32 ? 1e-4 : 1e-11
                : !compared.IsFloatingPoint ? 0 : compared == DType.Float16 || type == DType.Float16 ? 4e-3 : compared == DType.Float32 || type == DType.Float32 ? 4e-6 : 1e-13;
            answer.Array.AssertEqual(result.To(compared), tolerance, Inputs(asked, answer.Array));
            return null;
        }
        catch (Exception error)
        {
            return answer.Error is null || error is not ArgumentException ? error.Message.Split("Expected:")[0] : null;
        }
    }

    private static string Inputs(NumPyCase asked, NumPyArray result) => result.Numbers.Length > 60
        ? ""
        : string.Join("; ", asked.Arrays.Select(array => $"{array.Name} = [{string.Join(", ", array.Array.Shape)}] {string.Join(' ', array.Array.Numbers.Take(30))}"));
}

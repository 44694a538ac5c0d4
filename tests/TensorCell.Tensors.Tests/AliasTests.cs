using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>What a write to a result changes: views and conversions to what a tensor is already show their operand, everything else has elements of its own.</summary>
public sealed class AliasTests
{
    // Their documentation says that they are views, or the tensor itself where there is nothing to do.
    private static readonly HashSet<string> views =
    [
        "get_T", "get_Part", "Diag", "Reshape", "Flatten", "Transpose", "Permute", "Squeeze", "Unsqueeze", "BroadcastTo", "Slice", "Split", "Chunk", "Flip", "Rot90",
        "MoveAxis", "SlidingWindow", "Broadcast", "Meshgrid", "Diagonal", "Detach", "Einsum",
        "Contiguous", "To", "WithGradient",
    ];

    // They write to their operand and give it back.
    private static readonly HashSet<string> writers = ["Fill", "CopyFrom", "Assign", "AddAt", "Realize", "Flush", "set_Part"];

    private static readonly string[] leftOut = ["Save", "Load", "Shared", "Dispose", "Scope", "NoGrad", "Record", "GetEnumerator", "Backward", "AssignAll", "RealizeAll"];

    [Fact]
    public void OnlyViewsShareElementsWithTheirOperands() => Run(first: 0, seeds: 8);

    [Fact]
    [Trait("Category", "Long")]
    public void OnlyViewsShareElementsWithTheirOperandsForLong() => Run(Environment.TickCount & 0xFFFFFF, seeds: 300);

    private static void Run(int first, int seeds)
    {
        Dictionary<string, string> written = [];
        foreach (PublicMethod method in PublicMethod.All(OddArguments.CanMake).Where(method => !leftOut.Contains(method.Method.Name)))
        {
            for (int seed = first; seed < first + seeds; seed++)
            {
                object?[] arguments = Arguments(method, seed);
                if (!views.Contains(method.Method.Name) && !writers.Contains(method.Method.Name) && Shares(method, arguments) is { } how)
                {
                    written.TryAdd(method.Method.Name, $"{method} of ({string.Join(", ", arguments.Select(Describe))}): {how}");
                }
            }
        }

        Assert.True(written.Count == 0, $"a write to the result changes an operand:\n{string.Join('\n', written.Values)}");
    }

    /// <summary>Arguments of which the numbers are now and then those with which an operation has nothing to do.</summary>
    private static object?[] Arguments(PublicMethod method, int seed)
    {
        Random random = new(seed);
        object?[] arguments = new OddArguments(seed).Of(method);
        for (int index = 0; index < arguments.Length; index++)
        {
            arguments[index] = arguments[index] switch
            {
                int when random.Next(2) == 0 => random.Next(2),
                int[] numbers when random.Next(2) == 0 => Array.ConvertAll(numbers, _ => 1),
                Axes when random.Next(4) == 0 => Axes.Of([]),
                Tensor { Number: null } tensor => tensor.Detach().Clone(),
                DType when arguments[0] is Tensor tensor && random.Next(2) == 0 => tensor.DType,
                Shape when arguments[0] is Tensor tensor && random.Next(2) == 0 => tensor.Shape,
                var other => other,
            };
        }

        return arguments;
    }

    /// <summary>Writes to what a method gives; tells how that changed a tensor that it was given.</summary>
    private static string? Shares(PublicMethod method, object?[] arguments)
    {
        Tensor[] given = [.. arguments.SelectMany(Tensors).Where(tensor => tensor.Number is null && tensor.Count > 0)];
        Tensor[] results;
        try
        {
            results = [.. Tensors(method.Call(arguments))];
            Tensor.RealizeAll(results);
        }
        catch (Exception)
        {
            return null;
        }

        foreach (Tensor result in results.Where(result => result.Count > 0))
        {
            NumPyArray[] before = [.. given.Select(NumPyArray.Of)];
            Write(result);
            for (int index = 0; index < given.Length; index++)
            {
                if (!before[index].Data.AsSpan().SequenceEqual(NumPyArray.Of(given[index]).Data) || ReferenceEquals(result, given[index]))
                {
                    return $"a result of shape {result.Shape} shows operand {index + 1}, {given[index].DType.Name}{given[index].Shape}";
                }
            }
        }

        return null;
    }

    private static string Describe(object? argument) => argument is Tensor tensor ? $"{tensor.DType.Name}{tensor.Shape}" : $"{argument}";

    private static void Write(Tensor result)
    {
        Tensor other = result.DType == DType.Bool ? !result : result.Detach().Clone() + 1;
        try
        {
            result.CopyFrom(Tensor.Where(other.EqualTo(result), Tensor.ZerosLike(result), other).Clone());
        }
        catch (ArgumentException)
        {
            // A view that repeats its elements.
        }
    }

    private static IEnumerable<Tensor> Tensors(object? result) => result switch
    {
        Tensor tensor => [tensor],
        IEnumerable<Tensor> tensors => tensors.OfType<Tensor>(),
        System.Runtime.CompilerServices.ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(index => Tensors(tuple[index])),
        _ => [],
    };
}

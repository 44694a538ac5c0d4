using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

/// <summary>
/// Every public method of <see cref="Tensor"/> with random tensors of every shape, type and layout and with odd and wrong arguments: it gives a
/// result, the same whatever the layout, or refuses with a documented exception whose message says what was asked; and it ends.
/// </summary>
[Collection(nameof(EngineSettings))]
public sealed partial class PublicMethodFuzzTests(ITestOutputHelper output)
{
    // What writes files, ends tensors or opens scopes, and what tells of the layout.
    private static readonly string[] leftOut =
        ["Save", "Load", "Shared", "Dispose", "Scope", "NoGrad", "Record", "GetEnumerator", "get_IsView", "get_IsPending", "get_IsContiguous", "get_Version"];

    private static readonly Type[] documented =
    [
        typeof(ArgumentException), typeof(ArgumentNullException), typeof(ArgumentOutOfRangeException), typeof(InvalidOperationException),
        typeof(NotSupportedException), typeof(DivideByZeroException), typeof(ObjectDisposedException),
    ];

    private volatile string running = "";

    [Fact]
    public void OnlyDocumentedErrorsComeOut() => Run(TimeSpan.FromSeconds(1.5), seed: 1);

    [Fact]
    [Trait("Category", "Long")]
    public void OnlyDocumentedErrorsComeOutInMinutes() => Run(
        TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("TENSORCELL_FUZZ_SECONDS") ?? "120")), Environment.TickCount);

    private void Run(TimeSpan time, int seed)
    {
        PublicMethod[] methods = [.. PublicMethod.All(OddArguments.CanMake).Where(method => !leftOut.Contains(method.Method.Name))];
        Dictionary<string, string> failures = [];
        long calls = 0;
        long answers = 0;
        bool isOver = false;
        Thread thread = new(
            () =>
            {
                for (; !Volatile.Read(ref isOver); seed++)
                {
                    PublicMethod method = methods[(int)((uint)seed % methods.Length)];
                    calls++;
                    string? failure;
                    try
                    {
                        answers += Try(method, seed, out failure) ? 1 : 0;
                    }
                    catch (Exception error)
                    {
                        failure = $"making arguments: {error}";
                    }

                    if (failure is not null)
                    {
                        lock (failures)
                        {
                            string kind = Regex.Replace($"{method.Method.Name}: {failure}", "[0-9, ]+", "0");
                            failures.TryAdd(kind[..Math.Min(70, kind.Length)], $"{method}: {failure}\n{running}");
                        }
                    }
                }
            },
            16 << 20)
        { IsBackground = true };
        thread.Start();
        thread.Join(time);
        Volatile.Write(ref isOver, true);
        Assert.True(thread.Join(TimeSpan.FromSeconds(30)), $"does not end: {running}");
        output.WriteLine($"{methods.Length} methods, {calls} calls, {answers} with a result");
        Assert.True(failures.Count == 0, $"{failures.Count} kinds of failure in {calls} calls:\n{string.Join("\n\n", failures.Values)}");
        Assert.True(answers > calls / 10, $"of {calls} calls only {answers} gave a result");
    }

    /// <summary>Calls a method with arguments as they come, and with plain copies of them.</summary>
    /// <returns>Whether there was a result.</returns>
    private bool Try(PublicMethod method, int seed, out string? failure)
    {
        failure = null;
        object?[] odd = new OddArguments(seed).Of(method);
        object?[] plain = [.. new OddArguments(seed).Of(method).Select(Plain)];
        running = $"{method} seed {seed}: {Describe(odd)}";
        bool isDifferentiated = seed % 3 == 0 && RequireGradients(odd) && RequireGradients(plain);
        (object? result, Exception? error) = Outcome(method, odd, isDifferentiated);
        if (error is not null)
        {
            if (!IsDocumented(error))
            {
                failure = $"{error}";
            }

            return false;
        }

        (object? other, Exception? otherError) = Outcome(method, plain, isDifferentiated);
        if (otherError is not null)
        {
            // Some read memory in place and so take contiguous tensors only; never the other way round.
            failure = $"only plain copies fail: {otherError}";
        }
        else if (Difference(result, other) is { } difference)
        {
            failure = $"plain copies give another result: {difference}";
        }

        return true;
    }

    private static (object? Result, Exception? Error) Outcome(PublicMethod method, object?[] arguments, bool isDifferentiated)
    {
        try
        {
            object? result = method.Call(arguments);
            foreach (Tensor tensor in Tensors(result).Where(IsSmall))
            {
                _ = NumPyArray.Of(tensor);
            }

            return (isDifferentiated ? (result, Gradients(Tensors(result), arguments)) : result, null);
        }
        catch (Exception error)
        {
            return (null, error);
        }
    }

    /// <summary>Asks for the gradients of all arguments that can have one.</summary>
    private static bool RequireGradients(object?[] arguments)
    {
        foreach (object? argument in arguments)
        {
            if (argument is Tensor { Number: null, DType: DType.Float32 or DType.Float64 } tensor)
            {
                tensor.RequiresGrad = true;
            }
        }

        return true;
    }

    private static Tensor[] Gradients(IEnumerable<Tensor> results, object?[] arguments)
    {
        foreach (Tensor tensor in results.Where(tensor => IsSmall(tensor) && tensor.Derivation is not null && tensor.DType.IsFloatingPoint))
        {
            tensor.Sum().Backward();
        }

        Tensor[] gradients = [.. arguments.OfType<Tensor>().Select(tensor => tensor.Grad).OfType<Tensor>()];
        foreach (Tensor gradient in gradients)
        {
            gradient.Realize();
        }

        return gradients;
    }

    private static bool IsDocumented(Exception error) => documented.Contains(error.GetType())
        && (error is ArgumentNullException || Refusal().IsMatch(error.Message) || error is DivideByZeroException);

    private static object? Plain(object? argument) => argument switch
    {
        Tensor { Number: null } tensor => tensor.Detach().Clone(),
        Tensor[] tensors => Array.ConvertAll(tensors, tensor => (Tensor)Plain(tensor)!),
        _ => argument,
    };

    private static IEnumerable<Tensor> Tensors(object? result) => result switch
    {
        Tensor tensor => [tensor],
        string => [],
        ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(index => Tensors(tuple[index])),
        IEnumerable<Tensor> tensors => tensors,
        _ => [],
    };

    // Odd numbers ask for large results, which stay pending.
    private static bool IsSmall(Tensor tensor) => tensor.Count < 1 << 22;

    private static string? Difference(object? result, object? other)
    {
        Tensor[] left = [.. Tensors(result).Where(IsSmall)];
        Tensor[] right = [.. Tensors(other).Where(IsSmall)];
        if (result is string or double or float or long or int or bool)
        {
            return result.Equals(other) ? null : $"{result} and {other}";
        }

        for (int index = 0; index < Math.Min(left.Length, right.Length); index++)
        {
            NumPyArray expected = NumPyArray.Of(right[index]);
            double tolerance = left[index].DType switch
            {
                DType.Float64 => 1e-9,
                DType.Float32 => 1e-4,
                DType.Float16 => 0.02,
                DType.BFloat16 => 0.1,
                _ => 0,
            };
            try
            {
                expected.AssertEqual(left[index], tolerance);
            }
            catch (Exception error)
            {
                return error.Message;
            }
        }

        return null;
    }

    private static string Describe(object?[] arguments) => string.Join("; ", arguments.Select(Describe));

    private static string Describe(object? argument) => argument switch
    {
        null => "null",
        Tensor { Number: not null } number => $"number {number.DType.Name}",
        Tensor tensor => $"{tensor.DType.Name}{tensor.Shape}{(tensor.IsPending ? " pending" : "")} strides [{string.Join(", ", tensor.Strides.ToArray())}]",
        Array array => $"({string.Join(", ", array.Cast<object?>().Select(Describe))})",
        _ => Convert.ToString(argument, System.Globalization.CultureInfo.InvariantCulture)!,
    };

    [GeneratedRegex("^[a-zA-Z0-9]+( \".*\")?: ")]
    private static partial Regex Refusal();
}

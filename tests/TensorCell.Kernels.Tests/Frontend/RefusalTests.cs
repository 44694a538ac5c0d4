using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Tests.Frontend;

/// <summary>What kernels cannot hold is refused with its name, its method and its line.</summary>
public sealed class RefusalTests
{
    private static float counter;

    [Fact]
    public void Loops() => Refuses(WithLoop, "a loop", nameof(WithLoop));

    [Fact]
    public void Allocations() => Refuses(x => new object().GetHashCode() + x, "an allocation", "lambda");

    [Fact]
    public void Arrays() => Refuses(x => new[] { x, 2f }[0], "an allocation", "lambda");

    [Fact]
    public void Strings() => Refuses(x => "text".Length + x, "a string", "lambda");

    [Fact]
    public void Throws() => Refuses(WithThrow, "a throw", nameof(WithThrow));

    [Fact]
    public void Exceptions() => Refuses(WithTry, "a try", nameof(WithTry));

    [Fact]
    public void VirtualCalls()
    {
        var list = new List<float>();
        IEnumerable<float> values = list;
        Refuses(x => values.GetEnumerator().Current + x, "virtual call", "lambda");
    }

    [Fact]
    public void Delegates()
    {
        Func<float, float> inner = x => x;
        Refuses(x => inner(x), "a call of a delegate", "lambda");
    }

    [Fact]
    public void StoresToCapturedVariables()
    {
        var sum = 0f;
        Refuses(x => sum += x, "a store to the captured variable 'sum'", "lambda");
        Assert.Equal(0f, sum);
    }

    [Fact]
    public void StoresToStaticFields() => Refuses(x => counter = x, "a store to the static field 'counter'", "lambda");

    [Fact]
    public void Recursion() => Refuses(Recursive, "recursion", nameof(Recursive));

    [Fact]
    public void CompiledExpressions()
    {
        System.Linq.Expressions.Expression<Func<float, float>> expression = x => x + 1;
        Refuses(expression.Compile(), "compiled expression tree", "");
    }

    [Fact]
    public void ParametersThatAreNotNumbers()
    {
        var refused = Assert.Throws<KernelRefusedException>(() => KernelFunction.From((string text) => text.Length));
        Assert.Contains("parameter 'text'", refused.Message);
    }

    [Fact]
    public void TheLineIsNamed()
    {
        var refused = Assert.Throws<KernelRefusedException>(() => KernelFunction.From(WithLoop));
        Assert.True(refused.Line > 50, refused.Message);
        Assert.EndsWith("RefusalTests.cs", refused.File);
    }

    private static float WithLoop(float x)
    {
        for (var i = 0; i < 3; i++)
        {
            x *= x;
        }

        return x;
    }

    private static float WithThrow(float x) => x > 0 ? x : throw Failure();

    private static Exception Failure() => new InvalidOperationException();

    private static float WithTry(float x)
    {
        try
        {
            return x;
        }
        finally
        {
            counter = x;
        }
    }

    private static float Recursive(float x) => x > 0 ? Recursive(x - 1) : x;

    private static void Refuses(Func<float, float> function, string construct, string method)
    {
        var refused = Assert.Throws<KernelRefusedException>(() => KernelFunction.From(function));
        Assert.Contains(construct, refused.Message);
        Assert.Contains(method, refused.Message);
    }
}

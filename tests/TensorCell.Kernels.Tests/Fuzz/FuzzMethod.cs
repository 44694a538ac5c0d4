using System.Reflection;

namespace TensorCell.Kernels.Tests.Fuzz;

/// <summary>What a random kernel is compiled from, or called as.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Its object, if it has one.</param>
/// <param name="Capture">Gives the variables that a lambda captures their values: its views, then its numbers; null if it is no lambda.</param>
internal sealed record FuzzMethod(MethodInfo Method, object? Target, Action<object[]>? Capture)
{
    /// <summary>The method of a class that was compiled from a kernel's source.</summary>
    public static FuzzMethod Of(Type type, FuzzKernel kernel)
    {
        object? ObjectOf(MethodInfo method) => method.IsStatic ? null : Activator.CreateInstance(type);
        if (kernel.GivenViews is null)
        {
            var method = type.GetMethod("Kernel")!;
            return new(method, ObjectOf(method), null);
        }

        var make = type.GetMethod("Make")!;
        var (lambda, capture) = ((Delegate, Action<object[]>))make.Invoke(ObjectOf(make), null)!;
        return new(lambda.Method, lambda.Target, capture);
    }
}

using System.Diagnostics;
using System.Numerics;
using System.Reflection;
using TensorCell.Kernels.Frontend;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Tests.Fuzz;

/// <summary>Whatever IL there is, the front end reads it or refuses it, and comes to an end.</summary>
public sealed class LibraryMethodTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    [Fact]
    public void Some_methods_are_read_or_refused() => Read(step: 23);

    [Fact]
    [Trait("Category", "Long")]
    public void Every_method_is_read_or_refused() => Read(step: 1);

    private static void Read(int step)
    {
        var methods = new[] { typeof(object).Assembly, typeof(BigInteger).Assembly }
            .SelectMany(assembly => assembly.GetTypes()).SelectMany(type => type.GetMethods(All))
            .Where(method => !method.ContainsGenericParameters && method.GetMethodBody() is not null)
            .Where((_, place) => place % step == 0).ToList();
        var (read, refused) = (0, 0);
        var failures = new List<string>();
        foreach (var method in methods)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                var reader = new KernelReader();
                new MethodReader(reader, method, 0).Run([.. Arguments(method)], new());
                read++;
            }
            catch (KernelRefusedException)
            {
                refused++;
            }
            catch (Exception error)
            {
                failures.Add($"{method.DeclaringType}.{method}: {error.GetType().Name}: {error.Message}{string.Concat((error.StackTrace ?? "").Split('\n').Take(4))}");
            }

            if (Stopwatch.GetElapsedTime(start) is { TotalSeconds: > 5 } time)
            {
                failures.Add($"{method.DeclaringType}.{method}: takes {time}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{methods.Count} methods: {read} read, {refused} refused");
        Assert.True(failures.Count == 0, $"{failures.Count} of {methods.Count}:\n{string.Join('\n', failures.Take(40))}");
        Assert.True(read > methods.Count / 100, $"only {read} of {methods.Count} methods were read");
    }

    private static IEnumerable<StackValue> Arguments(MethodInfo method)
    {
        if (!method.IsStatic)
        {
            yield return method.DeclaringType!.IsValueType
                ? new AddressValue(new Location(method.DeclaringType))
                : new ObjectValue(method.DeclaringType, "this", () => null);
        }

        foreach (var parameter in method.GetParameters())
        {
            yield return Argument(parameter.ParameterType, parameter.Position);
        }
    }

    private static StackValue Argument(Type type, int place) =>
        type.IsByRef ? new AddressValue(new Location(type.GetElementType()!))
        : Coercion.Computed(type) is { } number ? new NodeValue(Node.Uniform(place, number))
        : type.IsArray && StorageTypes.Of(type.GetElementType()!) is { } storage ? new MemoryValue(new ViewOperand(place, "view", storage, type.GetArrayRank()))
        : type.IsValueType ? new StructureValue(new Location(type))
        : new ObjectValue(type, $"p{place}", () => null);
}

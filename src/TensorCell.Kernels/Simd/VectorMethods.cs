using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

/// <summary>Finds the runtime's vector types and operations by width and element type, and remembers them.</summary>
internal static class VectorMethods
{
    private static readonly ConcurrentDictionary<Type, ILookup<string, MethodInfo>> members = new();
    private static readonly ConcurrentDictionary<(int Bits, Type Element), Type> types = new();
    private static readonly ConcurrentDictionary<(int Bits, string Name, Type Element, Type? Other), MethodInfo> methods = new();
    private static readonly ConcurrentDictionary<(string Name, Type First, Type? Second), MethodInfo> helpers = new();

    /// <summary>The vector type of a width and element type.</summary>
    public static Type VectorType(int bits, Type element) => types.GetOrAdd((bits, element), static key => (key.Bits switch
    {
        128 => typeof(Vector128<>),
        256 => typeof(Vector256<>),
        _ => typeof(Vector512<>),
    }).MakeGenericType(key.Element));

    /// <summary>A static method of Vector128, Vector256 or Vector512 that is generic in the element type or overloaded on it.</summary>
    public static MethodInfo Operation(int bits, string name, Type element) =>
        methods.GetOrAdd((bits, name, element, null), static key => Find(key.Bits, key.Name, key.Element));

    /// <summary>The method that reinterprets a vector's elements.</summary>
    public static MethodInfo Reinterpretation(int bits, Type from, Type to) =>
        methods.GetOrAdd((bits, "As", from, to), static key => Members(Class(key.Bits))["As"]
            .First(method => method.GetGenericArguments().Length == 2)
            .MakeGenericMethod(key.Element, key.Other!));

    /// <summary>The method that makes a vector from a value for each lane.</summary>
    public static MethodInfo LaneByLane(int bits, Type element) =>
        methods.GetOrAdd((bits, "LaneByLane", element, null), static key => Members(Class(key.Bits))["Create"]
            .First(method => !method.IsGenericMethodDefinition && method.GetParameters() is var parameters
                && parameters.Length == key.Bits / 8 / Marshal.SizeOf(key.Element) && parameters.Length > 1 && parameters[0].ParameterType == key.Element));

    /// <summary>A method of <see cref="LaneHelpers"/> by name and the vectors it takes.</summary>
    public static MethodInfo Helper(string name, Type first, Type? second = null) =>
        helpers.GetOrAdd((name, first, second), static key => Members(typeof(LaneHelpers))[key.Name]
            .First(method => method.GetParameters() is var parameters && parameters[0].ParameterType == key.First
                && (key.Second is null || parameters[1].ParameterType == key.Second)));

    private static Type Class(int bits) => bits switch
    {
        128 => typeof(Vector128),
        256 => typeof(Vector256),
        _ => typeof(Vector512),
    };

    /// <summary>A class's methods by name: asked of the class one by one, each name costs half a millisecond.</summary>
    private static ILookup<string, MethodInfo> Members(Type type) => members.GetOrAdd(
        type, static type => type.GetMethods(BindingFlags.Public | BindingFlags.Static).ToLookup(method => method.Name));

    private static MethodInfo Find(int bits, string name, Type element)
    {
        var vector = VectorType(bits, element);
        MethodInfo? generic = null;
        foreach (var method in Members(Class(bits))[name])
        {
            // The parameters of a method that is still generic are types of its own, which take half a millisecond to load.
            var applied = method.IsGenericMethodDefinition ? method.MakeGenericMethod(element) : method;
            var parameters = applied.GetParameters();
            var first = parameters[0].ParameterType;
            if (method.IsGenericMethodDefinition)
            {
                // Of Create and of the products with a scalar, the forms of one element and of two vectors are wanted.
                var wanted = name switch
                {
                    "Create" => parameters.Length == 1 && first == element,
                    "Multiply" or "Divide" => parameters.All(parameter => parameter.ParameterType == vector),
                    _ => true,
                };
                generic = wanted ? applied : generic;
            }
            else if (first == vector || (first == element && parameters.Length == 1))
            {
                return method;
            }
        }

        return generic!;
    }
}

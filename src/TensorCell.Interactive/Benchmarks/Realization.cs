using System.Collections;
using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace TensorCell.Interactive.Benchmarks;

/// <summary>
/// Makes lazy results real: calls <c>Realize()</c> on whatever offers it, and on the elements of tuples and collections. Nothing is
/// enumerated that is not already in memory.
/// </summary>
internal static class Realization
{
    private static readonly ConcurrentDictionary<Type, Action<object>?> byType = new();

    /// <summary>Whether <see cref="Realize"/> does anything with the value.</summary>
    public static bool Applies(object? value) => value switch
    {
        null or string => false,
        _ when Of(value.GetType()) is not null => true,
        ITuple tuple => Elements(tuple).Any(Applies),
        ICollection collection => HoldsObjects(collection) && Elements(collection).Any(Applies),
        _ => false,
    };

    /// <summary>Realises the value.</summary>
    public static void Realize(object? value)
    {
        if (value is null or string)
        {
            return;
        }

        if (Of(value.GetType()) is { } realize)
        {
            realize(value);
            return;
        }

        var elements = value switch
        {
            ITuple tuple => Elements(tuple),
            ICollection collection when HoldsObjects(collection) => Elements(collection),
            _ => [],
        };
        foreach (var element in elements)
        {
            Realize(element);
        }
    }

    private static Action<object>? Of(Type type) => byType.GetOrAdd(type, static type =>
    {
        var method = type.IsValueType ? null : type.GetMethod("Realize", BindingFlags.Public | BindingFlags.Instance, []);
        if (method is null)
        {
            return null;
        }

        var value = Expression.Parameter(typeof(object));
        var call = Expression.Call(Expression.Convert(value, type), method);
        return Expression.Lambda<Action<object>>(Expression.Block(typeof(void), call), value).Compile();
    });

    private static IEnumerable<object?> Elements(ITuple tuple)
    {
        for (var i = 0; i < tuple.Length; i++)
        {
            yield return tuple[i];
        }
    }

    private static IEnumerable<object?> Elements(ICollection collection) =>
        (collection is IDictionary dictionary ? dictionary.Values : collection).Cast<object?>();

    /// <summary>Whether a collection's elements may be anything but plain numbers.</summary>
    public static bool HoldsObjects(ICollection collection) =>
        collection is IDictionary || collection.GetType() switch
        {
            { IsArray: true } array => !array.GetElementType()!.IsPrimitive,
            { IsGenericType: true } generic => !generic.GetGenericArguments()[^1].IsPrimitive,
            _ => true,
        };
}

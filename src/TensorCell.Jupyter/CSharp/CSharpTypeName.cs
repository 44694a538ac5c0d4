namespace TensorCell.Jupyter.CSharp;

/// <summary>Writes types as C# code that a cell can compile.</summary>
internal static class CSharpTypeName
{
    /// <summary>The type's name in code; of a type that code cannot name, that of the nearest base it can.</summary>
    public static string Of(Type type)
    {
        while (!IsNameable(type))
        {
            type = type.BaseType ?? typeof(object);
        }

        return Write(type);
    }

    private static bool IsNameable(Type type) =>
        type.HasElementType
            ? !type.IsByRef && IsNameable(type.GetElementType()!)
            : !type.Name.Contains('<')
                && (type.IsVisible || (type.DeclaringType is { } outer && IsSubmission(outer)))
                && !type.IsByRefLike
                && type.GetGenericArguments().All(IsNameable);

    private static bool IsSubmission(Type type) => type.Name.StartsWith("Submission#", StringComparison.Ordinal);

    private static string Write(Type type)
    {
        if (type.IsArray)
        {
            // The outermost rank of a jagged array is written first.
            string ranks = "";
            while (type.IsArray)
            {
                ranks += $"[{new string(',', type.GetArrayRank() - 1)}]";
                type = type.GetElementType()!;
            }

            return Write(type) + ranks;
        }

        if (type.IsPointer)
        {
            return Write(type.GetElementType()!) + "*";
        }

        Type[] arguments = type.GetGenericArguments();
        var chain = new Stack<Type>();
        for (Type? part = type; part is not null && !IsSubmission(part); part = part.DeclaringType)
        {
            chain.Push(part);
        }

        bool isOurs = chain.Peek().DeclaringType is not null;
        string prefix = isOurs ? "" : "global::" + (type.Namespace is { Length: > 0 } space ? space + "." : "");
        int used = isOurs ? chain.Peek().DeclaringType!.GetGenericArguments().Length : 0;
        var names = new List<string>();
        foreach (Type part in chain)
        {
            int count = part.GetGenericArguments().Length - used;
            int tick = part.Name.IndexOf('`', StringComparison.Ordinal);
            string name = "@" + (tick < 0 ? part.Name : part.Name[..tick]);
            names.Add(count <= 0 ? name : $"{name}<{string.Join(", ", arguments.Skip(used).Take(count).Select(Write))}>");
            used += Math.Max(0, count);
        }

        return prefix + string.Join('.', names);
    }
}

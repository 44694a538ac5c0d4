using System.Reflection;
using System.Reflection.Emit;

namespace TensorCell.Tensors.Tests;

/// <summary>A public method of <see cref="Tensor"/> that can be called with arguments in an array, spans among them given as arrays.</summary>
internal sealed class PublicMethod
{
    private readonly Func<object?[], object?> call;

    /// <param name="method">A method without open type parameters.</param>
    public PublicMethod(MethodInfo method)
    {
        Method = method;
        ParameterTypes = [.. method.IsStatic ? [] : (Type[])[method.DeclaringType!], .. method.GetParameters().Select(parameter => parameter.ParameterType)];
        ParameterNames = [.. method.IsStatic ? [] : (string[])["this"], .. method.GetParameters().Select(parameter => parameter.Name!)];
        call = Compile();
    }

    /// <summary>The method.</summary>
    public MethodInfo Method { get; }

    /// <summary>The types of the arguments; the instance comes first.</summary>
    public Type[] ParameterTypes { get; }

    /// <summary>The names of the arguments; the instance is <c>this</c>.</summary>
    public string[] ParameterNames { get; }

    /// <summary>Every public method, operator and property of tensors that takes what <paramref name="canMake"/> accepts; generic ones for floats and bytes.</summary>
    public static IEnumerable<PublicMethod> All(Func<Type, bool> canMake)
    {
        foreach (MethodInfo declared in typeof(Tensor).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        {
            MethodInfo[] closed = declared.IsGenericMethodDefinition
                ? [declared.MakeGenericMethod(typeof(float)), declared.MakeGenericMethod(typeof(byte))]
                : [declared];
            foreach (MethodInfo method in closed.Where(method => method.GetParameters().All(parameter => canMake(parameter.ParameterType))))
            {
                yield return new PublicMethod(method);
            }
        }
    }

    /// <summary>Calls it. What is a span comes back as null.</summary>
    public object? Call(object?[] arguments) => call(arguments);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Method.Name}({string.Join(", ", ParameterTypes.Zip(ParameterNames, (type, name) => $"{type.Name} {name}"))})";

    private Func<object?[], object?> Compile()
    {
        DynamicMethod dynamic = new("call", typeof(object), [typeof(object[])], typeof(PublicMethod).Module, skipVisibility: true);
        ILGenerator il = dynamic.GetILGenerator();
        for (int index = 0; index < ParameterTypes.Length; index++)
        {
            Type type = ParameterTypes[index];
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldc_I4, index);
            il.Emit(OpCodes.Ldelem_Ref);
            if (type.IsByRefLike)
            {
                Type array = type.GetGenericArguments()[0].MakeArrayType();
                il.Emit(OpCodes.Castclass, array);
                il.Emit(OpCodes.Call, type.GetMethod("op_Implicit", [array])!);
            }
            else
            {
                il.Emit(OpCodes.Unbox_Any, type);
            }
        }

        il.Emit(Method.IsStatic ? OpCodes.Call : OpCodes.Callvirt, Method);
        if (Method.ReturnType == typeof(void))
        {
            il.Emit(OpCodes.Ldnull);
        }
        else if (Method.ReturnType.IsByRefLike)
        {
            il.Emit(OpCodes.Pop);
            il.Emit(OpCodes.Ldnull);
        }
        else
        {
            il.Emit(OpCodes.Box, Method.ReturnType);
        }

        il.Emit(OpCodes.Ret);
        return dynamic.CreateDelegate<Func<object?[], object?>>();
    }
}

using System.Reflection;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Frontend;

internal sealed partial class MethodReader
{
    private const string Uncomputed = ", which kernels cannot compute (";

    private void Call()
    {
        var callee = Implementation(Method());
        var values = new StackValue[callee.GetParameters().Length + (callee.IsStatic ? 0 : 1)];
        for (var i = values.Length - 1; i >= 0; i--)
        {
            values[i] = Pop();
        }

        if (callee.DeclaringType == typeof(Interruption))
        {
            // Woven into a cell's functions by the host; a launch checks between its blocks.
            return;
        }

        if (callee is MethodInfo { ReturnType: var returned } && typeof(Exception).IsAssignableFrom(returned))
        {
            throw Refused(Unsupported("throw"));
        }

        if (callee.Name is "get_IsSupported" or "get_IsHardwareAccelerated"
            && callee.DeclaringType?.Namespace?.StartsWith("System.Runtime.Intrinsics", StringComparison.Ordinal) == true)
        {
            // What the library does without the processor's own instructions is what a kernel can do.
            PushNode(Node.Constant(false));
            return;
        }

        if (values.OfType<ObjectValue>().FirstOrDefault(value => IsLaunchedWith(value.Type)) is { Type.Name: var whole })
        {
            throw Refused($"a {whole} that the kernel captures; give it as an argument of the launch, for a parameter that is a view, such as View<float>");
        }

        if (ReadsConversion(callee, values))
        {
            return;
        }

        if (ReadsMemory(callee, values) || ReadsGroup(callee, values) || ReadsAtomic(callee, values))
        {
            return;
        }

        if (Intrinsics.Find(callee) is { } intrinsic)
        {
            PushNode(intrinsic(Numbers(callee, values)));
            return;
        }

        if (callee.Name == "SinCos" && callee.DeclaringType?.Assembly == typeof(object).Assembly && callee is MethodInfo { ReturnType: var pair }
            && Numbers(callee, values) is [var angle])
        {
            Push(Structure(state, pair, ("Item1", Node.Unary(UnaryOperation.Sin, angle)), ("Item2", Node.Unary(UnaryOperation.Cos, angle))));
            return;
        }

        if (ReadsEquality(callee, values))
        {
            return;
        }

        if (callee.DeclaringType is { } type && typeof(Delegate).IsAssignableFrom(type))
        {
            throw Refused("a call of a delegate; call the method by its name");
        }

        if (callee.IsVirtual && !callee.IsFinal && !callee.DeclaringType!.IsSealed && !callee.DeclaringType.IsValueType && current.Code.Name == "callvirt")
        {
            throw Refused($"a virtual call of {callee.DeclaringType.Name}.{callee.Name}; call a static or non-virtual method");
        }

        if (callee.IsAbstract || callee.MethodImplementationFlags.HasFlag(MethodImplAttributes.InternalCall)
            || callee.Attributes.HasFlag(MethodAttributes.PinvokeImpl))
        {
            throw Refused($"a call of {callee.DeclaringType?.Name}.{callee.Name}, which has no IL and no counterpart in kernels");
        }

        var result = ReadCallee(callee, values);
        if (result is not null)
        {
            Push(result);
        }
    }

    private MethodBase Method() => method.Module.ResolveMethod((int)current.Operand, TypeArguments, MethodArguments)!;

    /// <summary>Reads EqualityComparer&lt;T&gt;.Default.Equals, by which records and tuples compare their parts; false if the call is another.</summary>
    private bool ReadsEquality(MethodBase callee, StackValue[] values)
    {
        if (callee is not { Name: "Equals", DeclaringType: { IsGenericType: true } comparer } || values.Length != 3
            || comparer.GetGenericTypeDefinition() != typeof(EqualityComparer<>))
        {
            return false;
        }

        var type = comparer.GetGenericArguments()[0];
        if (values[1] is StructureValue structure && type.GetMethod("Equals", [type]) is { } method)
        {
            if (ReadCallee(method, [new AddressValue(structure.Location), values[2]]) is { } result)
            {
                Push(result);
            }

            return true;
        }

        if (values[1] is not NodeValue { Node: var one } || values[2] is not NodeValue { Node: var other } || Coercion.Computed(type) is not { } computed)
        {
            return false;
        }

        var (left, right) = (Coercion.To(computed, one), Coercion.To(computed, other));
        if (computed == DType.Bool)
        {
            PushNode(Coercion.Not(Node.Binary(BinaryOperation.Xor, left, right)));
            return true;
        }

        var isEqual = Node.Compare(Comparison.Equal, left, right);
        // Unlike ==, it takes NaN for equal to NaN.
        PushNode(!computed.IsFloatingPoint ? isEqual : Node.Binary(BinaryOperation.Or, isEqual, Node.Binary(
            BinaryOperation.And, Node.Compare(Comparison.NotEqual, left, left), Node.Compare(Comparison.NotEqual, right, right))));
        return true;
    }

    /// <summary>Reads T.CreateTruncating and its like; false if the call is another.</summary>
    private bool ReadsConversion(MethodBase callee, StackValue[] values)
    {
        var target = converted ?? callee.DeclaringType;
        converted = null;
        if (callee.Name is not ("CreateTruncating" or "CreateSaturating" or "CreateChecked") || !callee.IsGenericMethod || target is null
            || StorageTypes.Of(target) is not { } to || StorageTypes.Of(callee.GetGenericArguments()[0]) is not { } from)
        {
            return false;
        }

        PushNode(Conversions.Convert(
            AsNumber(values[0]), from, to, saturate: callee.Name != "CreateTruncating", isChecked: callee.Name == "CreateChecked")
            ?? throw Refused($"{target.Name}.CreateChecked of a {callee.GetGenericArguments()[0].Name}; kernels cannot raise exceptions: use CreateTruncating or CreateSaturating"));
        return true;
    }

    /// <summary>What a call through an interface on a known type comes to.</summary>
    private MethodBase Implementation(MethodBase callee)
    {
        if (constrained is not { } type)
        {
            return callee;
        }

        constrained = null;
        if (callee is not MethodInfo called || called.DeclaringType is not { IsInterface: true } face || !type.IsValueType)
        {
            return callee;
        }

        if (called.Name.StartsWith("Create", StringComparison.Ordinal) && called.IsGenericMethod && Coercion.Computed(type) is not null)
        {
            converted = type;
            return callee;
        }

        var definition = called.IsGenericMethod ? called.GetGenericMethodDefinition() : called;
        var map = type.GetInterfaceMap(face);
        var place = Array.IndexOf(map.InterfaceMethods, definition);
        if (place < 0 || map.TargetMethods[place] is not { } target)
        {
            throw Refused($"a call of {face.Name}.{callee.Name}, which {type.Name} does not implement itself");
        }

        return called.IsGenericMethod ? target.MakeGenericMethod(called.GetGenericArguments()) : target;
    }

    private StackValue? ReadCallee(MethodBase callee, StackValue[] values)
    {
        try
        {
            return new MethodReader(kernel, callee, depth + 1).Run(values, state);
        }
        catch (KernelRefusedException refused) when (refused.Line == 0 && IsOfRuntime(callee))
        {
            // Lines inside the runtime's library mean nothing to the user; the call does.
            throw Refused($"a call of {callee.DeclaringType?.Name}.{callee.Name}{Uncomputed}{Reason(refused.Construct)})");
        }
        catch (KernelRefusedException refused) when (refused.Line == 0 && KernelSources.Find(method, current.Offset).Line > 0)
        {
            // Nor has what the compiler generates lines of its own.
            throw Refused(refused.Construct);
        }
    }

    /// <summary>Why a call of the library is refused, without the calls by which the library came there.</summary>
    private static string Reason(string construct)
    {
        var start = construct.LastIndexOf(Uncomputed, StringComparison.Ordinal);
        return start < 0 ? construct : construct[(start + Uncomputed.Length)..^1];
    }

    /// <summary>Whether it is an argument of launches, though nothing that is read in a kernel: a tensor.</summary>
    private static bool IsLaunchedWith(Type type) => !IsView(type) && type.GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Any(conversion => conversion.Name == "op_Implicit" && conversion.ReturnType == typeof(KernelArgument));

    private static bool IsOfRuntime(MethodBase callee) =>
        callee.Module.Assembly is { IsDynamic: false } assembly && assembly != typeof(KernelReader).Assembly
        && Path.GetDirectoryName(assembly.Location) == Path.GetDirectoryName(typeof(object).Assembly.Location);

    private Node[] Numbers(MethodBase callee, StackValue[] values)
    {
        var parameters = callee.GetParameters();
        var numbers = new Node[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            numbers[i] = values[i] is NodeValue number && Coercion.Computed(parameters[i].ParameterType) is { } type
                ? Coercion.To(type, number.Node)
                : throw Refused($"a call of {callee.DeclaringType?.Name}.{callee.Name} on something that is not a number");
        }

        return numbers;
    }
}

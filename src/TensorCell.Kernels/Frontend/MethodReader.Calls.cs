using System.Reflection;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Frontend;

internal sealed partial class MethodReader
{
    private void Call()
    {
        var callee = Method();
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

        if (Intrinsics.Find(callee) is { } intrinsic)
        {
            Push(new NodeValue(intrinsic(Numbers(callee, values))));
            return;
        }

        if (callee.DeclaringType is { } type && typeof(Delegate).IsAssignableFrom(type))
        {
            throw Refused("a call of a delegate; call the method by its name");
        }

        if (callee.IsVirtual && !callee.IsFinal && !callee.DeclaringType!.IsSealed && current.Code.Name == "callvirt")
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

    private MethodBase Method() => method.Module.ResolveMethod(
        (int)current.Operand,
        method.DeclaringType?.GetGenericArguments(),
        method.IsGenericMethod ? method.GetGenericArguments() : null)!;

    private StackValue? ReadCallee(MethodBase callee, StackValue[] values)
    {
        try
        {
            return new MethodReader(kernel, callee, depth + 1).Run(values, state, ReachedWhen());
        }
        catch (KernelRefusedException refused) when (callee.Module.Assembly == typeof(object).Assembly)
        {
            // Lines inside the runtime's library mean nothing to the user; the call does.
            throw Refused($"a call of {callee.DeclaringType?.Name}.{callee.Name}, which kernels cannot compute ({refused.Construct})");
        }
    }

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

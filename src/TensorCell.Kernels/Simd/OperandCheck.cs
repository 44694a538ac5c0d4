using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Checks that operands fit a function before anything touches memory.</summary>
internal static class OperandCheck
{
    public static void Check(KernelFunction body, int rank, ReadOnlySpan<Operand> inputs, ReadOnlySpan<Operand> outputs)
    {
        CheckInputs(body, rank, inputs);
        if (outputs.Length != body.Results.Length)
        {
            throw Throw.ArgumentCount(body.Name, "outputs", outputs.Length, body.Results.Length);
        }

        for (var i = 0; i < outputs.Length; i++)
        {
            Check(body.Name, "output", i, outputs[i], body.ResultTypes[i], rank);
        }
    }

    public static void CheckInputs(KernelFunction body, int rank, ReadOnlySpan<Operand> inputs)
    {
        if (inputs.Length != body.Parameters.Length)
        {
            throw Throw.ArgumentCount(body.Name, "inputs", inputs.Length, body.Parameters.Length);
        }

        if (inputs.Length > KernelAccess.MaximumInputs)
        {
            throw Throw.TooManyInputs(body.Name, inputs.Length, KernelAccess.MaximumInputs);
        }

        for (var i = 0; i < inputs.Length; i++)
        {
            Check(body.Name, "input", i, inputs[i], body.Parameters[i], rank);
        }
    }

    public static void Check(string name, string what, int index, in Operand operand, DType type, int rank)
    {
        if (operand.Type != type)
        {
            throw Throw.ArgumentType(name, what, index, operand.Type, type);
        }

        if (operand.ByteStrides.Length != rank)
        {
            throw Throw.Strides(name, what, index, operand.ByteStrides.Length, rank);
        }
    }
}

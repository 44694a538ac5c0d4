using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Tests.Elementary;

/// <summary>The f32 result that lies furthest from its reference among those seen.</summary>
internal sealed class WorstFloat32
{
    /// <summary>How far, in ulp.</summary>
    public double Error { get; private set; }

    /// <summary>Of what argument.</summary>
    public float Input { get; private set; }

    /// <summary>What was computed.</summary>
    public float Output { get; private set; }

    /// <summary>Takes note of an operation's results.</summary>
    public void Add(UnaryOperation operation, ReadOnlySpan<float> inputs, ReadOnlySpan<float> outputs)
    {
        for (var i = 0; i < inputs.Length; i++)
        {
            var reference = Reference.Of(operation, inputs[i]);
            if (outputs[i] == 0 && float.IsNegative(outputs[i]) != double.IsNegative(reference))
            {
                Add(double.PositiveInfinity, inputs[i], outputs[i]);
            }
            // The nearest float is at most half an ulp away: nothing new once that has been seen.
            else if (Error < 0.5 || outputs[i] != (float)reference)
            {
                Add(Ulp.Of(outputs[i], reference), inputs[i], outputs[i]);
            }
        }
    }

    /// <summary>Takes note of what another has seen.</summary>
    public void Add(WorstFloat32 other) => Add(other.Error, other.Input, other.Output);

    public override string ToString() => $"{Error:F3} ulp at {Input:R}, which gives {Output:R}";

    private void Add(double error, float input, float output)
    {
        if (!(error <= Error))
        {
            (Error, Input, Output) = (error, input, output);
        }
    }
}

using System.Collections.Concurrent;
using TensorCell.Kernels.Elementary;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Ptx;

/// <summary>Angles that ordinary reductions are too short for.</summary>
internal sealed partial class PtxEmitter
{
    private static readonly ConcurrentDictionary<string, KernelFunction> ofHugeAngles = new();

    /// <summary>A function of <see cref="HugeAngle"/> behind a branch that ordinary angles pass by with the value that is there already.</summary>
    private string OfHugeAngle(string name, string angle, string ordinary)
    {
        var function = ofHugeAngles.GetOrAdd(name, static name => KernelFunction.From(typeof(HugeAngle).GetMethod(name)!));
        var result = Moved(DType.Float64, ordinary);
        var magnitude = Result(DType.Float64, "abs.f64", angle);
        var isHuge = Result(DType.Bool, "setp.gt.f64", magnitude, PtxTypes.Constant(Scalar.From(DType.Float64, HugeAngle.Ordinary)));
        var end = writer.Label("ORDINARY_ANGLE");
        writer.Emit($"@!{isHuge} bra {end}");
        foreach (var node in NodeOrder.Of(function.Results))
        {
            if (node is ParameterNode)
            {
                values[node] = angle;
            }
            else if (node is not ConstantNode { Type: not DType.Bool })
            {
                values[node] = node is ConstantNode truth ? Moved(DType.Bool, PtxTypes.Constant(truth.Value)) : Compute(node);
            }
        }

        writer.Emit($"mov.f64 {result}, {Use(function.Results[0])}");
        writer.Place(end);
        return result;
    }
}

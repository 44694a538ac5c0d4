using System.Collections.Concurrent;
using TensorCell.Kernels.Elementary;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Ptx;

/// <summary>Angles that ordinary reductions are too short for.</summary>
internal sealed partial class PtxEmitter
{
    private static readonly ConcurrentDictionary<string, KernelFunction> ofHugeAngles = new();

    /// <summary>A function of <see cref="HugeAngle"/> behind a branch that ordinary angles pass by with the value that is there already.</summary>
    private string OfHugeAngle(string name, DType type, string angle, string ordinary)
    {
        var function = ofHugeAngles.GetOrAdd(name, static name => KernelFunction.From(typeof(HugeAngle).GetMethod(name)!));
        var result = Moved(type, ordinary);
        var arithmetic = PtxTypes.Arithmetic(type);
        var magnitude = Result(type, $"abs.{arithmetic}", angle);
        var most = Scalar.From(type, type == DType.Float32 ? HugeAngle.Ordinary32 : HugeAngle.Ordinary);
        var isHuge = Result(DType.Bool, $"setp.gt.{arithmetic}", magnitude, PtxTypes.Constant(most));
        var end = writer.Label("ORDINARY_ANGLE");
        writer.Emit($"@!{isHuge} bra {end}");
        var wide = type == DType.Float32 ? Convert(angle, type, DType.Float64) : angle;
        foreach (var node in NodeOrder.Of(function.Results))
        {
            if (node is ParameterNode)
            {
                values[node] = wide;
            }
            else if (node is not ConstantNode { Type: not DType.Bool })
            {
                values[node] = node is ConstantNode truth ? Moved(DType.Bool, PtxTypes.Constant(truth.Value)) : Compute(node);
            }
        }

        var value = Use(function.Results[0]);
        writer.Emit($"mov.{arithmetic} {result}, {(type == DType.Float32 ? Convert(value, DType.Float64, type) : value)}");
        writer.Place(end);
        return result;
    }
}

using System.Collections.Concurrent;
using TensorCell.Kernels.Elementary;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Ptx;

/// <summary>Angles that ordinary reductions are too short for.</summary>
internal sealed partial class PtxEmitter
{
    private static readonly ConcurrentDictionary<(string Name, DType Type), KernelFunction> ofHugeAngles = new();

    /// <summary>A function of <see cref="HugeAngle"/> behind a branch that ordinary angles pass by with the value that is there already.</summary>
    private string OfHugeAngle(string name, DType type, string angle, string ordinary)
    {
        var function = ofHugeAngles.GetOrAdd(
            (name, type), static key => KernelFunction.From(typeof(HugeAngle).GetMethod(key.Name, [key.Type == DType.Float32 ? typeof(float) : typeof(double)])!));
        var result = Moved(type, ordinary);
        var arithmetic = PtxTypes.Arithmetic(type);
        var magnitude = Result(type, $"abs.{arithmetic}", angle);
        var most = Scalar.From(type, type == DType.Float32 ? HugeAngle.Ordinary32 : HugeAngle.Ordinary);
        var isHuge = Result(DType.Bool, $"setp.gt.{arithmetic}", magnitude, PtxTypes.Constant(most));
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

        writer.Emit($"mov.{arithmetic} {result}, {Use(function.Results[0])}");
        writer.Place(end);
        return result;
    }
}

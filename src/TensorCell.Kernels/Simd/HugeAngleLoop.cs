using TensorCell.Kernels.Elementary;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// A function of huge f32 angles as a loop of its own, which kernels call for whole vectors in which there are any: one angle at a time would
/// take many times as long.
/// </summary>
internal sealed unsafe class HugeAngleLoop
{
    /// <summary>The most angles of a call; as many need room, whatever their number.</summary>
    public const int MaximumCount = 16;

    private static readonly HugeAngleLoop sin = new(nameof(HugeAngle.Sin));
    private static readonly HugeAngleLoop cos = new(nameof(HugeAngle.Cos));
    private static readonly HugeAngleLoop tan = new(nameof(HugeAngle.Tan));

    private readonly Lazy<(CompiledKernel Kernel, KernelBody Body)> loop;

    private HugeAngleLoop(string name) => loop = new(() =>
    {
        var kernel = KernelCache.Get(KernelFunction.From(typeof(HugeAngle).GetMethod(name, [typeof(float)])!));
        return (kernel, kernel.Loop(name, new(0, Streaming: false, Unroll: 1)).Body);
    });

    /// <summary>The loop of the function that an operation gives of huge angles.</summary>
    public static HugeAngleLoop Of(BinaryOperation operation) => operation switch
    {
        BinaryOperation.SinOfHuge => sin,
        BinaryOperation.CosOfHuge => cos,
        _ => tan,
    };

    /// <summary>Replaces angles by their function, and what follows them by anything.</summary>
    public void Run(float* angles, int count)
    {
        var (kernel, body) = loop.Value;
        var operands = stackalloc byte*[] { (byte*)angles, (byte*)angles };
        body(operands, kernel.Constants, null, count);
    }
}

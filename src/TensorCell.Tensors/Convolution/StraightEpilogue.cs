using System.Runtime.CompilerServices;

namespace TensorCell.Tensors.Convolution;

/// <summary>Runs an epilogue on adjacent pixels of a channel: what it reads and stores lies in memory as the pixels do, and is read and stored there.</summary>
/// <param name="epilogue">The work.</param>
internal sealed unsafe class StraightEpilogue(ConvolutionEpilogue epilogue)
{
    private readonly EpilogueOperand[] operands = epilogue.Operands;

    /// <summary>Runs it.</summary>
    /// <param name="image">Which image.</param>
    /// <param name="channel">Which channel.</param>
    /// <param name="pixel">The first pixel.</param>
    /// <param name="count">How many.</param>
    /// <param name="sums">The convolution's.</param>
    /// <param name="target">Where the first result goes.</param>
    /// <param name="isStreamed">Whether results are written past the caches; they are then aligned to whole vectors.</param>
    [SkipLocalsInit]
    public void Run(int image, int channel, nint pixel, nint count, void* sums, byte* target, bool isStreamed)
    {
        byte** addresses = stackalloc byte*[operands.Length];
        for (int index = 0; index < operands.Length; index++)
        {
            ref readonly EpilogueOperand operand = ref operands[index];
            addresses[index] = operand.Role switch
            {
                EpilogueRole.Sums => (byte*)sums,
                EpilogueRole.Result => target + epilogue.Results[operand.Result],
                EpilogueRole.Channel => (byte*)operand.Address(0, channel, 0, 0),
                _ => (byte*)operand.Address(image, channel, 0, 0) + (pixel * operand.ElementSize),
            };
        }

        epilogue.Launch.RunRow(addresses, count, isStreamed);
    }
}

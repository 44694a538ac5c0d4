using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// Runs an epilogue on one task's lines of finished pixels: what it reads at every pixel is copied onto lines that lie as the sums do, and what it stores
/// in other types is copied from such lines.
/// </summary>
/// <param name="layout">How the lines lie.</param>
/// <param name="epilogue">The work.</param>
/// <param name="asidePitch">Elements from the line of one filter to that of the next.</param>
/// <param name="resultPitch">Elements from a line of one result to that of the next.</param>
/// <param name="memory">Working memory of <see cref="Bytes"/>.</param>
internal sealed unsafe class EpilogueLines<TSimd, TVector, T>(
    LineLayout layout, ConvolutionEpilogue epilogue, nint asidePitch, nint resultPitch, byte* memory)
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private readonly EpilogueOperand[] operands = epilogue.Operands;
    private readonly nint pitch = Pitch(layout);

    /// <summary>Whether it reads anything at every pixel.</summary>
    public bool ReadsPixels { get; } = epilogue.Operands.Take(epilogue.Inputs).Any(operand => operand.Role == EpilogueRole.Pixels);

    /// <summary>How much working memory an epilogue takes.</summary>
    public static nint Bytes(LineLayout layout, ConvolutionEpilogue? epilogue) => epilogue is null ? 0 : epilogue.Lines * Pitch(layout);

    /// <summary>Runs it on the lines of some channels.</summary>
    /// <param name="parts">The pixels of each line.</param>
    /// <param name="places">How many places there are from the first pixel to the last.</param>
    /// <param name="firstChannel">The first channel.</param>
    /// <param name="channels">How many.</param>
    /// <param name="sums">The line of the first.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(ReadOnlySpan<LinePart> parts, nint places, int firstChannel, int channels, T* sums)
    {
        // To whole turns of the kernel, which fit between the lines.
        nint length = BlockSizes.RoundUp(places, 2 * TSimd.Count);
        byte** addresses = stackalloc byte*[operands.Length];
        for (int channel = firstChannel; channel < firstChannel + channels; channel++)
        {
            byte* line = memory;
            for (int index = 0; index < operands.Length; index++)
            {
                ref readonly EpilogueOperand operand = ref operands[index];
                switch (operand.Role)
                {
                    case EpilogueRole.Sums:
                        addresses[index] = (byte*)sums;
                        break;
                    case EpilogueRole.Result:
                        addresses[index] = (byte*)(sums + (operand.Result * resultPitch));
                        break;
                    case EpilogueRole.Channel:
                        addresses[index] = (byte*)operand.Address(0, channel, 0, 0);
                        break;
                    default:
                        addresses[index] = line;
                        Load(parts, channel, index, line);
                        line += pitch;
                        break;
                }
            }

            epilogue.Launch.RunRow(addresses, length);
            Store(parts, channel, addresses);
            sums += asidePitch;
        }
    }

    /// <summary>Asks for what will be read for a row of pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Prefetch(in PixelBlock block, int image, int channel, int row)
    {
        for (int index = 0; Sse.IsSupported && index < epilogue.Inputs; index++)
        {
            ref readonly EpilogueOperand operand = ref operands[index];
            if (operand.Role != EpilogueRole.Pixels || operand.Images.ColumnStride != 1)
            {
                continue;
            }

            byte* pixels = (byte*)operand.Address(block.Image + image, channel, block.Row + row, block.Column);
            for (byte* end = pixels + (block.Columns * operand.ElementSize); pixels < end; pixels += CpuBuffer.Alignment)
            {
                Sse.Prefetch1(pixels);
            }
        }
    }

    // For the widest elements; a line is rounded up to whole turns of the kernel.
    private static nint Pitch(LineLayout layout) => BlockSizes.RoundUp(layout.Longest, 2 * TSimd.Count) * sizeof(long);

    private void Load(ReadOnlySpan<LinePart> parts, int channel, int index, byte* line)
    {
        if (index < epilogue.Inputs)
        {
            Move(parts, channel, operands[index], line, isStored: false);
        }
    }

    private void Store(ReadOnlySpan<LinePart> parts, int channel, byte** addresses)
    {
        for (int index = epilogue.Inputs; index < operands.Length; index++)
        {
            if (operands[index].Role == EpilogueRole.Pixels)
            {
                Move(parts, channel, operands[index], addresses[index], isStored: true);
            }
        }
    }

    private void Move(ReadOnlySpan<LinePart> parts, int channel, in EpilogueOperand operand, byte* line, bool isStored)
    {
        foreach (ref readonly LinePart part in parts)
        {
            Move(part.Block, channel, operand, line + (part.Place * operand.ElementSize), isStored);
        }
    }

    /// <summary>Copies the rows of a block onto a line, or from there.</summary>
    private void Move(in PixelBlock block, int channel, in EpilogueOperand operand, byte* line, bool isStored)
    {
        int size = operand.ElementSize;
        nint step = operand.Images.ColumnStride * size;
        for (int image = 0; image < block.Images; image++)
        {
            byte* place = line + (image * layout.ImagePitch * size);
            byte* pixels = (byte*)operand.Address(block.Image + image, channel, block.Row, block.Column);
            for (int row = 0; row < block.Rows; row++)
            {
                if (isStored)
                {
                    ElementRow.Copy(place, size, pixels, step, block.Columns, size);
                }
                else
                {
                    ElementRow.Copy(pixels, step, place, size, block.Columns, size);
                }

                place += layout.RowPitch * size;
                pixels += operand.Images.RowStride * size;
            }
        }
    }
}

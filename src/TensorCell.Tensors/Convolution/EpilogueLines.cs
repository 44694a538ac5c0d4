using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// Runs an epilogue on one task's lines of finished pixels: what it reads at every pixel is copied onto lines that lie as the sums do, and what it stores
/// in other types is copied from such lines.
/// </summary>
/// <param name="geometry">How the product is cut.</param>
/// <param name="epilogue">The work.</param>
/// <param name="asidePitch">Elements from the line of one filter to that of the next.</param>
/// <param name="resultPitch">Elements from a line of one result to that of the next.</param>
/// <param name="memory">Working memory of <see cref="Bytes"/>.</param>
internal sealed unsafe class EpilogueLines<TSimd, TVector, T>(
    BlockGeometry geometry, ConvolutionEpilogue epilogue, nint asidePitch, nint resultPitch, byte* memory)
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private readonly EpilogueOperand[] operands = epilogue.Operands;
    private readonly nint pitch = Pitch(geometry);

    /// <summary>Whether it reads anything at every pixel.</summary>
    public bool ReadsPixels { get; } = epilogue.Operands.Take(epilogue.Inputs).Any(operand => operand.Role == EpilogueRole.Pixels);

    /// <summary>How much working memory an epilogue takes.</summary>
    public static nint Bytes(BlockGeometry geometry, ConvolutionEpilogue? epilogue) => epilogue is null ? 0 : epilogue.Lines * Pitch(geometry);

    /// <summary>Runs it on the lines of some channels.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(in PixelBlock block, int firstChannel, int channels, T* sums)
    {
        // To whole turns of the kernel, which fit between the lines.
        nint length = BlockSizes.RoundUp(geometry.Line(block.Images, block.Rows, block.Columns), 2 * TSimd.Count);
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
                        Load(block, channel, index, line);
                        line += pitch;
                        break;
                }
            }

            epilogue.Launch.RunRow(addresses, length);
            Store(block, channel, addresses);
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
    private static nint Pitch(BlockGeometry geometry) => BlockSizes.RoundUp(geometry.MaximumLine, 2 * TSimd.Count) * sizeof(long);

    private void Load(in PixelBlock block, int channel, int index, byte* line)
    {
        if (index < epilogue.Inputs)
        {
            Move(block, channel, operands[index], line, isStored: false);
        }
    }

    private void Store(in PixelBlock block, int channel, byte** addresses)
    {
        for (int index = epilogue.Inputs; index < operands.Length; index++)
        {
            if (operands[index].Role == EpilogueRole.Pixels)
            {
                Move(block, channel, operands[index], addresses[index], isStored: true);
            }
        }
    }

    /// <summary>Copies the rows of a block onto a line, or from there.</summary>
    private void Move(in PixelBlock block, int channel, in EpilogueOperand operand, byte* line, bool isStored)
    {
        int size = operand.ElementSize;
        nint step = operand.Images.ColumnStride * size;
        for (int image = 0; image < block.Images; image++)
        {
            byte* place = line + (image * geometry.LineImagePitch * size);
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

                place += geometry.LineRowPitch * (nint)size;
                pixels += operand.Images.RowStride * size;
            }
        }
    }
}

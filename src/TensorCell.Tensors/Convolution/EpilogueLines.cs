using System.Runtime.CompilerServices;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>
/// Runs an epilogue on one task's lines of finished pixels, one channel at a time: what it reads at every pixel is copied onto lines that lie as the sums
/// do, and what it stores in other types is copied from such lines.
/// </summary>
/// <param name="product">What is computed.</param>
/// <param name="geometry">How it is cut.</param>
/// <param name="epilogue">The work.</param>
/// <param name="resultPitch">Elements from a line of one result to that of the next.</param>
/// <param name="memory">Working memory of <see cref="Bytes"/>.</param>
internal sealed unsafe class EpilogueLines<TSimd, TVector, T>(
    SlidingProduct product, BlockGeometry geometry, ConvolutionEpilogue epilogue, nint resultPitch, byte* memory)
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private readonly nint pitch = Pitch(geometry);

    /// <summary>How much working memory an epilogue takes.</summary>
    public static nint Bytes(BlockGeometry geometry, ConvolutionEpilogue? epilogue) => epilogue is null ? 0 : epilogue.Lines * Pitch(geometry);

    /// <summary>Runs it on the line of a channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(in PixelBlock block, int channel, T* sums)
    {
        nint length = BlockSizes.RoundUp(geometry.Line(block.Images, block.Rows, block.Columns), TSimd.Count);
        AddBias(channel, sums, length);
        EpilogueOperand[] operands = epilogue.Operands;
        byte** addresses = stackalloc byte*[operands.Length];
        byte* line = memory;
        for (int index = 0; index < operands.Length; index++)
        {
            ref readonly EpilogueOperand operand = ref operands[index];
            addresses[index] = operand.Role switch
            {
                EpilogueRole.Sums => (byte*)sums,
                EpilogueRole.Result => (byte*)(sums + (operand.Result * resultPitch)),
                EpilogueRole.Channel => (byte*)operand.Address(0, channel, 0, 0),
                _ => line,
            };
            if (operand.Role == EpilogueRole.Pixels)
            {
                if (index < epilogue.Inputs)
                {
                    Move(block, channel, operand, line, isStored: false);
                }

                line += pitch;
            }
        }

        epilogue.Launch.RunRow(addresses, length);
        for (int index = epilogue.Inputs; index < operands.Length; index++)
        {
            if (operands[index].Role == EpilogueRole.Pixels)
            {
                Move(block, channel, operands[index], addresses[index], isStored: true);
            }
        }
    }

    // For the widest elements; a line is rounded up to whole vectors.
    private static nint Pitch(BlockGeometry geometry) => BlockSizes.RoundUp(geometry.MaximumLine + TSimd.Count, TSimd.Count) * sizeof(long);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddBias(int channel, T* sums, nint length)
    {
        if (product.Bias == 0)
        {
            return;
        }

        TVector bias = TSimd.Broadcast((T*)product.Bias + channel);
        for (nint place = 0; place < length; place += TSimd.Count)
        {
            TSimd.Store(TSimd.Add(TSimd.Load(sums + place), bias), sums + place);
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

using System.Numerics;
using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Ptx;

/// <summary>What a launch of a PTX kernel gives the driver: how many threads, and the bytes of all parameters.</summary>
/// <param name="Grid">Blocks along X, Y and Z.</param>
/// <param name="Block">Threads of a block along X, Y and Z.</param>
/// <param name="Parameters">The bytes of the parameters.</param>
/// <param name="Offsets">Where each parameter begins.</param>
internal sealed record PtxLaunch(int[] Grid, int[] Block, byte[] Parameters, int[] Offsets)
{
    /// <summary>Threads of a block where the program does not say: enough to hide the latency of memory, few enough for many registers.</summary>
    private const int Threads = 256;

    /// <summary>The most blocks along Y and Z.</summary>
    private const int MostBlocks = 65535;

    /// <summary>The launch of a kernel over a space.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="views">One view for each of the program's.</param>
    /// <param name="uniforms">The values of all uniforms.</param>
    /// <param name="extents">Items along X, Y and Z; at least one along each.</param>
    /// <param name="failure">Where the <see cref="PtxFailure"/> lies in device memory.</param>
    public static PtxLaunch Of(
        PtxKernel kernel, ReadOnlySpan<PtxView> views, ReadOnlySpan<Scalar> uniforms, ReadOnlySpan<int> extents, nint failure)
    {
        var offsets = new int[kernel.Parameters.Length];
        var length = 0;
        for (var i = 0; i < offsets.Length; i++)
        {
            var size = kernel.Parameters[i].Size;
            offsets[i] = (length + size - 1) / size * size;
            length = offsets[i] + size;
        }

        var bytes = new byte[length];
        for (var i = 0; i < offsets.Length; i++)
        {
            var parameter = kernel.Parameters[i];
            var value = parameter.Kind switch
            {
                PtxParameterKind.Address => views[parameter.Index].Address,
                PtxParameterKind.Length => views[parameter.Index].Lengths[parameter.Dimension],
                PtxParameterKind.Stride => views[parameter.Index].Strides[parameter.Dimension],
                PtxParameterKind.Uniform => uniforms[parameter.Index].Bits,
                PtxParameterKind.Extent => extents[parameter.Index],
                _ => failure,
            };
            if (parameter.Size == sizeof(int))
            {
                MemoryMarshal.Write(bytes.AsSpan(offsets[i]), (int)value);
            }
            else
            {
                MemoryMarshal.Write(bytes.AsSpan(offsets[i]), value);
            }
        }

        var (grid, block) = Shape(kernel.Program, extents);
        return new(grid, block, bytes, offsets);
    }

    private static (int[] Grid, int[] Block) Shape(GridProgram program, ReadOnlySpan<int> extents)
    {
        if (program.GroupExtents.IsEmpty)
        {
            // A row that is short shares its block with rows beside it.
            var wide = Math.Min(Threads, (int)BitOperations.RoundUpToPowerOf2((uint)extents[0]));
            var high = program.Rank == 1 ? 1 : Math.Min(Threads / wide, (int)BitOperations.RoundUpToPowerOf2((uint)extents[1]));
            return (
                [Blocks(extents[0], wide), Math.Min(MostBlocks, Blocks(extents[1], high)), Math.Min(MostBlocks, extents[2])],
                [wide, high, 1]);
        }

        int[] block = [.. program.GroupExtents];
        int[] grid = [Blocks(extents[0], block[0]), Blocks(extents[1], block[1]), Blocks(extents[2], block[2])];
        return grid[1] <= MostBlocks && grid[2] <= MostBlocks ? (grid, block) : throw Throw.TooManyGroups(program.Name, grid, MostBlocks);
    }

    private static int Blocks(int count, int size) => (int)(((long)count + size - 1) / size);
}

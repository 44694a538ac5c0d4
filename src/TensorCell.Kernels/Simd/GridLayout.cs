using System.Collections.Immutable;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>
/// Where compiled code of a grid program finds what it works on: a launch block that all threads share, and a frame of each thread's own.
/// All numbers are bytes; every entry of a block is 8 bytes wide.
/// </summary>
internal sealed class GridLayout
{
    /// <summary>In the launch block: the extents along X, Y and Z.</summary>
    public const int Extents = 0;

    /// <summary>In the launch block: how many groups along X, Y and Z.</summary>
    public const int GroupCounts = 24;

    /// <summary>In the launch block: not 0 when the launch is to end early.</summary>
    public const int Stop = 48;

    /// <summary>In the launch block: from which item along X on, and before which, a program is as plain as its wide code takes it to be.</summary>
    public const int Interior = 56;

    /// <summary>In the launch block: the values of the uniforms.</summary>
    public const int Uniforms = 72;

    /// <summary>In a view's block: the address of its first element.</summary>
    public const int Address = 0;

    /// <summary>In a view's block: its extents, the outermost first.</summary>
    public const int Lengths = 8;

    /// <summary>In a view's block: bytes between neighbours along each dimension.</summary>
    public const int Strides = 40;

    /// <summary>In a view's block: bytes per element.</summary>
    public const int ElementSize = 72;

    /// <summary>The size of a view's block.</summary>
    public const int ViewBytes = 80;

    /// <summary>In the frame: from where to where a row was run.</summary>
    public const int Begin = 0;

    /// <summary>In the frame: see <see cref="Begin"/>.</summary>
    public const int End = 8;

    /// <summary>In the frame: where each result of item 0 of the row would lie.</summary>
    public const int Results = 16;

    /// <summary>How many results there can be.</summary>
    public const int MostResults = 14;

    /// <summary>In the frame: elements on their way to or from memory.</summary>
    public const int Data = 128;

    /// <summary>The most elements in flight at once: a bit of a mask for each.</summary>
    public const int MostItems = 64;

    /// <summary>In the frame: what atomics compare with.</summary>
    public const int Comparands = Data + (MostItems * sizeof(long));

    /// <summary>In the frame: a vector of indices for each dimension.</summary>
    public const int Indices = Comparands + (MostItems * sizeof(long));

    /// <summary>Bytes of one vector of indices.</summary>
    public const int IndexBytes = 128;

    /// <summary>In the frame: the blocks of the shared arrays, as of views.</summary>
    public const int SharedBlocks = Indices + (4 * IndexBytes);

    public GridLayout(GridProgram program)
    {
        Views = Uniforms + (program.Uniforms.Length * sizeof(long));
        LaunchBytes = Views + (program.Views.Length * ViewBytes);
        var at = Aligned(SharedBlocks + (program.Shared.Length * ViewBytes));
        var shared = ImmutableArray.CreateBuilder<int>();
        foreach (var operand in program.Shared)
        {
            shared.Add(at);
            at = Aligned(at + (operand.Count * operand.Storage.Size));
        }

        Shared = shared.ToImmutable();
        FrameBytes = at;
    }

    /// <summary>In the launch block: the views' blocks.</summary>
    public int Views { get; }

    /// <summary>The size of the launch block.</summary>
    public int LaunchBytes { get; }

    /// <summary>In the frame: the elements of each shared array.</summary>
    public ImmutableArray<int> Shared { get; }

    /// <summary>The size of the frame, without what programs with barriers keep for each item.</summary>
    public int FrameBytes { get; }

    /// <summary>The next multiple of a cache line.</summary>
    public static int Aligned(int bytes) => (bytes + 63) & ~63;
}

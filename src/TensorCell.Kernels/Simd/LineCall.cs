using System.Runtime.InteropServices;

namespace TensorCell.Kernels.Simd;

/// <summary>What compiled lines are called with. A line is a run of elements that lie next to each other, or of one for all, in every operand.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LineCall
{
    /// <summary>Where the first line of each operand begins, inputs before the output.</summary>
    public byte** Addresses;

    /// <summary>Bytes from each operand's line to its next.</summary>
    public long* Strides;

    /// <summary>The table of constants.</summary>
    public byte* Constants;

    /// <summary>The table of uniforms, whose computed part a call for no lines fills in.</summary>
    public byte* Uniforms;

    /// <summary>How many lines.</summary>
    public long Lines;

    /// <summary>How many elements a line has.</summary>
    public long Count;

    /// <summary>What folds have come to so far: of the first line, or of all lines' places.</summary>
    public byte* State;

    /// <summary>Bytes from the state of a line to that of the next.</summary>
    public long StateStride;

    /// <summary>How many bytes further on what is asked for ahead lies.</summary>
    public long Ahead;
}

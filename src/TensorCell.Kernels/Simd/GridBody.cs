namespace TensorCell.Kernels.Simd;

/// <summary>The compiled code of a grid program for a stretch of one row, or for one group.</summary>
/// <param name="launch">The launch block; see <see cref="GridLayout"/>.</param>
/// <param name="frame">The calling thread's frame.</param>
/// <param name="z">The row's index along Z, or the group's.</param>
/// <param name="y">The row's index along Y, or the group's.</param>
/// <param name="begin">The first item along X, or the group's index along X.</param>
/// <param name="end">The item after the last one along X.</param>
internal unsafe delegate void GridBody(byte* launch, byte* frame, int z, int y, int begin, int end);

using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>Spreads rows of work over all cores, in stretches.</summary>
internal static class Blocks
{
    /// <summary>Bytes below which other threads would cost more than they help.</summary>
    public const long WorthSharing = 1 << 16;

    /// <summary>Bytes in a stretch: few enough to be interrupted between, enough to amortise claiming it.</summary>
    public const long Bytes = 1 << 18;

    /// <summary>Runs a body on stretches of consecutive rows, in no particular order.</summary>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="rowBytes">About how many bytes are written, or read, for each.</param>
    /// <param name="body">Receives the first row and the one behind the last.</param>
    public static void For(long rows, long rowBytes, Action<long, long> body)
    {
        if (rows == 0)
        {
            return;
        }

        if (rows * rowBytes <= WorthSharing)
        {
            Interruption.Check();
            body(0, rows);
            return;
        }

        long height = Math.Max(Math.Max(1, Bytes / Math.Max(1, rowBytes)), (rows / (1 << 30)) + 1);
        Workers.For((int)((rows + height - 1) / height), block => body(block * height, Math.Min((block + 1) * height, rows)));
    }
}

using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>
/// Copies between layouts whose fastest axes differ, in tiles of one cache line each way: every line is read once and written once, where
/// running along one layout would touch each line of the other many times.
/// </summary>
internal static unsafe class TransposedCopy
{
    private const long SmallestCount = 4096;

    /// <summary>Fewer rows or columns than this fill too little of a tile.</summary>
    private const long SmallestLength = 8;

    /// <summary>Tiles side by side in a block, in the order of the source: its pages are few enough to stay known to the processor.</summary>
    private const int BlockRows = 64;

    private const int BlockColumns = 2;

    /// <summary>Copies if the layouts are of that kind; else does nothing and returns false.</summary>
    /// <param name="from">The source's first element.</param>
    /// <param name="to">The target's first element.</param>
    /// <param name="space">How both lie.</param>
    /// <param name="size">Bytes per element.</param>
    public static bool TryRun(nint from, nint to, CopySpace space, int size)
    {
        int columns = space.Rank - 1;
        int rows = space.From.IndexOf(1L);
        if (rows < 0 || rows == columns || space.To[columns] != 1 || space.From[columns] == 0
            || space.Count < SmallestCount || space.Lengths[rows] < SmallestLength || space.Lengths[columns] < SmallestLength)
        {
            return false;
        }

        switch (size)
        {
            case 1:
                Run<byte>(from, to, space, rows);
                break;
            case 2:
                Run<ushort>(from, to, space, rows);
                break;
            case 4:
                Run<float>(from, to, space, rows);
                break;
            default:
                Run<double>(from, to, space, rows);
                break;
        }

        return true;
    }

    private static void Run<T>(nint from, nint to, CopySpace space, int rowAxis)
        where T : unmanaged
    {
        int columnAxis = space.Rank - 1;
        long rows = space.Lengths[rowAxis];
        long columns = space.Lengths[columnAxis];
        long height = BlockRows * TransposedTile.Length<T>();
        long width = BlockColumns * TransposedTile.Length<T>();
        long down = (rows + height - 1) / height;
        long across = (columns + width - 1) / width;
        long planes = space.Count / (rows * columns);
        bool isStreamed = StridedCopy.IsStreamed(space.Count * sizeof(T));
        Action<int> copy = block =>
        {
            T* input = (T*)from;
            T* output = (T*)to;
            long rest = block / (down * across);
            for (int axis = columnAxis - 1; axis >= 0; axis--)
            {
                if (axis != rowAxis)
                {
                    long position = rest % space.Lengths[axis];
                    rest /= space.Lengths[axis];
                    input += position * space.From[axis];
                    output += position * space.To[axis];
                }
            }

            long row = block / across % down * height;
            long column = block % across * width;
            TransposedTile.Run(
                input + row + (column * space.From[columnAxis]),
                space.From[columnAxis],
                output + column + (row * space.To[rowAxis]),
                space.To[rowAxis],
                Math.Min(height, rows - row),
                Math.Min(width, columns - column),
                isStreamed);
        };
        long blocks = planes * down * across;
        if (space.Count * sizeof(T) <= Blocks.WorthSharing)
        {
            for (int block = 0; block < blocks; block++)
            {
                copy(block);
            }
        }
        else
        {
            Workers.For(checked((int)blocks), copy);
        }
    }
}

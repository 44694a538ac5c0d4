using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Tensors.Moments;

/// <summary>
/// The moments of a few rows' columns, each of whose elements is read once: the sums of differences from what the first rows' mean is, and of their squares
/// (Chan, Golub and LeVeque 1983: shifted data). That mean is near enough for f32, for few rows.
/// </summary>
internal static unsafe class MomentBlock
{
    /// <summary>Columns of a vector, the least there may be.</summary>
    public const int Lanes = 16;

    /// <summary>Rows of a block, at most, within f32's precision.</summary>
    public const int MostRows = 256;

    /// <summary>Columns of a block, at most.</summary>
    public const int MostColumns = 1024;

    private const int GroupRows = 8;
    private const int StateLength = 3 * Lanes;

    /// <summary>Finds the moments of columns.</summary>
    /// <param name="from">The first element.</param>
    /// <param name="stride">Elements from one row to the next.</param>
    /// <param name="rows">How many rows, from 1 to <see cref="MostRows"/>.</param>
    /// <param name="columns">How many columns, from <see cref="Lanes"/> to <see cref="MostColumns"/>.</param>
    /// <param name="means">Where the mean of each column goes.</param>
    /// <param name="deviations">Where the sum of squares of differences from it goes.</param>
    [SkipLocalsInit]
    public static void Run(float* from, nint stride, int rows, int columns, double* means, double* deviations)
    {
        float* states = stackalloc float[(((columns + Lanes - 1) / Lanes) * StateLength) + Lanes];
        states = (float*)(((nint)states + (Lanes * sizeof(float)) - 1) & -(Lanes * sizeof(float)));
        Begin(from, stride, Math.Min(GroupRows, rows), columns, states);
        AddGroups(from, stride, rows / GroupRows, columns, states);
        for (int row = rows / GroupRows * GroupRows; row < rows; row++)
        {
            AddRow(from + (row * stride), columns, states);
        }

        Finish(states, rows, columns, means, deviations);
    }

    /// <summary>Sets what differences are taken from, the mean of some rows, and the sums of these to nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Begin(float* from, nint stride, int rows, int columns, float* state)
    {
        for (int column = 0; column < columns; column += Lanes, state += StateLength)
        {
            Vector512<float> sum = Vector512<float>.Zero;
            for (int row = 0; row < rows; row++)
            {
                sum += Vector512.Load(At(from + (row * stride), column, columns));
            }

            (sum * (1f / rows)).Store(state);
            Vector512<float>.Zero.Store(state + Lanes);
            Vector512<float>.Zero.Store(state + (2 * Lanes));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddGroups(float* from, nint stride, int groups, int columns, float* states)
    {
        for (; groups > 0; groups--, from += GroupRows * stride)
        {
            float* state = states;
            for (int column = 0; column < columns; column += Lanes, state += StateLength)
            {
                Vector512<float> origin = Vector512.Load(state);
                float* row = At(from, column, columns);
                Vector512<float> first = Vector512.Load(row) - origin;
                Vector512<float> second = Vector512.Load(row + stride) - origin;
                Vector512<float> third = Vector512.Load(row + (2 * stride)) - origin;
                Vector512<float> fourth = Vector512.Load(row + (3 * stride)) - origin;
                Vector512<float> sum = (first + second) + (third + fourth);
                Vector512<float> squares = AddSquare(AddSquare(first * first, second), third);
                squares = AddSquare(squares, fourth);
                row += 4 * stride;
                first = Vector512.Load(row) - origin;
                second = Vector512.Load(row + stride) - origin;
                third = Vector512.Load(row + (2 * stride)) - origin;
                fourth = Vector512.Load(row + (3 * stride)) - origin;
                sum += (first + second) + (third + fourth);
                Vector512<float> others = AddSquare(AddSquare(first * first, second), third);
                squares += AddSquare(others, fourth);
                (Vector512.Load(state + Lanes) + sum).Store(state + Lanes);
                (Vector512.Load(state + (2 * Lanes)) + squares).Store(state + (2 * Lanes));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRow(float* from, int columns, float* state)
    {
        for (int column = 0; column < columns; column += Lanes, state += StateLength)
        {
            Vector512<float> difference = Vector512.Load(At(from, column, columns)) - Vector512.Load(state);
            (Vector512.Load(state + Lanes) + difference).Store(state + Lanes);
            AddSquare(Vector512.Load(state + (2 * Lanes)), difference).Store(state + (2 * Lanes));
        }
    }

    /// <summary>The last vector of a row overlaps the one before it, with a state of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* At(float* row, int column, int columns) => row + Math.Min(column, columns - Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> AddSquare(Vector512<float> sum, Vector512<float> value) => Vector512.FusedMultiplyAdd(value, value, sum);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish(float* state, int rows, int columns, double* means, double* deviations)
    {
        for (int column = 0; column < columns; column += Lanes, state += StateLength)
        {
            int at = Math.Min(column, columns - Lanes);
            (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(Vector512.Load(state));
            (Vector512<double> lowerSum, Vector512<double> upperSum) = Vector512.Widen(Vector512.Load(state + Lanes));
            (Vector512<double> lowerSquares, Vector512<double> upperSquares) = Vector512.Widen(Vector512.Load(state + (2 * Lanes)));
            Finish(lower, lowerSum, lowerSquares, rows, means + at, deviations + at);
            Finish(upper, upperSum, upperSquares, rows, means + at + (Lanes / 2), deviations + at + (Lanes / 2));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(Vector512<double> origin, Vector512<double> sum, Vector512<double> squares, int rows, double* mean, double* deviation)
    {
        Vector512<double> beyond = sum * (1.0 / rows);
        (origin + beyond).Store(mean);
        (squares - (beyond * sum)).Store(deviation);
    }
}

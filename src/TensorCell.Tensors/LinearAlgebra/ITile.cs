namespace TensorCell.Tensors.LinearAlgebra;

/// <summary>
/// The innermost part of a matrix product: a tile of C that stays in registers while a panel of A and a panel of B stream past.
/// </summary>
/// <typeparam name="T">Element type.</typeparam>
internal unsafe interface ITile<T>
    where T : unmanaged
{
    /// <summary>Most rows of a tile, and the width of a packed panel of A.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of a tile, and the width of a packed panel of B.</summary>
    static abstract int Columns { get; }

    /// <summary>The rows that <see cref="Run"/> really computes when <paramref name="rows"/> are wanted: the next tile height there is code for.</summary>
    static abstract int Round(int rows);

    /// <summary>Computes one tile, of <see cref="Round"/> of <paramref name="rows"/> rows and all columns.</summary>
    /// <param name="rows">Rows wanted, from 1 to <see cref="Rows"/>.</param>
    /// <param name="depth">Length of the panels; 0 gives zeros.</param>
    /// <param name="a">Packed panel of A: <see cref="Rows"/> elements for each step of depth.</param>
    /// <param name="b">Panel of B: <see cref="Columns"/> adjacent elements for each step of depth.</param>
    /// <param name="bStep">Elements from one step of B to the next.</param>
    /// <param name="c">First element of the tile, whose rows are of adjacent elements.</param>
    /// <param name="cRowStride">Elements from one row of C to the next.</param>
    /// <param name="accumulate">Whether the tile is added to C rather than written over it.</param>
    static abstract void Run(int rows, nint depth, T* a, T* b, nint bStep, T* c, nint cRowStride, bool accumulate);
}

namespace TensorCell.Interactive.Magics;

/// <summary>A part of a cell: C# code, or a magic with what it owns.</summary>
/// <param name="Start">Where it begins in the cell's text.</param>
/// <param name="Length">How many characters of the cell it takes.</param>
/// <param name="FirstLine">The line of the cell, from 1, that it begins on.</param>
public abstract record CellSegment(int Start, int Length, int FirstLine);

/// <summary>C# code.</summary>
/// <param name="Code">The code: exactly the segment's characters of the cell, unless a <c>#!csharp</c> line stands above it.</param>
/// <param name="CodeStart">Where the code begins in the cell's text.</param>
/// <param name="CodeLine">The line of the cell, from 1, that the code begins on.</param>
/// <param name="Start">Where the segment begins in the cell's text.</param>
/// <param name="Length">How many characters of the cell it takes.</param>
/// <param name="FirstLine">The line of the cell, from 1, that it begins on.</param>
public sealed record CodeSegment(string Code, int CodeStart, int CodeLine, int Start, int Length, int FirstLine)
    : CellSegment(Start, Length, FirstLine);

/// <summary>A line that begins with <c>#!</c>, and for a body magic what stands below it.</summary>
/// <param name="Name">The name as typed, without <c>#!</c>.</param>
/// <param name="Arguments">What follows the name on the line.</param>
/// <param name="Declaration">The magic; null when none has the name.</param>
/// <param name="Body">What the magic owns; null for a line magic or an unknown one.</param>
/// <param name="BodyStart">Where the body begins in the cell's text.</param>
/// <param name="Start">Where the segment begins in the cell's text.</param>
/// <param name="Length">How many characters of the cell it takes.</param>
/// <param name="FirstLine">The line of the cell, from 1, that it begins on.</param>
public sealed record MagicSegment(
    string Name,
    string Arguments,
    MagicDeclaration? Declaration,
    CellBody? Body,
    int BodyStart,
    int Start,
    int Length,
    int FirstLine)
    : CellSegment(Start, Length, FirstLine);

/// <summary>A line typed by the habit of another notebook, such as <c>%%timeit</c>.</summary>
/// <param name="Advice">What to type instead.</param>
/// <param name="Start">Where the segment begins in the cell's text.</param>
/// <param name="Length">How many characters of the cell it takes.</param>
/// <param name="FirstLine">The line of the cell, from 1, that it begins on.</param>
public sealed record HabitSegment(string Advice, int Start, int Length, int FirstLine)
    : CellSegment(Start, Length, FirstLine);

namespace TensorCell.Data.Parsing.Json;

/// <summary>
/// The steps that one thread has seen, each with those that have come after it: a prediction of how the next row goes on. Bounded; where
/// rows differ too much to be worth it, steps are parsed and not kept.
/// </summary>
internal sealed unsafe class JsonSteps
{
    /// <summary>The step before each row.</summary>
    public const int Root = 0;

    /// <summary>The one step that is not kept.</summary>
    public const int Passing = 1;

    private const int MostSteps = 1 << 12;
    private const int MostBytes = 1 << 17;
    private const int MostLength = 1 << 12;
    private const int MostAlternates = 24;
    private const int MostResets = 8;
    private readonly JsonStep[] steps = GC.AllocateArray<JsonStep>(MostSteps, pinned: true);
    private readonly byte[] literals = GC.AllocateArray<byte>(MostBytes + FieldPadding.After, pinned: true);
    private int count = 2;
    private int used;
    private int resets;
    private bool isFull;

    /// <summary>The steps; pinned.</summary>
    public JsonStep* Steps => (JsonStep*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(steps, 0);

    /// <summary>Their bytes; pinned, and as far readable as vectors reach.</summary>
    public byte* Literals => (byte*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(literals, 0);

    /// <summary>Adds a step.</summary>
    /// <param name="previous">The step before it.</param>
    /// <param name="literal">Its bytes.</param>
    /// <param name="column">The column of the value that follows.</param>
    /// <param name="node">The object that the value is in.</param>
    /// <param name="keepsNested">Whether the value may be an object.</param>
    /// <param name="isPassing">Whether it must not be kept.</param>
    /// <returns>Its number.</returns>
    public int Add(int previous, ReadOnlySpan<byte> literal, int column, int node, bool keepsNested, bool isPassing)
    {
        int step = isPassing || previous == Passing || !HasRoom(literal.Length) || !HasAlternates(previous) ? Passing : count++;
        steps[step] = new JsonStep { Column = column, Node = node, KeepsNested = keepsNested, Length = literal.Length, Literal = used };
        if (step != Passing)
        {
            literal.CopyTo(literals.AsSpan(used));
            used += literal.Length;
            ref int link = ref steps[previous].Next;
            while (link != 0)
            {
                link = ref steps[link].Alternate;
            }

            link = step;
        }

        return step;
    }

    /// <summary>Forgets all steps if there is no room for more; between rows.</summary>
    public void Refresh()
    {
        if (isFull && resets < MostResets)
        {
            Array.Clear(steps);
            count = 2;
            used = 0;
            isFull = false;
            resets++;
        }
    }

    private bool HasRoom(int length)
    {
        isFull |= count == MostSteps || used + length > MostBytes;
        return !isFull && length <= MostLength;
    }

    private bool HasAlternates(int previous)
    {
        int alternates = 0;
        for (int step = steps[previous].Next; step != 0; step = steps[step].Alternate)
        {
            alternates++;
        }

        return alternates < MostAlternates;
    }
}

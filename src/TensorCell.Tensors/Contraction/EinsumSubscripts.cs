namespace TensorCell.Tensors.Contraction;

/// <summary>
/// The subscripts of an einsum, read for given shapes: a label for every axis. Letters are labels; the axes that an ellipsis stands for have
/// negative ones, counted from the right.
/// </summary>
internal sealed class EinsumSubscripts
{
    private readonly string text;

    private EinsumSubscripts(string text, int[][] inputs, int[] output, Dictionary<int, int> lengths)
    {
        this.text = text;
        Inputs = inputs;
        Output = output;
        Lengths = lengths;
    }

    /// <summary>The labels of the axes of each operand.</summary>
    public int[][] Inputs { get; }

    /// <summary>The labels of the axes of the result.</summary>
    public int[] Output { get; }

    /// <summary>How long the axes of each label are.</summary>
    public Dictionary<int, int> Lengths { get; }

    /// <summary>Reads subscripts.</summary>
    /// <param name="text">As <c>ij,jk->ik</c>.</param>
    /// <param name="shapes">The shapes of the operands.</param>
    /// <exception cref="ArgumentException">They are malformed or do not fit the shapes.</exception>
    public static EinsumSubscripts Read(string text, Shape[] shapes)
    {
        string plain = string.Concat(text.Where(letter => !char.IsWhiteSpace(letter)));
        string[] sides = plain.Split("->");
        string[] terms = sides[0].Split(',');
        if (sides.Length > 2)
        {
            Refuse(text, "more than one ->");
        }

        if (terms.Length != shapes.Length)
        {
            Refuse(text, $"subscripts for {terms.Length} operands, {shapes.Length} given: {string.Join(", ", shapes)}");
        }

        int[][] inputs = new int[terms.Length][];
        Dictionary<int, int> lengths = [];
        int covered = 0;
        for (int index = 0; index < terms.Length; index++)
        {
            inputs[index] = Labels(text, terms[index], shapes[index].Rank, $"operand {index + 1} of shape {shapes[index]}");
            covered = Math.Max(covered, inputs[index].Count(label => label < 0));
            Measure(text, inputs[index], shapes, index, inputs, lengths);
        }

        int[] output = sides.Length == 2
            ? Labels(text, sides[1], sides[1].Contains('.') ? sides[1].Length - 3 + covered : sides[1].Length, "the result")
            : [.. Enumerable.Range(-covered, covered), .. inputs.SelectMany(labels => labels).Where(label => label > 0)
                .GroupBy(label => label).Where(group => group.Count() == 1).Select(group => group.Key).Order()];
        foreach (int label in output)
        {
            if (!lengths.ContainsKey(label) || output.Count(other => other == label) > 1)
            {
                Refuse(text, lengths.ContainsKey(label) ? $"{(char)label} twice in the result" : $"{(char)label} of the result in no operand");
            }
        }

        return new EinsumSubscripts(text, inputs, output, lengths);
    }

    /// <inheritdoc/>
    public override string ToString() => text;

    private static int[] Labels(string text, string term, int rank, string what)
    {
        int dots = term.IndexOf('.');
        bool hasEllipsis = dots >= 0;
        string letters = hasEllipsis && string.CompareOrdinal(term, dots, "...", 0, 3) == 0 ? term.Remove(dots, 3) : term;
        if (letters.FirstOrDefault(letter => !char.IsAsciiLetter(letter)) is var other && other != default)
        {
            Refuse(text, $"'{other}' in \"{term}\"; use letters, one ellipsis (...) for each operand, commas and ->");
        }

        int covered = rank - letters.Length;
        if (covered < 0 || (covered > 0 && !hasEllipsis))
        {
            Refuse(text, $"{what} has {rank} {(rank == 1 ? "axis" : "axes")}, its subscripts \"{term}\" name {(hasEllipsis ? "at least " : string.Empty)}{letters.Length}");
        }

        int place = hasEllipsis ? dots : letters.Length;
        return [.. letters[..place].Select(letter => (int)letter), .. Enumerable.Range(-covered, covered), .. letters[place..].Select(letter => (int)letter)];
    }

    /// <summary>Notes the lengths of an operand's axes; those of length 1 broadcast.</summary>
    private static void Measure(string text, int[] labels, Shape[] shapes, int operand, int[][] inputs, Dictionary<int, int> lengths)
    {
        for (int axis = 0; axis < labels.Length; axis++)
        {
            int length = shapes[operand][axis];
            if (!lengths.TryGetValue(labels[axis], out int known) || known == 1)
            {
                lengths[labels[axis]] = length;
            }
            else if (length != known && length != 1)
            {
                int other = Array.FindIndex(inputs, 0, operand + 1, earlier => earlier.Contains(labels[axis]));
                string name = labels[axis] > 0 ? ((char)labels[axis]).ToString() : $"axis {labels[axis]} of the ellipsis";
                Refuse(text, $"{name} is {known} in operand {other + 1} of shape {shapes[other]} and {length} in operand {operand + 1} of shape {shapes[operand]}");
            }
        }
    }

    private static void Refuse(string text, string reason) => Throw.Argument($"einsum \"{text}\": {reason}");
}

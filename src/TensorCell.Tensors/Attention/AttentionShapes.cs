using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Attention;

/// <summary>The shapes of an attention, with an axis of heads, broadcast to one batch.</summary>
/// <param name="Query">[batch…, heads, m, d].</param>
/// <param name="Key">[batch…, keyHeads, n, d].</param>
/// <param name="Value">[batch…, keyHeads, n, e].</param>
/// <param name="Scores">[batch…, heads, m, n].</param>
/// <param name="HasHeads">Whether any input had an axis of heads.</param>
internal sealed record AttentionShapes(Shape Query, Shape Key, Shape Value, Shape Scores, bool HasHeads)
{
    /// <summary>Elements of a query.</summary>
    public int Depth => Query[-1];

    /// <summary>[batch…, heads, m, e].</summary>
    public Shape Result => Shape.Of([.. Query.Take(Query.Rank - 1), Value[-1]]);

    /// <summary>Checks shapes as they were given.</summary>
    /// <exception cref="ArgumentException">They do not fit.</exception>
    public static AttentionShapes Of(Shape query, Shape key, Shape value, Shape? mask)
    {
        string asked = $"attention: query {query}, key {key}, value {value}";
        if (query.Rank < 2 || key.Rank < 2 || value.Rank < 2)
        {
            Throw.Argument($"{asked}: each needs at least two axes, [queries or keys, elements]");
        }

        bool hasHeads = Math.Max(query.Rank, Math.Max(key.Rank, value.Rank)) > 2;
        Shape q = WithHeads(query);
        Shape k = WithHeads(key);
        Shape v = WithHeads(value);
        Require(q[-1] == k[-1], $"{asked}: queries have {q[-1]} elements and keys {k[-1]}; they must have as many");
        Require(k[-2] == v[-2], $"{asked}: there are {k[-2]} keys and {v[-2]} values; there must be a value for each key");
        Require(k[-3] == v[-3], $"{asked}: keys have {k[-3]} heads and values {v[-3]}; they must have as many");
        Require(
            k[-3] == q[-3] || (k[-3] != 0 && q[-3] % k[-3] == 0),
            $"{asked}: the {q[-3]} heads of the query are not a multiple of the {k[-3]} heads of the key");
        Shape batch = Shape.Broadcast("attention", Shape.Broadcast("attention", Batch(q), Batch(k)), Batch(v));
        Shape scores = Shape.Of([.. batch, q[-3], q[-2], k[-2]]);
        if (mask is { } given && (given.Rank > scores.Rank || !Fits(given, scores)))
        {
            Throw.Argument($"{asked}: mask {given} does not broadcast to the scores' shape {scores}");
        }

        return new AttentionShapes(
            Shape.Of([.. batch, q[-3], q[-2], q[-1]]), Shape.Of([.. batch, k[-3], k[-2], k[-1]]), Shape.Of([.. batch, v[-3], v[-2], v[-1]]), scores, hasHeads);
    }

    /// <summary>The tensors, as many as were checked, as operands of these shapes.</summary>
    public Operand[] Operands(ReadOnlySpan<Tensor> tensors)
    {
        Shape[] shapes = [Query, Key, Value, Scores];
        Operand[] operands = new Operand[tensors.Length];
        for (int index = 0; index < operands.Length; index++)
        {
            operands[index] = tensors[index].As(shapes[index]);
        }

        return operands;
    }

    private static bool Fits(Shape mask, Shape scores)
    {
        for (int back = 1; back <= mask.Rank; back++)
        {
            if (mask[-back] != scores[-back] && mask[-back] != 1)
            {
                return false;
            }
        }

        return true;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            Throw.Argument(otherwise);
        }
    }

    private static Shape WithHeads(Shape shape) => shape.Rank == 2 ? Shape.Of(1, shape[0], shape[1]) : shape;

    private static Shape Batch(Shape shape) => Shape.Of([.. shape.Take(shape.Rank - 3)]);
}

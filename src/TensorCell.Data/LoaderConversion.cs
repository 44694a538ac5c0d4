using TensorCell.Tensors;

namespace TensorCell.Data;

/// <summary>Columns of a frame as what a <see cref="DataLoader"/> is made of.</summary>
internal static class LoaderConversion
{
    public static DataLoader Of(
        Frame frame, IReadOnlyCollection<string> inputs, string target, int batchSize, bool shuffle, ulong seed, bool dropLast)
    {
        if (inputs.Count == 0)
        {
            throw Throw.NoColumnsForTensor();
        }

        foreach (string name in inputs.Append(target))
        {
            if (frame[name].MissingCount > 0)
            {
                throw Throw.MissingInLoader(frame[name]);
            }
        }

        Column labels = frame[target];
        return new DataLoader(frame.ToTensor([.. inputs]), Targets(labels), batchSize, shuffle, seed, dropLast)
        {
            Classes = labels is TextColumn text ? text.Categories : [],
        };
    }

    /// <summary>Texts and integers as labels, [rows]; measured numbers as a column, [rows, 1], as a model with one output gives them.</summary>
    private static Tensor Targets(Column column) => column switch
    {
        TextColumn text => Tensor.From(Array.ConvertAll(text.Codes.ToArray(), code => (long)code)),
        { Type: ColumnType.Int64 or ColumnType.Boolean } => Tensor.From(column.ToArray<long>()),
        _ => column.ToTensor().Reshape(column.Count, 1),
    };
}

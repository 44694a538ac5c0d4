using System.Globalization;
using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>
/// The state of a <see cref="Trainer"/> as a safetensors file: the model's tensors under their own names, so that the file is one of weights too, and
/// the optimizer's under <see cref="Prefix"/>; where the training stands is in the notes.
/// </summary>
internal static class Checkpoint
{
    /// <summary>What the names of tensors begin with that are not the model's.</summary>
    public const string Prefix = "trainer/";

    private const string OptimizerPrefix = Prefix + "optimizer/";
    private const string Format = "tensorcell-checkpoint";
    private const string LearningRate = "learningRate";

    public static void Save(Trainer trainer, string path)
    {
        Dictionary<string, Tensor> tensors = new(trainer.Model.StateDictionary());
        foreach ((string name, Tensor tensor) in trainer.Optimizer.StateDictionary())
        {
            tensors.Add(OptimizerPrefix + name, tensor);
        }

        SafeTensors.Save(path, tensors, new Dictionary<string, string>
        {
            ["format"] = Format,
            ["optimizer"] = trainer.Optimizer.GetType().Name,
            ["epoch"] = Text(trainer.Epoch),
            ["batch"] = Text(trainer.NextBatch),
            ["step"] = Text(trainer.StepCount),
            [LearningRate] = trainer.Optimizer.LearningRate.ToString("R", CultureInfo.InvariantCulture),
            ["data"] = Describe(trainer),
        });
    }

    /// <returns>Epoch, batch and step count.</returns>
    public static (int Epoch, int Batch, long Step) Load(Trainer trainer, string path)
    {
        IReadOnlyDictionary<string, string> notes = SafeTensors.ReadHeader(path).Metadata;
        if (notes.GetValueOrDefault("format") != Format
            || !int.TryParse(notes.GetValueOrDefault("epoch"), CultureInfo.InvariantCulture, out int epoch)
            || !int.TryParse(notes.GetValueOrDefault("batch"), CultureInfo.InvariantCulture, out int batch)
            || !long.TryParse(notes.GetValueOrDefault("step"), CultureInfo.InvariantCulture, out long step)
            || epoch < 0 || batch < 0 || batch >= trainer.Data.BatchesPerEpoch || step < 0)
        {
            return Throw.BadFile<(int, int, long)>(
                path, "this is no checkpoint of a trainer, which notes where the training stands; for weights alone use model.Load(path)");
        }

        // Files of before it was noted lack it.
        double rate = trainer.Optimizer.LearningRate;
        if (notes.TryGetValue(LearningRate, out string? noted)
            && !(double.TryParse(noted, NumberStyles.Float, CultureInfo.InvariantCulture, out rate) && rate >= 0))
        {
            Throw.BadFile<double>(path, $"its learning rate is \"{noted}\"; a checkpoint has a number there that is not negative");
        }

        string optimizer = trainer.Optimizer.GetType().Name;
        if (notes.GetValueOrDefault("optimizer") != optimizer || notes.GetValueOrDefault("data") != Describe(trainer))
        {
            Throw.Argument(
                $"checkpoint {path}: made by {notes.GetValueOrDefault("optimizer")} on {notes.GetValueOrDefault("data")}; this trainer has {optimizer} on "
                + $"{Describe(trainer)}. Training can go on exactly only where these agree; model.Load(path) takes the weights alone");
        }

        IReadOnlyDictionary<string, Tensor> tensors = SafeTensors.Load(path);
        Dictionary<string, Tensor> state = tensors
            .Where(pair => pair.Key.StartsWith(OptimizerPrefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[OptimizerPrefix.Length..], pair => pair.Value);

        // The optimizer's state is checked first, then the model's is checked and taken; so nothing is changed if either is refused.
        trainer.Optimizer.RequireFitting(state);
        trainer.Model.LoadState(tensors);
        trainer.Optimizer.LoadState(state);
        trainer.Optimizer.LearningRate = rate;
        return (epoch, batch, step);
    }

    /// <summary>What determines which rows come in which batch.</summary>
    public static string Describe(Trainer trainer) => string.Create(
        CultureInfo.InvariantCulture,
        $"{trainer.Data.RowCount} rows in batches of {trainer.Data.BatchSize}, {(trainer.Data.Shuffles ? $"shuffled with seed {trainer.Data.Seed}" : "in order")}{(trainer.Data.DropsLast ? ", the last one dropped" : "")}");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Runtime.CompilerServices;
using TensorCell.Interactive.Formatting;
using TensorCell.Interactive.Training;
using TensorCell.Learning;

namespace TensorCell.Interactive.Magics;

/// <summary><c>#!train</c>.</summary>
[Magic(
    "train",
    "Trains the model of the Trainer that the code below it returns, with live curves; what is interrupted goes on when it is run again",
    Extent = BodyExtent.Section,
    Examples =
    [
        "#!train --epochs 5",
        "new Trainer(model, loader, Loss.CrossEntropy, new Adam(model.Parameters()))",
        "#!train --epochs 20 --checkpoint model.safetensors --resume",
        "trainer",
    ])]
public sealed class TrainMagic : BodyMagic
{
    private static readonly ConditionalWeakTable<Trainer, object> interrupted = [];
    private long savedAt = -1;

    /// <summary>How many epochs are to be complete.</summary>
    [Option("how many epochs are to be complete at the end, those of earlier runs included", ValueName = "E")]
    public int Epochs { get; set; } = 10;

    /// <summary>The variable that the trainer becomes.</summary>
    [Option("the variable that the trainer becomes; its History is what happened", ValueName = "N")]
    public string Name { get; set; } = "trainer";

    /// <summary>The file that keeps the state.</summary>
    [Option("a file that keeps model, optimizer and place, written after each epoch and at the end", ValueName = "F")]
    public string Checkpoint { get; set; } = "";

    /// <summary>After how many steps the file is written.</summary>
    [Option("writes the checkpoint after every S steps too", ValueName = "S")]
    public int? Every { get; set; }

    /// <summary>Whether it goes on from the file.</summary>
    [Option("goes on from the checkpoint, if the file is there")]
    public bool Resume { get; set; }

    /// <summary>Whether an interrupted run is left behind.</summary>
    [Option("begins anew where the last run of this cell was interrupted, in place of going on")]
    public bool Restart { get; set; }

    /// <inheritdoc/>
    public override async Task RunAsync(INotebook notebook, CellBody body)
    {
        Check(body);
        var before = notebook.Variables.LastOrDefault(variable => variable.Name == Name)?.Value as Trainer;
        var trainer = Of(await notebook.EvaluateAsync(body.Text, body.FirstLine));
        var notes = new List<string>();
        GoOn(trainer, before, notes);
        notebook.SetVariable(Name, trainer, typeof(Trainer));
        if (trainer.IsComplete(Epochs))
        {
            notes.Add($"{trainer.Epoch} epochs are complete already; --epochs {trainer.Epoch + Epochs} trains on");
            notebook.Display(TrainingHtml.Of(trainer, notes));
            return;
        }

        var display = new TrainingDisplay(notebook, trainer, Epochs);
        try
        {
            await TrainAsync(notebook, trainer, display);
            using (notebook.DeferInterruption())
            {
                await WriteAsync(trainer, notes);
                display.Finish(notes);
            }
        }
        catch (Exception exception)
        {
            var isInterrupted = notebook.Cancellation.IsCancellationRequested && exception is OperationCanceledException or ThreadInterruptedException;
            using (notebook.DeferInterruption())
            {
                await EndAsync(trainer, display, notes, isInterrupted, exception);
            }

            if (isInterrupted)
            {
                throw new OperationCanceledException("interrupted; the model keeps what it learned", exception, notebook.Cancellation);
            }

            if (exception is DivergenceException)
            {
                Throw.Magic($"#!train: {exception.Message}", exception);
            }

            throw;
        }
    }

    private static Trainer Of(object? value) => value switch
    {
        Trainer trainer => trainer,
        null => Throw.Magic<Trainer>($"#!train: the code returned nothing; {Advice}"),
        Module => Throw.Magic<Trainer>($"#!train: the code returned a model, {TypeName.Of(value.GetType())}, and how is it to be trained? {Advice}"),
        _ => Throw.Magic<Trainer>($"#!train: the code returned {TypeName.Of(value.GetType())}, which is no Trainer; {Advice}"),
    };

    private const string Advice = "end it with: new Trainer(model, loader, Loss.CrossEntropy, new Adam(model.Parameters()))";

    private void Check(CellBody body)
    {
        if (string.IsNullOrWhiteSpace(body.Text))
        {
            Throw.Magic($"#!train: there is no code below it; {Advice}");
        }

        if (Epochs < 1)
        {
            Throw.Magic($"#!train --epochs {Epochs}: at least one epoch must be trained");
        }

        if (Every is < 1)
        {
            Throw.Magic($"#!train --every {Every}: write a number of steps, as --every 500");
        }

        if (Checkpoint.Length == 0 && (Every is not null || Resume))
        {
            Throw.Magic($"#!train {(Resume ? "--resume" : "--every")}: which file? Give --checkpoint model.safetensors too");
        }

        if (Restart && Resume)
        {
            Throw.Magic("#!train --restart --resume: to begin anew or to go on from the checkpoint? Give one of them");
        }

        if (Checkpoint.Length > 0 && Path.GetDirectoryName(Path.GetFullPath(Checkpoint)) is { } folder && !Directory.Exists(folder))
        {
            Throw.Magic($"#!train --checkpoint {Checkpoint}: there is no folder {folder}; make it first");
        }

        VariableName.Check(Name, "#!train", "trainer");
    }

    /// <summary>Takes up what an earlier run left.</summary>
    private void GoOn(Trainer trainer, Trainer? before, List<string> notes)
    {
        if (Restart && trainer.StepCount > 0)
        {
            Throw.Magic($"#!train --restart: the code returned a trainer that has made {trainer.StepCount:N0} steps; make a new one in the cell to begin anew");
        }

        if (trainer.StepCount == 0 && Resume && File.Exists(Checkpoint))
        {
            try
            {
                trainer.Load(Checkpoint);
            }
            catch (Exception exception) when (exception is InvalidDataException or ArgumentException or IOException or UnauthorizedAccessException)
            {
                Throw.Magic($"#!train --resume: {exception.Message}", exception);
            }

            notes.Add($"went on from step {trainer.StepCount:N0}, of {Checkpoint}");
        }
        else if (!Restart && before is not null && trainer.StepCount == 0 && interrupted.TryGetValue(before, out _) && trainer.TryGoOnFrom(before))
        {
            notes.Add($"went on from step {trainer.StepCount:N0}, where it was interrupted (--restart begins anew)");
        }
        else if (trainer.StepCount > 0 && trainer.Epoch < Epochs)
        {
            notes.Add($"went on from step {trainer.StepCount:N0}");
        }
    }

    private async Task TrainAsync(INotebook notebook, Trainer trainer, TrainingDisplay display)
    {
        interrupted.Remove(trainer);
        await foreach (var step in trainer.Run(Epochs, notebook.Cancellation))
        {
            display.Report(step);
            if (Checkpoint.Length > 0 && (trainer.NextBatch == 0 || step.Step % Every == 0))
            {
                Save(trainer);
            }
        }
    }

    private async Task EndAsync(Trainer trainer, TrainingDisplay display, List<string> notes, bool isInterrupted, Exception exception)
    {
        var isUnsaved = exception is MagicException;
        if (isInterrupted || isUnsaved)
        {
            interrupted.AddOrUpdate(trainer, trainer);
        }

        if (isInterrupted)
        {
            notes.Add(trainer.Epoch < Epochs
                ? $"interrupted after batch {trainer.NextBatch:N0} of {trainer.Data.BatchesPerEpoch:N0} of epoch {trainer.Epoch + 1} of {Epochs}; the model keeps what it "
                    + "learned, and running the cell again goes on"
                : "interrupted after the last step" + (trainer.IsComplete(Epochs) ? "" : "; running the cell again evaluates the model"));
            try
            {
                await WriteAsync(trainer, notes);
            }
            catch (MagicException failure)
            {
                notes.Add($"no checkpoint: {failure.InnerException?.Message}");
            }
        }
        else
        {
            notes.Add(isUnsaved ? "the checkpoint was not written; the model keeps what it learned, and running the cell again goes on" : "failed; these are the steps until then");
        }

        display.Finish(notes);
    }

    /// <summary>Writes the checkpoint away from the cell's interruption, which would end it.</summary>
    private async Task WriteAsync(Trainer trainer, List<string> notes)
    {
        if (Checkpoint.Length == 0)
        {
            return;
        }

        Task writing;
        using (ExecutionContext.SuppressFlow())
        {
            writing = Task.Run(() => Save(trainer));
        }

        await writing;
        notes.Add($"checkpoint: {Checkpoint}, {Quantity.Bytes(new FileInfo(Checkpoint).Length)}");
    }

    private void Save(Trainer trainer)
    {
        if (savedAt == trainer.StepCount)
        {
            return;
        }

        try
        {
            trainer.Save(Checkpoint);
            savedAt = trainer.StepCount;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Throw.Magic($"#!train --checkpoint {Checkpoint}: {exception.Message}", exception);
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using TensorCell.Data;
using TensorCell.Kernels;
using TensorCell.Tensors;
using TensorCell.Tensors.Autograd;

namespace TensorCell.Learning;

/// <summary>
/// Trains a model: <c>await foreach (TrainingStep step in trainer.Run(epochs: 5)) …</c>. A run that is interrupted, cancelled or left keeps the model, and
/// the next one goes on exactly where it stopped.
/// </summary>
/// <remarks>
/// An interruption takes effect between two steps. What a step computes is returned to the pool at its end, so tensors that a module keeps from
/// <see cref="Module.Forward"/> cannot be read afterwards.
/// </remarks>
public sealed partial class Trainer
{
    private readonly Tensor[] parameters;
    private int isRunning;
    private bool isStopping;
    private int evaluatedEpochs;

    /// <summary>A trainer that has not begun yet.</summary>
    /// <param name="model">What learns.</param>
    /// <param name="data">What it learns from.</param>
    /// <param name="loss">From predictions and targets, a scalar that is to fall, such as <see cref="Learning.Loss.CrossEntropy"/>.</param>
    /// <param name="optimizer">What changes the parameters.</param>
    public Trainer(Module model, DataLoader data, Func<Tensor, Tensor, Tensor> loss, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(optimizer);
        Model = model;
        Data = data;
        Loss = loss;
        Optimizer = optimizer;
        parameters = [.. optimizer.Parameters];
    }

    /// <summary>What learns.</summary>
    public Module Model { get; }

    /// <summary>What it learns from.</summary>
    public DataLoader Data { get; }

    /// <summary>From predictions and targets, the scalar that is to fall.</summary>
    public Func<Tensor, Tensor, Tensor> Loss { get; }

    /// <summary>What changes the parameters.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>What the model is evaluated on at the end of each epoch; null for nothing.</summary>
    public DataLoader? Validation { get; init; }

    /// <summary>Gradients that are longer together than this are shortened to it (Pascanu et al. 2013); null for no limit.</summary>
    public double? ClipGradientNorm { get; init; }

    /// <summary>The learning rate of each step, by its number from 1; null for the optimizer's own.</summary>
    public Func<long, double>? Schedule { get; init; }

    /// <summary>What happened so far.</summary>
    public TrainingRun History { get; private set; } = new();

    /// <summary>The epoch of the next step, from 0; so many are complete.</summary>
    public int Epoch { get; private set; }

    /// <summary>The batch of the next step in its epoch, from 0.</summary>
    public int NextBatch { get; private set; }

    /// <summary>How many steps were made.</summary>
    public long StepCount { get; private set; }

    /// <summary>Whether a run is going on.</summary>
    public bool IsRunning => Volatile.Read(ref isRunning) != 0;

    /// <summary>Whether a number of epochs is complete, the evaluation after the last of them too.</summary>
    public bool IsComplete(int epochs) => Epoch >= epochs && (Validation is null || evaluatedEpochs >= Epoch);

    /// <summary>Trains until a number of epochs is complete, from the first to this one; goes on where the last run stopped.</summary>
    /// <param name="epochs">How many epochs are to be complete at the end, those of earlier runs included.</param>
    /// <param name="cancellation">Ends the run after the step it is at; so does an interruption of the cell that runs it.</param>
    /// <returns>The steps, each after it was made. Whoever stops enumerating stops the training.</returns>
    /// <exception cref="DivergenceException">The loss became infinite or NaN.</exception>
    /// <exception cref="InvalidOperationException">Another run of this trainer is going on.</exception>
    public IAsyncEnumerable<TrainingStep> Run(int epochs, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epochs);
        return new TrainingStream(Steps(epochs, cancellation), () => Volatile.Write(ref isStopping, true));
    }

    /// <summary>As <see cref="Run"/>, without looking at the steps.</summary>
    /// <returns>What happened.</returns>
    public async Task<TrainingRun> Fit(int epochs, CancellationToken cancellation = default)
    {
        await foreach (TrainingStep _ in Run(epochs, cancellation).ConfigureAwait(false))
        {
        }

        return History;
    }

    /// <summary>How the model does on a data set, as in use: nothing is learned.</summary>
    /// <param name="loader">The data set.</param>
    /// <param name="cancellation">Ends the evaluation; so does an interruption of the cell that runs it.</param>
    public async Task<Evaluation> Evaluate(DataLoader loader, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(loader);
        long start = Stopwatch.GetTimestamp();
        using EvaluationScope evaluation = Model.InUse();
        double loss = 0;
        double found = 0;
        long rows = 0;
        bool isClassifier = true;
        await foreach (Batch batch in loader.Epoch(0, 0, cancellation).ConfigureAwait(false))
        {
            using (batch)
            {
                isClassifier &= Evaluate(batch, ref loss, ref found);
                rows += batch.Count;
            }
        }

        return new Evaluation(loss / rows, isClassifier ? found / rows : null, rows, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>
    /// Writes model, optimizer and place to a safetensors file, all or nothing. The model's tensors have their own names in it, so that
    /// <see cref="Module.Load"/> takes the file too.
    /// </summary>
    public void Save(string path) => Checkpoint.Save(this, path);

    /// <summary>Goes on where the trainer that wrote a file was, with the same batches and learning rate; the history begins anew.</summary>
    /// <returns>This trainer.</returns>
    /// <exception cref="InvalidDataException">The file is no sound checkpoint.</exception>
    /// <exception cref="ArgumentException">It is that of another model, optimizer or data set. Nothing was changed then.</exception>
    public Trainer Load(string path)
    {
        RequireIdle("load");
        (Epoch, NextBatch, StepCount) = Checkpoint.Load(this, path);
        History = new TrainingRun();
        evaluatedEpochs = Epoch;
        return this;
    }

    /// <summary>Goes on where another trainer of the same model on the same data was, which is then left behind; its history stays on view.</summary>
    /// <param name="other">The other trainer, which is not running.</param>
    /// <returns>Whether it could; if not, nothing was changed.</returns>
    public bool TryGoOnFrom(Trainer other)
    {
        ArgumentNullException.ThrowIfNull(other);
        RequireIdle("go on");
        bool isSame = ReferenceEquals(Model, other.Model)
            && !other.IsRunning
            && Checkpoint.Describe(this) == Checkpoint.Describe(other)
            && Optimizer.GetType() == other.Optimizer.GetType()
            && Optimizer.Parameters.SequenceEqual(other.Optimizer.Parameters, ReferenceEqualityComparer.Instance);
        if (isSame)
        {
            Optimizer.LoadState(other.Optimizer.StateDictionary());
            (Epoch, NextBatch, StepCount, History, evaluatedEpochs) =
                (other.Epoch, other.NextBatch, other.StepCount, other.History, other.evaluatedEpochs);
        }

        return isSame;
    }

    /// <summary>What is trained, and how far it is.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Trainer of {Model.GetType().Name} ({Model.ParameterCount:N0} parameters) by {Optimizer.GetType().Name}: epoch {Epoch}, batch {NextBatch} of {Data.BatchesPerEpoch}; {History}");

    private void RequireIdle(string operation)
    {
        if (IsRunning)
        {
            Throw.Invalid($"trainer: {operation}: it is running; wait for that run to end, or interrupt it first");
        }
    }

    private bool Evaluate(Batch batch, ref double loss, ref double found)
    {
        using TensorScope scope = Tensor.Scope(endsPending: true);
        using TapeScope untracked = Tensor.NoGrad();
        Tensor prediction = Model[batch.Inputs];
        Tensor mean = Loss(prediction, batch.Targets);
        bool isClassifier = Metrics.AreClassification(prediction.Shape, batch.Targets);
        Tensor accuracy = isClassifier ? Metrics.Accuracy(prediction, batch.Targets) : 0.0;
        Tensor.RealizeAll(mean, accuracy);
        loss += mean.ToDouble() * batch.Count;
        found += accuracy.ToDouble() * batch.Count;
        return isClassifier;
    }

    private async IAsyncEnumerable<TrainingStep> Steps(int epochs, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (Interlocked.CompareExchange(ref isRunning, 1, 0) != 0)
        {
            if (!Volatile.Read(ref isStopping))
            {
                Throw.Invalid("trainer: it is running already; wait for that run to end, or interrupt it, before the next");
            }

            await Task.Delay(5, cancellation).ConfigureAwait(false);
        }

        try
        {
            // Whoever left the last run may have asked it to stop when it had ended already.
            Volatile.Write(ref isStopping, false);
            Model.Train();
            while (true)
            {
                if (Validation is not null && evaluatedEpochs < Epoch)
                {
                    History.Add(new EpochEvaluation(Epoch - 1, StepCount, await Evaluate(Validation, cancellation).ConfigureAwait(false)));
                    evaluatedEpochs = Epoch;
                }

                if (Epoch >= epochs)
                {
                    break;
                }

                long start = Stopwatch.GetTimestamp();
                await foreach (Batch batch in Data.Epoch(Epoch, NextBatch, cancellation).ConfigureAwait(false))
                {
                    TrainingStep step;
                    using (batch)
                    {
                        step = Learn(batch, start);
                    }

                    yield return step;
                    cancellation.ThrowIfCancellationRequested();
                    Interruption.Check();
                    start = Stopwatch.GetTimestamp();
                }
            }
        }
        finally
        {
            Volatile.Write(ref isStopping, false);
            Volatile.Write(ref isRunning, 0);
        }
    }
}

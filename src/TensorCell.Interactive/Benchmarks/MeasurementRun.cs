namespace TensorCell.Interactive.Benchmarks;

/// <summary>One measurement from compiling to the result on display, whatever happens in between.</summary>
internal sealed class MeasurementRun(INotebook notebook, ProgressDisplay display, SamplingPlan plan)
{
    /// <summary>Measures the subjects and shows what <paramref name="report"/> makes of it.</summary>
    /// <exception cref="OperationCanceledException">Interrupted, after the result of the samples so far was shown.</exception>
    public async Task MeasureAsync(
        IEnumerable<Func<Task<ISubject>>> creators, Func<Sampler, IReadOnlyList<SubjectSamples>, object> report)
    {
        var sampler = new Sampler(plan, notebook.Cancellation, display.Report);
        try
        {
            var samples = await MeasureAsync(creators, sampler);
            using (notebook.DeferInterruption())
            {
                display.Finish(report(sampler, samples));
            }
        }
        catch (Exception exception)
        {
            using (notebook.DeferInterruption())
            {
                display.Fail(
                    notebook.Cancellation.IsCancellationRequested ? "interrupted before the first samples"
                    : exception is CodeException ? "the code does not compile"
                    : "the code failed");
            }

            throw;
        }

        if (sampler.IsInterrupted)
        {
            throw new OperationCanceledException("interrupted; the samples taken until then are kept", notebook.Cancellation);
        }
    }

    private async Task<IReadOnlyList<SubjectSamples>> MeasureAsync(IEnumerable<Func<Task<ISubject>>> creators, Sampler sampler)
    {
        var subjects = new List<ISubject>();
        try
        {
            foreach (var create in creators)
            {
                subjects.Add(await create());
            }

            return await sampler.MeasureAsync(subjects);
        }
        finally
        {
            // The variables of the last runs join the session.
            using (notebook.DeferInterruption())
            {
                foreach (var subject in subjects)
                {
                    await subject.DisposeAsync();
                }
            }
        }
    }
}

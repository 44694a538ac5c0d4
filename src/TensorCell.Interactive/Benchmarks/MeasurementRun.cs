namespace TensorCell.Interactive.Benchmarks;

/// <summary>One measurement from compiling to the result on display, whatever happens in between.</summary>
internal sealed class MeasurementRun(INotebook notebook, ProgressDisplay display, SamplingPlan plan)
{
    /// <summary>Measures the subjects and shows what <paramref name="report"/> makes of it.</summary>
    /// <exception cref="OperationCanceledException">Interrupted, after the result of the samples so far was shown.</exception>
    public async Task MeasureAsync(
        IEnumerable<Func<Task<ISubject>>> creators, Func<Sampler, IReadOnlyList<SubjectSamples>, object> report)
    {
        var subjects = new List<ISubject>();
        var sampler = new Sampler(plan, notebook.Cancellation, display.Report);
        try
        {
            foreach (var create in creators)
            {
                subjects.Add(await create());
            }

            display.Finish(report(sampler, await sampler.MeasureAsync(subjects)));
        }
        catch (OperationCanceledException)
        {
            display.Fail("interrupted before the first samples");
            throw;
        }
        catch (Exception exception)
        {
            display.Fail(exception is CodeException ? "the code does not compile" : "the code failed");
            throw;
        }
        finally
        {
            foreach (var subject in subjects)
            {
                await subject.DisposeAsync();
            }
        }

        if (sampler.IsInterrupted)
        {
            throw new OperationCanceledException("interrupted; the samples taken until then are kept", notebook.Cancellation);
        }
    }
}

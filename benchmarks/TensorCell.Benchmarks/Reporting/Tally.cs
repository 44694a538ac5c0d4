namespace TensorCell.Benchmarks;

/// <summary>Which targets were reached over all suites, for the last lines of a run.</summary>
public sealed class Tally
{
    private readonly List<string> missed = [];
    private int reached;
    private int unmeasured;

    /// <summary>Counts the targets of a case.</summary>
    public void Add(CaseResult result)
    {
        foreach (var target in result.Case.Targets)
        {
            switch (target.IsReached(result))
            {
                case true:
                    reached++;
                    break;
                case false:
                    missed.Add($"  {result.Suite}, {result.Case.Name}: {target.Text}, is {target.Found(result)}");
                    break;
                default:
                    unmeasured++;
                    break;
            }
        }
    }

    /// <summary>Writes how many were reached, and each that was not.</summary>
    public void Write(TextWriter writer)
    {
        if (reached + missed.Count + unmeasured == 0)
        {
            return;
        }

        writer.WriteLine();
        writer.WriteLine($"targets: {reached} reached, {missed.Count} not reached, {unmeasured} not measured");
        missed.ForEach(writer.WriteLine);
    }
}

using TensorCell.Interactive;
using TensorCell.Jupyter.CSharp;

namespace TensorCell.Jupyter.Sessions;

/// <summary>
/// Compiles and runs small cells in a session of its own before its user has any: the first few load what every cell needs; the others
/// have the runtime compile the C# compiler's hot paths for speed, and give way to the user's cells.
/// </summary>
internal sealed class Practice(IReadOnlyList<string> usings)
{
    /// <summary>Enough for the runtime, which counts 30 calls of a method before it measures it, and 30 more before it optimises it.</summary>
    private const int Rounds = 16;

    private static readonly TimeSpan quiet = TimeSpan.FromMilliseconds(15);

    private static readonly string[] cells =
    [
        "int Twice(int x) => x * 2; for (int i = 0; i < 1; i++) { }",
        "Enumerable.Range(0, 3).Select(x => Twice(x)).ToArray()",
        "var words = new List<string> { $\"{1}\" };",
        "words.Count + 1",
        "1 + 1",
    ];

    private readonly CSharpSession session = new(usings);

    /// <summary>Runs what every cell needs, without pause.</summary>
    public Task BeginAsync() => RunAsync(cells[..2]);

    /// <summary>Goes on as long as it helps, while nothing else has run for some time.</summary>
    /// <param name="sinceActivity">How long nothing has run; zero while something does.</param>
    public async Task GoOnAsync(Func<TimeSpan> sinceActivity)
    {
        for (int i = 0; i < Rounds * cells.Length; i++)
        {
            while (sinceActivity() < quiet)
            {
                await Task.Delay(quiet);
            }

            await RunAsync([cells[i % cells.Length]]);
        }
    }

    private async Task RunAsync(IEnumerable<string> codes)
    {
        foreach (string code in codes)
        {
            MimeBundles.Of(await session.RunAsync(session.Compile(code, "practice")));
        }
    }
}

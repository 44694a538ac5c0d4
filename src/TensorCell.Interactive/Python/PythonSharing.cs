using TensorCell.Interactive.Magics;

namespace TensorCell.Interactive.Python;

/// <summary>Which variables of the notebook go to Python.</summary>
internal static class PythonSharing
{
    /// <summary>
    /// Shares the variables named; when none are, those that the code reads, that Python does not define itself, and whose values
    /// have a counterpart there.
    /// </summary>
    /// <exception cref="MagicException">A named variable does not exist or cannot be shared.</exception>
    public static async Task ShareAsync(PythonProcess python, INotebook notebook, string code, IReadOnlyList<string> named)
    {
        var variables = notebook.Variables;
        if (named.Count > 0)
        {
            foreach (var name in Names(named))
            {
                await python.ShareAsync(name, VariableName.Find(variables, $"#!python --share {name}", name).Value, notebook.Cancellation);
            }

            return;
        }

        foreach (var name in await python.FindWantedAsync(code, notebook.Cancellation))
        {
            if (variables.LastOrDefault(variable => variable.Name == name) is { } variable && PythonValues.CanShare(variable.Value))
            {
                await python.ShareAsync(name, variable.Value, notebook.Cancellation);
            }
        }
    }

    /// <summary>Names given repeatedly or separated by commas.</summary>
    public static IEnumerable<string> Names(IEnumerable<string> given) =>
        given.SelectMany(names => names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}

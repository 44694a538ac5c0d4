using TensorCell.Interactive.Magics;
using TensorCell.Interactive.Python;

namespace TensorCell.Interactive.Benchmarks;

/// <summary>A named piece of a cell to measure.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Language"><c>csharp</c> or <c>python</c>.</param>
/// <param name="Body">Its code.</param>
/// <param name="Shared">Variables to share with Python; none for those that the code reads.</param>
internal sealed record CellSection(string Name, string Language, CellBody Body, IReadOnlyList<string> Shared)
{
    /// <summary>Compiles it.</summary>
    /// <exception cref="CodeException">The C# does not compile.</exception>
    /// <exception cref="PythonException">The Python does not compile.</exception>
    /// <exception cref="PythonMissingException">No Python can be run.</exception>
    public async Task<ISubject> CreateSubjectAsync(INotebook notebook) =>
        Language == "python"
            ? await PythonSubject.CreateAsync(Name, Body, Shared, notebook)
            : await CSharpSubject.CreateAsync(Name, Body, notebook);
}

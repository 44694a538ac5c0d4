using System.Collections.Concurrent;
using System.Text;
using TensorCell.Interactive;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Tests;

/// <summary>A cell's output, kept for a test to look at.</summary>
internal sealed class SessionRecorder : ICellOutput
{
    private readonly StringBuilder standardOutput = new();
    private readonly StringBuilder standardError = new();

    public ConcurrentQueue<(MimeBundle Bundle, string? Id)> Displays { get; } = new();

    public ConcurrentQueue<(MimeBundle Bundle, string Id)> Updates { get; } = new();

    public MimeBundle? Value { get; private set; }

    public Func<string, string> Answer { get; init; } = _ => throw new InvalidOperationException("nobody to ask");

    public string Out
    {
        get
        {
            lock (standardOutput)
            {
                return standardOutput.ToString();
            }
        }
    }

    public string Error
    {
        get
        {
            lock (standardError)
            {
                return standardError.ToString();
            }
        }
    }

    public string? ValueText => Value?.Data["text/plain"];

    public void Stream(string name, string text)
    {
        StringBuilder target = name == "stdout" ? standardOutput : standardError;
        lock (target)
        {
            target.Append(text);
        }
    }

    public void Display(MimeBundle bundle, string? displayId) => Displays.Enqueue((bundle, displayId));

    public void UpdateDisplay(MimeBundle bundle, string displayId) => Updates.Enqueue((bundle, displayId));

    public void Result(MimeBundle bundle) => Value = bundle;

    public void Clear(bool wait)
    {
        lock (standardOutput)
        {
            standardOutput.Clear();
        }
    }

    public string ReadInput(string prompt, bool isPassword, CancellationToken cancellation) => Answer(prompt);
}

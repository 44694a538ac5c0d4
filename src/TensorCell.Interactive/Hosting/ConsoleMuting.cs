using System.Text;

namespace TensorCell.Interactive.Hosting;

/// <summary>Drops what the code of one flow of control prints, until it is disposed; others print on.</summary>
internal sealed class ConsoleMuting : IDisposable
{
    private static readonly AsyncLocal<int> depth = new();

    private readonly Redirection output = new(Console.Out, Console.SetOut, () => Console.Out);
    private readonly Redirection error = new(Console.Error, Console.SetError, () => Console.Error);

    public ConsoleMuting() => depth.Value++;

    /// <inheritdoc/>
    public void Dispose()
    {
        depth.Value--;
        output.Undo();
        error.Undo();
    }

    private sealed class Redirection
    {
        private readonly TextWriter before;
        private readonly Action<TextWriter> set;
        private readonly Func<TextWriter> get;
        private readonly TextWriter mine;

        public Redirection(TextWriter before, Action<TextWriter> set, Func<TextWriter> get)
        {
            this.before = before;
            this.set = set;
            this.get = get;
            set(new Sieve(before));
            mine = get();
        }

        /// <summary>Puts back what was there, unless the host has put something else in its place.</summary>
        public void Undo()
        {
            if (ReferenceEquals(get(), mine))
            {
                set(before);
            }
        }
    }

    private sealed class Sieve(TextWriter inner) : TextWriter
    {
        public override Encoding Encoding => inner.Encoding;

        public override void Write(char value)
        {
            if (depth.Value == 0)
            {
                inner.Write(value);
            }
        }

        public override void Write(char[] buffer, int index, int count)
        {
            if (depth.Value == 0)
            {
                inner.Write(buffer, index, count);
            }
        }

        public override void Write(string? value)
        {
            if (depth.Value == 0)
            {
                inner.Write(value);
            }
        }

        public override void Flush() => inner.Flush();
    }
}

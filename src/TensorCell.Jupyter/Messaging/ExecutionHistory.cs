using System.Text.RegularExpressions;

namespace TensorCell.Jupyter.Messaging;

/// <summary>One cell that was run and stored.</summary>
/// <param name="Session">The session it ran in; this process is session 1.</param>
/// <param name="Line">Its prompt number.</param>
/// <param name="Input">Its code.</param>
/// <param name="Output">The plain text of its value; null when it had none.</param>
public sealed record HistoryEntry(int Session, int Line, string Input, string? Output);

/// <summary>The cells run in this process, in memory. Safe to use from several threads.</summary>
public sealed class ExecutionHistory
{
    private const int LongestHistory = 100_000;
    private const int CurrentSession = 1;

    private readonly List<HistoryEntry> entries = [];

    /// <summary>Adds a cell.</summary>
    public void Add(int line, string input, string? output)
    {
        lock (entries)
        {
            if (entries.Count == LongestHistory)
            {
                entries.RemoveRange(0, LongestHistory / 10);
            }

            entries.Add(new HistoryEntry(CurrentSession, line, input, output));
        }
    }

    /// <summary>The cells with prompt numbers from <paramref name="start"/> up to, not including, <paramref name="stop"/>.</summary>
    /// <param name="session">A session's number; 0 is the current one, -1 the one before it.</param>
    /// <param name="start">The first prompt number.</param>
    /// <param name="stop">The first not wanted; null or 0 and less for all.</param>
    public IReadOnlyList<HistoryEntry> Range(int session, int start, int? stop)
    {
        int wanted = session <= 0 ? CurrentSession + session : session;
        lock (entries)
        {
            return [.. entries.Where(entry => entry.Session == wanted && entry.Line >= start && (stop is null or <= 0 || entry.Line < stop))];
        }
    }

    /// <summary>The last cells.</summary>
    public IReadOnlyList<HistoryEntry> Tail(int count)
    {
        lock (entries)
        {
            return [.. entries.TakeLast(Math.Max(0, count))];
        }
    }

    /// <summary>The last cells whose code matches a pattern of <c>*</c> and <c>?</c>.</summary>
    /// <param name="pattern">The pattern, for the whole code.</param>
    /// <param name="count">How many at most; null for all.</param>
    /// <param name="isUnique">Whether the same code is to be told once only, at its last run.</param>
    public IReadOnlyList<HistoryEntry> Search(string pattern, int? count, bool isUnique)
    {
        var expression = new Regex(
            $"^{Regex.Escape(pattern).Replace("\\*", ".*").Replace("\\?", ".")}$",
            RegexOptions.Singleline | RegexOptions.NonBacktracking);
        lock (entries)
        {
            var seen = new HashSet<string>();
            var found = new List<HistoryEntry>();
            for (int i = entries.Count - 1; i >= 0 && found.Count < (count ?? int.MaxValue); i--)
            {
                if (expression.IsMatch(entries[i].Input) && (!isUnique || seen.Add(entries[i].Input)))
                {
                    found.Add(entries[i]);
                }
            }

            found.Reverse();
            return found;
        }
    }
}

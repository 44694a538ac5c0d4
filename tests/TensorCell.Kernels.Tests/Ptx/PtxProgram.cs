namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>An entry whose instructions have been checked as ptxas would, ready to run.</summary>
internal sealed class PtxProgram
{
    private const int MostThreads = 1024;

    private PtxProgram(PtxEntry entry)
    {
        Entry = entry;
        var checker = new PtxChecker(entry);
        Steps = [.. entry.Instructions.Select(checker.Check)];
        foreach (var (label, at) in entry.Labels)
        {
            if (at >= Steps.Length)
            {
                throw new PtxException(entry.Instructions[^1].Line, $"label {label} stands after the last instruction");
            }
        }
    }

    public PtxEntry Entry { get; }

    public PtxStep[] Steps { get; }

    /// <summary>The kernels of a module, checked.</summary>
    public static Dictionary<string, PtxProgram> Load(string text) =>
        PtxParser.Parse(text).ToDictionary(pair => pair.Key, pair => new PtxProgram(pair.Value));

    /// <summary>Runs the kernel block after block.</summary>
    /// <param name="memory">The memory it may touch.</param>
    /// <param name="grid">Blocks along x, y and z.</param>
    /// <param name="block">Threads of a block along x, y and z.</param>
    /// <param name="parameters">The bytes of all parameters, in their places.</param>
    public void Launch(PtxMemory memory, int[] grid, int[] block, byte[] parameters)
    {
        Require(parameters.Length == Entry.ParameterBytes, $"{parameters.Length} bytes of parameters for {Entry.ParameterBytes}");
        Require(grid.All(count => count > 0) && grid[1] <= 65535 && grid[2] <= 65535, $"a grid of {string.Join(" x ", grid)}");
        Require(block.All(count => count > 0) && block.Aggregate(1, (a, b) => a * b) <= MostThreads && block[2] <= 64, $"a block of {string.Join(" x ", block)}");
        Require(Entry.RequiredThreads is null || Entry.RequiredThreads.SequenceEqual(block), $"a block of {string.Join(" x ", block)} where .reqntid says otherwise");
        for (var z = 0; z < grid[2]; z++)
        {
            for (var y = 0; y < grid[1]; y++)
            {
                for (var x = 0; x < grid[0]; x++)
                {
                    new PtxBlock(this, memory, parameters, [x, y, z], block, grid).Run();
                }
            }
        }
    }

    private void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new PtxException(1, $"launch of {Entry.Name}: {problem}");
        }
    }
}

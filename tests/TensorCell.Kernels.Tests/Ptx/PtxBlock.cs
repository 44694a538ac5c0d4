namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>The threads of a block, in warps of 32 whose lanes go in step: the ones that are behind first, so that branches meet again.</summary>
internal sealed class PtxBlock
{
    private const int WarpSize = 32;
    private const long MostSteps = 100_000_000;

    private readonly PtxProgram program;
    private readonly PtxLane[][] warps;
    private long steps;

    public PtxBlock(PtxProgram program, PtxMemory memory, byte[] parameters, int[] index, int[] size, int[] count)
    {
        (this.program, Memory, Parameters, Index, Size, Count) = (program, memory, parameters, index, size, count);
        Shared = GC.AllocateArray<byte>(program.Entry.SharedBytes, pinned: true);
        new Random(index[0]).NextBytes(Shared);
        warps =
        [
            .. Enumerable.Range(0, size[0] * size[1] * size[2])
                .Select(i => new PtxLane(this, program.Entry.Registers.Count, [i % size[0], i / size[0] % size[1], i / size[0] / size[1]]))
                .Chunk(WarpSize),
        ];
    }

    public PtxMemory Memory { get; }

    public byte[] Parameters { get; }

    public byte[] Shared { get; }

    public int[] Index { get; }

    public int[] Size { get; }

    public int[] Count { get; }

    /// <summary>Runs every warp to the next barrier, and on, until all threads are done.</summary>
    public void Run()
    {
        while (true)
        {
            int?[] waiting = [.. warps.Select(RunWarp)];
            if (waiting.All(at => at is null))
            {
                return;
            }

            var barrier = waiting.First(at => at is not null)!.Value;
            Require(waiting.All(at => at is null || at == barrier), barrier, "bar.sync: warps of a block wait at different barriers");
            for (var warp = 0; warp < warps.Length; warp++)
            {
                Require(
                    warps[warp].All(lane => lane.State != PtxLaneState.Returned), barrier, "bar.sync: threads of the block have returned without it");
                foreach (var lane in warps[warp].Where(lane => lane.State == PtxLaneState.Waiting))
                {
                    (lane.Next, lane.State) = (barrier + 1, PtxLaneState.Running);
                }
            }
        }
    }

    /// <summary>Runs a warp until all lanes are done, or wait at the barrier whose number is returned.</summary>
    private int? RunWarp(PtxLane[] warp)
    {
        var active = new List<PtxLane>(WarpSize);
        while (true)
        {
            var at = int.MaxValue;
            foreach (var lane in warp)
            {
                if (lane.State == PtxLaneState.Running)
                {
                    at = Math.Min(at, lane.Next);
                }
            }

            if (at == int.MaxValue)
            {
                return Array.Find(warp, lane => lane.State == PtxLaneState.Waiting)?.Next;
            }

            Require(at < program.Steps.Length, program.Steps.Length - 1, "runs beyond the last instruction");
            Require(++steps < MostSteps, at, "does not end");
            active.Clear();
            foreach (var lane in warp)
            {
                if (lane.State == PtxLaneState.Running && lane.Next == at)
                {
                    active.Add(lane);
                }
            }

            var step = program.Steps[at];
            if (step.Kind == PtxStepKind.Barrier)
            {
                // Lanes that are elsewhere may only be on their way to an exit, which this barrier does not wait for.
                Require(
                    Array.TrueForAll(warp, lane => lane.State is PtxLaneState.Running or PtxLaneState.Exited) && active.TrueForAll(lane => step.IsTaken(lane)),
                    at,
                    "bar.sync: lanes of a warp have diverged");
                active.ForEach(lane => lane.State = PtxLaneState.Waiting);
                continue;
            }

            Run(step, active, warp, at);
        }
    }

    private void Run(PtxStep step, List<PtxLane> active, PtxLane[] warp, int at)
    {
        if (step.Kind == PtxStepKind.Shuffle)
        {
            Require(active.TrueForAll(lane => step.IsTaken(lane)), at, "shfl.sync under a predicate that does not hold for all lanes");
            PtxShuffle.Run(program.Entry.Instructions[at], step, active, warp);
            active.ForEach(lane => lane.Next++);
            return;
        }

        foreach (var lane in active)
        {
            lane.Next++;
            if (!step.IsTaken(lane))
            {
                continue;
            }

            switch (step.Kind)
            {
                case PtxStepKind.Branch:
                    lane.Next = step.Target;
                    break;
                case PtxStepKind.Return:
                    lane.State = PtxLaneState.Returned;
                    break;
                case PtxStepKind.Exit:
                    lane.State = PtxLaneState.Exited;
                    break;
                default:
                    step.Run!(lane);
                    break;
            }
        }
    }

    private void Require(bool holds, int at, string problem)
    {
        if (!holds)
        {
            throw new PtxException(program.Entry.Instructions[at].Line, problem);
        }
    }
}

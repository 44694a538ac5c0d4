namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>Exchanges a register between the lanes of a warp: shfl.sync.down.</summary>
internal static class PtxShuffle
{
    public static void Run(PtxInstruction instruction, PtxStep step, List<PtxLane> active, PtxLane[] warp)
    {
        var sources = step.Sources!;
        var results = new ulong[active.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var lane = active[i];
            var number = Array.IndexOf(warp, lane);
            var mask = sources[3](lane);
            for (var other = 0; other < warp.Length; other++)
            {
                var isMember = (mask >> other & 1) != 0;
                if (other == number && !isMember)
                {
                    throw new PtxException(instruction.Line, "shfl.sync by a lane outside its own membermask");
                }

                if (isMember && warp[other].State == PtxLaneState.Running && warp[other].Next != lane.Next)
                {
                    throw new PtxException(instruction.Line, "shfl.sync: lanes of the membermask are elsewhere");
                }

                if (isMember && warp[other].State == PtxLaneState.Returned)
                {
                    throw new PtxException(instruction.Line, "shfl.sync: lanes of the membermask have returned");
                }
            }

            var clamp = (int)(sources[2](lane) & 31);
            var segments = (int)(sources[2](lane) >> 8 & 31);
            var last = (number & segments) | (clamp & ~segments);
            var source = number + (int)(sources[1](lane) & 31);
            source = source <= last && source < warp.Length && warp[source].State == PtxLaneState.Running ? source : number;
            results[i] = sources[0](warp[source]);
        }

        for (var i = 0; i < results.Length; i++)
        {
            step.Write!(active[i], results[i]);
        }
    }
}

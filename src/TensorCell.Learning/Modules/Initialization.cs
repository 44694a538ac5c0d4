using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>Where the first weights of layers without a seed of their own come from: a sequence that one seed determines.</summary>
public static class Initialization
{
    private static readonly Lock gate = new();
    private static ulong sequence;
    private static ulong made;

    /// <summary>Begins the sequence anew: the same layers made in the same order after it get the same weights.</summary>
    /// <param name="seed">What determines it; 0 in a new process.</param>
    public static void Seed(ulong seed)
    {
        lock (gate)
        {
            sequence = seed;
            made = 0;
        }
    }

    /// <summary>The random numbers of the next layer.</summary>
    /// <param name="seed">The layer's own seed, if it has one.</param>
    public static RandomStream Next(ulong? seed = null)
    {
        if (seed is { } own)
        {
            return Tensor.Random(own);
        }

        lock (gate)
        {
            made++;
            return Tensor.Random(RandomStream.SeedOf(RandomStream.SeedOf(sequence, 0) + made, 0));
        }
    }
}

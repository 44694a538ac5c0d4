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
            return Tensor.Random(Mix(Mix(sequence) + made));
        }
    }

    /// <summary>The finalizer of SplitMix64 (Steele, Lea and Flood 2014), which scatters neighbouring numbers.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}

using TensorCell.Kernels;

namespace TensorCell.Tensors;

/// <summary>
/// A random order of many numbers on all cores: each is dealt to a random pile, and each pile, which fits a core's cache, is shuffled (Rao 1961,
/// Sandelius 1962). Every order is as likely as any other.
/// </summary>
internal sealed unsafe class ScatterShuffle
{
    private const int Chunk = 1 << 12;
    private const int BlockLength = 1 << 17;

    private readonly int count;
    private readonly ulong firstBlock;
    private readonly ulong seed;
    private readonly int pileBits;

    /// <summary>Prepares a shuffle.</summary>
    /// <param name="count">How many numbers: at least <see cref="LeastCount"/>.</param>
    /// <param name="firstBlock">The first of as many counters.</param>
    /// <param name="seed">The key of the generator.</param>
    public ScatterShuffle(int count, ulong firstBlock, ulong seed)
    {
        this.count = count;
        this.firstBlock = firstBlock;
        this.seed = seed;
        pileBits = Math.Clamp(System.Numerics.BitOperations.Log2((uint)count) - 13, 1, 12);
    }

    /// <summary>Fewer numbers are shuffled as well on one thread.</summary>
    public static int LeastCount => 1 << 16;

    /// <summary>Writes the numbers from 0 up in random order.</summary>
    public void Run(long* order)
    {
        int piles = 1 << pileBits;
        int blocks = (count + BlockLength - 1) / BlockLength;
        int[] places = new int[blocks * piles];
        Workers.For(blocks, block =>
        {
            fixed (int* counts = &places[block * piles])
            {
                Deal(block, counts, null);
            }
        });
        int[] ends = new int[piles];
        int sum = 0;
        for (int pile = 0; pile < piles; pile++)
        {
            for (int block = 0; block < blocks; block++)
            {
                int own = places[(block * piles) + pile];
                places[(block * piles) + pile] = sum;
                sum += own;
            }

            ends[pile] = sum;
        }

        using CpuBuffer dealt = CpuBuffer.Allocate((long)count * sizeof(uint));
        uint* numbers = (uint*)dealt.Address;
        Workers.For(blocks, block =>
        {
            fixed (int* next = &places[block * piles])
            {
                Deal(block, next, numbers);
            }
        });
        Workers.For(piles, pile =>
        {
            int begin = pile == 0 ? 0 : ends[pile - 1];
            Shuffle(numbers, begin, ends[pile]);
            for (int index = begin; index < ends[pile]; index++)
            {
                order[index] = numbers[index];
            }
        });
    }

    /// <summary>Counts the numbers of a block that go to each pile, or puts them there. Four take one counter.</summary>
    private void Deal(int block, int* next, uint* numbers)
    {
        uint* words = stackalloc uint[Chunk];
        int end = (int)Math.Min((block + 1L) * BlockLength, count);
        int shift = 32 - pileBits;
        for (int begin = block * BlockLength; begin < end; begin += Chunk)
        {
            int length = Math.Min(Chunk, end - begin);
            PhiloxWords.Fill(firstBlock + (ulong)(begin / PhiloxWords.PerBlock), seed, length, words);
            if (numbers is null)
            {
                for (int index = 0; index < length; index++)
                {
                    next[words[index] >> shift]++;
                }
            }
            else
            {
                for (int index = 0; index < length; index++)
                {
                    numbers[next[words[index] >> shift]++] = (uint)(begin + index);
                }
            }

            Interruption.Check();
        }
    }

    /// <summary>Shuffles a pile in place (Fisher and Yates 1938). Two numbers take one counter, behind those that dealing took.</summary>
    private void Shuffle(uint* numbers, int begin, int end)
    {
        ulong behind = firstBlock + (ulong)(count / PhiloxWords.PerBlock) + PhiloxWords.Blocks;
        uint* words = stackalloc uint[Chunk];
        for (int chunk = begin & ~1; chunk < end; chunk += Chunk / 2)
        {
            int length = Math.Min(Chunk / 2, end - chunk);
            PhiloxWords.Fill(behind + (ulong)(chunk / 2), seed, 2 * length, words);
            for (int index = Math.Max(begin, chunk); index < chunk + length; index++)
            {
                ulong bits = ((ulong*)words)[index - chunk];
                int other = begin + (int)Math.BigMul(bits, (ulong)(index - begin + 1), out _);
                (numbers[index], numbers[other]) = (numbers[other], numbers[index]);
            }

            Interruption.Check();
        }
    }
}

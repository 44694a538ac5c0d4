using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Tests.Simd;

/// <summary>Random grid programs, compiled at every width, against the interpreter, bit for bit.</summary>
[Collection(nameof(EngineSettings))]
public sealed unsafe class GridDifferentialTests
{
    [Theory]
    [InlineData(128, false)]
    [InlineData(256, false)]
    [InlineData(512, false)]
    [InlineData(128, true)]
    [InlineData(256, true)]
    [InlineData(512, true)]
    public void Compiled_code_agrees_with_the_interpreter(int bits, bool isGrouped)
    {
        var random = new Random(bits + (isGrouped ? 7 : 0));
        var generator = new GridGenerator(random);
        var until = DateTime.UtcNow + TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("TENSORCELL_FUZZ_SECONDS") ?? "0"));
        for (var trial = 0; trial < 150 || DateTime.UtcNow < until; trial++)
        {
            using var settings = new EngineSettings(bits, contraction: false, random.Next(1, 4));
            var program = generator.Next(isGrouped);
            for (var launch = 0; launch < 3; launch++)
            {
                Check(program, random, $"trial {trial}, launch {launch} at {bits} bits");
            }
        }
    }

    private static void Check(GridProgram program, Random random, string what)
    {
        int[] extent = [program.Rank == 1 ? random.Next(1, 200) : random.Next(1, 50), program.Rank > 1 ? random.Next(1, 5) : 1, program.Rank > 2 ? random.Next(1, 4) : 1];
        int[] covered = [.. extent];
        for (var axis = 0; axis < 3 && !program.GroupExtents.IsEmpty; axis++)
        {
            covered[axis] = (extent[axis] + program.GroupExtents[axis] - 1) / program.GroupExtents[axis] * program.GroupExtents[axis];
        }

        var arguments = new List<KernelArgument>();
        var (found, wanted) = (new List<Backing>(), new List<Backing>());
        foreach (var view in program.Views)
        {
            int[] lengths = view.Index % 2 == 1
                ? [.. Enumerable.Range(0, view.Rank).Select(d => covered[view.Rank - 1 - d])]
                : [.. Enumerable.Range(0, view.Rank).Select(d => random.Next(3) == 0 ? covered[0] + random.Next(3) : random.Next(1, 40))];
            var backing = new Backing(view.Storage, lengths, random);
            wanted.Add(backing);
            found.Add(backing.Copy());
            arguments.Add(found[^1].Argument);
        }

        var uniforms = program.Uniforms.Select(type => Value(type, random)).ToArray();
        var values = new Scalar[program.Results.Length][];
        var failure = Record.Exception(() =>
        {
            var results = new List<Scalar[]>();
            new GridInterpreter(
                program, extent, uniforms,
                (view, d) => wanted[view.Index].Lengths[d],
                (view, at) => wanted[view.Index].Read(at),
                (view, at, value) => wanted[view.Index].Write(at, value)).Run((_, item) => results.Add(item));
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = [.. results.Select(item => item[i])];
            }
        });
        var kernel = new GridKernel(program);
        var memory = program.Results.Select(_ => GC.AllocateArray<long>(extent[0] * extent[1] * extent[2], pinned: true)).ToArray();
        Extent size = program.Rank == 1 ? extent[0] : program.Rank == 2 ? (extent[1], extent[0]) : (extent[2], extent[1], extent[0]);
        var given = arguments.Concat(uniforms.Select(Argument)).ToArray();
        var thrown = Record.Exception(() =>
        {
            if (memory.Length > 0)
            {
                kernel.LaunchInto(size, given, [.. memory.Select(place => Marshal.UnsafeAddrOfPinnedArrayElement(place, 0))]);
            }
            else
            {
                kernel.Launch(size, given);
            }
        });
        Assert.True(failure?.GetType() == thrown?.GetType(), $"{what}: {failure} wanted, {thrown} found in\n{program}");
        if (failure is not null)
        {
            return;
        }

        for (var i = 0; i < wanted.Count; i++)
        {
            Assert.True(wanted[i].Agrees(found[i]), $"{what}: {program.Views[i].Name} ({string.Join(" x ", wanted[i].Lengths)}) differs ({wanted[i].Difference(found[i])}; {wanted[i].Describe()}) over {string.Join(" x ", extent)} in\n{program}");
        }

        for (var i = 0; i < values.Length; i++)
        {
            var type = program.Results[i].Type;
            fixed (long* first = memory[i])
            {
                for (var item = 0; item < values[i].Length; item++)
                {
                    var value = new Scalar(type, type.Size switch
                    {
                        1 => ((byte*)first)[item],
                        4 => type == DType.Float32 ? ((uint*)first)[item] : ((int*)first)[item],
                        _ => first[item],
                    });
                    Assert.True(Same(values[i][item], value), $"{what}: result {i} of item {item} is {value}, {values[i][item]} wanted, over {string.Join(" x ", extent)} in\n{program}");
                }
            }
        }
    }

    private static bool Same(Scalar first, Scalar second) =>
        first.Bits == second.Bits || (first.Type.IsFloatingPoint && double.IsNaN(first.ToDouble()) && double.IsNaN(second.ToDouble()));

    private static Scalar Value(DType type, Random random) => type switch
    {
        DType.Bool => random.Next(2) == 0,
        DType.Float32 or DType.Float64 => Scalar.From(type, random.Next(6) switch
        {
            0 => double.NaN,
            1 => double.PositiveInfinity,
            _ => (random.NextDouble() - 0.5) * 20,
        }),
        _ => Scalar.From(type, random.Next(-20, 20)),
    };

    private static KernelArgument Argument(Scalar value) => value.Type switch
    {
        DType.Float32 => value.AsSingle,
        DType.Float64 => value.AsDouble,
        DType.Int32 => (int)value.Bits,
        DType.Int64 => value.Bits,
        _ => value.AsBoolean,
    };

    /// <summary>Memory of a view with strides of its own, its unused bytes marked.</summary>
    private sealed class Backing
    {
        private readonly StorageType storage;
        private readonly byte[] bytes;
        private readonly nint[] strides;
        private readonly int origin;

        public Backing(StorageType storage, int[] lengths, Random random)
        {
            this.storage = storage;
            Lengths = lengths;
            strides = new nint[lengths.Length];
            int[] order = [.. Enumerable.Range(0, lengths.Length)];
            if (random.Next(4) == 0)
            {
                random.Shuffle(order);
            }

            nint stride = random.Next(5) == 0 ? 2 : 1;
            foreach (var d in order.Reverse())
            {
                strides[d] = stride;
                stride *= lengths[d] + (random.Next(4) == 0 ? 1 : 0);
            }

            bytes = GC.AllocateArray<byte>((int)stride * storage.Size, pinned: true);
            random.NextBytes(bytes);
            if (random.Next(5) == 0)
            {
                origin = (lengths[^1] - 1) * (int)strides[^1];
                strides[^1] = -strides[^1];
            }

            var at = new long[lengths.Length];
            Each(lengths, at, 0, () => Write(at, storage.Computed == DType.Bool || !storage.Computed.IsFloatingPoint
                ? Scalar.From(storage.Computed, random.Next(-30, 30))
                : Value(storage.Computed, random)));
        }

        private Backing(Backing other) => (storage, bytes, strides, origin, Lengths) =
            (other.storage, GC.AllocateArray<byte>(other.bytes.Length, pinned: true), other.strides, other.origin, other.Lengths);

        public int[] Lengths { get; }

        public KernelArgument Argument => new(
            new(bytes, origin * storage.Size), storage, Lengths, strides);

        public string Describe() => $"strides {string.Join(", ", strides)} from {origin}";

        public string Difference(Backing other)
        {
            var at = bytes.AsSpan().CommonPrefixLength(other.bytes);
            return at < bytes.Length ? $"byte {at}: {bytes[at]} wanted, {other.bytes[at]} found" : "";
        }

        public Backing Copy()
        {
            var copy = new Backing(this);
            bytes.CopyTo(copy.bytes, 0);
            return copy;
        }

        public bool Agrees(Backing other)
        {
            if (!storage.Computed.IsFloatingPoint)
            {
                return bytes.AsSpan().SequenceEqual(other.bytes);
            }

            for (var i = 0; i < bytes.Length; i += storage.Size)
            {
                if (!bytes.AsSpan(i, storage.Size).SequenceEqual(other.bytes.AsSpan(i, storage.Size))
                    && !(double.IsNaN(Element(i).ToDouble()) && double.IsNaN(other.Element(i).ToDouble())))
                {
                    return false;
                }
            }

            return true;
        }

        public Scalar Read(long[] at) => Element(Place(at));

        public void Write(long[] at, Scalar value)
        {
            ref var place = ref bytes[Place(at)];
            switch (storage)
            {
                case StorageType.Float16:
                    Unsafe.WriteUnaligned(ref place, (Half)value.AsSingle);
                    break;
                case StorageType.BFloat16:
                    fixed (byte* target = &place)
                    {
                        GridHelpers.StoreBFloat16(target, value.AsSingle);
                    }

                    break;
                case var _ when storage.Size == 1:
                    place = (byte)value.Bits;
                    break;
                case var _ when storage.Size == 2:
                    Unsafe.WriteUnaligned(ref place, (short)value.Bits);
                    break;
                case var _ when storage.Size == 4:
                    Unsafe.WriteUnaligned(ref place, (int)value.Bits);
                    break;
                default:
                    Unsafe.WriteUnaligned(ref place, value.Bits);
                    break;
            }
        }

        private static void Each(int[] lengths, long[] at, int d, Action action)
        {
            if (d == lengths.Length)
            {
                action();
                return;
            }

            for (at[d] = 0; at[d] < lengths[d]; at[d]++)
            {
                Each(lengths, at, d + 1, action);
            }
        }

        private int Place(long[] at) => (origin + (int)at.Select((index, d) => index * strides[d]).Sum()) * storage.Size;

        private Scalar Element(int place)
        {
            ref var first = ref bytes[place];
            return storage switch
            {
                StorageType.Bool => first != 0,
                StorageType.Int8 => (int)(sbyte)first,
                StorageType.UInt8 => (int)first,
                StorageType.Int16 => (int)Unsafe.ReadUnaligned<short>(ref first),
                StorageType.UInt16 => (int)Unsafe.ReadUnaligned<ushort>(ref first),
                StorageType.Int32 or StorageType.UInt32 => Unsafe.ReadUnaligned<int>(ref first),
                StorageType.Float16 => (float)Unsafe.ReadUnaligned<Half>(ref first),
                StorageType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)Unsafe.ReadUnaligned<ushort>(ref first) << 16),
                StorageType.Float32 => Unsafe.ReadUnaligned<float>(ref first),
                StorageType.Float64 => Unsafe.ReadUnaligned<double>(ref first),
                _ => Unsafe.ReadUnaligned<long>(ref first),
            };
        }
    }
}

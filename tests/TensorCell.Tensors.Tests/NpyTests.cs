using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class NpyTests : IDisposable
{
    /// <summary>Writes arrays of many types, orders and shapes, and beside each its numbers as little-endian doubles in row-major order.</summary>
    private const string Writer = """
        import os, sys
        import numpy as np
        from numpy.lib import format
        random = np.random.default_rng(7)
        for kind in ["?", "u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]:
            for order in "<>":
                for shape in [(), (0,), (5,), (3, 4), (2, 0, 3), (2, 3, 4), (1, 6, 1, 2)]:
                    for fortran in [False, True]:
                        for version in [(1, 0), (2, 0), (3, 0)]:
                            low, high = (0, 2) if kind == "?" else (-100, 100) if kind[0] in "if" else (0, 200)
                            array = random.integers(low, high, shape).astype(order + kind) if kind[0] != "f" else random.normal(0, 3, shape).astype(order + kind)
                            if kind == "u4": array = array + np.array(4_000_000_000, "u4")
                            array = np.asarray(array, order + kind)
                            array = np.asfortranarray(array) if fortran and array.ndim else array
                            name = os.path.join(sys.argv[1], f"{kind.replace('?', 'b1')}{'le' if order == '<' else 'be'}{'f' if fortran else 'c'}{version[0]}_{'x'.join(map(str, shape))}")
                            with open(name + ".npy", "wb") as file:
                                format.write_array(file, array, version)
                            with open(name + ".raw", "wb") as file:
                                file.write(np.ascontiguousarray(array).astype("<f8").tobytes())
        """;

    /// <summary>Reads every file as NumPy does and compares it with the doubles beside it.</summary>
    private const string Reader = """
        import glob, os, sys
        import numpy as np
        for path in glob.glob(os.path.join(sys.argv[1], "*.npy")):
            array = np.load(path, mmap_mode="r")
            wanted = np.fromfile(path[:-4] + ".raw", "<f8").reshape(array.shape)
            name = os.path.basename(path).split("_")
            assert np.array_equal(np.array(array, "<f8"), wanted), path
            assert array.dtype == np.dtype(name[0].replace("bool", "?")), (path, array.dtype)
            assert array.flags.f_contiguous or name[1] != "fortran", path
            print(path)
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("tensorcell-").FullName;

    private string FilePath => Path.Combine(folder, "x.npy");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void WhatIsSavedIsLoaded() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        Samples samples = new(seed);
        foreach (DType type in Enum.GetValues<DType>().Except([DType.BFloat16]))
        {
            Sample sample = samples.Tensor(samples.Shape(), type, 0, type == DType.Bool ? 1 : 100);
            Npy.Save(FilePath, sample.Tensor);
            Tensor loaded = Npy.Load(FilePath);
            NpyHeader header = Npy.ReadHeader(FilePath);
            Assert.Equal((type, sample.Tensor.Shape), (loaded.DType, loaded.Shape));
            Assert.Equal((type, sample.Tensor.Shape, sample.Tensor.ByteSize), (header.DType, header.Shape, header.ByteLength));
            Assert.Equal(0, header.Offset % 64);
            Assert.Equal(sample.Numbers, loaded.To(DType.Float64).ToArray<double>());
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public void WhatNumPySavesIsLoaded()
    {
        NumPy.Require();
        Assert.Empty(NumPy.Evaluate(Writer, folder));
        string[] files = Directory.GetFiles(folder, "*.npy");
        Assert.Equal(12 * 2 * 7 * 2 * 3, files.Length);
        foreach (string file in files)
        {
            string name = Path.GetFileNameWithoutExtension(file);
            (string type, string lengths) = (name[..2], name[(name.IndexOf('_') + 1)..]);
            Tensor loaded = Npy.Load(file);
            Assert.Equal(Shape.Of([.. lengths.Split('x', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]), loaded.Shape);
            Assert.Equal(
                type switch { "b1" => "bool", "i2" or "u2" => "i32", "u4" or "u8" => "i64", _ => type[0] + (8 * (type[1] - '0')).ToString() },
                loaded.DType.Name);
            double[] wanted = [.. File.ReadAllBytes(Path.ChangeExtension(file, ".raw")).Chunk(8).Select(bytes => BitConverter.ToDouble(bytes))];
            Assert.Equal(wanted, loaded.To(DType.Float64).ToArray<double>());
            Assert.Equal(wanted, Npy.Map(file).To(DType.Float64).ToArray<double>());
        }
    }

    [Fact]
    public void NumPyLoadsWhatIsSaved()
    {
        NumPy.Require();
        Samples samples = new(9);
        int count = 0;
        foreach (DType type in Enum.GetValues<DType>().Except([DType.BFloat16]))
        {
            foreach (int[] shape in (int[][])[[], [0], [7], [3, 5], [2, 0, 4], [2, 3, 4, 5]])
            {
                Tensor tensor = samples.Tensor(shape, type, 0, type == DType.Bool ? 1 : 100).Tensor;
                Save(type, "any", tensor);
                Save(type, "fortran", shape.Length > 1 ? tensor.Contiguous().Permute([.. Enumerable.Range(0, shape.Length).Reverse()]) : tensor);
            }
        }

        string[] read = NumPy.Evaluate(Reader, folder);
        Assert.Equal(count, read.Count(File.Exists));

        void Save(DType type, string order, Tensor tensor)
        {
            string name = Path.Combine(folder, $"{(type == DType.Bool ? "bool" : $"{type.Name[0]}{type.Size}")}_{order}_{count++}");
            Npy.Save(name + ".npy", tensor);
            File.WriteAllBytes(name + ".raw", [.. tensor.To(DType.Float64).ToArray<double>().SelectMany(BitConverter.GetBytes)]);
        }
    }

    [Fact]
    public void FortransOrderIsAView()
    {
        Tensor x = Tensor.Arange(24, DType.Int32).Reshape(2, 3, 4);
        Npy.Save(FilePath, x.Permute(2, 1, 0));
        Assert.True(Npy.ReadHeader(FilePath).IsFortranOrder);
        Tensor loaded = Npy.Load(FilePath);
        Assert.Equal([1, 4, 12], loaded.Strides.ToArray());
        Assert.Equal(x.ToArray3D<int>(), loaded.Permute(2, 1, 0).ToArray3D<int>());
        Npy.Save(FilePath, x[.., 1..]);
        Assert.False(Npy.ReadHeader(FilePath).IsFortranOrder);
    }

    [Fact]
    public void LargeArraysAreReadOnAllCores()
    {
        Tensor large = Tensor.Random(3).Normal((1300, 1001)).Realize();
        Npy.Save(FilePath, large);
        Assert.Equal(large.ToArray<float>(), Npy.Load(FilePath).ToArray<float>());
        ushort[] narrow = [.. Enumerable.Range(0, 1_500_000).Select(number => (ushort)number)];
        byte[] swapped = new byte[narrow.Length * 2];
        for (int index = 0; index < narrow.Length; index++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(swapped.AsSpan(2 * index), narrow[index]);
        }

        Write("{'descr': '>u2', 'fortran_order': False, 'shape': (1500000,)}", swapped);
        Assert.Equal(narrow.Select(number => (int)number), Npy.Load(FilePath).ToArray<int>());
    }

    [Fact]
    public void UnsignedNumbersThatDoNotFitAreRefused()
    {
        Write("{'descr': '<u8', 'fortran_order': False, 'shape': (2,)}", [.. BitConverter.GetBytes((ulong)long.MaxValue), .. BitConverter.GetBytes(42UL)]);
        Assert.Equal([long.MaxValue, 42], Npy.Load(FilePath).ToArray<long>());
        Write("{'descr': '<u8', 'fortran_order': False, 'shape': (2,)}", [.. BitConverter.GetBytes(42UL), .. BitConverter.GetBytes(ulong.MaxValue)]);
        string message = Assert.Throws<InvalidDataException>(() => Npy.Load(FilePath)).Message;
        Assert.Equal($"npy {FilePath}: element 1 of u64 is 18446744073709551615, which i64 does not hold; save it as another type, in Python by array.astype(numpy.float64)", message);
    }

    [Theory]
    [InlineData("'<c8'", "complex numbers")]
    [InlineData("'|O'", "reading them runs code")]
    [InlineData("'<U5'", "texts")]
    [InlineData("'|S5'", "texts")]
    [InlineData("'<M8[ns]'", "array.astype(numpy.int64)")]
    [InlineData("'|V2'", "bf16")]
    [InlineData("'<f16'", "long doubles")]
    [InlineData("'<f3'", "no element type")]
    [InlineData("''", "no element type")]
    [InlineData("'<'", "no element type")]
    [InlineData("'<i99999999999'", "no element type")]
    [InlineData("[('a', '<f4'), ('b', '<i4')]", "save each field: array['name']")]
    public void TypesThatTensorsDoNotHoldAreRefusedWithAdvice(string type, string advice)
    {
        Write($"{{'descr': {type}, 'fortran_order': False, 'shape': (1,)}}", new byte[8]);
        string message = Assert.Throws<InvalidDataException>(() => Npy.Load(FilePath)).Message;
        Assert.StartsWith($"npy {FilePath}: ", message);
        Assert.Contains(advice, message);
        message = Assert.Throws<NotSupportedException>(() => Npy.Save(FilePath, Tensor.Ones(2).To(DType.BFloat16))).Message;
        Assert.Equal("npy: NumPy has no type bf16; .To(DType.Float32) keeps every one of its numbers, and SafeTensors.Save keeps the type too", message);
    }

    [Theory]
    [InlineData("", "lacks a {")]
    [InlineData("{", "lacks a text in quotes")]
    [InlineData("{}", "needs descr, fortran_order and shape")]
    [InlineData("{'descr': '<f4', 'shape': (1,)}", "needs descr, fortran_order and shape")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "\"descr\" twice")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}", "other than descr")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x", "goes on after its }")]
    [InlineData("{'descr': '<f4' 'fortran_order': False, 'shape': (1,)}", "lacks a }")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", "neither True nor False")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': 1}", "lacks a (")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1)}", "no tuple")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1 1)}", "without commas")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "no count")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (01,)}", "no count")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1.0,)}", "commas")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (__import__('os'),)}", "no count")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967297,)}", "more than 2147483647")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647)}", "2^59")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 0, 2147483647)}", "2^59")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 100000)}", "cut short")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': ()}", "longer than one array")]
    [InlineData("{'descr': '<f4\\'', 'fortran_order': False, 'shape': (1,)}", "plain characters")]
    [InlineData("{'descr': '<f4", "does not end")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,", "no count")]
    public void AnUnsoundHeaderIsRefused(string header, string reason)
    {
        Write(header, new byte[8]);
        string message = Assert.Throws<InvalidDataException>(() => Npy.Load(FilePath)).Message;
        Assert.Contains(reason, message);
        Assert.Throws<InvalidDataException>(() => Npy.Map(FilePath));
    }

    [Fact]
    public void HeadersOfOtherWritersAreRead()
    {
        Write("{ 'shape' : ( 2L , 1 ) ,\n\t\"descr\":\"=f4\" , 'fortran_order' : True , } \n", new byte[8], major: 3);
        Assert.Equal(Shape.Of(2, 1), Npy.Load(FilePath).Shape);
        Write("{'descr':'f4','fortran_order':False,'shape':(2,)}", new byte[8], major: 2);
        Assert.Equal(DType.Float32, Npy.Load(FilePath).DType);
    }

    [Fact]
    public void AnUnsoundHeadIsRefusedBeforeAnythingIsAllocated()
    {
        foreach ((byte[] content, string reason) in new (byte[], string)[]
        {
            ([], "mark"),
            ([.. "NUMPY"u8], "mark"),
            ([0x93, .. "NUMPY"u8], "mark"),
            ([0x93, .. "NUMPY"u8, 4, 0], "version is 4.0"),
            ([0x93, .. "NUMPY"u8, 1, 1], "version is 1.1"),
            ([0x93, .. "NUMPY"u8, 1, 0, 9], "ends before its header"),
            ([0x93, .. "NUMPY"u8, 1, 0, 9, 0], "claims 9 bytes, and there are 0"),
            ([0x93, .. "NUMPY"u8, 2, 0, 255, 255, 255, 255], "claims 4294967295 bytes"),
        })
        {
            File.WriteAllBytes(FilePath, content);
            Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Npy.ReadHeader(FilePath)).Message);
            Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Npy.Map(FilePath)).Message);
        }

        Assert.Contains("no such file", Assert.Throws<FileNotFoundException>(() => Npy.Load("no-such.npy")).Message);
        Assert.Contains("no such file", Assert.Throws<FileNotFoundException>(() => Npy.Map("no-such.npy")).Message);
        Assert.Contains("folder does not exist", Assert.Throws<DirectoryNotFoundException>(() => Npy.Save(Path.Combine(folder, "no", "x.npy"), Tensor.Ones(1))).Message);
    }

    [Fact]
    public void DamagedFilesAreRefusedOrRead() => Damage(new Random(5), 2000);

    [Fact]
    [Trait("Category", "Long")]
    public void ManyDamagedFilesAreRefusedOrRead() => Damage(new Random(), 50_000);

    private void Damage(Random random, int count)
    {
        byte[][] sound = [.. ((Tensor[])[Tensor.Ones((2, 3)), Tensor.From([true, false]), Tensor.Arange(6, DType.Int64).Reshape(2, 3).T]).Select(tensor =>
        {
            Npy.Save(FilePath, tensor);
            return File.ReadAllBytes(FilePath);
        })];
        for (int attempt = 0; attempt < count; attempt++)
        {
            byte[] damaged = Damaged.Of(sound[attempt % sound.Length], random, "{}()[]'\",:0123456789-.TrueFals <>|uifbcV"u8);
            File.WriteAllBytes(FilePath, damaged);
            try
            {
                using Tensor loaded = Npy.Load(FilePath);
                Assert.True(loaded.ByteSize <= 4 * damaged.Length);
                using Tensor mapped = Npy.Map(FilePath);
                _ = mapped.Sum().ToDouble();
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    private void Write(string header, byte[] data, byte major = 1)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = major == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length);
        File.WriteAllBytes(FilePath, [0x93, .. "NUMPY"u8, major, 0, .. length, .. text, .. data]);
    }
}

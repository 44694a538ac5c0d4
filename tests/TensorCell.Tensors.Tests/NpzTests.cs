using System.IO.Compression;
using System.Text;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class NpzTests : IDisposable
{
    private const string Writer = """
        import sys
        import numpy as np
        arrays = {"weights": np.arange(12, dtype="f4").reshape(3, 4), "order": np.asfortranarray(np.arange(6, dtype="i8").reshape(2, 3)), "ü/x": np.array(True), "zeros": np.zeros(100_000)}
        np.savez(sys.argv[1], **arrays)
        np.savez_compressed(sys.argv[2], **arrays)
        np.savez(sys.argv[3], np.ones(2), np.arange(3, dtype=">i2"))
        """;

    private const string Reader = """
        import sys
        import numpy as np
        for path in sys.argv[1:]:
            with np.load(path) as archive:
                for name in archive.files:
                    print(name, archive[name].dtype, archive[name].shape, archive[name].sum())
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("tensorcell-").FullName;

    private string FilePath => Path.Combine(folder, "x.npz");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatIsSavedIsLoaded(bool isCompressed)
    {
        Samples samples = new(3);
        Dictionary<string, Tensor> saved = [];
        foreach (DType type in Enum.GetValues<DType>().Except([DType.BFloat16]))
        {
            saved[$"layer/{type} ü"] = samples.Tensor(samples.Shape(), type, 0, type == DType.Bool ? 1 : 100).Tensor;
        }

        saved["large"] = Tensor.Random(3).Normal((700, 1001));
        if (isCompressed)
        {
            Npz.SaveCompressed(FilePath, saved);
        }
        else
        {
            Npz.Save(FilePath, saved);
        }

        NpzArchive loaded = Npz.Load(FilePath);
        Assert.Equal(saved.Keys, loaded.Keys);
        foreach ((string name, Tensor tensor) in loaded)
        {
            Assert.Equal((saved[name].DType, saved[name].Shape), (tensor.DType, tensor.Shape));
            Assert.Equal(saved[name].To(DType.Float64).ToArray<double>(), tensor.To(DType.Float64).ToArray<double>());
            Assert.Same(tensor, loaded[name]);
        }

        NpzArchive all = Npz.Load(FilePath).ReadAll();
        File.Delete(FilePath);
        Assert.Equal(saved["large"].ToArray<float>(), all["large"].ToArray<float>());
        Assert.Equal(saved.Count, all.Values.Count());
    }

    [Fact]
    public void NumPyAndWeReadEachOther()
    {
        NumPy.Require();
        string packed = Path.Combine(folder, "packed.npz"), unnamed = Path.Combine(folder, "unnamed.npz");
        Assert.Empty(NumPy.Evaluate(Writer, FilePath, packed, unnamed));
        foreach (string path in (string[])[FilePath, packed])
        {
            NpzArchive archive = Npz.Load(path);
            Assert.Equal(["weights", "order", "ü/x", "zeros"], archive.Keys);
            Assert.Equal(66, archive["weights"].Sum().ToDouble());
            Assert.Equal([1, 2], archive["order"].Strides.ToArray());
            Assert.True((bool)archive["ü/x"]);
            Assert.Equal(100_000, archive["zeros"].Count);
        }

        Assert.Equal([0, 1, 2], Npz.Load(unnamed)["arr_1"].ToArray<int>());
        Npz.Save(FilePath, ("a", Tensor.Arange(5)), ("b/ü", Tensor.Ones((2, 3), DType.Int64).T));
        Npz.SaveCompressed(packed, ("c", Tensor.From([true, false])));
        Assert.Equal(["a float32 (5,) 10.0", "b/ü int64 (3, 2) 6", "c bool (2,) 1"], NumPy.Evaluate(Reader, FilePath, packed));
    }

    [Fact]
    public void TheSameTensorsAreTheSameBytes()
    {
        Npz.Save(FilePath, ("a", Tensor.Arange(5)));
        byte[] first = File.ReadAllBytes(FilePath);
        Thread.Sleep(5);
        Npz.Save(FilePath, ("a", Tensor.Arange(5)));
        Assert.Equal(first, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void AMemberGivenBackIsReadAgain()
    {
        Npz.Save(FilePath, ("a", Tensor.Arange(5)));
        NpzArchive archive = Npz.Load(FilePath);
        using (Tensor.Scope())
        {
            Assert.Equal(10, archive["a"].Sum().ToDouble());
        }

        Assert.Equal(10, archive["a"].Sum().ToDouble());
    }

    [Fact]
    public void WhatIsWrongIsSaid()
    {
        Assert.Contains("no such file", Assert.Throws<FileNotFoundException>(() => Npz.Load("no-such.npz")).Message);
        Npz.Save(FilePath, ("a", Tensor.Arange(5)), ("b", Tensor.Arange(5)));
        Assert.Equal($"npz {FilePath}: it has no array \"c\"; it has a, b", Assert.Throws<KeyNotFoundException>(() => Npz.Load(FilePath)["c"]).Message);
        Assert.False(Npz.Load(FilePath).TryGetValue("c", out _));
        Assert.Contains("two tensors are called \"a\"", Assert.Throws<ArgumentException>(() => Npz.Save(FilePath, ("a", Tensor.Ones(1)), ("a", Tensor.Ones(1)))).Message);
        Assert.Contains("no name", Assert.Throws<ArgumentException>(() => Npz.Save(FilePath, ("", Tensor.Ones(1)))).Message);
        Assert.Equal(2, Npz.Load(FilePath).Count);
        File.WriteAllBytes(FilePath, [1, 2, 3]);
        Assert.StartsWith($"npz {FilePath}: it is no sound zip file", Assert.Throws<InvalidDataException>(() => Npz.Load(FilePath)).Message);
        Zip(("a.npy", [1, 2, 3]), ("readme.txt", []));
        NpzArchive archive = Npz.Load(FilePath);
        Assert.Equal(["a"], archive.Keys);
        Assert.Equal($"npz {FilePath}: member \"a.npy\": it does not begin with the mark of an .npy file", Assert.Throws<InvalidDataException>(() => archive["a"]).Message);
        Zip(("a.npy", []), ("a.npy", []));
        Assert.Contains("there twice", Assert.Throws<InvalidDataException>(() => Npz.Load(FilePath)).Message);
    }

    [Fact]
    public void ADamagedElementIsNoticed()
    {
        Npz.Save(FilePath, ("a", Tensor.Arange(1000)));
        byte[] bytes = File.ReadAllBytes(FilePath);
        bytes[1000] ^= 1;
        File.WriteAllBytes(FilePath, bytes);
        Assert.Contains("checksum", Assert.Throws<InvalidDataException>(() => Npz.Load(FilePath)["a"]).Message);
    }

    [Fact]
    public void AMemberThatClaimsToUnpackToMoreThanItCanIsRefused()
    {
        // Half a terabyte of f32 that a stored member of a hundred bytes is said to hold: in its own header and in the directory.
        Zip(("a.npy", [0x93, .. "NUMPY"u8, 1, 0, 70, 0, .. Encoding.ASCII.GetBytes("{'descr': '<f4', 'fortran_order': False, 'shape': (131072, 1048576)}".PadRight(70))]));
        Assert.Contains("cut short", Assert.Throws<InvalidDataException>(() => Npz.Load(FilePath)["a"]).Message);
        byte[] bytes = File.ReadAllBytes(FilePath);
        int directory = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(directory + 24), uint.MaxValue - 1);
        File.WriteAllBytes(FilePath, bytes);
        Assert.Contains("claims to unpack", Assert.Throws<InvalidDataException>(() => Npz.Load(FilePath)["a"]).Message);
    }

    [Fact]
    public void DamagedFilesAreRefusedOrRead() => Damage(new Random(6), 1500);

    [Fact]
    [Trait("Category", "Long")]
    public void ManyDamagedFilesAreRefusedOrRead() => Damage(new Random(), 40_000);

    private void Damage(Random random, int count)
    {
        Npz.Save(FilePath, ("a", Tensor.Ones((2, 3))), ("b", Tensor.From([true, false])));
        byte[] stored = File.ReadAllBytes(FilePath);
        Npz.SaveCompressed(FilePath, ("a", Tensor.Ones((2, 3))), ("b", Tensor.Arange(50)));
        byte[] packed = File.ReadAllBytes(FilePath);
        for (int attempt = 0; attempt < count; attempt++)
        {
            File.WriteAllBytes(FilePath, Damaged.Of(attempt % 2 == 0 ? stored : packed, random, [0, 1, 2, 3, 8, 0xFF, 0x7F, (byte)'P', (byte)'K']));
            try
            {
                foreach ((_, Tensor tensor) in Npz.Load(FilePath))
                {
                    tensor.Dispose();
                }
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    private void Zip(params (string Name, byte[] Content)[] members)
    {
        using FileStream stream = File.Create(FilePath);
        using ZipArchive zip = new(stream, ZipArchiveMode.Create);
        foreach ((string name, byte[] content) in members)
        {
            using Stream member = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
            member.Write(content);
        }
    }
}

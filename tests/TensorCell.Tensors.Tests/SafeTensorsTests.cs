using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Tests;

public sealed class SafeTensorsTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    /// <summary>A second implementation of the format, in as few lines as it takes: reads a file, turns every array round, writes it again.</summary>
    private const string Reverser = """
        import json, struct, sys
        import numpy as np
        types = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4", "I8": "i1", "U8": "u1", "BOOL": "?"}
        with open(sys.argv[1], "rb") as file:
            length, = struct.unpack("<Q", file.read(8))
            table, data = json.loads(file.read(length)), file.read()
        metadata = table.pop("__metadata__", {})
        entries, parts, place = {}, [], 0
        for name, entry in table.items():
            begin, end = entry["data_offsets"]
            assert begin % np.dtype(types[entry["dtype"]]).itemsize == 0
            array = np.frombuffer(data[begin:end], types[entry["dtype"]]).reshape(entry["shape"])
            part = np.ascontiguousarray(array.T).tobytes()
            entries[name] = {"dtype": entry["dtype"], "shape": list(array.T.shape), "data_offsets": [place, place + len(part)]}
            parts.append(part)
            place += len(part)
        table = json.dumps({"__metadata__": {**metadata, "by": "python"}, **entries}).encode()
        with open(sys.argv[2], "wb") as file:
            file.write(struct.pack("<Q", len(table)) + table + b"".join(parts))
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("tensorcell-").FullName;

    private string FilePath => Path.Combine(folder, "weights.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void AMissingFileIsToldWithWhereItWasLookedFor()
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => SafeTensors.Load("no-such/model.safetensors"));
        Assert.Contains("no-such/model.safetensors: no such file (looked from ", error.Message, StringComparison.Ordinal);
        Assert.Contains("a directory, not a file", Assert.Throws<FileNotFoundException>(() => SafeTensors.ReadHeader(Path.GetTempPath())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsSavedIsLoaded() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        Samples samples = new(seed);
        Dictionary<string, Tensor> saved = [];
        foreach (DType type in Enum.GetValues<DType>())
        {
            saved[$"layer.{type}\"<ü\u0000{samples.Random.Next()}"] = samples.Tensor(samples.Shape(), type, 0, type == DType.Bool ? 1 : 100).Tensor;
        }

        SafeTensors.Save(FilePath, saved, new Dictionary<string, string> { ["format"] = "pt", ["ü"] = "\"" });
        var loaded = SafeTensors.Load(FilePath);
        Assert.Equal(saved.Keys.Order(), loaded.Keys.Order());
        foreach (var (name, tensor) in saved)
        {
            Assert.Equal(tensor.DType, loaded[name].DType);
            Assert.Equal(tensor.Shape, loaded[name].Shape);
            Assert.Equal(tensor.To(DType.Float64).ToArray<double>(), loaded[name].To(DType.Float64).ToArray<double>());
        }

        SafeTensorsHeader header = SafeTensors.ReadHeader(FilePath);
        Assert.Equal("\"", header.Metadata["ü"]);
        Assert.All(header.Tensors.Values, entry => Assert.Equal(0, entry.Offset % entry.DType.Size));
        Assert.Empty(SafeTensors.Load(FilePath, _ => false));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public void AnotherImplementationReadsAndWritesIt()
    {
        NumPy.Require();
        Samples samples = new(5);
        Dictionary<string, Tensor> saved = [];
        foreach (DType type in Enum.GetValues<DType>())
        {
            saved[$"x.{type}"] = samples.Tensor([3, 5], type, 0, 1).Tensor;
        }

        string turned = Path.Combine(folder, "turned.safetensors");
        SafeTensors.Save(FilePath, saved, new Dictionary<string, string> { ["note"] = "kept" });
        ProcessStartInfo start = new(Python) { RedirectStandardError = true };
        foreach (string argument in (string[])["-c", Reverser, FilePath, turned])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
        var loaded = SafeTensors.Load(turned);
        foreach (var (name, tensor) in saved)
        {
            Assert.Equal(tensor.DType, loaded[name].DType);
            Assert.Equal(tensor.T.To(DType.Float64).ToArray<double>(), loaded[name].To(DType.Float64).ToArray<double>());
        }

        Assert.Equal("kept", SafeTensors.ReadHeader(turned).Metadata["note"]);
        Assert.Equal("python", SafeTensors.ReadHeader(turned).Metadata["by"]);
    }

    [Fact]
    public void ALargeTensorGoesThroughInChunks()
    {
        Tensor large = Tensor.Random(3).Normal((1300, 1001)).Realize();
        SafeTensors.Save(FilePath, new Dictionary<string, Tensor> { ["w"] = large.T, ["v"] = large[.., ..7] });
        var loaded = SafeTensors.Load(FilePath);
        Assert.Equal(large.T.ToArray<float>(), loaded["w"].ToArray<float>());
        Assert.Equal(large[.., ..7].ToArray<float>(), loaded["v"].ToArray<float>());
    }

    [Fact]
    public void AFailedSaveLeavesWhatWasThere()
    {
        SafeTensors.Save(FilePath, new Dictionary<string, Tensor> { ["w"] = Tensor.Ones(3) });
        Tensor disposed = Tensor.Ones(3).Clone();
        Tensor pending = disposed + 1;
        byte[] before = File.ReadAllBytes(FilePath);
        using CancellationTokenSource source = new();
        Tensor big = Tensor.Ones(3_000_000).Realize();
        source.Cancel();
        using (Interruption.Begin(source.Token))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => SafeTensors.Save(FilePath, new Dictionary<string, Tensor> { ["w"] = big }));
        }

        Assert.Equal(before, File.ReadAllBytes(FilePath));
        Assert.Equal([FilePath], Directory.GetFiles(folder));
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => SafeTensors.Save(FilePath, new Dictionary<string, Tensor> { [""] = pending })).Message);
    }

    [Theory]
    [InlineData("{}", 1, "end at byte")]
    [InlineData("[]", 0, "does not begin with {")]
    [InlineData("{\"a\":1}", 0, "is not an object")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "needs dtype, shape and data_offsets")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":0}}", 4, "\"x\"")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "\"shape\" twice")]
    [InlineData("{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[4],\"data_offsets\":[0,4]}}", 4, "F8_E4M3")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "do not agree")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "no count")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", 4, "no count")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, "data_offsets [4, 0]")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", 8, "data_offsets")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 3, "of which the file has 3")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,9223372036854775807]}}", 3, "of which the file has 3")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "4 bytes of no tensor")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}", 6, "overlap")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "listed twice")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647,2147483647],\"data_offsets\":[0,4]}}", 4, "do not agree")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647,0],\"data_offsets\":[0,0]}}", 0, "2^59")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967297],\"data_offsets\":[0,4]}}", 4, "at most 2147483647")]
    [InlineData("{\"__metadata__\":{\"a\":1}}", 0, "other than a text")]
    [InlineData("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0, "\"a\" twice")]
    [InlineData("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "twice")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[[[[[[1]]]]]],\"data_offsets\":[0,4]}}", 4, "")]
    [InlineData("{\"a\":", 0, "JSON")]
    [InlineData("{} x", 0, "JSON")]
    [InlineData("{\"\\ud800\":1}", 0, "")]
    [InlineData("{\"a\":{\"dtype\":\"BOOL\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "a truth value is 0 or 1")]
    public void AnUnsoundTableIsRefused(string table, int dataLength, string reason)
    {
        byte[] data = new byte[dataLength];
        Array.Fill(data, (byte)7);
        Write(Encoding.UTF8.GetBytes(table), data);
        string message = Assert.Throws<InvalidDataException>(() => SafeTensors.Load(FilePath)).Message;
        Assert.Contains(FilePath, message);
        Assert.Contains(reason, message);
    }

    [Fact]
    public void AMissingFolderIsNamedAsItWasAsked()
    {
        string missing = Path.Combine(folder, "missing", "weights.safetensors");
        string message = Assert.Throws<DirectoryNotFoundException>(() => SafeTensors.Save(missing, new Dictionary<string, Tensor> { ["a"] = Tensor.Ones(2) })).Message;
        Assert.Contains(missing, message);
        Assert.DoesNotContain(".tmp", message);
    }

    [Fact]
    public void AnUnsoundLengthIsRefusedBeforeAnythingIsAllocated()
    {
        foreach ((byte[] content, string reason) in new (byte[], string)[]
        {
            ([], "0 bytes"),
            ([1, 2, 3], "3 bytes"),
            ([255, 255, 255, 255, 255, 255, 255, 255], "at most 100000000"),
            ([0, 0, 0, 5, 0, 0, 0, 0, 123], "cut short"),
            ([2, 0, 0, 0, 0, 0, 0, 0, 123], "cut short"),
            ([0, 0, 0, 0, 0, 0, 0, 0], "does not begin with {"),
            ([1, 0, 0, 0, 0, 0, 0, 0, 0xff], "does not begin with {"),
            ([5, 0, 0, 0, 0, 0, 0, 0, 123, 34, 0xff, 34, 125], ""),
        })
        {
            File.WriteAllBytes(FilePath, content);
            string message = Assert.Throws<InvalidDataException>(() => SafeTensors.ReadHeader(FilePath)).Message;
            Assert.Contains(reason, message);
        }
    }

    [Fact]
    public void DamagedFilesAreRefusedOrRead() => Damage(new Random(11), 3000);

    [Fact]
    [Trait("Category", "Long")]
    public void ManyDamagedFilesAreRefusedOrRead() => Damage(new Random(), 50_000);

    private void Damage(Random random, int count)
    {
        SafeTensors.Save(FilePath, new Dictionary<string, Tensor>
        {
            ["a"] = Tensor.Ones((2, 3)),
            ["b.weight"] = Tensor.Arange(5, DType.Int64),
            ["c"] = Tensor.From<bool>([true, false]),
        });
        byte[] sound = File.ReadAllBytes(FilePath);
        ReadOnlySpan<byte> pieces = "{}[]\",:0123456789-.eE\\u "u8;
        for (int attempt = 0; attempt < count; attempt++)
        {
            byte[] damaged = Damaged.Of(sound, random, pieces);
            File.WriteAllBytes(FilePath, damaged);
            try
            {
                foreach (Tensor tensor in SafeTensors.Load(FilePath).Values)
                {
                    Assert.True(tensor.ByteSize <= damaged.Length);
                }
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    private void Write(byte[] table, byte[] data)
    {
        byte[] length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, table.Length);
        File.WriteAllBytes(FilePath, [.. length, .. table, .. data]);
    }
}

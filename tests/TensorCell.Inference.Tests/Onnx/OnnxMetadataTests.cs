namespace TensorCell.Inference.Tests.Onnx;

public sealed class OnnxMetadataTests
{
    private const string Varied = """
        import sys, numpy, onnx
        from onnx import helper, numpy_helper, TensorProto
        folder = sys.argv[1]
        f = TensorProto.FLOAT

        def save(name, graph, **options):
            onnx.save(helper.make_model(graph, **options), folder + "/" + name)

        inner = lambda name, value: helper.make_graph(
            [helper.make_node("Constant", [], ["c"], value=helper.make_tensor("", f, [1], [value])), helper.make_node("Add", ["x", "c"], [name])],
            "branch", [], [helper.make_tensor_value_info(name, f, None)])
        save("branches.onnx", helper.make_graph(
            [helper.make_node("If", ["b"], ["y"], then_branch=inner("t", 1.0), else_branch=inner("e", 2.0))], "branches",
            [helper.make_tensor_value_info("b", TensorProto.BOOL, []), helper.make_tensor_value_info("x", f, [None, "width", 3])],
            [helper.make_tensor_value_info("y", f, None)]),
            producer_name="python", producer_version="1.2", opset_imports=[helper.make_opsetid("", 16), helper.make_opsetid("ai.onnx.ml", 3)])

        sequence = helper.make_value_info("s", helper.make_sequence_type_proto(helper.make_tensor_type_proto(f, None)))
        table = onnx.ValueInfoProto(); table.name = "m"
        table.type.map_type.key_type = TensorProto.STRING
        table.type.map_type.value_type.tensor_type.elem_type = TensorProto.INT64
        save("kinds.onnx", helper.make_graph(
            [helper.make_node("SequenceConstruct", ["x"], ["s"])], "kinds", [helper.make_tensor_value_info("x", f, [2]), table], [sequence]))

        old = helper.make_graph(
            [helper.make_node("MatMul", ["x", "w"], ["y"])], "old",
            [helper.make_tensor_value_info("x", f, [1, 2]), helper.make_tensor_value_info("w", f, [2, 2])],
            [helper.make_tensor_value_info("y", f, [1, 2])],
            [helper.make_tensor("w", f, [2, 2], [1, 2, 3, 4])])
        save("old.onnx", old, ir_version=3, opset_imports=[helper.make_opsetid("", 8)])

        big = helper.make_graph(
            [helper.make_node("MatMul", ["x", "w"], ["y"])], "big", [helper.make_tensor_value_info("x", f, [1, 64])],
            [helper.make_tensor_value_info("y", f, [1, 64])], [numpy_helper.from_array(numpy.ones((64, 64), numpy.float32), "w")])
        onnx.save_model(helper.make_model(big, opset_imports=[helper.make_opsetid("", 15)]), folder + "/external.onnx", save_as_external_data=True, location="weights.bin", size_threshold=0)
        """;

    [Fact]
    public void Models_of_other_programs_are_read()
    {
        PythonOnnx.Require();
        using Folder folder = new();
        (int code, string output) = PythonOnnx.Run(Varied, folder.Path);
        Assert.True(code == 0, output);

        OnnxMetadata branches = OnnxMetadata.Read(folder["branches.onnx"]);
        Assert.Equal(["b: bool []", "x: f32 [?, width, 3]"], branches.Inputs.Select(input => input.ToString()));
        Assert.Equal("y: f32 of any shape", Assert.Single(branches.Outputs).ToString());
        Assert.Equal(("python", "1.2", 16L, 3L), (branches.Producer, branches.ProducerVersion, branches.Opsets["ai.onnx"], branches.Opsets["ai.onnx.ml"]));
        Assert.Equal([("Add", 2), ("Constant", 2), ("If", 1)], branches.Operators.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(5, branches.NodeCount);

        OnnxMetadata kinds = OnnxMetadata.Read(folder["kinds.onnx"]);
        Assert.Equal("sequence of f32", kinds.Outputs[0].TypeName);
        Assert.Equal("map to i64", kinds.Inputs[1].TypeName);

        OnnxMetadata old = OnnxMetadata.Read(folder["old.onnx"]);
        Assert.Equal("x: f32 [1, 2]", Assert.Single(old.Inputs).ToString());
        Assert.Equal((4L, 16L), (old.ParameterCount, old.ParameterBytes));

        OnnxMetadata external = OnnxMetadata.Read(folder["external.onnx"]);
        Assert.Equal(["weights.bin"], external.ExternalFiles);
        Assert.Equal((4096L, 16384L), (external.ParameterCount, external.ParameterBytes));
        if (OnnxRuntime.IsAvailable)
        {
            using OnnxModel model = OnnxModel.Load(folder["external.onnx"]);
            Assert.Equal(64, (double)model.Run(Tensors.Tensor.Ones((1, 64)))[0, 0]);
            using OnnxModel chosen = OnnxModel.Load(folder["branches.onnx"]);
            Assert.Equal(
                2,
                (double)chosen.Run(new Dictionary<string, Tensors.Tensor> { ["b"] = Tensors.Tensor.Full(default, false), ["x"] = Tensors.Tensor.Zeros((1, 1, 3)) })["y"].Max());
        }

        Refused("load the model from its file, not from memory", () => OnnxMetadata.Read(File.ReadAllBytes(folder["external.onnx"])));
        File.WriteAllBytes(folder["weights.bin"], new byte[100]);
        Refused("and that file has 100; fetch it again", () => OnnxMetadata.Read(folder["external.onnx"]));
        File.Delete(folder["weights.bin"]);
        Refused("\"weights.bin\", which is not beside the model", () => OnnxMetadata.Read(folder["external.onnx"]));
        byte[] outside = File.ReadAllBytes(folder["external.onnx"]);
        int place = outside.AsSpan().IndexOf("weights.bin"u8);
        "../../etc/x"u8.CopyTo(outside.AsSpan(place));
        File.WriteAllBytes(folder["external.onnx"], outside);
        Refused("not below the model's folder", () => OnnxMetadata.Read(folder["external.onnx"]));
        "weights\0bin"u8.CopyTo(outside.AsSpan(place));
        File.WriteAllBytes(folder["external.onnx"], outside);
        Refused("not below the model's folder", () => OnnxMetadata.Read(folder["external.onnx"]));
    }

    [Fact]
    public void What_is_no_model_is_told_apart()
    {
        Refused("the file is empty", () => OnnxMetadata.Read([]));
        Refused("fetch the model with git lfs pull", () => OnnxMetadata.Read("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"u8.ToArray()));
        Refused("a web page in place of the download?", () => OnnxMetadata.Read("\n<!DOCTYPE html>"u8.ToArray()));
        Refused("no readable ONNX model", () => OnnxMetadata.Read("PK\u0003\u0004 nothing of the kind"u8.ToArray()));
        Refused("there is no graph in it", () => OnnxMetadata.Read([0x08, 0x08]));
        Refused("a field of 4,611,686,018,427,387,904 bytes where 0 are left", () => OnnxMetadata.Read([0x3A, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40]));
    }

    [Fact]
    public void Graphs_and_types_nested_without_end_are_refused()
    {
        Refused("nested more than 32 deep", () => OnnxMetadata.Read([0x08, 0x08, .. Field(7, Nested())]));

        static byte[] Nested()
        {
            byte[] inner = [];
            for (int depth = 0; depth < 100; depth++)
            {
                inner = Field(1, [.. Field(4, "If"u8.ToArray()), .. Field(5, Field(6, inner))]);
            }

            return inner;
        }
    }

    [Theory]
    [InlineData(1, 4, 8)]
    [InlineData(7, 7, 2)]
    [InlineData(6, 5, 2)]
    [InlineData(15, 10, 32)]
    [InlineData(13, 11, 2)]
    [InlineData(21, 5, 1)]
    public void Tensors_with_fewer_elements_than_they_say_are_refused(byte type, int field, int least)
    {
        byte[] two = [0x08, 2, 0x10, type];
        OnnxMetadata.Read(WithInitializers([.. two, .. Field(field, new byte[least])]));
        Refused($"and has {least - 1} bytes in place of {least}", () => OnnxMetadata.Read(WithInitializers([.. two, .. Field(field, new byte[least - 1])])));

        // 2^50 elements of nothing, often enough that their bytes together are more than 64 bits count.
        byte[] vast = [0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02, 0x10, type];
        Refused("and has 0 bytes in place of ", () => OnnxMetadata.Read(WithInitializers([.. Enumerable.Repeat(vast, 8200)])));
    }

    [Fact]
    public void Tensors_of_text_have_as_many_texts_as_they_say()
    {
        byte[] two = [0x08, 2, 0x10, 8];
        Assert.Equal(2, OnnxMetadata.Read(WithInitializers([.. two, .. Field(6, "a"u8.ToArray()), .. Field(6, [])])).ParameterCount);
        Refused("is string [2] and has 1 texts in place of 2", () => OnnxMetadata.Read(WithInitializers([.. two, .. Field(6, "a"u8.ToArray())])));
    }

    [Fact]
    public void Text_longer_than_any_sound_one_is_refused()
    {
        Refused("text of 16,777,217 bytes; at most 16,777,216 are read", () => OnnxMetadata.Read([0x08, 0x08, .. Field(2, new byte[(1 << 24) + 1])]));
    }

    [Fact]
    public void Every_cut_of_a_model_is_refused_or_read()
    {
        byte[] model = Models.Perceptron().ToArray();
        for (int length = 0; length < model.Length; length++)
        {
            byte[] cut = model[..length];
            try
            {
                OnnxMetadata.Read(cut);
            }
            catch (OnnxException)
            {
            }
        }
    }

    [Fact]
    public void Damaged_models_are_refused_or_read()
    {
        byte[] model = Models.Perceptron().ToArray();
        for (int seed = 0; seed < 20000; seed++)
        {
            byte[] damaged = Damage(model, seed);
            try
            {
                OnnxMetadata.Read(damaged);
            }
            catch (OnnxException)
            {
            }
        }
    }

    /// <summary>Changes a few bytes of a model, some outside its weights.</summary>
    internal static byte[] Damage(byte[] model, int seed)
    {
        Random random = new(seed);
        byte[] damaged = model.ToArray();
        for (int change = random.Next(1, 5); change > 0; change--)
        {
            int place = random.Next(damaged.Length);
            switch (random.Next(5))
            {
                case 0:
                    damaged[place] = (byte)random.Next(256);
                    break;
                case 1:
                    damaged = [.. damaged[..place], (byte)random.Next(256), .. damaged[place..]];
                    break;
                case 2:
                    damaged = [.. damaged[..place], .. damaged[(place + 1)..]];
                    break;
                case 3:
                    int other = random.Next(damaged.Length);
                    damaged = [.. damaged[..place], .. damaged[Math.Min(place, other)..Math.Max(place, other)], .. damaged[place..]];
                    break;
                default:
                    damaged[place] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return damaged;
    }

    private static byte[] WithInitializers(params byte[][] tensors) =>
        [0x08, 0x08, .. Field(8, [0x10, 17]), .. Field(7, [.. tensors.SelectMany(tensor => Field(5, tensor))])];

    private static byte[] Field(int field, byte[] content)
    {
        List<byte> bytes = [(byte)((field << 3) | 2)];
        for (int length = content.Length; ; length >>= 7)
        {
            bytes.Add((byte)(length >= 0x80 ? length | 0x80 : length));
            if (length < 0x80)
            {
                break;
            }
        }

        return [.. bytes, .. content];
    }

    private static void Refused(string part, Action read) => Assert.Contains(part, Assert.Throws<OnnxException>(read).Message, StringComparison.Ordinal);
}

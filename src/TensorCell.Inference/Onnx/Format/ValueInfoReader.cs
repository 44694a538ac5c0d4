namespace TensorCell.Inference.Onnx;

/// <summary>Reads ValueInfoProtos: what a model's inputs and outputs are.</summary>
/// <param name="reader">The model.</param>
internal sealed class ValueInfoReader(ProtobufReader reader)
{
    /// <summary>Reads the name, type and shape of an input or output.</summary>
    /// <param name="end">Where its message ends.</param>
    public OnnxValueInfo Read(long end)
    {
        string name = "";
        OnnxValueInfo info = new("", "undefined", null, null);
        while (reader.Next(end, out int field, out int wire))
        {
            switch (field)
            {
                case 1:
                    name = reader.Text(wire, end);
                    break;
                case 2:
                    info = ReadType(reader.Message(wire, end), depth: 0);
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }

        return info with { Name = name };
    }

    private OnnxValueInfo ReadType(long end, int depth)
    {
        reader.CheckDepth(depth);
        OnnxValueInfo info = new("", "undefined", null, null);
        while (reader.Next(end, out int field, out int wire))
        {
            switch (field)
            {
                case 1:
                    info = ReadTensorType(reader.Message(wire, end));
                    break;
                case 4:
                    info = new("", "sequence of " + ReadElementType(reader.Message(wire, end), 1, depth), null, null);
                    break;
                case 5:
                    info = new("", "map to " + ReadElementType(reader.Message(wire, end), 2, depth), null, null);
                    break;
                case 8:
                    info = new("", "sparse " + ReadTensorType(reader.Message(wire, end)).TypeName, null, null);
                    break;
                case 9:
                    info = new("", "optional " + ReadElementType(reader.Message(wire, end), 1, depth), null, null);
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }

        return info;
    }

    private string ReadElementType(long end, int typeField, int depth)
    {
        string name = "undefined";
        while (reader.Next(end, out int field, out int wire))
        {
            if (field == typeField)
            {
                name = ReadType(reader.Message(wire, end), depth + 1).TypeName;
            }
            else
            {
                reader.Skip(wire, end);
            }
        }

        return name;
    }

    private OnnxValueInfo ReadTensorType(long end)
    {
        long type = 0;
        List<OnnxDimension>? dimensions = null;
        while (reader.Next(end, out int field, out int wire))
        {
            switch (field)
            {
                case 1:
                    type = reader.Integer(wire, end);
                    break;
                case 2:
                    dimensions = ReadDimensions(reader.Message(wire, end));
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }

        return new OnnxValueInfo("", ElementTypes.Name(type), ElementTypes.DTypeOf(type), dimensions);
    }

    private List<OnnxDimension> ReadDimensions(long end)
    {
        List<OnnxDimension> dimensions = [];
        while (reader.Next(end, out int field, out int wire))
        {
            if (field != 1)
            {
                reader.Skip(wire, end);
                continue;
            }

            OnnxDimension dimension = OnnxDimension.Any;
            long dimensionEnd = reader.Message(wire, end);
            while (reader.Next(dimensionEnd, out field, out wire))
            {
                switch (field)
                {
                    case 1:
                        // Some exporters write -1 for an axis of any length.
                        dimension = reader.Integer(wire, dimensionEnd) is >= 0 and long length ? length : OnnxDimension.Any;
                        break;
                    case 2:
                        dimension = reader.Text(wire, dimensionEnd);
                        break;
                    default:
                        reader.Skip(wire, dimensionEnd);
                        break;
                }
            }

            dimensions.Add(dimension);
        }

        return dimensions;
    }
}

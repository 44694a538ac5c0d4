using TensorCell.Tensors;

namespace TensorCell.Inference.Onnx;

/// <summary>Tensors, types and shapes as ONNX writes them.</summary>
internal static class TensorProto
{
    /// <summary>A tensor with its elements, which are read when the model is written.</summary>
    public static ProtobufWriter Write(string name, Tensor tensor)
    {
        ProtobufWriter message = new();
        foreach (int length in tensor.Shape)
        {
            message.Integer(1, length);
        }

        message.Integer(2, ElementTypes.Of(tensor.DType));
        message.TextIfAny(8, name);
        message.Elements(9, tensor);
        return message;
    }

    /// <summary>An input or output.</summary>
    public static ProtobufWriter Write(OnnxValueInfo info)
    {
        ProtobufWriter shape = new();
        foreach (OnnxDimension dimension in info.Dimensions ?? [])
        {
            ProtobufWriter axis = new();
            if (dimension.Length is { } length)
            {
                axis.Integer(1, length);
            }

            axis.TextIfAny(2, dimension.Symbol);
            shape.Message(1, axis);
        }

        ProtobufWriter tensor = new();
        tensor.Integer(1, ElementTypes.Of(info.DType!.Value));
        if (info.Dimensions is not null)
        {
            tensor.Message(2, shape);
        }

        ProtobufWriter type = new();
        type.Message(1, tensor);
        ProtobufWriter message = new();
        message.Text(1, info.Name);
        message.Message(2, type);
        return message;
    }
}

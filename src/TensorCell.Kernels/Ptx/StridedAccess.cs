using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Ptx;

/// <summary>Writes the part of a program that finds elements of arrays of any rank: coordinates from a flat index, and places from coordinates.</summary>
/// <param name="region">Where divisions go.</param>
/// <param name="uniforms">The types of the uniforms so far; lengths and strides are added.</param>
internal sealed class StridedAccess(Region region, List<DType> uniforms)
{
    /// <summary>Another uniform.</summary>
    public Node Uniform(DType type)
    {
        uniforms.Add(type);
        return Node.Uniform(uniforms.Count - 1, type);
    }

    /// <summary>The coordinates of a flat index, outermost first. Adds one uniform of the index's type for the length of each dimension but the first.</summary>
    public Node[] Coordinates(Node flat, int rank)
    {
        var coordinates = new Node[rank];
        var lengths = new Node[rank];
        for (var d = 1; d < rank; d++)
        {
            lengths[d] = Uniform(flat.Type);
        }

        for (var d = rank - 1; d > 0; d--)
        {
            coordinates[d] = Divide(BinaryOperation.RemainderUnsigned, flat, lengths[d]);
            flat = Divide(BinaryOperation.DivideUnsigned, flat, lengths[d]);
        }

        if (rank > 0)
        {
            coordinates[0] = flat;
        }

        return coordinates;
    }

    /// <summary>The place of an element. Adds one i64 uniform for the stride of each coordinate.</summary>
    public Node Place(ReadOnlySpan<Node> coordinates)
    {
        Node? place = null;
        foreach (var coordinate in coordinates)
        {
            var distance = Node.Binary(BinaryOperation.Multiply, Node.Convert(coordinate, DType.Int64), Uniform(DType.Int64));
            place = place is null ? distance : Node.Binary(BinaryOperation.Add, place, distance);
        }

        return place ?? Node.Constant(0L);
    }

    /// <summary>An unsigned division by a length, written so that the back end sees that it is not zero.</summary>
    public Node Divide(BinaryOperation operation, Node dividend, Node length)
    {
        var quotient = new VariableNode(dividend.Type);
        var divisor = Node.Binary(BinaryOperation.Max, length, Node.Constant(length.Type, 1));
        region.Statements.Add(new LetStatement(quotient, (BinaryNode)Node.Binary(operation, dividend, divisor)));
        return quotient;
    }
}

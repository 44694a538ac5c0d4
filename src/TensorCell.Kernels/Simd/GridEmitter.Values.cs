using System.Reflection.Emit;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Simd;

/// <summary>Values: which are kept, where, and how scalars become vectors.</summary>
internal sealed unsafe partial class GridEmitter
{
    /// <summary>The most operations evaluated as one tree.</summary>
    private const int LargestTree = 24;

    private GridValue ValueOf(Node node)
    {
        if (!values.TryGetValue(node, out var value))
        {
            values.Add(node, value = new(node));
            order.Add(value);
            // Only what lies along X is not there before a row's first item.
            value.Home = node is IndexNode && !plan.Of(node).IsUniform ? program.Body : null;
        }

        return value;
    }

    /// <summary>Decides which values get locals, and which are evaluated where they are used.</summary>
    private void Decide()
    {
        foreach (var value in order)
        {
            (value.Definition, value.LastUse) = (-1, -1);
            var isComputed = Placement.IsComputed(value.Node);
            for (var i = 0; i < value.Node.OperandCount; i++)
            {
                if (values.TryGetValue(value.Node.Operand(i), out var operand) && !operand.IsHeld && !operand.IsHeldScalar)
                {
                    value.TreeSize += operand.TreeSize;
                }
            }

            if (plan.Of(value.Node).IsVarying)
            {
                var isTree = isComputed && !value.IsCrossing && !value.IsVectorUsedElsewhere && value.VectorUses <= 1 && value.TreeSize <= LargestTree;
                value.IsHeld = !isTree && !(isComputed && value.VectorUses == 0);
                continue;
            }

            if (value.Node is ConstantNode || IsOfItem(value.Node))
            {
                continue;
            }

            // What was loaded to be spread over lanes is held spread: the processor does both at once.
            var isSpread = value.Node is VariableNode && value is { ScalarUses: 0, VectorUses: > 0 };
            value.IsHeld = value.VectorUses > 1 || value.IsVectorUsedElsewhere || isSpread;
            var uses = value.ScalarUses + (value.IsHeld ? 1 : value.VectorUses);
            var isX = value.Node is IndexNode && value.Home == program.Body;
            value.IsHeldScalar = !isX && (isComputed
                ? uses > 1 || value.IsCrossing || value.IsScalarUsedElsewhere || value.TreeSize > LargestTree
                : value.ScalarUses > 0 || !value.IsHeld);
        }
    }

    /// <summary>Whether a value has a local, or would have one as far as is known yet.</summary>
    private bool IsKept(Node node) => pass < Pass.Place || ValueOf(node).IsHeld;

    /// <summary>Computes a value where it is placed.</summary>
    private void EmitStep(Node node)
    {
        position++;
        var value = ValueOf(node);
        (value.Home, value.Phase) = (region, phase);
        if (plan.Of(node).IsVarying)
        {
            if (pass < Pass.Place || value.IsHeld)
            {
                AddOperations(1);
                for (var copy = 0; copy < copies; copy++)
                {
                    EmitVector(node, copy);
                    StoreVector(value, copy);
                }
            }

            return;
        }

        if (pass < Pass.Place || value.IsHeldScalar)
        {
            EmitScalar(node);
            il.Emit(OpCodes.Stloc, ScalarLocal(value));
        }

        DefineBroadcast(value);
    }

    /// <summary>After a scalar is defined: spreads it over a vector's lanes, if it is kept so.</summary>
    private void DefineBroadcast(GridValue value)
    {
        if (value.IsCrossing && value.Phase == phase && pass >= Pass.Place)
        {
            PushScalarOf(value.Node);
            PopToMemory(value);
        }

        if (pass < Pass.Place || !value.IsHeld)
        {
            return;
        }

        var isUniform = plan.Of(value.Node).IsUniform;
        for (var copy = 0; copy < (isUniform ? 1 : copies); copy++)
        {
            EmitVector(value.Node, copy);
            StoreVector(value, copy);
        }
    }

    /// <summary>Pops a vector into a value's local.</summary>
    private void StoreVector(GridValue value, int copy)
    {
        if (pass == Pass.Place)
        {
            value.Definition = value.Definition < 0 ? position : value.Definition;
            value.LastUse = Math.Max(value.LastUse, position);
        }

        il.Emit(OpCodes.Stloc, VectorLocal(value, copy));
        if (value.IsCrossing && value.Phase == phase && pass >= Pass.Place && plan.Of(value.Node).IsVarying)
        {
            il.Emit(OpCodes.Ldloc, VectorLocal(value, copy));
            PopToMemory(value, copy);
        }
    }

    /// <summary>Pops a scalar into a value's local, and spreads it.</summary>
    private void StoreScalar(VariableNode variable)
    {
        var value = ValueOf(variable);
        if (pass >= Pass.Place && value is { IsHeld: true, ScalarUses: 0, IsCrossing: false } && plan.Of(variable).IsUniform && variable.Type != DType.Bool)
        {
            // One instruction spreads what it loads over all lanes, where nothing comes between.
            operations.Broadcast(plan.TypeOf(variable));
            StoreVector(value, 0);
            return;
        }

        il.Emit(OpCodes.Stloc, ScalarLocal(value));
        DefineBroadcast(value);
    }

    /// <summary>Says that a variable is assigned from here on.</summary>
    private GridValue Define(VariableNode variable)
    {
        var value = ValueOf(variable);
        (value.Home, value.Phase) = (region, phase);
        if (pass == Pass.Place)
        {
            value.Definition = position;
        }

        return value;
    }

    private LocalBuilder ScalarLocal(GridValue value) => value.Scalar ??= il.DeclareLocal(ScalarEmitter.TypeOf(value.Node.Type));

    private LocalBuilder VectorLocal(GridValue value, int copy)
    {
        var isShared = plan.Of(value.Node).IsUniform;
        var kind = Schedule.Kind(plan.TypeOf(value.Node));
        var key = (kind, isShared, value.Local, isShared ? 0 : copy);
        if (!vectors.TryGetValue(key, out var local))
        {
            vectors.Add(key, local = il.DeclareLocal(operations.VectorOf(kind)));
        }

        return local;
    }

    /// <summary>Pushes the value that all lanes have, or that the first lane has.</summary>
    private void PushScalar(Node node)
    {
        if (node is ConstantNode constant)
        {
            scalars.Constant(constant.Value);
            return;
        }

        var value = ValueOf(node);
        if (pass < Pass.Place)
        {
            value.ScalarUses++;
            value.IsScalarUsedElsewhere |= value.Home != region;
            MarkCrossing(value);
        }

        if (IsElsewhere(value))
        {
            LoadFromMemory(value);
        }
        else if (value.Scalar is { } local)
        {
            il.Emit(OpCodes.Ldloc, local);
        }
        else if (pass >= Pass.Place || !Placement.IsComputed(node))
        {
            EmitScalar(node);
        }
    }

    /// <summary>As <see cref="PushScalar"/>, where the vector of the same value is made from it.</summary>
    private void PushScalarOf(Node node)
    {
        var value = ValueOf(node);
        if (node is ConstantNode constant)
        {
            scalars.Constant(constant.Value);
        }
        else if (IsElsewhere(value))
        {
            LoadFromMemory(value);
        }
        else if (value.Scalar is { } local)
        {
            il.Emit(OpCodes.Ldloc, local);
        }
        else
        {
            EmitScalar(node);
        }
    }

    /// <summary>Pushes a scalar that is computed here.</summary>
    private void EmitScalar(Node node)
    {
        switch (node)
        {
            case UniformNode uniform:
                EmitLaunchField(GridLayout.Uniforms + (uniform.Index * sizeof(long)), ScalarEmitter.TypeOf(node.Type));
                break;
            case LengthNode length:
                EmitLaunchField(plan.Layout.Views + (length.View.Index * GridLayout.ViewBytes) + GridLayout.Lengths + (length.Dimension * sizeof(long)), typeof(int));
                break;
            case IndexNode index:
                EmitIndex(index);
                break;
            case VariableNode variable:
                il.Emit(OpCodes.Ldloc, ScalarLocal(ValueOf(variable)));
                break;
            default:
                for (var i = 0; i < node.OperandCount; i++)
                {
                    PushScalar(node.Operand(i));
                }

                scalars.Apply(node);
                break;
        }
    }

    private void EmitLaunchField(int offset, Type type)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, offset);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldobj, type);
    }

    private void EmitIndex(IndexNode index)
    {
        switch (index.Kind)
        {
            case IndexKind.Extent or IndexKind.GroupCount:
                EmitLaunchField((index.Kind == IndexKind.Extent ? GridLayout.Extents : GridLayout.GroupCounts) + (index.Axis * sizeof(long)), typeof(int));
                break;
            case IndexKind.Local when program.GroupExtents.IsEmpty:
                il.Emit(OpCodes.Ldc_I4_0);
                break;
            case var _ when IsGrouped:
                EmitGroupIndex(index);
                break;
            default:
                if (index.Axis == 0)
                {
                    il.Emit(OpCodes.Ldloc, x);
                    il.Emit(OpCodes.Conv_I4);
                }
                else
                {
                    il.Emit(index.Axis == 1 ? OpCodes.Ldarg_3 : OpCodes.Ldarg_2);
                }

                break;
        }
    }

    /// <summary>Pushes a value as a vector, of its natural lanes.</summary>
    private void PushVector(Node node, int copy)
    {
        var value = ValueOf(node);
        var variation = plan.Of(node);
        if (copy == 0 || !variation.IsUniform)
        {
            value.LastUse = Math.Max(value.LastUse, position);
        }

        if (pass < Pass.Place)
        {
            if (copy == 0)
            {
                value.VectorUses++;
                value.IsVectorUsedElsewhere |= value.Home != region;
                MarkCrossing(value);
            }

            // Pushes something; what these passes emit is never run.
            il.Emit(OpCodes.Ldloc, x);
        }
        else if (variation.IsVarying && IsElsewhere(value))
        {
            LoadFromMemory(value, copy);
        }
        else if (value.IsHeld && !IsElsewhere(value))
        {
            il.Emit(OpCodes.Ldloc, VectorLocal(value, copy));
        }
        else
        {
            EmitVector(node, copy);
        }
    }

    /// <summary>Counts a use in another phase than that which computes the value.</summary>
    private void MarkCrossing(GridValue value) => value.IsCrossing |= IsGrouped && value.Phase != phase && value.Node is not (ConstantNode or IndexNode)
        && !IsOfGroup(value.Node);

    /// <summary>Pushes a mask as lanes of a size.</summary>
    private void PushMask(Node node, int copy, int size)
    {
        var type = LaneTypes.Mask(size);
        if (node is ConstantNode constant)
        {
            PushConstant(type, -constant.Value.Bits);
            return;
        }

        PushVector(node, copy);
        if (plan.TypeOf(node) is var natural && natural != type)
        {
            operations.Apply(new(VectorCode.Convert, type), natural);
        }
    }

    private void PushConstant(LaneType type, long bits)
    {
        scalars.Constant(new Scalar(
            type switch
            {
                LaneType.Float32 => DType.Float32,
                LaneType.Float64 => DType.Float64,
                _ => type.Size == sizeof(long) ? DType.Int64 : DType.Int32,
            },
            bits));
        operations.Broadcast(type);
    }

    /// <summary>Pushes a vector that is computed here.</summary>
    private void EmitVector(Node node, int copy)
    {
        var variation = plan.Of(node);
        if (variation.IsVarying)
        {
            EmitOperation(node, copy);
            return;
        }

        var type = plan.TypeOf(node);
        PushScalarOf(node);
        if (type.IsMask)
        {
            il.Emit(OpCodes.Neg);
            if (type.Size == sizeof(long))
            {
                il.Emit(OpCodes.Conv_I8);
            }
        }

        operations.Broadcast(type);
        if (variation.Stride is not (null or 0) and var stride)
        {
            operations.Sequence(type, stride.Value * lanes * copy, stride.Value);
            operations.Apply(new(VectorCode.Add, type), type);
        }
    }
}

using System.Runtime.InteropServices;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>
/// The pending operations that one kernel will compute, gathered from a root downwards: elementwise operations of one shape.
/// Reused from launch to launch, so that gathering allocates next to nothing.
/// </summary>
internal sealed class Group
{
    /// <summary>The cost at which a group is cut; beyond it the compile time of a kernel climbs.</summary>
    public const int CostLimit = 400;

    private const int LeafLimit = 16;
    private const int OutputLimit = 4;

    /// <summary>The cost from which computing an element twice in one run is dearer than storing it.</summary>
    private const int RecomputeLimit = 48;

    private readonly List<Node> nodes = [];
    private readonly List<Operand> leaves = [];
    private readonly List<Uniform> uniforms = [];
    private readonly List<int> outputs = [];
    private readonly List<Reference> references = [];
    private readonly List<Value> dependencies = [];
    private readonly List<int> key = [];
    private readonly Dictionary<Value, int> indices = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<Value> path = [];
    private readonly HashSet<Value> leafValues = new(ReferenceEqualityComparer.Instance);
    private bool canStoreInner;
    private long run;
    private int cost;

    /// <summary>What a reference refers to.</summary>
    public enum ReferenceKind : byte
    {
        /// <summary>The result of an operation of the group.</summary>
        Node,

        /// <summary>An element that the kernel reads.</summary>
        Leaf,

        /// <summary>A scalar argument of the kernel.</summary>
        Uniform,
    }

    /// <summary>The operations, each after what it reads.</summary>
    public ReadOnlySpan<Node> Nodes => CollectionsMarshal.AsSpan(nodes);

    /// <summary>The stored values that the kernel reads.</summary>
    public ReadOnlySpan<Operand> Leaves => CollectionsMarshal.AsSpan(leaves);

    /// <summary>The scalars that the kernel takes as arguments.</summary>
    public ReadOnlySpan<Uniform> Uniforms => CollectionsMarshal.AsSpan(uniforms);

    /// <summary>What each operation reads, one operation after the other.</summary>
    public ReadOnlySpan<Reference> References => CollectionsMarshal.AsSpan(references);

    /// <summary>Indices of the nodes that are stored; empty below a reduction.</summary>
    public ReadOnlySpan<int> Outputs => CollectionsMarshal.AsSpan(outputs);

    /// <summary>Pending values that have to be stored before this kernel can run.</summary>
    public IReadOnlyList<Value> Dependencies => dependencies;

    /// <summary>Pending values that another kernel will have computed before this one runs.</summary>
    public HashSet<Value>? Given { get; set; }

    /// <summary>Whether what gradients will read is stored too.</summary>
    public bool StoresKept { get; set; }

    /// <summary>The shape of every node.</summary>
    public Shape Shape { get; private set; }

    /// <summary>Where the root's elements come from: a node, or below a reduction perhaps a leaf.</summary>
    public Reference Root { get; private set; }

    /// <summary>Gathers the group that stores a pending elementwise value.</summary>
    public void GatherStored(Value root, long run)
    {
        Begin(root.Layout.Shape, run, canStoreInner: true);
        Root = Refer(new Operand(root, root.Layout), root.DType, isRoot: true);
        if (Root.Kind == ReferenceKind.Node && !outputs.Contains(Root.Index))
        {
            outputs.Add(Root.Index);
        }

    }

    /// <summary>Gathers the group that computes a pending elementwise value and stores nothing else.</summary>
    public void GatherAlone(Value root, long run)
    {
        Begin(root.Layout.Shape, run, canStoreInner: false);
        Root = Refer(new Operand(root, root.Layout), root.DType, isRoot: true);
        if (Root.Kind == ReferenceKind.Node)
        {
            outputs.Add(Root.Index);
        }
    }

    /// <summary>Gathers the group that a reduction takes along: its input and the pending operations above that.</summary>
    public void GatherInput(Operand input, long run)
    {
        Begin(input.Layout.Shape, run, canStoreInner: false);
        Root = Refer(input, input.Value.DType, isRoot: false);
    }

    /// <summary>Everything that the kernel's code depends on, except how its operands are laid out.</summary>
    /// <param name="kind">0 for an elementwise kernel, else which reduction.</param>
    /// <param name="rootType">The type that a reduction converts the root to.</param>
    public ReadOnlySpan<int> CompleteKey(int kind, DType rootType)
    {
        foreach (int output in outputs)
        {
            key.Add(output);
        }

        key.Add(-1);
        key.Add(KeyOf(Root));
        key.Add(kind | ((int)rootType << 8));
        return CollectionsMarshal.AsSpan(key);
    }

    /// <summary>Gathers what has to be stored before an operation that fuses with nothing.</summary>
    public void GatherInputs(ReadOnlySpan<Operand> inputs)
    {
        Begin(default, 0, canStoreInner: false);
        foreach (ref readonly Operand input in inputs)
        {
            if (input.Value.IsPending)
            {
                dependencies.Add(input.Value);
            }
        }
    }

    /// <summary>Lets go of every value.</summary>
    public void Clear()
    {
        nodes.Clear();
        leaves.Clear();
        uniforms.Clear();
        outputs.Clear();
        references.Clear();
        dependencies.Clear();
        key.Clear();
        indices.Clear();
        path.Clear();
        leafValues.Clear();
    }

    private void Begin(Shape shape, long run, bool canStoreInner)
    {
        Clear();
        Shape = shape;
        this.run = run;
        this.canStoreInner = canStoreInner;
        cost = 0;
    }

    private int KeyOf(Reference reference) => reference.Code | reference.Kind switch
    {
        ReferenceKind.Leaf => ((int)leaves[reference.Index].Value.DType + 1) << 24,
        ReferenceKind.Uniform => ((int)uniforms[reference.Index].Type + 1) << 24,
        _ => 0,
    };

    /// <summary>Adds an operand and all that it takes; walks with a stack of its own, since chains are long.</summary>
    private Reference Refer(Operand operand, DType type, bool isRoot)
    {
        if (!IsInner(operand, isRoot))
        {
            return ReferOutside(operand, type);
        }

        Enter(operand.Value);
        while (path.TryPeek(out Value? value))
        {
            if (value.Operation is not ElementwiseOperation operation)
            {
                // Another thread stored it meanwhile; whoever reads it takes it as a leaf.
                path.Pop();
                continue;
            }

            Value? next = null;
            foreach (ref readonly Operand input in operation.Inputs.AsSpan())
            {
                if (!indices.ContainsKey(input.Value) && IsInner(input, false))
                {
                    next = input.Value;
                    break;
                }
            }

            if (next is not null)
            {
                Enter(next);
            }
            else
            {
                path.Pop();
                Append(value, operation);
            }
        }

        return indices.TryGetValue(operand.Value, out int index)
            ? new Reference(ReferenceKind.Node, index)
            : ReferOutside(operand, type);
    }

    private void Enter(Value value)
    {
        path.Push(value);
        if (value.Operation is ElementwiseOperation operation)
        {
            cost += operation.Cost;
            foreach (ref readonly Operand input in operation.Inputs.AsSpan())
            {
                if (input.Value.Operation is not (ElementwiseOperation or ConstantOperation))
                {
                    leafValues.Add(input.Value);
                }
            }
        }
    }

    private void Append(Value value, ElementwiseOperation operation)
    {
        int first = references.Count;
        key.Add((int)operation.Operator.Kind | (operation.Operator.Code << 8) | ((int)operation.ComputeType << 16) | ((int)value.DType << 24));
        if (operation.Body is { } body)
        {
            key.Add(body.Id);
        }

        foreach (ref readonly Operand input in operation.Inputs.AsSpan())
        {
            Reference reference = indices.TryGetValue(input.Value, out int inner) && input.IsWhole
                ? new Reference(ReferenceKind.Node, inner)
                : ReferOutside(input, operation.Operator.Kind == OperatorKind.Convert ? input.Value.DType.Computed : operation.OperandType(references.Count - first));
            references.Add(reference);
            key.Add(KeyOf(reference));
        }

        indices.Add(value, nodes.Count);
        if (canStoreInner && (MustStore(value) || (StoresKept && value.IsKept)) && outputs.Count < OutputLimit)
        {
            outputs.Add(nodes.Count);
        }

        nodes.Add(new Node(value, operation, first));
    }

    private Reference ReferOutside(Operand operand, DType uniformType)
    {
        Operation? operation = operand.Value.Operation;
        if (operand.Value.Storage is not null || Given?.Contains(operand.Value) == true)
        {
            return ReferLeaf(operand);
        }

        if (operation is ConstantOperation constant)
        {
            uniforms.Add(new Uniform(constant.Number, uniformType));
            return new Reference(ReferenceKind.Uniform, uniforms.Count - 1);
        }

        dependencies.Add(operand.Value);
        return default;
    }

    private Reference ReferLeaf(Operand operand)
    {
        for (int index = 0; index < leaves.Count; index++)
        {
            Operand leaf = leaves[index];
            if (ReferenceEquals(leaf.Value, operand.Value)
                && (ReferenceEquals(leaf.Layout, operand.Layout)
                    || (leaf.Layout.Offset == operand.Layout.Offset
                        && leaf.Layout.Strides.AsSpan().SequenceEqual(operand.Layout.Strides))))
            {
                return new Reference(ReferenceKind.Leaf, index);
            }
        }

        leaves.Add(operand);
        return new Reference(ReferenceKind.Leaf, leaves.Count - 1);
    }

    /// <summary>Whether the kernel of this group may compute the operand instead of reading it.</summary>
    private bool IsInner(Operand operand, bool isRoot) =>
        operand.Value.Operation is ElementwiseOperation operation
        && operand.IsWhole
        && Given?.Contains(operand.Value) != true
        && (isRoot
            || (cost + operation.Cost <= CostLimit
                && leafValues.Count < LeafLimit
                && (!MustStore(operand.Value) || (canStoreInner && outputs.Count < OutputLimit))));

    /// <summary>Whether a kernel has computed the value before, so that this second demand should store it.</summary>
    public bool MustStore(Value value) =>
        value.DemandedBy != 0 && (value.DemandedBy != run || value.Cost > RecomputeLimit);

    /// <summary>An operation of the group.</summary>
    /// <param name="Value">The value it computes.</param>
    /// <param name="Operation">The operation, read once, so that another thread storing the value changes nothing here.</param>
    /// <param name="FirstReference">Where in <see cref="References"/> its operands begin.</param>
    public readonly record struct Node(Value Value, ElementwiseOperation Operation, int FirstReference);

    /// <summary>A scalar argument of the kernel.</summary>
    /// <param name="Number">Its number now.</param>
    /// <param name="Type">The type that the kernel takes it as.</param>
    public readonly record struct Uniform(Number Number, DType Type);

    /// <summary>An operand of a node.</summary>
    /// <param name="Kind">Among what to look.</param>
    /// <param name="Index">Which one.</param>
    public readonly record struct Reference(ReferenceKind Kind, int Index)
    {
        /// <summary>The reference as one number.</summary>
        public int Code => (Index << 2) | (int)Kind;
    }
}

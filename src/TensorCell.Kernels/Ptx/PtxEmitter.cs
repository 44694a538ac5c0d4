using System.Collections.Immutable;
using System.Text;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Ptx;

/// <summary>
/// Writes a grid program as PTX for NVIDIA GPUs from sm_70 on. One thread runs one item at a time; of a space without groups the axes Y and Z
/// are walked in strides of the launch's size, so that any extent fits any launch.
/// </summary>
internal sealed partial class PtxEmitter
{
    /// <summary>What every GPU gives a group without being asked.</summary>
    private const int MaximumSharedBytes = 48 << 10;

    private const string Axes = "xyz";

    private readonly GridProgram program;
    private readonly PtxFold? fold;
    private readonly IReadOnlySet<Statement> inRange;
    private readonly PtxWriter writer = new();
    private readonly List<PtxParameter> parameters = [];
    private readonly Dictionary<Node, string> values = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(IndexKind Kind, int Axis), string> indices = [];
    private readonly List<Action> failures = [];
    private readonly StringBuilder shared = new();
    private Placement placement;
    private int sharedBytes;

    private PtxEmitter(GridProgram program, PtxFold? fold, IReadOnlySet<Statement> inRange)
    {
        (this.program, this.fold, this.inRange) = (program, fold, inRange);
        placement = Placement.Of(program);
    }

    /// <summary>The program as PTX.</summary>
    /// <param name="program">The program, optimised: its operations are none of the composed ones.</param>
    /// <param name="fold">How the results of a group are folded; null for a program without results.</param>
    /// <param name="inRange">Statements whose accesses are known to be in range, and are not checked.</param>
    public static PtxKernel Emit(GridProgram program, PtxFold? fold = null, IReadOnlySet<Statement>? inRange = null) =>
        new PtxEmitter(program, fold, inRange ?? ImmutableHashSet<Statement>.Empty).Emit();

    private PtxKernel Emit()
    {
        var entry = "tc_" + string.Concat(program.Name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
        DeclareParameters();
        DeclareShared();
        EmitViews();
        EmitSpace();
        foreach (var emit in failures)
        {
            emit();
        }

        if (failures.Count > 0)
        {
            EmitRecording();
        }

        var text = new StringBuilder();
        text.Append(".version 6.0\n.target sm_70\n.address_size 64\n\n");
        text.Append($".visible .entry {entry}(\n    ");
        text.AppendJoin(",\n    ", parameters.Select(parameter => $".param .{parameter.Type} {parameter.Name}"));
        text.Append("\n)\n");
        if (!program.GroupExtents.IsEmpty)
        {
            text.Append($".reqntid {string.Join(", ", program.GroupExtents)}\n");
        }

        text.Append("{\n").Append(shared).Append(writer.Finish()).Append("}\n");
        return new(program, entry, text.ToString(), [.. parameters], sharedBytes, failures.Count > 0);
    }

    private void DeclareParameters()
    {
        foreach (var view in program.Views)
        {
            parameters.Add(new(AddressOf(view), "u64", PtxParameterKind.Address, view.Index));
            for (var d = 0; d < view.Rank; d++)
            {
                parameters.Add(new(LengthOf(view, d), "u32", PtxParameterKind.Length, view.Index, d));
                parameters.Add(new(StrideOf(view, d), "u64", PtxParameterKind.Stride, view.Index, d));
            }
        }

        for (var i = 0; i < program.Uniforms.Length; i++)
        {
            parameters.Add(new($"uniform{i}", PtxTypes.Parameter(program.Uniforms[i]), PtxParameterKind.Uniform, i));
        }

        for (var axis = 0; axis < Axes.Length; axis++)
        {
            parameters.Add(new($"extent_{Axes[axis]}", "u32", PtxParameterKind.Extent, axis));
        }

        parameters.Add(new("failure", "u64", PtxParameterKind.Failure));
    }

    private void DeclareShared()
    {
        foreach (var operand in program.Shared)
        {
            DeclareShared(SharedName(operand), operand.Count * operand.Storage.Size);
        }
    }

    private void DeclareShared(string name, int bytes)
    {
        sharedBytes += (bytes + 15) & -16;
        if (sharedBytes > MaximumSharedBytes)
        {
            throw Throw.SharedTooLarge(program.Name, sharedBytes, MaximumSharedBytes);
        }

        shared.Append($"    .shared .align 16 .b8 {name}[{Math.Max(1, bytes)}];\n");
    }

    /// <summary>Defines what is the same for all items, and walks over the items that this thread runs.</summary>
    private void EmitSpace()
    {
        var done = writer.Label("DONE");
        if (!program.GroupExtents.IsEmpty)
        {
            EmitGroupIndices();
            EmitInputs();
            EmitItem();
        }
        else
        {
            for (var axis = 0; axis < Axes.Length; axis++)
            {
                indices[(IndexKind.Extent, axis)] = LoadParameter("u32", $"extent_{Axes[axis]}", writer.Word());
                indices[(IndexKind.Local, axis)] = "0";
                indices[(IndexKind.Global, axis)] = "0";
            }

            EmitAxis(0, done, strided: false);
        }

        writer.Place(done);
        writer.Emit("ret");
    }

    private void EmitGroupIndices()
    {
        for (var axis = 0; axis < Axes.Length; axis++)
        {
            var (local, group, count, global) = (writer.Word(), writer.Word(), writer.Word(), writer.Word());
            writer.Emit($"mov.u32 {local}, %tid.{Axes[axis]}");
            writer.Emit($"mov.u32 {group}, %ctaid.{Axes[axis]}");
            writer.Emit($"mov.u32 {count}, %nctaid.{Axes[axis]}");
            writer.Emit($"mad.lo.s32 {global}, {group}, {program.GroupExtents[axis]}, {local}");
            indices[(IndexKind.Local, axis)] = local;
            indices[(IndexKind.Group, axis)] = group;
            indices[(IndexKind.GroupCount, axis)] = count;
            indices[(IndexKind.Global, axis)] = global;
            indices[(IndexKind.Extent, axis)] = LoadParameter("u32", $"extent_{Axes[axis]}", writer.Word());
        }
    }

    /// <summary>The items along an axis, and those along the axes outside it. Along X, where neighbours lie, there is one for each thread.</summary>
    private void EmitAxis(int axis, string done, bool strided)
    {
        if (axis == program.Rank)
        {
            // Without groups, every item is a group of its own.
            for (var each = 0; each < Axes.Length; each++)
            {
                indices[(IndexKind.Group, each)] = indices[(IndexKind.Global, each)];
                indices[(IndexKind.GroupCount, each)] = indices[(IndexKind.Extent, each)];
            }

            EmitInputs();
            EmitItem();
            return;
        }

        var (index, group, size, thread) = (writer.Word(), writer.Word(), writer.Word(), writer.Word());
        writer.Emit($"mov.u32 {group}, %ctaid.{Axes[axis]}");
        writer.Emit($"mov.u32 {size}, %ntid.{Axes[axis]}");
        writer.Emit($"mov.u32 {thread}, %tid.{Axes[axis]}");
        writer.Emit($"mad.lo.s32 {index}, {group}, {size}, {thread}");
        indices[(IndexKind.Global, axis)] = index;
        var beyond = writer.Predicate();
        var extent = indices[(IndexKind.Extent, axis)];
        if (!strided)
        {
            writer.Emit($"setp.ge.u32 {beyond}, {index}, {extent}");
            writer.Emit($"@{beyond} bra {done}");
            EmitAxis(axis + 1, done, strided: true);
            return;
        }

        var (again, end, count, step) = (writer.Label("AXIS"), writer.Label("AXIS_END"), writer.Word(), writer.Word());
        writer.Emit($"mov.u32 {count}, %nctaid.{Axes[axis]}");
        writer.Emit($"mul.lo.s32 {step}, {count}, {size}");
        writer.Place(again);
        writer.Emit($"setp.ge.u32 {beyond}, {index}, {extent}");
        writer.Emit($"@{beyond} bra {end}");
        EmitAxis(axis + 1, done, strided: true);
        writer.Emit($"add.s32 {index}, {index}, {step}");
        writer.Emit($"bra {again}");
        writer.Place(end);
    }

    /// <summary>Defines every value that is no step of the program: inputs, indices, lengths, and Booleans that are constant.</summary>
    private void EmitInputs()
    {
        Node[] roots = fold is null ? [.. program.Roots] : [.. program.Roots, .. fold.Combined, .. FinalProgram(fold).Roots];
        var uniforms = new Dictionary<int, string>();
        foreach (var node in NodeOrder.Of(roots))
        {
            var value = node switch
            {
                UniformNode uniform => uniforms.TryGetValue(uniform.Index, out var known)
                    ? known
                    : uniforms[uniform.Index] = LoadUniform(uniform),
                LengthNode length => lengths[(length.View, length.Dimension)],
                IndexNode index => indices[(index.Kind, index.Axis)],
                ConstantNode { Type: DType.Bool } constant => Moved(DType.Bool, PtxTypes.Constant(constant.Value)),
                _ => null,
            };
            if (value is not null)
            {
                values[node] = value;
            }
        }
    }

    private string LoadUniform(UniformNode uniform)
    {
        var name = $"uniform{uniform.Index}";
        if (uniform.Type != DType.Bool)
        {
            return LoadParameter(PtxTypes.Parameter(uniform.Type), name, writer.Register(uniform.Type));
        }

        var (word, truth) = (LoadParameter("u32", name, writer.Word()), writer.Predicate());
        writer.Emit($"setp.ne.s32 {truth}, {word}, 0");
        return truth;
    }

    private string LoadParameter(string type, string name, string register)
    {
        writer.Emit($"ld.param.{type} {register}, [{name}]");
        return register;
    }

    private void EmitItem()
    {
        EmitRegion(program.Body);
        if (fold is not null)
        {
            EmitFold(fold);
        }
    }

    private static string AddressOf(ViewOperand view) => $"view{view.Index}";

    private static string LengthOf(ViewOperand view, int dimension) => $"view{view.Index}_length{dimension}";

    private static string StrideOf(ViewOperand view, int dimension) => $"view{view.Index}_stride{dimension}";

    private static string SharedName(SharedOperand operand) => $"shared{operand.Index}";
}

using System.Collections;
using Microsoft.DotNet.Interactive.Formatting;
using TensorCell.Data;
using TensorCell.Inference;
using TensorCell.Interactive.Formatting;
using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Learning;
using TensorCell.Tensors;

namespace TensorCell.Interactive;

/// <summary>Registers how this library's types, and the everyday ones, are shown.</summary>
public static class TensorCellFormatters
{
    private const string PlotlyMimeType = "application/vnd.plotly.v1+json";
    private static readonly Lock gate = new();
    private static readonly HashSet<string> bundleTypes = [];
    private static volatile bool registered;
    private static bool registeredEveryday;

    private static readonly Type[] textTypes =
    [
        typeof(string), typeof(char), typeof(bool), typeof(Enum), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly),
        typeof(TimeSpan), typeof(Guid), typeof(Uri), typeof(Version), typeof(Type), typeof(Delegate), typeof(double), typeof(float), typeof(Half),
        typeof(decimal), typeof(int), typeof(long), typeof(short), typeof(sbyte), typeof(byte), typeof(ushort), typeof(uint), typeof(ulong),
        typeof(Int128), typeof(UInt128), typeof(System.Numerics.BigInteger), typeof(System.Numerics.Complex), typeof(nint), typeof(nuint),
        typeof(Task), typeof(System.Text.StringBuilder), typeof(System.Reflection.MemberInfo), typeof(System.Reflection.Assembly), typeof(Thread),
    ];

    /// <summary>Registers all formatters with Microsoft.DotNet.Interactive.Formatting; once, however often it is called.</summary>
    /// <param name="everyday">
    /// Whether numbers, text, sequences, dictionaries, exceptions and other objects are shown this library's way too; false in a host
    /// that has its own.
    /// </param>
    public static void Register(bool everyday = true)
    {
        lock (gate)
        {
            var isNew = everyday && !registeredEveryday;
            if (isNew)
            {
                registeredEveryday = true;
                RegisterEveryday();
            }

            if (isNew || !registered)
            {
                RegisterOwn();
                RegisterBundle([HtmlFormatter.MimeType, PlainTextFormatter.MimeType]);
                registered = true;
            }
        }
    }

    /// <summary>Registers all formatters, everyday ones too, unless a host has chosen already.</summary>
    internal static void Ensure()
    {
        if (!registered)
        {
            Register();
        }
    }

    /// <summary>Registers how a <see cref="MimeBundle"/> is shown as each of some types, for hosts that show values by formatters alone.</summary>
    internal static void RegisterBundle(IEnumerable<string> mimeTypes)
    {
        foreach (var mimeType in mimeTypes)
        {
            lock (gate)
            {
                if (bundleTypes.Add(mimeType))
                {
                    Formatter.Register<MimeBundle>((bundle, context) => Write(context, Of(bundle, mimeType)), mimeType);
                }
            }
        }
    }

    // A display is updated as what it was shown as at first, which the new bundle may lack.
    private static string Of(MimeBundle bundle, string mimeType) =>
        bundle.Data.TryGetValue(mimeType, out var text) ? text
        : mimeType == HtmlFormatter.MimeType ? Html(bundle.Data.GetValueOrDefault(PlainTextFormatter.MimeType, ""))
        : bundle.Data.GetValueOrDefault(PlainTextFormatter.MimeType, "");

    private static void RegisterEveryday()
    {
        Both<object>(ObjectHtml.Write, ObjectHtml.Text);
        Both<IEnumerable>(ObjectHtml.Write, ObjectHtml.Text);
        Both<Exception>(ExceptionHtml.Write, ExceptionHtml.Text);
        foreach (var type in textTypes)
        {
            Formatter.SetPreferredMimeTypesFor(type, PlainTextFormatter.MimeType);
            Formatter.Register(type, (value, context) => Write(context, ObjectHtml.Text(value)), PlainTextFormatter.MimeType);
        }
    }

    private static void RegisterOwn()
    {
        Both<Tensor>(TensorHtml.Write, tensor => tensor.ToString());
        Both<TensorImage>(ImageHtml.Write, image => image.ToString());
        Both<Frame>(FrameHtml.Write, frame => frame.ToString());
        Both<FrameSummary>(SummaryHtml.Write, summary => summary.ToString());
        Both<Column>(FrameHtml.Write, column => column.ToString());
        Both<Device>(DeviceHtml.Write, DeviceHtml.Text);
        Both<DeviceLimits>(DeviceHtml.Write, DeviceHtml.Text);
        Both<Benchmark>(BenchmarkHtml.Write, BenchmarkHtml.Text);
        Both<Comparison>(ComparisonHtml.Write, ComparisonHtml.Text);
        Both<CellProfile>(ProfileHtml.Write, ProfileHtml.Text);
        Both<KernelFunction>(ExplanationHtml.Write, function => function.ToString());
        Both<ElementwiseKernel>(ExplanationHtml.Write, ExplanationHtml.Text);
        Both<KernelOperation>(operation => ExplanationHtml.Write(operation.Kernel), operation => operation.Kernel.ToString());
        Both<GridKernel>(ExplanationHtml.Write, kernel => kernel.ToString());
        Both<KernelExplanation>(ExplanationHtml.Write, ExplanationHtml.Text);
        Both<MachineCode>(ExplanationHtml.Write, ExplanationHtml.Text);
        Both<DisassembledCode>(ExplanationHtml.Write, ExplanationHtml.Text);
        Both<LaunchPlan>(ExplanationHtml.Write, ExplanationHtml.Text);
        Both<Module>(ModuleHtml.Write, ModuleHtml.Text);
        Both<Sequential>(ModuleHtml.Write, ModuleHtml.Text);
        Both<ModuleSummary>(ModuleHtml.Write, summary => summary.ToString());
        Both<Trainer>(TrainingHtml.Write, TrainingHtml.Text);
        Both<TrainingRun>(TrainingHtml.Write, TrainingHtml.Text);
        Both<OnnxModel>(OnnxHtml.Write, OnnxHtml.Text);
        Both<OnnxMetadata>(OnnxHtml.Write, OnnxHtml.Text);
        Both<Figure>(ChartHtml.Write, figure => figure.ToString());
        Formatter.SetPreferredMimeTypesFor(typeof(Figure), PlotlyMimeType, HtmlFormatter.MimeType, PlainTextFormatter.MimeType);
        Formatter.Register<Figure>((figure, context) => Write(context, JsonOf(figure)), PlotlyMimeType);
        Formatter.SetPreferredMimeTypesFor(typeof(Shape), PlainTextFormatter.MimeType);
        Formatter.Register<Shape>(shape => shape.ToString(), PlainTextFormatter.MimeType);
        Formatter.Register<Shape>(shape => Html(shape.ToString()), HtmlFormatter.MimeType);
    }

    private static string Html(string text) => Formatting.Html.Output(Formatting.Html.Preformatted(text));

    private static void Both<T>(Func<T, string> html, Func<T, string> text)
    {
        Formatter.SetPreferredMimeTypesFor(typeof(T), HtmlFormatter.MimeType, PlainTextFormatter.MimeType);
        Formatter.Register<T>((value, context) => Write(context, OrText(value, html, isHtml: true)), HtmlFormatter.MimeType);
        Formatter.Register<T>((value, context) => Write(context, OrText(value, text, isHtml: false)), PlainTextFormatter.MimeType);
    }

    // Front ends take this type before all others, so it must be a figure whatever happens.
    private static string JsonOf(Figure? figure)
    {
        try
        {
            return (figure ?? new Figure()).ToJson();
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ThreadInterruptedException))
        {
            return new Figure().Title(exception.Message).ToJson();
        }
    }

    private static bool Write(FormatContext context, string text)
    {
        context.Writer.Write(text);
        return true;
    }

    // A value that cannot be shown must not fail the cell that made it; its own text says enough.
    private static string OrText<T>(T value, Func<T, string> format, bool isHtml)
    {
        if (value is null)
        {
            return "null";
        }

        try
        {
            return format(value);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ThreadInterruptedException))
        {
            var message = value is Tensor ? exception.Message : SafeText.Of(value);
            return isHtml ? Html(message) : message;
        }
    }
}

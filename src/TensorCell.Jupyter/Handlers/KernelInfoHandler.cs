using System.Text.Json.Nodes;
using TensorCell.Jupyter.Messaging;

namespace TensorCell.Jupyter.Handlers;

/// <summary>Tells what this kernel is.</summary>
internal static class KernelInfoHandler
{
    private static readonly string version = typeof(KernelInfoHandler).Assembly.GetName().Version!.ToString(3);

    public static JsonObject LanguageInfo => new()
    {
        ["name"] = "C#",
        ["version"] = "14.0",
        ["mimetype"] = "text/x-csharp",
        ["file_extension"] = ".cs",
        ["pygments_lexer"] = "csharp",
        ["codemirror_mode"] = "text/x-csharp",
    };

    public static void Handle(Request request) => request.Reply(new JsonObject
    {
        ["protocol_version"] = MessageCodec.ProtocolVersion,
        ["implementation"] = "tensorcell",
        ["implementation_version"] = version,
        ["language_info"] = LanguageInfo,
        ["banner"] = $"TensorCell {version}: C# {LanguageInfo["version"]} on .NET {Environment.Version}. #!lsmagic lists the magic commands.",
        ["help_links"] = new JsonArray(
            new JsonObject { ["text"] = "C# language reference", ["url"] = "https://learn.microsoft.com/dotnet/csharp/language-reference/" },
            new JsonObject { ["text"] = ".NET API browser", ["url"] = "https://learn.microsoft.com/dotnet/api/" }),
        ["debugger"] = false,
        ["supported_features"] = new JsonArray(),
    });
}

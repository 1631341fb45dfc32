using System.Text.Json.Nodes;

namespace Iga.LocalHost.CommandLine.Generate;

/// <summary>What became of one picture of a batch.</summary>
/// <param name="Picture">Null where there is none.</param>
/// <param name="Error">Why there is none, or why it could not be saved; null where it was.</param>
/// <param name="WasThere">The file was there already, from an earlier run.</param>
internal sealed record BatchResult(BatchItem Item, GeneratedPicture? Picture, string? Error, bool WasThere = false)
{
    public JsonObject Json()
    {
        var json = Picture?.Json() ?? [];
        json["prompt"] = Item.Arguments.Prompt;
        json["idempotency_key"] = Item.Key;
        json["error"] = Error;
        return json;
    }
}

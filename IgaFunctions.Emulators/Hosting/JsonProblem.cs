using System.Globalization;
using System.Text.Json;

namespace Iga.Emulators.Hosting;

/// <summary>What is wrong with a text that is no JSON, in words that name its place and nothing of the parser.</summary>
internal static class JsonProblem
{
    public static string Of(JsonException exception) => string.Create(
        CultureInfo.InvariantCulture,
        $"Unexpected token or end in line {exception.LineNumber + 1}, at byte {exception.BytePositionInLine + 1} of it.");
}

using System.Text.Encodings.Web;
using System.Text.Json;

namespace Iga.Http;

/// <summary>How answers are written: prompts are shown as they are, no character is escaped that need not be.</summary>
internal static class ReadableJson
{
    /// <returns>New options each time, since a serializer context keeps those that it was made with.</returns>
    public static JsonSerializerOptions Options => new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

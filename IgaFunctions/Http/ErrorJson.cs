using System.Text.Json.Serialization;

namespace Iga.Http;

[JsonSerializable(typeof(ErrorResponse))]
internal sealed partial class ErrorJson : JsonSerializerContext
{
    public static readonly ErrorJson Readable = new(ReadableJson.Options);
}

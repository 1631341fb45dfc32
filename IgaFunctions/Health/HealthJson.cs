using System.Text.Json.Serialization;
using Iga.Http;

namespace Iga.Health;

[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(ReadinessResponse))]
internal sealed partial class HealthJson : JsonSerializerContext
{
    public static readonly HealthJson Readable = new(ReadableJson.Options);
}

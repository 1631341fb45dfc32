using System.Text.Json.Serialization;
using Iga.Http;

namespace Iga.Usage;

[JsonSerializable(typeof(UsageResponse))]
[JsonSerializable(typeof(StatsResponse))]
internal sealed partial class UsageJson : JsonSerializerContext
{
    public static readonly UsageJson Readable = new(ReadableJson.Options);
}

using System.Text.Json.Serialization;
using Iga.Http;

namespace Iga.ListModels;

[JsonSerializable(typeof(ListModelsResponse))]
internal sealed partial class ListModelsJson : JsonSerializerContext
{
    public static readonly ListModelsJson Readable = new(ReadableJson.Options);
}

using System.Text.Json.Serialization;
using Iga.Http;

namespace Iga.GenerateImage;

[JsonSerializable(typeof(AcceptedResponse))]
internal sealed partial class GenerateImageJson : JsonSerializerContext
{
    public static readonly GenerateImageJson Readable = new(ReadableJson.Options);
}

using System.Text.Json.Serialization;

namespace Iga.GoogleCloud;

/// <summary>The JSON of the storage API.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GcsResource))]
[JsonSerializable(typeof(GcsError))]
internal sealed partial class GcsJson : JsonSerializerContext;

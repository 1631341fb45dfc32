using System.Text.Json;
using System.Text.Json.Serialization;
using Iga.Images;
using Iga.Tasks;

namespace Iga.Keys;

/// <summary>The JSON in the table's columns.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ImageRequest))]
[JsonSerializable(typeof(ImageResult))]
[JsonSerializable(typeof(Completion))]
[JsonSerializable(typeof(ConflictResult))]
[JsonSerializable(typeof(TaskError))]
[JsonSerializable(typeof(StagedImage))]
[JsonSerializable(typeof(TaskRun))]
[JsonSerializable(typeof(IReadOnlyList<TaskAttempt>))]
internal sealed partial class IdempotencyJson : JsonSerializerContext
{
    public static string Serialize(ImageRequest request) => JsonSerializer.Serialize(request, Default.ImageRequest);

    public static string Serialize(Completion completion) => JsonSerializer.Serialize(completion, Default.Completion);

    public static string Serialize(ConflictResult result) => JsonSerializer.Serialize(result, Default.ConflictResult);

    public static string Serialize(TaskError error) => JsonSerializer.Serialize(error, Default.TaskError);

    public static string Serialize(StagedImage image) => JsonSerializer.Serialize(image, Default.StagedImage);

    public static string Serialize(TaskRun run) => JsonSerializer.Serialize(run, Default.TaskRun);

    public static ImageRequest ReadRequest(string json) => JsonSerializer.Deserialize(json, Default.ImageRequest)!;

    public static TaskError ReadError(string json) => JsonSerializer.Deserialize(json, Default.TaskError)!;

    public static ConflictResult ReadConflict(string json) => JsonSerializer.Deserialize(json, Default.ConflictResult)!;

    public static StagedImage ReadStaged(string json) => JsonSerializer.Deserialize(json, Default.StagedImage)!;

    public static IReadOnlyList<TaskAttempt> ReadAttempts(string json) =>
        JsonSerializer.Deserialize(json, Default.IReadOnlyListTaskAttempt)!;

    /// <returns>The result, or null when another writer of the table put something else there.</returns>
    public static ImageResult? ReadImageResult(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Default.ImageResult) is { ImageUrl: not null } result ? result : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

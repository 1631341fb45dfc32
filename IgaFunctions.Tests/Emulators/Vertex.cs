using System.Net.Http.Json;
using System.Text.Json;
using Iga.Emulators.Vertex;

namespace Iga.Tests.Emulators;

/// <summary>Requests to the emulated Vertex AI.</summary>
internal static class Vertex
{
    public const string GeminiModel = "gemini-3.1-flash-image";
    public const string ImagenModel = "imagen-4.0-generate-001";

    /// <summary>Its requests may be for the control API.</summary>
    public static readonly HttpClient Http = new()
    {
        Timeout = TimeSpan.FromSeconds(60),
        DefaultRequestHeaders = { { "X-Emulator-Control", "1" } },
    };

    public static Uri Url(this VertexEmulator vertex, string model, string method) =>
        new(vertex.Address, $"v1/projects/p/locations/global/publishers/google/models/{model}:{method}");

    public static object Gemini(string prompt, string ratio = "1:1", string? size = null, string? mimeType = null) => new
    {
        contents = new[] { new { role = "user", parts = new[] { new { text = prompt } } } },
        generationConfig = new
        {
            responseModalities = new[] { "TEXT", "IMAGE" },
            imageConfig = new
            {
                aspectRatio = ratio,
                imageSize = size,
                imageOutputOptions = mimeType is null ? null : new { mimeType },
            },
        },
    };

    /// <summary>A request that no model of pictures is needed for.</summary>
    public static object TextOnly(string prompt) => new { contents = new[] { new { role = "user", parts = new[] { new { text = prompt } } } } };

    public static object Imagen(string prompt, string ratio = "1:1", int? sampleCount = 1, bool? includeRaiReason = true) => new
    {
        instances = new[] { new { prompt } },
        parameters = new { sampleCount, aspectRatio = ratio, addWatermark = true, includeRaiReason },
    };

    public static async Task<(int Status, JsonElement Body)> PostAsync(
        this VertexEmulator vertex, string model, string method, object body)
    {
        using var response = await Http.PostAsJsonAsync(vertex.Url(model, method), body);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    public static Task<(int Status, JsonElement Body)> GenerateAsync(
        this VertexEmulator vertex, string prompt = "a lighthouse") =>
        vertex.PostAsync(GeminiModel, "generateContent", Gemini(prompt));

    public static Task<(int Status, JsonElement Body)> PredictAsync(
        this VertexEmulator vertex, string prompt = "a lighthouse") =>
        vertex.PostAsync(ImagenModel, "predict", Imagen(prompt));

    /// <returns>The picture of a Gemini answer, and what the answer calls it.</returns>
    public static (string MimeType, byte[] Bytes) Inline(JsonElement answer)
    {
        var part = answer.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts").EnumerateArray()
            .Single(p => p.TryGetProperty("inlineData", out _)).GetProperty("inlineData");
        return (part.GetProperty("mimeType").GetString()!, part.GetProperty("data").GetBytesFromBase64());
    }

    /// <returns>The picture of an Imagen prediction, and what the answer calls it.</returns>
    public static (string MimeType, byte[] Bytes) Prediction(JsonElement answer, int index = 0)
    {
        var prediction = answer.GetProperty("predictions")[index];
        return (
            prediction.GetProperty("mimeType").GetString()!,
            prediction.GetProperty("bytesBase64Encoded").GetBytesFromBase64());
    }

    public static string Message((int Status, JsonElement Body) answer) =>
        answer.Body.GetProperty("error").GetProperty("message").GetString()!;
}

using System.Net.Http.Json;
using System.Text.Json;

namespace Iga.Tests.Fixtures;

/// <summary>An emulator by HTTP, wherever it runs: its control API, and what it has seen.</summary>
internal static class EmulatorControl
{
    /// <summary>A client for an emulator, whose requests may be for its control API.</summary>
    public static HttpClient NewClient(Uri address) =>
        new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60), DefaultRequestHeaders = { { "X-Emulator-Control", "1" } } };

    /// <summary>Scripts what an operation does the next times that its call has a text in it.</summary>
    public static async Task FaultAsync(
        this HttpClient emulator, string operation, string fault, string match, int count = 1, int? retryAfter = null)
    {
        var body = new Dictionary<string, object> { ["operation"] = operation, ["fault"] = fault, ["match"] = match, ["count"] = count };
        if (retryAfter is { } seconds)
        {
            body["retry_after"] = seconds;
        }

        using var response = await emulator.PostAsJsonAsync("_emulator/faults", body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <returns>How often the model was called for a prompt.</returns>
    public static async Task<int> ModelCallsAsync(this HttpClient vertex, string prompt)
    {
        var stats = await vertex.GetFromJsonAsync<JsonElement>("_emulator/stats");
        return stats.GetProperty("calls_per_prompt").TryGetProperty(prompt, out var calls) ? calls.GetInt32() : 0;
    }

    /// <returns>The names of a bucket's objects that begin so.</returns>
    public static async Task<string[]> ObjectsAsync(this HttpClient gcs, string bucket, string prefix)
    {
        var list = await gcs.GetFromJsonAsync<JsonElement>($"storage/v1/b/{bucket}/o?prefix={Uri.EscapeDataString(prefix)}");
        return list.TryGetProperty("items", out var items)
            ? [.. items.EnumerateArray().Select(item => item.GetProperty("name").GetString()!)]
            : [];
    }
}

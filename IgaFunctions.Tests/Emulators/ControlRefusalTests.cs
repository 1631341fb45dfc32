using System.Text.Json;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;

namespace Iga.Tests.Emulators;

/// <summary>What the control API refuses, and in which words.</summary>
public sealed class ControlRefusalTests : IAsyncLifetime
{
    private VertexEmulator _vertex = null!;
    private GcsEmulator _gcs = null!;

    public async ValueTask InitializeAsync()
    {
        _vertex = await VertexEmulator.StartAsync(new());
        _gcs = await GcsEmulator.StartAsync(new());
    }

    public async ValueTask DisposeAsync()
    {
        await _vertex.DisposeAsync();
        await _gcs.DisposeAsync();
    }

    [Theory]
    [InlineData("faults", """{"operation": "*", "falt": "return-503"}""", "falt")]
    [InlineData("faults", """{"operation": "*", "fault": "return-503", "cuont": 2}""", "cuont")]
    [InlineData("faults", """{"operation": "*", "fault": "return-503", "retryAfter": 2}""", "retryAfter")]
    [InlineData("faults", """{"operation": "*", "fault": "return-503", "fault": "return-500"}""", "fault")]
    [InlineData("faults", """{"operation": "*", "fault": "stall-for-5s", "retry_after": 2}""", "retry_after")]
    [InlineData("faults", """{"operation": "*", "fault": "return-reset-connection", "message": "x"}""", "message")]
    [InlineData("faults", """{"operation": "*", "fault": "return-503-retry-date-4s", "reason": "x"}""", "reason")]
    [InlineData("faults", """{"operation": "vertex.draw", "fault": "return-503"}""", "vertex.draw")]
    [InlineData("faults", """{"operation": "*", "fault": "finish-IMAGE_SAFTY"}""", "finish-IMAGE_SAFTY")]
    [InlineData("faults", """{"operation": "*", "fault": "block-NOTHING"}""", "block-NOTHING")]
    [InlineData("faults", """{"operation": "*", "fault": "return-503", "count": 0}""", "count")]
    [InlineData("faults", """{"operation": "*", "fault": "return-503", "count": -1}""", "count")]
    [InlineData("faults", """{"operation": "*", "fault": "return-503", "count": 1.5}""", "count")]
    [InlineData("faults", """{"operation": "*", "fault": "return-503", "count": 99999999999}""", "count")]
    [InlineData("faults", """{"operation": "*", "fault": "return-503", "count": null}""", "count")]
    [InlineData("faults", """{"operation": "*", "fault": null}""", "fault")]
    [InlineData("faults", """{"operation": ["*"], "fault": "return-503"}""", "operation")]
    [InlineData("faults", """{"operation": "*", "fault": "\ud83d"}""", "fault")]
    [InlineData("faults", """{"operation": "*", "fault": "return-503", "match": 5}""", "match")]
    [InlineData("faults", """["return-503"]""", "Root element must be a message")]
    [InlineData("faults", """{"operation": "*", """, "Invalid JSON payload received")]
    [InlineData("faults", "return-503", "line 1")]
    [InlineData("latency", """{"miliseconds": 5}""", "miliseconds")]
    [InlineData("latency", """{"milliseconds": 5, "seconds": 1}""", "seconds")]
    [InlineData("latency", """{"milliseconds": -5}""", "milliseconds")]
    [InlineData("latency", """{"milliseconds": "5"}""", "milliseconds")]
    [InlineData("latency", """{}""", "milliseconds")]
    [InlineData("reset", """{"object": true}""", "object")]
    [InlineData("reset", """{"objects": "true"}""", "objects")]
    [InlineData("reset", """{"objects": 1}""", "objects")]
    public async Task A_member_that_is_misspelt_or_wrong_is_named_in_words_that_need_no_NET(string call, string body, string named)
    {
        _vertex.Faults.Add("*", "return-500");
        foreach (var address in new[] { _vertex.Address, _gcs.Address })
        {
            var (status, message) = await PostAsync(new Uri(address, $"_emulator/{call}"), new StringContent(body));
            Assert.Equal(400, status);
            Assert.Contains(named, message, StringComparison.Ordinal);
            AssertPlain(message);
        }

        Assert.Equal((1, 0, TimeSpan.Zero), (_vertex.Faults.Pending, _gcs.Faults.Pending, _vertex.Latency));
    }

    [Fact]
    public async Task A_body_that_is_called_gzip_and_is_not_is_a_bad_request()
    {
        var content = new ByteArrayContent("{}"u8.ToArray()) { Headers = { ContentEncoding = { "gzip" } } };
        var (status, message) = await PostAsync(new Uri(_vertex.Address, "_emulator/reset"), content);
        Assert.Equal(400, status);
        AssertPlain(message);
    }

    internal static void AssertPlain(string message)
    {
        string[] words = ["Parameter '", "Nullable", "System.", "Exception", "JsonElement", "LineNumber", "BytePosition", "   at ", "dictionary", "Int32", "UInt16"];
        Assert.All(words, word => Assert.DoesNotContain(word, message, StringComparison.Ordinal));
    }

    private static async Task<(int Status, string Message)> PostAsync(Uri address, HttpContent body)
    {
        using (body)
        {
            using var response = await Vertex.Http.PostAsync(address, body);
            var text = await response.Content.ReadAsStringAsync();
            return ((int)response.StatusCode, JsonElement.Parse(text).GetProperty("error").GetProperty("message").GetString()!);
        }
    }
}

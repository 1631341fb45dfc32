using System.Net.Http.Json;
using System.Text.Json;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Emulators;

public sealed class ControlApiTests : IAsyncLifetime
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

    [Fact]
    public async Task Faults_are_scripted_and_counted_over_HTTP()
    {
        var added = await PostAsync(_vertex.Address, "faults", new
        {
            operation = "vertex.generateContent",
            fault = "return-429",
            count = 2,
            retry_after = 3,
            message = "slow down",
            match = "storm",
        });
        Assert.Equal(2, added.Body.GetProperty("pending").GetInt32());
        Assert.Equal(200, (await _vertex.GenerateAsync("calm")).Status);
        var refused = await _vertex.GenerateAsync("a storm");
        Assert.Equal((429, "slow down"), (refused.Status, Vertex.Message(refused)));

        // Counted once the last byte is sent, when the client may have read it already.
        await Eventually.Async(() => _vertex.ImagesSent == 1);
        var stats = await Vertex.Http.GetFromJsonAsync<JsonElement>(new Uri(_vertex.Address, "_emulator/stats"));
        Assert.Equal(2, stats.GetProperty("calls").GetInt32());
        Assert.Equal(1, stats.GetProperty("images_made").GetInt32());
        Assert.Equal(1, stats.GetProperty("images_sent").GetInt32());
        Assert.Equal(1, stats.GetProperty("calls_per_prompt").GetProperty("a storm").GetInt32());
        Assert.Equal(1, stats.GetProperty("faults_served").GetProperty("return-429").GetInt32());
        Assert.Equal(1, stats.GetProperty("faults_pending").GetInt32());
    }

    [Theory]
    [InlineData("""{"fault": "return-503"}""", "operation")]
    [InlineData("""{"operation": "*"}""", "fault")]
    [InlineData("""{"operation": "vertex.draw", "fault": "return-503"}""", "vertex.predict")]
    [InlineData("""{"operation": "*", "fault": "explode"}""", "return-<status>")]
    [InlineData("""{"operation": "*", "fault": "wrong-crc32c"}""", "not a fault of this service")]
    [InlineData("""{"operation": "*", "fault": "return-503", "count": 0}""", "count")]
    [InlineData("""{"operation": "*", "fault": "return-503", "count": "many"}""", "count")]
    public async Task A_script_that_could_never_strike_is_refused(string script, string hint)
    {
        var (status, body) = await PostAsync(_vertex.Address, "faults", JsonSerializer.Deserialize<JsonElement>(script));
        Assert.Equal(400, status);
        Assert.Contains(hint, body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, _vertex.Faults.Pending);
    }

    [Fact]
    public async Task Latency_is_set_over_HTTP()
    {
        await PostAsync(_vertex.Address, "latency", new { milliseconds = 40 });
        Assert.Equal(TimeSpan.FromMilliseconds(40), _vertex.Latency);
        Assert.Equal(400, (await PostAsync(_vertex.Address, "latency", new { })).Status);
    }

    [Fact]
    public async Task A_reset_forgets_all_but_objects_and_those_too_when_told_so()
    {
        await _gcs.UploadMediaAsync("a", [1]);
        _gcs.Faults.Add("*", "return-503");
        await PostAsync(_gcs.Address, "reset", new { });
        Assert.Equal((0, 0), (_gcs.Calls, _gcs.Faults.Pending));
        Assert.Empty(_gcs.Log);
        Assert.Single(_gcs.Objects.List(Gcs.Bucket));

        await PostAsync(_gcs.Address, "reset", new { objects = true });
        Assert.Empty(_gcs.Objects.List(Gcs.Bucket));
    }

    [Fact]
    public async Task The_stats_of_storage_count_its_objects_and_operations()
    {
        await _gcs.UploadMediaAsync("a", [1]);
        await _gcs.GetAsync(Gcs.ObjectPath("a"));
        var stats = await Vertex.Http.GetFromJsonAsync<JsonElement>(new Uri(_gcs.Address, "_emulator/stats"));
        Assert.Equal(1, stats.GetProperty("objects").GetProperty(Gcs.Bucket).GetInt32());
        Assert.Equal(1, stats.GetProperty("calls_per_operation").GetProperty("storage.objects.insert.simple").GetInt32());
        Assert.Equal((2, 1), (stats.GetProperty("calls").GetInt32(), stats.GetProperty("inserts").GetInt32()));
    }

    [Fact]
    public async Task What_the_control_API_has_not_is_answered_with_what_it_has()
    {
        var (status, body) = await PostAsync(_gcs.Address, "explode", new { });
        Assert.Equal(404, status);
        var message = body.GetProperty("error").GetProperty("message").GetString();
        Assert.Contains("/_emulator/faults", message, StringComparison.Ordinal);
    }

    private static async Task<(int Status, JsonElement Body)> PostAsync(Uri address, string what, object body)
    {
        using var response = await Vertex.Http.PostAsJsonAsync(new Uri(address, $"_emulator/{what}"), body);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>What callers get where the service has no bucket, or asks for a key.</summary>
public sealed class ConfiguredAnswersTests
{
    private const string Key = "a-long-random-key-of-a-caller";
    private const string FileKey = "a-long-random-key-of-another-caller";

    [Theory]
    [InlineData("""{"prompt": "x"}""")]
    [InlineData("{")]
    [InlineData("")]
    public async Task Without_a_bucket_callers_get_503_whatever_the_body(string body)
    {
        await using var service = await OwnService.StartAsync(settings => settings["GCS_BUCKET_NAME"] = null);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/generate_image")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Idempotency-Key", Caller.NewKey());

        using var response = await service.Client.SendAsync(request);

        await RejectedRequests.AssertErrorAsync(response, 503, "IGA_CONFIG_ERROR_GCS_BUCKET");
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        Assert.Equal(0, await service.ScalarAsync<long>("select count(*) from idempotency_keys"));
        using var health = await service.Client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task Who_leaves_the_watermark_to_a_default_that_the_model_can_not_meet_is_told_so()
    {
        await using var service = await OwnService.StartAsync(settings =>
        {
            settings["IGA_ADD_WATERMARK"] = "false";
            settings["IGA_VERTEXAI_IMAGE_MODEL_ID"] = "imagen-4.0-generate-001";
        });

        using var response = await service.Client.PostAsync(
            Caller.NewKey(), new { prompt = "x", model_id_override = "gemini-3.1-flash-image" });

        Assert.Contains(
            "Field add_watermark is missing, and the default is false, but gemini-3.1-flash-image always adds its watermark; set it to true",
            await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_is_not_waited_for_where_there_is_no_bucket()
    {
        await using var service = await OwnService.StartAsync(settings => settings["GCS_BUCKET_NAME"] = null);

        var answer = await Security.RawExchange.SendAsync(
            service.Host.Address, "POST /generate_image HTTP/1.1\r\nHost: localhost\r\nX-Idempotency-Key: k\r\nContent-Length: 1000\r\n\r\n"u8.ToArray());

        Assert.Equal(503, answer?.Status);
    }

    [Fact]
    public async Task With_keys_configured_every_call_but_health_needs_one()
    {
        await using var service = await OwnService.StartAsync(settings => settings["IGA_API_KEYS"] = $"{Key}, another-long-random-key-0");
        var task = Guid.NewGuid();
        (string? Name, string Value)[] strangers =
            [(null, ""), ("x-functions-key", "wrong-key-of-enough-length"), ("x-functions-key", Key[..^1]), ("x-functions-key", ""),
                ("x-functions-key", $"{Key}, another-long-random-key-0"), ("Authorization", $"Bearer {Key}")];

        string[] paths = ["/generate_image", $"/v1/tasks/{task}", "/v1/tasks/not-a-task"];
        foreach (((var name, var value), var number) in strangers.Select((stranger, number) => (stranger, number)))
        {
            // One path each but for the first, since after ten wrong keys answers become slow.
            foreach (var path in number == 0 ? paths : [paths[number % 3]])
            {
                using var refused = await SendAsync(service, path, name, value);
                await RejectedRequests.AssertErrorAsync(refused, 401, "IGA_UNAUTHORIZED");
            }

            using var health = await SendAsync(service, "/health", name, value);
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        }

        using var known = await SendAsync(service, "/generate_image", "x-functions-key", Key);
        Assert.Equal(HttpStatusCode.Accepted, known.StatusCode);
        using var other = await SendAsync(service, $"/v1/tasks/{task}", "X-FUNCTIONS-KEY", "another-long-random-key-0");
        await RejectedRequests.AssertErrorAsync(other, 404, "IGA_TASK_NOT_FOUND");
        Assert.Equal(1, await service.ScalarAsync<long>("select count(*) from idempotency_keys"));
    }

    [Fact]
    public async Task The_name_of_a_key_stands_in_the_record_and_the_details_of_its_tasks()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"# callers\nfrom-file:{FileKey}\n");
        await using var service = await OwnService.StartAsync(settings =>
        {
            settings["IGA_API_KEYS"] = $"cpoa:sha256:{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))}";
            settings["IGA_API_KEYS_FILE"] = file;
        });
        File.Delete(file);

        foreach (var (key, name) in ((string, string)[])[(Key, "cpoa"), (FileKey, "from-file")])
        {
            service.Client.DefaultRequestHeaders.Remove("x-functions-key");
            service.Client.DefaultRequestHeaders.Add("x-functions-key", key);
            var id = await service.Client.SubmitAsync(Caller.NewKey(), new { prompt = "a lighthouse" });
            await service.Client.WaitAsync(id);

            Assert.Equal(name, await service.ScalarAsync<string>("select caller from idempotency_keys where task_id = $1", id));
            var poll = await service.Client.GetFromJsonAsync<JsonElement>($"/v1/tasks/{id}?include=details");
            Assert.Equal(name, poll.GetProperty("details").GetProperty("caller").GetString());
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(OwnService service, string path, string? name, string value)
    {
        var isPost = path == "/generate_image";
        using var request = new HttpRequestMessage(isPost ? HttpMethod.Post : HttpMethod.Get, path);
        request.Headers.Add("X-Idempotency-Key", Caller.NewKey());
        request.Content = isPost ? JsonContent.Create(new { prompt = "x" }) : null;
        if (name is not null)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await service.Client.SendAsync(request);
    }
}

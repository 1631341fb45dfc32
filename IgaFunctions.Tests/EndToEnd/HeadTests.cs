using System.Net;
using Iga.LocalHost.Functions;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>Every GET route answers HEAD: the same status and headers, and no body.</summary>
public class HeadTests(Service service)
{
    [Fact]
    public async Task Every_route_that_is_read_answers_head()
    {
        var id = await service.Client.SubmitAsync(Caller.NewKey(), new { prompt = "a lighthouse" });
        await service.Client.WaitAsync(id);

        foreach (var path in new[] { "/health", $"/v1/tasks/{id}", $"/v1/tasks/{Guid.NewGuid()}", $"/v1/tasks?until=2026-01-01", "/v1/usage?since=2026-01-01&until=2026-01-02" })
        {
            using var get = await service.Client.GetAsync(path);
            using var head = await service.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

            Assert.Equal(get.StatusCode, head.StatusCode);
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public void Every_function_that_answers_get_answers_head()
    {
        var triggers = FunctionCatalog.Of(typeof(IgaServices).Assembly).StartedBy(FunctionTrigger.Http)
            .Select(function => (function.Name, Methods: ((HttpTriggerAttribute)function.TriggerAttribute).Methods!));

        Assert.All(triggers, trigger => Assert.Equal(
            trigger.Methods.Contains("get"), trigger.Methods.Contains("head")));
    }

    [Fact]
    public async Task The_emulators_answer_it_as_well()
    {
        foreach (var (emulator, path) in ((HttpClient, string)[])
            [(service.Vertex, "_emulator/stats"), (service.Gcs, "_emulator/stats"), (service.Gcs, $"storage/v1/b/{Service.Bucket}/o")])
        {
            using var get = await emulator.GetAsync(path);
            using var head = await emulator.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

            Assert.Equal(HttpStatusCode.OK, get.StatusCode);
            Assert.Equal(get.StatusCode, head.StatusCode);
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
    }
}

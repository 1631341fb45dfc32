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

        foreach (var path in new[] { "/health", $"/v1/tasks/{id}", $"/v1/tasks/{Guid.NewGuid()}" })
        {
            using var get = await service.Client.GetAsync(path);
            using var head = await service.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

            Assert.Equal(get.StatusCode, head.StatusCode);
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
    }
}

using System.Net;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>A task is found under the id that was given out, in either case, and under no other form of it.</summary>
public class PolledIdTests(Service service)
{
    [Fact]
    public async Task Only_the_id_as_it_was_given_out_is_known()
    {
        var id = await service.Client.SubmitAsync(Caller.NewKey(), new { prompt = "a lighthouse" });
        var text = id.ToString();

        Assert.NotEqual(HttpStatusCode.NotFound, await PollAsync(text));
        Assert.NotEqual(HttpStatusCode.NotFound, await PollAsync(text.ToUpperInvariant()));

        // Guid.TryParse takes each of these, and Guid.TryParseExact with "D" the first five.
        foreach (var other in (string[])
            [
                $"%20{text}%20", $"{text}%20", $"%09{text}", $"%C2%A0{text}", $"%2B{text[1..]}", $"%7B{text}%7D", $"({text})",
                id.ToString("N"),
            ])
        {
            Assert.Equal((other, HttpStatusCode.NotFound), (other, await PollAsync(other)));
        }
    }

    private async Task<HttpStatusCode> PollAsync(string id)
    {
        using var response = await service.Client.GetAsync($"/v1/tasks/{id}");
        return response.StatusCode;
    }
}

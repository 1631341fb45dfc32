using System.Net;
using System.Text;

namespace Iga.Tests.OpenApi.Contract;

/// <summary>An answer that is not as documented is found, with what is wrong.</summary>
public sealed class AnswerContractTests
{
    private const string Id = "019ac1f0-7d2e-7b51-9c0a-3f6a1f0c9d21";
    private const string Picture = """{"image_url":"gs://b/o.png","prompt_used":"x","model_version":"vertex-ai-m"}""";

    [Fact]
    public async Task What_is_as_documented_passes()
    {
        Assert.Null(await AskAsync("GET", $"/v1/tasks/{Id}", 200, $$"""{"task_id":"{{Id}}","status":"SUCCESS","result":{{Picture}}}"""));
        Assert.Null(await AskAsync("HEAD", $"/v1/tasks/{Id}", 200, ""));
        Assert.Null(await AskAsync("GET", $"/v1/tasks/{Id}", 404, """{"error_code":"IGA_TASK_NOT_FOUND","message":"No."}"""));
        Assert.Null(await AskAsync("GET", "/nowhere", 404, """{"error_code":"IGA_NOT_FOUND","message":"No."}"""));
        Assert.Null(await AskAsync("PUT", "/health", 405, """{"error_code":"IGA_METHOD_NOT_ALLOWED","message":"No."}""", "Allow: GET"));
    }

    [Theory]
    [InlineData("a member that nobody described", 200, $$"""{"task_id":"{{Id}}","status":"SUCCESS","result":null,"more":1}""", "/more")]
    [InlineData("a member of a member", 200, $$"""{"task_id":"{{Id}}","status":"SUCCESS","result":{"image_url":"gs://b/o","prompt_used":"x","model_version":"vertex-ai-m","x":1} }""", "/result")]
    [InlineData("a member that is missing", 200, $$"""{"task_id":"{{Id}}","status":"SUCCESS"}""", "result")]
    [InlineData("a value of another type", 200, $$"""{"task_id":7,"status":"SUCCESS","result":null}""", "/task_id")]
    [InlineData("an id that is none", 200, """{"task_id":"seven","status":"SUCCESS","result":null}""", "/task_id")]
    [InlineData("a status that is none", 200, $$"""{"task_id":"{{Id}}","status":"DONE","result":null}""", "/status")]
    [InlineData("an HTTP status that is not documented", 418, "{}", "418")]
    [InlineData("a header that is missing", 202, $$"""{"task_id":"{{Id}}","status":"STARTED","result":null}""", "Retry-After")]
    [InlineData("an error code of another operation", 404, """{"error_code":"IGA_NO_IMAGE","message":"No."}""", "IGA_NO_IMAGE")]
    [InlineData("an error code that is none", 404, """{"error_code":"IGA_NONE","message":"No."}""", "/error_code")]
    public async Task What_is_not_is_named(string what, int status, string body, string named)
    {
        var wrong = await AskAsync("GET", $"/v1/tasks/{Id}", status, body);
        Assert.True(wrong?.Contains(named, StringComparison.Ordinal), $"{what}: {wrong}");
    }

    [Theory]
    [InlineData("GET", "/health", 200, """{"status":"ok"}""", "X-Extra: 1", "X-Extra")]
    [InlineData("GET", "/health", 200, """{"status":"ok"}""", "Retry-After: 2", "Retry-After")]
    [InlineData("GET", $"/v1/tasks/{Id}", 202, $$"""{"task_id":"{{Id}}","status":"STARTED","result":null}""", "Retry-After: 0", "Retry-After")]
    [InlineData("HEAD", "/health", 200, """{"status":"ok"}""", null, "body")]
    [InlineData("GET", "/nowhere", 200, "{}", null, "200")]
    [InlineData("PUT", "/health", 405, """{"error_code":"IGA_METHOD_NOT_ALLOWED","message":"No."}""", null, "Allow")]
    public async Task Headers_and_other_paths_are_looked_at_too(string method, string path, int status, string body, string? header, string named)
    {
        Assert.Contains(named, await AskAsync(method, path, status, body, header), StringComparison.Ordinal);
    }

    private static async Task<string?> AskAsync(string method, string path, int status, string body, string? header = null)
    {
        using var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        answer.Headers.TryAddWithoutValidation("Cache-Control", "no-store");
        answer.Headers.TryAddWithoutValidation("X-Content-Type-Options", "nosniff");
        if (header?.Split(": ") is [var name, var value] && !answer.Headers.TryAddWithoutValidation(name, value))
        {
            answer.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return await AnswerContract.Instance.FindWrongAsync(method, path, answer, TestContext.Current.CancellationToken);
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>What GET /v1/tasks, /v1/usage and /v1/stats take as a query, and what they say of one that is wrong.</summary>
public sealed class TaskQueryTests(Service service)
{
    [Theory]
    [InlineData("tasks", "limit=0", "limit")]
    [InlineData("tasks", "limit=201", "limit")]
    [InlineData("tasks", "limit=+5", "limit")]
    [InlineData("tasks", "limit=5&limit=6", "limit")]
    [InlineData("tasks", "status=DONE", "status")]
    [InlineData("tasks", "status=SUCCESS,", "status")]
    [InlineData("tasks", "since=yesterday", "since")]
    [InlineData("tasks", "since=2026-11-28T10:00:00", "since")]
    [InlineData("tasks", "since=2026-11-28T10:00:00+01:00", "since")] // the + is a space
    [InlineData("tasks", "until=2026-02-30", "until")]
    [InlineData("tasks", "order=oldest", "order")]
    [InlineData("tasks", "order=price", "since")]
    [InlineData("tasks", "order=price&since=2020-01-01", "since")]
    [InlineData("tasks", "after=x", "after")]
    [InlineData("tasks", "after=0000000000000000000000000000000", "after")]
    [InlineData("tasks", "order=price&since=2999-01-01&after=00000000000000000000000000000000_-1", "after")]
    [InlineData("tasks", "workflow_id=%00", "workflow_id")]
    [InlineData("tasks", "workflow_id=", "workflow_id")]
    [InlineData("tasks", "workflowid=x", "workflowid")]
    [InlineData("usage", "by=caller", "by")]
    [InlineData("usage", "since=2026-01-01&until=2026-11-01", "since")]
    [InlineData("usage", "since=2026-11-02&until=2026-11-01", "until")]
    [InlineData("stats", "by=model", "by")]
    public async Task A_wrong_query_is_refused_with_the_name_of_what_is_wrong(string route, string query, string name)
    {
        using var response = await service.Client.GetAsync($"/v1/{route}?{query}");

        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.BadRequest, "IGA_BAD_REQUEST_QUERY"), (response.StatusCode, body.GetProperty("error_code").GetString()));
        Assert.StartsWith($"Query parameter '{name}' ", body.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("since=2999-01-01")]
    [InlineData("until=1969-12-31T23:59:59.999Z")]
    [InlineData("until=0001-01-01")]
    [InlineData("since=9999-12-31T23:59:59.9999999Z")]
    [InlineData("since=2026-11-28T10:00:00%2B01:00&until=2026-11-28T09:00:00Z")]
    public async Task A_time_in_which_nothing_was_posted_has_no_tasks(string query)
    {
        Assert.Equal("""{"tasks":[],"next":null}""", await service.Client.GetStringAsync($"/v1/tasks?{query}"));
    }
}

using Iga.LocalHost.Host;

namespace Iga.Tests.Configuration;

public sealed class HostJsonTests
{
    [Fact]
    public void The_projects_own_file_is_read()
    {
        var parsed = HostJson.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")));

        Assert.Equal("", parsed.RoutePrefix);
        Assert.Equal(2048, parsed.DurableTask.MaxConcurrentActivityFunctions);
        Assert.Equal(64, parsed.DurableTask.MaxConcurrentOrchestratorFunctions);
    }

    [Fact]
    public void What_is_absent_takes_Azures_defaults()
    {
        var parsed = HostJson.Parse("""{ "version": "2.0" /* a comment */, }""");

        Assert.Equal("api", parsed.RoutePrefix);
        Assert.Equal(10 * Environment.ProcessorCount, parsed.DurableTask.MaxConcurrentActivityFunctions);
    }

    [Fact]
    public void Every_wrong_field_is_named()
    {
        var wrong = Assert.Throws<FormatException>(() => HostJson.Parse("""
            { "extensions": { "http": { "routePrefix": 1 },
              "durableTask": { "maxConcurrentActivityFunctions": 0, "maxConcurrentOrchestratorFunctions": "many" } } }
            """));

        Assert.Equal(
            "host.json: extensions.http.routePrefix must be a string, but is 1; "
            + "extensions.durableTask.maxConcurrentActivityFunctions must be a whole number above 0, but is 0; "
            + "extensions.durableTask.maxConcurrentOrchestratorFunctions must be a whole number above 0, but is \"many\"",
            wrong.Message);
    }

    [Theory]
    [InlineData("{", "is not JSON")]
    [InlineData("[]", "the document must be an object")]
    [InlineData("""{ "extensions": { "durableTask": 5 } }""", "extensions.durableTask must be an object, but is 5")]
    public void What_has_the_wrong_shape_is_told(string json, string problem)
    {
        Assert.Contains(problem, Assert.Throws<FormatException>(() => HostJson.Parse(json)).Message, StringComparison.Ordinal);
    }
}

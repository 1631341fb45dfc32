using System.Globalization;
using System.Text.Json;
using Iga.Configuration;
using Iga.Faults;
using Iga.LocalHost.Host;
using Microsoft.Extensions.Configuration;

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
    public void The_functions_host_cuts_off_no_activity_that_calls_a_slow_model_as_often_as_it_may()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")));
        var limit = TimeSpan.Parse(json.RootElement.GetProperty("functionTimeout").GetString()!, CultureInfo.InvariantCulture);

        var calls = (DependencyPipeline.MaxRetries + 1) * TimeSpan.FromSeconds(VertexSettings.LongestTimeout);
        Assert.InRange(limit, calls + TimeSpan.FromMinutes(10), TimeSpan.FromHours(1));
    }

    [Fact]
    public void What_is_absent_takes_Azures_defaults()
    {
        var parsed = HostJson.Parse("""{ "version": "2.0" /* a comment */, }""");

        Assert.Equal("api", parsed.RoutePrefix);
        Assert.Equal(10 * Environment.ProcessorCount, parsed.DurableTask.MaxConcurrentActivityFunctions);
    }

    [Fact]
    public void The_environment_stands_above_the_file_as_on_Azure()
    {
        const string Name = "AzureFunctionsJobHost__extensions__durableTask__maxConcurrentActivityFunctions";
        Environment.SetEnvironmentVariable(Name, "10000");
        try
        {
            var parsed = HostJson.Parse("{}").OverriddenBy(new(new ConfigurationBuilder().AddEnvironmentVariables().Build()));

            Assert.Equal(10_000, parsed.DurableTask.MaxConcurrentActivityFunctions);
            Assert.Equal(10 * Environment.ProcessorCount, parsed.DurableTask.MaxConcurrentOrchestratorFunctions);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Name, null);
        }
    }

    [Fact]
    public void What_the_environment_has_wrong_is_told_by_its_own_name()
    {
        var wrong = Assert.Throws<ConfigurationException>(() => HostConfiguration.Check(new ConfigurationBuilder().AddInMemoryCollection(
            [new("AzureFunctionsJobHost:extensions:durableTask:maxConcurrentActivityFunctions", "many")]).Build()));

        Assert.Equal(
            "AzureFunctionsJobHost__extensions__durableTask__maxConcurrentActivityFunctions is 'many': must be a whole number from 1 to 1000000",
            Assert.Single(wrong.Errors));
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

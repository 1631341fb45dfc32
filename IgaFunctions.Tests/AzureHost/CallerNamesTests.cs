using System.Reflection;
using Iga.Callers;
using Iga.LocalHost.Host;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Iga.Tests.AzureHost;

/// <summary>On Azure the host asks for the key, and the app knows whose it is.</summary>
public sealed class CallerNamesTests
{
    private const string Key = "a-function-key-of-the-app";

    [Theory]
    [InlineData("x-functions-key", Key, "", "cpoa")]
    [InlineData("x-other", Key, "?code=" + Key, "cpoa")]
    [InlineData("x-functions-key", "a-function-key-of-another-app", "", null)]
    [InlineData("x-other", "", "", null)]
    public async Task A_request_has_the_name_of_its_key_where_that_is_configured(string header, string value, string query, string? name)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers[header] = value;
        http.Request.QueryString = new QueryString(query);

        Assert.True(await RunAsync(http));

        Assert.Equal(name, Caller.Of(http)?.Name);
    }

    [Fact]
    public async Task What_no_request_started_runs_as_well() => Assert.True(await RunAsync(null));

    /// <returns>Whether the function ran.</returns>
    private static async Task<bool> RunAsync(HttpContext? http)
    {
        using var keys = new ApiKeys(
            HostConfiguration.Check(new ConfigurationBuilder().AddInMemoryCollection([new("IGA_API_KEYS", $"cpoa:{Key}")]).Build()).App.ApiKeys,
            TimeProvider.System, NullLogger<ApiKeys>.Instance);
        var type = Assembly.LoadFrom(Path.Combine(BuiltHost.Folder, BuiltHost.Assembly)).GetType("Iga.AzureHost.CallerNames", throwOnError: true)!;
        var middleware = (IFunctionsWorkerMiddleware)Activator.CreateInstance(type, keys)!;
        var hasRun = false;
        await middleware.Invoke(new Invocation(http), _ =>
        {
            hasRun = true;
            return Task.CompletedTask;
        });
        return hasRun;
    }

    /// <summary>An invocation as the worker has it when ASP.NET Core has brought its request.</summary>
    private sealed class Invocation : FunctionContext
    {
        public Invocation(HttpContext? http)
        {
            if (http is not null)
            {
                Items["HttpRequestContext"] = http;
            }
        }

        public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

        public override string InvocationId => throw new NotSupportedException();

        public override string FunctionId => throw new NotSupportedException();

        public override TraceContext TraceContext => throw new NotSupportedException();

        public override BindingContext BindingContext => throw new NotSupportedException();

        public override Microsoft.Azure.Functions.Worker.RetryContext RetryContext => throw new NotSupportedException();

        public override IServiceProvider InstanceServices { get; set; } = null!;

        public override FunctionDefinition FunctionDefinition => throw new NotSupportedException();

        public override IInvocationFeatures Features => throw new NotSupportedException();
    }
}

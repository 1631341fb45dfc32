using System.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;

namespace Iga.Tests.AzureHost;

/// <summary>The routes of the app, as the worker on Azure reads them: one that it can't read takes all the others with it.</summary>
public sealed class WorkerRoutesTests
{
    [Fact]
    public async Task The_worker_reads_every_route_and_finds_the_page_at_the_root()
    {
        var functions = await BuiltHost.IndexedFunctionsAsync();

        var routes = functions.Where(function => function.RawBindings!.Any(binding => binding.Contains("\"httpTrigger\"", StringComparison.OrdinalIgnoreCase)))
            .ToDictionary(function => function.Name!, Map);

        Assert.Equal(["page"], routes.Where(route => Matches(route.Value, "/")).Select(route => route.Key));
        Assert.Equal(["page_asset"], routes.Where(route => Matches(route.Value, "/assets/app.js")).Select(route => route.Key));
        Assert.DoesNotContain(routes, route => Matches(route.Value, "/x"));
    }

    /// <summary>The worker's own method, which is not public.</summary>
    private static RouteEndpoint Map(IFunctionMetadata function)
    {
        var worker = Assembly.LoadFrom(Path.Combine(BuiltHost.Folder, "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore.dll"));
        var map = worker.GetTypes().Single(type => type.Name == "FunctionsEndpointDataSource")
            .GetMethod("MapHttpFunction", BindingFlags.Static | BindingFlags.NonPublic)!;
        return (RouteEndpoint)map.Invoke(null, [function, ""])!;
    }

    private static bool Matches(RouteEndpoint endpoint, string path)
    {
        var values = new RouteValueDictionary();
        return new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(path, values)
            && endpoint.RoutePattern.ParameterPolicies.All(policy => !values.TryGetValue(policy.Key, out var value) || value is null
                || policy.Value.All(one => one.Content != "maxlength(0)" || value.ToString()!.Length == 0));
    }
}

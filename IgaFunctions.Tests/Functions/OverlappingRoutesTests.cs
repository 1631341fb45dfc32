using Iga.LocalHost.Functions;

namespace Iga.Tests.Functions;

/// <summary>Of two routes that fit a path, both hosts take the same one.</summary>
public sealed class OverlappingRoutesTests
{
    /// <summary>
    /// The local host's routing prefers the route that has a literal where the other has a parameter. The Functions host takes routes in the
    /// order of the functions' names, and the first that fits: https://github.com/Azure/azure-functions-host/issues/9876.
    /// </summary>
    [Fact]
    public void The_more_definite_route_has_the_name_that_comes_first()
    {
        var routes = FunctionCatalog.Of(typeof(IgaServices).Assembly).StartedBy(FunctionTrigger.Http)
            .Select(function => (function.Name, Segments: ((HttpTriggerAttribute)function.TriggerAttribute).Route!.Split('/')))
            .ToArray();
        var pairs =
            from definite in routes
            from other in routes
            where definite.Name != other.Name && Fits(other.Segments, definite.Segments)
            select (Definite: definite.Name, Other: other.Name);

        Assert.Contains(("task_events", "task_status"), pairs);
        Assert.All(pairs, pair => Assert.True(
            string.Compare(pair.Definite, pair.Other, StringComparison.OrdinalIgnoreCase) < 0, $"{pair.Definite} would never be called: {pair.Other} is"));
    }

    /// <returns>Whether a route takes what another one is meant for. The root's takes nothing but an empty path.</returns>
    private static bool Fits(string[] route, string[] path) => route.Length == path.Length
        && route.Zip(path).All(pair => (pair.First.StartsWith('{') && !pair.First.Contains("maxlength(0)", StringComparison.Ordinal)) || pair.First == pair.Second);
}

using Iga.Callers;

namespace Iga.LocalHost.Functions.Http;

/// <summary>Puts the HTTP functions on Kestrel.</summary>
internal static class HttpFunctionExtensions
{
    /// <summary>How a route says on the Functions host that it is the root. Here it would make every other path one that takes GET.</summary>
    private const string EmptyParameter = "{root:maxlength(0)?}";

    /// <summary>
    /// Maps every HTTP function of the catalog to its route, behind one place that turns whatever goes wrong (no such route,
    /// wrong method, an exception) into the service's JSON error.
    /// </summary>
    /// <param name="app">Has <see cref="RefusedStrangers"/>, and <see cref="WrongKeys"/> where there are keys.</param>
    /// <param name="routePrefix">What all routes begin with, without slashes at its ends; may be empty.</param>
    /// <param name="keys">One of these is needed for functions that are not anonymous; null where none is needed.</param>
    /// <param name="allowedHosts">As <see cref="AllowedHosts"/> takes them.</param>
    public static WebApplication MapHttpFunctions(
        this WebApplication app, string routePrefix, ApiKeys? keys, IReadOnlyCollection<string> allowedHosts)
    {
        UnreadableRequests.Observe(app.Services);
        app.UseMiddleware<ErrorAnswers>();
        app.UseMiddleware<HostCheck>(new AllowedHosts(allowedHosts));
        var admission = keys is null ? null : ActivatorUtilities.CreateInstance<KeyAdmission>(app.Services, keys);
        foreach (var function in app.Services.GetRequiredService<FunctionCatalog>().StartedBy(FunctionTrigger.Http))
        {
            var trigger = (HttpTriggerAttribute)function.TriggerAttribute;
            var route = $"{routePrefix}/{trigger.Route ?? function.Name}".Replace(EmptyParameter, "", StringComparison.Ordinal).TrimStart('/');
            var door = trigger.AuthLevel == AuthorizationLevel.Anonymous ? null : admission;
            RequestDelegate handler = context => door is null || door.Admit(context)
                ? InvokeAsync(function, context)
                : door.RefuseAsync(context);
            var endpoint = trigger.Methods is { Length: > 0 } methods
                ? app.MapMethods(route, methods.Select(m => m.ToUpperInvariant()), handler)
                : app.Map(route, handler);
            endpoint.WithDisplayName(function.Name);
        }

        return app;
    }

    private static async Task InvokeAsync(FunctionDescriptor function, HttpContext context)
    {
        FunctionCall invocation = new(context.RequestServices, context.Request, context.RequestAborted);
        var result = (IResult?)await function.InvokeAsync(invocation)
            ?? throw new InvalidOperationException($"HTTP function {function} returned null.");
        await result.ExecuteAsync(context);
    }
}

using Iga.Http;

namespace Iga.LocalHost.Functions.Http;

/// <summary>Puts the HTTP functions on Kestrel.</summary>
internal static class HttpFunctionExtensions
{
    /// <summary>
    /// Maps every HTTP function of the catalog to its route, behind one place that turns whatever goes wrong (no such route,
    /// wrong method, an exception) into the service's JSON error.
    /// </summary>
    public static WebApplication MapHttpFunctions(this WebApplication app, HttpFunctionOptions options)
    {
        UnreadableRequests.Observe(app.Services);
        app.UseMiddleware<ErrorAnswers>();
        app.UseMiddleware<HostCheck>(new AllowedHosts(options.AllowedHosts));
        ApiKeys keys = new(options.ApiKeys);
        foreach (var function in app.Services.GetRequiredService<FunctionCatalog>().StartedBy(FunctionTrigger.Http))
        {
            var trigger = (HttpTriggerAttribute)function.TriggerAttribute;
            var route = $"{options.RoutePrefix}/{trigger.Route ?? function.Name}".TrimStart('/');
            var needsKey = trigger.AuthLevel != AuthorizationLevel.Anonymous;
            RequestDelegate handler = context => needsKey && !keys.Admit(context.Request)
                ? ErrorAnswers.WriteAsync(
                    context, StatusCodes.Status401Unauthorized, ErrorCode.Unauthorized,
                    "A valid API key is needed in the header x-functions-key.", "x-functions-key")
                : InvokeAsync(function, context);
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

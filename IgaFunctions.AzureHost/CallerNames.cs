using Iga.Callers;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Iga.AzureHost;

/// <summary>
/// Names the callers whose keys are configured. The Functions host has checked the key by then, and passes the request on with its
/// headers and query as they came; a key that is not configured here has no name.
/// </summary>
internal sealed class CallerNames(ApiKeys keys) : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http)
        {
            keys.Identify(http);
        }

        return next(context);
    }
}

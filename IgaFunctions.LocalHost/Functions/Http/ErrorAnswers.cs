using Iga.Http;

namespace Iga.LocalHost.Functions.Http;

/// <summary>Gives what no function answers the service's JSON error, and keeps exceptions from callers.</summary>
internal sealed class ErrorAnswers(RequestDelegate next, ILogger<ErrorAnswers> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return; // The caller hung up: there is nobody to answer.
        }
        catch (BadHttpRequestException wrong) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, wrong.StatusCode, ErrorCode.BadRequest, "The request could not be read as HTTP.");
            return;
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "{Method} {Path} failed", request.Method, request.Path);
            if (context.Response.HasStarted)
            {
                context.Abort(); // Better a broken answer than one that looks whole.
                return;
            }

            context.Response.Clear();
            await WriteAsync(
                context, StatusCodes.Status500InternalServerError, ErrorCode.InternalError, "The request failed unexpectedly.");
            return;
        }

        if (context.Response.HasStarted)
        {
            return;
        }

        // Functions that answer 404 have an endpoint; the routing's own 405 is recognised by the header that goes with it.
        if (context.Response.StatusCode == StatusCodes.Status404NotFound && context.GetEndpoint() is null)
        {
            await WriteAsync(
                context, StatusCodes.Status404NotFound, ErrorCode.NotFound, $"There is nothing at {request.Path}.");
        }
        else if (context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed && context.Response.Headers.Allow.Count > 0)
        {
            await WriteAsync(
                context, StatusCodes.Status405MethodNotAllowed, ErrorCode.MethodNotAllowed,
                $"{request.Method} is not possible here; possible is {context.Response.Headers.Allow}.");
        }
    }

    /// <summary>Answers with the error that functions answer with, too, and logs a refusal.</summary>
    /// <param name="field">The header that was wrong, if it was one.</param>
    public static Task WriteAsync(HttpContext context, int status, string errorCode, string message, string? field = null)
    {
        if (status < StatusCodes.Status500InternalServerError)
        {
            context.RequestServices.GetRequiredService<RefusedStrangers>().Note(status, errorCode, field, message);
        }

        return Respond.Error(context.Response, status, errorCode, message).ExecuteAsync(context);
    }
}

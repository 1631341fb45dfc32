using System.Diagnostics;
using Iga.Callers;
using Iga.Http;
using Iga.TaskStatus;
using Iga.Telemetry;
using Iga.Tracing;

namespace Iga.GenerateImage;

/// <summary>POST /generate_image: validates, claims the key, starts the task, answers 202.</summary>
public sealed partial class GenerateImageFunction(
    RequestReader requests, TaskAcceptance acceptance, AwaitedTask tasks, IgaMetrics metrics, ILogger<GenerateImageFunction> logger)
{
    [Function("generate_image")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "generate_image")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        // Measured apart: a wait is the caller's wish, and says nothing of how fast the service accepts.
        var answer = await AcceptAsync(request, client, cancellationToken);
        return answer is AcceptedTask accepted ? await AwaitEndAsync(request, client, accepted, cancellationToken) : answer;
    }

    private async Task<IResult> AcceptAsync(HttpRequest request, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var response = request.HttpContext.Response;
        string? errorCode = null;
        string? modelId = null;
        var caller = Caller.Of(request.HttpContext)?.Name;
        IDisposable? scope = null;
        using var span = Spans.BeginRequest("POST /generate_image", request.Headers.TraceParent);
        try
        {
            (var task, var ignored) = await requests.ReadAsync(request, cancellationToken);
            task = task with { TraceParent = span?.Id };
            modelId = task.Request.ModelId;
            scope = logger.BeginTaskScope(task);

            // From here on the caller's disconnect no longer matters: what was begun is finished or undone.
            var accepted = await acceptance.AcceptAsync(client, task, response);
            response.Headers[IgnoredFields.HeaderName] = IgnoredFields.Value(ignored);
            return accepted;
        }
        catch (RejectedException exception)
        {
            errorCode = exception.ErrorCode;
            metrics.Rejected(exception.ErrorCode, caller);
            span?.SetTag(Spans.HttpStatus, exception.Status);
            return logger.Refuse(response, exception, caller);
        }
        catch (Exception exception)
        {
            // The host answers, if the caller did not hang up.
            errorCode = exception is OperationCanceledException or IOException ? ErrorCode.BadRequest : ErrorCode.InternalError;
            throw;
        }
        finally
        {
            span.End(errorCode is null ? "accepted" : "refused", errorCode);
            metrics.RequestHandled(Stopwatch.GetElapsedTime(started), errorCode, modelId, caller);
            scope?.Dispose();
        }
    }
}

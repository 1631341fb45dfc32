using Iga.Callers;
using Iga.Http;
using Iga.TaskStatus;
using Iga.Waiting;
using Iga.Workflow;

namespace Iga.GenerateImage;

/// <content>The wait of a caller that prefers the finished task to the 202 (RFC 7240).</content>
public sealed partial class GenerateImageFunction
{
    private async Task<IResult> AwaitEndAsync(
        HttpRequest request, DurableTaskClient client, AcceptedTask accepted, CancellationToken cancellationToken)
    {
        var wait = WaitPreference.Read(request.Headers[WaitPreference.HeaderName]);
        if (wait == TimeSpan.Zero)
        {
            return accepted;
        }

        TaskState? state;
        bool isGranted;
        try
        {
            (state, isGranted) = await tasks.ReadAsync(
                client, accepted.TaskId, wait, Caller.Of(request.HttpContext)?.Name, cancellationToken);
        }
        catch (UnreadableTaskException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            logger.LogWarning(exception.InnerException, "How task {task_id} ends could not be waited for", accepted.TaskId);
            return accepted;
        }

        var headers = request.HttpContext.Response.Headers;
        if (isGranted)
        {
            headers[WaitPreference.AppliedHeaderName] = WaitPreference.Applied(wait);
            headers.Vary = WaitPreference.HeaderName;
        }

        if (!isGranted || state is not { HasEnded: true })
        {
            return accepted;
        }

        headers.Remove("Retry-After");
        return TaskAnswer.Of(request.HttpContext.Response, accepted.TaskId, state);
    }
}

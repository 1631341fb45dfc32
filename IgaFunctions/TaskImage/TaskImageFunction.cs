using Iga.Bucket;
using Iga.Callers;
using Iga.Faults;
using Iga.Http;

namespace Iga.TaskImage;

/// <summary>GET /v1/tasks/{id}/image: the task's picture, through the service; or the way to it, by <c>?redirect=signed</c>.</summary>
public sealed class TaskImageFunction(
    TaskPictures tasks, StoredPictures pictures, IPictureUrls urls, PictureReads reads, ILogger<TaskImageFunction> logger)
{
    /// <summary>Until the bucket is asked for the first byte; together with that within what a caller is promised.</summary>
    internal static readonly TimeSpan Budget = PromisedLimits.Refusal - TimeSpan.FromSeconds(1);

    [Function("task_image")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "v1/tasks/{taskId}/image")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string taskId,
        CancellationToken cancellationToken)
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request.HttpContext.RequestAborted);
        budget.CancelAfter(Budget);
        try
        {
            return await AnswerAsync(request, client, taskId, budget.Token);
        }
        catch (RejectedException refusal)
        {
            return logger.Refuse(request.HttpContext.Response, refusal, Caller.Of(request.HttpContext)?.Name);
        }
    }

    private async Task<IResult> AnswerAsync(
        HttpRequest request, DurableTaskClient client, string taskId, CancellationToken cancellationToken)
    {
        var redirect = request.Query["redirect"];
        if (redirect.Count > 0 && redirect is not ["signed"])
        {
            throw RejectedException.BadRequest(ErrorCode.BadQuery, "The query's redirect must be signed, or be left out.");
        }

        var hungUp = request.HttpContext.RequestAborted;
        var task = await tasks.FindAsync(client, taskId, cancellationToken, hungUp);
        var place = await EnterAsync(request.HttpContext, cancellationToken);
        try
        {
            var picture = await FindAsync(task, cancellationToken, hungUp);
            if (redirect.Count == 0)
            {
                return new PictureAnswer(pictures, picture, place, logger);
            }

            var redirected = await SignAsync(picture, cancellationToken, hungUp);
            place.Dispose();
            return redirected;
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    private async Task<SignedRedirect> SignAsync(StoredPicture picture, CancellationToken cancellationToken, CancellationToken hungUp)
    {
        try
        {
            return new SignedRedirect(await urls.SignAsync(picture, cancellationToken) ?? throw PictureRefusal.CannotSign());
        }
        catch (Exception exception) when (
            exception is FailureException or OperationCanceledException && !hungUp.IsCancellationRequested)
        {
            throw PictureRefusal.NotSigned(exception, logger);
        }
    }

    private async Task<IDisposable> EnterAsync(HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await reads.EnterAsync(context, cancellationToken);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw PictureRefusal.TooMany();
        }
    }

    private async Task<StoredPicture> FindAsync(TaskPicture task, CancellationToken cancellationToken, CancellationToken hungUp)
    {
        PictureSearch search;
        try
        {
            search = await pictures.FindAsync(task.TaskId, task.Url, task.Recorded, cancellationToken);
        }
        catch (Exception exception) when (
            exception is FailureException or OperationCanceledException && !hungUp.IsCancellationRequested)
        {
            throw PictureRefusal.Unreadable(exception, logger);
        }

        return search switch
        {
            PictureSearch.Found found => found.Picture,
            PictureSearch.Gone => throw PictureRefusal.Gone(),
            PictureSearch.Replaced => throw PictureRefusal.Replaced(),
            _ => throw PictureRefusal.Elsewhere(),
        };
    }
}

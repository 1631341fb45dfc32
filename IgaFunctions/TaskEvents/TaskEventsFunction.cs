using Iga.Callers;
using Iga.Http;
using Npgsql;

namespace Iga.TaskEvents;

/// <summary>GET /v1/tasks/events: the changes of tasks as they happen, as server-sent events of HTML.</summary>
/// <remarks>
/// The Functions host takes routes in the order of the functions' names, and the first that fits (azure-functions-host#9876): this one has to
/// come before <c>task_status</c>, whose id would be "events" else.
/// </remarks>
public sealed class TaskEventsFunction(
    TaskStreams streams, TaskEventFeed feed, MissedEvents missed, TimeProvider time, ILogger<TaskEventsFunction> logger)
{
    /// <summary>Where the first look can't be made in time, the caller is told so.</summary>
    private static readonly TimeSpan Budget = PromisedLimits.Refusal - TimeSpan.FromSeconds(1);

    /// <summary>A stream that is refused may find a place when another one is closed.</summary>
    private static readonly TimeSpan UntilAnotherCloses = TimeSpan.FromSeconds(30);

    [Function("task_events")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "v1/tasks/events")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var caller = Caller.Of(request.HttpContext)?.Name;
        EventQuery query;
        IDisposable? place = null;
        try
        {
            query = EventQuery.Read(request);
            if (HttpMethods.IsHead(request.Method))
            {
                EventWriter.Begin(request.HttpContext.Response);
                return Results.Empty;
            }

            place = streams.TryBegin(caller) ?? throw TooMany();
        }
        catch (RejectedException exception)
        {
            return logger.Refuse(request.HttpContext.Response, exception, caller);
        }

        using (place)
        {
            return await StreamAsync(request.HttpContext, client, query, cancellationToken);
        }
    }

    private async Task<IResult> StreamAsync(
        HttpContext context, DurableTaskClient client, EventQuery query, CancellationToken cancellationToken)
    {
        using var stream = new EventStream(query.Filter);
        try
        {
            if (await TryOpenAsync(stream, client, cancellationToken) is not { } position)
            {
                return Respond.Error(
                    context.Response, StatusCodes.Status503ServiceUnavailable, ErrorCode.StoreUnavailable,
                    "The changes of tasks can't be read at the moment; ask again.");
            }

            using var end = streams.EndOf(cancellationToken, stream.Cut);
            await WriteAsync(context.Response, client, query, stream, position, end.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or NpgsqlException or TimeoutException)
        {
            // The caller is gone or too slow, or what it missed can't be read: it comes back with the id of the last event that it has.
            cancellationToken.ThrowIfCancellationRequested();
            logger.LogInformation("A stream of events ends early: {reason}", exception.Message);
        }
        finally
        {
            feed.Close(stream);
        }

        return Results.Empty;
    }

    private async Task<DateTimeOffset?> TryOpenAsync(EventStream stream, DurableTaskClient client, CancellationToken cancellationToken)
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        budget.CancelAfter(Budget);
        try
        {
            return await feed.OpenAsync(stream, client, budget.Token);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    private async Task WriteAsync(
        HttpResponse response, DurableTaskClient client, EventQuery query, EventStream stream, DateTimeOffset position,
        CancellationToken cancellationToken)
    {
        EventWriter.Begin(response);
        var writer = new EventWriter(response.BodyWriter, time);
        await writer.GreetAsync(new EventId(position, Guid.Empty), isNew: query.After is null, cancellationToken);
        var ended = new HashSet<Guid>();
        if (query.After is { } after)
        {
            await foreach (var change in missed.ReadAsync(client, query.Filter, after, position, cancellationToken))
            {
                await writer.WriteAsync(change.Frame, cancellationToken);

                // What the stream has meanwhile was found before that, perhaps. Of older ends it has nothing.
                if (change.IsEnd && !(change.Task.EndedAt < position - EventRows.Overlap))
                {
                    ended.Add(change.Task.TaskId);
                }
            }
        }

        await writer.WriteAllAsync(stream.Changes, ended, cancellationToken);
    }

    private static RejectedException TooMany() => new(
        StatusCodes.Status429TooManyRequests, ErrorCode.TooManyStreams,
        "As many streams of events are open as may be, in all or for one API key; connect again later, or poll GET /v1/tasks.")
    {
        RetryAfter = UntilAnotherCloses,
    };
}

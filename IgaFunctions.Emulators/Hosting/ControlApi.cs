using System.Text.Json;
using Iga.Emulators.Faults;

namespace Iga.Emulators.Hosting;

/// <summary>
/// <c>/_emulator/…</c>: what a test that only speaks HTTP needs. POST <c>faults</c>, POST <c>latency</c>, POST <c>reset</c>,
/// GET <c>stats</c>. Each needs the header <see cref="Header"/>.
/// </summary>
internal sealed class ControlApi(
    FaultScript faults, Action<TimeSpan> setLatency, Action<Utf8JsonWriter> writeStats, Action<bool> reset)
{
    /// <summary>With any value. A web page of another origin can't send it without leave, which the emulators never give.</summary>
    public const string Header = "X-Emulator-Control";

    /// <returns>False when the request is not for this API.</returns>
    public async Task<bool> TryAnswerAsync(HttpContext context, RequestTarget target)
    {
        if (target.After("_emulator") is not { } rest)
        {
            return false;
        }

        if (!context.Request.Headers.ContainsKey(Header))
        {
            throw new ApiException(403, message: $"the control API needs the header {Header}: 1, so that no web page can use it");
        }

        switch (context.Request.Method, rest)
        {
            case ("POST", ["faults"]):
                AddFault(await ControlBody.ReadAsync(context, "operation", "fault", "count", "match", "retry_after", "message", "reason"));
                await AnswerAsync(context, json => json.WriteNumber("pending", faults.Pending));
                return true;
            case ("DELETE", ["faults"]):
                faults.Clear();
                await AnswerAsync(context, json => json.WriteNumber("pending", 0));
                return true;
            case ("POST", ["latency"]):
                var milliseconds = (await ControlBody.ReadAsync(context, "milliseconds")).Number("milliseconds")
                    ?? throw ControlBody.Bad("milliseconds", "is required");
                setLatency(TimeSpan.FromMilliseconds(milliseconds));
                await AnswerAsync(context, json => json.WriteNumber("milliseconds", milliseconds));
                return true;
            case ("POST", ["reset"]):
                reset((await ControlBody.ReadAsync(context, "objects")).Flag("objects") ?? false);
                await AnswerAsync(context, _ => { });
                return true;
            case ("GET", ["stats"]):
                await AnswerAsync(context, WriteStats);
                return true;
            default:
                throw new ApiException(404, message:
                    "the control API has POST|DELETE /_emulator/faults, POST /_emulator/latency, POST /_emulator/reset, "
                    + "GET /_emulator/stats");
        }
    }

    private static Task AnswerAsync(HttpContext context, Action<Utf8JsonWriter> write) =>
        JsonAnswer.SendAsync(context, 200, json =>
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        });

    private void WriteStats(Utf8JsonWriter json)
    {
        writeStats(json);
        json.WriteNumber("faults_pending", faults.Pending);
        json.WriteStartObject("faults_served");
        foreach (var (name, count) in faults.ServedByName)
        {
            json.WriteNumber(name, count);
        }

        json.WriteEndObject();
    }

    private void AddFault(ControlBody body)
    {
        var operation = body.Text("operation") ?? throw ControlBody.Bad("operation", "is required");
        var name = body.Text("fault") ?? throw ControlBody.Bad("fault", "is required");
        try
        {
            faults.Add(operation, WithDetails(FaultName.Parse(name), body), body.Number("count") ?? 1, body.Text("match"));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new ApiException(400, message: exception.Message);
        }
    }

    private static Fault WithDetails(Fault fault, ControlBody body)
    {
        var (retryAfter, message, reason) = (body.Number("retry_after"), body.Text("message"), body.Text("reason"));
        return fault switch
        {
            Fault.ReturnStatus status => status with { RetryAfter = retryAfter, Message = message, Reason = reason },
            Fault.ErrorAnswer error => error with { RetryAfter = retryAfter, Message = message, Reason = reason },
            _ when ((string[])["retry_after", "message", "reason"]).FirstOrDefault(body.Has) is { } member =>
                throw ControlBody.Bad(member, $"is not for {fault.Name}: only return-<status> and error-<status>-<dress> take it"),
            _ => fault,
        };
    }
}

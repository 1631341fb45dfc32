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
                AddFault(await ReadAsync(context));
                await AnswerAsync(context, json => json.WriteNumber("pending", faults.Pending));
                return true;
            case ("DELETE", ["faults"]):
                faults.Clear();
                await AnswerAsync(context, json => json.WriteNumber("pending", 0));
                return true;
            case ("POST", ["latency"]):
                var milliseconds = Number(await ReadAsync(context), "milliseconds")
                    ?? throw Bad("milliseconds", "is required");
                setLatency(TimeSpan.FromMilliseconds(milliseconds));
                await AnswerAsync(context, json => json.WriteNumber("milliseconds", milliseconds));
                return true;
            case ("POST", ["reset"]):
                var objects = (await ReadAsync(context)).TryGetProperty("objects", out var flag)
                    && flag.ValueKind == JsonValueKind.True;
                reset(objects);
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

    private static async Task<JsonElement> ReadAsync(HttpContext context) =>
        RequestBody.ParseObject(await RequestBody.ReadAsync(context));

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

    private void AddFault(JsonElement body)
    {
        var operation = Text(body, "operation") ?? throw Bad("operation", "is required");
        var name = Text(body, "fault") ?? throw Bad("fault", "is required");
        try
        {
            var fault = FaultName.Parse(name);
            if (fault is Fault.ReturnStatus status)
            {
                fault = status with
                {
                    RetryAfter = Number(body, "retry_after"),
                    Message = Text(body, "message"),
                    Reason = Text(body, "reason"),
                };
            }

            else if (fault is Fault.ErrorAnswer error)
            {
                fault = error with
                {
                    RetryAfter = Number(body, "retry_after"),
                    Message = Text(body, "message"),
                    Reason = Text(body, "reason"),
                };
            }

            faults.Add(operation, fault, Number(body, "count") ?? 1, Text(body, "match"));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new ApiException(400, message: exception.Message);
        }
    }

    private static string? Text(JsonElement body, string name) => !body.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Bad(name, "has to be a string");

    private static int? Number(JsonElement body, string name) => !body.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 ? number
        : throw Bad(name, "has to be a whole number, 0 or more");

    private static ApiException Bad(string name, string what) => new(400, message: $"{name} {what}");
}

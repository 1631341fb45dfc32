using System.Text;
using System.Text.Json;
using Iga.Emulators.Faults;
using Iga.Emulators.Hosting;
using Iga.Emulators.Pictures;
using Iga.Emulators.Vertex.ProtoJson;

namespace Iga.Emulators.Vertex;

/// <summary>
/// Vertex AI's models at wire level, on loopback: <c>:predict</c> for those of the Imagen dialect, <c>:generateContent</c> and
/// <c>:streamGenerateContent</c> for those of the Gemini dialect. Requests are checked as the real service checks them; the picture is a
/// real one that follows from the prompt.
/// </summary>
public sealed partial class VertexEmulator : IAsyncDisposable
{
    private readonly VertexEmulatorOptions _options;
    private readonly Func<PictureRequest, CancellationToken, ValueTask<Picture>> _draw;
    private readonly ControlApi _control;
    private readonly VertexTally _tally = new();
    private readonly EmulatedModels _models;
    private LoopbackServer? _server;
    private long _latency;

    private VertexEmulator(VertexEmulatorOptions options)
    {
        _options = options;
        _models = new EmulatedModels(options.ModelCatalogFile, options.KnownModels);
        _draw = options.PictureFactory ?? Painter.PaintAsync;
        _control = new ControlApi(Faults, latency => Latency = latency, WriteStats, _ => Reset());
        Latency = options.Latency;
    }

    /// <summary>The base address; ends in a slash.</summary>
    public Uri Address => _server!.Address;

    /// <summary>Faults that wait for requests.</summary>
    public FaultScript Faults { get; } = new(
        FaultTarget.Model,
        "vertex.predict", "vertex.generateContent", "vertex.streamGenerateContent", "vertex.countTokens",
        "vertex.models.get", "vertex.models.list");

    /// <summary>Requests to a model, whatever became of them.</summary>
    public int Calls => _tally.Calls;

    /// <summary>Pictures that a model made, and that would have been paid for, whether or not their answer arrived.</summary>
    public int ImagesMade => _tally.ImagesMade;

    /// <summary>Pictures whose answer was sent to its end.</summary>
    public int ImagesSent => _tally.ImagesSent;

    /// <summary>The last 10,000 requests, oldest first.</summary>
    public IReadOnlyList<VertexCall> Log => _tally.Log;

    /// <summary>How long every call of a model takes from now on.</summary>
    public TimeSpan Latency
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _latency));
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            Interlocked.Exchange(ref _latency, value.Ticks);
        }
    }

    /// <summary>Draws a small picture for nobody, so that what draws is compiled before the first request.</summary>
    public static void Rehearse() => Painter.Paint(new PictureRequest("a draft", "draft", 64, 64, "image/png"));

    /// <exception cref="ArgumentException">The host is not a loopback address.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<VertexEmulator> StartAsync(
        VertexEmulatorOptions options, CancellationToken cancellationToken = default)
    {
        var emulator = new VertexEmulator(options);
        emulator._server = await LoopbackServer.StartAsync(
            options.Host, options.Port, options.MaxConnections, options.AllowedHosts, emulator.HandleAsync, VertexErrors.Write,
            cancellationToken);
        return emulator;
    }

    /// <summary>Forgets faults, counters and the log.</summary>
    public void Reset()
    {
        Faults.Reset();
        _tally.Reset();
        Latency = _options.Latency;
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task HandleAsync(HttpContext context)
    {
        var target = RequestTarget.Of(context);
        if (await _control.TryAnswerAsync(context, target))
        {
            return;
        }

        await RouteAsync(context, target);
    }

    /// <summary>Asks a model for a picture, in either dialect.</summary>
    private async Task AskAsync(HttpContext context, ModelPath model)
    {
        _tally.CountCall();
        QueryParameters.Check(context.Request, model.Streams);
        var bytes = await RequestBody.ReadAsync(context);
        var (body, malformed) = Parse(bytes, model);
        var predict = model.Method == "predict";
        var prompt = predict ? PredictRequest.PromptOf(body) : GenerateContentRequest.PromptOf(body);
        _tally.Note(new VertexCall(model.ModelId, model.Method, prompt, Encoding.UTF8.GetString(bytes)));

        var exchange = new FaultedExchange(
            context, Faults.Take($"vertex.{model.Method}", prompt), _options.TimeProvider);
        await exchange.BeforeWorkAsync();
        if (exchange.Fault is Fault.ReturnStatusAfterBytes fault)
        {
            throw new ApiException(fault.Status); // a request to a model is shorter than any limit: it was read whole
        }

        var request = Check(model, malformed, body) with { Traffic = TrafficType.Of(context.Request.Headers) };
        await Task.Delay(Latency, _options.TimeProvider, context.RequestAborted);
        await AnswerAsync(context, model, request, exchange);
    }

    private static (JsonElement Body, ApiException? Error) Parse(byte[] json, ModelPath model)
    {
        try
        {
            var type = model.Method switch
            {
                "predict" => RequestTypes.Predict,
                "countTokens" => RequestTypes.CountTokens,
                _ => RequestTypes.GenerateContent,
            };
            return ProtoJsonReader.Read(RequestBody.ParseObject(json), type, model.Version);
        }
        catch (ApiException exception)
        {
            return (default, exception);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, as an escape: JSON, but no text.
            return (default, new ApiException(400, message: "Invalid JSON payload received. A string is not valid Unicode."));
        }
    }

    private ModelRequest Check(ModelPath model, ApiException? malformed, JsonElement body)
    {
        var found = Find(model);
        return malformed is not null ? throw malformed
            : found.Dialect == Dialect.Imagen ? PredictRequest.Read(body, found, _options.DefaultMimeType)
            : GenerateContentRequest.Read(body, found, _options.DefaultMimeType);
    }

    private EmulatedModel Find(ModelPath model)
    {
        // Where a model is not served it is told as one that does not exist.
        var found = _models.Find(model.ModelId);
        if (found is null || (found.Locations.Count > 0 && !found.Locations.Contains(model.Location)))
        {
            throw VertexErrors.NoSuchModel(model);
        }

        return found.Dialect.Takes(model.Method) ? found : throw VertexErrors.WrongMethod(model, found.Dialect);
    }

    private void WriteStats(Utf8JsonWriter json)
    {
        _tally.Write(json);
        json.WriteNumber("latency_milliseconds", Latency.TotalMilliseconds);
    }
}

using Iga.Emulators.Faults;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Vertex;

/// <content>Which calls there are, and those of them that ask for no picture.</content>
public sealed partial class VertexEmulator
{
    private async Task RouteAsync(HttpContext context, RequestTarget target)
    {
        var model = ModelPath.Of(target);
        try
        {
            await ((context.Request.Method, model, target.Segments) switch
            {
                ("POST", { Method: "predict" or "generateContent" or "streamGenerateContent" }, _) => AskAsync(context, model),
                ("POST", { Method: "countTokens" }, _) => CountTokensAsync(context, model),
                ("GET", _, ["v1" or "v1beta1", "publishers", "google", "models", var id]) => GetModelAsync(context, id),
                ("GET", _, ["v1beta1", "publishers", "google", "models"]) => ListModelsAsync(context),
                // Models that were trained here: there are none.
                ("GET", _, ["v1" or "v1beta1", "projects", { Length: > 0 }, "locations", { Length: > 0 }, "models"] or ["v1" or "v1beta1", "models"])
                    => SendAsync(context, "models.list", "", () => new((_, json) => { json.WriteStartObject(); json.WriteEndObject(); })),
                _ => throw new ApiException(404, "NOT_FOUND", $"There is no {context.Request.Method} {context.Request.Path} here."),
            });
        }
        catch (ApiException exception) when (model is { Streams: true } && !QueryParameters.WantsEvents(context.Request))
        {
            exception.IsInArray = true;
            throw;
        }
    }

    private async Task CountTokensAsync(HttpContext context, ModelPath model)
    {
        QueryParameters.Check(context.Request, streams: false);
        var (body, malformed) = Parse(await RequestBody.ReadAsync(context), model);
        await SendAsync(context, model.Method, GenerateContentRequest.PromptOf(body), () =>
        {
            Find(model);
            return malformed is not null ? throw malformed : CountTokensAnswer.Build(body);
        });
    }

    private Task GetModelAsync(HttpContext context, string id) => SendAsync(context, "models.get", id, () =>
    {
        QueryParameters.Check(context.Request, streams: false, PublishedModels.ParametersOfGet);
        return _models.Find(id) is null || !Exists(id) ? throw VertexErrors.NoSuchModel(id) : PublishedModels.One(id);
    });

    private Task ListModelsAsync(HttpContext context) => SendAsync(context, "models.list", "", () =>
    {
        QueryParameters.Check(context.Request, streams: false, PublishedModels.ParametersOfList);
        return PublishedModels.Page(context.Request, [.. _models.Ids.Where(Exists)]);
    });

    private bool Exists(string modelId) => _options.KnownModels?.Contains(modelId) != false;

    /// <summary>Answers a call that makes no picture. Faults of pictures pass it by.</summary>
    private async Task SendAsync(HttpContext context, string operation, string subject, Func<PictureAnswer> build)
    {
        var fault = Faults.Take($"vertex.{operation}", subject, (fault, _) => fault
            is { Target: FaultTarget.Any } or Fault.ErrorAnswer or Fault.ReturnStatusWithRetryInfo);
        var exchange = new FaultedExchange(context, fault, _options.TimeProvider);
        await exchange.BeforeWorkAsync();
        if (fault is Fault.ErrorAnswer error)
        {
            await SendAsync(context, error);
            return;
        }

        var answer = fault is Fault.ReturnStatusAfterBytes read ? throw new ApiException(read.Status) : build();
        await exchange.AfterWorkAsync();
        await (fault is Fault.MalformedJson ? answer.SendBrokenAsync(context) : answer.SendAsync(context));
    }
}

using Iga.Emulators.Faults;
using Iga.Emulators.Pictures;

namespace Iga.Emulators.Vertex;

/// <content>What is answered to a request that is right, and what a fault makes of that.</content>
public sealed partial class VertexEmulator
{
    private async Task AnswerAsync(HttpContext context, ModelPath model, ModelRequest request, FaultedExchange exchange)
    {
        if (exchange.Fault is Fault.BlockedPrompt { AsError: true })
        {
            throw VertexErrors.Blocked();
        }

        if (exchange.Fault is Fault.Refusal refusal)
        {
            await DressedError.Of(refusal).SendAsync(context, StatusCodes.Status400BadRequest);
            return;
        }

        if (exchange.Fault is Fault.ErrorAnswer error)
        {
            await SendAsync(context, error);
            return;
        }

        var pictures = exchange.Fault is { Point: FaultPoint.InsteadOfWork } || !request.WantsImage
            ? []
            : await MakeAsync(model.ModelId, request, exchange.Fault, context.RequestAborted);
        await exchange.AfterWorkAsync();
        var answer = model.Method == "predict"
            ? PredictAnswer.Build(request, pictures, exchange.Fault)
            : GenerateContentAnswer.Build(
                model.ModelId, request, pictures, exchange.Fault, _options.TimeProvider.GetUtcNow());
        if (exchange.Fault is Fault.MalformedJson && !model.Streams)
        {
            await answer.SendBrokenAsync(context);
            return;
        }

        if (exchange.Fault is Fault.Dressed { Dress: var dress } && pictures is [var picture, ..])
        {
            await DressedAnswer.Build(dress, model.Method == "predict", picture.Bytes, picture.ClaimedType).SendAsync(context);
        }
        else if (model.Streams)
        {
            var stream = new StreamedAnswer(answer, QueryParameters.WantsEvents(context.Request));
            exchange.AnswerLength = stream.Length;
            await stream.SendAsync(context, isBroken: exchange.Fault is Fault.MalformedJson);
        }
        else
        {
            await answer.SendAsync(context);
        }

        _tally.CountSent(pictures.Count);
    }

    private static Task SendAsync(HttpContext context, Fault.ErrorAnswer error) => DressedError.Of(error).SendAsync(
        context, error.Dress.StartsWith("in-200", StringComparison.Ordinal) ? StatusCodes.Status200OK : error.Status);

    private async Task<IReadOnlyList<AnsweredPicture>> MakeAsync(
        string modelId, ModelRequest request, Fault? fault, CancellationToken cancellationToken)
    {
        var pictures = new List<AnsweredPicture>(request.SampleCount);
        for (var i = 0; i < request.SampleCount; i++)
        {
            var type = AnsweredPicture.TypeToDraw(request.MimeType, fault);
            var wanted = new PictureRequest(request.Prompt, modelId, request.Width, request.Height, type, i);
            pictures.Add(AnsweredPicture.Of(await _draw(wanted, cancellationToken), fault));
        }

        _tally.CountMade(pictures.Count);
        return pictures;
    }
}

using Iga.Faults;
using Iga.Models;
using Iga.Models.Catalog;
using Iga.Models.Dialects;

namespace Iga.LocalHost.Doctor;

/// <summary>
/// Asks Vertex AI for the default model, in the configured project and location, without paying: Gemini's models count tokens for
/// nothing. For Imagen's there is no such call.
/// </summary>
internal sealed class ModelCheckup(IVertexTransport transport, VertexOptions options, ModelOptions models)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public async Task<Finding> RunAsync(CancellationToken cancellationToken)
    {
        var id = models.DefaultModelId;
        var where = $"project {options.ProjectId}, location {options.Location}";
        if (models.Catalog.Find(id) is not { } model)
        {
            return Finding.Wrong("model", $"{id} {ModelFamily.AllowedIds}: set IGA_VERTEXAI_IMAGE_MODEL_ID to one.");
        }

        if (options.IsGoogles && model.AbsenceIn(options.Location) is { } absence)
        {
            return Finding.Wrong("model", $"{id} {absence}. Set IGA_VERTEXAI_IMAGE_MODEL_ID or IGA_VERTEXAI_LOCATION.");
        }

        if (model.Family != ModelFamily.Gemini)
        {
            return Finding.Note("model", $"{id} in {where} was not asked: with this model only a picture would tell, which costs money.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var reply = await transport.PostAsync(
                id, "countTokens", """{"contents": [{"role": "user", "parts": [{"text": "hello"}]}]}"""u8.ToArray(), limit.Token);
            return reply.Status == 200
                ? Finding.Well("model", $"{id} answers in {where}.")
                : Finding.Wrong("model", $"{id} in {where}: {Words(reply, model)}");
        }
        catch (FailureException failure)
        {
            return Finding.Wrong("credentials", failure.Message);
        }
        catch (Exception exception) when (exception is HttpRequestException or ReplyTooLargeException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return Finding.Wrong(
                "model",
                $"Vertex AI can't be reached at {options.Endpoint.Host}: {(exception is HttpRequestException ? exception.Message : "no answer in time")}. Check the network, the proxy, or IGA_VERTEX_ENDPOINT.");
        }
    }

    private static string Words(VertexReply reply, CatalogModel model) => reply.Status switch
    {
        404 => "there is no such model, or this project has no access to it. Set IGA_VERTEXAI_IMAGE_MODEL_ID, or IGA_VERTEXAI_LOCATION to where it is served.",
        401 or 403 => $"refused ({reply.Status}). Enable the Vertex AI API in the project (gcloud services enable aiplatform.googleapis.com), and grant "
            + "the service account the role Vertex AI User (roles/aiplatform.user).",
        429 => "the quota is used up at the moment; ask again later.",
        _ => $"Vertex AI answered {reply.Status}; {(reply.Status >= 500 ? "ask again later" : $"is {model.Id} the right model?")}",
    };
}

using Iga.Http;
using Iga.Models;

namespace Iga.ListModels;

/// <summary>GET /v1/models: the models that callers may ask for, and what each offers.</summary>
public sealed class ListModelsFunction(ModelOptions models, VertexOptions vertex)
{
    [Function("list_models")]
    public IResult Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "v1/models")] HttpRequest request) =>
        Respond.Json(StatusCodes.Status200OK, ListModelsResponse.Of(models, vertex), ListModelsJson.Readable.ListModelsResponse);
}

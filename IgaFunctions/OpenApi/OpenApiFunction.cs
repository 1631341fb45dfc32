namespace Iga.OpenApi;

/// <summary>GET /openapi.json: the description of all routes, for programs and for people who write them. Needs no key.</summary>
public sealed class OpenApiFunction(ApiDocument document)
{
    [Function("openapi")]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "openapi.json")] HttpRequest request) =>
        document.File.Answer(request.HttpContext.Response);
}

using Iga.Emulators.Hosting;

namespace Iga.Emulators.Vertex;

/// <summary><c>/v1/projects/{P}/locations/{L}/publishers/google/models/{M}:{method}</c></summary>
internal sealed record ModelPath(string Project, string Location, string ModelId, string Method)
{
    public string Resource => $"projects/{Project}/locations/{Location}/publishers/google/models/{ModelId}";

    public static ModelPath? Of(RequestTarget target) => target.Segments switch
    {
        ["v1" or "v1beta1", "projects", { Length: > 0 } project, "locations", { Length: > 0 } location,
            "publishers", "google", "models", var model]
            when model.LastIndexOf(':') is var colon and > 0
            => new(project, location, model[..colon], model[(colon + 1)..]),
        _ => null,
    };
}

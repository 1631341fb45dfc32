using Iga.Emulators.Hosting;

namespace Iga.Emulators.Vertex;

/// <summary>
/// <c>/v1/projects/{P}/locations/{L}/publishers/google/models/{M}:{method}</c>, or, for callers with an API key, without project and
/// location.
/// </summary>
/// <param name="Project">Empty where the path names none.</param>
internal sealed record ModelPath(string Version, string Project, string Location, string ModelId, string Method)
{
    public string Resource => $"{(Project.Length == 0 ? "" : $"projects/{Project}/locations/{Location}/")}publishers/google/models/{ModelId}";

    /// <summary>The answer comes in parts.</summary>
    public bool Streams => Method == "streamGenerateContent";

    public static ModelPath? Of(RequestTarget target) => target.Segments switch
    {
        [var version and ("v1" or "v1beta1"), "projects", { Length: > 0 } project, "locations", { Length: > 0 } location,
            "publishers", "google", "models", var model] => Of(version, project, location, model),
        [var version and ("v1" or "v1beta1"), "publishers", "google", "models", var model] => Of(version, "", "global", model),
        _ => null,
    };

    private static ModelPath? Of(string version, string project, string location, string model) =>
        model.LastIndexOf(':') is var colon and > 0 ? new(version, project, location, model[..colon], model[(colon + 1)..]) : null;
}

using System.Text.Json;
using static Iga.Emulators.Vertex.RequestReader;

namespace Iga.Emulators.Vertex;

/// <summary>The parameters that say how freely a model of the Gemini dialect may choose.</summary>
internal static class SamplingParameters
{
    private static readonly (string Name, string Path)[] Known =
    [
        ("temperature", "generation_config.temperature"), ("topP", "generation_config.top_p"), ("topK", "generation_config.top_k"),
        ("seed", "generation_config.seed"),
    ];

    /// <exception cref="Hosting.ApiException">400 that names the parameter that the model refuses.</exception>
    public static void Check(JsonElement config, EmulatedModel model)
    {
        _ = Number(config, "seed", "generation_config.seed");
        foreach (var (name, path) in Known)
        {
            if (!model.TakesSeed && Get(config, name) is not null)
            {
                throw Invalid(path, "the model does not support this field.");
            }
        }
    }
}

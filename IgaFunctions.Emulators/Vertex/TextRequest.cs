using Iga.Emulators.Hosting;

namespace Iga.Emulators.Vertex;

/// <summary>A request to a model that answers text.</summary>
internal static class TextRequest
{
    /// <param name="modalities">As the request names them; null when it names none.</param>
    /// <exception cref="ApiException">400: a picture was asked for.</exception>
    public static ModelRequest Of(string prompt, TokenCount tokens, EmulatedModel model, IReadOnlyList<string>? modalities) =>
        modalities?.Contains("IMAGE") == true
            ? throw new ApiException(400, "INVALID_ARGUMENT", "Multi-modal output is not supported.")
            : new ModelRequest(prompt, 0, 0, "", WantsImage: false, WantsText: true, Thinks: model.Thinks) { Tokens = tokens };
}

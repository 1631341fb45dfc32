using System.Globalization;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>What must be true of an object for a request to be served. A generation of 0 stands for "does not exist".</summary>
internal sealed record Preconditions(
    long? GenerationMatch = null,
    long? GenerationNotMatch = null,
    long? MetagenerationMatch = null,
    long? MetagenerationNotMatch = null)
{
    public static readonly Preconditions None = new();

    /// <exception cref="ApiException">400: a value is not a number.</exception>
    public static Preconditions Of(HttpRequest request) => new(
        Number(request, "ifGenerationMatch"),
        Number(request, "ifGenerationNotMatch"),
        Number(request, "ifMetagenerationMatch"),
        Number(request, "ifMetagenerationNotMatch"));

    /// <summary>Those of a copy's source.</summary>
    /// <exception cref="ApiException">400: a value is not a number.</exception>
    public static Preconditions OfSource(HttpRequest request) => new(
        Number(request, "ifSourceGenerationMatch"),
        Number(request, "ifSourceGenerationNotMatch"),
        Number(request, "ifSourceMetagenerationMatch"),
        Number(request, "ifSourceMetagenerationNotMatch"));

    /// <summary>As the XML API has them.</summary>
    /// <exception cref="ApiException">400: a value is not a number.</exception>
    public static Preconditions OfHeaders(HttpRequest request) => new(
        GenerationMatch: Number("x-goog-if-generation-match", request.Headers["x-goog-if-generation-match"].ToString()),
        MetagenerationMatch: Number("x-goog-if-metageneration-match", request.Headers["x-goog-if-metageneration-match"].ToString()));

    /// <param name="current">The live object, or null.</param>
    /// <param name="reading">A read that finds nothing new is answered with 304, a write that finds too much with 412.</param>
    /// <exception cref="ApiException">412 conditionNotMet, or 304.</exception>
    public void Check(StoredObject? current, bool reading = false) =>
        Check(current?.Generation ?? 0, current?.Metageneration, reading);

    /// <param name="metageneration">Null when there is nothing.</param>
    /// <exception cref="ApiException">412 conditionNotMet, or 304.</exception>
    public void Check(long generation, long? metageneration, bool reading = false)
    {
        if ((GenerationMatch is { } g && g != generation) || (MetagenerationMatch is { } m && m != metageneration))
        {
            throw Failed();
        }

        if ((GenerationNotMatch is { } notG && notG == generation)
            || (MetagenerationNotMatch is { } notM && notM == metageneration))
        {
            throw reading ? new ApiException(304) : Failed();
        }
    }

    public static ApiException Failed() =>
        new(412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");

    public static long? Number(HttpRequest request, string name) => Number(name, request.Query[name].ToString());

    private static long? Number(string name, string value) => value switch
    {
        "" => null,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        var text => throw new ApiException(400, "invalid", $"Invalid value for {name}: \"{text}\".") { Parameter = name },
    };
}

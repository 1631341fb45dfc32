using System.Text.Json;

namespace Iga.Emulators.Hosting;

/// <summary>The JSON body of a call of the control API. A member that the call does not have is refused: it is a slip of the pen.</summary>
internal sealed class ControlBody
{
    private readonly JsonElement _body;

    private ControlBody(JsonElement body) => _body = body;

    /// <param name="members">Those that the call has.</param>
    /// <exception cref="ApiException">400 that names the member, or the place where the JSON breaks.</exception>
    public static async Task<ControlBody> ReadAsync(HttpContext context, params string[] members)
    {
        var body = RequestBody.ParseObject(await RequestBody.ReadAsync(context));
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in body.EnumerateObject())
        {
            if (!members.Contains(member.Name))
            {
                throw Bad(member.Name, $"is no member of this call; it has: {string.Join(", ", members)}");
            }

            if (!given.Add(member.Name))
            {
                throw Bad(member.Name, "is given twice");
            }
        }

        return new ControlBody(body);
    }

    public bool Has(string name) => _body.TryGetProperty(name, out _);

    public string? Text(string name)
    {
        if (!_body.TryGetProperty(name, out var value))
        {
            return null;
        }

        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Bad(name, "has to be a string");
        }
        catch (InvalidOperationException)
        {
            throw Bad(name, "holds half of a character: an unpaired surrogate");
        }
    }

    public int? Number(string name) => !_body.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 ? number
        : throw Bad(name, "has to be a whole number, 0 or more");

    public bool? Flag(string name) => !_body.TryGetProperty(name, out var value) ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Bad(name, "has to be true or false");

    public static ApiException Bad(string name, string what) => new(400, message: $"{name} {what}");
}

using System.Text.Json;
using Iga.Http;

namespace Iga.GenerateImage;

/// <summary>A member of the body that was found, and how it is refused.</summary>
/// <param name="Name">As the body has it.</param>
/// <param name="Value">Never null.</param>
/// <param name="ErrorCode">What a wrong value is told as.</param>
internal readonly record struct RequestField(string Name, JsonElement Value, string ErrorCode)
{
    /// <returns>The field; null when it is absent or null.</returns>
    public static RequestField? Find(JsonElement body, string name, string errorCode) =>
        body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? new(name, value, errorCode) : null;

    /// <param name="offered">What may be asked for, in a user's words; told where it is no string.</param>
    /// <exception cref="RejectedException">It is no string, or its escapes form no valid UTF-16.</exception>
    public string Text(string? offered = null)
    {
        if (Value.ValueKind != JsonValueKind.String)
        {
            throw Refuse($"must be a string, but it is {RequestBody.Describe(Value)}{(offered is null ? "" : $": {offered}")}");
        }

        return ReadString(Value) ?? throw Refuse("holds an unpaired surrogate, which is no character");
    }

    /// <exception cref="RejectedException">It is no boolean.</exception>
    public bool Boolean() => Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? Value.GetBoolean() : throw MustBe("a boolean");

    /// <param name="what">What it must be, in a user's words.</param>
    public RejectedException MustBe(string what) => Refuse($"must be {what}, but it is {RequestBody.Describe(Value)}");

    /// <param name="why">Goes on after the field's name.</param>
    public RejectedException Refuse(string why) => RejectedException.BadRequest(ErrorCode, $"Field {Name} {why}.");

    /// <returns>The string, or null when its escapes form no valid UTF-16.</returns>
    private static string? ReadString(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}

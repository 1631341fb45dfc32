using System.Runtime.InteropServices;
using System.Text.Json;
using Iga.Http;

namespace Iga.GenerateImage;

/// <summary>The members of a body by their names: none may be given twice, and unknown ones are named to the caller.</summary>
internal static class BodyMembers
{
    /// <summary>The names that <see cref="RequestValidator"/> reads.</summary>
    public static readonly IReadOnlySet<string> Fields = new HashSet<string>
    {
        "prompt", "aspect_ratio", "add_watermark", "model_id_override", "image_size", "output_format", "reference_images", "seed",
    };

    /// <returns>The names of the members that are no fields, in their order.</returns>
    /// <exception cref="RejectedException">A member is given twice.</exception>
    public static IReadOnlyList<string> Check(JsonElement body)
    {
        List<string> unknown = [];
        HashSet<string> seen = [];
        foreach (var member in body.EnumerateObject())
        {
            if (!IsReadable(member))
            {
                unknown.Add("?");
                continue;
            }

            var name = member.Name;
            if (!seen.Add(name))
            {
                throw new RejectedException(
                    StatusCodes.Status400BadRequest, ErrorCode.MalformedJson,
                    $"The body has the member {IgnoredFields.Printable(name)} more than once.")
                {
                    Field = IgnoredFields.Printable(name),
                };
            }

            if (!Fields.Contains(name))
            {
                unknown.Add(name);
            }
        }

        return unknown;
    }

    /// <summary>
    /// Whether a name can be read. One with an escaped surrogate is not tried: no field has one, and where it is unpaired the name
    /// is no text, which would cost an exception for each.
    /// </summary>
    public static bool IsReadable(JsonProperty member)
    {
        var name = JsonMarshal.GetRawUtf8PropertyName(member);
        return name.IndexOf("\\ud"u8) < 0 && name.IndexOf("\\uD"u8) < 0;
    }
}

using System.Text;
using System.Text.RegularExpressions;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>What buckets and objects can be called.</summary>
internal static partial class ResourceNames
{
    public static bool IsBucket(string name) => BucketForm().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal);

    /// <exception cref="ApiException">400.</exception>
    public static void CheckObject(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            throw new ApiException(400, "required", "Required");
        }

        if (Encoding.UTF8.GetByteCount(name) > 1024 || name is "." or ".." || name.AsSpan().ContainsAny('\r', '\n'))
        {
            throw new ApiException(
                400, "invalid", "Invalid object name: 1 to 1024 bytes, no line breaks, neither \".\" nor \"..\".");
        }
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]\z")]
    private static partial Regex BucketForm();
}

namespace Iga.GoogleCloud;

/// <summary>An error of the JSON API: <c>{"error": {"message"}}</c>.</summary>
internal sealed record GcsError(GcsError.Detail? Error)
{
    internal sealed record Detail(string? Message);
}

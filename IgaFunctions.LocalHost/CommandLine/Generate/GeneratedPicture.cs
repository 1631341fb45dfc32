using System.Globalization;
using System.Text.Json.Nodes;
using Iga.Images;
using Iga.LocalHost.CommandLine.Server;

namespace Iga.LocalHost.CommandLine.Generate;

/// <summary>The picture that a task made, and what is told of it.</summary>
/// <param name="Url">Its <c>gs://</c> address.</param>
/// <param name="Path">The task's path, relative.</param>
/// <param name="Details">What the service knows of how it was made; null when it does not say.</param>
/// <param name="Elapsed">Since the task was posted.</param>
internal sealed record GeneratedPicture(string Url, string Path, string? TaskId, JsonObject? Details, TimeSpan Elapsed)
{
    /// <summary>The full path of the file that it was saved as; null as long as it is not.</summary>
    public string? File { get; init; }

    /// <summary>What the file's own bytes tell; null where they tell nothing.</summary>
    public ImageFormat? Format { get; init; }

    public (int Width, int Height)? Size { get; init; }

    public long? Bytes { get; init; }

    /// <summary>The same, with what the saved file tells.</summary>
    public async Task<GeneratedPicture> SavedAsAsync(string path)
    {
        var header = new byte[65_536];
        await using var picture = System.IO.File.OpenRead(path);
        var length = await picture.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false);
        return this with
        {
            File = path,
            Format = ImageFormat.Detect(header.AsSpan(0, length)),
            Size = PictureSize.Read(header.AsSpan(0, length)),
            Bytes = picture.Length,
        };
    }

    /// <returns>The type of the bytes, where the file's name says another one; else null.</returns>
    public string? TypeThatTheNameHides()
    {
        var extension = System.IO.Path.GetExtension(File)?.ToLowerInvariant();
        return Format is null || string.IsNullOrEmpty(extension) || extension == $".{Format.Extension}"
            || (extension == ".jpeg" && Format == ImageFormat.Jpeg)
            ? null
            : Format.ContentType;
    }

    /// <summary>For a person: the path (if it was saved) and the address, each on a line of its own; then what is known of it.</summary>
    public IEnumerable<string> Lines() => new[]
    {
        File,
        Url,
        Facts(
            Size is var (width, height) ? $"{width} x {height} pixels" : null,
            Bytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes:#,0} bytes") : null,
            TaskProgress.Seconds(Elapsed)),
        Facts(
            TaskText.Text(Details, "model"),
            TaskText.Text(Details, "image_size"),
            TaskText.Number(Details, "output_tokens") is { } tokens ? string.Create(CultureInfo.InvariantCulture, $"{tokens:#,0} output tokens") : null,
            TaskText.Number(Details, "price_usd") is { } price ? string.Create(CultureInfo.InvariantCulture, $"${price} by list price") : null),
    }.OfType<string>();

    /// <summary>For a program: one object on one line. What is not known is null.</summary>
    public JsonObject Json() => new()
    {
        ["file"] = File,
        ["url"] = Url,
        ["width"] = Size?.Width,
        ["height"] = Size?.Height,
        ["bytes"] = Bytes,
        ["content_type"] = Format?.ContentType ?? TaskText.Text(Details, "content_type"),
        ["model"] = TaskText.Text(Details, "model"),
        ["image_size"] = TaskText.Text(Details, "image_size"),
        ["prompt_tokens"] = TaskText.Number(Details, "prompt_tokens"),
        ["output_tokens"] = TaskText.Number(Details, "output_tokens"),
        ["price_usd"] = TaskText.Number(Details, "price_usd"),
        ["seconds"] = Math.Round(Elapsed.TotalSeconds, 3),
        ["task_id"] = TaskId,
    };

    /// <returns>Null where none is known.</returns>
    private static string? Facts(params IEnumerable<string?> facts) =>
        string.Join(", ", facts.OfType<string>()) is { Length: > 0 } known ? known : null;
}

using System.Text;
using System.Text.RegularExpressions;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>
/// Reads a body of <c>multipart/related</c> with two parts, the metadata and the content, as any of Google's clients sends it: gcloud
/// ends its lines with a bare LF and puts the boundary in single quotes.
/// </summary>
/// <param name="body">The request's body, unpacked.</param>
/// <param name="contentType">The request's Content-Type, with the boundary.</param>
internal sealed partial class RelatedParts(Stream body, string? contentType)
{
    private const int MetadataLimit = 1024 * 1024;
    private const int LineLimit = 8 * 1024;

    private readonly BodyBuffer _buffer = new(body);
    private readonly string _boundary = Boundary(contentType);
    private byte[] _delimiter = [];

    /// <summary>The first part's bytes. The second part's headers are read as well.</summary>
    /// <returns>The metadata, and the second part's Content-Type.</returns>
    /// <exception cref="ApiException">400: it can't be read; 501: the content is encoded.</exception>
    public async Task<(byte[] Metadata, string? ContentType)> ReadMetadataAsync(CancellationToken cancellationToken)
    {
        await SkipPreambleAsync(cancellationToken);
        await ReadHeadersAsync(cancellationToken);
        using var metadata = new MemoryStream();
        await ReadPartAsync(
            (bytes, _) =>
            {
                metadata.Write(bytes.Span);
                return metadata.Length > MetadataLimit ? throw Unreadable("the metadata is too large") : ValueTask.CompletedTask;
            },
            last: false,
            cancellationToken);
        return (metadata.ToArray(), await ReadHeadersAsync(cancellationToken));
    }

    /// <summary>Hands on the second part's bytes as they come, and reads what follows it.</summary>
    /// <exception cref="ApiException">400: it breaks off, or there is a third part.</exception>
    public async Task ReadContentAsync(
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken cancellationToken)
    {
        await ReadPartAsync(write, last: true, cancellationToken);
        await body.CopyToAsync(Stream.Null, cancellationToken); // the epilogue, which nobody reads
    }

    private static string Boundary(string? contentType) => Form().Match(contentType ?? "") is { Success: true } match
        ? match.Groups["boundary"].Value
        : throw new ApiException(400, "invalid", "A multipart upload needs the Content-Type multipart/related with a boundary.");

    /// <summary>Goes to the first line that is the boundary. How that line ends is how all of them do.</summary>
    private async Task SkipPreambleAsync(CancellationToken cancellationToken)
    {
        var quoted = _boundary is ['\'', .. { Length: > 0 } inner, '\''] ? inner : null;
        while (true)
        {
            var line = await ReadLineAsync(cancellationToken);
            var text = line.TrimEnd();
            if (text == $"--{_boundary}" || (quoted is not null && text == $"--{quoted}"))
            {
                _delimiter = Encoding.UTF8.GetBytes((line.EndsWith('\r') ? "\r\n" : "\n") + text);
                return;
            }
        }
    }

    /// <returns>The part's Content-Type.</returns>
    private async Task<string?> ReadHeadersAsync(CancellationToken cancellationToken)
    {
        string? type = null;
        while ((await ReadLineAsync(cancellationToken)).TrimEnd() is { Length: > 0 } line)
        {
            var (name, value) = line.Split(':', 2, StringSplitOptions.TrimEntries) is [var n, var v]
                ? (n, v)
                : throw Unreadable("a part's header has no colon");
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
            {
                type = value;
            }
            else if (name.Equals("Content-Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
                && value.ToUpperInvariant() is not ("BINARY" or "8BIT" or "7BIT"))
            {
                throw new ApiException(501, "notImplemented", $"Content-Transfer-Encoding: {value} is not emulated.");
            }
        }

        return type;
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        int end;
        while ((end = _buffer.Bytes.IndexOf((byte)'\n')) < 0)
        {
            if (_buffer.Bytes.Length > LineLimit || !await _buffer.FillAsync(cancellationToken))
            {
                throw Unreadable("a line of it does not end");
            }
        }

        var line = Encoding.UTF8.GetString(_buffer.Bytes[..end]);
        _buffer.Take(end + 1);
        return line;
    }

    private async Task ReadPartAsync(
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, bool last, CancellationToken cancellationToken)
    {
        // A part without a byte has its delimiter where its first byte would be, without the line break before it.
        var atStart = true;
        while (true)
        {
            var delimiter = atStart ? _delimiter.AsMemory(_delimiter.AsSpan().IndexOf((byte)'-')) : _delimiter;
            while (_buffer.Bytes.Length < delimiter.Length + 2)
            {
                if (!await _buffer.FillAsync(cancellationToken))
                {
                    throw Unreadable("it ends before its last boundary");
                }
            }

            var at = atStart && !_buffer.Bytes.StartsWith(delimiter.Span) ? -1 : _buffer.Bytes.IndexOf(delimiter.Span);
            if (at < 0)
            {
                // Whatever could be the beginning of a delimiter stays.
                var sure = atStart ? 0 : _buffer.Bytes.Length - delimiter.Length - 1;
                atStart = false;
                await write(_buffer.Memory[..sure], cancellationToken);
                _buffer.Take(sure);
                continue;
            }

            atStart = false;
            await write(_buffer.Memory[..at], cancellationToken);
            _buffer.Take(at);
            while (_buffer.Bytes.Length < delimiter.Length + 2 && await _buffer.FillAsync(cancellationToken))
            {
            }

            var after = _buffer.Bytes[delimiter.Length..];
            var closes = after.StartsWith("--"u8);
            if (!closes && (after.IsEmpty || !" \t\r\n"u8.Contains(after[0])))
            {
                // Content that looks like a delimiter.
                await write(_buffer.Memory[..1], cancellationToken);
                _buffer.Take(1);
                continue;
            }

            if (closes != last)
            {
                throw new ApiException(400, "invalid", "A multipart upload has two parts: the metadata and the content.");
            }

            _buffer.Take(delimiter.Length);
            if (!last)
            {
                await ReadLineAsync(cancellationToken);
            }

            return;
        }
    }

    private static ApiException Unreadable(string why) => new(400, "invalid", $"The multipart body can't be read: {why}.");

    // Not the server's own parser: gcloud's boundary is no token of HTTP and stands in single quotes, which quote nothing there.
    [GeneratedRegex(
        """^\s*multipart/[^;]+;(?:.*;)?\s*boundary=(?:"(?<boundary>[^"]{1,200})"|(?<boundary>'[^']{1,198}'|[^;\s"]{1,200}))""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}

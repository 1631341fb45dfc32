using Iga.Tasks;

namespace Iga.Models.Dialects;

/// <summary>How one family of models wants to be asked, and how it answers.</summary>
internal interface IDialect
{
    /// <summary>The method of the publisher model's REST resource, such as <c>predict</c>.</summary>
    string Method { get; }

    /// <returns>The request body, UTF-8 JSON.</returns>
    ReadOnlyMemory<byte> Write(ImageRequest request);

    /// <summary>Finds out what a 200 holds, and decodes its pictures where they lie. Never throws, whatever the body is.</summary>
    ReplyContent Read(Span<byte> body);
}

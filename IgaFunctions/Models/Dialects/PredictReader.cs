namespace Iga.Models.Dialects;

/// <summary>Reads the answers of <c>:predict</c>.</summary>
internal static class PredictReader
{
    public static ReplyContent Read(Span<byte> body)
    {
        var json = new LenientJson(body);
        var pictures = new List<PicturePlace>(1);
        string? filtered = null;
        ErrorReply? error = null;
        while (json.NextDocument())
        {
            while (json.NextMember(out var name))
            {
                if (name.Is("predictions"u8))
                {
                    ReadPredictions(ref json, pictures, ref filtered);
                }
                else if (name.Is("error"u8))
                {
                    error = ErrorReply.ReadError(ref json) ?? error;
                }
                else
                {
                    json.Skip();
                }
            }
        }

        return new(pictures, [], filtered is not null ? new NoPicture.Blocked(null, filtered)
            : error is not null ? new NoPicture.Failed(error)
            : json.IsCutOff || json.IsBroken ? new NoPicture.Unreadable(json.IsCutOff)
            : new NoPicture.Missing(null, null));
    }

    private static void ReadPredictions(ref LenientJson json, List<PicturePlace> pictures, ref string? filtered)
    {
        var predictions = json.EntersList();
        while (json.NextObject(ref predictions))
        {
            while (json.NextMember(out var name))
            {
                if (name.Is("bytesbase64encoded"u8))
                {
                    if (json.Picture() is { } picture)
                    {
                        pictures.Add(picture);
                    }
                }
                else if (name.Is("raifilteredreason"u8))
                {
                    filtered = json.Text() ?? filtered;
                }
                else
                {
                    json.Skip();
                }
            }
        }
    }
}

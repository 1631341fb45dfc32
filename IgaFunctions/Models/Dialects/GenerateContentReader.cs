namespace Iga.Models.Dialects;

/// <summary>Reads the answers of <c>:generateContent</c>, whole or as the chunks of a stream.</summary>
internal static class GenerateContentReader
{
    public static ReplyContent Read(Span<byte> body)
    {
        var json = new LenientJson(body);
        var found = new GenerateContentReply();
        while (json.NextDocument())
        {
            while (json.NextMember(out var name))
            {
                if (name.Is("candidates"u8))
                {
                    ReadCandidates(ref json, found);
                }
                else if (name.Is("promptfeedback"u8))
                {
                    ReadPromptFeedback(ref json, found);
                }
                else if (name.Is("usagemetadata"u8))
                {
                    ReadUsage(ref json, found);
                }
                else if (name.Is("error"u8))
                {
                    found.Error = ErrorReply.ReadError(ref json) ?? found.Error;
                }
                else
                {
                    json.Skip();
                }
            }
        }

        return found.Conclude(json.IsCutOff, json.IsBroken);
    }

    private static void ReadCandidates(ref LenientJson json, GenerateContentReply found)
    {
        var candidates = json.EntersList();
        while (json.NextObject(ref candidates))
        {
            while (json.NextMember(out var name))
            {
                if (name.Is("content"u8))
                {
                    ReadContent(ref json, found);
                }
                else if (name.Is("finishreason"u8))
                {
                    found.AddFinishReason(json.Text());
                }
                else if (name.Is("finishmessage"u8))
                {
                    found.FinishMessage = json.Text() ?? found.FinishMessage;
                }
                else
                {
                    json.Skip();
                }
            }
        }
    }

    private static void ReadContent(ref LenientJson json, GenerateContentReply found)
    {
        if (!json.EntersObject())
        {
            return;
        }

        while (json.NextMember(out var name))
        {
            if (!name.Is("parts"u8))
            {
                json.Skip();
                continue;
            }

            var parts = json.EntersList();
            while (json.NextObject(ref parts))
            {
                ReadPart(ref json, found);
            }
        }
    }

    private static void ReadPart(ref LenientJson json, GenerateContentReply found)
    {
        var pictures = new List<PicturePlace>(1);
        string? words = null;
        var isThought = false;
        while (json.NextMember(out var name))
        {
            if (name.Is("text"u8))
            {
                words = json.Text();
            }
            else if (name.Is("thought"u8))
            {
                isThought = json.Text() is "true";
            }
            else if (!name.Is("inlinedata"u8))
            {
                json.Skip();
            }
            else if (json.EntersObject())
            {
                while (json.NextMember(out name))
                {
                    if (!name.Is("data"u8))
                    {
                        json.Skip();
                    }
                    else if (json.Picture() is { } picture)
                    {
                        pictures.Add(picture);
                    }
                }
            }
        }

        if (isThought)
        {
            found.Drafts.AddRange(pictures);
        }
        else
        {
            found.Pictures.AddRange(pictures);
            found.AddWords(words);
        }
    }

    private static void ReadPromptFeedback(ref LenientJson json, GenerateContentReply found)
    {
        if (!json.EntersObject())
        {
            return;
        }

        while (json.NextMember(out var name))
        {
            if (name.Is("blockreason"u8))
            {
                found.BlockReason = FinishReason.BlockName(json.Text()) ?? found.BlockReason;
            }
            else if (name.Is("blockreasonmessage"u8))
            {
                found.BlockMessage = json.Text() ?? found.BlockMessage;
            }
            else
            {
                json.Skip();
            }
        }
    }

    /// <summary>Each chunk of a stream counts up, so the last word holds.</summary>
    private static void ReadUsage(ref LenientJson json, GenerateContentReply found)
    {
        if (!json.EntersObject())
        {
            return;
        }

        var usage = found.Usage ?? default;
        while (json.NextMember(out var name))
        {
            if (name.Is("prompttokencount"u8))
            {
                usage.Prompt = json.Number() ?? usage.Prompt;
            }
            else if (name.Is("candidatestokencount"u8))
            {
                usage.Output = json.Number() ?? usage.Output;
            }
            else if (name.Is("thoughtstokencount"u8))
            {
                usage.Thoughts = json.Number() ?? usage.Thoughts;
            }
            else
            {
                json.Skip();
            }
        }

        found.Usage = usage;
    }
}

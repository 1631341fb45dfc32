using System.Buffers;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Iga.Faults;

namespace Iga.Tests.Models;

public sealed class ForeignTextTests
{
    private static readonly SearchValues<char> NeverLeft = SearchValues.Create("<>\n\u001B\u202E\u2069\u200B\u2028\uFEFF\uFFFE\uDB40");

    [Theory]
    [InlineData("Enable it at https://console.example.com/apis?project=1 then retry", "Enable it at [address] then retry.")]
    [InlineData("denied on resource '//aiplatform.googleapis.com/projects/p'", "denied on resource '[address]'.")]
    [InlineData("no route to eu-west1-aiplatform.googleapis.com:443!", "no route to [host]!")]
    [InlineData("connect 10.0.0.7:5432 or localhost:80", "connect [host] or [host].")]
    [InlineData("iga@my-project.iam.gserviceaccount.com has no access", "[account] has no access.")]
    [InlineData("bad token Bearer ya29.a0Af_x-y", "bad token [secret].")]
    [InlineData("Permission 'aiplatform.endpoints.predict' denied", "Permission 'aiplatform.endpoints.predict' denied.")]
    [InlineData("imagegeneration@006 is retired.", "imagegeneration@006 is retired.")]
    [InlineData("one\r\ntwo\0\tthree", "one two three.")]
    [InlineData("token eyJhbGciOiJub25l.eyJzdWIiOiJ4In0.c2ln expired", "token [secret] expired.")]
    [InlineData("GET /x?client_secret=abc&page=2", "GET /x?client_secret=[secret]＆page=2.")]
    [InlineData("sent {\"api_key\": \"0123456789abcdef01\"}", "sent {\"api_key=[secret]\"}.")]
    [InlineData("trace 0123456789ABCDEF0123456789abcdef end", "trace [secret] end.")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY----- is old", "[secret] is old.")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIE", "[secret].")]
    [InlineData("-----BEGIN PRIVATE KEY----- MIIE sk-some-0123456789abcdefghij is old", "[secret] is old.")]
    [InlineData("ya\u200B29.a0Af_x-y leaked", "[secret] leaked.")]
    [InlineData("open '/var/run/secrets/key.json' or C:\\keys\\a.json", "open '[path]' or [path].")]
    [InlineData("peer fe80::1 or 2001:db8:0:1:2:3:4:5", "peer [host] or [host].")]
    [InlineData("no route to db-primary:5432", "no route to [host].")]
    public void Nothing_leaves_that_tells_of_the_inside(string text, string expected) =>
        Assert.Equal(expected, ForeignText.Clean(text));

    [Theory]
    [InlineData("<img src=x onerror=alert(1)> R&D & you", "‹img src=x onerror=alert(1)› R＆D & you.")]
    [InlineData("&lt;script&gt; &#60;", "＆lt;script＆gt; ＆#60;.")]
    [InlineData("[see](javascript:alert(1)) ![x](//a.b/c.png)", "[see]([address])) ![x]([address]).")]
    [InlineData("a\u202Eb\u2066c\u200Fd\uFEFFe\u2028f\uE000g", "abcde fg.")]
    [InlineData("\u001B[31mred\u0085\u009Bx", "[31mred x.")]
    public void Nothing_runs_or_hides_where_it_is_shown(string text, string expected) =>
        Assert.Equal(expected, ForeignText.Clean(text));

    [Theory]
    [InlineData("Quota exceeded for aiplatform.googleapis.com/generate_content_requests_per_minute_per_project_per_base_model with base model: gemini-3.1-flash-image. Please submit a quota increase request.")]
    [InlineData("Resource exhausted. Please try again later.")]
    [InlineData("Publisher Model `projects/p-1/locations/global/publishers/google/models/gemini-9` was not found or your project does not have access to it.")]
    [InlineData("Permission 'aiplatform.endpoints.predict' denied on resource 'projects/p/locations/global' (or it may not exist).")]
    [InlineData("Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.")]
    [InlineData("Invalid JSON payload received. Unknown name \"imageSize\" at 'generation_config.image_config': Cannot find field.")]
    [InlineData("Invalid value at 'generation_config.response_modalities[0]' (TYPE_ENUM), 99")]
    [InlineData("The model is overloaded. Please try again later (request id 01a2255d-60a0-773f-b4b3-e8edca038a26).")]
    [InlineData("API key not valid. Please pass a valid API key.")]
    [InlineData("Service aiplatform.googleapis.com is not enabled for consumer 'project:123456789012'.")]
    [InlineData("Image editing failed with the following error: The image was rejected. Error Code: 17301594")]
    [InlineData("iga-worker does not have storage.objects.create access to the Google Cloud Storage object.")]
    [InlineData("Provided CRC32C \"AAAAAA==\" doesn't match calculated CRC32C \"4waSgw==\".")]
    [InlineData("Deadline expired before operation could complete at 12:30:45.")]
    [InlineData("You can't make pictures of 16:9 and 21:9 at once; max_output_tokens=4096, seed: 7.")]
    [InlineData("gemini-2.5-flash-image isn’t available; use gemini-3.1-flash-image (v1.2.3).")]
    [InlineData("Das Bild wurde abgelehnt: 画像を作成できません。 👍🏽")]
    public void A_usual_sentence_stays_as_it_is(string text) =>
        Assert.Equal(text, ForeignText.Clean(text)!.TrimEnd('.') + (text.EndsWith('.') ? "." : ""));

    [Fact]
    public void Whatever_comes_what_leaves_is_one_short_line_that_shows_all_of_itself()
    {
        string[] pieces =
        [
            "<", "&", "&#", "a", "A", "9", ".", ":", "/", "//", "@", "=", "-", "_", " ", "\n", "\u202E", "\u2069", "\u200B", "\u2028", "\uFEFF", "\uFFFE",
            "\uD800", "\uDC00", "\uDB40\uDC41", "👍🏽", "\u001B[0m", "AIzaNotAKeyOfAnybody", "key=abc", "Bearer x", "localhost", "fe80::1", "/etc/x",
        ];
        Gen.Int[0, pieces.Length - 1].Array[0, 400].Sample(
            picks =>
            {
                var said = ForeignText.Clean(string.Concat(picks.Select(pick => pieces[pick]))) ?? "";

                Assert.InRange(said.Length, 0, 302);
                Assert.Equal(-1, said.AsSpan().IndexOfAny(NeverLeft));
                Assert.DoesNotContain(Rune.ReplacementChar, said.Replace("\uFFFD", "", StringComparison.Ordinal).EnumerateRunes()); // no half a character
                Assert.DoesNotContain("AIzaNotAKey", said, StringComparison.Ordinal);
            },
            iter: 2_000);
    }

    [Fact]
    public void Of_a_long_text_the_beginning_is_looked_at_and_no_pattern_takes_longer_than_its_length_allows()
    {
        Assert.Null(ForeignText.Clean(new string(' ', 2_048) + "words"));
        var patterns = typeof(Confidential).GetFields(BindingFlags.Static | BindingFlags.NonPublic)
            .Select(field => field.GetValue(null)).OfType<Regex>().ToArray();

        // With backtracking 8 KB of "a.a.a." took half a second.
        Assert.NotEmpty(patterns);
        Assert.All(patterns, pattern => Assert.True(pattern.Options.HasFlag(RegexOptions.NonBacktracking), pattern.ToString()));
    }

    [Theory]
    [InlineData("I can't draw a cat.", "cat", "I can't draw a [prompt].")]
    [InlineData("I can't start with art.", "art", "I can't start with [prompt].")]
    [InlineData("Refused: A BIG Red dog, sorry", "a big red dog", "Refused: [prompt], sorry.")]
    [InlineData("No: a long prompt that the model repeats but", "a long prompt that the model repeats but cuts off", "No: [prompt].")]
    [InlineData("No: one two", "one\ntwo", "No: [prompt].")]
    public void The_prompt_is_not_repeated(string text, string prompt, string expected) =>
        Assert.Equal(expected, ForeignText.Clean(text, prompt));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n ")]
    public void No_words_are_no_reason(string? text) => Assert.Null(ForeignText.Clean(text));

    [Fact]
    public void A_long_reason_is_cut_between_characters()
    {
        var cut = ForeignText.Clean(string.Concat(Enumerable.Repeat("🦊", 400)))!;

        Assert.InRange(cut.Length, 250, 301);
        Assert.EndsWith("🦊…", cut, StringComparison.Ordinal);
    }
}

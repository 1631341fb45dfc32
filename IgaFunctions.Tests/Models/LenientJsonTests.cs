using System.Text;
using System.Text.Json;
using CsCheck;
using Iga.Models.Dialects;

namespace Iga.Tests.Models;

/// <summary>The walk reads what System.Text.Json reads, and goes on where that one stops. On failure CsCheck prints the seed.</summary>
public sealed class LenientJsonTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly Gen<string> Texts = Gen.String[Gen.Char["ab\"\\/{}[]:,\n\u00E9\u72D0 d"], 0, 12];

    private static readonly Gen<object?> Values = Gen.Recursive<object?>((depth, value) => Gen.OneOf<object?>(
        Texts.Select(text => (object?)text), Gen.Long.Select(number => (object?)number), Gen.Bool.Select(flag => (object?)flag), Gen.Const((object?)null),
        value.Array[0, depth > 4 ? 0 : 4].Select(list => (object?)list),
        Gen.Select(Texts, value).Array[0, depth > 4 ? 0 : 4].Select(
            members => (object?)members.DistinctBy(member => member.Item1).ToDictionary(member => member.Item1, member => member.Item2))));

    private static readonly Gen<Dictionary<string, object?>> Objects = Gen.Select(Texts, Values).Array[0, 6].Select(
        members => members.DistinctBy(member => member.Item1).ToDictionary(member => member.Item1, member => member.Item2));

    [Fact]
    public void Any_object_is_read_as_System_Text_Json_reads_it() => Gen.Select(Objects, Gen.Bool).Sample((members, isIndented) =>
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(members, isIndented ? Indented : JsonSerializerOptions.Default);
        using var expected = JsonDocument.Parse(json);

        var walk = new LenientJson(json);
        var read = new List<(string, string?)>();
        Assert.True(walk.NextDocument());
        while (walk.NextMember(out var name))
        {
            read.Add((Encoding.UTF8.GetString(name), walk.Text()));
        }

        Assert.Equal(expected.RootElement.EnumerateObject().Select(member => (member.Name, Scalar(member.Value))), read);
        Assert.False(walk.NextDocument());
        Assert.Equal((false, false), (walk.IsCutOff, walk.IsBroken));
    });

    [Fact]
    public void A_document_that_ends_early_is_said_to_be_cut_off() => Gen.Select(Objects, Gen.Double.Unit).Sample((members, where) =>
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(members);
        var walk = new LenientJson(json.AsSpan(0, (int)(where * json.Length)));
        Walk(ref walk);
        return walk.IsCutOff;
    });

    [Fact]
    public void Any_bytes_at_all_are_walked_through_to_their_end() =>
        Gen.Select(Gen.OneOf(Gen.Byte, Gen.Char["{}[]\":,\\u d\n"].Select(c => (byte)c)).Array[0, 300], Gen.Int[0, 4]).Sample((bytes, reader) =>
        {
            var walk = new LenientJson(bytes);
            Walk(ref walk);
            _ = reader switch
            {
                0 => GenerateContentReader.Read(bytes),
                1 => PredictReader.Read(bytes),
                2 => (object)ErrorReply.Read(bytes),
                _ => JsonText.Decode(bytes),
            };
        });

    [Fact]
    public void Half_of_a_surrogate_pair_becomes_a_replacement_character_and_a_whole_one_stays() =>
        Assert.Equal("a\uFFFDb 🦊 \uFFFD", JsonText.Decode("""a\ud83db \ud83e\udd8a \udd8a"""u8));

    /// <summary>A million of them took minutes, if it grew with their square.</summary>
    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("\\\"")]
    [InlineData("}")]
    [InlineData("\n:")]
    [InlineData("data:")]
    public void What_repeats_without_end_is_walked_through_once(string repeated)
    {
        var json = Encoding.ASCII.GetBytes("{\"a\":" + string.Concat(Enumerable.Repeat(repeated, 1_000_000)));
        Assert.NotNull(GenerateContentReader.Read(json).Otherwise);
    }

    private static void Walk(ref LenientJson walk)
    {
        while (walk.NextDocument())
        {
            while (walk.NextMember(out _))
            {
                walk.Skip();
            }
        }
    }

    private static string? Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };
}

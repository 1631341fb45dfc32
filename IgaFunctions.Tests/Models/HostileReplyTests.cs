using System.Text;
using CsCheck;
using Iga.Faults;
using Iga.Models;
using Iga.Models.Catalog;
using Iga.Tasks;

namespace Iga.Tests.Models;

public sealed class HostileReplyTests
{
    private static readonly string[] Whole =
    [
        Replies.Gemini(Pictures.Png(60)),
        Replies.Predict(Pictures.Png(60)),
        """{"candidates":[{"content":{"parts":[{"text":"no \u00e9"}]},"finishReason":"SAFETY"}],"promptFeedback":{"blockReason":"X"}}""",
        """{"predictions":[{"raiFilteredReason":"no","bytesBase64Encoded":"iVBO\/\u003d"}]}""",
    ];

    // On failure CsCheck prints the seed.
    [Fact]
    public Task However_an_answer_is_damaged_the_result_is_a_picture_or_a_documented_failure()
    {
        var damaged = Gen.Select(Gen.Int[0, Whole.Length - 1], Gen.Select(Gen.Int[0, 200], Gen.Byte).Array[0, 4], Gen.Int[0, 200], Gen.Bool, Gen.Bool);
        return damaged.SampleAsync(async (which, changes, cutAt, isCut, isImagen) =>
        {
            var body = Encoding.UTF8.GetBytes(Whole[which]);
            foreach (var (at, value) in changes)
            {
                body[at % body.Length] = value;
            }

            var memory = isCut ? body.AsMemory(0, Math.Min(cutAt, body.Length)) : body;
            var transport = new ScriptedTransport(_ => Task.FromResult(new VertexReply(200, memory.ToArray(), null, Stream.Null)));
            var options = new VertexOptions(new("http://unused"), "p", "global", null, null, new CallTimeouts());
            using var model = new VertexImageModel(transport, options, ModelCatalog.BuiltIn, new RecordingObserver(), new TestTime());
            try
            {
                var request = new ImageRequest("p", "1:1", true, isImagen ? "imagen-4.0" : "gemini-3");
                (await model.GenerateAsync(request, CancellationToken.None)).Dispose();
            }
            catch (FailureException)
            {
            }

            Assert.Equal(0, transport.Outstanding);
        }, iter: 300, threads: 1);
    }
}

using System.Text;
using Iga.GenerateImage;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Microsoft.AspNetCore.Http;

namespace Iga.Tests.Security;

/// <summary>Whoever knows a task's id may read its result, so nobody may know the next one from those before it.</summary>
public sealed class TaskIdTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    private const int Ids = 1_000;

    [Fact]
    public async Task Every_one_of_the_74_bits_that_are_not_time_or_version_is_as_good_as_tossed()
    {
        var reader = fixture.Service.Make<RequestReader>();
        var ids = new List<UInt128>();
        for (var n = 0; n < Ids; n++)
        {
            var id = (await reader.ReadAsync(Request(), CancellationToken.None)).Task.TaskId;
            Assert.Equal(7, id.Version);
            ids.Add(RandomBitsOf(id));
        }

        // Twelve standard deviations, and six.
        Assert.All(Enumerable.Range(0, 74), bit => Assert.InRange(ids.Count(id => (id >> bit & 1) == 1), 310, 690));
        Assert.All(ids.Zip(ids.Skip(1)), pair => Assert.InRange((int)UInt128.PopCount(pair.First ^ pair.Second), 11, 63));
    }

    /// <summary>RFC 9562: behind 48 bits of time and the version 12 bits, behind the variant 62.</summary>
    private static UInt128 RandomBitsOf(Guid id)
    {
        var bits = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(id.ToByteArray(bigEndian: true));
        return ((bits >> 64 & 0xFFF) << 62) | (bits & 0x3FFF_FFFF_FFFF_FFFF);
    }

    private static HttpRequest Request()
    {
        var request = new DefaultHttpContext().Request;
        request.Method = HttpMethods.Post;
        request.ContentType = "application/json";
        request.Headers["X-Idempotency-Key"] = Caller.NewKey();
        request.Body = new MemoryStream(Encoding.UTF8.GetBytes("""{"prompt": "a lighthouse"}"""));
        return request;
    }
}

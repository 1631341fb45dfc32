using System.Diagnostics;
using System.Text;
using Iga.Bench.Fakes;
using Iga.Bench.Load;
using Iga.Bench.Measures;
using Iga.Bench.Reports;
using Iga.Bench.Systems;

namespace Iga.Bench.Limits;

/// <summary>
/// What the bytes of a picture cost when nobody does anything with them: fetched as base64 from the model's fake, written to
/// a file that is there and synced to the disk, sent to the bucket's fake.
/// </summary>
internal sealed class PictureLimit : IMeasure
{
    private const int AtOnce = 8;

    public string Name => "pictures";

    public bool Concerns(IStack stack) => stack is OwnStack { IsFirst: true };

    public async Task TakeAsync(
        Lab lab, IStack stack, int round, Settings settings, Results results, CancellationToken cancellationToken)
    {
        lab.Model.Latency = TimeSpan.Zero;
        var pictures = settings.Amount(600, 16);
        var next = 0;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(MoveAsync, cancellationToken)));
        results.Add(PostgresLimit.Title, "pictures alone", "moved", Unit.PerSecond, pictures / Stopwatch.GetElapsedTime(started).TotalSeconds);

        async Task MoveAsync()
        {
            using var model = new HttpLine(lab.Model.Address);
            using var bucket = new HttpLine(lab.Bucket.Address);
            var ask = Encoding.ASCII.GetBytes("POST /x:generateContent HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
            var picture = new byte[FakeModel.PictureSize];
            await using var file = new FileStream(
                Path.Combine(lab.Directory, $"picture-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 0,
                FileOptions.Asynchronous | FileOptions.DeleteOnClose);
            while (Interlocked.Increment(ref next) <= pictures)
            {
                await model.SendAsync(ask, cancellationToken);
                file.Position = 0;
                await file.WriteAsync(picture, cancellationToken);
                file.Flush(flushToDisk: true);
                await bucket.SendAsync(Upload(picture), cancellationToken);
            }
        }
    }

    private static byte[] Upload(byte[] picture)
    {
        var part = $"--b\r\n\r\n{{\"name\": \"{Guid.NewGuid()}\", \"crc32c\": \"AAAAAA==\", \"metadata\": {{\"a\": \"b\"}}}}\r\n--b\r\n\r\n";
        var head = "POST /upload/storage/v1/b/x/o?uploadType=multipart&ifGenerationMatch=0 HTTP/1.1\r\nHost: localhost\r\n"
            + $"Content-Length: {part.Length + picture.Length}\r\n\r\n{part}";
        return [.. Encoding.ASCII.GetBytes(head), .. picture];
    }
}

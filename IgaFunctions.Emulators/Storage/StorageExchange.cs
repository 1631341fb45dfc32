using Iga.Emulators.Faults;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>One request to storage, with what its fault does to it.</summary>
/// <param name="fields">What the caller wants of the answer; null is all of it.</param>
internal sealed class StorageExchange(HttpContext context, FieldMask? fields, Fault? fault, TimeSpan latency, TimeProvider time)
{
    private readonly FaultedExchange _exchange = new(context, fault, time);

    /// <summary>How much of an upload's content is read before a fault answers; null is all.</summary>
    public Fault.ReturnStatusAfterBytes? CutContent => fault as Fault.ReturnStatusAfterBytes;

    /// <summary>Whether a fault keeps a rewrite from being finished by this request.</summary>
    public bool SplitsRewrite => fault is Fault.RewriteInParts;

    private string Host => $"{context.Request.Scheme}://{context.Request.Host}";

    public async Task BeforeWorkAsync()
    {
        await _exchange.BeforeWorkAsync();
        if (latency > TimeSpan.Zero)
        {
            await Task.Delay(latency, time, context.RequestAborted);
        }
    }

    /// <summary>Comes after an upload's content was read, right before the work.</summary>
    public void CheckPrecondition()
    {
        if (fault is Fault.PreconditionFailed)
        {
            throw Preconditions.Failed();
        }
    }

    public Task AfterWorkAsync() => _exchange.AfterWorkAsync();

    /// <summary>The checksum as the answer is to report it.</summary>
    public string Report(string crc32C) => fault is not Fault.WrongCrc32C ? crc32C
        : crc32C == "AAAAAA==" ? "AAAAAQ==" : "AAAAAA==";

    public Task SendAsync(StoredObject item) =>
        SendAsync(JsonAnswer.Build(json => ResourceJson.WriteObject(json, item, Host, Report(item.Crc32C))));

    public Task SendAsync(ReadOnlyMemory<byte> json)
    {
        json = fields?.Apply(json) ?? json;
        return JsonAnswer.SendAsync(context, 200, fault is Fault.MalformedJson ? json[..(json.Length / 2)] : json);
    }
}

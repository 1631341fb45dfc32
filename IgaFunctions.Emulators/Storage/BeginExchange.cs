using Iga.Emulators.Faults;

namespace Iga.Emulators.Storage;

/// <summary>Notes a request and takes its fault.</summary>
/// <param name="fits">Which faults can strike it; null is all.</param>
internal delegate StorageExchange BeginExchange(
    HttpContext context, string operation, string bucket, string name, Func<Fault, bool, bool>? fits = null);

/// <summary>Requests that carry no content.</summary>
internal static class PlainExchange
{
    public static async Task<StorageExchange> PlainAsync(
        this BeginExchange begin, HttpContext context, string operation, string bucket, string name = "")
    {
        // There is no content to be cut, and a delete has no answer that could be spoiled.
        var exchange = begin(context, operation, bucket, name, (fault, _) => fault is not Fault.ReturnStatusAfterBytes
            && (fault.Point != FaultPoint.InAnswer || context.Request.Method != "DELETE"));
        await exchange.BeforeWorkAsync();
        exchange.CheckPrecondition();
        return exchange;
    }
}

using Iga.Callers;
using Iga.Http;

namespace Iga.LocalHost.Functions.Http;

/// <summary>Lets requests with a valid key in, and refuses the others: the slower, the more of them come from one address.</summary>
/// <remarks>A request with a valid key never waits: behind a proxy it has the same address as those of strangers.</remarks>
internal sealed class KeyAdmission(ApiKeys keys, WrongKeys wrong, RefusedStrangers strangers, TimeProvider time)
{
    /// <summary>Answers that wait at one time. Beyond it a stranger is answered at once and loses the connection instead.</summary>
    public const int MostWaiting = 100;

    private const string Message = $"A valid API key is needed in the header {ApiKeys.HeaderName}.";

    private int _waiting;

    /// <summary>How many answers wait now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public bool Admit(HttpContext context) => !keys.AreConfigured || keys.Identify(context) is not null;

    /// <summary>Answers a request that was not admitted.</summary>
    public async Task RefuseAsync(HttpContext context)
    {
        var delay = wrong.Note(AddressBlock.Of(context.Connection.RemoteIpAddress));
        if (delay == TimeSpan.Zero)
        {
            strangers.Note(StatusCodes.Status401Unauthorized, ErrorCode.Unauthorized, ApiKeys.HeaderName, Message);
        }
        else
        {
            await WaitAsync(delay, context);
        }

        await Respond.Error(context.Response, StatusCodes.Status401Unauthorized, ErrorCode.Unauthorized, Message).ExecuteAsync(context);
    }

    private async Task WaitAsync(TimeSpan delay, HttpContext context)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
            {
                context.Response.Headers.Connection = "close";
                return;
            }

            await Task.Delay(delay, time, context.RequestAborted);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}

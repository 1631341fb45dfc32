using Iga.Faults;
using Iga.GoogleCloud;
using Iga.LocalHost.Durable.Worker;
using Iga.Models;

namespace Iga.LocalHost.Host;

/// <summary>
/// Begins no call of the model, which costs money, unless this process certainly still holds its lease: a task that waited
/// for its turn while the process was cut off from the database may run elsewhere by now. Nor once the process is told to stop,
/// which then waits for the calls that are under way.
/// </summary>
internal sealed class LeasedVertexTransport(RestVertexTransport inner, WorkerLease lease, PaidWork paid) : IVertexTransport
{
    public async Task<VertexReply> PostAsync(
        string modelId, string method, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        var hasPicture = false;
        try
        {
            var reply = await inner.PostAsync(modelId, method, json, cancellationToken);
            hasPicture = reply.Status is >= 200 and < 300;
            return reply;
        }
        finally
        {
            if (!hasPicture)
            {
                paid.BroughtNothing();
            }
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        try
        {
            await lease.UntilCertainAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            throw new CallNotBegunException(cancellationToken);
        }

        if (!paid.TryBegin())
        {
            throw new CallNotBegunException(cancellationToken);
        }
    }
}

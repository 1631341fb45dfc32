using Iga.GoogleCloud;
using Iga.LocalHost.Durable.Worker;
using Iga.Models;

namespace Iga.LocalHost.Host;

/// <summary>
/// Begins no call of the model, which costs money, unless this process certainly still holds its lease: a task that waited
/// for its turn while the process was cut off from the database may run elsewhere by now.
/// </summary>
internal sealed class LeasedVertexTransport(RestVertexTransport inner, WorkerLease lease) : IVertexTransport
{
    public async Task<VertexReply> PostAsync(
        string modelId, string method, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        await lease.UntilCertainAsync(cancellationToken);
        return await inner.PostAsync(modelId, method, json, cancellationToken);
    }
}

using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Iga.Connections;

/// <summary>A connection that a <see cref="ConnectionGate"/> counts until its socket is closed, and that knows whether a request is under way on it.</summary>
internal sealed class BoundedConnection : ConnectionContext
{
    private const long Busy = long.MinValue;

    private readonly ConnectionContext _connection;
    private readonly ConnectionGate _gate;
    private long _idleSince;

    public BoundedConnection(ConnectionContext connection, ConnectionGate gate)
    {
        (_connection, _gate, _idleSince) = (connection, gate, gate.Now);
        connection.Features.Set(this); // for the requests, which find their connection's features among their own
    }

    /// <summary>A timestamp of the gate's clock; null while a request is under way.</summary>
    public long? IdleSince => Volatile.Read(ref _idleSince) is not Busy and var since ? since : null;

    public override string ConnectionId
    {
        get => _connection.ConnectionId;
        set => _connection.ConnectionId = value;
    }

    public override IFeatureCollection Features => _connection.Features;

    public override IDictionary<object, object?> Items
    {
        get => _connection.Items;
        set => _connection.Items = value;
    }

    public override IDuplexPipe Transport
    {
        get => _connection.Transport;
        set => _connection.Transport = value;
    }

    public override CancellationToken ConnectionClosed
    {
        get => _connection.ConnectionClosed;
        set => _connection.ConnectionClosed = value;
    }

    public override EndPoint? LocalEndPoint
    {
        get => _connection.LocalEndPoint;
        set => _connection.LocalEndPoint = value;
    }

    public override EndPoint? RemoteEndPoint
    {
        get => _connection.RemoteEndPoint;
        set => _connection.RemoteEndPoint = value;
    }

    public void RequestBegins() => Volatile.Write(ref _idleSince, Busy);

    public void RequestEnds() => Volatile.Write(ref _idleSince, _gate.Now);

    public override void Abort() =>
        Abort(new ConnectionAbortedException("As many connections are open as may be, and this one had no request."));

    public override void Abort(ConnectionAbortedException abortReason) => _connection.Abort(abortReason);

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await _connection.DisposeAsync();
            await base.DisposeAsync();
        }
        finally
        {
            _gate.Leave(this);
        }
    }
}

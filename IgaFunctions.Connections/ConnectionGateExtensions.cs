using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Iga.Connections;

/// <summary>Puts a <see cref="ConnectionGate"/> before a server.</summary>
public static class ConnectionGateExtensions
{
    /// <summary>To be called after Kestrel was added: of several kinds of listeners it takes the last.</summary>
    /// <param name="gate">Makes the gate; it is disposed with the server.</param>
    public static IServiceCollection AddConnectionGate(
        this IServiceCollection services, Func<IServiceProvider, ConnectionGate> gate)
    {
        services.AddSingleton(gate);
        services.AddSingleton<SocketTransportFactory>();
        return services.AddSingleton<IConnectionListenerFactory, BoundedListenerFactory>();
    }

    /// <summary>Tells the gate which connections have a request under way. To stand before all that answers requests.</summary>
    public static IApplicationBuilder UseConnectionGate(this IApplicationBuilder app) => app.Use(next => context =>
    {
        var connection = context.Features.GetRequiredFeature<BoundedConnection>();
        connection.RequestBegins();
        var answer = next(context);
        if (!answer.IsCompletedSuccessfully)
        {
            return EndAsync(answer, connection);
        }

        connection.RequestEnds();
        return answer;
    });

    private static async Task EndAsync(Task answer, BoundedConnection connection)
    {
        try
        {
            await answer;
        }
        finally
        {
            connection.RequestEnds();
        }
    }
}

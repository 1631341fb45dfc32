using Microsoft.Extensions.DependencyInjection;

namespace Iga.AzureHost;

/// <summary>Which client calls Vertex AI: REST, or Google's own where the build was asked for it (-p:VertexClient=AIPlatform).</summary>
internal static partial class VertexClient
{
    public static void Choose(IServiceCollection services) => UseGoogles(services);

    /// <remarks>Without the opt-in's file it has no body, and the call to it is not compiled.</remarks>
    static partial void UseGoogles(IServiceCollection services);
}

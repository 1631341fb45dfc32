using Iga.GoogleCloud.AIPlatform;
using Microsoft.Extensions.DependencyInjection;

namespace Iga.AzureHost;

/// <content>The opt-in.</content>
internal static partial class VertexClient
{
    static partial void UseGoogles(IServiceCollection services) => services.AddAIPlatform();
}

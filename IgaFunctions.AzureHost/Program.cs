using Iga;
using Iga.AzureHost;
using Iga.Configuration;
using Iga.GenerateImage;
using Iga.Telemetry;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<CallerNames>();
builder.Logging.AddJsonLinesUnderFunctionsHost();

var settings = new Settings(builder.Configuration);
var options = IgaOptionsReader.Read(settings);
if (options.Staging.BlobConnectionString is null)
{
    settings.Error("AzureWebJobsStorage is not set: must be a connection string of Azure Storage, or "
        + "UseDevelopmentStorage=true with Azurite");
}

settings.ThrowIfInvalid();

options = options with { Notices = [.. settings.Notices, .. SettingsWithoutEffect.Find(settings)] };
options = await options.FindGoogleCredentialsAsync(CancellationToken.None);
options = await options.DetectPoolerAsync(CancellationToken.None);
builder.Services.AddIga(options);
builder.Services.AddSingleton(new StartLine(StartLine.OnAzureStorage, TimeProvider.System));
VertexClient.Choose(builder.Services);
builder.Build().Run();

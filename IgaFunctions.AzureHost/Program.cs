using Iga;
using Iga.Configuration;
using Iga.Telemetry;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();

// The app's own lines as JSON on stdout, as on the local host; the rest goes to the host alone.
builder.Logging.AddJsonLines()
    .AddFilter<JsonLinesProvider>(null, LogLevel.None)
    .AddFilter<JsonLinesProvider>(nameof(Iga), LogLevel.Information);

var settings = new Settings(builder.Configuration);
var options = IgaOptionsReader.Read(settings);
if (options.Staging.BlobConnectionString is null)
{
    settings.Error("AzureWebJobsStorage is not set: must be a connection string of Azure Storage, or "
        + "UseDevelopmentStorage=true with Azurite");
}

settings.ThrowIfInvalid();

builder.Services.AddIga(options);
builder.Build().Run();

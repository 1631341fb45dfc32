using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using Iga.GenerateImage;
using Iga.Telemetry;
using Iga.Tests.Durable;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Iga.Tests.Telemetry;

/// <summary>Charts count successes by what was measured.</summary>
public sealed class RequestStatusTests
{
    [Theory]
    [InlineData(typeof(IOException), "IGA_BAD_REQUEST")]
    [InlineData(typeof(InvalidOperationException), "IGA_INTERNAL_ERROR")]
    public async Task A_post_that_ends_in_an_exception_is_measured_as_no_success(Type type, string status)
    {
        await using var service = await OwnService.StartAsync();
        using var log = new LogCapture();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        var metrics = new IgaMetrics(service.Get<IMeterFactory>(), loggers.CreateLogger<IgaMetrics>());
        var body = new Pipe();
        await body.Writer.CompleteAsync((Exception)Activator.CreateInstance(type)!);
        var context = new DefaultHttpContext { RequestServices = service.Host.Services };
        context.Request.Headers["X-Idempotency-Key"] = Caller.NewKey();
        context.Request.Body = body.Reader.AsStream();

        var function = service.Make<GenerateImageFunction>(metrics);
        await Assert.ThrowsAsync(type, () => function.RunAsync(context.Request, service.Hub, CancellationToken.None));

        Assert.Equal(1, log.Count($"iga_generate_image_request_count 1 ({status})"));
        Assert.Equal(1, log.Count("iga_generate_image_request_count"));
    }
}

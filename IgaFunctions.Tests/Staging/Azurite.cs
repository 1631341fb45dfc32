using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Iga.Tests.Staging;

/// <summary>
/// Azurite's blob service, started once for the tests that need it: the program named by <c>IGA_TEST_AZURITE</c>, else
/// <c>node_modules/.bin/azurite-blob</c> in a folder above the tests.
/// </summary>
public sealed class Azurite : IAsyncLifetime
{
    // The account that every emulator of Azure Storage has; documented, and no secret.
    private const string Account =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private Process? _process;
    private string? _connectionString;

    /// <summary>Where the emulator listens; the test that asks is skipped when there is no emulator.</summary>
    public string ConnectionString
    {
        get
        {
            Assert.SkipWhen(_connectionString is null, "no Azurite: run npm install in the top folder, or set IGA_TEST_AZURITE");
            return _connectionString;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (FindProgram() is not { } program)
        {
            return;
        }

        var port = FreePort();
        var start = new ProcessStartInfo(program)
        {
            ArgumentList =
            {
                "--blobHost", "127.0.0.1", "--blobPort", $"{port}",
                "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent",
            },
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await ListensAsync(port);
        _connectionString = $"{Account};BlobEndpoint=http://127.0.0.1:{port}/devstoreaccount1";
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }

    private async Task ListensAsync(int port)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            Assert.False(_process!.HasExited, "Azurite ended before it listened");
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(IPAddress.Loopback, port, deadline.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50, deadline.Token);
            }
        }
    }

    private static string? FindProgram()
    {
        if (Environment.GetEnvironmentVariable("IGA_TEST_AZURITE") is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var program = Path.Combine(folder.FullName, "node_modules", ".bin", "azurite-blob");
            if (File.Exists(program))
            {
                return program;
            }
        }

        return null;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
